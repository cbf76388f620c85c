#!/bin/sh
# t1040-block - a person is blocked (R-PV-02): kept, and nothing else is done with him.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
status_is 0 "a town"
export ANZHENG_STORE="$work/store"
today=--today=2026-05-06
uyghur=310101197001010013 # 阿𠮷·买提: A, B and C1 at E1
who="--person-name=阿𠮷·买提 --person-id-type=身份证 --person-id-number=$uyghur"
number='沪建安B(2019)0000002'

run regenerate $today --json

run download "$number" --enterprise=$E1 --out=before.pdf $today
status_is 0 "R-PV-02: before, the certificate goes out"
run show person $uyghur $today --json
person=$(field person)

run block-person --clerk=SH1 $who --decision=停2026-1 --dry-run $today --json
status_is 0 "R-PV-02: it can be tried"
run show person $uyghur $today --json
out_has 阿𠮷·买提 "and trying changes nothing"
run block-person --clerk=SH1 $who --decision=停2026-1 $today --json
status_is 0 "R-PV-02: a clerk blocks the person"
out_has '"in_force":"沪建安A(2019)0000001' "and is told which certificates are in force"
run block-person --clerk=SH1 $who --decision=停2026-2 $today --json
status_is 1 "R-PV-02: once"
out_has already_blocked "with a code of its own"

# --- actions
run cancel --enterprise=$E1 --certificate="$number" --reason=employment_ended --confirmed $today --json
status_is 1 "R-PV-02: an action on the certificate is refused"
out_has '"code":"person_blocked"' "person_blocked"
run depart --enterprise=$E1 $who --confirmed $today --json
out_has '"code":"person_blocked"' "R-PV-02: and one that names the person"
run cancel --enterprise=$E2 --certificate="$number" --reason=employment_ended --confirmed $today --json
out_has not_own_certificate "R-PV-02: another enterprise does not learn of it"
run request-regeneration --enterprise=$E1 --certificate="$number" $today --json
out_has '"code":"person_blocked"' "R-PV-02: no regeneration"

# --- rows of registers
grep -e 姓名 -e $uyghur identities.csv | sed 's/2020-06-01/2021-06-01/' > again.csv
run import identities again.csv $today --json
status_is 1 "R-PV-02: a row about the person"
is "is rejected" "$(field rejected)" 1
grep -q person_blocked store/reports/*.rejects.csv
report $? "with the code"
printf '证件类型,证件号码,统一社会信用代码,缴纳月份\n身份证,%s,%s,2026-05\n' $uyghur $E1 > insurance.csv
run import insurance insurance.csv $today --json
is "R-PV-02: also one that names the number alone" "$(field rejected)" 1
cat > national.csv <<END
证书编号,姓名,证件类型,证件号码,类别,企业名称,发证日期,有效期至,状态
苏建安B（2020）0000101,阿𠮷·买提,身份证,$uyghur,B,南京样板建设有限公司,2024-05-01,2027-04-30,注销
苏建安B（2020）0000102,张一,身份证,310101197102020034,B,南京样板建设有限公司,2024-05-01,2027-04-30,注销
END
run import national national.csv $today --json
is "R-PV-02: and a record of another province, not those of others" "$(field accepted) $(field rejected)" "1 1"

# --- lists, show, history
run list certificates --enterprise=$E1 $today --json
out_has "$number" "R-PV-02: the certificate stays listed"
out_lacks 𠮷 "without the name"
out_lacks '310\*' "and the number"
run list persons $today --json
out_lacks "$person" "R-PV-02: the person is not listed"
run list persons --name=阿𠮷·买提 $today --json
out_lacks "$person" "R-PV-02: nor found by name"
run list certificates --name=阿𠮷·买提 $today --json
out_lacks "$number" "R-PV-02: nor the certificate"
run list records $today --json
out_lacks 𠮷 "R-PV-02: nor records"
run show person $uyghur $today --json
status_is 0 "R-PV-02: shown"
out_has '"blocked":true' "as blocked"
out_lacks 𠮷 "without the name"
out_lacks 1970 "and the birth date"
run show person $uyghur --unmasked --reason=查 $today --json
status_is 1 "R-PV-02: not unmasked"
err_has person_blocked "person_blocked"
run show certificate "$number" $today --json
out_has '"status":"valid"' "R-PV-02: public facts stay"
out_lacks 𠮷 "without the name"
run audit history person $uyghur $today --json
status_is 0 "R-PV-02: the history tells how often"
out_has person_blocked "and of the blocking"
out_lacks 𠮷 "without what"

# --- documents
run download "$number" --enterprise=$E1 --out=after.pdf $today
status_is 1 "R-PV-02: nothing is handed out"
[ ! -e after.pdf ]
report $? "no file"
run download "$number" --enterprise=$E2 --out=after.pdf $today
err_has "does not belong" "R-PV-02: another enterprise is told what it always was"
events=$(newest store)
run regenerate --all --enterprise=$E1 $today --json
is "R-PV-02: nothing is drawn" "$("$ANZHENG" audit history certificate "$number" $today --json | grep -c document_rendered)" 0
run regenerate --certificate="$number" $today --json
status_is 1 "R-PV-02: not by its number either"

# --- an earlier day, and what is read by people
run audit replay --as-of=2026-05-05 --out=before --json
status_is 0 "R-PV-02: an earlier day is replayed"
cat before/*.csv > "$out"
out_has "$number" "with the certificate"
out_lacks 𠮷 "R-PV-02: and shows nothing of who is left alone now"
run show person $uyghur $today --lang=zh
out_has 已停止处理 "show person says so in words"
run audit history person $uyghur $today --lang=zh
out_has 停止处理个人信息 "and so does the history"

# --- waves
sed "s/上海甲示范建设有限公司/上海甲示范集团有限公司/" enterprises.csv > renamed.csv
run import enterprises renamed.csv $today --json
run rename run $E1 $today --json
out_has person_blocked "R-PV-02 R-NM-06: in a wave the item fails"
run show certificate "$number" $today --json
out_has 上海甲示范建设有限公司 "and keeps what it had"

# --- what is stored stays
[ -s store/keys/persons.keys ]
run rebuild --verify $today --json
status_is 0 "R-PV-02: inline equals rebuild"
run audit verify $today --json
status_is 0 "and the log verifies"
done_testing
