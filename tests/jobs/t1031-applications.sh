#!/bin/sh
# Applications for a qualification, end to end: records are chosen, held, frozen or freed; insurance
# by the register or by an uploaded proof.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"

make_town store
export ANZHENG_STORE=$work/store
day=--today=2026-05-05
ZHANG='{"name":"张一","id_type":"身份证","id_number":"310101197102020034"}'
LI='{"name":"李二","id_type":"身份证","id_number":"310101197203030055"}'
verdict() { printf '%s %s' "$(field code)" "$(field rule)"; }
answers() { sed -n 's/.*"outcome":"\([a-z]*\)","code":"\{0,1\}\([a-z_]*\).*/\1 \2/p' "$1" | tr '\n' ';'; }
answer_of() { sed -n "s/.*\"id\":\"$2\".*\"$3\":\"\([^\"]*\)\".*/\1/p" "$1"; } # file, id, field
clerk() { # verb, options
    verb=$1
    shift
    run "$verb" --json $day --clerk=SH1 "$@"
}

cat > insurance.csv <<END
证件类型,证件号码,缴纳单位统一社会信用代码,缴纳月份
身份证,310101197102020034,$E1,2026-04
身份证,310101197203030055,$E1,2026-01
END
run import insurance insurance.csv $day
status_is 0 "lines of social insurance"
cp photos/01.jpg scan.jpg
printf '\001\000\144\000\144' | dd of=scan.jpg bs=1 seek=13 conv=notrunc 2> "$err"

# 张一: a diploma, work experience, a title that nobody has seen; 李二: a skill, made by the enterprise
cat > records.jsonl <<END
{"id":"r1","action":"add_record","person":$ZHANG,"kind":"education","fields":{"学校名称":"同济大学","学历":"本科","所学专业":"土木工程","发证日期":"2012-07-01"}}
{"id":"r2","action":"add_record","person":$ZHANG,"kind":"work","fields":{"工作单位":"上海甲示范建设有限公司","起止时间":"2015-03-01至今","职称":"工程师","职务":"技术负责人","从事工作专业":"建筑施工","证明人":"李某","证明人电话":"13500000010"}}
{"id":"r3","action":"add_record","person":$ZHANG,"kind":"title","fields":{"职称":"工程师","证书编号":"ZC-1","通过(批准)日期":"2016-12-01","钢印单位全称":"示范局","考试取得":"是","制(发)证机构":"示范局"}}
{"id":"r4","action":"add_record","person":$LI,"enterprise":"$E1","kind":"skill","fields":{"证书名称":"职业资格证书","专业工种":"木工","级别":"中级"}}
END
run submit records.jsonl $day --results=records.out
is "records of two persons" "$(answers records.out)" "accepted null;accepted null;accepted null;accepted null;"
diploma=$(answer_of records.out r1 record)
job=$(answer_of records.out r2 record)
title=$(answer_of records.out r3 record)
skill=$(answer_of records.out r4 record)
cat > seen.jsonl <<END
{"id":"s1","action":"attach_scan","person":$ZHANG,"record":"$diploma","file":"scan.jpg"}
{"id":"s2","action":"verify_record","clerk":"SH1","record":"$diploma","compared":["学校名称","所学专业","学历","发证日期"],"visit":"V1"}
{"id":"s3","action":"attach_scan","enterprise":"$E1","person":$LI,"record":"$skill","file":"scan.jpg"}
END
run submit seen.jsonl $day --results=seen.out
is "the diploma was seen" "$(answers seen.out)" "accepted null;accepted null;accepted null;"

# --- opening -------------------------------------------------------------------------------------
printf '%%PDF-1.4 proof of social insurance, Nanjing' > proof.pdf
cat > open.jsonl <<END
{"id":"o1","action":"open_application","enterprise":"$E1","item":"施工二级","persons":[{"person":$ZHANG,"records":["$diploma","$title"]}]}
{"id":"o2","action":"open_application","enterprise":"$E1","item":"施工二级","persons":[{"person":$ZHANG,"records":["$diploma"]}],"insurance_months":["2026-02"]}
{"id":"o3","action":"open_application","enterprise":"$E1","item":"施工二级","persons":[{"person":$ZHANG,"records":["$diploma"]},{"person":$LI,"records":["$skill"]}]}
{"id":"o4","action":"open_application","enterprise":"$E1","item":"施工二级","persons":[{"person":$ZHANG,"records":["$skill"]}]}
{"id":"o5","action":"open_application","enterprise":"$E1","item":"施工二级","persons":{"person":$ZHANG}}
{"id":"o6","action":"open_application","enterprise":"$E1","item":"施工二级","persons":[{"person":$ZHANG,"recrods":[]}]}
{"id":"o7","action":"open_application","enterprise":"$E1","item":"施工二级","persons":[{"person":{"name":"张一","id_type":"身份证"}}]}
{"id":"o8","action":"open_application","enterprise":"$E1","item":"施工二级","persons":[{"person":{"name":"无名","id_type":"身份证","id_number":"310101199001011230"}}]}
{"id":"o9","action":"open_application","enterprise":"$E1","item":"施工二级","persons":[{"person":$ZHANG,"records":["$diploma","$job"]},{"person":$LI,"records":["$skill"]}],"insurance_months":["2026-03","2026-04","2026-05"],"insurance_proof":"proof.pdf"}
{"id":"o9","action":"open_application","enterprise":"$E1","item":"施工二级","persons":[{"records":["$diploma","$job"],"person":$ZHANG},{"name":"李二","id_type":"身份证","id_number":"310101197203030055","records":["$skill"]}],"insurance_months":["2026年3月","2026/4","2026-05"],"insurance_proof":"proof.pdf"}
END
run submit open.jsonl $day --results=open.out
is "R-DL-25..28, R-PF-01: who and what can be named" "$(answers open.out)" \
    "refused record_not_verified;refused insurance_months_outside;refused insurance_not_proven;refused record_not_found;invalid missing_field;invalid bad_field;invalid missing_field;refused identity_not_collected;accepted null;duplicate null;"
