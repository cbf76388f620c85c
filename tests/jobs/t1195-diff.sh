#!/bin/sh
# audit diff: what changed between two events or days, without anybody's personal data.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
export ANZHENG_STORE=store
from=$(newest store)
sed "s/^\($E1\),[^,]*,/\1,上海甲改名建设有限公司,/" enterprises.csv > renamed.csv
run import enterprises renamed.csv --today=2026-05-10
middle=$(newest store)
run rename run $E1 --today=2026-05-11 --json
to=$(newest store)
items=$(field done)

run audit diff --from=$from --to=$middle --json
status_is 0 "between two events"
is "one thing changed" "$(grep -c '"kind":"enterprise"' "$out")" "$(grep -c . "$out")"
out_has '"field":"name","before":"上海甲示范建设有限公司","after":"上海甲改名建设有限公司"' "told with both values"
run audit diff --from=$middle --to=$to --json
is "the wave changed each printed name" "$(grep -c '"field":"enterprise_name"' "$out")" "$items"
cp "$out" by-event
run audit diff --from=2026-05-10 --to=2026-05-11 --json
cmp -s "$out" by-event
is "days are the states at their ends" "$?" 0
run audit diff --from=$to --to=$to --json
status_is 0 "nothing between an event and itself"
is "is nothing" "$(grep -c . "$out")" 0
run audit diff --from=1 --to=$to --json
is "all certificates were added" "$(grep -c '"kind":"certificate".*"change":"added"' "$out")" \
    "$("$ANZHENG" list certificates --json --today=2026-05-11 | grep -c .)"
[ "$(grep -c '吴法人\|31010119' "$out")" -eq 0 ]
is "no name of a person and no number is in it" "$?" 0
sed 's/,读卡,有$/,在线,无/' identities.csv | sed '2s/示范路1号/示范路99号/' > moved.csv
run import identities moved.csv --today=2026-05-12
run audit diff --from=$to --to=2026-05-12 --json
out_has '"kind":"person"' "that a person's data changed is told"
[ "$(grep -c '示范路' "$out")" -eq 0 ]
is "and not how" "$?" 0
before=$(newest store)
run request-code --clerk=SH1 --person-name=张一 --person-id-type=身份证 --person-id-number=310101197102020034 \
    --phone=18612345678 --now=2026-05-13T12:00:00+08:00 --json
is "a code goes out" "$status $(newest store)" "0 $((before + 1))"
run audit diff --from=$before --to=$((before + 1)) --json
is "and changes nothing of the person" "$status $(cat "$out")" "0 "
all() { run audit diff "$@" --json; sort "$out"; }
all --from=1 --to=$to > from-one
all --from=2019-01-01 --to=2026-05-11 > from-nothing
is "a day before the first event is an empty state" "$(cmp from-one from-nothing && grep -c . from-one)" "$(grep -c . from-one)"
all --from=2019-01-01 --to=2019-06-01 > "$work/none"
is "so are two of them" "$status $(grep -c . none)" "0 0"
all --from=$from --to=$to > whole
all --from=$from --to=$to --memory=1M > little
is "with little memory the same is told" "$(cmp whole little && grep -c . whole)" "$(grep -c . little)"
run audit diff --from=$from --to=$to --memory=much
status_is 64 "a size that is none"
grep '"change":"changed"' from-one > "$work/changed"
is "what is added is not changed too" "$(grep -c . changed)" 0
mkdir tmp
TMPDIR=$work/tmp run audit diff --from=$from --to=$to --json
is "what is made for it is gone with it" "$status $(ls tmp)" "0 "
TMPDIR=$work/nowhere run audit diff --from=$from --to=$to
status_is 73 "a place that is not there"
err_has TMPDIR "is told"
run audit diff --from=$from --to=$to --csv
is "as CSV" "$(head -1 "$out" | tr -d '\r')" "kind,key,change,field,before,after"
run audit diff --from=$to --to=$from
status_is 64 "backwards"
run audit diff --from=$from
status_is 64 "one end"
run audit diff --from=yesterday --to=$to
status_is 64 "an end that is neither"
err_has "yesterday" "named"
run audit diff --from=0 --to=$to
status_is 64 "there is no event 0"
run audit diff --from=1 --to=999999
status_is 64 "nor one past the end"
run audit diff --from=1 --to=$to --csv --json
status_is 64 "two formats"
done_testing
