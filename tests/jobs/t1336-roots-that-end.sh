#!/bin/sh
# A trusted root's end is told a month before and a month after it, by its name, to whoever looks.
. "$(dirname "$0")/lib.sh"
. "$here/pki.sh"
mkdir ca && cd ca || exit 1
pki_begin
issue() { # name, last day: a root
    new_key "$1" p256 && certify "$1" "" "/CN=$1" "$authority_extensions" -startdate 20250101000000Z -enddate "$2"
}
issue early 20280301120000Z && issue late 20280310120000Z && issue far 20990101000000Z
is "roots are made" "$?" 0
cd .. || exit 1
run init --store=store --clock=free --signatures=optional --today=2027-05-01
run checkpoint --store=store --today=2027-05-01
for root in far late early; do
    run trust add ca/$root.pem --store=store --today=2027-05-01
    status_is 0 "$root is trusted"
done
run checkpoint --store=store --now=2027-05-01T09:00:00+08:00

look() { # business date, what is told, claim, more options
    run status --check --store=store --now=$1T20:00:00+08:00 ${4:-}
    grep -o 'check_root[a-z_]*.*' "$out" > told
    is "$3" "$(grep -o 'check_root[a-z_]*' told | sort | tr '\n' ' ')" "${2:+$2 }"
}
look 2028-01-30 "" "a month and a day before, nothing"
status_is 0 "needs a hand"
look 2028-01-31 check_root_ends "thirty days before the first of them ends"
status_is 1 "it needs a hand"
grep -q 'CN=early.*2028-03-01, 30 days' told
report $? "which one, when, and how long that is"
look 2028-02-09 "check_root_ends check_root_ends" "thirty days before the second ends, that too"
look 2028-03-02 "check_root_ended check_root_ends" "behind the first, which hides no other" --lang=zh
grep -q 'CN=early 已于 2028-03-01 到期' told
report $? "in Chinese"
grep -q 'CN=late 有效期至 2028-03-10，还有 8 天' told
report $? "and the one that ends next"
run report --store=store --now=2028-03-02T20:00:00+08:00
grep -q check_root_ended store/reports/report.html
report $? "the report has it, too"
run trust remove ca/early.pem --store=store --today=2028-03-02
run checkpoint --store=store --now=2028-03-02T20:00:00+08:00
look 2028-03-02 check_root_ends "one that was removed is no matter; the next is"
look 2028-03-10 check_root_ends "on the last day"
grep -q 'CN=late' told
report $? "by its name"
look 2028-04-09 check_root_ended "a month behind its end, for the last time"
look 2028-04-10 "" "one that stays for what was signed under it is not told for ever"
done_testing
