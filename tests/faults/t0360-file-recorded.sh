#!/bin/sh
# A run is stopped by a signal at every border of its batches in turn, the last one included: the
# same command again goes on, and the file is recorded once, with the verdicts of all its rows.
. "$(dirname "$0")/../jobs/lib.sh"
program=$here/../../build/${BUILD_NAME:-gcc}/tests/faults/small_batches
export ANZHENG_STORE=store
today=2026-05-05
run init --clock=free --signatures=optional --today=$today
status_is 0 "a store"
mv store base
awk 'BEGIN { print "证件类型,证件号码,缴纳单位统一社会信用代码,缴纳月份"
    for (i = 0; i < 12; i++) printf "身份证,310101189912%06d,91310101MATEX00109,2026-%s\n", i + 100000, i == 5 ? "13" : "04" }' > insurance.csv
import() { "$program" import store insurance insurance.csv rejects.csv 4 "$@"; }
log() { "$program" log store | grep -v store_created; }

cp -a base store
import > whole.counts
log > whole.log
cp rejects.csv whole.rejects
is "undisturbed" "$(cut -d' ' -f1-8 whole.counts)" "rows 12 accepted 11 unchanged 0 rejected 1"
for batches in 1 2 3; do
    rm -rf store rejects.csv
    cp -a base store
    is "stopped behind batch $batches" "$(import $batches | grep -c 'stopped$')" 1
    is "the file has no event yet" "$(log | grep -c file_processed)" 0
    import > counts
    is "the same command again gives the counts of the whole" "$(cat counts)" "$(cat whole.counts)"
    is "and its log" "$(log)" "$(cat whole.log)"
    is "and its rejects" "$(cat rejects.csv)" "$(cat whole.rejects)"
    import > counts
    is "after it, the file is another import" "$(cut -d' ' -f1-8 counts)" "rows 12 accepted 0 unchanged 11 rejected 1"
done

# Others write to the file: what is read from then on is not counted as done of what it was.
rm -rf store rejects.csv
cp -a base store
cp insurance.csv whole.csv
"$program" spoil store insurance insurance.csv rejects.csv 4 1 > counts 2> "$err"
is "a file that is written to behind a batch is not taken in" "$? $(wc -c < counts)" "1 0"
is "of it that batch alone is in the log" "$(log)" "$(head -5 whole.log)"
cp whole.csv insurance.csv
import > counts
is "as it was, it is gone on with from there" "$(cat counts)" "$(cat whole.counts)"
is "to the log of the whole" "$(log)" "$(cat whole.log)"
done_testing
