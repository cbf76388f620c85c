#!/bin/sh
# t0300-crash-points - the writer dies at each of its durable steps in turn, each time in a fresh
# copy of the same store: every fsync, fdatasync, rename and write to a database is a step
# (preload/crash_point.c), so there is no gap between keys, blobs, log, views, files and names that
# is not tried. Afterwards the command runs again and ends where an undisturbed run ends.
. "$(dirname "$0")/../jobs/town.sh"
. "$(dirname "$0")/../jobs/lib.sh"
now=--now=2026-05-06T09:00:00+08:00
preload=$work/crash_point.so
"${CC:-gcc}" -std=gnu17 -D_GNU_SOURCE -O2 -fPIC -shared -o "$preload" "$here/preload/crash_point.c" -ldl ||
    { echo "Bail out! the preload does not compile"; exit 1; }

problem() {
    problems=$((problems + 1))
    [ "$problems" -gt 8 ] || { echo "# $name, step $step ($(sed -n "${step}p" "$work/$name.trace")): $1"; diagnose | cut -c1-200; }
}

wrong_files() {
    find store/certificates store/proofs -type f $1 -exec sha256sum {} + |
        awk '{ n = $2; sub(/.*\//, "", n); if (n != $1 ".pdf") print $2 }'
}

# What an undisturbed run and a disturbed one must agree in.
state() {
    "$ANZHENG" list certificates --json $now
    "$ANZHENG" list proofs --json $now 2> /dev/null
    find store/certificates store/proofs -type f | sort
}

acknowledged() { sed -n 's/^{"line".*"id":"\([^"]*\)".*"outcome":"accepted".*"first_event":\([0-9]*\),.*}$/\1 \2/p' "$1"; }

check_crash() { # the command's arguments
    acknowledged answers > acks
    acks_seen=$((acks_seen + $(grep -c . acks)))
    run status --json $now
    [ "$status" -eq 0 ] || problem "status ends with $status"
    run audit verify --json
    [ "$status" -eq 0 ] || problem "audit verify ends with $status"
    [ -z "$(wrong_files "! -name *.pdf.tmp")" ] || problem "not whole: $(wrong_files "! -name *.pdf.tmp")"
    run list certificates --json $now
    sed -n 's/.*"file":"\([^"]*\)".*/\1/p' "$out" | while read -r file; do
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
    run rebuild --verify --json
    [ "$status" -eq 0 ] || problem "the views are not a replay ($status)"
}

fresh() {
    rm -rf store
    cp -a base store
}

every_step() { # name, least number of steps, the command's arguments
    name=$1
    least=$2
    shift 2
    fresh
    wanted=0
    CRASH_TRACE="$work/$name.trace" LD_PRELOAD="$preload" "$ANZHENG" "$@" > answers 2> "$err" < /dev/null || wanted=$?
    state > "$work/$name.state"
    total=$(grep -c . "$work/$name.trace")
    is "$name has $least durable steps or more (it has $total)" "$((total >= least))" 1
    problems=0
    died=0
    acks_seen=0
    step=0
    while [ "$step" -lt "$total" ]; do
        step=$((step + 1))
        fresh
        CRASH_AT=$step LD_PRELOAD="$preload" "$ANZHENG" "$@" > answers 2> "$err" < /dev/null
        [ $? -eq 137 ] && died=$((died + 1))
        check_crash "$@"
    done
    # A flush more or less can lie in the timing of two workers: the last step may not come.
    is "$name died at every step" "$((died >= total - 1))" 1
    is "$name lost nothing and went on to the same end" "$problems" 0
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
