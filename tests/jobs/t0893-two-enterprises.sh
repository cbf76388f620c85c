#!/bin/sh
# t0893-two-enterprises - R-AF-12: two enterprises confirm the same released certificate: in one
# file, in two files, in two runs at the same time. One has it, the other is told; nothing else.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06
bing=91310101MATEX00371
ding=91310101MATEX0045U
cat > more.csv <<CSV
$(head -1 enterprises.csv)
$bing,上海丙建设有限公司,赵一,身份证,310101189912310025
$ding,上海丁建设有限公司,赵一,身份证,310101189912310025
CSV
run import enterprises more.csv $today
number() { echo "沪建安B(2024)000200$1"; }
{
    head -1 paper.csv
    for n in 2 3 4 5; do
        echo "$(number $n),B,孙三,身份证,${holder%17}${n}7,$jia,上海甲建设有限公司,,2024-03-01,2024-03-01,2027-02-28,有效"
    done
} > p.csv
{
    head -1 identities.csv
    for n in 2 3 4 5; do echo "孙三,男,1899-12-31,身份证,${holder%17}${n}7,,2025-12-01,在线"; done
} > i.csv
run import identities i.csv $today
run import paper p.csv $today --json
is "four paper certificates" "$(field accepted)" 4
for n in 2 3 4 5; do
    run exchange --certificate="$(number $n)" --enterprise=$jia --confirmed $today
    run cancel --certificate="$(number $n)" --enterprise=$jia --reason=employment_ended --confirmed $today --json
    is "R-AF-07: number $n is released" "$(sed 's/.*"status":"\([a-z]*\)".*/\1/' "$out")" released
done
take() { # id, enterprise, certificate's n
    printf '{"id":"%s","action":"change_affiliation","enterprise":"%s","person":{"name":"孙三","id_type":"身份证","id_number":"%s"},"certificates":["%s"],"confirmed":true}\n' \
        "$1" "$2" "${holder%17}${3}7" "$(number "$3")"
}
owner() { "$ANZHENG" show certificate "$(number "$1")" --json $today | sed 's/.*"enterprise":{"code":"\([^"]*\)".*/\1/'; }
changes() { "$ANZHENG" list changes --certificate="$(number "$1")" --json $today | grep -c affiliation_change; }

{ take a1 $bing 2 && take a1 $ding 2; } > one.jsonl
run submit one.jsonl $today
is "R-AF-12: in one file the first line has it" "$(sed 's/.*"outcome":"\([a-z]*\)".*/\1/' "$out" | tr '\n' ' ')" "accepted refused "
out_has '"code":"not_released","rule":"R-AF-08"' "R-AF-12: the second is told"
is "R-AF-12: one owner, one change" "$(owner 2) $(changes 2)" "$bing 1"

take a2 $ding 3 > first.jsonl
take a2 $bing 3 > second.jsonl
run submit first.jsonl second.jsonl $today
if [ "$status" -eq 64 ]; then # one file a run
    run submit first.jsonl $today
    run submit second.jsonl $today
fi
out_has '"code":"not_released","rule":"R-AF-08"' "R-AF-12: in two files too"
is "R-AF-12: the first file's enterprise has it" "$(owner 3) $(changes 3)" "$ding 1"
run submit second.jsonl $today
out_has '"code":"not_released"' "R-AF-12: asked again the answer is the same"
run submit first.jsonl $today
out_has '"outcome":"duplicate"' "R-AF-12: who has it gets his first answer"
take a3 $ding 3 > third.jsonl
run submit third.jsonl $today
out_has '"code":"same_enterprise","rule":"R-AF-14"' "R-AF-14: under another id it is his own already"

# At the same time: whoever gets the store first.
for n in 4 5; do
    take "b$n" $bing $n > bing.jsonl
    take "b$n" $ding $n > ding.jsonl
    "$ANZHENG" submit bing.jsonl $today --quiet > bing.out 2> bing.err < /dev/null &
    one=$!
    "$ANZHENG" submit ding.jsonl $today --quiet > ding.out 2> ding.err < /dev/null &
    two=$!
    wait $one
    wait $two
    is "R-AF-12: of two runs one is accepted" "$(cat bing.out ding.out | grep -c '"outcome":"accepted"')" 1
    is "R-AF-12: and the other told" "$(cat bing.out ding.out | grep -c '"code":"not_released"')" 1
    winner=$(grep -l accepted bing.out ding.out)
    [ "$winner" = bing.out ] && winner=$bing || winner=$ding
    is "R-AF-12: the certificate is the winner's, once" "$(owner $n) $(changes $n)" "$winner 1"
done
run audit verify --json
out_has '"ok":true' "the log is sound"
done_testing
