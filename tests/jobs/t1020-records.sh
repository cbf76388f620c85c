#!/bin/sh
# Records of a personnel file, end to end: what a person tells about himself, who may change it, and
# how it is shown.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"

make_town store
export ANZHENG_STORE=$work/store
day=--today=2026-05-06
ZHANG='"person":{"name":"张一","id_type":"身份证","id_number":"310101197102020034"}'
zhang() { # verb, options: 张一 does it
    verb=$1
    shift
    run "$verb" --json $day --person-name=张一 --person-id-type=身份证 \
        --person-id-number=310101197102020034 "$@"
}
outcome() { field outcome; }

# --- adding ---------------------------------------------------------------------------------------
zhang add-record --kind=education --field=学校名称=同济大学 --field=学历=专科 --field=发证日期=2008年7月1日
is "R-PF-18: a record is added" "$(outcome) $(field level)" "accepted D"
diploma=$(field record)
case $diploma in R[0-9]*) report 0 "the answer names it" ;; *) report 1 "the answer names it" ;; esac
zhang add-record --kind=work --field=工作单位=上海甲示范建设有限公司 --field=起止时间=2015-03-01至今 --field=职称=工程师 \
    --field=职务=项目技术负责人 --field=从事工作专业=建筑施工 --field=证明人=李某 --field=证明人电话=13500000010
work_record=$(field record)
is "R-PF-19: work experience" "$(outcome)" accepted
cat > wishes.jsonl <<END
{"id":"p1","action":"add_record",$ZHANG,"kind":"project","fields":{"项目名称":"某住宅楼","本人在工程中所起的作用":"施工-项目经理","项目所在地省市":"上海市","业绩完成单位所在地省市":"上海市"}}
{"id":"p2","action":"add_record",$ZHANG,"kind":"project","fields":{"项目名称":"某学校","本人在工程中所起的作用":"施工-安全员","项目所在地省市":"上海市","业绩完成单位所在地省市":"上海市"}}
{"id":"p3","action":"add_record",$ZHANG,"kind":"education","fields":{"学校名称":"同济大学","绰号":"小张"}}
{"id":"p4","action":"add_record",$ZHANG,"kind":"education","fields":{"学校名称":7}}
{"id":"p5","action":"add_record",$ZHANG,"kind":"education","fields":["学校名称"]}
{"id":"p6","action":"add_record",$ZHANG,"kind":"title","fields":{"职称":"工程师","证书编号":"ZC-1","通过(批准)日期":"2016-12-01","钢印单位全称":"示范局","考试取得":"是","制(发)证机构":"示范局"}}
{"id":"p1","action":"add_record",$ZHANG,"kind":"project","fields":{"业绩完成单位所在地省市":"上海市","项目名称":" 某住宅楼 ","项目所在地省市":"上海市","本人在工程中所起的作用":"施工-项目经理"}}
{"id":"p1","action":"add_record",$ZHANG,"kind":"project","fields":{"业绩完成单位所在地省市":"上海市","项目名称":"另一楼","项目所在地省市":"上海市"}}
END
run submit wishes.jsonl $day
answers=$(sed -n 's/.*"outcome":"\([a-z]*\)","code":"\{0,1\}\([a-z_]*\).*/\1 \2/p' "$out" | tr '\n' ';')
is "R-PF-21: fields as an object of labels; the order of keys makes no other wish" "$answers" \
    "accepted null;invalid bad_field;invalid bad_field;invalid bad_field;invalid bad_field;accepted null;duplicate null;refused id_reused;"
project=$(sed -n 's/.*"outcome":"accepted".*"record":"\(R[0-9]*\)".*/\1/p' "$out" | head -1)
is "a duplicate answers the same record" \
    "$(sed -n 's/.*"outcome":"duplicate".*"record":"\(R[0-9]*\)".*/\1/p' "$out")" "$project"
run show person 310101197102020034 --json
out_has '"专业":"无"' "R-DL-23: a title without a specialty says so"
out_has '"record_state":"unverified"' "R-DL-01: nobody has checked it"
out_has '"证明人电话":"135****0010"' "phones are masked"
out_lacks 13500000010 "... everywhere"
run show person 310101197102020034 --json --unmasked --reason=test $day
out_has '"证明人电话":"13500000010"' "R-PV-07: in full with a reason"

# --- who may -------------------------------------------------------------------------------------
run add-record --json $day --person-name=无名 --person-id-type=身份证 --person-id-number=310101199001011230 \
    --kind=education --field=学校名称=同济大学
