#!/bin/sh
# make-log-3 - how tests/golden/log/store-3.tar.gz was made: a small store in which every event type of
# the personnel file occurs: level A rows, phones and codes, records, scans, verification, applications,
# a blocked and an erased person. It was run once, and its result stays (see make-log.sh).
#   make-log-3.sh OUT     needs an empty or absent folder OUT; uses build/anzheng
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
program=$root/build/anzheng
out=$1
mkdir -p "$out"
cd "$out"
export ANZHENG_STORE=store
day1=--now=2026-07-06T09:00:00+08:00
day2=--now=2026-07-07T09:00:00+08:00
day3=--now=2026-07-08T09:00:00+08:00
jia=91310101MATEX00109
ZHAO='{"name":"赵一","id_type":"身份证","id_number":"310101189912310025"}'
SUN='{"name":"孙三","id_type":"身份证","id_number":"310101189912310017"}'
LI='{"name":"李四","id_type":"身份证","id_number":"310101189912310033"}'

"$program" init --signatures=optional --clock=free "$day1" --quiet --json > init.json
"$program" sample --out=city --persons=20 --enterprises=2 --seed=5 --today=2026-05-01 --quiet --json > sample.json
cp city/photos/01.jpg scan.jpg # with 100 dpi in its header
printf '\001\000\144\000\144' | dd of=scan.jpg bs=1 seek=13 conv=notrunc 2> /dev/null
cat > enterprises.csv <<CSV
统一社会信用代码,企业名称,法定代表人姓名,法定代表人证件类型,法定代表人证件号码,资质名称及等级
$jia,上海甲建设有限公司,赵一,身份证,310101189912310025,建筑工程施工总承包二级
CSV
printf '工号,姓名,部门,部门级别,状态\nK01,石窗口,示范区受理窗口,区,在岗\n' > clerks.csv
cat > identities.csv <<'CSV'
姓名,性别,民族,出生日期,住址,证件类型,证件号码,签发机关,有效期起,有效期止,照片,采集窗口,采集日期,采集方式
孙三,男,汉,1899-12-31,上海市示范路2号,身份证,310101189912310017,示例分局,2016-01-01,长期,city/photos/02.jpg,示范区1号窗,2026-07-01,读卡
赵一,女,汉,1899-12-31,上海市示范路3号,身份证,310101189912310025,示例分局,2016-01-01,长期,city/photos/03.jpg,示范区1号窗,2026-07-01,读卡
李四,男,汉,1899-12-31,上海市示范路4号,身份证,310101189912310033,示例分局,2016-01-01,长期,city/photos/04.jpg,示范区1号窗,2026-07-01,读卡
CSV
printf '证件类型,证件号码,缴纳单位统一社会信用代码,缴纳月份\n身份证,310101189912310017,%s,2026-06\n' $jia > insurance.csv
printf '证件类型,证件号码,注册类型,注册编号,注册单位统一社会信用代码,状态,状态说明,有效期至\n身份证,310101189912310017,一级注册建造师,沪1310000001,%s,正常,,2027-12-31\n' $jia > registrations.csv
printf '证件类型,证件号码,项目名称,项目规模及技术指标,本人在工程中所起的作用,完成项目的工程单位,资质名称及等级,开始时间,结束时间,项目所在地省市,业绩完成单位所在地省市\n身份证,310101189912310017,某住宅楼,三万平方米,施工-项目经理,上海甲建设有限公司,二级,2020-01-01,2021-12-31,上海市,上海市\n' > contracts.csv
for kind in enterprises clerks identities insurance registrations contracts; do
    "$program" import $kind $kind.csv "$day1" --json --quiet >> answers.jsonl
done

