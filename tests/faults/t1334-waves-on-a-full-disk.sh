#!/bin/sh
# t1334-waves-on-a-full-disk - a disk that fills up inside a wave, whose log is written in a thread of its
# own: the run ends with 74, what it left is sound and whole batches, and with room the same command ends
# where an undisturbed one ends: announced = done + failed (R-NM-06, R-NM-07). Needs root for a tmpfs.
. "$(dirname "$0")/../jobs/lib.sh"
. "$here/../jobs/city.sh"
. "$here/../jobs/crowd.sh"
today=--today=2026-01-06
many=11000
small_disk "a full disk"
mount -o remount,size=256m "$small"

make_crowd $many
printf '统一社会信用代码,新企业名称\n%s,上海甲新建设有限公司\n' "$jia" > renames.csv
echo '{"id":"n1","action":"extend_by_notice","clerk":"K1","notice":"N-1","value":"2030-01-01"}' > notice.json

full_inside() { # name, kB of room, what is told, the command's arguments
    name=$1
    room=$2
    told=$3
    shift 3
    cp -a store whole
    cp -a store "$small/store"
    run "$@" --store="$work/whole"
    undisturbed="$status $(field total) $(field done) $(field failed)"
    used=$(df -k "$small" | awk 'NR == 2 { print $3 }')
    mount -o remount,size=$((used + room))k "$small"
    run "$@" --store="$small/store"
    status_is 74 "$name: a disk with $room kB left ends it with 74"
    err_has "$told" "and why is said"
    run audit verify --json --store="$small/store"
    out_has '"ok":true' "the log is sound"
    kept=$(($(field size) - before))
    mount -o remount,size=256m "$small"
    run "$@" --store="$small/store"
    is "with room it ends as undisturbed" "$status $(field total) $(field done) $(field failed)" "$undisturbed"
    is "all were announced, none is twice" "$(field total)" "$(($(field done) + $(field failed)))"
    run list certificates --enterprise="$jia" --limit=1000000 --csv $today --store="$small/store"
    cp "$out" again
    run list certificates --enterprise="$jia" --limit=1000000 --csv $today --store="$work/whole"
    is "the same certificates" "$(sha256sum < again)" "$(sha256sum < "$out")"
    run rebuild --verify --json --store="$small/store"
    status_is 0 "the views are a replay"
    rm -rf "$small/store" whole
}

run audit verify --json
before=$(field size)
# Less than the list, than two batches of the log, than the views that two batches change.
full_inside "names" 200 "No space" rename run --file=renames.csv --json $today
is "nothing of it is kept" "$kept" 0
full_inside "a notice, behind a batch" 1300 store_disk_full notice run notice.json --json $today
is "whole batches are kept" "$((kept >= 5000 && kept % 5000 == 0))" 1
full_inside "a notice, at its views" 1800 store_disk_full notice run notice.json --json $today
is "whole batches are kept" "$((kept >= 5000 && kept % 5000 == 0))" 1
done_testing
