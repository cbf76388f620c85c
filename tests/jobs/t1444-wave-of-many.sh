#!/bin/sh
# Waves of many enterprises from one file: planned for approval, killed anywhere and run again,
# counted as announced; the plans that people open in a spreadsheet run nothing there, and what was put
# in front of a name is no change of it.
. "$(dirname "$0")/lib.sh"
day=--today=2026-02-01
many=500
"$ANZHENG" init --store=s --signatures=optional --clock=free --today=2026-01-05 --quiet > "$out" 2> "$err"
export ANZHENG_STORE="$work/s"
register() { # what stands before the names
    awk -v n=$many -v word="$1" 'BEGIN {
        print "统一社会信用代码,企业名称,法定代表人姓名,法定代表人证件类型,法定代表人证件号码"
        for (i = 1; i <= n; i++)
            printf "91310101MA%07d%d,%s示例%d号建设有限公司,王测试,身份证,310101189912310017\n", i, i % 10, word, i }'
}
register '=' > old.csv
register '@新' > new.csv
awk -v n=$many 'BEGIN {
    print "证书编号,类别,姓名,证件类型,证件号码,统一社会信用代码,企业名称,职务,初次领证日期,发证日期,有效期至,状态"
    for (i = 1; i <= n; i++)
        printf "沪建安C(2025)%07d,C,持证,外国护照,E%07d,91310101MA%07d%d,=示例%d号建设有限公司,,2025-03-01,2025-03-01,2028-02-29,有效\n", i, i, i, i % 10, i }' > paper.csv
for file in "enterprises old.csv" "paper paper.csv" "enterprises new.csv"; do
    # shellcheck disable=SC2086 # a kind and a file
    run import $file $day --quiet
    status_is 0 "the register: $file"
done
printf '工号,姓名,部门,部门级别,状态\nK1,石窗口,示范窗口,市,在岗\n' > clerks.csv
run import clerks clerks.csv $day --quiet
cut -d, -f1,2 new.csv | sed '1s/.*/统一社会信用代码,新企业名称/' > renames.csv

# --- the plan ---------------------------------------------------------------------------------------
run rename plan --file=renames.csv --out=plan.csv --json $day
is "planned" "$(field enterprises) $(field count) $(field rejected)" "$many $many 0"
is "no cell of the plan runs" "$(grep -cE '(^|,)"?[=@+-]' plan.csv) $(grep -c ",'@新示例" plan.csv)" "0 $many"
run rename run --file=renames.csv --expect-count=$((many - 1)) --json $day
status_is 1 "another count than expected"
err_has count_differs "is told"
is "with each enterprise" "$(grep -c '"count":1' "$out")" $many
before=$(newest)

# --- killed anywhere -------------------------------------------------------------------------------
cp -r s whole
run rename run --plan=plan.csv --json $day --store=whole
status_is 0 "an undisturbed run"
wanted=$(cat "$out")
end=$(ANZHENG_STORE=whole newest)
for moment in 0.03 0.06; do
    "$ANZHENG" rename run --plan=plan.csv --json $day --quiet > killed.out 2> killed.err < /dev/null &
    dying=$!
    sleep $moment
    kill -9 $dying 2> kill.err
    wait $dying 2> kill.err
done
run rename plan --plan=plan.csv --json $day
is "what is begun is as planned" "$status $(cat "$out")" "0 "
run rename run --plan=plan.csv --json $day
status_is 0 "run again"
is "every certificate once, as announced" "$(field total) $(field done) $(field failed)" "$many $many 0"
is "the same events as undisturbed" "$(newest) $(field first_event) $(field last_event)" \
    "$end $(echo "$wanted" | sed 's/.*"first_event":\([0-9]*\).*/\1/') $(echo "$wanted" | sed 's/.*"last_event":\([0-9]*\).*/\1/')"
run rename status --json $day
is "no wave is open" "$(grep -c '"status":"open"' "$out")" 0
[ "$before" -lt "$end" ]
report $? "something was done"
run rename run --plan=plan.csv --json $day
is "once more nothing" "$(field skipped) $(newest)" "$many $end"

# --- the plan of a notice ---------------------------------------------------------------------------
echo '{"id":"n1","action":"extend_by_notice","clerk":"K1","notice":"N","value":"2029-12-31","selection":{"category":"C"}}' > notice.json
run notice plan notice.json --out=notice.csv --json $day
is "no cell of it runs" "$(grep -cE '(^|,)"?[=@+-]' notice.csv) $(grep -c ",'@新示例" notice.csv)" "0 $many"
sed 2d notice.csv > short.csv
run notice run notice.json --plan=short.csv --json $day
is "what stands before a name is no change of it" "$(grep -c '"change":"came"' "$out") $(grep -c . "$out")" "1 1"
run notice run notice.json --plan=notice.csv --json $day
status_is 0 "and it is run as planned"
is "all of it" "$(field done)" "$many"
run rebuild --verify
status_is 0 "log and views agree"
done_testing
