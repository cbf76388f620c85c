#!/bin/sh
# t1408-said-plainly - what is said names what it is about: numbers that are none, headings that are not keys,
# no two rows of one name, a heading that means one thing.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
export ANZHENG_STORE=store
today=--today=2026-05-05
while read -r value option words; do
    # shellcheck disable=SC2086
    run $words "--$option=$value" $today
    status_is 64 "$words --$option=$value"
    err_has "--$option: “$value” is not a whole number from" "names option, value and what is allowed"
    run $words "--$option=$value" $today --lang=zh
    status_is 64 "in Chinese"
    err_has "--$option：“$value”不是" "too"
    err_has "整数" "a whole number"
done <<END
x limit list certificates
-1 limit list certificates
1.5 limit list certificates
99999999999999999999 limit list certificates
0 limit list certificates
x workers regenerate
4294967296 workers regenerate
x wait status
x documents audit compare
x until audit compare
END
number='沪建安B(2019)0000002'
for lang in en zh; do
    run audit history certificate "$number" --lang=$lang $today
    status_is 0 "a history, $lang"
    twice=$(sed -n 1p "$out" | tr -s ' ' '\n' | sort | uniq -d)
    is "no heading twice" "$twice" ""
done
run audit history certificate "$number" --lang=en $today
out_has "What happened" "what happened has its own heading"
sed -i 's/上海/沪上/' enterprises.csv
run import enterprises enterprises.csv $today
run rename plan 91310101MATEX0002E --out=plan.csv $today
grep -q '证书编号,证书所载企业名称,有效期至' plan.csv
report $? "the name on the certificate is called so in a plan"
run rename run --plan=plan.csv --dry-run $today
plan_status=$status
sed 's/证书所载企业名称/当前企业名称/' plan.csv > older.csv
run rename run --plan=older.csv --dry-run $today
is "a plan with the heading of before is read, too" "$status" "$plan_status"
done_testing
