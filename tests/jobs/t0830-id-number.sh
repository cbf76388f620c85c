#!/bin/sh
# R-PN-08, D24: a corrected document number; the person is found by either, and stays the same.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06
old=$holder
new=310101189912310033
third=310101189912311036

add_clerk K01

# What came under the right number before anybody knew that it is this person's.
insurance() { # number, month
    printf '证件类型,证件号码,统一社会信用代码,缴纳月份\n身份证,%s,%s,%s\n' "$1" $jia "$2" > insurance.csv
    run import insurance insurance.csv $today --json
}
national() { # number, state
    printf '证书编号,姓名,证件类型,证件号码,类别,企业名称,发证日期,有效期至,状态\n京建安C1(2024)0000005,孙三,身份证,%s,C1,北京甲建设有限公司,2024-03-01,2027-02-28,%s\n' \
        "$1" "$2" > national.csv
    run import national national.csv $today --json
}
insurance $new 2026-01
is "insurance of a number that nobody has" "$(field accepted)" 1
national $new 有效
is "a national record of it" "$(field accepted)" 1

correct() { # id, old number, new number, more
    id=$1 from=$2 to=$3
    shift 3
    run change-id-number --id="$id" --clerk=K01 --person-name=孙三 --person-id-type=身份证 \
        --person-id-number="$from" --new-id-number="$to" --decision=更2026-1 $today --json "$@"
}
person_of() { run show person "$1" --json $today; field person; }

first=$(person_of $old)
correct n1 $old $old
status_is 1 "R-PN-08: the same number is no correction"
out_has '"code":"id_number_not_changed"' "and that is said"
correct n1 $old 310101189912310025
status_is 1 "D24: the number of somebody else"
out_has '"code":"id_number_in_use"' "is refused, nobody is merged"
other=$(field person)
run show person "$other" --json $today
out_has '"name":"赵一"' "and the answer names who has it, by an opaque id"
correct n1 $old 3101011899123100
status_is 1 "no number"
out_has '"code":"bad_field"' "is a bad field"
before=$(newest)
correct n1 $old "$new"
status_is 0 "R-PN-08: the number is corrected"
out_has '"id_number":"310*************33"' "the answer shows it masked"
is "by one event" "$(newest)" $((before + 1))
correct n1 $old "$new"
out_has '"outcome":"duplicate"' "the same wish again is a duplicate"
correct n1 "$new" "$new" --new-id-type=身份证
out_has '"outcome":"duplicate"' "also when it names the person by the new number"
correct n1 $old 310101189912310041
out_has '"code":"id_reused"' "another number is another wish"

# --- whoever asks by either number finds the same person ---
is "D24: the new number finds the person" "$(person_of "$new")" "$first"
out_has '"id_number":"310*************33"' "who is shown with the new number"
is "D24: the old number finds the person" "$(person_of $old)" "$first"
out_has '"id_number":"310*************33"' "with the new number too"
run show person $old --unmasked --reason=查 --json $today
out_has "\"id_number\":\"$new\"" "in full it is the new one"
for number in $old "$new"; do
    run list certificates --person="$number" --json $today
    is "D24: certificates by $number" "$(field certificate)" "$paper"
    out_has '"id_number":"310*************33"' "with the new number"
done

# --- register rows under either number are the same person's ---
for number in "$new" $old; do
    cat > identity.csv <<CSV
