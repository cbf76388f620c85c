#!/bin/sh
# R-AF-12: two enterprises want one released certificate; exactly one gets it, in one file, in two
# files, in two runs, in two processes at the same time. D6, D18: a list changes all or none.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
bing=91310101MATEX0033H
today=--today=2026-01-06
now=2026-01-06

resident() { # 17 digits
    printf '%s' "$1"
    echo "$1" | awk '{split("7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2", w, " ");
        for (i = 1; i <= 17; i++) s += w[i] * substr($0, i, 1); print substr("10X98765432", s % 11 + 1, 1)}'
}

# Twelve persons with a B each at the first enterprise, the last two with a C1 as well.
persons=12
person() { resident "31010119800101$(printf '%03d' "$1")"; }
number() { printf '沪建安%s(2024)%07d' "$1" "$2"; }
cat > bing.csv <<CSV
统一社会信用代码,企业名称,法定代表人姓名,法定代表人证件类型,法定代表人证件号码
$bing,上海丙建设有限公司,钱二,身份证,310115189902280035
CSV
{
    echo 姓名,性别,出生日期,证件类型,证件号码,采集窗口,采集日期,采集方式
    for i in $(seq $persons); do echo "周$i,男,1980-01-01,身份证,$(person "$i"),,2025-12-01,在线"; done
} > people.csv
{
    echo 证书编号,类别,姓名,证件类型,证件号码,统一社会信用代码,企业名称,职务,初次领证日期,发证日期,有效期至,状态
    for i in $(seq $persons); do
        echo "$(number B "$i"),B,周$i,身份证,$(person "$i"),$jia,上海甲建设有限公司,,2024-03-01,2024-03-01,2027-02-28,有效"
        [ "$i" -gt 10 ] && echo "$(number C1 $((100 + i))),C1,周$i,身份证,$(person "$i"),$jia,上海甲建设有限公司,,2024-03-01,2024-03-01,2027-02-28,有效"
    done
} > stock.csv
printf '工号,姓名,部门,部门级别,状态\nSH1,石窗口,示范窗口,市,在岗\n' > clerks.csv
run import enterprises bing.csv $today
for kind in clerks:clerks identities:people paper:stock; do
    run import "${kind%%:*}" "${kind##*:}.csv" $today
    status_is 0 "the ${kind##*:} are in"
done
own() { # action, id, number, more
    printf '{"id":"%s","action":"%s","enterprise":"%s","certificate":"%s",%s"confirmed":true}\n' "$2" "$1" $jia "$3" "$4"
}
{
    for i in $(seq $persons); do own exchange "e$i" "$(number B "$i")" ''; done
    for i in 11 12; do own exchange "f$i" "$(number C1 $((100 + i)))" ''; done
    for i in $(seq 10); do own cancel "c$i" "$(number B "$i")" '"reason":"employment_ended",'; done
    own cancel c11 "$(number B 11)" '"reason":"employment_ended",'
} > begin.jsonl
run submit begin.jsonl $today
status_is 0 "electronic, and eleven of them released"

takeover() { # id, enterprise, person, certificates
    printf '{"id":"%s","action":"change_affiliation","enterprise":"%s","person":{"name":"周%s","id_type":"身份证","id_number":"%s"},"certificates":[%s],"confirmed":true}\n' \
        "$1" "$2" "$3" "$(person "$3")" "$4"
}
one() { takeover "$1" "$2" "$3" "\"$(number B "$3")\""; }
verdicts() { sed 's/.*"outcome":"\([^"]*\)"\(,"code":"\([^"]*\)"\)\{0,1\}.*/\1 \3/; s/ $//' "$@"; }
holder_of() { "$ANZHENG" show certificate "$1" --json $today | sed -n 's/.*"enterprise":{"code":"\([^"]*\)".*/\1/p'; }
history() { "$ANZHENG" audit history certificate "$1" --json $today | grep -v wish_refused; }
state() { "$ANZHENG" list certificates --json $today | cksum; }
consistent() {
    run rebuild --verify --json $today
    status_is 0 "$1: the views are what the log says"
}

