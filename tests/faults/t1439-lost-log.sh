#!/bin/sh
# t1439-lost-log - a store whose log is gone or empty (a disk that was not mounted, half a copy): nothing
# begins another one in its place, for what is acknowledged into that would be lost with the next mount. Views
# that are gone are damage too, but a writer makes them again.
. "$(dirname "$0")/../jobs/town.sh"
. "$(dirname "$0")/../jobs/lib.sh"
make_town store
now=--now=2026-05-06T09:00:00+08:00
export ANZHENG_STORE=store
run checkpoint $now
printf 'import enterprises enterprises.csv\n' > night.list
mkdir kept
events=$(newest store)

lose() { # gone, empty; of log or views
    mv "store/$2" kept/
    mkdir "store/$2"
    case $1 in
        unmounted) ;;
        gone) rmdir "store/$2" ;;
        empty) : > "store/$2/data.mdb" ;;
    esac
}
find_again() {
    rm -rf "store/$1"
    mv "kept/$1" store/
}

for how in gone unmounted empty; do
    for views in with without; do
        lose $how log
        [ $views = with ] || lose gone views
        for verb in "import enterprises enterprises.csv" "submit end.jsonl" "checkpoint" "regenerate" "rebuild" \
            "night night.list" "policy set entry.states 注销 --decision=D-1" "status" "list certificates" \
            "audit verify" "audit compare" "audit replay --until=9 --out=then" "report --out=report.html" "backup copy" "rebuild --verify"; do
            # shellcheck disable=SC2086
            run $verb $now
            is "$verb, log $how, $views views" "$status $(grep -o '\[log_missing\]' "$err")" "79 [log_missing]"
        done
        is "no other log is begun: $how, $views views" "$(find store/log -size +0 -type f 2> /dev/null)" ""
        [ $views = with ] || { rm -rf store/views && mv kept/views store/; }
        find_again log
    done
done
mv store/log kept/
run submit end.jsonl $now --lang=zh
err_has "没有日志" "in Chinese too"
find_again log
run submit end.jsonl $now
status_is 0 "with the log all goes on"
run audit verify --json
is "behind the last event" "$(($(field size) > events))" 1

for how in gone unmounted empty; do
    case $how in empty) code=pages_damaged ;; *) code=views_missing ;; esac
    lose $how views
    for verb in "status" "list certificates" "audit verify" "audit compare" "report --out=report.html" "rebuild --verify"; do
        # shellcheck disable=SC2086
        run $verb $now
        is "$verb, views $how" "$status $(grep -o '\[views_missing\]' "$err" || grep -o '\[pages_damaged\]' "$err")" "79 [$code]"
    done
    run checkpoint $now
    status_is 0 "a writer makes them: $how"
    run rebuild --verify $now
    status_is 0 "as they were: $how"
    rm -rf kept/views
done
run init --store=new $now
status_is 0 "a new store begins a log"
done_testing
