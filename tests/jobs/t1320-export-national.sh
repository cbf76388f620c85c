#!/bin/sh
# t1320-export-national - records for the national platform: one for each change of an electronic
# certificate, with its codes, full-width numbers and the person's data in full (CONTRACT 6,
# R-NAT-04, R-PV-02, R-PV-07; FACTS 3.2, 3.3).
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"

make_city --signatures=optional
add_clerk K01
wide='沪建安B（2024）0001234'
at() {
    day="--today=$1"
}
codes() { # options...: "state/operation" of each record, in order
    run export national --unmasked --reason=归集 --out=records.jsonl $day "$@"
    sed -n 's/.*"certState":"\([0-9]*\)".*"operateType":"\([0-9]*\)".*/\1\/\2/p' records.jsonl | tr '\n' ' '
}
value() { # key: of the last record
    tail -1 records.jsonl | grep -o "\"$1\":[^,}]*" | head -1 | cut -d: -f2- | tr -d '"'
}

# --- paper is not told; the exchange is -----------------------------------------------------------
at 2026-01-06
is "nothing of paper" "$(codes)" ""
status_is 0 "is no failure"
before=$(newest store)
run exchange --certificate="$paper" --enterprise=$jia --confirmed $day
run export national --out=masked.jsonl $day
is "the last event of the log, too" "$(newest store) $(sed 's/.*"identityCard":"\([^"]*\)".*/\1/' masked.jsonl)" \
    "$((before + 1)) 310*************17"
is "the first electronic one" "$(codes)" "01/01 "
is "its number has full-width brackets" "$(value certNum)" "$wide"
is "province, authority" "$(value provinceNum) $(value issuAuthCode)" "310000 11310000TEX000010W"
is "the person, in full" "$(value name) $(value gender) $(value birthDate) $(value identityCardType) $(value identityCard)" \
    "孙三 1 1899-12-31 111 $holder"
is "the enterprise" "$(value companyName) $(value creditCode)" "上海甲建设有限公司 $jia"
is "class and post" "$(value categoryCode) $(value appointment)" "B 07"
is "its days" "$(value issuedDate) $(value issuDate) $(value effectiveDate) $(value expiringDate)" \
    "2024-03-01 2024-03-01 2024-03-01 2027-02-28"
is "a first version follows none" "$(value associatedZzeCertID) $(value oldcertNum)" "null null"
first=$(value zzeCertID)
first_id=$(value eCertID)
run show certificate "$paper" --json $day
is "it is called as everywhere" "$(field identifier)" "$first"
echo "$first_id" | grep -qxE '[0-9a-f]{32}'
report $? "and has an id of 32 digits"
value url | grep -q '^https' || tail -1 records.jsonl | grep -q '"url":"https://anzheng.example/verify?t=[0-9a-f]*"'
report $? "and the address of its code"
for key in technicalTitle educationDegree major photo certStatusDescription businessInformation; do
    is "unknown: $key" "$(value $key)" null
done
is "every field is there" "$(python3 -c 'import json; print(len(json.load(open("records.jsonl"))))')" 30

# --- every operation ------------------------------------------------------------------------------
since=$(newest store)
run suspend --clerk=K01 --certificate="$paper" --decision=罚1 $day
is "暂扣" "$(codes --since=$since)" "02/03 "
is "with its decision" "$(value businessInformation)" 罚1
run reinstate --clerk=K01 --certificate="$paper" --decision=返1 $day
run correct-certificate --clerk=K01 --certificate="$paper" --decision=更1 --valid-until=2027-02-27 $day
run depart --enterprise=$jia --person-name=孙三 --person-id-type=身份证 --person-id-number=$holder \
    --certificate="$paper" --confirmed $day
run withdraw-departure --clerk=K01 --certificate="$paper" --decision=撤1 $day
run cancel --certificate="$paper" --reason=employment_ended --enterprise=$jia --confirmed $day
is "all that came, each as it was then" "$(codes --since=$since)" "02/03 01/06 01/09 06/05 01/10 04/05 "
is "released is cancelled to the platform" "$(value certStatusDescription)" null
sed -n 3p records.jsonl > one && mv one records.jsonl
is "a change follows the version before" "$(value associatedZzeCertID)" "$first"
is "and ends when it ended then" "$(value expiringDate)" 2027-02-27
[ "$(value eCertID)" != "$first_id" ]
report $? "under an id of its own"
middle=$(newest store)
at 2026-09-01
run change-affiliation --enterprise=$yi --person-name=孙三 --person-id-type=身份证 --person-id-number=$holder \
    --certificate="$paper" --confirmed $day
affiliated=$status
run revoke --clerk=K01 --certificate="$paper" --decision=撤2 $day
is "what is asked for alone" "$(codes --since=$middle)" "$([ "$affiliated" = 0 ] && echo '01/09 ')03/05 "
is "the same again" "$(codes --since=$middle)" "$([ "$affiliated" = 0 ] && echo '01/09 ')03/05 "

# --- past its last day: no event says so ----------------------------------------------------------
{ head -1 paper.csv; echo "沪建安C1(2024)0005555,C1,孙三,身份证,$holder,$jia,上海甲建设有限公司,专职安全生产管理人员,2024-03-01,2024-03-01,2027-02-28,有效"; } > other.csv
run import paper other.csv $day
run exchange --certificate='沪建安C1(2024)0005555' --enterprise=$jia --confirmed $day
status_is 0 "another one"
other=$(newest store)
at 2027-02-28
is "on its last day" "$(codes --since=$other)" ""
at 2027-03-01
is "and behind it" "$(codes --since=$other)" "05/04 "
is "it has no decision" "$(value businessInformation) $(value certNum)" "null 沪建安C1（2024）0005555"
is "all, from the beginning: one that was revoked does not expire" \
    "$(codes | tr ' ' '\n' | grep -c '05/04')" 1
is "asked from a later day on" "$(codes --since=$(newest store))" ""

# --- what goes out is known -----------------------------------------------------------------------
before=$(newest store)
run export national --since=$other --unmasked --reason=归集 $day --lang=zh
status_is 0 "to the standard output"
err_has "下次请使用 --since=" "the next run's event is named"
cp "$out" said
codes --since=$other > "$out"
cmp -s said records.jsonl
report $? "the same records"
[ "$(newest store)" -gt "$before" ]
report $? "an event tells of it"
run audit history certificate "$paper" $day
status_is 0 "its history is whole"
run rebuild --verify
status_is 0 "views and log agree"
is "the file is private" "$(stat -c %a records.jsonl)" 600

# --- bad wishes -----------------------------------------------------------------------------------
before=$(newest store)
run export national --since=999999 $day
status_is 64 "an event that is not there"
err_has 999999 "is named"
run export national --since=999999 $day --lang=zh
err_has "尚无事件" "in Chinese too"
run export national --since=yesterday $day
status_is 64 "no number"
run export national --out=none/there $day
status_is 73 "a folder that is not there"
run export national more $day
status_is 64 "a word too many"
is "the log tells of none" "$(newest store)" "$before"
run export national --store=nowhere
status_is 66 "no store"

# --- nobody who is left alone ---------------------------------------------------------------------
run block-person --clerk=K01 --person-name=孙三 --person-id-type=身份证 --person-id-number=$holder \
    --decision=停2026-1 $day --json
is "a person is left alone" "$(field outcome)" accepted
is "and held back" "$(codes)" ""
status_is 0 "without failing"
err_has "held back" "which is told"
done_testing
