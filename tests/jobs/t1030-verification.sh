#!/bin/sh
# Originals at a counter, end to end: a person's records rise to level C and fall back, refusals in
# the guide's words, who may, how many in one visit.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"

write_town
cat > clerks.csv <<'END'
工号,姓名,部门,部门级别,状态
SH1,石窗口,业务受理服务中心,市,在岗
SH2,沈窗口,业务受理服务中心,市,在岗
PD1,潘窗口,示范区受理窗口,区,在岗
END
make_town store
export ANZHENG_STORE=$work/store
day=--today=2026-05-06
zhang() { # verb, options: 张一 does it
    verb=$1
    shift
    run "$verb" --json $day --person-name=张一 --person-id-type=身份证 \
        --person-id-number=310101197102020034 "$@"
}
clerk() { # 工号, verb, options
    who=$1
    verb=$2
    shift 2
    run "$verb" --json $day --clerk="$who" "$@"
}
verdict() { printf '%s %s' "$(field code)" "$(field rule)"; }

# A portrait with 100 dpi in its header serves as a scan.
cp photos/01.jpg scan.jpg
printf '\001\000\144\000\144' | dd of=scan.jpg bs=1 seek=13 conv=notrunc 2> "$err"

zhang add-record --kind=education --field=学校名称=同济大学 --field=学历=专科 --field=所学专业=土木工程 --field=发证日期=2008-07-01
diploma=$(field record)
compared="--compared=学校名称 --compared=所学专业 --compared=学历 --compared=发证日期"

# --- D to C --------------------------------------------------------------------------------------
# shellcheck disable=SC2086 # several options
clerk SH1 verify-record --record="$diploma" $compared --visit=V1 --presenter=本人
is "R-DL-05: without a scan there is nothing to compare" "$(verdict)" "scan_not_attached R-DL-05"
zhang attach-scan --record="$diploma" --file=scan.jpg
clerk SH1 refuse-record --record="$diploma" --reason=scan_unclear --visit=V1
is "R-DL-19: refused" "$(field outcome) $(field record) $(field level)" "accepted $diploma D"
run list records --lang=zh
out_has 未通过核对 "R-DL-19: the list says so"
clerk SH1 refuse-record --record="$diploma" --reason=bad_day --lang=zh
is "R-DL-19: a sixth reason" "$(verdict)" "bad_refusal_reason R-DL-19"
out_has 扫描的对象不是证书原件 "R-DL-19: the five are told"
zhang attach-scan --record="$diploma" --file=scan.jpg --role=letter
clerk SH1 verify-record --record="$diploma" --compared=学校名称 --visit=V1
is "R-DL-17: every field is compared" "$(verdict) $(field field)" "compared_incomplete R-DL-17 所学专业"
# shellcheck disable=SC2086
clerk SH1 verify-record --record="$diploma" $compared --visit=V1 --presenter=路人
is "R-DL-20: somebody's originals" "$(field code) $(field field)" "bad_field presenter"
# shellcheck disable=SC2086
clerk SH1 verify-record --record="$diploma" $compared --visit=V1 --presenter=本人 --id=v1
is "R-DL-05: D to C" "$(field outcome) $(field record) $(field level)" "accepted $diploma C"
first=$(field first_event)
# shellcheck disable=SC2086
clerk SH1 verify-record --record="$diploma" $compared --visit=V1 --presenter=本人 --id=v1
is "the same wish again" "$(field outcome) $(field record) $(field first_event)" "duplicate $diploma $first"
run show person 310101197102020034 --json
out_has '"level":"C"' "R-DL-05: show person has the level"
run list records --lang=zh
out_has 已经原件核对 "R-DL-05: and the list"

# --- nobody edits C ------------------------------------------------------------------------------
zhang delete-record --record="$diploma" --lang=zh
out_has 该信息已经过原件核对，无法删除！ "R-DL-07: the guide's own words"
zhang edit-record --record="$diploma" --field=学历=本科
is "R-DL-02: nor edited" "$(verdict)" "record_verified R-DL-07"
zhang attach-scan --record="$diploma" --file=scan.jpg
is "R-DL-12: nor given another scan" "$(verdict)" "record_verified R-DL-07"
# shellcheck disable=SC2086
clerk PD1 verify-record --record="$diploma" $compared --visit=V1 --lang=zh
out_has 该信息已经过原件核对，无法重复核对！ "R-DL-14: once is enough"

