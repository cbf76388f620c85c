#!/bin/sh
# What goes back to the national platform (CONTRACT 6, D17, R-NAT-04): every version of a document and
# every change of state as a record with its codes, masked unless asked for, and logged then (R-PV-07).
. "$(dirname "$0")/lib.sh"
. "$here/town.sh"
make_town s
export ANZHENG_STORE="$work/s"
A1='沪建安A(2019)0000001' B2='沪建安B(2019)0000002' B4='沪建安B(2019)0000004' C5='沪建安C2(2019)0000005'
C6='沪建安C3(2019)0000006' C8='沪建安C(2019)0000008' B9='沪建安B(2019)0000009' B10='沪建安B(2019)0000010'
WANG='"person":{"name":"王三","id_type":"身份证","id_number":"310101197304040076"}'

# The codes of the records since an event: number, class, state, operation.
codes() { # since, options
    since=$1
    shift
    run export national --since="$since" "$@"
    sed -n 's/.*"certNum":"\([^"]*\)".*"categoryCode":"\([^"]*\)".*"certState":"\([^"]*\)".*"operateType":"\([^"]*\)".*/\1 \3 \4/p' "$out"
}
step() { # day, what it makes, what is told; the wishes are on stdin
    before=$(newest s)
    cat > wish.jsonl
    run submit wish.jsonl --now="$1"T09:00:00+08:00 --quiet
    [ "$status" = 0 ] || diagnose
    is "$3" "$(codes "$before" --today="$1" | tr '\n' ';')" "$2"
}
wide() { echo "$1" | sed 's/(/（/; s/)/）/'; }

# --- the contract's verb ---------------------------------------------------------------------------
run export national --since=0 --today=2026-05-05
status_is 0 "everything"
is "one record for each electronic certificate" "$(wc -l < "$out")" 11
out_has '"certNum":"沪建安B（2019）0000002"' "with full-width brackets"
out_lacks '沪建安B(' "and no others"
out_lacks '310101197102020034' "numbers are masked"
out_lacks '沪建安A（2019）0000007' "a paper certificate has no record"
first=$(grep 0000004 "$out" | head -1)
case $first in
*'"provinceNum":"310000","certNum":"沪建安B（2019）0000004"'*'"issuedDate":"2019-01-05","issuDate":"2025-01-05","effectiveDate":"2025-01-05","expiringDate":"2028-01-04","categoryCode":"B","name":"张一","gender":"1","birthDate":"1971-02-02","identityCard":"310*************34","identityCardType":"111","companyName":"上海甲示范建设有限公司","creditCode":"'$E1'","appointment":"07","technicalTitle":null,"educationDegree":null,"major":null,"photo":null,"certState":"01","certStatusDescription":null,"associatedZzeCertID":null,'*'"operateType":"01","oldcertNum":null,"zzeCertID":"1.2.156.3005.2.11100000000013338W011.'*) right=0 ;;
*) right=1 ;;
esac
report $right "the fields of the national record, in their order"
is "eCertID is 32 hex digits, and of one certificate alone" \
    "$(grep -oE '"eCertID":"[0-9a-f]{32}"' "$out" | sort -u | wc -l)" 11
cp "$out" all
before=$(newest s)
chmod -R a-w s
run export national --since=0 --today=2026-05-05
status_is 0 "a read-only store is enough"
chmod -R u+w s
cmp -s all "$out"
report $? "the same bytes"
is "what is masked leaves no event" "$(newest s)" "$before"
run export national --since="$(newest s)" --today=2026-05-05
status_is 0 "nothing since"
is "is an empty answer" "$(wc -c < "$out")" 0
for wrong in --since=-1 --since=x --since=99999; do
    run export national $wrong --today=2026-05-05
    status_is 64 "no event: $wrong"
done

