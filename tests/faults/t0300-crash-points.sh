#!/bin/sh
# t0300-crash-points - the writer dies at each of its durable steps in turn, each time in a fresh
# copy of the same store: every fsync, fdatasync, rename and write to a database is a step
# (preload/crash_point.c), so there is no gap between keys, blobs, log, views, files and names that
# is not tried, and most deaths leave what a power cut leaves (preload/power_cut.c). Afterwards the
# command runs again and ends where an undisturbed run ends.
. "$(dirname "$0")/../jobs/town.sh"
. "$(dirname "$0")/../jobs/lib.sh"
. "$here/crash.sh"
now=--now=2026-05-06T09:00:00+08:00

# What an undisturbed run and a disturbed one must agree in.
state() {
    "$ANZHENG" list certificates --json $now
    "$ANZHENG" list proofs --json $now 2> /dev/null
    find store/certificates store/proofs -type f | sort
}

acknowledged() { sed -n 's/^{"line".*"id":"\([^"]*\)".*"outcome":"accepted".*"first_event":\([0-9]*\),.*}$/\1 \2/p' "$1"; }

keep_wanted() {
    state > "$work/$name.state"
    acks_seen=0
}

judge() { # the command's arguments
    acknowledged answers > acks
    acks_seen=$((acks_seen + $(grep -c . acks)))
    run status --json $now
    [ "$status" -eq 0 ] || problem "status ends with $status"
    run audit verify --json
    [ "$status" -eq 0 ] || problem "audit verify ends with $status"
    [ -z "$(wrong_files store)" ] || problem "not whole: $(wrong_files store)"
    { "$ANZHENG" list certificates --json $now; "$ANZHENG" list proofs --json $now; } > listed 2> "$err"
    sed -n 's/.*"file":"\([^"]*\)".*/\1/p' listed | while read -r file; do
        [ -f "store/$file" ] || echo "$file"
    done > missing
    [ ! -s missing ] || problem "logged and not there: $(head -1 missing)"
    run "$@"
    [ "$status" -eq "$wanted" ] || problem "the command run again ends with $status, not $wanted"
    while read -r id event; do
        grep -q "\"id\":\"$id\".*\"outcome\":\"duplicate\".*\"first_event\":$event," "$out" ||
            problem "$id was acknowledged as event $event"
    done < acks
    state > state.now
    cmp -s "$work/$name.state" state.now || problem "another state than undisturbed: $(diff "$work/$name.state" state.now | head -3)"
    run audit verify --json
    [ "$status" -eq 0 ] || problem "audit verify ends with $status after the second run"
    run audit compare --json # opens what was sealed
    [ "$status" -eq 0 ] || problem "audit compare ends with $status after the second run"
    run rebuild --verify --json
    [ "$status" -eq 0 ] || problem "the views are not a replay ($status)"
}

make_town "$work/base"
sed s/石窗口/钱窗口/ clerks.csv > clerks-2.csv
{ cat identities.csv; echo 新来人,男,汉,19780808,上海市示范路99号,身份证,310101197808080232,示例分局,2016-01-01,长期,photos/09.jpg,示范区1号窗,2020-06-01,读卡,有; } > identities-2.csv
export ANZHENG_STORE="$work/store"
every_step submit 15 submit end.jsonl $now
is "and had acknowledged wishes before some of the deaths" "$((acks_seen > 3))" 1
every_step regenerate 12 regenerate --json $now
# What a power cut would take: bytes are flushed before their rename, and names before any event is
# written that may tell of them.
awk '/^rename/ { if (last !~ /^(rename|fdatasync|syncfs)/) print NR; named = 1 }
    /^(fsync|syncfs)/ { named = 0 }
    /^pwrite/ { if (named) print NR }
    { last = $0 }' "$work/regenerate.trace" > early
is "files are flushed, named, flushed, and then logged" "$(cat early)$([ "$(grep -c ^rename "$work/regenerate.trace")" -gt 8 ] || echo few)" ""
every_step import 8 import identities identities-2.csv --json $now
done_testing
