#!/bin/sh
# t0890-manual - the operation manual beside the program, as a registrar reads it: where it gives
# words they are its own (compared with docs/sources, blanks and line ends apart), who may collect
# an identity where, which spelling of a number finds its record, what a page keeps.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06
manual=$(tr -d ' \n\r<>' < "$here/../../docs/sources/operation-manual.txt")

message() { sed -n 's/.*"message":"\([^"]*\)".*/\1/p' "$out"; }
detail() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$out"; }

in_manual() { # text, what
    words=$(printf %s "$1" | tr -d ' \n\r<>')
    case $manual in
    *"${words:-nothing}"*) report 0 "$2" ;;
    *)
        report 1 "$2"
        echo "#   not in the manual: $words"
        ;;
    esac
}
in_manual 注销完成后证书失效 "words of the manual are found"
case $manual in *注销完成后证书有效*) report 1 "others are not" ;; *) report 0 "others are not" ;; esac

# --- the manual's own words -----------------------------------------------------------------------
cat > paper2.csv <<END
$(head -1 paper.csv)
沪建安B(2024)0000051,B,李未采,身份证,310101189912310025,$jia,上海甲建设有限公司,,2024-03-01,2024-03-01,2027-02-28,有效
沪建安A(2024)0000052,A,赵一,身份证,310101189912310025,$jia,上海甲建设有限公司,法定代表人,2024-03-01,2024-03-01,2027-02-28,有效
END
run import paper paper2.csv $today
status_is 0 "two more paper certificates"
run exchange --certificate='沪建安B(2024)0000051' --enterprise=$jia --confirmed $today --json --lang=zh
out_has '"code":"identity_not_collected","rule":"R-GEN-03"' "R-GEN-03: nothing without a collected identity"
in_manual "$(message | sed 's/^[^。]*。//')" "R-GEN-03: the guidance is the manual's, in full"
is "R-GEN-03: from its first word to its last" "$(message | sed 's/^[^。]*。//; s/^\(如果没有\).*\(录入。\)$/\1\2/')" 如果没有录入。
is "R-GEN-03: and says what is missing" "$(message | sed 's/。.*/。/')" "未查询到该人员的身份采集信息。"

cat > national.csv <<'CSV'
证书编号,姓名,证件类型,证件号码,类别,企业名称,统一社会信用代码,发证机关,初次领证日期,发证日期,有效期至,状态
苏建安B(2022)0000005,孙三,身份证,310101189912310017,B,江苏某公司,,江苏省住房和城乡建设厅,2019-02-01,2022-02-01,2026-01-05,注销
苏建安C(2022)0000006,孙三,身份证,310101189912310017,C,江苏某公司,,江苏省住房和城乡建设厅,2019-02-01,2022-02-01,2026-06-30,失效
CSV
run import national national.csv $today --json
is "the national platform's records" "$(field accepted)" 2
enter() { # original number, further options
    run enter --person-name=孙三 --person-id-type=身份证 --person-id-number=$holder --original-certificate="$1" \
        --declaration-accepted --proof=proof.pdf --confirmed --enterprise=$jia $today --json "${2:---lang=zh}"
}
printf '%%PDF-1.4\nproof\n' > proof.pdf
enter '苏建安B(2022)0000005'
out_has '"code":"national_record_expired","rule":"R-IN-09"' "R-IN-09: past its end"
is "R-IN-09: with the platform's date" "$(message | grep -c '有效期结束日期为：2026-01-05，')" 1
in_manual "$(message | sed 's/2026-01-05/xxxx-xx-xx/')" "R-IN-09: the text is the manual's, to the letter"
sentence=$(message)
enter '苏建安B(2022)0000005' --lang=en
out_has "national platform ended on 2026-01-05" "R-IN-09: to an English reader in English"
out_has "$sentence" "R-IN-09: and to the letter, for whoever asks the clerk why"

