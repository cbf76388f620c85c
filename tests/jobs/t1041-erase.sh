#!/bin/sh
# t1041-erase - a person is erased (R-PV-02): nothing personal is left, nothing that was proven breaks.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
status_is 0 "a town"
export ANZHENG_STORE="$work/store"
today=--today=2026-05-06
uyghur=310101197001010013 # 阿𠮷·买提: A, B and C1 at E1
number='沪建安B(2019)0000002'
run regenerate $today --json
"$ANZHENG" submit end.jsonl $today --quiet > "$out" # the person departs: a proof with the full number
run checkpoint --json
run show person $uyghur $today --json
person=$(field person)
pdf=$(certificate_file store "$number")
proof=$(find store/proofs -name '*.pdf' | wc -l)
photo=$("$ANZHENG" audit history person $uyghur $today --json | sed -n 's/.*"photo_blob":"\([^"]*\)".*/\1/p')
blob="store/blobs/$(echo "$photo" | cut -c1-2)/$photo"
[ -f "$pdf" ] && [ -f "$blob" ]
report $? "a document and a photo of the person are there"
cp -a store/keys old-keys
head=$(newest store)

cat > erase.jsonl <<END
{"id":"e1","action":"erase_person","clerk":"SH1","person":{"name":"阿𠮷·买提","id_type":"身份证","id_number":"$uyghur"},"decision":"删2026-1"}
{"id":"e2","action":"cancel","enterprise":"$E1","certificate":"$number","reason":"employment_ended","confirmed":true}
{"id":"e3","action":"request_regeneration","enterprise":"$E2","certificate":"沪建安C3(2019)0000006"}
{"id":"e4","action":"erase_person","clerk":"SH1","person":{"name":"别人","id_type":"身份证","id_number":"310101197304040076"},"decision":"删2026-2"}
END
run submit erase.jsonl --dry-run $today
out_has '"id":"e1","action":"erase_person","outcome":"accepted"' "R-PV-02: an erasure can be tried"
run show person $uyghur $today --json
out_has 𠮷 "and trying destroys nothing"
[ -f "$pdf" ]
report $? "no file either"

run submit erase.jsonl $today
out_has '"id":"e1","action":"erase_person","outcome":"accepted"' "R-PV-02: a clerk erases the person"
out_has '"keys":1' "R-PV-02: the answer says what goes: the key"
out_has '"files":' "files" 
out_has '"documents":' "documents"
out_has '"id":"e2","action":"cancel","outcome":"refused","code":"person_blocked"' "R-PV-02: the next line is refused"
out_has '"id":"e3","action":"request_regeneration","outcome":"accepted"' "R-PV-02: others go on"
out_has '"id":"e4","action":"erase_person","outcome":"refused","code":"identity_mismatch"' "R-PV-02: the name must be right"

# --- nothing personal is left
run show person $uyghur $today --json
status_is 0 "R-PV-02: the number still leads to what is left"
out_has '"erased":true' "which says so"
out_lacks 𠮷 "no name"
out_lacks 1970 "no birth date"
run show certificate "$number" $today --json
out_has '"enterprise":{"code":"'$E1'"' "R-PV-02: the certificate's public facts stay"
out_has '"valid_until":"2028-01-04"' "its dates"
out_lacks 𠮷 "not its holder"
out_has '"status":"none","file":null' "nor a file"
[ ! -e "$pdf" ] && [ ! -e "$blob" ]
report $? "R-PV-02: document and photo are removed"
is "R-PV-02: and the proof with the number" "$(find store/proofs -name '*.pdf' | wc -l)" $((proof - 1))
left=$(find store -type f ! -path 'store/log/*' -exec grep -la -e 𠮷 -e $uyghur {} +)
is "R-PV-02: no file of the store names the person" "$left" ""
grep -qa -e 𠮷 -e $uyghur store/log/data.mdb
is "nor the log" "$?" 1
run audit history person $person $today --json
status_is 0 "R-PV-02: the history stays"
out_has '"type":"person_erased"' "with the erasure"
out_lacks 𠮷 "without the person"

# --- the report
reported=store/reports/erasure-$person.json
[ -s "$reported" ]
report $? "R-PV-02: a report of the erasure"
cp "$reported" "$out"
out_has '"decision":"删2026-1"' "with the decision"
out_has '"keys":1' "and what was destroyed"
out_has '"submissions_kept":[' "which submissions stay as evidence"
out_has 'audit verify' "and how to check it"
out_has 'outbox/' "and what lies in the outbox is not forgotten"
out_lacks 𠮷 "without personal data"

