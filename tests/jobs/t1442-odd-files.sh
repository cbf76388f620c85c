#!/bin/sh
# Odd files of registers: empty, nothing but a header, the same one twice, two of one day, broken off
# between two; a row of the national register never touches a certificate of ours (R-BJ-05), and a
# masked number makes nobody known (R-BJ-07).
. "$(dirname "$0")/lib.sh"
corpus=$here/../importers/corpus
day=--today=2026-02-01
"$ANZHENG" init --store=s --signatures=optional --clock=free --today=2026-01-05 --quiet > "$out" 2> "$err"
export ANZHENG_STORE="$work/s"
counts() { sed -n 's/.*"rows":\([0-9]*\),"accepted":\([0-9]*\),"unchanged":\([0-9]*\),"rejected":\([0-9]*\).*/\1 \2 \3 \4/p' "$out" | tr '\n' ';'; }

# --- nothing in it ---------------------------------------------------------------------------------
before=$(newest)
: > empty.csv
printf '\357\273\277' > mark.csv
printf '\n \r\n' > blank.csv
printf 'not a header,at all\n' > strange.csv
for file in empty mark blank strange; do
    run import national $file.csv $day --lang=zh
    status_is 65 "$file: no register"
    err_has "$file.csv" "the file is named"
done
for kind in enterprises clerks identities exams insurance paper national registrations contracts; do
    head -1 "$corpus/$kind-spoils.csv" > $kind-header.csv
    printf '%s' "$(cat $kind-header.csv)" > $kind-open.csv
    run import $kind $kind-header.csv $kind-open.csv $day --json --rejects=$kind.rejects
    is "$kind: a header is a register without rows" "$status $(counts) $(find . -name $kind.rejects)" "0 0 0 0 0;0 0 0 0; "
done
is "nothing of it is recorded" "$(newest)" "$before"

# --- twice, and two of one day ---------------------------------------------------------------------
header=$(head -1 "$corpus/national-spoils.csv")
row() { # number, name, id, state
    echo "苏建安B(2019)$1,$2,身份证,$3,B,示例外省建设有限公司,91310101MATEX00109,示例省住建厅,2019-01-10,2022-01-10,2027-01-09,$4"
}
full=310101189912310017
{ echo "$header"; row 0000001 王测试 $full 有效; row 0000002 王测试 $full 有效; } > morning.csv
{ echo "$header"; row 0000002 王测试 $full 注销; row 0000003 李测试 '310*************25' 有效; row 0000004 王测试 $full 坏; } > evening.csv
cp -r s twin
run import national morning.csv morning.csv $day --json
is "the same file twice in one command" "$(counts)" "2 2 0 0;2 0 2 0;"
after=$(newest)
run import national morning.csv $day --json
is "and again" "$(counts) $(newest)" "2 0 2 0; $after"
run import national evening.csv $day --json
is "another one of the day" "$status $(counts)" "1 3 2 0 1;"
run import national evening.csv $day --json
is "again only what was refused is judged" "$(counts)" "3 0 2 1;"
run import national morning.csv evening.csv --store=twin $day --json
is "both in one command" "$status $(counts)" "1 2 2 0 0;3 2 0 1;"
run list certificates --json $day
is "R-BJ-07: neither a full nor a masked number makes a certificate" "$(grep -c . "$out")" 0
run show person --person-id-type=身份证 --person-id-number=310101189912310025 $day
[ "$status" -ne 0 ]
report $? "R-BJ-07: a masked number makes nobody known"

# --- ours ------------------------------------------------------------------------------------------
head -2 "$corpus/paper-spoils.csv" | sed 's/2021-06-13/2027-06-13/' > paper.csv
run import paper paper.csv $day
ours='沪建安B(2018)0000001'
run show certificate "$ours" --json $day
cp "$out" before.json
{ echo "$header"; row 0000009 王测试 $full 注销 | sed "s/苏建安B(2019)0000009/$ours/"; } > ours.csv
run import national ours.csv $day --json
is "R-BJ-05: a row with a number of ours is noted" "$(counts)" "1 1 0 0;"
run show certificate "$ours" --json $day
cmp -s "$out" before.json
report $? "R-BJ-05: ours is as it was"
run list conflicts --json $day
out_has '"conflict":"ended_nationally"' "and the clerks are told"

# --- broken off between two files ------------------------------------------------------------------
awk -v h="$header" 'BEGIN { print h; for (i = 1; i <= 3000; i++)
    printf "浙建安B(2019)%07d,王测试,外国护照,E%07d,B,示例外省建设有限公司,,示例厅,2019-01-10,2022-01-10,2027-01-09,有效\n", i, i }' > first.csv
sed 's/浙/皖/; s/E0/F0/' first.csv > second.csv
taken() { tr ';' '\n' | awk 'NF { print $1, $2 + $3, $4 }' | tr '\n' ';'; }
cp -r twin whole
run import national first.csv second.csv --store=whole $day --json
wanted=$(counts)
begun=$(ANZHENG_STORE=twin newest)
"$ANZHENG" import national first.csv second.csv --store=twin $day --quiet > killed.out 2> killed.err < /dev/null &
dying=$!
tries=0
until [ "$(ANZHENG_STORE=twin newest)" -gt "$begun" ] || [ $tries -gt 200 ]; do # the first one is there
    tries=$((tries + 1))
    sleep 0.02
done
kill -9 $dying 2> kill.err
wait $dying 2> kill.err
run import national first.csv second.csv --store=twin $day --json
is "killed in one of two files: run again, every row is there" \
    "$status $(counts | taken)" "0 $(echo "$wanted" | taken)"
for store in whole twin; do
    "$ANZHENG" status --json --store=$store | sed 's/,"root.*//' > $store.events
done
cmp -s whole.events twin.events
report $? "and no event is there twice"
run rebuild --verify --store=twin
status_is 0 "log and views agree"
done_testing