run help enter --lang=zh
declaration=$(sed -n '/^本公司已充分知悉/,/^4\. /p' "$out")
in_manual "$declaration" "R-IN-05: the declaration that may be read is the manual's"
is "R-IN-05: all four clauses" "$(echo "$declaration" | grep -c '^[1-4]\. ')" 4
run enter --person-name=孙三 --person-id-type=身份证 --person-id-number=$holder \
    --original-certificate='苏建安C(2022)0000006' --proof=proof.pdf --confirmed --enterprise=$jia $today --json
out_has '"code":"declaration_not_accepted","rule":"R-IN-04"' "R-IN-04: without it nothing goes on"

# --- the spelling of the original number ------------------------------------------------------------
enter '苏建安C(2022)000006'
out_has '"code":"national_record_not_found","rule":"R-IN-10"' "R-IN-07: another number finds nothing"
in_manual "$(message | sed 's/.*。“/“/; s/该网站/“全国工程质量安全管理信息平台公共服务门户”网站（https:\/\/zlaq.mohurd.gov.cn）/')" \
    "R-IN-07: and the answer says where to copy it from"
enter ' 苏建安Ｃ（２０２２）　０００００６ '
out_has '"code":"national_record_not_found"' "R-IN-07: full-width digits are read, a digit less is another number"
enter ' 苏建安Ｃ（2022）　0000006 '
out_has '"outcome":"accepted"' "R-IN-07: full-width brackets and blanks are the same number"
entered=$(sed 's/.*"certificates":\["\([^"]*\)".*/\1/' "$out")
is "D17: what was issued is shown in half width" "$(echo "$entered" | sed 's/[0-9]/0/g')" '沪建安C0(0000)0000000'
is "R-GEN-10: the way on is named" "$(detail see)" 电子证书查询及下载
in_manual "【$(detail see)】" "R-GEN-10: as the manual calls it"
enter '苏建安C(2022)0000006'
out_has '"code":"national_record_used","rule":"R-IN-17"' "R-IN-07: in half width it is the same one, used already"
run show certificate "$entered" $today --json
out_has '"valid_until":"2026-06-30"' "R-IN-15: its end is the original's"

# --- exchange: at once off the list, the document later ---------------------------------------------
run list exchangeable --enterprise=$jia $today --json
is "R-EX-02: own, paper, valid, not exchanged" "$(grep -c . "$out")" 3
run show certificate "$paper" $today --json
out_has '"medium":"paper","status":"valid"' "R-EX-04: the paper's data are there to be checked"
run show person $holder --lang=zh $today
out_has 照片 "R-EX-04: and whether there is a photo"
run exchange --certificate="$paper" --name=孙二 --enterprise=$jia --confirmed $today --json --lang=zh
out_has '"code":"identity_mismatch"' "R-EX-05: wrong data stop the exchange"
out_has 如证书信息有误请联系管理部门处理 "R-EX-05: and lead to the authority"
echo '{"id":"e","action":"exchange","enterprise":"'$jia'","certificate":"'"$paper"'","confirmed":true,"valid_until":"2030-01-01"}' > e.jsonl
run submit e.jsonl $today
out_has '"outcome":"invalid","code":"bad_field"' "R-GEN-05: an enterprise has no field to edit a certificate with"
run exchange --certificate="$paper" --enterprise=$jia $today --json
out_has '"code":"not_confirmed","rule":"R-EX-06"' "R-EX-06: not without confirmation"
run list exchangeable --enterprise=$jia $today --json
is "R-EX-07: refused, it stays on the list" "$(grep -c "$paper" "$out")" 1
run exchange --certificate="$paper" --enterprise=$jia --confirmed $today --json
out_has '"outcome":"accepted"' "R-GEN-11: decided at once"
run show certificate "$paper" $today --json
out_has '"document":{"status":"pending"' "R-GEN-11: while the document is still to be made"
run list exchangeable --enterprise=$jia $today --json
is "R-EX-07: exchanged, it is off the list at once" "$(grep -c "$paper" "$out")" 0
run request-regeneration --certificate="$paper" --enterprise=$jia $today --json --lang=zh
in_manual "$(detail note)" "R-QD-08: the note is the manual's"
run request-regeneration --certificate="$paper" --enterprise=$jia $today --json
run regenerate $today --json
is "R-EX-09: however often asked for, one document each" "$(field wanted) $(field rendered)" "2 2"
run regenerate $today --json
is "R-EX-09: and none is made twice" "$(field wanted)" 0