姓名,性别,出生日期,住址,证件类型,证件号码,采集窗口,采集日期,采集方式
孙三,男,1899-12-31,上海市示范路${number##*0}号,身份证,$number,,2025-12-02,在线
CSV
    run import identities identity.csv $today --json
    is "D24: an identity row under $number" "$(field accepted)" 1
    run import identities identity.csv $today --json
    is "again it is unchanged" "$(field unchanged)" 1
    is "it is the same person's" "$(person_of "$number")" "$first"
    out_has '"id_number":"310*************33"' "who keeps the new number"
done
cat > exams.csv <<CSV
姓名,证件类型,证件号码,类别,考核类型,考试日期,结论,成绩有效期至,准考证号
孙三,身份证,$old,A,新取证,2025-12-20,合格,2026-12-20,T1
CSV
run import exams exams.csv $today --json
status_is 0 "an exam under the old number"
insurance $old 2025-12
is "D24: insurance under the old number" "$(field accepted)" 1
insurance $new 2025-12
is "is there under the new one" "$(field unchanged)" 1
cat > paper2.csv <<CSV
证书编号,类别,姓名,证件类型,证件号码,统一社会信用代码,企业名称,职务,初次领证日期,发证日期,有效期至,状态
沪建安C1(2024)0000009,C1,孙三,身份证,$new,$jia,上海甲建设有限公司,,2024-03-01,2024-03-01,2027-02-28,有效
CSV
run import paper paper2.csv $today --json
status_is 0 "a paper certificate under the new number"
run list certificates --person=$old --json $today
is "D24: is found by the old one" "$(field certificate | wc -l | tr -d ' ')" 2

# --- and so are wishes ---
issue() { # number
    run issue --id=i1 --enterprise=$jia --category=A --person-name=孙三 --person-id-type=身份证 \
        --person-id-number="$1" --confirmed $today --json
}
issue $old
out_has '"code":"valid_elsewhere"' "R-NAT-18: the national record of the new number stands against the person"
national $old 注销
is "D24: a newer row of it comes under the old number" "$(field accepted)" 1
issue "$new"
status_is 0 "R-PN-08: an A on an exam of the old and insurance of the new number"
issued=$(sed -n 's/.*"certificates":\["\([^"]*\)".*/\1/p' "$out")
run show certificate "$issued" --json $today
out_has '"id_number":"310*************33"' "shows the new number"
issue "$new"
out_has '"outcome":"duplicate"' "the same wish again"
issue $old
out_has '"outcome":"duplicate"' "and by the old number"
run issue --enterprise=$jia --category=A --person-name=孙山 --person-id-type=身份证 \
    --person-id-number=$old --confirmed $today --json
out_has '"code":"identity_mismatch"' "another name is a mismatch"
run exchange --certificate="$paper" --enterprise=$jia --confirmed --name=孙三 $today --json
status_is 0 "the paper certificate is exchanged"

# D35: the register's legal representative, named by the new number.
sed "s/钱二,身份证,310115189902280035/孙三,身份证,$new/" enterprises.csv > legal.csv
run import enterprises legal.csv $today --json
run issue --enterprise=$yi --category=A --legal-representative --person-name=孙三 \
    --person-id-type=身份证 --person-id-number=$old --confirmed $today --json
out_lacks not_legal_representative "D35: asks by the old number"
run show enterprise $yi --json $today
out_has '"id_number":"310*************33"' "and is shown with the new one"

# --- documents ---
text() { pdftotext -layout "$1" - 2> "$err" | tr -d ' \n'; }
depart() { # number
    run depart --enterprise=$jia --person-name=孙三 --person-id-type=身份证 \
        --person-id-number="$1" --certificate="$issued" --confirmed $today --json
}
run regenerate $today --json --quiet
status_is 0 "documents"
run download "$issued" --enterprise=$jia --out=a.pdf $today --json
status_is 0 "the certificate is downloaded"
depart $old
status_is 0 "R-DP: a departure, asked for by the old number"
proof_has() { # number, what
    run list departures --enterprise=$jia --json $today
    case $(text "store/$(field file)") in
        *"$1"*) report 0 "$2" ;;
        *) report 1 "$2" ;;
    esac
}
run regenerate $today --json --quiet
proof_has "$new" "R-DP-15: the proof carries the new number"

# --- again, and back ---
correct n2 $old $third
status_is 0 "D24: corrected again, by the first number"
for from in $old "$new" $third; do
    is "D24: $from finds the person" "$(person_of "$from")" "$first"
    out_has '"id_number":"310*************36"' "with the third number"
done
run regenerate --all $today --json --quiet
proof_has "$new" "R-BJ-02: the proof has the number of its day, however late it is drawn again"
correct n3 "$new" $old
status_is 0 "D24: back to the first one"
is "the person is the same" "$(person_of $third)" "$first"
out_has '"id_number":"310*************17"' "with the first number"
correct n4 "$new" $old
out_has '"code":"id_number_not_changed"' "it is that one now"
correct n5 $third "$new"
status_is 0 "and forth"

# --- history ---
run audit history person $old --json $today
is "the history has the corrections" "$(grep -c '"type":"person_number_changed"' "$out")" 4
out_has '"before":"身份证 310*************17","after":"身份证 310*************33"' "old and new, masked"
out_has '"decision":"更2026-1"' "with the decision"
out_has '"after":"孙三, 2025-12-02"' "and the identities"
out_lacks "$old" "no number in full"
out_lacks "$new" "neither the new one"
run audit history person "$new" $today --lang=zh
out_has 更正证件号码 "in words"
out_has 变更前 "with headings"

# --- nothing in the clear; views come from the log alone ---
for text in $old "$new" $third; do
    is "$text is nowhere in the store" "$(grep -rlF "$text" store | wc -l | tr -d ' ')" 0
done
run rebuild --verify --json $today
status_is 0 "views and log agree"
run audit replay --out=replayed --until="$(newest)" --json $today
grep -q '310\*\*\*\*\*\*\*\*\*\*\*\*\*33' replayed/persons.csv
is "a replay has the person with the new number" $? 0
mkdir hidden && mv store/keys hidden/
run show person $old --json $today
is "without keys: found by the mask of the old number" "$(field person)" "$first"
done_testing
