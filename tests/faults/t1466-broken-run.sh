#!/bin/sh
# t1466-broken-run - an import of several files dies at its durable steps in turn
# (preload/crash_point.c) and is run again: files that were done are not judged anew, so the log says
# what one undisturbed run says, and each rejects file is the same to the byte. The files are such
# that it would show: refused rows (a file with them leaves an event each time), and A, B, A of a key.
. "$(dirname "$0")/../jobs/lib.sh"
. "$here/broken.sh"
clerks a 'W1:甲 W2: W3:丙'
clerks b 'W1:乙 W4:丁 W5:'
clerks c 'W1:甲 W3:丙'
clerks d 'W1:乙 W6:'
import() {
    "$ANZHENG" import clerks a.csv b.csv c.csv d.csv --rejects=r.csv --now=2026-05-06T09:00:00+08:00 --json --operator=op
}
rejected() { for name in r r-2 r-3 r-4; do echo "$name:"; cat $name.csv 2> "$err"; done; }
compare() {
    same answer
    "$program" log store > log 2>&1
    same log
    rejected > rejects
    same rejects
}

fresh
CRASH_TRACE=$work/trace LD_PRELOAD=$preload import > wanted.answer 2> "$err"
is "an undisturbed run" $? 1
is "each file has its verdicts" "$(sed 's/.*"rows":\([0-9]*\),"accepted":\([0-9]*\),"unchanged":\([0-9]*\),"rejected":\([0-9]*\).*/\1 \2 \3 \4/' wanted.answer | tr '\n' ';')" \
    "3 2 0 1;3 2 0 1;2 1 1 0;2 1 0 1;"
"$program" log store > wanted.log
rejected > wanted.rejects
total=$(grep -c . trace)
every=$((total / 20 + 1))
while [ "$step" -lt "$total" ]; do
    step=$((step + every))
    fresh
    CRASH_AT=$step LD_PRELOAD=$preload import > answer 2> "$err"
    ended=$?
    [ $ended -ne 137 ] || died=$((died + 1))
    # Every other time the rerun dies as well.
    [ $ended -ne 137 ] || [ $((step % 2)) -eq 0 ] || { CRASH_AT=$((step / 2 + 3)) LD_PRELOAD=$preload import > answer 2> "$err"; ended=$?; }
    [ $ended -ne 137 ] || { import > answer 2> "$err"; ended=$?; }
    [ $ended -eq 1 ] || trouble "the rerun ends with $ended: $(cat "$err")"
    compare
done
is "it died at the steps of $total that were tried" "$((died > total / every - 3))" 1
is "broken off and run again, the answers, the log and the rejects are the same" "$problems" 0

# --- another run ----------------------------------------------------------------------------------
half() { # dies when two files are done, and the third is not
    step=$((total / 4))
    ended=0
    until [ $ended -eq 137 ] && [ "$("$program" log store | grep -c file_processed)" -eq 2 ]; do
        fresh
        step=$((step + 3))
        [ $step -lt "$total" ] || break
        CRASH_AT=$step LD_PRELOAD=$preload import > answer 2> "$err"
        ended=$?
    done
}
half
run import clerks a.csv --json
is "one of the files alone is another import" "$(field accepted) $(field rejected)" "1 1"
run import clerks a.csv b.csv c.csv d.csv --json
is "after which the run is a new one" "$(field accepted | tr '\n' ' ')" "0 1 1 1 "
half
run import clerks a.csv none.csv --json
status_is 66 "a run that fails by itself"
is "has judged its first file" "$(field accepted)" 1
run import clerks a.csv none.csv --json
is "and judges it again" "$(field unchanged) $(field rejected)" "2 1"
done_testing
