#!/bin/sh
# t1405-what-to-write - a work list says what the cell may hold, and what is to be done with a row that is
# none: a kind of document that is not in the list, the header row once more, a cell that is none of
# the few words of its column.
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
# Columns of a few words: the work list names them, in the file's language.
cat > clerks.csv <<CSV
工号,姓名,部门,部门级别
SH1,王一,受理中心,省
CSV
cat > exams.csv <<CSV
姓名,证件类型,证件号码,类别,考核类型,考试日期,结论,成绩有效期至
孙八,身份证,310101197102020034,B,初证,2026-01-02,合格,2027-01-02
孙八,身份证,310101197102020034,B,延期,2026-01-02,及格,2027-01-02
CSV
cat > identities.csv <<CSV
姓名,性别,出生日期,证件类型,证件号码,采集日期,采集方式,个人数字证书
孙八,未知,1971-02-02,身份证,310101197102020034,2026-01-02,在线,有
孙八,男,1971-02-02,身份证,310101197102020034,2026-01-02,网上,有
孙八,男,1971-02-02,身份证,310101197102020034,2026-01-02,在线,未申请
CSV
cat > contracts.csv <<CSV
证件类型,证件号码,项目名称,本人在工程中所起的作用,完成项目的工程单位
身份证,310101197102020034,样板楼,经理,示范公司
CSV
for kind in clerks exams identities contracts; do
    run import $kind $kind.csv --rejects=w.csv --lang=zh --today=2026-01-06
    status_is 1 "none of the rows of $kind is taken"
    cat w.csv
done > words.csv
cp words.csv "$out"
for words in 应为市或区 应为新取证或延期 应为合格或不合格 应为男或女 应为读卡、在线或人工 应为有或无 如施工-项目经理; do
    out_has "$words" "a work list says: $words"
done
sed -i 's/,初证,/,#N\/A,/' exams.csv
run import exams exams.csv --rejects=w.csv --lang=en --today=2026-01-06
cp w.csv "$out"
out_has "it is neither 合格 nor 不合格" "in English too"
out_lacks "it is neither 新取证" "what was spoiled is told as that"
done_testing
