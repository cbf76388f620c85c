#!/bin/sh
# t1000-registrations - registrations and contracts: level A, from other systems (R-PF-17, R-PF-20).
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
status_is 0 "a town"
export ANZHENG_STORE="$work/store"
today=--today=2026-05-06
zhang=310101197102020034 # 张一, B at E1
li=310101197203030055    # 李二

header=证件类型,证件号码,注册类型,注册编号,注册单位统一社会信用代码,状态,状态说明,有效期至
{ echo $header
  echo "身份证,$zhang,一级注册建造师,沪1310000001,$E1,正常,,2027-12-31"
  echo "身份证,$zhang,一级注册建造师,沪1310000001,$E1,正常,,2026-02-30"
  echo "身份证,$li,二级注册建造师,沪2310000002,$E2,注销,不再执业,"
} > registrations.csv
run import registrations registrations.csv $today --dry-run --json
is "R-PF-17: an import can be tried" "$(field accepted)" 2
run list records --person=$zhang $today --json
out_lacks 注册建造师 "and trying keeps nothing"
run import registrations registrations.csv $today --rejects=r.csv --json
status_is 1 "R-PF-17: registrations"
is "accepted" "$(field accepted)" 2
is "rejected" "$(field rejected)" 1
grep -q bad_date r.csv
report $? "with the reason"
run import registrations registrations.csv $today --rejects=r.csv --json
is "R-PF-17 D35: the same file again changes nothing" "$(field unchanged)" 2
run list records --person=$zhang $today --json
status_is 0 "R-PF-17: they stand in the file"
out_has '"kind":"registration"' "as registrations"
out_has '"level":"A"' "of level A"
out_has 一级注册建造师 "with what the register says"
record=$(sed -n 's/.*"record":"\(E[0-9a-f]*\)".*/\1/p' "$out")
run show person $zhang $today --json
out_has 一级注册建造师 "R-PF-17: also in the person's file"

# --- read only
run delete-record --person-name=张一 --person-id-type=身份证 --person-id-number=$zhang --record="$record" $today --json
status_is 1 "R-DL-04: nobody deletes it"
out_has '"code":"record_external"' "record_external"

# --- another row replaces; another person takes it away
{ echo $header; echo "身份证,$zhang,一级注册建造师, 沪１３１００００００１ ,$E2,正常,,2027-12-31"; } > moved.csv
iconv -f UTF-8 -t GB18030 moved.csv > moved-gb.csv
run import registrations moved-gb.csv $today --json
is "R-DL-04 D35: another row of the same key replaces it" "$(field accepted)" 1
run list records --person=$zhang $today --json
is "there is one" "$(grep -c '"kind":"registration"' "$out")" 1
out_has $E2 "as the last row says"
sed "s/$zhang/$li/" moved.csv > given.csv
run import registrations given.csv $today --json
is "D35: a number that is somebody else's now" "$(field accepted)" 1
run list records --person=$zhang $today --json
out_lacks 一级注册建造师 "leaves the first one's file"
run list records --person=$li $today --json
out_has 一级注册建造师 "and stands in the other"
run import registrations moved.csv $today --json
is "A, B, A are three changes" "$(field accepted)" 1

# --- contracts
contracts=证件类型,证件号码,项目名称,项目规模及技术指标,本人在工程中所起的作用,完成项目的工程单位,资质名称及等级,开始时间,结束时间,项目所在地省市,业绩完成单位所在地省市
{ echo $contracts
  echo "身份证,$zhang,示范大厦,三万平方米,施工-项目经理,上海甲示范建设有限公司,,2020-01-01,2021-06-30,上海市,上海市"
  echo "身份证,$zhang,示范大厦,三万平方米,施工-安全员,上海甲示范建设有限公司,,2020-01-01,2021-06-30,上海市,上海市"
} > contracts.csv
run import contracts contracts.csv $today --rejects=c.csv --json
is "R-PF-20: contracts" "$(field accepted)" 1
grep -q bad_code c.csv
report $? "R-PF-21: a role is one of the 13"
run import contracts contracts.csv $today --rejects=c.csv --json
is "R-PF-20: the same again is unchanged" "$(field unchanged)" 1
run list records --person=$zhang $today --json
out_has 示范大厦 "R-PF-20: the project stands in the file"
out_has '"kind":"project"' "as a project"

# --- the policy (R-NAT-15)
printf '姓名,证件类型,证件号码,类别,考核类型,考试日期,结论,成绩有效期至,准考证号\n张一,身份证,%s,C1,新取证,2026-04-01,合格,2027-04-01,T1\n李二,身份证,%s,B,新取证,2026-04-01,合格,2027-04-01,T2\n王三,身份证,310101197304040076,B,新取证,2026-04-01,合格,2027-04-01,T3\n' $zhang $li > exams.csv
run import exams exams.csv $today --json
run policy set insurance.months_required 0 --decision=D-1 $today
run policy set b.require_registration yes --decision=D-2 $today
issue() {
    run issue --enterprise=$E2 --category=B --person-name="$1" --person-id-type=身份证 --person-id-number="$2" --confirmed $today --json
}
issue 王三 310101197304040076
out_has not_registered_practitioner "R-NAT-15: nobody who is not registered"
issue 李二 $li
out_has not_registered_practitioner "R-NAT-15: nor by a registration that is over"
sed 's/,注销,不再执业,/,正常,,/' registrations.csv > good.csv
run import registrations good.csv $today --rejects=r.csv --json
issue 李二 $li
out_has '"outcome":"accepted"' "R-NAT-15: a constructor registered with the enterprise"

# --- erased
run erase-person --clerk=SH1 --person-name=张一 --person-id-type=身份证 --person-id-number=$zhang --decision=删1 $today --json
status_is 0 "R-PV-02: a person with such records is erased"
rm -f store/reports/*.rejects.csv
left=$(find store -type f ! -path 'store/log/*' -exec grep -la -e 示范大厦 -e 沪1310000001 {} +)
is "R-PV-02: and what the registers said of the person" "$left" ""
run rebuild --verify --json
status_is 0 "inline equals rebuild"
run import dances registrations.csv
err_has "registrations contracts" "a wrong register is told all that there are"
done_testing
