#!/bin/sh
# t1404-broken-daily - `import --daily --rejects=FILE` dies at its durable steps in turn
# (preload/crash_point.c) and is run again: the work lists of the files that were done stay, those that
# come are numbered on, and a file is taken in and noted as taken in one step: none is judged twice.
. "$(dirname "$0")/../jobs/lib.sh"
program=$here/../../build/${BUILD_NAME:-gcc}/tests/faults/small_batches
[ -x "$program" ] || { echo "1..0 # SKIP $program is not built"; exit 0; }
preload=$work/crash_point.so
"${CC:-gcc}" -std=gnu17 -D_GNU_SOURCE -O2 -fPIC -shared -o "$preload" \
    "$here/preload/crash_point.c" -ldl || { echo "Bail out! the preload does not compile"; exit 1; }
export ANZHENG_STORE=store
run init --clock=free --signatures=optional --today=2026-05-06
status_is 0 "a store"
mv store base
mkdir days
clerks() { # name, rows
    echo '工号,姓名,部门,部门级别,状态' > "days/$1.csv"
    printf '%s\n' "$2" | tr ' ' '\n' | sed 's/:/,/;s/$/,示范窗口,市,在岗/' >> "days/$1.csv"
}
clerks 05-01 'W1:甲 W2: W3:丙'
clerks 05-02 'W1:乙 W4:丁'
clerks 05-03 'W1:甲 W5:'
clerks 05-04 'W1:乙 W6: W7:'
import() {
    "$ANZHENG" import clerks days --daily --rejects=r.csv --now=2026-05-06T09:00:00+08:00 --json --operator=op
}
fresh() {
    rm -rf store r*.csv
    cp -a base store
}
rejected() { for name in r r-2 r-3 r-4 r-5; do echo "$name:"; cat $name.csv 2> "$err"; done; }
problems=0 died=0 step=0
trouble() {
    problems=$((problems + 1))
    [ "$problems" -gt 5 ] || echo "# step $step ($(sed -n "${step}p" trace)): $1"
}

fresh
CRASH_TRACE=$work/trace LD_PRELOAD=$preload import > answer 2> "$err"
is "an undisturbed run" $? 1
is "each file has its verdicts" "$(sed 's/.*"accepted":\([0-9]*\),"unchanged":\([0-9]*\),"rejected":\([0-9]*\).*/\1 \2 \3/' answer | tr '\n' ';')" \
    "2 0 1;2 0 0;1 0 1;1 0 2;"
is "and each with refused rows its work list" "$(wc -l r.csv r-3.csv r-4.csv | sed '$d;s/^ *//' | tr '\n' ' ')" "2 r.csv 2 r-3.csv 3 r-4.csv "
"$program" log store > wanted.log
rejected > wanted.rejects
total=$(grep -c . trace)
every=$((total / $(smaller 30 8) + 1))
while [ "$step" -lt "$total" ]; do
    step=$((step + every))
    fresh
    CRASH_AT=$step LD_PRELOAD=$preload import > answer 2> "$err"
    ended=$?
    [ $ended -ne 137 ] || died=$((died + 1))
    [ $ended -ne 137 ] || { import > answer 2> "$err"; ended=$?; }
    [ $ended -le 1 ] || trouble "the rerun ends with $ended: $(cat "$err")"
    "$program" log store > log 2>&1
    cmp -s log wanted.log || trouble "the log: $(diff log wanted.log | head -3 | cut -c1-300)"
    rejected > rejects
    cmp -s rejects wanted.rejects || trouble "the rejects: $(diff rejects wanted.rejects | head -3)"
done
is "it died at the steps of $total that were tried" "$((died > total / every - 3))" 1
is "broken off and run again, the log and the work lists are the same" "$problems" 0

# --- the next day is another run, and begins anew
clerks 05-05 'W8:'
import > answer 2> "$err"
is "the next day's work list has the plain name" "$(sed -n 's/.*"rejected":\([0-9]*\).*/\1/p' answer) $(sed -n '2s/,.*//p' r.csv)" "1 W8"
done_testing
