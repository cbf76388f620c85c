#!/bin/sh
# The authority's own actions, by submission and by verb, in a store without and one with signatures.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
day=--today=2026-01-06
general='沪建安A(2024)0000002'
safety='沪建安C1(2024)0000003'

cat > clerks.csv <<'CSV'
工号,姓名,部门,部门级别,状态
K01,石窗口,行政服务中心,市,在岗
K02,沙窗口,行政服务中心,市,停用
CSV
cat > more.csv <<CSV
证书编号,类别,姓名,证件类型,证件号码,统一社会信用代码,企业名称,职务,初次领证日期,发证日期,有效期至,状态
$general,A,赵一,身份证,310101189912310025,$jia,上海甲建设有限公司,总经理（总裁）,2024-03-01,2024-03-01,2027-02-28,有效
$safety,C1,孙三,身份证,$holder,$jia,上海甲建设有限公司,专职安全生产管理人员,2024-03-01,2024-03-01,2027-02-28,有效
CSV
run import clerks clerks.csv --today=2026-01-05
status_is 0 "two clerks"
run import paper more.csv --today=2026-01-05
status_is 0 "two more certificates"
run exchange --certificate="$paper" --enterprise=$jia --confirmed $day
status_is 0 "one is electronic"
run regenerate $day --quiet
status_is 0 "and has its document"

# --- 暂扣, 返还 ---
cat > suspend.jsonl <<JSON
{"id":"s1","action":"suspend","enterprise":"$jia","certificate":"$paper","decision":"沪建管罚2026-1"}
{"id":"s2","action":"suspend","clerk":"K02","certificate":"$paper","decision":"沪建管罚2026-1"}
{"id":"s3","action":"suspend","clerk":"K01","certificate":"$paper","decision":"沪建管罚2026-1","name":"孙三"}
{"id":"s3","action":"suspend","clerk":"K01","certificate":"沪建安B（2024）0001234","decision":"沪建管罚2026-1","name":" 孙三 "}
{"id":"s4","action":"suspend","clerk":"K01","certificate":"$paper","decision":"沪建管罚2026-2"}
{"id":"s5","action":"suspend","clerk":"K01","certificate":"$paper"}
{"id":"s6","action":"suspend","clerk":"K01","certificate":"$paper","decision":"x","confirmed":true}
{"id":"s7","action":"change_id_number","clerk":"K01","person":{"name":"孙三","id_type":"身份证","id_number":"$holder"},"new_id_number":"310101189912310025","decision":"x","new_person_id":"x"}
JSON
run submit suspend.jsonl $day --json
status_is 1 "a submission of a clerk"
answers=$(sed -n 's/.*"line":\([0-9]*\).*"outcome":"\([a-z]*\)","code":"\{0,1\}\([a-z_]*\).*/\1 \2 \3/p' "$out" | tr '\n' ';')
is "each line has its answer" "$answers" \
    "1 refused clerk_required;2 refused clerk_unknown;3 accepted null;4 duplicate null;5 refused certificate_suspended;6 invalid missing_field;7 invalid bad_field;8 invalid bad_field;"
run show certificate "$paper" --json $day
out_has '"status":"suspended"' "it is suspended"
out_has '"document":{"status":"ready"' "its document stays"
run list certificates --status=suspended --json $day
is "the list of suspended ones has it alone" "$(field certificate)" "$paper"
run download "$paper" --enterprise=$jia --out=x.pdf $day
status_is 1 "nobody downloads it"
err_has "[certificate_suspended, D29]" "and that is said"
run reinstate --clerk=K01 --certificate="$paper" --decision=沪建管返2026-1 $day --json
status_is 0 "it is given back by a verb"
out_has '"status":"valid"' "and valid"
run reinstate --clerk=K01 --certificate="$paper" --decision=沪建管返2026-1 $day --lang=zh
status_is 1 "not twice"
out_has "未被暂扣" "in words"
run show certificate "$paper" --json $day
out_has '"document":{"status":"pending"' "its document is made anew"
out_has '"version":1' "under the same version"
run regenerate $day --quiet
run download "$paper" --enterprise=$jia --out=x.pdf $day
status_is 0 "and can be had"

