#!/bin/sh
# CONTRACT 6: every job writes reports/<job>.prom; those that only read do without on a store that
# cannot be written. Where records are sent to the platform, only sending counts as exporting.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
export ANZHENG_STORE=store
printf 'expire\n' > night.txt
job() { # name, words...
    name=$1
    shift
    run "$@" --today=2026-05-06 --json
    [ "$status" -le 1 ] # two names of the town cannot be drawn
    is "$*" "$?" 0
    for metric in last_success_timestamp_seconds duration_seconds items_done items_failed; do
        grep -qs "^anzheng_$metric{job=\"$name\"} " store/reports/$name.prom || echo "$metric"
    done > missing
    is "leaves its metrics" "$(cat missing)" ""
}
job regenerate regenerate
job checkpoint checkpoint
job rebuild rebuild
job expire expire
job report report
job night night night.txt
job rename rename run $E1
job audit-verify audit verify
job audit-compare audit compare
job audit-export audit export --tiles=tiles
job audit-prove audit prove '沪建安B(2019)0000004' --out=proofs
job audit-replay audit replay --until=20 --out=then
job backup backup copy
job export-national export national
is "how many records" "$(sed -n 's/^anzheng_items_done{.*} //p' store/reports/export-national.prom)" \
    "$(wc -l < "$out" | tr -d ' ')"
echo 'national_url = https://127.0.0.1:9/' >> store/anzheng.conf
rm store/reports/export-national.prom
run export national --today=2026-05-06
status_is 0 "a look at what would be sent"
[ ! -e store/reports/export-national.prom ]
is "is no success of sending" "$?" 0
rm -r store/reports
: > store/reports
run audit replay --until=20 --out=then --json
status_is 0 "reading needs no place for metrics"
done_testing
