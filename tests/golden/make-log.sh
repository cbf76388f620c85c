#!/bin/sh
# make-log - how tests/golden/log was made: a small store in which every event type occurs. It was
# run once, and its result stays: today's program must read it for ever. Run it again only to make
# another log beside it, when event types were added.
#   make-log.sh OUT     needs an empty or absent folder OUT; uses build/anzheng
set -eu
program=$(cd "$(dirname "$0")/../.." && pwd)/build/anzheng
out=$1
mkdir -p "$out"
cd "$out"
store=store
export ANZHENG_STORE=$store
city=city
"$program" sample --out=$city --persons=24 --enterprises=4 --seed=3 --today=2026-06-30 --quiet --json > sample.json

first=$(head -1 $city/plan.txt | cut -d' ' -f1)
"$program" init --signatures=optional --clock=free --today="$first" --quiet --json > init.json
while read -r day what a b; do
    case "$what" in
        trust) "$program" trust add "$city/$a" --today="$day" --json --quiet ;;
        import) "$program" import "$a" "$city/$b" --today="$day" --json --quiet ;;
        submit) "$program" submit "$city/$a" --today="$day" --quiet ;;
    esac || [ $? -eq 1 ]
done < $city/plan.txt > plan.jsonl

# What a city of 24 does not bring by itself.
today=--today=2026-06-30
value() { # column of a row of a CSV file of the city, by its header
    awk -F, -v want="$3" -v row="$2" 'NR == 1 {gsub(/\r/, ""); sub(/^\357\273\277/, ""); for (i = 1; i <= NF; i++) if ($i == want) c = i}
        NR == row {gsub(/\r/, ""); print $c}' "$city/$1"
}
"$program" policy set insurance.months_required 0 --decision=示2026-1 $today --json > more.jsonl
"$program" trust add $city/trust/ca.pem $today --json >> more.jsonl
"$program" trust remove $city/trust/ca.pem $today --json >> more.jsonl
clerk=$(value clerks.csv 2 工号)

# A holder of C1 who passes for C3: the C1 is superseded.
"$program" list certificates --status=valid --json $today > valid.jsonl
c1=$(grep -E '"category":"C[12]"' valid.jsonl | grep electronic | head -1)
number=$(echo "$c1" | sed 's/.*"certificate":"\([^"]*\)".*/\1/')
name=$(echo "$c1" | sed 's/.*"person":{"name":"\([^"]*\)".*/\1/')
company=$(echo "$c1" | sed 's/.*"enterprise":{"code":"\([^"]*\)".*/\1/')
id=$(awk -F, -v n="$name" '$1 == n {print $7}' $city/identities.csv | head -1)
printf '姓名,证件类型,证件号码,类别,考核类型,考试日期,结论,成绩有效期至,准考证号\n%s,身份证,%s,C3,新取证,2026-06-01,合格,2027-06-01,T900\n' \
    "$name" "$id" > exam.csv
"$program" import exams exam.csv $today --json >> more.jsonl
"$program" issue --id=golden-1 --enterprise="$company" --category=C3 --person-name="$name" \
    --person-id-type=身份证 --person-id-number="$id" --confirmed $today --json >> more.jsonl

# Another holder gets another name, and one more certificate is asked for again.
other=$(grep -v "\"name\":\"$name\"" valid.jsonl | grep electronic | head -1)
number=$(echo "$other" | sed 's/.*"certificate":"\([^"]*\)".*/\1/')
company=$(echo "$other" | sed 's/.*"enterprise":{"code":"\([^"]*\)".*/\1/')
name=$(echo "$other" | sed 's/.*"person":{"name":"\([^"]*\)".*/\1/')
id=$(awk -F, -v n="$name" '$1 == n {print $7}' $city/identities.csv | head -1)
"$program" rename-person --id=golden-2 --clerk="$clerk" --person-name="$name" --person-id-type=身份证 \
    --person-id-number="$id" --new-name=改名𠮷 --material=enterprise_statement --material=id_card \
    --material=police_correction --material=certificates $today --json >> more.jsonl
"$program" regenerate $today --json >> more.jsonl
"$program" request-regeneration --id=golden-3 --enterprise="$company" --certificate="$number" \
    $today --json >> more.jsonl

# A character that no font has: the document fails.
printf '姓名,性别,民族,出生日期,住址,证件类型,证件号码,签发机关,有效期起,有效期止,照片,采集窗口,采集日期,采集方式,个人数字证书\n改名\360\277\277\275,男,汉,1970-01-01,上海市示范路1号,身份证,%s,示例分局,2016-01-01,长期,%s/photos/01.jpg,示范区1号窗,2026-06-30,读卡,有\n' \
    "$id" "$city" > identity.csv
"$program" import identities identity.csv $today --json >> more.jsonl
"$program" rename-person --id=golden-4 --clerk="$clerk" "--person-name=$(printf '改名\360\277\277\275')" --person-id-type=身份证 \
    --person-id-number="$id" "--new-name=$(printf '示\360\277\277\275')" --material=enterprise_statement --material=id_card \
    --material=household_register --material=certificates $today --json >> more.jsonl
"$program" regenerate $today --json >> more.jsonl || [ $? -eq 1 ]
"$program" show certificate "$number" --unmasked --reason=示例 $today --json > unmasked.json
"$program" checkpoint $today --json >> more.jsonl
rm -f unmasked.json
