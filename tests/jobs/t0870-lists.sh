#!/bin/sh
# t0870-lists - the manual's lists and what may be had from them: work lists, record lists, search,
# downloads, 重新生成 (manual 2 to 7; R-EX, R-QD, R-IS-02, R-IN-03, R-AF-05, R-AF-11, R-NM-02, R-CX,
# R-DP). Who is who: town.sh.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"

P1=310101197001010013 # A, B, C1 at E1
P2=310101197102020034 # B at E1
P7=310101197607070133 # B at E3
A1='沪建安A(2019)0000001'
B2='沪建安B(2019)0000002'
C3='沪建安C1(2019)0000003'
B4='沪建安B(2019)0000004'
C5='沪建安C2(2019)0000005'
C6='沪建安C3(2019)0000006'
A7='沪建安A(2019)0000007'
C8='沪建安C(2019)0000008'
B9='沪建安B(2019)0000009'

numbers() { sed -n 's/^{"certificate":"\([^"]*\)".*/\1/p' "$out" | tr '\n' ' ' | sed 's/ $//'; }
rows() { grep -c . "$out"; }
heading() { head -1 "$out" | tr -s ' ' | sed 's/ $//'; }
on() { # day, list and filters: as JSON
    day=$1
    shift
    run list "$@" --store=s --json --today="$day"
}
columns() { # list, filters
    run list "$@" --store=s --lang=zh --today=2026-05-20
}
wish() { # day, one line
    echo "$2" > wish.jsonl
    run submit wish.jsonl --store=s --now="$1T09:00:00+08:00" --json
}

make_town s
is "the town is made" "$?" 0
cat > more.csv <<CSV
证书编号,类别,姓名,证件类型,证件号码,统一社会信用代码,企业名称,职务,初次领证日期,发证日期,有效期至,状态
沪建安C(2017)0000021,C,$LONG_NAME,身份证,$P7,$E3,$LONG_ENTERPRISE,,2017-05-21,2023-05-21,2026-05-20,有效
沪建安C(2017)0000022,C,$LONG_NAME,身份证,$P7,$E3,$LONG_ENTERPRISE,,2017-05-21,2025-01-05,2028-01-04,注销
沪建安C(2017)0000023,C,$LONG_NAME,身份证,$P7,$E3,$LONG_ENTERPRISE,,2017-05-21,2025-01-05,2028-01-04,暂扣
CSV
run import paper more.csv --store=s --now=2026-05-05T10:00:00+08:00 --json
is "and three more papers" "$status $(field accepted)" "0 3"

