#!/bin/sh
# make-log-2 - how tests/golden/log/store-2.tar.gz was made: a small store in which every event type
# occurs that came after store-1: the authority's actions, corrections, a corrected number, waves by
# notice, an item of a wave that failed. It was run once, and its result stays (see make-log.sh).
#   make-log-2.sh OUT     needs an empty or absent folder OUT; uses build/anzheng and builds another
# one, which commits after each item of a wave, so that it can be killed between two of them.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
program=$root/build/anzheng
out=$1
mkdir -p "$out"
cd "$out"
export ANZHENG_STORE=store
day1=--now=2026-07-01T09:00:00+08:00
day2=--now=2026-07-02T09:00:00+08:00
day3=--now=2026-07-03T09:00:00+08:00
jia=91310101MATEX00109
yi=91310101MATEX00296

"$program" init --signatures=optional --clock=free "$day1" --quiet --json > init.json
cat > enterprises.csv <<'CSV'
统一社会信用代码,企业名称,法定代表人姓名,法定代表人证件类型,法定代表人证件号码
91310101MATEX00109,上海甲建设有限公司,赵一,身份证,310101189912310025
91310101MATEX00296,上海乙建设有限公司,钱二,身份证,310115189902280035
CSV
printf '工号,姓名,部门,部门级别,状态\nK01,石窗口,示范窗口,市,在岗\n' > clerks.csv
cat > identities.csv <<'CSV'
姓名,性别,出生日期,证件类型,证件号码,采集窗口,采集日期,采集方式
孙三,男,1899-12-31,身份证,310101189912310017,,2025-12-01,在线
赵一,女,1899-12-31,身份证,310101189912310025,,2025-12-01,在线
CSV
cat > paper.csv <<CSV
证书编号,类别,姓名,证件类型,证件号码,统一社会信用代码,企业名称,职务,初次领证日期,发证日期,有效期至,状态
沪建安A(2024)0000001,A,赵一,身份证,310101189912310025,$jia,上海甲建设有限公司,总经理（总裁）,2024-03-01,2024-03-01,2027-02-28,有效
沪建安B(2024)0000002,B,孙三,身份证,310101189912310017,$jia,上海甲建设有限公司,,2024-03-01,2024-03-01,2027-02-28,有效
沪建安C1(2024)0000003,C1,孙三,身份证,310101189912310017,$jia,上海甲建设有限公司,,2024-03-01,2024-03-01,2027-02-28,有效
沪建安C(2024)0000004,C,周四,身份证,310101199001010012,$jia,上海甲建设有限公司,,2024-03-01,2024-03-01,2027-02-28,有效
沪建安C(2024)0000005,C,吴五,身份证,310101199001010039,$yi,上海乙建设有限公司,,2024-03-01,2024-03-01,2027-02-28,有效
沪建安B(2024)0000006,B,郑六,身份证,310101199001010055,$yi,上海乙建设有限公司,,2024-03-01,2024-03-01,2027-02-28,有效
沪建安B(2024)0000007,B,王七,身份证,310101199001010071,$yi,上海乙建设有限公司,,2024-03-01,2024-03-01,2027-02-28,有效
沪建安B(2024)0000008,B,冯八,身份证,31010119900101008X,$yi,上海乙建设有限公司,,2024-03-01,2024-03-01,2027-02-28,有效
沪建安B(2024)0000009,B,陈九,身份证,310101199001010098,$yi,上海乙建设有限公司,,2024-03-01,2024-03-01,2027-02-28,有效
CSV
"$program" policy set identity.photo_required no --decision=示2026-2 "$day1" --json > answers.jsonl
for kind in enterprises clerks identities paper; do
    "$program" import $kind $kind.csv "$day1" --json --quiet >> answers.jsonl
done

wish() { # day, rest of the line
    printf '{"clerk":"K01",%s}\n' "$2" > wish.jsonl
    "$program" submit wish.jsonl "$1" --json --quiet >> answers.jsonl
}
own() { # day, rest of the line
    printf '{"enterprise":"%s","confirmed":true,%s}\n' $jia "$2" > wish.jsonl
    "$program" submit wish.jsonl "$1" --json --quiet >> answers.jsonl
}
own "$day1" '"id":"g1","action":"exchange","certificate":"沪建安B(2024)0000002"'
own "$day1" '"id":"g2","action":"exchange","certificate":"沪建安C1(2024)0000003"'
own "$day1" '"id":"g3","action":"exchange","certificate":"沪建安A(2024)0000001"'
"$program" regenerate "$day1" --json --quiet >> answers.jsonl

