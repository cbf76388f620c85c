#!/bin/sh
# t1470-compare-past - any document as at any event: drawn again from the log alone, with the facts
# and the page that held then, and compared with what was logged and with the file that still lies
# there; whatever came since.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
export ANZHENG_STORE=store
export TMPDIR="$PWD/tmp"
mkdir tmp
A='沪建安B(2019)0000002'
night=--now=2026-05-05T20:00:00+08:00
run regenerate $night --json
ready=$(field rendered)
first=$(newest store)
old=$(certificate_file store "$A")
differences() { # what, status wanted, counts wanted, options...
    what=$1 wanted=$2 counts=$3
    shift 3
    run audit compare --json "$@"
    is "$what" "$status $(field missing) $(field altered) $(field content_differs) $(field renderer_differs) $(field not_drawn)" "$wanted $counts"
}

# --- RSA files compare whole ----------------------------------------------------------------------
run regenerate --certificate="$A" --all $night --json
is "the same document made twice" "$(field rendered)" 1
is "is the same file, signature and all" "$(certificate_file store "$A")" "$old"

# --- then much changes ----------------------------------------------------------------------------
cat > change.jsonl <<EOF
{"id":"c1","action":"correct_certificate","clerk":"SH1","certificate":"$A","decision":"更2026-1","valid_until":"2027-12-04"}
EOF
run submit change.jsonl $night --json
is "a certificate is corrected" "$(field outcome)" accepted
run template show certificate --out=page
sed 's/size=11.6/size=11.5/' page > other.page
run template set certificate other.page --decision=示版1 $night
status_is 0 "the page is another one"
sed "s/^\($E1\),[^,]*,/\1,上海甲改名建设有限公司,/" enterprises.csv > renamed.csv
run import enterprises renamed.csv $night
run rename run $E1 $night
run regenerate $night --json
is "all are made anew" "$(field rendered)" "$ready"
new=$(certificate_file store "$A")
[ "$new" != "$old" ]
report $? "as other files"
pdftotext "$old" - | grep -q 2028年1月4日
report $? "the old one shows the old day"

# --- and what was is still what was ---------------------------------------------------------------
differences "as at the first night" 0 "0 0 0 0 0" --until=$first
is "all of it was drawn again" "$(field documents) $(field files) $(field until)" "$ready $ready $first"
differences "as at today, with little memory" 0 "0 0 0 0 0" --as-of=2026-05-05 --memory=1M
differences "one certificate" 0 "0 0 0 0 0" --until=$first --certificate="沪建安Ｂ（2019）0000002"
is "alone" "$(field documents)" 1
differences "one of today" 0 "0 0 0 0 0" --certificate="$A"
is "alone, too" "$(field documents) $(field files)" "1 1"
is "nothing is left of the earlier views" "$(ls -A tmp)" ""

# --- what was changed since is found --------------------------------------------------------------
rm -rf other && cp -r store other
flip "other/${old#store/}" 5000
differences "the old file with another byte" 79 "0 1 0 0 0" --until=$first --store=other
out_has "\"event\":" "is named with its event"
rm "other/${old#store/}"
differences "or gone" 79 "1 0 0 0 0" --until=$first --certificate="$A" --store=other
differences "the new one is whole" 0 "0 0 0 0 0" --certificate="$A" --store=other
rm -rf other && cp -r store other
sed -i 's|^verify_url.*|verify_url = https://other.example/?t=|' other/anzheng.conf
differences "a page that would show something else" 79 "0 0 1 0 0" --until=$first --certificate="$A" --store=other

# --- a proof, and a person who is gone ------------------------------------------------------------
run submit end.jsonl --now=2026-05-06T09:00:00+08:00
ended=$(newest store)
run audit compare --json --until=$ended
is "proofs are drawn again as well" "$status" 0
proofs=$(find store/proofs -name '*.pdf' | wc -l)
[ "$proofs" -gt 0 ]
report $? "there are some"
run show certificate "$A" --json
person=$(sed -n '2p' identities.csv | cut -d, -f7)
name=$(sed -n '2p' identities.csv | cut -d, -f1)
run erase-person --clerk=SH1 --person-name="$name" --person-id-type=身份证 --person-id-number="$person" \
    --decision=删2026-1 --now=2026-05-06T10:00:00+08:00 --json
is "a person is erased" "$(field outcome)" accepted
run audit compare --json --until=$first
is "and not missed as at before" "$status $([ "$(field documents)" -lt "$ready" ] && echo fewer)" "0 fewer"
chmod -R a-w store
differences "on a store that nobody may write" 0 "0 0 0 0 0" --until=$first
chmod -R u+w store

# --- wrong usage ----------------------------------------------------------------------------------
run audit compare --until=999999
status_is 64 "an event that is not there"
run audit compare --until=$first --as-of=2026-05-05
status_is 64 "two ends"
run audit compare --until=$first --out=summary
status_is 64 "only the whole is signed"
run audit compare --certificate='沪建安B(1999)0009999'
status_is 1 "a certificate without a document"
err_has '[compare_not_ready]' "is told"
TMPDIR=$PWD/nowhere run audit compare --until=$first
status_is 73 "no place for the earlier views"
err_has TMPDIR "and how to name one"
done_testing
