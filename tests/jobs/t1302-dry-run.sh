#!/bin/sh
# A dry run judges everything and leaves nothing behind, not even keys for the persons it came past:
# every file of the store is what it was, and what is recorded later is what was foretold.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-02-01
state() { (cd store && find . -type f ! -name lock ! -name lock.mdb -exec sha256sum {} + | sort -k 2); }
same() { is "$1: every file of the store is what it was" "$(state)" "$before"; }
counts() { sed -n 's/.*"rows":\([0-9]*\),"accepted":\([0-9]*\),"unchanged":\([0-9]*\),"rejected":\([0-9]*\).*/\1 \2 \3 \4/p' "$out" | tr '\n' ';'; }

# More persons than the keyring has room for, each twice: the second row finds what the first sealed.
{
    head -1 "$here/../importers/corpus/national-spoils.csv"
    awk 'BEGIN { for (i = 1; i <= 3000; i++)
        printf "苏建安B(2019)%07d,王测试,外国护照,TST%07d,B,示例外省建设有限公司,91310101MATEX00109,示例省住建厅,2019-01-10,2022-01-10,2027-01-09,%s\n",
            i % 1500, i % 1500, (i > 1500 && i % 3 == 0 ? "注销" : "有效") }'
} > many.csv
before=$(state)
run import national many.csv $today --json --dry-run
status_is 0 "a register in a dry run"
foretold=$(counts)
is "all of it is judged" "$foretold" "3000 2000 1000 0;"
same "a register"
run import national many.csv $today --json
is "and later it is what was foretold" "$(counts)" "$foretold"

# Wishes: two files of one applicant, and an act of the authority.
cat > wish.jsonl << W
{"id":"d-1","action":"exchange","certificate":"$paper","enterprise":"$jia","confirmed":true}
{"id":"d-2","action":"cancel","certificate":"$paper","enterprise":"$jia","reason":"employment_ended","confirmed":true}
W
before=$(state)
run submit wish.jsonl $today --dry-run
is "wishes are judged one behind the other" "$(grep -c '"outcome":"accepted"' "$out")" 2
same "a submission"
run exchange --certificate="$paper" --enterprise=$jia --confirmed $today --dry-run
status_is 0 "an act in a dry run"
same "an act"
done_testing