# Suspended and given back; departed and undone; the ends.
wish "$day2" '"id":"g4","action":"suspend","certificate":"沪建安B(2024)0000002","decision":"示罚1"'
wish "$day2" '"id":"g5","action":"reinstate","certificate":"沪建安B(2024)0000002","decision":"示返1"'
own "$day2" '"id":"g6","action":"depart","person":{"name":"孙三","id_type":"身份证","id_number":"310101189912310017"},"certificates":["沪建安C1(2024)0000003"]'
wish "$day2" '"id":"g7","action":"withdraw_departure","certificate":"沪建安C1(2024)0000003","decision":"示撤1"'
wish "$day2" '"id":"g8","action":"revoke","certificate":"沪建安B(2024)0000006","decision":"示撤2"'
wish "$day2" '"id":"g9","action":"withdraw","certificate":"沪建安B(2024)0000007","decision":"示吊1"'
# Corrections, a post, a number there and back.
wish "$day2" '"id":"g10","action":"correct_certificate","certificate":"沪建安B(2024)0000002","first_issued":"2024-02-01","decision":"示更1"'
wish "$day2" '"id":"g11","action":"change_post","certificate":"沪建安A(2024)0000001","post":"04","decision":"示职1"'
wish "$day2" '"id":"g12","action":"change_id_number","person":{"name":"孙三","id_type":"身份证","id_number":"310101189912310017"},"new_id_number":"310101189912310033","decision":"示更2"'
wish "$day2" '"id":"g13","action":"change_id_number","person":{"name":"孙三","id_type":"身份证","id_number":"310101189912310033"},"new_id_type":"外国护照","new_id_number":"E12345678","decision":"示更3"'
sed -n '1p; 2{s/310101189912310017/310101189912310033/; s/2025-12-01/2025-12-02/; p;}' identities.csv > again.csv
"$program" import identities again.csv "$day2" --json --quiet >> answers.jsonl
"$program" regenerate "$day2" --json --quiet >> answers.jsonl
"$program" checkpoint "$day2" --json >> answers.jsonl

# A class is converted; then validity is extended, and the program dies between two items.
wish "$day3" '"id":"g14","action":"convert_category","notice":"示通1","selection":{"category":"C"},"value":"C3"'
mkdir source
git -C "$root" archive HEAD | tar x -C source
sed -i 's/WAVE_BATCH_EVENTS = [0-9]*/WAVE_BATCH_EVENTS = 1/' source/jobs/engine/judging/wave.h
make -s -C source -j2 build/anzheng > /dev/null
cc -std=gnu17 -D_GNU_SOURCE -O2 -fPIC -shared -o crash_point.so source/tests/faults/preload/crash_point.c -ldl
printf '{"clerk":"K01","id":"g15","action":"extend_by_notice","notice":"示通2","selection":{"enterprise":"%s","valid_until":{"from":"2027-01-01","to":"2027-06-30"}},"value":"2027-12-31","expected_count":3}\n' \
    $yi > wave.jsonl
events() { "$program" status --json "$day3" | sed -n 's/^{"events":\([0-9]*\).*/\1/p'; }
before=$(events)
mv store whole
step=0
while :; do
    step=$((step + 1))
    rm -rf store
    cp -r whole store
    CRASH_AFTER=$step LD_PRELOAD=$PWD/crash_point.so source/build/anzheng submit wave.jsonl "$day3" \
        --json --quiet > crash.jsonl 2> /dev/null && { echo "the wave was never caught open" >&2; exit 1; }
    [ "$(events)" -ne $((before + 2)) ] || break # opened, and one item
done
# Another one ends before its turn comes; the wave goes on with what is left.
wish "$day3" '"id":"g16","action":"cancel_by_authority","certificate":"沪建安B(2024)0000009","decision":"示注1"'
"$program" submit wave.jsonl "$day3" --json --quiet >> answers.jsonl
"$program" regenerate "$day3" --json --quiet >> answers.jsonl
"$program" checkpoint "$day3" --json >> answers.jsonl
rm -rf source whole crash_point.so
