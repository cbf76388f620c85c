#!/bin/sh
# t1438-killed-backup - a backup dies at each of its durable steps in turn (preload/crash_point.c),
# the first one into a folder and one that brings it up to date: the last whole backup can be restored,
# and the same command run again makes the new one.
. "$(dirname "$0")/../jobs/town.sh"
. "$(dirname "$0")/../jobs/lib.sh"
. "$here/crash.sh"
now=--now=2026-05-06T09:00:00+08:00
make_town store
export ANZHENG_STORE=store
run regenerate --workers=1 $now
run checkpoint $now
run backup kept $now
before=$(newest store)
run policy set entry.states 注销 --decision=D-1 $now
run submit end.jsonl $now
run checkpoint $now
after=$(newest store)

try() { # name, the folder to begin with or nothing
    name=$1
    problems=0
    rm -rf copy
    [ -z "$2" ] || cp -a "$2" copy
    CRASH_TRACE=$work/$name.trace LD_PRELOAD=$preload "$ANZHENG" backup copy $now > "$out" 2> "$err"
    steps=$(grep -c . "$work/$name.trace")
    at=1
    while [ $at -le "$steps" ]; do
        step=$at
        at=$((at + 1 + steps / $(smaller 20 8))) # every one of a few, some of many
        rm -rf copy
        [ -z "$2" ] || cp -a "$2" copy
        CRASH_AT=$step LD_PRELOAD=$preload "$ANZHENG" backup copy $now > "$out" 2> "$err" && problem "it did not die"
        if [ -n "$2" ]; then
            rm -rf back
            run restore copy --store=back $now --json
            [ "$status" -eq 0 ] || problem "what lies there is not restored ($status)"
            case $(field events) in "$before" | "$after") ;; *) problem "restored: $(field events) events" ;; esac
        fi
        run backup copy $now --json
        [ "$status" -eq 0 ] || problem "run again it ends with $status"
        [ "$(field events)" = "$after" ] || problem "run again it has $(field events) events, not $after"
        [ -z "$(find copy -name '*.tmp' -o -name making -o -name log.old)" ] || problem "left over: $(find copy -name '*.tmp' -o -name making -o -name log.old)"
        rm -rf back
        run restore copy --store=back $now --json
        [ "$status" -eq 0 ] || problem "the backup made then is not restored ($status)"
    done
    is "$name: killed at its steps ($steps), and run again" "$problems" 0
}
try first ""
try next kept
done_testing
