#!/bin/sh
# Checkpoints are signed tree heads; audit verify believes nothing.
. "$(dirname "$0")/lib.sh"
export ANZHENG_STORE=store
run init --clock=free --today=2026-01-05
run status --check
status_is 1 "a store without checkpoint needs a hand"
out_has check_no_checkpoint "which status --check names"
run checkpoint --json
status_is 0 "checkpoint"
is "it covers both events" "$(field size)" 2
is "the file is a signed note" "$(sed -n 2p store/checkpoints/2.txt)" 2
cmp -s store/checkpoints/2.txt store/checkpoints/latest
is "latest is the same" "$?" 0
run status --check
status_is 0 "then nothing needs a hand"
run audit verify --json
status_is 0 "audit verify"
out_has '"ok":true' "it is sound"
is "with one checkpoint" "$(field checkpoints)" 1
run status --json
is "status shows the checkpoint" "$(field last_checkpoint)" 2
out_has '"last_success":{' "status shows successes"

# A log that was put back.
cp -r store old
run policy set entry.states 注销 --decision=D-1 --now=2026-01-06T02:00:00+08:00
# What came after the last checkpoint waits for the next night's.
run status --check --now=2026-01-07T02:30:00+08:00
status_is 0 "events of the day need no hand before the night"
run status --check --now=2026-01-07T03:30:00+08:00
status_is 1 "a night that did not sign them does"
out_has "covers 2 of 3 events, the next has waited since 2026-01-06T02:00:00+08:00" "and since when is said"
run checkpoint
status_is 0 "a second checkpoint"
run audit verify --json
is "verifies with the first" "$(field checkpoints)" 2
cp -r store back && rm -rf back/log && cp -r old/log back/log
run audit verify --store=back
status_is 79 "an older log put back is noticed"
err_has "[checkpoint_beyond]" "and named"
run checkpoint --store=back
status_is 79 "and gets no checkpoint"

# A checkpoint that was altered, one of another key.
cp -r store altered && sed -i 's/^2$/1/' altered/checkpoints/2.txt
run audit verify --store=altered
status_is 79 "an altered checkpoint is noticed"
err_has "2.txt" "and named"
run init --store=other --clock=free --today=2026-01-05
run checkpoint --store=other
cp -r store foreign && cp other/checkpoints/2.txt foreign/checkpoints/1.txt
run audit verify --store=foreign
status_is 79 "another log's checkpoint is noticed"

# Bytes of the log that were altered: named, never a crash.
cp -r store bytes
for at in $(grep -obUaF anzheng.local bytes/log/data.mdb | cut -d: -f1); do # old pages have it too
    flip bytes/log/data.mdb "$at"
done
run audit verify --store=bytes
status_is 79 "an altered event is noticed"
err_has "event 1 " "and named"
rm bytes/checkpoints/*
run checkpoint --store=bytes
status_is 79 "and not signed for"
is "nothing is" "$(ls bytes/checkpoints)" ""
cp store/checkpoints/* bytes/checkpoints/
size=$(wc -c < bytes/log/data.mdb)
at=4
while [ "$at" -lt "$size" ]; do
    cp store/log/data.mdb bytes/log/data.mdb
    printf '\377\376\375\374' | dd of=bytes/log/data.mdb bs=1 seek="$at" conv=notrunc 2>/dev/null
    run audit verify --store=bytes
    [ "$status" -eq 79 ] || [ "$status" -eq 0 ] || break
    at=$((at + 2038))
done
is "bytes altered anywhere end with 79, or were not in use" "$status at $at" \
    "$([ "$status" -eq 79 ] && echo 79 || echo 0) at $at"
head -c 5000 store/log/data.mdb > bytes/log/data.mdb
run audit verify --store=bytes
status_is 79 "a log that was cut is noticed"
run audit verify --store=nowhere
status_is 66 "no store ends with 66"
done_testing
