#!/bin/sh
# t1405-what-to-write - a work list says what the cell may hold, and what is to be done with a row that is
# none: a kind of document that is not in the list, the header row once more.
. "$(dirname "$0")/lib.sh"
run init --store=s --signatures=optional --clock=free --today=2026-01-05
export ANZHENG_STORE="$work/s"
header=证书编号,姓名,证件类型,证件号码,类别,企业名称,发证日期,有效期至,状态
cat > national.csv <<CSV
$header
苏建安B（2024）0000001,孙八,护照,E1234567,B,江苏某公司,2024-03-01,2027-02-28,有效
$header
CSV
run import national national.csv --rejects=r.csv --lang=zh --today=2026-01-06
status_is 1 "two rows that are refused"
err_has bad_id_type "one for its kind of document"
cp r.csv "$out"
for kind in 身份证 外国人永久居留身份证 港澳居民居住证 台湾居民居住证 港澳同胞回乡证 台胞证 外国护照 军官证 其他; do
    printf '%s\n' "$header" "苏建安B（2024）0000001,孙八,$kind,E1234567,B,江苏某公司,2024-03-01,2027-02-28,有效" > kind.csv
    out_has "$kind" "the work list names $kind"
    run import national kind.csv --json --dry-run --today=2026-01-06
    is "which is taken" "$(grep -c bad_id_type "$err")" 0
    cp r.csv "$out"
done
out_has 重复的表头行，可删除 "the header row once more can be removed"
run import national national.csv --rejects=e.csv --lang=en --today=2026-01-06
cp e.csv "$out"
out_has "the header row once more, it can be removed" "in English too"
done_testing