# --- in full ---------------------------------------------------------------------------------------
before=$(newest s)
run export national --since=0 --unmasked --today=2026-05-05
status_is 64 "in full with a reason only"
run export national --since=0 --unmasked --reason=归集 --out=full.jsonl --now=2026-05-05T10:00:00+08:00
status_is 0 "in full"
is "into a file of its own" "$(stat -c %a full.jsonl) $(wc -c < "$out")" "600 0"
is "it is logged" "$(newest s)" $((before + 1))
has full.jsonl '"identityCard":"310101197102020034"' "with the number"
is "a photo each" "$(grep -c '"photo":"/9j/' full.jsonl)" 11
has full.jsonl '"url":"https://anzheng.example/verify?t=' "and the page's address"
grep 0000004 full.jsonl | sed 's/.*"photo":"\([^"]*\)".*/\1/' | base64 -d > photo.jpg
cmp -s photo.jpg photos/02.jpg
report $? "the photo is the collected one"
err_has 'categoryCode' "what the platform's tables lack is told: a plain C"
is "no number is told" "$(grep -c 310101197 "$err")" 0

# --- each code -------------------------------------------------------------------------------------
step 2026-05-06 "$(wide "$B4") 04 05;" "cancelled: 04/05" <<END
{"id":"c1","action":"cancel","enterprise":"$E1","certificate":"$B4","reason":"employment_ended","confirmed":true}
END
step 2026-05-06 "$(wide "$B4") 01 09;" "taken over: 01/09" <<END
{"id":"a1","action":"change_affiliation","enterprise":"$E2","person":{"name":"张一","id_type":"身份证","id_number":"310101197102020034"},"certificates":["$B4"],"confirmed":true}
END
first=$(grep -o '"identityCard".*' "$out")
case $first in
*'"creditCode":"'$E2'"'*'"associatedZzeCertID":"1.2.156.3005.2.'*.20190000004.001.*'"zzeCertID":"1.2.156.3005.2.'*.20190000004.002.*) right=0 ;;
*) right=1 ;;
esac
report $right "with the version before and its own"
step 2026-05-06 "$(wide "$A1") 06 05;$(wide "$B2") 06 05;沪建安C1（2019）0000003 06 05;" "departed: 06/05" <<END
{"id":"d1","action":"depart","enterprise":"$E1","person":{"name":"阿𠮷·买提","id_type":"身份证","id_number":"310101197001010013"},"confirmed":true}
END
step 2026-05-06 "$(wide "$B2") 01 10;" "departure withdrawn: 01/10" <<END
{"id":"w1","action":"withdraw_departure","clerk":"SH1","certificate":"$B2","decision":"撤-1"}
END
step 2026-05-06 "$(wide "$C5") 02 03;" "suspended: 02/03" <<END
{"id":"s1","action":"suspend","clerk":"SH1","certificate":"$C5","decision":"暂-1"}
END
step 2026-05-06 "$(wide "$C5") 01 06;" "given back: 01/06" <<END
{"id":"s2","action":"reinstate","clerk":"SH1","certificate":"$C5","decision":"还-1"}
END
step 2026-05-06 "$(wide "$C5") 03 05;" "revoked: 03/05" <<END
{"id":"s3","action":"revoke","clerk":"SH1","certificate":"$C5","decision":"撤-2"}
END
step 2026-05-06 "$(wide "$B9") 07 05;" "withdrawn: 07/05" <<END
{"id":"s4","action":"withdraw","clerk":"SH1","certificate":"$B9","decision":"吊-1"}
END
step 2026-05-06 "$(wide "$B10") 04 05;" "cancelled by the authority: 04/05" <<END
{"id":"s5","action":"cancel_by_authority","clerk":"SH1","certificate":"$B10","decision":"注-1"}
END
step 2026-05-06 "$(wide "$C8") 01 09;" "a holder's name: 01/09" <<END
{"id":"r1","action":"rename_person","clerk":"SH1","person":{"name":"赵五","id_type":"身份证","id_number":"310101197506060112"},"new_name":"赵伍","materials":["enterprise_statement","id_card","police_correction","certificates"]}
END
out_has '"name":"赵伍"' "with the new name"
step 2026-05-06 "" "a corrected ID number has an interface of its own" <<END
{"id":"n1","action":"change_id_number","clerk":"SH1","person":{"name":"赵伍","id_type":"身份证","id_number":"310101197506060112"},"new_id_number":"310101197506060139","decision":"更-1"}
END
step 2026-05-06 "$(wide "$B4") 01 09;" "a correction: 01/09" <<END
{"id":"k1","action":"correct_certificate","clerk":"SH1","certificate":"$B4","decision":"更-2","valid_until":"2028-01-03"}
END
step 2026-05-06 "" "asked for anew: nothing has changed" <<END
{"id":"q1","action":"request_regeneration","enterprise":"$E2","certificate":"$B4"}
END

