#!/bin/sh
# t1466-broken-run - an import of several files dies at its durable steps in turn
# (preload/crash_point.c) and is run again: files that were done are not judged anew, so the log says
# what one undisturbed run says, and each rejects file is the same to the byte. The files are such
# that it would show: refused rows (a file with them leaves an event each time), and A, B, A of a key.
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
clerks() { # name, rows
    echo '工号,姓名,部门,部门级别,状态' > "$1.csv"
    printf '%s\n' "$2" | tr ' ' '\n' | sed 's/:/,/;s/$/,示范窗口,市,在岗/' >> "$1.csv"
}
clerks a 'W1:甲 W2: W3:丙'
clerks b 'W1:乙 W4:丁 W5:'
clerks c 'W1:甲 W3:丙'
clerks d 'W1:乙 W6:'
import() {
    "$ANZHENG" import clerks a.csv b.csv c.csv d.csv --rejects=r.csv --now=2026-05-06T09:00:00+08:00 --json --operator=op
}
fresh() {
    rm -rf store r*.csv
    cp -a base store
}
rejected() { for name in r r-2 r-3 r-4; do echo "$name:"; cat $name.csv 2> "$err"; done; }
problems=0 died=0 step=0
trouble() {
    problems=$((problems + 1))
    [ "$problems" -gt 5 ] || echo "# step $step ($(sed -n "${step}p" trace)): $1"
}
compare() {
    cmp -s answer wanted.answer || trouble "the answer: $(diff answer wanted.answer | head -4)"
    "$program" log store > log 2>&1
    cmp -s log wanted.log || trouble "the log: $(diff log wanted.log | head -3 | cut -c1-300)"
    rejected > rejects
    cmp -s rejects wanted.rejects || trouble "the rejects: $(diff rejects wanted.rejects | head -3)"
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