# --- manual 2: 纸质证书换领电子证书 -------------------------------------------------------------
on 2026-05-20 exchangeable --enterprise=$E3
is "R-EX-02: own, on paper, valid, on the last day too" "$(numbers)" '沪建安C(2017)0000021'
on 2026-05-21 exchangeable --enterprise=$E3
is "R-EX-02: past its end, ended and suspended ones are not there" "$(numbers)" ""
on 2026-05-20 exchangeable
is "R-EX-02: over all enterprises" "$(numbers)" "$A7 沪建安C(2017)0000021"
columns exchangeable --enterprise=$E2
is "R-EX-03: the manual's columns" "$(heading)" "姓名 证件类型 证件号 证书编号 有效期 发证日期 状态"
out_has "未换取" "R-EX-03: 未换取"
out_has "310*************97" "R-EX-03: the number is masked"
run show person 310101197405050097 --store=s --lang=zh --today=2026-05-06
out_has "照片" "R-EX-04: whether a photo was collected can be seen before"
run show certificate "$A7" --store=s --json --today=2026-05-06
cp "$out" shown
on 2026-05-06 exchangeable --certificate="$A7"
cmp -s "$out" shown
report $? "R-EX-04: and the paper certificate's own data, the same in the list"
echo '{"id":"e7","action":"exchange","enterprise":"'$E2'","certificate":"'"$A7"'","confirmed":true}' > wish.jsonl
run submit wish.jsonl --store=s --now=2026-05-06T09:00:00+08:00 --dry-run
out_has '"outcome":"accepted"' "R-EX-04: what would be answered can be asked before"
on 2026-05-06 exchangeable --enterprise=$E2
is "R-EX-05: looking changes nothing" "$(numbers)" "$A7"
before=$(newest s)
run exchange --certificate="$A7" --enterprise=$E2 --confirmed --dry-run --store=s --now=2026-05-06T09:00:00+08:00 --json
is "R-EX-04: by a verb too" "$status $(field outcome)" "0 accepted"
run cancel --certificate="$B9" --enterprise=$E3 --reason=employment_ended --confirmed --dry-run --store=s --now=2026-05-06T09:00:00+08:00 --json
is "R-CX-10: and a cancellation that was only tried" "$status $(field outcome)" "0 accepted"
run cancel --certificate="$B9" --enterprise=$E3 --reason=employment_ended --confirmed --dry-run --lang=zh --store=s --now=2026-05-06T09:00:00+08:00
is "details for people are in their language" "$(grep '^详情' "$out" | awk '{print $3, $4}' | tr '\n' ';' | cut -d: -f1)" "状态 已解聘待转;证明文件 cancellation"
err_has 试运行 "and a dry run says that it is one"
run exchange --certificate="$A7" --enterprise=$E1 --confirmed --dry-run --store=s --now=2026-05-06T09:00:00+08:00 --json
is "R-GEN-02: a refusal is one before, too" "$status $(field code)" "1 not_own_certificate"
is "R-CX-10: nothing of that is in the log" "$(newest s)" "$before"
run submit wish.jsonl --store=s --now=2026-05-06T09:00:00+08:00
on 2026-05-06 exchangeable --enterprise=$E2
is "R-EX-07: it leaves the work list at once" "$status $(numbers)" "0 "
on 2026-05-06 certificates --enterprise=$E2 --document=pending --certificate="$A7"
is "R-EX-08: and is found among the electronic ones, 生成中" "$(numbers)" "$A7"

# --- manual 3: 电子证书查询及下载 ---------------------------------------------------------------
on 2026-05-06 certificates --enterprise=$E2
is "R-QD-02, R-GEN-02: all of the enterprise's and no other's" "$(rows) $(grep -c "\"code\":\"$E2\"" "$out")" "6 6"
on 2026-05-06 certificates --enterprise=$E3
is "R-QD-01: whatever their status, also those on paper" "$(rows)" 4
columns certificates --enterprise=$E2
is "R-QD-02: the manual's columns, then ours" "$(heading)" \
    "姓名 证件类型 证件号 证书编号 有效期 发证日期 状态 证书状态 类别 形式 企业名称"
out_has 生成中 "R-QD-06: 生成中"
for spelled in "$B2" '沪建安B（2019）0000002' '沪建安 B(2019) 0000002' '沪建安Ｂ（２０１９）０００００02'; do
    on 2026-05-06 certificates --enterprise=$E1 --certificate="$spelled"
    is "R-QD-03: the full number, spelled $spelled" "$(numbers)" "$B2"
done
for part in '沪建安B(2019)000000' 0000002 '沪建安B(2019)' '沪建安B(2019)*' 2; do
    on 2026-05-06 certificates --enterprise=$E1 --certificate="$part"
    is "R-QD-03: the part $part finds nothing" "$status $(numbers)" "0 "
done
on 2026-05-06 certificates --enterprise=$E2 --certificate="$B2"
is "R-GEN-02: nor does another enterprise's number" "$(numbers)" ""
on 2026-05-06 certificates --name=张一
is "R-QD-03, D9: a name" "$(numbers)" "$B4"
on 2026-05-06 certificates --name=' 张一　'
is "D9: with blanks around" "$(numbers)" "$B4"
on 2026-05-06 certificates --name='阿𠮷•买提' --enterprise=$E1
is "D33, D9: with another middle dot" "$(numbers)" "$A1 $B2 $C3"
on 2026-05-06 certificates --name=张
is "D9: a part of a name is no name" "$(numbers)" ""
on 2026-05-06 certificates --name='阿𠮷*'
is "D9: a star makes it a beginning" "$(numbers)" "$A1 $B2 $C3"
on 2026-05-06 certificates --name='*一'
is "D9: and nothing else does" "$(numbers)" ""
on 2026-05-06 certificates --name='阿𠮷*' --enterprise=$E2
is "R-GEN-02: a name stays within the enterprise" "$(numbers)" ""
on 2026-05-06 certificates --person=$P1 --limit=2
is "by person, two of three" "$(numbers)" "$A1 $B2"
on 2026-05-06 certificates --person=$P1 --after="$B2"
is "and the rest behind the second" "$(numbers)" "$C3"
run list certificates --person=310101190001019999 --store=s --today=2026-05-06
is "an unknown person is not found" "$status" 1

