#!/bin/sh
# Opening the personnel file, end to end: cards are read in batches, what failed is mended and sent
# again, other documents are a clerk's, one person stays one person, and no later reading touches a
# certificate (R-PF-05..08, R-GEN-04, R-LK-02).
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"

make_town store
export ANZHENG_STORE=$work/store
day=--today=2026-05-06
header=$(head -1 identities.csv)
card() { # name, sex, birth date, kind of document, number, validity end, window, method
    echo "$1,$2,汉,$3,上海市示范路9号,$4,$5,示例分局,2016-01-01,$6,photos/01.jpg,$7,2026-05-06,$8,无"
}

# --- a batch at a counter -------------------------------------------------------------------------
{
    echo "$header"
    card 周一 男 1980-01-01 身份证 310101198001010018 长期 示范区1号窗 读卡
    card 周二 男 1980-13-02 身份证 310101198002020031 2036-01-01 示范区1号窗 读卡
    card 周三 女 1981-03-03 身份证 310101198103030028 2036-01-01 示范区1号窗 读卡
    card 周四 女 1982-04-04 身份证 310101198204040044 2036-01-01 '' 读卡
} > batch.csv
run import identities batch.csv $day --lang=zh --rejects=again.csv
status_is 1 "R-PF-06: somebody failed"
cat "$out" "$err" > both
cp both "$out"
out_has 读卡4人，成功2人，失败2人 "R-PF-06: read, saved, failed, in the guide's words"
out_has 重传失败记录 "R-PF-06: the reading is not finished"
out_lacks 全部人员状态都为保存成功 "R-PF-06: ... and does not say so"
is "R-PF-06: only those that failed are kept" "$(sed '1s|^\xef\xbb\xbf||' again.csv | cut -d, -f1 | tr '\n' ' ')" "姓名 周二 周四 "
is "R-PF-06: with row and reason" "$(sed -n 's/.*无,\([0-9]*,[a-z_]*\),.*/\1/p' again.csv | tr '\n' ' ')" "3,bad_date 5,missing_cell "
run show person 310101198001010018 --json
out_has '"name":"周一"' "R-PF-05: those before and behind are saved"
run show person 310101198204040044 --json
status_is 1 "R-PF-05: who failed has no file"
run add-record --json $day --person-name=周四 --person-id-type=身份证 --person-id-number=310101198204040044 \
    --kind=education --field=学校名称=同济大学
is "R-PF-08: nothing is done without it" "$(field code)" identity_not_collected

# --- the failed ones again ------------------------------------------------------------------------
sed -i 's/1980-13-02/1980-02-02/; s/2036-01-01,photos\/01.jpg,,/2036-01-01,photos\/01.jpg,示范区1号窗,/' again.csv
before=$(newest store)
run import identities again.csv $day --lang=zh
status_is 0 "R-PF-06: the rejects, mended, are sent as they are"
cat "$out" "$err" > both
cp both "$out"
out_has 读卡2人，成功2人，失败0人 "R-PF-06: nobody else was sent"
out_has 全部人员状态都为保存成功，完成读卡返回 "R-PF-06: the reading is finished"
is "R-PF-06: two persons and the file" "$(newest store)" $((before + 3))
run import identities again.csv $day
before=$(newest store)
run import identities batch.csv $day --json
is "R-PF-06: who is saved already is unchanged" "$(field unchanged) $(field rejected)" "2 2"
is "R-PF-06: ... the file alone is logged" "$(newest store)" $((before + 1))
cat "$out" "$err" > both
cp both "$out"
run import identities batch.csv $day --dry-run --lang=zh
cat "$out" "$err" > both
cp both "$out"
out_lacks 读卡4人 "a dry run reads no cards"
run import clerks clerks.csv $day --lang=zh
cat "$out" "$err" > both
cp both "$out"
out_lacks 读卡 "no other register speaks of cards"
run import identities again.csv $day
err_has "persons entered: 2; saved: 2, failed: 0" "the same in English"

# --- what a card says -----------------------------------------------------------------------------
run show person 310101198103030028 --json --unmasked --reason=test $day
for value in 周三 女 汉 1981-03-03 上海市示范路9号 310101198103030028 示例分局 2016-01-01 2036-01-01; do
    out_has "$value" "R-PF-07: $value"
done
run show person 310101198103030028 --json
out_lacks 示范路 "R-PF-07: where somebody lives is not shown without a reason"
run show person 310101198001010018 --json
out_has '"valid_to":"长期"' "R-PF-07: a card that never expires"