# --- corrections ---
cat > correct.jsonl <<JSON
{"id":"c1","action":"correct_certificate","clerk":"K01","certificate":"$paper","decision":"更2026-1","valid_until":"2027年3月31日"}
{"id":"c1","action":"correct_certificate","clerk":"K01","certificate":"$paper","decision":"更2026-1","valid_until":"20270331"}
{"id":"c1","action":"correct_certificate","clerk":"K01","certificate":"$paper","decision":"更2026-1","valid_until":"2027-04-01"}
{"id":"c2","action":"correct_certificate","clerk":"K01","certificate":"$paper","decision":"更2026-2","valid_until":"2027/3/31"}
{"id":"c3","action":"correct_certificate","clerk":"K01","certificate":"$paper","decision":"更2026-3"}
{"id":"c4","action":"correct_certificate","clerk":"K01","certificate":"$paper","decision":"更2026-4","issued":"2027-04-02"}
{"id":"c5","action":"change_post","clerk":"K01","certificate":"$paper","decision":"职2026-1","post":"02"}
JSON
run submit correct.jsonl $day --json
answers=$(sed -n 's/.*"line":\([0-9]*\).*"outcome":"\([a-z]*\)","code":"\{0,1\}\([a-z_]*\).*/\1 \2 \3/p' "$out" | tr '\n' ';')
is "a day in another spelling is no other wish" "$answers" \
    "1 accepted null;2 duplicate null;3 refused id_reused;4 refused nothing_corrected;5 invalid missing_field;6 invalid bad_field;7 invalid bad_field;"
run show certificate "$paper" --json $day
out_has '"valid_until":"2027-03-31"' "the end is corrected"
out_has '"version":2' "in a new version"
out_has '"document":{"status":"pending"' "that waits for its document"
run correct-certificate --clerk=K01 --certificate="$paper" --decision=更2026-5 --identity $day
status_is 1 "the identity that is printed already"
out_has "nothing_corrected" "is no correction"
run correct-certificate --clerk=K01 --certificate="$general" --decision=更2026-6 --first-issued=2021/3/1 $day
status_is 0 "a date on paper, by a verb"
run correct-certificate --clerk=K01 --certificate="$general" --decision=更2026-7 --first-issued=2021-02-29 $day --lang=zh
status_is 1 "a day that is none"
out_has "不是日期" "in words"
run change-post --clerk=K01 --certificate="$general" --decision=职2026-2 --post=01 $day --json
status_is 0 "the register's legal representative gets the post"
run show certificate "$general" --json $day
out_has '"legal_representative":true,"post":"01"' "and the certificate is a legal representative's"
out_has '"first_issued":"2021-03-01"' "with the corrected date"
run change-post --clerk=K01 --certificate="$general" --decision=职2026-3 --post=01 $day
out_has "post_not_changed" "the same post again"

# --- departure withdrawn ---
run regenerate $day --quiet
run depart --enterprise=$jia --person-name=孙三 --person-id-type=身份证 --person-id-number=$holder \
    --certificate="$paper" --confirmed $day
status_is 0 "it departs"
run download "$paper" --enterprise=$jia --proof=departure --out=proof.pdf $day
status_is 0 "with a proof"
run withdraw-departure --clerk=K01 --certificate="$paper" --decision=撤2026-1 $day --json
status_is 0 "the departure is withdrawn"
run download "$paper" --enterprise=$jia --proof=departure --out=proof2.pdf $day
status_is 1 "its proof is not handed out any more"
err_has "[departure_withdrawn, R-DP-13]" "and that is said"
is "nothing was written" "$([ -e proof2.pdf ] || echo no)" no
run list departures --enterprise=$jia --json $day
out_has '"status":"departure_withdrawn"' "the record stays and says so"
out_has '"document":{"status":"ready"' "the proof stays for auditors"
run list departures --enterprise=$jia $day --lang=zh
out_has "离沪已撤回" "in words"
run show certificate "$paper" --json $day
out_has '"status":"valid"' "the certificate is valid again"
out_has '"document":{"status":"pending"' "and waits for its document"
run regenerate $day --quiet
run download "$paper" --enterprise=$jia --out=x.pdf $day
status_is 0 "which can be had"
run depart --enterprise=$jia --person-name=孙三 --person-id-type=身份证 --person-id-number=$holder \
    --certificate="$paper" --confirmed $day