run regenerate --store=s --now=2026-05-06T20:00:00+08:00 --quiet
on 2026-05-06 certificates --document=ready --enterprise=$E1
is "R-QD-04: by state of the file, made" "$(rows)" 5
on 2026-05-06 certificates --document=failed
is "R-QD-04, R-QD-06: by state of the file, failed" "$(numbers)" '沪建安B(2019)0000010 沪建安B(2019)0000011'
on 2026-05-06 certificates --document=pending
is "R-QD-04: by state of the file, none is waiting" "$(numbers)" ""
on 2026-05-06 certificates --status=suspended
is "R-QD-04: by status" "$(numbers)" '沪建安C(2017)0000023'
columns certificates --enterprise=$E2
out_has 生成成功 "R-QD-06: 生成成功"
out_has 生成失败 "R-QD-06: 生成失败"

load() { # day, number, enterprise, more
    day=$1 number=$2 enterprise=$3
    shift 3
    rm -f got.pdf
    run download "$number" --enterprise="$enterprise" --out=got.pdf --store=s --now="${day}T10:00:00+08:00" "$@"
}
refused() { # code, what
    is "$2" "$status $(grep -o "\[$1[],]" "$err") $(ls got.pdf 2>&1 | grep -c '^got')" "1 [$1, 0"
}
before=$(newest s)
load 2026-05-07 "$B2" $E1
is "R-QD-05: 生成成功, in force, unexpired: it may be had" "$status $(head -c 5 got.pdf)" "0 %PDF-"
is "R-PV-07: which is logged" "$(newest s)" $((before + 1))
before=$(newest s)
load 2026-05-07 "$B2" $E2
refused not_own_certificate "R-QD-10, R-GEN-02: not by another enterprise"
load 2026-05-07 '沪建安B(2019)0000099' $E1
refused certificate_not_found "R-QD-10: no unknown number"
load 2026-05-07 '沪建安B(2019)000000' $E1
refused certificate_not_found "R-QD-03: no part of a number"
load 2026-05-07 '沪建安B(2019)0000010' $E2
refused document_not_ready "R-QD-05: not 生成失败"
load 2026-05-07 '沪建安C(2017)0000021' $E3
refused document_not_ready "R-QD-05: nothing on paper"
load 2028-01-05 "$B2" $E1
refused certificate_expired "R-QD-05: not past its end"
is "R-PV-07: what was refused is not logged" "$(newest s)" "$before"

wish 2026-05-07 '{"id":"r1","action":"request_regeneration","enterprise":"'$E1'","certificate":"'"$B2"'"}'
is "R-QD-07: it may be made anew" "$(field outcome)" accepted
load 2026-05-07 "$B2" $E1
refused document_not_ready "R-QD-05: not 生成中"
wish 2026-05-07 '{"id":"r2","action":"request_regeneration","enterprise":"'$E1'","certificate":"'"$B2"'"}'
is "R-QD-09: asked twice" "$(field outcome)" accepted
run regenerate --store=s --now=2026-05-07T11:00:00+08:00 --certificate="$B2" --json
is "R-QD-09: it is one job" "$(field wanted) $(field rendered)" "1 1"
run regenerate --store=s --now=2026-05-07T11:00:00+08:00 --certificate="$B2" --json
is "R-QD-09: and none is left" "$(field wanted)" 0
run show certificate "$B2" --store=s --json --today=2026-05-07
out_has '"version":1,' "R-QD-09: no other version, number or value"