application=$(sed -n '9s/.*"application":"\([^"]*\)".*/\1/p' open.out)
is "a duplicate names the application again" "$(sed -n '10s/.*"application":"\([^"]*\)".*/\1/p' open.out)" "$application"
grep -q '"field":"persons\[0\].person.id_number"' open.out
is "a fault in the list says where" $? 0
grep -arl 'proof of social insurance' store > "$out"
is "R-DL-27: the proof is kept sealed" "$(wc -l < "$out" | tr -d ' ')" 0
run open-application --json $day --enterprise=$E1 --item=施工三级 --insurance-month=2026-04 \
    --applicant=张一,身份证,310101197102020034,"$diploma"
is "the same as a verb; a record in two applications" "$(field outcome)" accepted
second=$(field application)
run open-application --json $day --enterprise=$E1 --item=施工三级 --applicant=张一
status_is 64 "a person is name, kind and number"

# --- while it is open ----------------------------------------------------------------------------
clerk cancel-verification --record="$diploma" --lang=zh
is "R-DL-10: the verification stands" "$(verdict)" "record_in_use R-DL-10"
out_has 需等该事项结束再处理 "R-DL-10: in the guide's words"
clerk accept-application --application="$application"
is "R-DL-16: the skill was not seen yet" "$(verdict) $(field records)" "application_records_unverified R-DL-16 $skill"
clerk verify-record --record="$skill" --compared=证书名称 --compared=专业工种 --compared=级别 --visit=V1
clerk approve-application --application="$application"
is "R-DL-06: nothing is approved before it is accepted" "$(verdict)" "application_not_accepted R-DL-06"
clerk accept-application --application="$application"
is "R-DL-16: accepted" "$(field outcome) $(field application)" "accepted $application"
run close-application --json $day --enterprise=$E2 --application="$application"
is "another enterprise's is unknown" "$(verdict)" "application_unknown R-DL-10"

# --- approved: frozen ----------------------------------------------------------------------------
clerk approve-application --application="$application" --id=ok
is "R-DL-06: approved" "$(field outcome) $(field application)" "accepted $application"
run show person 310101197102020034 --json
is "R-DL-06: what was used is level B, work from D too" "$(grep -o '"level":"B"' "$out" | wc -l | tr -d ' ')" 2
out_has '"level":"D"' "R-DL-06: what was not used keeps its level"
run edit-record --json $day --person-name=张一 --person-id-type=身份证 --person-id-number=310101197102020034 \
    --record="$job" --field=职务=总监
is "R-DL-03: frozen" "$(verdict)" "record_frozen R-DL-08"
clerk cancel-verification --record="$diploma"
is "R-DL-13: nothing leaves B" "$(verdict)" "record_frozen R-DL-13"
clerk approve-application --application="$application" --id=ok
is "the same wish again" "$(field outcome) $(field application)" "duplicate $application"
clerk accept-application --application="$application"
is "an ended one stays ended" "$(verdict)" "application_closed R-DL-16"
run close-application --json $day --enterprise=$E1 --application="$second"
is "R-DL-10: closed by its enterprise" "$(field outcome)" accepted
clerk accept-application --application=A9
is "R-DL-16: none of that name" "$(verdict)" "application_unknown R-DL-16"

# --- signed lines carry the digest of the proof --------------------------------------------------
run open-application --json $day --enterprise=$E1 --item=施工三级 --applicant=李二,身份证,310101197203030055,"$skill" \
    --insurance-proof=proof.pdf --insurance-proof-sha256=0000000000000000000000000000000000000000000000000000000000000000
is "R-DL-27: the proof is the one that was meant" "$(verdict)" "insurance_proof_differs R-DL-27"
run open-application --json $day --enterprise=$E1 --item=施工三级 --applicant=李二,身份证,310101197203030055,"$skill" \
    --insurance-proof=scan.jpg
is "R-DL-27: a PDF" "$(verdict)" "insurance_proof_not_pdf R-DL-27"

# --- the log -------------------------------------------------------------------------------------
run audit history person 310101197102020034 --json
for type in record_used record_frozen record_released; do
    out_has "\"type\":\"$type\"" "the history tells of it: $type"
done
run rebuild --verify
status_is 0 "a rebuild gives the same bytes"
run audit verify
status_is 0 "and the log verifies"
for verb in open-application accept-application approve-application close-application; do
    run help $verb --lang=zh
    status_is 0 "help $verb"
done
done_testing