run download "$paper" --enterprise=$jia --proof=departure --out=proof2.pdf $day
status_is 0 "departed again it has a proof of its own"
is "another one" "$(cmp -s proof.pdf proof2.pdf && echo same)" ""

# --- 撤销, 吊销, 注销 ---
run revoke --clerk=K01 --certificate="$safety" --decision=撤2026-2 $day --json
status_is 0 "a paper certificate is revoked"
run list certificates --status=revoked --json $day
is "the list of revoked ones has it" "$(field certificate)" "$safety"
run withdraw --clerk=K01 --certificate="$safety" --decision=吊2026-1 $day --lang=zh
status_is 1 "for ever"
out_has "状态：撤销" "whoever asks again"
run cancel-by-authority --clerk=K01 --certificate="$general" --decision=注2026-1 $day
status_is 0 "one is cancelled by the authority"
run withdraw --certificate="$general" --decision=吊2026-1 $day
out_has "clerk_required" "never without a clerk"

# --- looking back ---
run audit history certificate "$paper" --lang=zh
for word in 暂扣 暂扣返还 更正 离沪 撤回离沪; do
    out_has "$word" "the history says $word"
done
run audit history certificate "$general" --json
out_has '"type":"certificate_corrected"' "a correction"
out_has '"details":{"certificate":"沪建安A(2024)0000002","decision":"更2026-6","first_issued":"2021-03-01"}' "with what it corrected"
out_has '"details":{"certificate":"沪建安A(2024)0000002","decision":"职2026-2","post":"01","legal_representative":true}' "a post"
out_has '"type":"authority_cancelled"' "the end"
run rebuild --verify
status_is 0 "views equal replay"
run audit verify
status_is 0 "and the log is sound"
run help suspend --lang=zh
out_has "证书暂扣" "help in Chinese"
out_has "--decision=NUMBER" "names the decision"
run help extend-by-notice
out_has "--selection-valid-until-from=YYYY-MM-DD" "options of a selection are flat"

# --- where signatures are required ---
rm -rf store
make_city --signatures=required
run import clerks clerks.csv --today=2026-01-05
run suspend --clerk=K01 --certificate="$paper" --decision=罚-1 $day
status_is 77 "a clerk signs too"
err_has "[signature_required]" "and that is said"
run trust issue --code=K01 --out=keys $day
run trust issue --code=$jia --out=keys $day
status_is 0 "certificates for a clerk and an enterprise"
run suspend --clerk=K01 --certificate="$paper" --decision=罚-1 $day \
    --signer-cert=keys/$jia.pem --signer-key=keys/$jia.key
status_is 1 "signed by an enterprise"
out_has "actor_mismatch" "is a mismatch"
run suspend --clerk=K01 --certificate="$paper" --decision=罚-1 $day \
    --signer-cert=keys/K01.pem --signer-key=keys/K01.key --json
status_is 0 "signed by the clerk"
out_has '"outcome":"accepted"' "is accepted"
run audit history certificate "$paper" --json
out_has "\"signer\":\"$(openssl x509 -in keys/K01.pem -outform DER | sha256sum | cut -c1-64)\"" \
    "the clerk's certificate is in the log"
cat > back.jsonl <<JSON
{"id":"r1","action":"reinstate","clerk":"K01","certificate":"$paper","decision":"返-1"}
{"id":"r2","action":"exchange","enterprise":"$jia","certificate":"$paper","confirmed":true}
{"id":"r3","action":"revoke","enterprise":"$jia","certificate":"$paper","decision":"撤-1"}
JSON
run submit back.jsonl $day
status_is 77 "an unsigned file"
run show certificate "$paper" --json $day
out_has '"status":"suspended"' "changes nothing"
openssl cms -sign -binary -in back.jsonl -signer keys/K01.pem -inkey keys/K01.key -outform DER \
    -out back.p7s 2> "$err"
run submit back.jsonl --signature=back.p7s $day --json
status_is 1 "signed by the clerk, with lines of others"
answers=$(sed -n 's/.*"line":\([0-9]*\).*"outcome":"\([a-z]*\)","code":"\{0,1\}\([a-z_]*\).*/\1 \2 \3/p' "$out" | tr '\n' ';')
is "each line is its actor's" "$answers" \
    "1 accepted null;2 refused actor_mismatch;3 refused actor_mismatch;"

done_testing
