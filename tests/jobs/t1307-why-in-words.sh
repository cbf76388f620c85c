#!/bin/sh
# t1307-why-in-words - what the system says of a file or an output (closed, full, not to be read) is told
# in the words of the language, with what to do where the disk is full; the result of every verb that
# cannot be written is told alike; and a document that lacks a file keeps the reason why.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
export ANZHENG_STORE=store
now=--now=2026-05-06T09:00:00+08:00

# --- results that nobody can take -----------------------------------------------------------------
for verb in "help" "version" "status" "status --json" "list persons --csv" "list certificates" "list certificates --json" \
    "template show certificate" "export national" "submit exchange.jsonl --dry-run" "audit verify"; do
    # shellcheck disable=SC2086 # words
    "$ANZHENG" $verb $now --lang=zh < /dev/null > /dev/full 2> "$err"
    is "$verb: a full output" "$? $(grep -c '无法写出结果：磁盘空间不足；请腾出空间后重新运行' "$err")" "74 1"
    # shellcheck disable=SC2086
    "$ANZHENG" $verb $now --lang=en < /dev/null >&- 2> "$err"
    is "$verb: a closed one" "$? $(grep -c 'could not write the output: it is closed' "$err")" "74 1"
done
"$ANZHENG" list certificates $now --lang=zh < /dev/null 2> "$err" > /dev/full --json
err_has '"why":"No space left on device"' "programs have the system's own words"

# --- files ----------------------------------------------------------------------------------------
run submit exchange.jsonl --results=nowhere/results.jsonl $now
status_is 73 "results into a folder that is not there"
err_has "could not create nowhere/results.jsonl: its folder does not exist" "which is what is missing"
ln -s loop.csv loop.csv
run import clerks loop.csv $now --lang=zh
err_has "无法读取 loop.csv：此处不得为链接，或链接循环" "a link to itself"
run import clerks "$(printf 'a%.0s' $(seq 300)).csv" $now
err_has ": the name is too long" "a name that no file has"
if [ "$(id -u)" = 0 ] && mkdir full && mount -t tmpfs -o size=64k tmpfs full 2> "$err"; then
    trap 'umount "$work/full"; rm -rf "$work"' EXIT
    dd if=/dev/zero of=full/fill bs=4k 2> "$err"
    run report --out=full/report.html $now
    is "a full disk" "$status $(grep -c 'no space left on the device; make room, then run this again' "$err")" "74 1"
else
    report 0 "a full disk # SKIP mounting needs root"
fi

# --- documents ------------------------------------------------------------------------------------
# As root, too, a folder cannot be read.
cp -a store whole
find store/blobs -type f > blobs
while read -r blob; do rm "$blob" && mkdir "$blob"; done < blobs
run regenerate $now --lang=zh
is "documents without their photos" "$status $(grep -c '：file_not_readable store/blobs/../[0-9a-f]*：是目录' "$err" | sed 's/[1-9][0-9]*/some/')" "1 some"
grep -q ',file_not_readable,无法读取 store/blobs/../[0-9a-f]*：是目录,' store/reports/failed-documents.csv
report $? "the list of them says why"
is "and nothing is left open" "$(grep -c '…' store/reports/failed-documents.csv)" "$(grep -c 'glyph_missing' store/reports/failed-documents.csv)"
run list certificates --document=failed --json
out_has ': Is a directory"' "the log keeps it as the system says it"
run audit verify
status_is 0 "which is sound"
done_testing