# --- waves -----------------------------------------------------------------------------------------
before=$(newest s)
sed -i "s/上海乙示范（集团）有限公司/上海乙示范集团/" enterprises.csv
run import enterprises enterprises.csv --now=2026-05-06T09:10:00+08:00
run rename-enterprise --enterprise=$E2 --confirmed --now=2026-05-06T09:11:00+08:00
status_is 0 "a wave of names"
is "every name is one record: 01/09" "$(codes "$before" --today=2026-05-06 | cut -d' ' -f2- | sort | uniq -c | tr -s ' ' | tr '\n' ';')" " 4 01 09;"
before=$(newest s)
echo '{"id":"v1","action":"extend_by_notice","clerk":"SH1","notice":"通-1","value":"2028-03-01","selection":{"category":"C3"},"confirmed":true}' > notice.json
sed -i 's/,"confirmed":true//' notice.json
run notice run notice.json --now=2026-05-06T09:12:00+08:00
status_is 0 "a notice"
is "an end moved by notice: 01/02" "$(codes "$before" --today=2026-05-06 | tr '\n' ';')" "$(wide "$C6") 01 02;"
before=$(newest s)
echo '{"id":"v2","action":"convert_category","clerk":"SH1","notice":"通-2","value":"C3","selection":{"category":"C"}}' > notice.json
run notice run notice.json --now=2026-05-06T09:13:00+08:00
status_is 0 "another"
is "a class by notice: 01/09" "$(codes "$before" --today=2026-05-06 | tr '\n' ';')" "$(wide "$C8") 01 09;"
out_has '"categoryCode":"C3"' "with the class as it is now"

# --- extension, entry, superseded ------------------------------------------------------------------
cat > exams.csv <<END
姓名,证件类型,证件号码,类别,考核类型,考试日期,结论,成绩有效期至,准考证号
王三,身份证,310101197304040076,C3,延期,2027-12-01,合格,2028-12-01,Z1
李二,身份证,310101197203030055,C1,新取证,2027-12-01,合格,2028-12-01,Z2
李二,身份证,310101197203030055,C3,新取证,2027-12-01,合格,2028-12-01,Z3
END
printf '证件类型,证件号码,缴纳单位统一社会信用代码,缴纳月份\n身份证,310101197304040076,%s,2027-12\n身份证,310101197203030055,%s,2027-12\n' $E2 $E2 > insurance.csv
cat > national.csv <<END
证书编号,姓名,证件类型,证件号码,类别,企业名称,统一社会信用代码,发证机关,初次领证日期,发证日期,有效期至,状态
苏建安B（2026）0000077,孙${UNASSIGNED}七,身份证,310101197809090175,B,江苏某公司,,江苏省住房和城乡建设厅,2026-01-10,2026-01-10,2029-01-09,注销
END
printf '%%PDF-1.4\n%%%%EOF\n' > proof.pdf
for kind in exams insurance national; do
    run import $kind $kind.csv --now=2027-12-06T09:00:00+08:00
    status_is 0 "$kind"