# --- manual 4.1: 电子证书申领 -------------------------------------------------------------------
columns issuances --enterprise=$E1
is "R-IS-02: the manual's columns" "$(heading)" "姓名 证件类型 证件号 证书编号 企业名称 申领类型 申领日期"
is "R-IS-02, R-GEN-06: only issuances" "$(rows)$(grep -c 新办 "$out")" 21
LEGAL=$(sed -n 's/.*\(沪建安A(2026)[0-9]*\).*/\1/p' "$out")
on 2027-10-03 extendable
is "R-IS-01: before the window nothing is to be extended" "$(numbers)" ""
on 2027-10-04 extendable --enterprise=$E1
is "R-IS-01, D14: on its first day all that end on one day are" "$(numbers)" "$A1 $LEGAL $B2 $B4 $C3"
is "R-IS-01: an exam is missing" "$(grep -c '"obstacle":"no_valid_exam"' "$out")" 5
on 2028-01-04 extendable --certificate="$B4"
is "D14: on the last day still" "$(numbers)" "$B4"
on 2028-01-05 extendable
is "D14: then no more" "$(numbers)" ""
cat > exams.csv <<CSV
姓名,证件类型,证件号码,类别,考核类型,考试日期,结论,成绩有效期至,准考证号
张一,身份证,$P2,B,延期,2026-05-01,合格,2028-05-01,T1
CSV
run import exams exams.csv --store=s --now=2026-05-07T12:00:00+08:00 --json
on 2027-10-04 extendable --certificate="$B4"
out_has '"obstacle":"no_social_insurance"' "R-IS-10, D11: with an exam it is the insurance"
echo "证件类型,证件号码,缴纳单位统一社会信用代码,缴纳月份
身份证,$P2,$E1,2027-09" > insurance.csv
run import insurance insurance.csv --store=s --now=2026-05-07T12:00:00+08:00 --json
on 2027-10-04 extendable --certificate="$B4"
out_has '"obstacle":null' "R-IS-11: with both nothing stands in the way"
run list extendable --person=$P2 --store=s --lang=zh --today=2027-10-04
is "R-IS-01: columns" "$(heading)" "姓名 证件类型 证件号 证书编号 企业名称 有效期至 尚缺条件"

# --- manual 4.2: 外省市人员进沪换证 -------------------------------------------------------------
cat > national.csv <<CSV
证书编号,姓名,证件类型,证件号码,类别,企业名称,发证机关,初次领证日期,发证日期,有效期至,状态
苏建安B（2021）0000077,李二,身份证,310101197203030055,B,江苏示范建设有限公司,示例,2021-05-01,2024-05-01,2027-04-30,注销
CSV
printf '%%PDF-1.4\n%%%%EOF\n' > proof.pdf
run import national national.csv --store=s --now=2026-05-07T12:00:00+08:00 --json
wish 2026-05-07 '{"id":"n1","action":"enter","enterprise":"'$E2'","person":{"name":"李二","id_type":"身份证","id_number":"310101197203030055"},"original_certificate":"苏建安B（2021）0000077","declaration_accepted":true,"proof":"proof.pdf","confirmed":true}'
NEW=$(sed -n 's/.*"certificates":\["\([^"]*\)".*/\1/p' "$out")
is "R-IN-03: an entry" "$(field outcome)" accepted
columns entries --enterprise=$E2
is "R-IN-03: the manual's columns" "$(heading)" "姓名 证件类型 证件号 原证书编号 现证书编号 有效期截止日期 换证日期"
out_has '苏建安B(2021)0000077' "R-IN-03: the original number"
on 2026-05-20 entries
out_has '"original_certificate":"苏建安B(2021)0000077"' "D36: in the object too"
for number in "$NEW" '苏建安B（2021）0000077'; do
    on 2026-05-20 entries --certificate="$number"
    is "R-IN-03, R-QD-03: found by $number" "$(numbers)" "$NEW"
    on 2026-05-20 entries --certificate="$number" --enterprise=$E2
    is "R-IN-03, R-QD-03: and within the enterprise" "$(numbers)" "$NEW"
done
on 2026-05-20 issuances --certificate="$NEW"
is "R-GEN-06: an entry is no issuance" "$(numbers)" ""

