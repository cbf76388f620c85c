#!/bin/sh
# t1448-narrow-terminal - a table on a terminal on which it has no room: a block of lines for each row; in a
# pipe and on a wide terminal a row is a line.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
if ! script -qec true /dev/null > "$out" 2>&1; then
    echo "ok 1 - narrow terminals # SKIP no script(1)"
    echo "1..1"
    exit 0
fi
make_town store
export ANZHENG_STORE=store
today=--today=2026-05-05
on() { # columns, arguments...: what a terminal of that width shows
    columns=$1
    shift
    script -qec "stty cols $columns; $ANZHENG $* $today" /dev/null 2> "$err" < /dev/null | tr -d '\r' > "$out"
}
widest() { # in columns of a terminal
    python3 -c 'import sys, unicodedata
print(max(sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line.rstrip("\n")) for line in open(sys.argv[1], encoding="utf-8")))' "$out"
}
run list certificates $today
rows=$(wc -l < "$out")
cp "$out" piped
on 400 list certificates
is "on a wide terminal as in a pipe" "$(cat "$out")" "$(cat piped)"
for columns in 40 60; do
    for lang in zh en; do
        on $columns list certificates --lang=$lang
        [ "$(widest)" -le $columns ]
        report $? "$columns columns, $lang: nothing is wider ($(widest))"
        is "a block for each certificate" "$(grep -c '沪建安' "$out")" $((rows - 1))
        is "with a blank line behind it" "$(grep -c '^$' "$out")" $((rows - 1))
    done
done
on 60 list certificates --lang=zh
grep -q '^证书编号  *沪建安' "$out"
report $? "each value stands behind its heading"
on 46 list certificates --lang=zh
is "a long name goes on below, its brackets whole" "$(grep -cE '^ *(）|.*（$)' "$out")" 0
grep -qE '^ {9,}[^ ]' "$out"
report $? "under the value it belongs to"
on 60 list certificates --enterprise=91310101MATEX0002E --name=nobody --lang=zh
is "no rows, no blocks" "$(grep -c '沪建安' "$out")" 0
on 60 status --lang=zh
grep -q '^视图位于事件  *[0-9]' "$out"
report $? "a table of two columns stays one"
run list certificates $today
is "a pipe gets rows as before" "$(cat "$out")" "$(cat piped)"
done_testing
