#!/bin/sh
# t1471-full-outputs - the disk that results go to runs full: the status is 74, and what stands there
# afterwards is the earlier result, whole, or nothing; never a part that could be taken for it, never
# names in the clear. Needs root for a small tmpfs.
. "$(dirname "$0")/../jobs/town.sh"
. "$(dirname "$0")/../jobs/lib.sh"
small_disk "full outputs"
make_town store
export ANZHENG_STORE=$work/store
today=--today=2026-05-05
run regenerate $today

left() { find "$small" -mindepth 1 ! -name fill ! -name keep | sed "s|$small/||" | head -3; }
full() { # what: the disk is full but for a page; nothing of an earlier trial is there
    rm -rf "$small"/* "$small"/.[a-z]*
    echo "an earlier result" > "$small/keep"
    dd if=/dev/zero of="$small/fill" bs=4096 count="${1:-300}" 2> "$err"
}
echo '{"id":"n1","action":"extend_by_notice","clerk":"SH1","notice":"N","value":"2028-06-30","selection":{"category":"B"}}' > notice.json
for verb in "list certificates" "list certificates --json" "export national" "template show certificate" "notice plan notice.json"; do
    full
    # shellcheck disable=SC2086
    run $verb --out="$small/keep" $today
    status_is 74 "$verb into a full disk"
    is "the earlier result stands: $verb" "$(cat "$small/keep")" "an earlier result"
    is "and nothing beside it: $verb" "$(left)" ""
done
full 250
run audit replay --until=50 --out="$small/then" $today
status_is 74 "a replay into a full disk"
is "leaves no views" "$(find "$small" -name '*.mdb' -o -name '.views*')" ""
full 250
TMPDIR=$small run audit compare --until=50 $today
status_is 74 "a comparison with the past"
is "leaves nothing" "$(left)" ""
rm -rf "$small"/*
run list certificates --out="$small/keep" --csv $today
status_is 0 "with room"
is "the result is whole" "$(($(grep -c . "$small/keep") - 1))" "$("$ANZHENG" list certificates $today --json | grep -c .)"
"$ANZHENG" list certificates $today --csv > plain.csv
is "the same as on stdout, behind a mark" "$(tail -c +4 "$small/keep" | cmp - plain.csv && echo same)" same
run list certificates --out=/dev/stdout $today
status_is 0 "into a device"
out_has 沪建安 "goes through"
run list certificates --out="$small" $today
status_is 73 "into a folder"
done_testing
