#!/bin/sh
# A file whose last batch ends with its last row is recorded also when the run is stopped there.
. "$(dirname "$0")/../jobs/lib.sh"
export ANZHENG_STORE=store
today=2026-05-05
"$ANZHENG" init --clock=free --signatures=optional --today=$today --quiet > "$out" 2>&1
awk 'BEGIN { print "证件类型,证件号码,缴纳单位统一社会信用代码,缴纳月份"
    for (i = 0; i < 50000; i++) printf "身份证,310101189912%06d,91310101MATEX00109,2026-04\n", i + 100000 }' > insurance.csv
"$ANZHENG" import insurance insurance.csv --today=$today --quiet --json > "$out" 2> "$err" &
import=$!
sleep 0.3
kill -TERM $import
wait $import
status=$?
events() { "$ANZHENG" status --json --today=$today | sed 's/.*"events":\([0-9]*\).*/\1/'; }
if [ "$status" -eq 75 ]; then
    before=$(events)
    run import insurance insurance.csv --today=$today --json
    status_is 0 "the same command again"
    is "the file has its event" "$(events)" $((before + 1))
    is "with the verdicts of the run that was stopped" "$(field accepted)" 50000
    before=$(events)
    run import insurance insurance.csv --today=$today --json
    is "and it is recorded once" "$(events)" "$before"
else
    echo "ok 1 - # SKIP the import ended before it could be stopped"
    count=1
fi
done_testing