# --- what is shown before it is confirmed ------------------------------------------------------------
cat > exams.csv <<CSV
姓名,证件类型,证件号码,类别,考核类型,考试日期,结论,成绩有效期至
孙三,身份证,$holder,A,新取证,2025-12-10,合格,2026-12-10
CSV
printf '证件类型,证件号码,缴纳单位统一社会信用代码,缴纳月份\n身份证,%s,%s,2025-12\n' $holder $jia > insurance.csv
run import exams exams.csv $today
run import insurance insurance.csv $today
issue() {
    run issue --category=A --person-name=孙三 --person-id-type=身份证 --person-id-number=$holder --enterprise=$jia \
        --confirmed $today --json "$@"
}
before=$(newest)
issue --dry-run
is "R-IS-11: the exam is shown before it is confirmed" "$(detail exam_date)" 2025-12-10
is "R-IS-12: and nothing has happened yet" "$(newest)" "$before"
enter '苏建安C(2022)0000006'
is "R-IN-17: nor by a refusal" "$(newest)" "$before"
issue
is "R-IS-03: confirmed, it is issued" "$(detail valid_until)" 2029-01-05
run list issuances --enterprise=$jia $today --json
is "R-GEN-06: its record stands in the list of issuances" "$(grep -c 建安A "$out")" 1
run regenerate $today

# --- a page keeps what was printed ------------------------------------------------------------------
sed 's/上海甲建设/上海甲新建设/' enterprises.csv > renamed.csv
run import enterprises renamed.csv $today
sed 's/在线$/在线/; s/2025-12-01/2026-01-06/' identities.csv > identities2.csv
run import identities identities2.csv $today --json
is "an identity is collected anew" "$(field accepted)" 1
run regenerate $today --json
is "D25: registers and new identities change no page" "$(field wanted)" 0
run show certificate "$paper" $today --json
out_has '"name":"上海甲建设有限公司"' "D25: the printed name stays until the enterprise asks"
file=$(sed -n 's/.*"file":"\([^"]*\)".*/\1/p' "$out")
pdftotext "store/$file" text
has text 孙三 "R-PV-06: the certificate names its holder"
is "R-PV-06: but has no document number" "$(grep -c 3101 text)" 0
run list certificates --json $today
out_has '310*************17' "R-PV-05: lists show a masked number"
out_lacks $holder "R-PV-05: never the whole one"
grep -rqaF -e 孙三 -e $holder store/log store/reports || find store | grep -qF -e 孙三 -e $holder
is "R-PV-01: neither name nor number is in the log, in reports or file names" $? 1
grep -rqaF $holder store
is "R-PV-01: and the number nowhere" $? 1
run rename-enterprise --enterprise=$jia --confirmed $today --json
is "R-BJ-03: a name wave is a record of its own" "$(field count)" 5

# --- cancellation and departure ---------------------------------------------------------------------
cancel() { # reason
    run cancel --certificate="$paper" --reason="$1" --enterprise=$jia --confirmed $today --json --lang=zh
}
cancel moved
for reason in 已与聘用企业解除聘用合同关系 死亡或不具有完全民事行为能力; do
    is "R-CX-05: $reason is named" "$(message | grep -c "（$reason）")" 1
    in_manual $reason "R-CX-05: as the manual calls it"