done
is "rows of the national register are not sent back" "$(codes "$((before + 2))" --today=2027-12-06)" ""
step 2027-12-06 "$(wide "$C6") 01 02;" "extended: 01/02" <<END
{"id":"e1","action":"extend","enterprise":"$E2","certificate":"$C6","confirmed":true}
END
step 2027-12-06 "沪建安C1（2027）0000001 01 01;" "issued: 01/01" <<END
{"id":"i2","action":"issue","enterprise":"$E2","category":"C1","person":{"name":"李二","id_type":"身份证","id_number":"310101197203030055"},"confirmed":true}
END
step 2027-12-06 "沪建安C3（2027）0000002 01 01;沪建安C1（2027）0000001 04 05;" "superseded: 04/05" <<END
{"id":"i3","action":"issue","enterprise":"$E2","category":"C3","person":{"name":"李二","id_type":"身份证","id_number":"310101197203030055"},"confirmed":true}
END
run cancel-by-authority --clerk=SH1 --certificate='沪建安B(2019)0000011' --decision=注-2 --now=2027-12-06T10:00:00+08:00
step 2027-12-06 "沪建安B（2027）0000003 01 08;" "moved in: 01/08" <<END
{"id":"m1","action":"enter","enterprise":"$E2","person":{"name":"孙${UNASSIGNED}七","id_type":"身份证","id_number":"310101197809090175"},"original_certificate":"苏建安B（2026）0000077","declaration_accepted":true,"proof":"proof.pdf","confirmed":true}
END
out_has '"oldcertNum":"苏建安B（2026）0000077"' "with the number it had"
err_has 'associatedZzeCertID' "the other province's identifier is not known, and that is told"

# --- what ran out ----------------------------------------------------------------------------------
before=$(newest s)
is "on its last day a certificate is good" "$(codes "$before" --today=2028-01-03 | tr '\n' ';')" ""
is "a day later it has run out: 05/04" "$(codes "$before" --today=2028-01-04 | tr '\n' ';')" "$(wide "$B4") 05 04;"
run export national --since="$before" --unmasked --reason=归集 --now=2028-01-04T09:00:00+08:00
is "and is told once" "$(wc -l < "$out") $(codes "$(newest s)" --today=2028-01-04 | wc -l)" "1 0"
ended="沪建安A（2026）0000001 05 04;$(wide "$B2") 05 04;$(wide "$C8") 05 04;"
is "the next ones when they end" "$(codes "$(newest s)" --today=2028-01-05 | tr '\n' ';')" "$ended"
step 2028-01-06 "$(wide "$B4") 05 09;$ended" "a holder is renamed after the end: 05/09" <<END
{"id":"r9","action":"rename_person","clerk":"SH1","person":{"name":"张一","id_type":"身份证","id_number":"310101197102020034"},"new_name":"张壹","materials":["enterprise_statement","id_card","police_correction","certificates"]}
END

# --- who is left alone -----------------------------------------------------------------------------
run export national --since=0 --today=2028-01-06
had=$(wc -l < "$out")
own=$(grep -c '"name":"王三"' "$out")
run block-person --clerk=SH1 --person-name=王三 --person-id-type=身份证 --person-id-number=310101197304040076 --decision=删-1 --now=2028-01-06T10:00:00+08:00
status_is 0 "a person is blocked"
run export national --since=0 --today=2028-01-06
is "nothing of theirs is sent any more" "$(wc -l < "$out")" $((had - own))
err_has "$own records of persons" "and how many records that is"

# --- an output that cannot be -----------------------------------------------------------------------
run export national --since=0 --out=no/such/file --today=2028-01-06
status_is 73 "a file that cannot be made"
run export national --since=0 --out=/dev/full --today=2028-01-06
status_is 74 "a full disk"
run export national --help --lang=zh
out_has '须给出 --reason' "help in Chinese"
done_testing
