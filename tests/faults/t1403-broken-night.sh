#!/bin/sh
# t1403-broken-night - a night whose list imports a kind of register in several steps dies at its durable
# steps in turn (preload/crash_point.c) and is run again: imports that were done are not judged anew, so
# the log says what one undisturbed night says, and each rejects file is the same to the byte. The files
# are such that it would show: refused rows (a file with them leaves an event each time), A, B, A of a key.
. "$(dirname "$0")/../jobs/lib.sh"
. "$here/broken.sh"
clerks a 'W1:甲 W2: W3:丙'
clerks b 'W1:乙 W4:丁 W5:'
clerks c 'W1:甲 W3:丙'
clerks d 'W1:乙 W6:'
printf '统一社会信用代码,企业名称,法定代表人姓名,法定代表人证件类型,法定代表人证件号码\n91310101MATEX00109,上海甲建设有限公司,赵一,身份证,310101189912310025\n91310101MATEX00296,,赵一,身份证,310101189912310025\n' > e.csv
cat > night.list <<'END'
import clerks a.csv --rejects=r1.csv
import enterprises e.csv --rejects=r2.csv
import clerks b.csv --rejects=r3.csv
optional import clerks none.csv
import clerks c.csv d.csv --rejects=r4.csv
expire
END
night() {
    "$ANZHENG" night night.list --now=2026-05-06T09:00:00+08:00 --json --operator=op
}
answers() { grep '"kind":' "$1"; }
rejected() { for name in r1 r2 r3 r4 r4-2; do echo "$name:"; cat $name.csv 2> "$err"; done; }
compare() {
    answers answer > answers
    same answers
    "$program" log store > log 2>&1
    same log
    rejected > rejects
    same rejects
}

fresh
CRASH_TRACE=$work/trace LD_PRELOAD=$preload night > answer 2> "$err"
is "an undisturbed night" $? 1
answers answer > wanted.answers
is "each file has its verdicts" "$(sed 's/.*"rows":\([0-9]*\),"accepted":\([0-9]*\),"unchanged":\([0-9]*\),"rejected":\([0-9]*\).*/\1 \2 \3 \4/' wanted.answers | tr '\n' ';')" \
    "3 2 0 1;2 1 0 1;3 2 0 1;2 1 1 0;2 1 0 1;"
"$program" log store > wanted.log
rejected > wanted.rejects
total=$(grep -c . trace)
every=$((total / $(smaller 24 8) + 1))
while [ "$step" -lt "$total" ]; do
    step=$((step + every))
    fresh
    CRASH_AT=$step LD_PRELOAD=$preload night > answer 2> "$err"
    ended=$?
    [ $ended -ne 137 ] || died=$((died + 1))
    [ $ended -ne 137 ] || { night > answer 2> "$err"; ended=$?; }
    [ $ended -eq 1 ] || trouble "the rerun ends with $ended: $(cat "$err")"
    compare
done
is "it died at the steps of $total that were tried" "$((died > total / every - 3))" 1
is "broken off and run again, the answers, the log and the rejects are the same" "$problems" 0

# --- the next night is another run ----------------------------------------------------------------
night > answer 2> "$err"
is "the same list again is judged" "$(answers answer | sed 's/.*"accepted":\([0-9]*\).*/\1/' | tr '\n' ' ')" "1 0 1 1 1 "
step=$((total / 2))
fresh
CRASH_AT=$step LD_PRELOAD=$preload night > answer 2> "$err"
run import clerks a.csv --json --today=2026-05-06
night > answer 2> "$err"
is "an import by hand ends what was broken off" "$(answers answer | sed -n '1s/.*"accepted":\([0-9]*\),"unchanged":\([0-9]*\).*/\1 \2/p')" "0 2"

printf 'optional import %0100d none.csv\nexpire\n' 0 > odd.list
run night odd.list --today=2026-05-06 --json
status_is 65 "a kind that is none is told before the first step, also of what may be left out"
is "and none was taken" "$(grep -c '"steps"' "$out")" 0
done_testing
