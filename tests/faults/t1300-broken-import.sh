#!/bin/sh
# t1300-broken-import - an import dies at each of its durable steps in turn (preload/crash_point.c)
# and is run again: the log then says what one undisturbed run says (counts and verdicts of the file
# included), and the rejects file is the same to the byte. The rows are such that judging a row twice
# would show: A, B, A of one key, rows that were new and would be unchanged, refusals by rule.
. "$(dirname "$0")/../jobs/lib.sh"
. "$here/broken.sh"

# 30 rows: two that differ in turn (A, B, A), a bad date, a bad cell, blank lines, an unknown column,
# a wrong check digit, the same row twice.
awk 'BEGIN {
    print "证书编号,姓名,证件类型,证件号码,类别,企业名称,发证机关,发证日期,有效期至,状态,备注"
    for (i = 1; i <= 30; i++) {
        n = i % 9 == 0 ? 1 : i % 10 == 0 ? 2 : i
        s = i % 18 == 9 ? "注销" : "有效"
        d = i % 7 == 3 ? "2019-13-27" : "2019-04-27"
        if (i == 20) s = "胡说"
        printf "皖建安B（2019）%07d,示范%d,外国护照,E%07d,B,安徽示例公司,示例厅,%s,2025-04-26,%s,\n", n, n, n, d, s
        if (i % 8 == 0) print ""
    } }' > national.csv
sed -i 's/,外国护照,E0000005,/,身份证,310101199001010012,/' national.csv
# Paper: a number that comes again with the same cells, and with others (a refusal by rule).
awk 'BEGIN {
    print "证书编号,类别,姓名,证件类型,证件号码,统一社会信用代码,企业名称,初次领证日期,发证日期,有效期至,状态"
    for (i = 1; i <= 26; i++) {
        n = i % 6 == 0 ? i - 5 : i % 6 == 5 ? i - 4 : i
        name = i % 6 == 5 ? "他人" : "示范" n
        printf "沪建安B(2020)%07d,B,%s,外国护照,E%07d,91310107MATEX00025,上海示例公司,2020-01-05,2025-01-05,2028-01-04,%s\n", \
            n, name, n, i % 11 == 0 ? "坏" : "有效"
    } }' > paper.csv

import() { "$program" import store "$kind" "$kind.csv" "rejects.csv" "$batch"; }
compare() { # after the rerun
    cmp -s counts wanted.counts || trouble "counts: $(cat counts) instead of $(cat wanted.counts)"
    "$program" log store > log 2>&1
    same log
    cmp -s rejects.csv wanted.rejects || trouble "the rejects: $(diff rejects.csv wanted.rejects | head -3)"
}

for case in national:1 national:7 national:50 paper:4 paper:13; do
    kind=${case%:*} batch=${case#*:} about="${case%:*}, batches of ${case#*:}" problems=0 died=0 step=0
    fresh
    rm -f trace
    CRASH_TRACE=$work/trace LD_PRELOAD=$preload import > wanted.counts 2> "$err"
    is "$case: an undisturbed run" $? 0
    total=$(grep -c . trace)
    "$program" log store > wanted.log
    mv rejects.csv wanted.rejects
    [ "$batch" != 50 ] || is "$case: which says what it does in one batch" "$(cmp wanted.log national.log && cat wanted.counts)" "$(cat national.counts)"
    cp wanted.log "$kind.log"
    cp wanted.counts "$kind.counts"
    every=$((total / 60 + 1))
    while [ "$step" -lt "$total" ]; do
        step=$((step + every))
        fresh
        # Every other time the rerun dies as well.
        tries="$step"
        [ $((step % 2)) -eq 0 ] || tries="$step $((step / 2 + 4)) 5"
        ended=137
        for try in $tries; do
            [ $ended -ne 137 ] || { CRASH_AT=$try LD_PRELOAD=$preload import > counts 2> "$err"; ended=$?; }
            [ $ended -ne 137 ] || died=$((died + 1))
        done
        [ $ended -ne 137 ] || { import > counts 2> "$err"; ended=$?; }
        [ $ended -eq 0 ] || trouble "the rerun ends with $ended: $(cat "$err")"
        compare
    done
    is "$case: it died at the steps of $total that were tried" "$((died > total / every))" 1
    is "$case: broken off and run again, the log, the counts and the rejects are the same" "$problems" 0
done

# Another file of the kind ends what was begun: its own rows count, all of them.
kind=national batch=7 step=1
fresh
CRASH_AT=40 LD_PRELOAD=$preload import > answer 2> "$err"
sed 's/示例厅/另一厅/' national.csv > other.csv
"$program" import store national other.csv other-rejects.csv 7 > other.counts
import > counts
is "a file after another one is judged from its first row" \
    "$(sed 's/ events.*//' counts)" "$(sed 's/ events.*//' national.counts)"
done_testing