# --- manual 6: 电子证书注销 ---------------------------------------------------------------------
on 2026-05-07 cancellable --enterprise=$E1
is "R-CX-03: own ones that have not ended, on paper too" "$(numbers)" "$A1 $LEGAL $B2 $B4 $C3"
on 2026-05-07 cancellable --enterprise=$E3
is "R-CX-03: suspended ones, for death alone, but no ended one" "$(numbers)" \
    "$B9 沪建安C(2017)0000021 沪建安C(2017)0000023"
on 2028-01-05 cancellable --enterprise=$E1 --name=张一
is "R-CX-15: expired ones may be cancelled" "$(numbers)" "$B4"
columns cancellable --certificate="$B4"
is "R-CX-04: what is shown before it is confirmed" "$(heading)" \
    "姓名 证件类型 证件号 证书编号 企业名称 有效期至 发证日期 状态"
wish 2026-05-08 '{"id":"c1","action":"cancel","enterprise":"'$E1'","certificate":"'"$B4"'","reason":"employment_ended","confirmed":true}'
is "R-CX-02: a cancellation" "$(field outcome)" accepted
on 2026-05-08 cancellable --certificate="$B4"
is "R-CX-14: it cannot be cancelled again" "$(numbers)" ""
columns cancellations --enterprise=$E1
is "R-CX-02: the manual's columns" "$(heading)" "姓名 证件类型 证件号 企业名称 证书编号 注销类型 注销日期 状态 证明"
out_has "证书注销" "R-CX-02: 证书注销"
out_has "已完成" "R-CX-02: 已完成"
on 2026-05-08 certificates --certificate="$B4" --enterprise=$E1
is "R-QD-11: it stays visible" "$(numbers)" "$B4"
load 2026-05-08 "$B4" $E1
refused certificate_not_in_force "R-QD-11: but cannot be had"
load 2026-05-08 "$B4" $E1 --proof=cancellation
is "R-CX-09: its proof can" "$status $(head -c 5 got.pdf) $(stat -c %a got.pdf)" "0 %PDF- 600"
cp got.pdf first.pdf
load 2026-05-08 "$B4" $E2 --proof=cancellation
refused not_own_certificate "R-CX-09: by nobody else"
load 2026-05-08 "$B2" $E1 --proof=cancellation
refused proof_not_found "R-CX-09: what was not cancelled has none"

# --- manual 5.1: 企业隶属关系变更 ---------------------------------------------------------------
on 2026-05-08 transferable --enterprise=$E2 --person=$P2
is "R-AF-05: of the person's, what another enterprise may take over" "$(numbers)" "$B4"
out_has '"first_allowed":"2025-07-06"' "R-AF-05, D1: since when"
run list transferable --enterprise=$E2 --person=$P2 --store=s --lang=zh --today=2026-05-08
is "R-AF-05: the person's block, then the manual's columns" "$(heading)" \
    "姓名 证件号 证件类型 性别 出生日期 证书编号 类型 有效期 企业名称 可变入起始日"