# --- one file ---
{ one r1 $yi 1; one r2 $bing 1; one r3 $yi 1; } > both.jsonl
run submit both.jsonl $today
is "R-AF-12 in one file: the first wins, the second finds it not released, the winner has it" \
    "$(verdicts "$out" | tr '\n' ';')" "accepted;refused not_released;refused same_enterprise;"
is "R-AF-12 in one file: it is with the first" "$(holder_of "$(number B 1)")" $yi
is "R-AF-12 in one file: it changed once" "$(history "$(number B 1)" | grep -c affiliation_changed)" 1
run submit both.jsonl $today
is "R-AF-12 in one file, again: the first one is known, the others are refused as before" \
    "$(verdicts "$out" | tr '\n' ';')" "duplicate;refused not_released;refused same_enterprise;"

# --- one file, the other order ---
{ one s2 $bing 2; one s1 $yi 2; } > both.jsonl
run submit both.jsonl $today
is "R-AF-12 the other way round: the order of the file decides" "$(verdicts "$out" | tr '\n' ';')" \
    "accepted;refused not_released;"
is "R-AF-12 the other way round: it is with the other" "$(holder_of "$(number B 2)")" $bing

# --- two files, two runs ---
one t1 $yi 3 > first.jsonl
one t2 $bing 3 > second.jsonl
run submit first.jsonl $today
is "R-AF-12 in two files: the first wins" "$(verdicts "$out")" "accepted"
before=$(newest)
changed=$(history "$(number B 3)")
certificates=$(state)
run submit second.jsonl $today
is "R-AF-12 in two files: the second finds it not released" "$(verdicts "$out")" "refused not_released"
is "R-AF-12 in two files: the refused file leaves its own event and no other" "$(newest)" $((before + 1))
is "R-AF-12 in two files: the certificate has the same history" "$(history "$(number B 3)")" "$changed"
is "R-AF-12 in two files: no certificate changed" "$(state)" "$certificates"
run submit second.jsonl --today=2026-03-01
is "R-AF-12 in two runs: not released on a later day either" "$(verdicts "$out")" "refused not_released"
now=2026-03-01
today=--today=$now

# --- as a verb ---
before=$(newest)
certificates=$(state)
run change-affiliation --enterprise=$bing --person-name=周3 --person-id-type=身份证 \
    --person-id-number="$(person 3)" --certificate="$(number B 3)" --confirmed $today
status_is 1 "R-AF-12 as a verb: refused"
is "R-AF-12 as a verb: nothing is written" "$(newest)" "$before"
is "R-AF-12 as a verb: no certificate changed" "$(state)" "$certificates"

# --- two processes at the same time: whoever has the lock comes first, the other waits ---
mkfifo slow
one u1 $yi 4 > first.jsonl
one u2 $bing 4 > second.jsonl
"$ANZHENG" submit first.jsonl --results=slow $today 2> slow.err & # waits until somebody reads them
slow=$!
wait_for_lock "$slow"
"$ANZHENG" submit second.jsonl --wait=60 $today > waits.out 2> waits.err &
waits=$!
run submit second.jsonl --wait=0 $today
status_is 75 "R-AF-12 in two processes: one that does not wait is sent away"
cat slow > slow.out
wait "$slow"
is "R-AF-12 in two processes: the one with the lock wins" "$(verdicts slow.out)" "accepted"
wait "$waits"
is "R-AF-12 in two processes: the one that waited finds it not released" "$(verdicts waits.out)" \
    "refused not_released"
is "R-AF-12 in two processes: it is with the winner" "$(holder_of "$(number B 4)")" $yi

