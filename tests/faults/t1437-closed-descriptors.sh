#!/bin/sh
# t1437-closed-descriptors - a run whose input, output or error output is closed (a careless daemon,
# `>&-` in a list of jobs). What is opened first would get their numbers, and messages would be written into
# the log: nothing of the store may come to stand there.
. "$(dirname "$0")/../jobs/town.sh"
. "$(dirname "$0")/../jobs/lib.sh"
make_town town
now=--now=2026-05-06T09:00:00+08:00
cat > night.list <<'END'
submit end.jsonl --results=results.jsonl
regenerate --workers=1
checkpoint
END

closed() { # which of i, o, e; then the program's arguments: $out is what was not closed
    which=$1
    shift
    status=0
    case $which in
        i) "$ANZHENG" "$@" > "$out" 2> "$err" <&- || status=$? ;;
        o) "$ANZHENG" "$@" 2> "$err" < /dev/null >&- || status=$? ;;
        e) "$ANZHENG" "$@" > "$out" < /dev/null 2>&- || status=$? ;;
        io) "$ANZHENG" "$@" 2> "$err" <&- >&- || status=$? ;;
        oe) "$ANZHENG" "$@" < /dev/null >&- 2>&- || status=$? ;;
        ioe) "$ANZHENG" "$@" <&- >&- 2>&- || status=$? ;;
    esac
}
fresh() {
    rm -rf store results.jsonl
    cp -a town store
}
sound() { # what
    run audit verify --json
    status_is 0 "$1: the log is whole"
    run rebuild --verify --json $now
    status_is 0 "$1: so are the views"
}
export ANZHENG_STORE=store

for which in i o e io oe ioe; do
    fresh
    closed $which regenerate --workers=1 $now
    ended=$status
    case $which in *o*) wanted=74 ;; *) wanted=1 ;; esac # one name has no glyph: 1
    is "regenerate, closed: $which" "$ended" "$wanted"
    sound "regenerate, closed: $which"
    run regenerate --workers=1 --json $now
    is "run again, nothing is left to draw: $which" "$status $(field rendered)" "1 0"
done

# Nothing that was only to be shown went into a file.
fresh
run status --json $now
whole=$(cat store/log/data.mdb store/views/data.mdb | sha256sum)
for verb in "status" "list certificates" "audit verify --json" "frobnicate" "show certificate nothing"; do
    for which in o e oe ioe; do
        # shellcheck disable=SC2086
        closed $which $verb $now
    done
done
is "what is only read is not written to" "$(cat store/log/data.mdb store/views/data.mdb | sha256sum)" "$whole"
closed o status $now
status_is 74 "what could not be shown is told"
err_has '[output_failed]' "by its code"
closed o checkpoint --json $now
status_is 74 "an answer that nobody gets"
sound "a checkpoint"

# What was acknowledged before the outputs were closed, and a whole night.
fresh
closed ioe night night.list $now
sound "a night with nothing open"
run night night.list --json $now
status_is 1 "and again"
is "its wishes were known already" "$(grep -c '"outcome":"duplicate"' results.jsonl)" 3
for verb in "backup copy" "audit export --tiles=tiles" "report --out=report.html" "rebuild" "list certificates --out=list.csv"; do
    # shellcheck disable=SC2086
    closed ioe $verb $now
    sound "$verb"
done
run restore copy --store=again $now
status_is 0 "the backup made so is whole"
is "a list that was asked for is whole" "$("$ANZHENG" list certificates --csv $now | sha256sum)" "$(tail -c +4 list.csv | sha256sum)"
done_testing
