#!/bin/sh
# --memory: with little of it the log is read again and again, and the views are the same bytes.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
. "$here/crowd.sh"
make_city --signatures=optional
today=--today=2026-01-06
write_crowd 1500
run import paper crowd.csv $today --quiet
status_is 0 "a crowd"
rename_jia 上海甲建设集团有限公司
run rename run $jia $today --quiet
status_is 0 "and a wave over it"
many() { [ "$(field passes)" -ge 4 ] && echo many; }

# Inline views against few passes and many.
for memory in 1M 2M 5M 1G; do
    run rebuild --verify --memory=$memory --json $today
    status_is 0 "inline views are those of a fold in $memory"
    out_has '"missing":0,"extra":0,"altered":0' "byte for byte, in $memory"
done
total=$(field events)

# Views written in passes against one pass and against the events one by one.
run rebuild --memory=1M --json $today
status_is 0 "views in 1M"
is "the log was read many times" "$(many)" many
run rebuild --verify --json $today
out_has '"missing":0,"extra":0,"altered":0' "are those of one pass"
run audit compare --memory=1M --json $today
status_is 0 "audit compare says so in as little"
run rebuild --json $today
is "with enough it is read once" "$(field passes)" 1
is "all events are in" "$(field events)" "$total"
run rebuild --verify --memory=1m --json $today
out_has '"missing":0,"extra":0,"altered":0' "and the other way round"

# A replay to an earlier day and event.
for end in --as-of=2026-01-05 --until=1000 --until="$total"; do
    run audit replay $end --out=large --json $today
    status_is 0 "replay $end"
    cp "$out" large.json
    run audit replay $end --out=small --memory=1M --json $today
    is "replay $end: the same sum in 1M" "$(cat "$out")" "$(cat large.json)"
    is "replay $end: the same files" "$(cat small/*.csv | cksum)" "$(cat large/*.csv | cksum)"
done
is "they are not empty" "$([ "$(grep -c . large/certificates.csv)" -gt 1500 ] && echo yes)" yes

# What differs is found in passes too.
cp -r store other
run policy set entry.states 注销 --decision=D-2 $today
run policy set entry.states 失效 --decision=D-2 $today --store=other
rm -r store/views
cp -r other/views store/views
for memory in 1M 2M 5M 1G; do
    run rebuild --verify --memory=$memory --json $today
    status_is 79 "views of another log, in $memory"
    out_has '"missing":0,"extra":0,"altered":1' "one record, in $memory"
    err_has "policy at entry.states" "and it is named"
done

# Sizes that are none.
for size in 0 1 1048575 1023K -1 1.5G 12X 1KB 99999999999T K ' 1G'; do
    for verb in rebuild "audit replay --until=1 --out=no" "audit compare"; do
        run $verb --memory="$size" $today
        status_is 64 "$verb --memory=$size"
    done
done
err_has "1M" "the least is named"
run rebuild --memory= --json $today
status_is 64 "an empty one is none"
LANG=zh_CN.UTF-8 run rebuild --memory=lots $today
err_has "不小于 1M" "in Chinese as well"
run rebuild --help
out_has "--memory=SIZE" "help tells of it"
LANG=zh_CN.UTF-8 run rebuild --help
out_has "可用内存" "in Chinese as well"
is "no folder was made" "$(ls -d no 2> /dev/null)" ""
done_testing
