#!/bin/sh
# t1338-what-was-left - lists with marks as clerks type them; a clerk who is called like a register; what is
# wrong with a signature in the reader's language; letter-spacing beside variation selectors.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06
cp -a store numbers

run policy set entry.states '注销、失效；办理转出' --decision=D-2 $today --json
status_is 0 "states parted as people part them"
out_has '"value":"注销,失效,办理转出"' "are kept with commas, as every program reads them"
events=$(newest)
is "an event is made of it" "$([ "$events" -gt 0 ] && echo yes)" yes
run policy set entry.states '注销， 失效,办理转出' --decision=D-3 $today
is "and are the same, however they are parted" "$(newest)" "$events"
run policy set entry.states '注销、离沪' --decision=D-4 $today
status_is 64 "a state that is none"

cat > clerks.csv <<'CSV'
工号,姓名,部门,部门级别
paper,李四,受理中心,市
CSV
run import clerks clerks.csv $today
run exchange --certificate="$paper" --enterprise=$jia --confirmed $today
run suspend --clerk=paper --certificate="$paper" --decision=D-5 $today
status_is 0 "a clerk whose number is the name of a register"
run audit history certificate "$paper" --lang=zh $today
is "is shown by that number" "$(grep -c ' paper ' "$out")" 1
is "and a register by its name" "$(grep -c '纸质证书名册' "$out")" 1

echo '{"id":"w-1","action":"exchange","enterprise":"'$jia'","certificate":"'$paper'","confirmed":true}' > wish.jsonl
head -c 300 /dev/urandom > none.p7s
run submit wish.jsonl --signature=none.p7s --lang=zh $today
status_is 77 "a signature that is none"
err_has "不是 CMS 文件，或文件不完整" "is told in Chinese"
is "and not by what OpenSSL was reading" "$(grep -ci 'asn1\|tag\|header' "$err")" 0

run sample --out=city --persons=5000001
status_is 64 "a city larger than can be made"
err_has "a whole number from 1 to 5000000" "and how large it may be"
run regenerate --workers=65 $today --store=numbers
status_is 64 "more workers than can be"

# 葛, and 葛 with U+E0100, twice each, ranged right with a wide space between them.
page=$here/../../docs/templates/certificate-landscape.page
{
    cat "$page"
    echo 'text "葛葛" x=140 y=30 size=5 align=right spacing=10'
    printf 'text "葛\363\240\204\200葛\363\240\204\200" x=140 y=40 size=5 align=right spacing=10\n'
} > spaced.page
run template check spaced.page --out=spaced.pdf
pdftotext -bbox spaced.pdf spaced.html
sed -n 's/.*xMin="\([0-9.]*\)" yMin="\([0-9.]*\)".*>葛.*/\2 \1/p' spaced.html | sort -n | cut -d' ' -f2 > places
is "a variation selector takes no space" "$(sed -n 1,2p places)" "$(sed -n 3,4p places)"
is "of two lines" "$(wc -l < places)" 4
done_testing
