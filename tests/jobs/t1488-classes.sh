#!/bin/sh
# t1488-classes - a class is written alike everywhere: histories and differences have it as `show` has (B, C1).
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
status_is 0 "a town"
export ANZHENG_STORE="$work/store"
today=--today=2026-05-06
run audit history certificate '沪建安C1(2019)0000003' --json $today
out_has '"category":"C1"' "a class in a history is written as everywhere"
out_lacks '"category":"c' "not in small letters"
from=$(newest store)
cat > notice.json <<'JSON'
{"id":"n1","action":"convert_category","clerk":"SH1","notice":"沪建安〔2026〕2号","value":"C3","selection":{"category":"C"}}
JSON
run notice run notice.json --json $today
status_is 0 "a class is converted"
run audit diff --from="$from" --to="$(newest store)" --json
out_has '"field":"category","before":"C","after":"C3"' "and in a difference"
run audit history wave "$((from + 1))" --json
out_has '"category":"C' "and in a wave's selection"
done_testing