# --- back to D -----------------------------------------------------------------------------------
clerk PD1 cancel-verification --record="$diploma"
is "R-DL-09: another department" "$(verdict)" "other_department R-DL-09"
clerk SH2 cancel-verification --record="$diploma"
is "R-DL-09: the same department" "$(field outcome) $(field level)" "accepted D"
clerk SH2 cancel-verification --record="$diploma"
is "R-DL-09: once" "$(verdict)" "record_not_verified R-DL-09"
zhang edit-record --record="$diploma" --field=学历=本科
is "R-DL-09: the person mends it" "$(field outcome)" accepted
# shellcheck disable=SC2086
clerk PD1 verify-record --record="$diploma" $compared --visit=P1
is "R-DL-09: and it is verified again" "$(field outcome)" accepted

# --- a visit with more than twenty, a batch ------------------------------------------------------
n=0
while [ $n -lt 21 ]; do
    n=$((n + 1))
    echo '{"id":"s'$n'","action":"add_record","person":{"name":"李二","id_type":"身份证","id_number":"310101197203030055"},"kind":"skill","fields":{"证书名称":"技能证书'$n'","专业工种":"木工","级别":"中级"}}'
done > skills.jsonl
run submit skills.jsonl $day --results=skills.out
for record in $(sed -n 's/.*"record":"\([^"]*\)".*/\1/p' skills.out); do
    echo '{"id":"a'"$record"'","action":"attach_scan","person":{"name":"李二","id_type":"身份证","id_number":"310101197203030055"},"record":"'"$record"'","file":"scan.jpg"}'
    echo '{"id":"v'"$record"'","action":"verify_record","clerk":"PD1","record":"'"$record"'","compared":["证书名称","专业工种","级别"],"visit":"V9","presenter":"委托人","batch_of":"'$E2'"}'
done > batch.jsonl
run submit batch.jsonl $day --results=batch.out
is "R-DL-20: twenty need no appointment" \
    "$(grep -c '"action":"verify_record","outcome":"accepted"' batch.out)" 20
is "R-DL-20: the twenty-first does" "$(grep -c '"appointment_required","rule":"R-DL-20"' batch.out)" 1
last=$(tail -1 batch.jsonl | sed 's/.*"record":"\([^"]*\)".*/\1/')
clerk PD1 verify-record --record="$last" --compared=证书名称 --compared=专业工种 --compared=级别 \
    --visit=V9 --appointment=YY-1
is "R-DL-20: with one" "$(field outcome)" accepted
clerk SH1 cancel-verification --record="$last"
is "R-DL-09: whose batch it was does not matter" "$(field code)" other_department
clerk PD1 cancel-verification --record="$last"
clerk SH1 verify-record --record="$last" --compared=证书名称 --compared=专业工种 --compared=级别 \
    --visit=V9 --batch-of=$E2
is "R-DL-18: batches of this enterprise are a district's" "$(verdict)" "department_not_competent R-DL-18"
clerk SH1 verify-record --record="$last" --compared=证书名称 --compared=专业工种 --compared=级别 --visit=V9
is "R-DL-18: a single item is anybody's" "$(field outcome)" accepted

# --- what is not verified ------------------------------------------------------------------------
zhang add-record --kind=title --field=职称=助理工程师 --field=证书编号=1 --field="通过(批准)日期=2016-12-01" \
    --field=钢印单位全称=示范局 --field=考试取得=是 --field="制(发)证机构=示范局"
assistant=$(field record)
clerk SH1 verify-record --record="$assistant" --compared=职称 --visit=V1 --lang=zh
is "R-DL-22: assistant engineers" "$(verdict)" "not_verifiable R-DL-22"
out_has 不再需要进行原件核对 "R-DL-22: in the guide's words"

# --- who -----------------------------------------------------------------------------------------
run verify-record --json $day --enterprise=$E1 --record="$last" --compared=级别 --visit=V1
is "D37: a clerk's" "$(verdict)" "clerk_required R-DL-05"
clerk SH9 refuse-record --record="$last" --reason=scan_unclear
is "D37: of the register" "$(verdict)" "clerk_unknown R-DL-19"

# --- the log -------------------------------------------------------------------------------------
run audit history person 310101197102020034 --json
for type in record_verified verification_refused verification_cancelled; do
    out_has "\"type\":\"$type\"" "every promotion and demotion is in the history: $type"
done
run rebuild --verify
status_is 0 "a rebuild gives the same bytes"
run audit verify
status_is 0 "and the log verifies"
for verb in verify-record refuse-record cancel-verification; do
    run help $verb --lang=zh
    status_is 0 "help $verb"
done
done_testing
