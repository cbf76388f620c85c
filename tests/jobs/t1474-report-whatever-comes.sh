#!/bin/sh
# The report is made whatever days a damaged log says, at the end of the calendar, and whatever
# lies among the metrics; `expire` counts a certificate under the class it has today.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
today=--today=2026-01-06
make_city --signatures=optional

# --- a damaged day ----------------------------------------------------------------------------------
# 2026-01-05 is day 20458: D4 BF 02. A damaged third byte is a day within the calendar, years away.
cp -r store sound
found=0
pages=0
wrong=
for at in $(LC_ALL=C grep -obUaP '\x08\xd4\xbf\x02' sound/log/data.mdb | cut -d: -f1); do
    cp sound/log/data.mdb store/log/data.mdb
    printf '\177' | dd of=store/log/data.mdb bs=1 seek=$((at + 3)) conv=notrunc 2> /dev/null
    rm -f page.html store/reports/report.prom
    run report --out=page.html $today
    [ "$status" -eq 0 ] && continue # a page that is in use no more
    found=$((found + 1))
    [ "$status" -eq 79 ] && grep -q 'has other bytes' page.html && grep -q log_event_altered "$err" && pages=$((pages + 1))
    [ -e store/reports/report.prom ] && wrong="$wrong $at"
done
is "each event's day was damaged, and told with a page" "$((found >= 12)) $pages" "1 $found"
is "none of these runs was a success" "$wrong" ""
cp sound/log/data.mdb store/log/data.mdb

# --- metrics that somebody else wrote --------------------------------------------------------------------
mkdir -p store/reports
printf 'anzheng_last_success_timestamp_seconds{job="x"} 99999999999999\nanzheng_duration_seconds{job="x"} 18446744073709551615\n' > store/reports/far.prom
printf 'anzheng_last_success_timestamp_seconds{job="y"} 18446744073709551615\n' > store/reports/farther.prom
printf 'anzheng_last_success_timestamp_seconds{job="z"} 1767700000\nanzheng_duration_seconds{job="z"} 99999999999999999999\n' > store/reports/sane.prom
run report --out=page.html $today
is "what is no instant is no job" "$status $(grep -c -e far -e farther page.html) $(grep -c '<code>sane</code>' page.html)" "0 0 1"
run status --json $today
is "status names the same jobs" "$status $(grep -c -e far -e farther "$out") $(grep -c '"sane":"2026-01-06T' "$out")" "0 0 1"

# --- the end of the calendar --------------------------------------------------------------------------------
run report --out=page.html --today=9999-12-31
status_is 0 "on the last day there is"
has page.html 9999-12 "with its month"
run expire --within=36600 --today=9999-12-31
status_is 0 "nothing ends behind it"

# --- the class of a certificate -------------------------------------------------------------------------------
(head -1 paper.csv; echo "沪建安C(2025)0000007,C,孙三,身份证,$holder,$jia,上海甲建设有限公司,,2025-03-01,2025-03-01,2028-02-29,有效"
    echo "沪建安B(1955)0000001,B,孙三,身份证,$holder,$jia,上海甲建设有限公司,,1955-01-01,1955-01-01,1958-01-01,有效") > more.csv
run import paper more.csv $today
status_is 0 "a C, and a certificate of 1955"
add_clerk K1
echo '{"id":"n1","action":"convert_category","clerk":"K1","notice":"N","value":"C3","selection":{"category":"C"}}' > notice.json
run notice run notice.json $today
status_is 0 "a notice makes it C3"
run expire --within=36600 --json $today
is "and C3 it ends; what ended in 1958 does not end again" "$(field month | tr '\n' ' ')$(tail -1 "$out" | grep -c '"C3":1,"C":0')" \
    "2027-02 2028-02 1"
done_testing
