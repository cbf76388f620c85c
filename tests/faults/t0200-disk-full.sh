#!/bin/sh
# A full disk costs the batch that met it and nothing else: exit 74 with a clear message, everything
# acknowledged is still there, and with room again the same command goes on. Needs root for a small
# tmpfs.
. "$(dirname "$0")/../jobs/lib.sh"

small=$work/small
mkdir "$small"
if ! mount -t tmpfs -o size=2500k tmpfs "$small" 2>/dev/null; then
    echo "ok 1 - a full disk # SKIP mounting a small tmpfs needs root"
    echo "1..1"
    exit 0
fi
trap 'umount "$small" 2>/dev/null; rm -rf "$work"' EXIT
export ANZHENG_STORE=$small/store
day=--today=2023-03-01

run sample --out="$work/city" --persons=200 --enterprises=20 --seed=5 --today=2026-06-30 --quiet --json
run init --signatures=optional --clock=free --today=2023-01-01 --json --quiet
status_is 0 "a store on a disk of 2.5 MB"
run import enterprises "$work/city/enterprises.csv" $day --json
status_is 0 "enterprises fit"
run import paper "$work/city/paper.csv" $day --json
status_is 0 "paper certificates fit"
before=$(sed -n 's/.*"last_event":\([0-9]*\).*/\1/p' "$out")

# Identities bring photos: more than the disk holds.
run import identities "$work/city/identities.csv" $day --json
status_is 74 "identities with photos do not"
err_has "No space" "the message says what could not be written, and why"
run audit verify --json
status_is 0 "the log is sound"
out_has '"ok":true' "and says so"
run list enterprises --json $day
is "what was imported before is there" "$(wc -l < "$out")" 20

# A submission on the full disk: whatever was answered must be there later.
grep -h exchange "$work"/city/days/*.jsonl | grep -o '"enterprise":"[^"]*","certificate":"[^"]*"' | sort -u | head -60 |
    awk '{printf "{\"id\":\"full-%d\",\"action\":\"exchange\",%s,\"confirmed\":true}\n", NR, $0}' > "$work/wishes.jsonl"
dd if=/dev/zero of="$small/fill" bs=4k 2>/dev/null
run submit "$work/wishes.jsonl" $day
status_is 74 "a submission on a full disk ends with 74"
cp "$out" "$work/answered"
is "and acknowledges nothing that is not durable" "$(grep -c '"outcome":"accepted"' "$work/answered")" 0
run regenerate $day --json
case "$status" in 74 | 0) report 0 "regenerate ends with 74, or had nothing to write" ;; *) report 1 "regenerate ended with $status"; diagnose ;; esac

# Another full disk: the backup's, without a byte left for the lock file that is written through a map.
mkdir "$work/tape"
mount -t tmpfs -o size=64k tmpfs "$work/tape"
trap 'umount "$work/tape" "$small" 2>/dev/null; rm -rf "$work"' EXIT
dd if=/dev/zero of="$work/tape/fill" bs=4k 2>/dev/null
run backup "$work/tape/bak" --quiet
status_is 74 "a backup on a full disk ends with 74: that is no damage of the store"
run backup "$work/tape/bak" --quiet --lang=zh
err_has "磁盘" "and says so"

# With room again everything goes on.
rm -f "$small/fill"
mount -o remount,size=64m "$small"
run audit verify --json
status_is 0 "with room again the log is sound"
is "and holds what was acknowledged" "$(sed -n 's/.*"size":\([0-9]*\).*/\1/p' "$out" | awk -v b="$before" '{print ($1 >= b) ? "yes" : "no"}')" yes
run import identities "$work/city/identities.csv" $day --json
status_is 0 "the same import goes on"
run submit "$work/wishes.jsonl" $day
accepted=$(grep -c '"outcome":"accepted"' "$out")
is "the same submission is accepted" "$([ "$accepted" -gt 0 ] && echo yes)" yes
run regenerate $day --json
status_is 0 "the documents are made"
run rebuild --verify --json
status_is 0 "views and log agree"
done_testing