out_has "项目负责人" "R-AF-05: 类型"
out_has "2025-01-05 - 2028-01-04" "R-AF-05: 有效期"
on 2026-05-08 transferable --enterprise=$E1 --person=$P2
is "R-AF-14: not back to who released it" "$(numbers)" ""
on 2026-05-08 transferable --enterprise=$E2 --person=$P1
is "R-AF-08: not what is held elsewhere" "$(numbers)" ""
on 2028-01-05 transferable --enterprise=$E2 --person=$P2
is "R-AF-09: not past its end" "$(numbers)" ""
run list transferable --enterprise=$E2 --store=s
is "R-AF-05: it needs a person" "$status" 64
run list transferable --person=$P2 --store=s
is "R-AF-05: and an enterprise" "$status" 64
run list transferable --enterprise=91310101MATEX00371 --person=$P2 --store=s
is "D20: that is in the register" "$status $(grep -c enterprise_unknown "$err")" "1 1"
run list certificates --enterprise=91310101MATEX00371 --store=s
is "D20: a list of an enterprise that nobody knows is none" "$status $(grep -c enterprise_unknown "$err")" "1 1"
run list departures --enterprise=$E2 --store=s
is "R-GEN-07: an empty list of one in the register is a list" "$status $(grep -c enterprise_unknown "$err")" "0 0"
wish 2026-05-09 '{"id":"t1","action":"change_affiliation","enterprise":"'$E2'","person":{"name":"张一","id_type":"身份证","id_number":"'$P2'"},"certificates":["'"$B4"'"],"confirmed":true}'
is "R-AF-11: it is taken over" "$(field outcome)" accepted
on 2026-05-09 transferable --enterprise=$E2 --person=$P2
is "R-AF-05: then it is nothing to take over" "$(numbers)" ""
columns changes --enterprise=$E2
is "R-AF-11: the manual's columns" "$(heading)" "姓名 证件类型 证件号 证书编号 企业名称 变更类型 变更日期"
out_has "企业隶属关系变更" "R-AF-11: 变更类型"
on 2026-05-09 changes --enterprise=$E1
is "R-GEN-02: the line is its new enterprise's" "$(numbers)" ""
on 2026-05-09 cancellations --enterprise=$E1
is "R-GEN-08: the cancellation stays in the old one's list" "$(numbers)" "$B4"
load 2026-05-09 "$B4" $E1
refused not_own_certificate "R-QD-10: the old enterprise has it no more"
wish 2026-05-09 '{"id":"c2","action":"cancel","enterprise":"'$E2'","certificate":"'"$B4"'","reason":"employment_ended","confirmed":true}'
load 2026-05-09 "$B4" $E2 --proof=cancellation
is "R-CX-09: cancelled again, the second proof" "$status $(cmp -s got.pdf first.pdf && echo same)" "0 "
load 2026-05-09 "$B4" $E1 --proof=cancellation
is "R-CX-09: and the first enterprise still has its own" "$status $(cmp -s got.pdf first.pdf && echo same)" "0 same"
on 2026-11-09 transferable --enterprise=$E1 --person=$P2
is "R-AF-03: six months to the day are not more than six" "$(numbers)" ""
on 2026-11-10 transferable --enterprise=$E1 --person=$P2
out_has '"first_allowed":"2026-11-10"' "R-AF-03, R-AF-05: a day later it may go on"
run policy set affiliation.require_release no --decision=D-9 --store=s --today=2026-05-09
on 2026-05-09 transferable --enterprise=$E2 --person=$P1
is "R-AF-13, D2: without release, those that must go together" "$(numbers)" "$A1 $B2 $C3"
on 2026-05-09 transferable --enterprise=$E2 --person=310101197405050097
is "R-AF-02: no legal representative's A" "$(numbers)" ""
run policy set affiliation.require_release yes --decision=D-10 --store=s --today=2026-05-09

# --- manual 5.2: 企业名称变更 -------------------------------------------------------------------
on 2026-05-09 renamable
is "R-NM-01: names agree" "$(numbers)" ""
register() { # name
    { head -1 enterprises.csv; grep "^$E2" enterprises.csv | sed "s/上海乙示范[^,]*/$1/"; } > renamed.csv
    run import enterprises renamed.csv --store=s --now=2026-05-10T09:00:00+08:00 --json
}
register '上海乙示范(集团)有限公司'
on 2026-05-10 renamable --enterprise=$E2
is "R-NM-09: the width of brackets is no other name" "$(field accepted)$(numbers)" ""
register '上海乙新名建设有限公司'
on 2026-05-10 renamable --enterprise=$E2
cp "$out" listed
is "R-NM-02, D5: in force, with another name than the register's" "$(numbers)" \
    "$(run list certificates --enterprise=$E2 --status=valid --store=s --json --today=2026-05-10; numbers)"
is "R-NM-02: which are there" "$(grep -c . listed)" 7
on 2026-05-10 renamable --enterprise=$E1
is "R-GEN-02: nobody else's" "$(numbers)" ""
columns renamable --enterprise=$E2
is "R-NM-02: the manual's columns, then the name that goes" "$(heading)" \
    "姓名 证件号 证书编号 有效期 当前企业名称 证书所载企业名称"