# --- other documents ------------------------------------------------------------------------------
for document in 军官证:军字第2001988号 外国护照:P1234567 港澳同胞回乡证:H12345678 台胞证:12345678 其他:QT-1; do
    for method in 读卡 在线 人工; do
        { echo "$header"; card 乔治 男 1980-05-05 "${document%%:*}" "${document##*:}" 2036-01-01 示范区1号窗 $method; } > one.csv
        run import identities one.csv $day --json
        [ $method = 人工 ] && wanted='1 0' || wanted='0 1'
        is "R-GEN-04: ${document%%:*} $method" "$(field accepted) $(field rejected)" "$wanted"
    done
done
{ echo "$header"; card 乔治 男 1980-05-05 外国护照 P7654321 2036-01-01 '' 人工; } > one.csv
run import identities one.csv $day --json
is "R-GEN-04: by the window that is named" "$(field rejected)" 1

# --- one person ----------------------------------------------------------------------------------
person_of() { run show person "$1" --json; field person; }
{ echo "$header"; card 周一 男 1980-01-01 身份证 310101800101001 长期 示范区1号窗 读卡; } > one.csv
run import identities one.csv $day --json
is "a card with 15 digits is read" "$(field rejected)" 0
is "15 and 18 digits are one person" "$(person_of 310101800101001)" "$(person_of 310101198001010018)"
for number in H1234567801 h12345678 H1234567802; do
    { echo "$header"; card 乔治 男 1980-05-05 港澳同胞回乡证 $number 2036-01-01 示范区1号窗 人工; } > one.csv
    run import identities one.csv $day --json
    is "$number: a permit that was issued again" "$(field rejected)" 0
done
is "... is the same person's" "$(person_of H1234567802)" "$(person_of H12345678)"
[ "$(person_of H12345678)" != "$(person_of H12345679)" ]
is "... and another number is not" $? 0

# --- a later reading -----------------------------------------------------------------------------
# 张一 holds 沪建安B(2019)0000004 and is read under another name.
run regenerate $day --json
paper='沪建安B(2019)0000004'
run show certificate "$paper" --json $day
before=$(cat "$out")
file=$(certificate_file store "$paper")
digest=$(sha256sum < "$file")
{ echo "$header"; card 张壹 男 1971-02-02 身份证 310101197102020034 长期 示范区1号窗 读卡; } > one.csv
run import identities one.csv $day --json
is "R-LK-02: the identity is what was read last" "$(field accepted)" 1
run show person 310101197102020034 --json
out_has '"name":"张壹"' "R-LK-02: the file has it"
run show certificate "$paper" --json $day
is "R-LK-02: the certificate stays as it is" "$(cat "$out")" "$before"
run regenerate $day --json
is "R-LK-02: nothing is made again" "$(field rendered)" 0
is "R-LK-02: nor its document" "$(sha256sum < "$(certificate_file store "$paper")")" "$digest"
run cancel --json $day --enterprise=$E1 --certificate="$paper" --name=张二 --reason=employment_ended --confirmed
is "R-LK-02: a name given must be the holder's" "$(field code) $(field rule)" "identity_mismatch R-LK-02"
run cancel --dry-run --json $day --enterprise=$E1 --certificate="$paper" --name=张壹 --reason=employment_ended --confirmed
is "R-LK-02: the one that was read last" "$(field outcome)" accepted
run cancel --json $day --enterprise=$E1 --certificate="$paper" --name=张一 --reason=employment_ended --confirmed
is "R-LK-02: or the one on the certificate" "$(field outcome)" accepted

# The exchange of a paper certificate: 吴法人's was not exchanged.
{ echo "$header"; card 吴大人 男 1974-05-05 身份证 310101197405050097 长期 示范区1号窗 读卡; } > one.csv
run import identities one.csv $day --json
run show certificate '沪建安A(2019)0000007' --json $day
out_has '"person":{"name":"吴法人"' "R-LK-02: the paper still says what it said"
run exchange --json $day --enterprise=$E2 --certificate='沪建安A(2019)0000007' --confirmed
is "R-LK-02: an exchange needs the name to agree" "$(field code) $(field rule)" "identity_mismatch R-LK-02"
{ echo "$header"; card 吴法人 男 1974-05-05 身份证 310101197405050097 长期 示范区1号窗 读卡; } > one.csv
run import identities one.csv $day --json
run exchange --json $day --enterprise=$E2 --certificate='沪建安A(2019)0000007' --confirmed
is "R-LK-02: and goes on when it does" "$(field code) $(field outcome)" "null accepted"
run rebuild --verify
status_is 0 "a rebuild gives the same bytes"
done_testing
