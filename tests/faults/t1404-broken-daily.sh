#!/bin/sh
# t1404-broken-daily - `import --daily --rejects=FILE` dies at its durable steps in turn
# (preload/crash_point.c) and is run again: the work lists of the files that were done stay, those that
# come are numbered on, and a file is taken in and noted as taken in one step: none is judged twice.
. "$(dirname "$0")/../jobs/lib.sh"
. "$here/broken.sh"
mkdir days
clerks days/05-01 'W1:甲 W2: W3:丙'
clerks days/05-02 'W1:乙 W4:丁'
clerks days/05-03 'W1:甲 W5:'
clerks days/05-04 'W1:乙 W6: W7:'
import() {
    "$ANZHENG" import clerks days --daily --rejects=r.csv --now=2026-05-06T09:00:00+08:00 --json --operator=op
}
rejected() { for name in r r-2 r-3 r-4 r-5; do echo "$name:"; cat $name.csv 2> "$err"; done; }

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
    same log
    rejected > rejects
    same rejects
done
is "it died at the steps of $total that were tried" "$((died > total / every - 3))" 1
is "broken off and run again, the log and the work lists are the same" "$problems" 0

# --- the next day is another run, and begins anew
clerks days/05-05 'W8:'
import > answer 2> "$err"
is "the next day's work list has the plain name" "$(sed -n 's/.*"rejected":\([0-9]*\).*/\1/p' answer) $(sed -n '2s/,.*//p' r.csv)" "1 W8"
done_testing
