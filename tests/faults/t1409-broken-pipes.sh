#!/bin/sh
# t1409-broken-pipes - a pipe to a worker, or from it, fails otherwise than by its end: it costs the page that
# the worker was at, and the planner does not wait for a reply that cannot come.
. "$(dirname "$0")/../jobs/town.sh"
. "$(dirname "$0")/../jobs/lib.sh"
preload=$work/broken_pipe.so
if ! cc -shared -fPIC -O1 -o "$preload" "$here/../faults/preload/broken_pipe.c" -ldl 2> "$err"; then
    echo "ok 1 - broken pipes # SKIP no compiler"
    echo "1..1"
    exit 0
fi
make_town whole
night=--now=2026-05-05T20:00:00+08:00
for side in planner worker; do
    for at in 1 2 3 5; do
        rm -rf store && cp -a whole store
        status=0
        ASAN_OPTIONS=verify_asan_link_order=0 PIPE_BREAKS_IN=$side PIPE_BREAKS_AT=$at LD_PRELOAD=$preload \
            timeout -k 5 120 "$ANZHENG" regenerate --store=store --workers=1 $night --json \
            > "$out" 2> "$err" < /dev/null || status=$?
        [ "$status" -ne 124 ] && [ "$status" -ne 137 ]
        report $? "write $at of the $side breaks: the run ends ($status)"
        # two have a name that no font draws
        [ $side = worker ] || is "it costs one page" "$(field wanted) $(field rendered) $(field failed)" "11 8 3"
        run regenerate --store=store --workers=1 $night --json
        run regenerate --store=store --workers=1 $night --json
        is "and the next ones make the rest" "$(field wanted) $(field rendered)" "2 0"
        run audit verify --store=store
        status_is 0 "with a sound log"
    done
done
done_testing