is "R-PF-01: nobody has a file before the collection" "$(field code) $(field rule)" "identity_not_collected R-PF-01"
run add-record --json $day --enterprise=91310101MATEX0002E --person-name=张一 --person-id-type=身份证 \
    --person-id-number=310101197102020034 --kind=education --field=学校名称=同济大学
is "R-DL-26: an enterprise adds skilled-worker records only" "$(field code)" record_kind_not_allowed
run add-record --json $day --enterprise=91310101MATEX0002E --person-name=张一 --person-id-type=身份证 \
    --person-id-number=310101197102020034 --kind=skill --field=证书名称=砌筑工 --field=级别=高级
is "R-DL-26: ... of persons whose card was read" "$(outcome)" accepted
skill=$(field record)
run edit-record --json $day --enterprise=91310104MATEX0002R --person-name=张一 --person-id-type=身份证 \
    --person-id-number=310101197102020034 --record="$skill" --field=级别=中级
is "R-DL-26: another enterprise does not touch it" "$(field code)" not_own_record

# --- editing and deleting ------------------------------------------------------------------------
zhang edit-record --record="$diploma" --field=学历=本科 --field=发证日期=
is "R-DL-11: level D is edited" "$(outcome)" accepted
run show person 310101197102020034 --json
out_has '"fields":{"学校名称":"同济大学","学历":"本科"}' "what was not named stays, an empty value goes"
zhang delete-record --record="$work_record"
is "R-DL-11: level D is deleted" "$(outcome)" accepted
zhang delete-record --record="$work_record"
is "R-PF-24: once only" "$(field code)" record_not_found
run list records --csv
out_lacks "$work_record," "a deleted record is in no list"

# --- lists ---------------------------------------------------------------------------------------
run list records --person=310101197102020034
out_has "not verified" "list records: the state in words"
run list records --name='张*' --lang=zh
out_has 数据等级 "list records: headings"
out_has 学历证书 "list records: kinds in words"
out_has '310*************34' "list records: numbers are masked"
run list records --json --limit=1
first=$(field record)
run list records --json --after="$first" --limit=10
out_lacks "\"record\":\"$first\"" "--after goes on behind it"
is "list records: the rest" "$(wc -l < "$out" | tr -d ' ')" 3
run list records --enterprise=91310101MATEX0002E
status_is 64 "records have no filter for enterprises"
run show person 310101197102020034 --lang=zh
out_has 您尚未上传过签名信息采集表。 "R-PF-23: the guide's own words"
out_has 学校名称：同济大学 "show person has the whole file"

run audit history person 310101197102020034
out_has 'record deleted' "the history of a person has the whole file"
out_has 'R45 学校名称：同济大学；学历：本科' "... in words"
out_lacks 13500000010 "... phones masked"

# --- a record that changed often -----------------------------------------------------------------
i=0
while [ $i -lt 300 ]; do
    i=$((i + 1))
    echo '{"id":"e'$i'","action":"edit_record",'"$ZHANG"',"record":"'"$diploma"'","fields":{"学制":"'$i'年"}}'
done > edits.jsonl
run submit edits.jsonl $day --quiet
is "three hundred edits" "$(grep -c '"outcome":"accepted"' "$out")" 300
run audit history person 310101197102020034 --json
is "... are all in the history" "$(grep -c '"type":"record_edited"' "$out")" 301

# --- the log holds nothing in the clear ----------------------------------------------------------
grep -aq 同济大学 store/log/data.mdb
is "fields are sealed in the log" $? 1
run rebuild --verify
status_is 0 "a rebuild gives the same bytes"
run audit verify
status_is 0 "and the log verifies"

# Certificates of the trades are often numbered by the holder's own number.
run add-record --person-name=张一 --person-id-type=身份证 --person-id-number=310101197102020034 \
    --kind=skill --field=证书名称=310101197102020034 --field=证书编号=310101197102020034 \
    --field=专业工种=木工 --field=级别=中级 --today=2026-05-06 --json
status_is 0 "R-PV-05: a certificate that is numbered like its holder"
for words in "show person 310101197102020034" "list records" "audit history person 310101197102020034"; do
    for form in --quiet --json; do
        run $words $form
        out_has '310*************34' "R-PV-05: $words $form masks it"
        out_lacks 310101197102020034 "R-PV-05: everywhere"
    done
done

for verb in add-record edit-record delete-record attach-scan upload-signature; do
    run help $verb --lang=zh
    status_is 0 "help $verb"
done
done_testing