done
depart() {
    run depart --person-name=孙三 --person-id-type=身份证 --person-id-number=$holder --certificate="$entered" \
        --enterprise=$jia $today --json --lang=zh "$@"
}
depart
in_manual "$(detail prompt)" "R-DP-05: before it is confirmed the manual's prompt is shown"
depart --confirmed
in_manual "$(detail notice)" "R-DP-06: the answer is the manual's"
cancel employment_ended
out_has '"outcome":"accepted"' "cancelled"
run list issuances --enterprise=$jia $today --json
issued=$(grep -c 建安A "$out")
run list entries --enterprise=$jia $today --json
is "R-GEN-08: what is cancelled and departed keeps its records" "$(grep -c "$entered" "$out") $issued" "1 1"
run list cancellations --enterprise=$jia $today --json
is "R-GEN-06: a cancellation stands in its own list" "$(grep -c "$paper" "$out")" 1
run list departures --enterprise=$jia $today --json
is "R-GEN-06: and a departure in its own" "$(grep -c "$entered" "$out") $(grep -c "$paper" "$out")" "1 0"
cat > a.jsonl <<END
{"id":"a1","action":"change_affiliation","enterprise":"$yi","person":{"name":"赵一","id_type":"身份证","id_number":"310101189912310025"},"certificates":["沪建安A(2024)0000052"],"confirmed":true}
END
sed 's/"id":"a1"/"id":"a0"/' a.jsonl > b.jsonl
sed 's/李未采/赵一/' identities.csv | sed '2s/.*/赵一,男,1899-12-31,身份证,310101189912310025,,2025-12-01,在线/' > i3.csv
run import identities i3.csv $today
run exchange --certificate='沪建安A(2024)0000052' --enterprise=$jia --confirmed $today --json
out_has '"outcome":"accepted"' "the legal representative's A becomes electronic"
run submit a.jsonl $today --lang=zh
out_has '"code":"legal_representative_certificate","rule":"R-AF-02"' "R-AF-02: it cannot be taken over"
in_manual "$(message | sed 's/.*，如需/如需/')" "R-AF-02: the way out is the manual's"

# --- the counter ----------------------------------------------------------------------------------------
add_clerk SH1
run rename-person --person-name=孙三 --person-id-type=身份证 --person-id-number=$holder --new-name=孙叁 --clerk=SH1 $today --json --lang=zh
out_has '"code":"materials_incomplete","rule":"R-PN-06"' "R-PN-06: not without materials"
for material in 企业情况说明（加盖公章） 本人身份证原件和复印件 公安局出具的“公民身份证信息更正证明”或户口簿原件及复印件 \
    三类人员证书原件和复印件; do
    is "R-PN-02..05: $material" "$(message | grep -cF "$material")" 1
    in_manual "$material" "R-PN-02..05: as the manual calls it"
done
run rename-person --person-name=孙三 --person-id-type=身份证 --person-id-number=$holder --new-name=孙叁 --enterprise=$jia $today --json --lang=zh
out_has '"code":"clerk_required","rule":"R-PN-01"' "R-PN-01: no enterprise renames a person"
in_manual "$(message | grep -o '小木桥路.*一楼大厅申请办理')" "R-PN-01: and is told where to go"

# R-GEN-04: which documents are collected where.
people='姓名,性别,出生日期,证件类型,证件号码,采集窗口,采集日期,采集方式'
identity() { # type, number, window, method
    printf '%s\n高五,男,1980-01-01,%s,%s,%s,2025-12-01,%s\n' "$people" "$1" "$2" "$3" "$4" > i.csv
    run import identities i.csv $today --json --rejects=rejects.csv
}
for document in 军官证:军字第2001988号 外国护照:P1234567 港澳同胞回乡证:H12345678 台胞证:12345678 其他:X1; do
    identity "${document%%:*}" "${document#*:}" '' 在线
    is "R-GEN-04: ${document%%:*} is not collected online" "$(field rejected)" 1
    identity "${document%%:*}" "${document#*:}" 一号窗 人工
    is "R-GEN-04: but at the counter" "$(field accepted)" 1
done
identity 身份证 310101189912310033 '' 在线
is "R-GEN-04: an identity card is" "$(field accepted)" 1
identity 外国护照 P7654321 '' 人工
is "R-GEN-04: the counter is named" "$(field rejected)" 1

# --- the menus ------------------------------------------------------------------------------------------
run help --lang=zh
for menu in 纸质证书换领电子证书 电子证书查询及下载 电子证书申领 外省市人员进沪换证 电子证书变更 电子证书注销 出具离沪证明 电子证书姓名变更 \
    企业隶属关系变更 企业名称变更 重新生成领证信息; do
    out_has $menu "R-GEN-09: $menu is called so"
    in_manual $menu "R-GEN-09: by the manual too"
done
done_testing