run rename plan $E2 --out=plan.csv --store=s --json --today=2026-05-10
is "R-NM-02, R-NM-03: a plan has the same certificates" "$(grep -o '沪建安[^,"]*' plan.csv | sort -u)" \
    "$(sed 's/^{"certificate":"\([^"]*\)".*/\1/' listed | sort -u)"
echo '{"id":"w1","action":"rename_enterprise","enterprise":"'$E2'","confirmed":true}' > wish.jsonl
run submit wish.jsonl --store=s --now=2026-05-10T09:00:00+08:00 --dry-run
is "R-NM-03, R-NM-06: the wave takes what is listed" \
    "$(field count) $(sed 's/.*"certificates":\[\([^]]*\)\].*/\1/' "$out" | tr -d '"' | tr ',' '\n' | sort | tr '\n' ' ')" \
    "7 $(sed 's/^{"certificate":"\([^"]*\)".*/\1/' listed | sort | tr '\n' ' ')"
run submit wish.jsonl --store=s --now=2026-05-10T09:00:00+08:00
on 2026-05-10 renamable --enterprise=$E2
is "R-NM-07: after the wave nothing is left" "$(numbers)" ""
on 2026-05-10 changes --enterprise=$E2
is "R-NM-10: a line for each, and the one before" "$(rows) $(grep -c '"kind":"name_change"' "$out")" "8 7"
is "D36: newest first" "$(tail -1 "$out" | sed 's/.*"kind":"\([^"]*\)".*/\1/')" affiliation_change
on 2026-05-10 changes --enterprise=$E2 --limit=3
last=$(tail -1 "$out" | sed 's/.*"event":\([0-9]*\).*/\1/')
on 2026-05-10 changes --enterprise=$E2 --after="$last"
is "D36: paged by event" "$(rows)" 5
on 2026-05-10 changes --after="$last"
is "D36: over all enterprises as well" "$(rows)" 5
on 2026-05-10 changes --name=张一
is "R-QD-03: a record list by name" "$(numbers)" "$B4"
on 2026-05-10 changes --name=张
is "R-QD-03: and not by a part" "$(numbers)" ""

run list changes --enterprise=$E2 --store=s --json --today=2036-01-01
is "R-GEN-07: all of them, however long ago" "$(rows)" 8

# --- manual 7: 出具离沪证明 ---------------------------------------------------------------------
on 2026-05-10 departable --enterprise=$E1 --person=$P1
is "R-DP-03, R-DP-04: the person's certificates of the enterprise" "$(numbers)" "$A1 $B2 $C3"
on 2026-05-10 departable --enterprise=$E2 --person=$P1
is "R-GEN-02: of this enterprise alone" "$(numbers)" ""
on 2026-05-10 departable --enterprise=$E3
is "R-DP-10: nothing on paper" "$(numbers)" "$B9"
on 2028-01-05 departable --enterprise=$E3
is "R-DP-10: nothing past its end" "$(numbers)" ""
on 2026-05-10 departable --certificate="$LEGAL"
is "D6: no legal representative's A" "$(numbers)" ""
wish 2026-05-10 '{"id":"d1","action":"depart","enterprise":"'$E1'","person":{"name":"阿𠮷·买提","id_type":"身份证","id_number":"'$P1'"},"confirmed":true}'
is "R-DP-02: a departure" "$(field outcome)" accepted
on 2026-05-10 departable --enterprise=$E1 --person=$P1
is "R-DP-12: then nothing is left to depart" "$(numbers)" ""
columns departures --enterprise=$E1
is "R-DP-02: all of them, with their proof" "$(heading)/$(rows)" \
    "姓名 证件类型 证件号 企业名称 证书编号 离沪日期 状态 证明/4"
on 2026-05-10 departures --document=ready
is "R-DP-07: the proof is made" "$(rows)" 3
on 2026-05-10 departures --document=pending
is "R-DP-07: none is waiting" "$(rows)" 0
load 2026-05-10 "$C3" $E1 --proof=departure
is "R-DP-07: and may be had" "$status $(head -c 5 got.pdf)" "0 %PDF-"
load 2026-05-10 "$C3" $E1
refused certificate_not_in_force "R-QD-11: the certificate itself not"
on 2026-05-10 certificates --enterprise=$E1 --status=departed
is "R-QD-11: which stays visible" "$(rows)" 3

# --- suspended ----------------------------------------------------------------------------------
wish 2026-05-11 '{"id":"s1","action":"suspend","clerk":"SH1","certificate":"'"$C6"'","decision":"沪建示〔2026〕1号"}'
is "D29: one is suspended" "$(field outcome)" accepted
load 2026-05-11 "$C6" $E2
refused certificate_suspended "R-QD-01, D29: not 正常, so it cannot be had"
on 2026-05-11 departable --certificate="$C6"
is "D29: nor depart" "$(numbers)" ""
on 2026-05-11 cancellable --certificate="$C6"
is "D29: but be cancelled, for death" "$(numbers)" "$C6"

# --- registers and usage ------------------------------------------------------------------------
on 2026-05-11 persons --name='阿𠮷*'
is "persons by name" "$(grep -c "\"$A1\",\"$B2\",\"$C3\"" "$out")" 1
on 2026-05-11 persons --enterprise=$E3
is "by enterprise" "$(rows)" 1
on 2026-05-11 persons --certificate='沪建安Ｂ（2019）0000009'
is "by certificate" "$(rows)" 1
on 2026-05-11 persons --status=departed
is "by status of a certificate" "$(rows)" 1
on 2026-05-11 persons --person=$P2 --status=departed
is "all filters must agree" "$(rows)" 0
on 2026-05-11 enterprises --name=上海乙新名建设有限公司
is "enterprises by name" "$(grep -c "\"code\":\"$E2\"" "$out") $(rows)" "1 1"
on 2026-05-11 enterprises --name='上海乙示范（集团）有限公司'
is "by a name it had, in either width" "$(rows)" 1
on 2026-05-11 enterprises --name=上海乙
is "D9: not by a part" "$(rows)" 0
on 2026-05-11 enterprises --name='上海*'
is "D9: by a beginning" "$(rows)" 3
on 2026-05-11 enterprises --certificate="$B9"
is "by certificate" "$(grep -c "\"code\":\"$E3\"" "$out") $(rows)" "1 1"
on 2026-05-11 enterprises --enterprise="$(echo $E1 | tr A-Z a-z)"
is "by code, in small letters" "$(rows)" 1
on 2026-05-11 clerks --name='石*'
is "clerks by name" "$(rows)" 1
run list clerks --status=valid --store=s
is "a filter without meaning is wrong usage" "$status" 64
for list in certificates cancellable issuances changes persons; do
    on 2026-05-11 $list
    all=$(rows)
    run list $list --store=s --csv --today=2026-05-11
    is "$list: a row each in CSV" "$(($(rows) - 1))" "$all"
    run list $list --store=s --today=2026-05-11
    is "$list: and in the table" "$(($(rows) - 1))" "$all"
done
widest() { tr -d '\r' < "$out" | LC_ALL=C.UTF-8 wc -L; }
on_terminal() { # width, list
    status=0
    script -qec "stty cols $1; '$ANZHENG' list $2 --store=s --lang=zh --today=2026-05-11" /dev/null \
        > "$out" 2> "$err" < /dev/null || status=$?
}
run list cancellable --store=s --lang=zh --today=2026-05-11
is "into a file every row is one line, whatever the name" "$(($(rows) - 1 == $(grep -c 310 "$out")))" 1
on_terminal 130 cancellable
is "on a terminal long names are folded to its width" "$status $(($(widest) <= 130)) $(grep -c '^阿卜杜热合曼' "$out")" "0 1 3"
on_terminal 60 cancellable
is "but numbers are never cut" "$(grep -c '沪建安[ABC0-9]*([0-9]*)[0-9]\{7\}' "$out")" \
    "$("$ANZHENG" list cancellable --store=s --json --today=2026-05-11 | grep -c .)"
on 2026-05-11 cancellable --certificate="$C8"
cp "$out" listed
run show certificate "$C8" --store=s --json --today=2026-05-11
cmp -s "$out" listed
report $? "a list shows the same object as show"
done_testing