# --- a race, several times; nobody knows who wins ---
for i in 5 6 7 8 9 10; do
    one "v$i" $yi $i > first.jsonl
    one "w$i" $bing $i > second.jsonl
    "$ANZHENG" submit first.jsonl --wait=60 $today > one.out 2> /dev/null &
    one=$!
    "$ANZHENG" submit second.jsonl --wait=60 $today > two.out 2> /dev/null &
    two=$!
    wait $one $two
    is "R-AF-12 in a race ($i): exactly one wins" "$(verdicts one.out two.out | sort | tr '\n' ';')" \
        "accepted;refused not_released;"
    grep -q accepted one.out && winner=$yi || winner=$bing
    is "R-AF-12 in a race ($i): it is with the winner" "$(holder_of "$(number B $i)")" $winner
done
consistent "after the races"

# --- D18: a list is taken over as a whole or not at all ---
b11=$(number B 11)
c11=$(number C1 111)
refused() { # what, code: the last run left nothing but its file's event
    is "$1: refused" "$(verdicts "$out")" "refused $2"
    is "$1: one event, the file's" "$(newest)" $((before + 1))
    is "$1: no certificate changed" "$(state)" "$certificates"
}
try() { # line: submitted, with what there was before
    before=$(newest)
    certificates=$(state)
    echo "$1" > list.jsonl
    run submit list.jsonl --dry-run $today
    is "dry: no event" "$(newest)" "$before"
    run submit list.jsonl $today
}
try "$(takeover x1 $yi 11 "\"$b11\",\"$c11\"")"
refused "D18 one released, one not" not_released
try "$(takeover x4 $yi 11 "\"$(number B 99)\",\"$c11\"")"
refused "D32 two are at fault: the first in the list is named" certificate_not_found
try "$(takeover x5 $yi 11 "\"$c11\",\"$(number B 99)\"")"
refused "D32 and the other way round" not_released
own cancel c111 "$c11" '"reason":"employment_ended",' > list.jsonl
run submit list.jsonl $today
status_is 0 "the other one is released as well"
try "$(takeover x2 $yi 11 "\"$b11\",\"$(number B 99)\"")"
refused "D18 one released, one unknown" certificate_not_found
try "$(takeover x3 $yi 11 "\"$b11\",\"$c11\",\"$(number B 12)\"")"
refused "D18 D32 two released, one of another person" certificate_not_found
takeover x1 $yi 11 "\"$b11\",\"$c11\"" > list.jsonl
run submit list.jsonl $today
is "D18 both released: both are taken over, by the id that was refused before" "$(verdicts "$out")" "accepted"
is "D18 both are with the new enterprise" "$(holder_of "$b11") $(holder_of "$c11")" "$yi $yi"

# --- D6: a departure takes all that are named, or none ---
b12=$(number B 12)
c12=$(number C1 112)
depart() { # id, certificates or nothing
    printf '{"id":"%s","action":"depart","enterprise":"%s","person":{"name":"周12","id_type":"身份证","id_number":"%s"},%s"confirmed":true}\n' \
        "$1" $jia "$(person 12)" "$2"
}
run suspend --clerk=SH1 --certificate="$c12" --decision=D-7 $today
status_is 0 "one of two is suspended"
try "$(depart y1 "\"certificates\":[\"$b12\",\"$c12\"],")"
refused "D6 one of the named is suspended" certificate_suspended
try "$(depart y2 '')"
refused "D6 D32 none named, one suspended" certificate_suspended
try "$(depart y3 "\"certificates\":[\"$b12\",\"$b11\"],")"
refused "D6 one is another person's" certificate_not_found
try "$(depart y4 "\"certificates\":[\"$b12\",\"$(number B 99)\"],")"
refused "D6 one is unknown" certificate_not_found
run reinstate --clerk=SH1 --certificate="$c12" --decision=D-8 $today
status_is 0 "it is given back"
depart y2 '' > list.jsonl
run submit list.jsonl $today
is "D6 none named: all of them depart" "$(verdicts "$out")" "accepted"
run list certificates --status=departed --json $today
is "D6 both have departed" "$(wc -l < "$out")" 2
consistent "at the end"
done_testing