wish() { # day, line
    echo "$2" > wish.jsonl
    "$program" submit wish.jsonl "$1" --quiet > answer.jsonl || [ $? -eq 1 ]
    cat answer.jsonl >> answers.jsonl
}
named() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" answer.jsonl; }
code() { tail -n 1 store/outbox/*.jsonl | sed -n 's/.*"code":"\([0-9]*\)".*/\1/p'; }

# A phone: a code, a wrong one, registered, changed at the counter.
wish "$day1" '{"id":"q1","action":"request_code","person":'"$SUN"',"phone":"13500000000"}'
right=$(code)
wrong=$([ "$right" = 000000 ] && echo 000001 || echo 000000)
card='"name":"孙三","id_number":"310101189912310017","address":"上海市示范路2号","issuer":"示例分局","valid_from":"2016-01-01","valid_to":"长期"'
wish "$day1" '{"id":"q2","action":"register_phone","person":'"$SUN"',"phone":"13500000000","code":"'"$wrong"'",'"$card"'}'
wish "$day1" '{"id":"q3","action":"register_phone","person":'"$SUN"',"phone":"13500000000","code":"'"$right"'",'"$card"'}'
wish "$day1" '{"id":"q4","action":"request_code","clerk":"K01","person":'"$SUN"',"phone":"13500000001"}'
wish "$day1" '{"id":"q5","action":"change_phone","clerk":"K01","person":'"$SUN"',"phone":"13500000001","code":"'"$(code)"'"}'

# Records: added, edited, deleted, shown, refused, verified, taken back, verified again.
wish "$day1" '{"id":"r1","action":"add_record","person":'"$SUN"',"kind":"education","fields":{"学校名称":"同济大学","学历":"专科","所学专业":"土木工程","发证日期":"2012-07-01"}}'
diploma=$(named record)
wish "$day1" '{"id":"r2","action":"edit_record","person":'"$SUN"',"record":"'"$diploma"'","fields":{"学历":"本科"}}'
wish "$day1" '{"id":"r3","action":"add_record","person":'"$SUN"',"kind":"project","fields":{"项目名称":"某学校","项目所在地省市":"上海市","业绩完成单位所在地省市":"上海市"}}'
wish "$day1" '{"id":"r4","action":"delete_record","person":'"$SUN"',"record":"'"$(named record)"'"}'
wish "$day1" '{"id":"r5","action":"add_record","person":'"$SUN"',"kind":"work","fields":{"工作单位":"上海甲建设有限公司","起止时间":"2015-03-01至今","职称":"工程师","职务":"技术负责人","从事工作专业":"建筑施工","证明人":"赵某","证明人电话":"13500000009"}}'
job=$(named record)
wish "$day1" '{"id":"r6","action":"attach_scan","person":'"$SUN"',"record":"'"$diploma"'","file":"scan.jpg"}'
wish "$day1" '{"id":"r7","action":"upload_signature","person":'"$SUN"',"file":"scan.jpg"}'
verify='"action":"verify_record","clerk":"K01","record":"'"$diploma"'","compared":["学校名称","所学专业","学历","发证日期"],"presenter":"本人"'
wish "$day2" '{"id":"v1","action":"refuse_record","clerk":"K01","record":"'"$diploma"'","reason":"scan_unclear","visit":"V1"}'
wish "$day2" '{"id":"v2",'"$verify"',"visit":"V1"}'
wish "$day2" '{"id":"v3","action":"cancel_verification","clerk":"K01","record":"'"$diploma"'"}'
wish "$day2" '{"id":"v4",'"$verify"',"visit":"V2","batch_of":"'$jia'"}'

# Applications: one approved, one closed; a skilled worker's insurance by a proof.
printf '%%PDF-1.4 proof of social insurance elsewhere' > proof.pdf
wish "$day2" '{"id":"s1","action":"add_record","enterprise":"'$jia'","person":'"$LI"',"kind":"skill","fields":{"证书名称":"职业资格证书","专业工种":"木工","级别":"中级"}}'
skill=$(named record)
wish "$day2" '{"id":"o1","action":"open_application","enterprise":"'$jia'","item":"建筑工程施工总承包二级","persons":[{"person":'"$SUN"',"records":["'"$diploma"'","'"$job"'"]}],"insurance_months":["2026-05","2026-06","2026-07"]}'
first=$(named application)
wish "$day2" '{"id":"o2","action":"open_application","enterprise":"'$jia'","item":"市政公用工程施工总承包三级","persons":[{"person":'"$SUN"',"records":["'"$job"'"]},{"person":'"$LI"',"records":["'"$skill"'"]}],"insurance_proof":"proof.pdf"}'
second=$(named application)
wish "$day2" '{"id":"o3","action":"accept_application","clerk":"K01","application":"'"$first"'"}'
wish "$day2" '{"id":"o4","action":"approve_application","clerk":"K01","application":"'"$first"'"}'
"$program" checkpoint "$day2" --json >> answers.jsonl
wish "$day3" '{"id":"o5","action":"close_application","enterprise":"'$jia'","application":"'"$second"'"}'

# One person is to be left alone, another is forgotten.
wish "$day3" '{"id":"p1","action":"block_person","clerk":"K01","person":'"$ZHAO"',"decision":"示停1"}'
wish "$day3" '{"id":"p2","action":"erase_person","clerk":"K01","person":'"$LI"',"decision":"示删1"}'
"$program" checkpoint "$day3" --json >> answers.jsonl
rm -rf city