# --- nothing that was proven breaks
run audit verify --json
status_is 0 "R-PV-02: the log and its checkpoints verify"
run rebuild --verify --json
status_is 0 "R-PV-02: inline equals rebuild, byte for byte"
run rebuild --json
run rebuild --verify --json
status_is 0 "also after a rebuild"
run audit replay --as-of=2026-05-05 --out=before --json
status_is 0 "R-PV-02: an earlier day can be replayed"
cat before/*.csv > "$out"
out_lacks 𠮷 "and reads blank"
out_has "$number" "with the certificate"

# --- documents and rows
run download "$number" --enterprise=$E1 --out=after.pdf $today
err_has "not to be processed" "R-PV-02: download says so"
run regenerate --all $today --json
[ ! -e "$pdf" ]
report $? "R-PV-02: nothing is drawn anew"
grep -e 姓名 -e $uyghur identities.csv > again.csv
run import identities again.csv $today --json
is "R-PV-02: the same number does not bring the person back" "$(field rejected)" 1
run submit erase.jsonl $today
out_has '"id":"e1","action":"erase_person","outcome":"duplicate"' "R-PV-02: the same wish is a duplicate"

head -2 store/reports/*.rejects.csv > "$out"
out_lacks $uyghur "R-PV-02: and is not kept in the clear for it"

# --- an entry with a masked row of another province, and its proof
wang=310101197304040076
printf '证书编号,姓名,证件类型,证件号码,类别,企业名称,发证日期,有效期至,状态\n皖建安B(2024)0000005,王三,身份证,310*************76,B,安徽示例建设有限公司,2024-06-01,2027-05-31,注销\n' > national.csv
run import national national.csv $today --json
is "a masked row of another province" "$(field accepted)" 1
printf '%%PDF-1.4\n%%%%EOF\n' > proof.pdf
echo '{"id":"n1","action":"enter","enterprise":"'$E2'","person":{"name":"王三","id_type":"身份证","id_number":"'$wang'"},"original_certificate":"皖建安B(2024)0000005","declaration_accepted":true,"proof":"proof.pdf","confirmed":true}' > enter.jsonl
run submit enter.jsonl $today
out_has '"outcome":"accepted"' "that an entry uses"
run regenerate $today --json
run erase-person --clerk=SH1 --person-name=王三 --person-id-type=身份证 --person-id-number=$wang --decision=删2026-3 $today --json
out_has '"keys":2,"files":2' "R-PV-02: its key goes too, and the proof of entry"
grep -qa 王三 store/views/data.mdb
is "R-PV-02: the row reads blank" "$?" 1
run import national national.csv $today --json
is "R-PV-02: nor is it taken again" "$(field rejected)" 1
run list certificates --document=ready --json $today
out_lacks '"erased":true' "R-PV-02: nor is there a document of the person's to be had"
run audit compare --json
status_is 0 "R-PV-02: what an erasure took away is no damage"
run rebuild --verify --json
status_is 0 "and the views are a replay"

# --- an older keyring is put back
cp old-keys/persons.keys store/keys/persons.keys
run audit replay --as-of=2026-05-05 --out=older --json
cat older/*.csv > "$out"
out_lacks 𠮷 "R-PV-02: with an older keyring an earlier day reads blank"
out_has "$number" "with the certificate"
run audit history person $person $today --json
out_lacks 𠮷 "R-PV-02: with an older keyring readers see nothing"
run show person $person --unmasked --reason=查 $today --json
out_lacks $uyghur "R-PV-02: nor unmasked"
cp old-keys/persons.keys store/keys/persons.keys
run rebuild --json
run show person $person $today --json
out_lacks 𠮷 "R-PV-02: nor after a rebuild"
cp old-keys/persons.keys store/keys/persons.keys
cmp -s old-keys/persons.keys store/keys/persons.keys
is "the older keyring lies there" "$?" 0
run policy set insurance.months_required 1 --decision=试 $today --json
cmp -s old-keys/persons.keys store/keys/persons.keys
is "R-PV-02: the next writer destroys the key again" "$?" 1
run rebuild --verify --json
status_is 0 "and the views are a replay"

done_testing
