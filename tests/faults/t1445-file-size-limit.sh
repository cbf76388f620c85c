#!/bin/sh
# t1445-file-size-limit - files may not grow beyond a limit (ulimit -f, LimitFSIZE= of systemd): that is
# a disk that is full (74), no signal that kills the run in the middle of a file.
. "$(dirname "$0")/../jobs/town.sh"
. "$(dirname "$0")/../jobs/lib.sh"
make_town town
now=--now=2026-05-06T09:00:00+08:00
export ANZHENG_STORE=store
limited() { # blocks of 512 bytes (POSIX), args...
    blocks=$1
    shift
    status=0
    (ulimit -f "$blocks" && exec "$ANZHENG" "$@" $now) > "$out" 2> "$err" < /dev/null || status=$?
}
for verb in "submit end.jsonl" "import identities identities.csv --rejects=rejects.csv" "regenerate --workers=1" \
    "list certificates --out=list.csv" "report --out=report.html" "backup copy" "rebuild" "audit export --tiles=tiles" \
    "policy set entry.states 注销 --decision=D-1"; do
    rm -rf store list.csv report.html
    cp -a town store
    "$ANZHENG" checkpoint --quiet $now > "$out"
    # a changed card, so that there is something to write
    sed 's/示范路/旧路/' identities.csv > changed.csv && mv changed.csv identities.csv
    # shellcheck disable=SC2086
    limited 1 $verb
    is "$verb" "$([ "$status" -eq 74 ] || [ "$status" -eq 73 ] && echo told || echo "$status")" told
    is "leaves no part of a result: $verb" "$(ls list.csv report.html 2> /dev/null)" ""
    run audit verify --json
    status_is 0 "the log is whole: $verb"
    # shellcheck disable=SC2086
    run $verb $now
    is "without the limit it goes on: $verb" "$([ "$status" -le 1 ] && echo done)" done
    run rebuild --verify --json $now
    status_is 0 "the views are what the log gives: $verb"
done

# Only the views of a restored store are larger than the limit: it stays, and what to do is told.
rm -rf store
cp -a town store
run backup bak
run list certificates --json $now
cp "$out" wanted.list
limited $(($(stat -c %s bak/log/data.mdb) / 512 + 2)) restore bak --store=restored
status_is 74 "a restore whose views cannot be made"
err_has "restored is restored but for its views" "what stands there is told"
err_has "anzheng rebuild" "and what is left to do"
run rebuild --store=restored $now
status_is 0 "which does it"
run list certificates --store=restored --json $now
is "and nothing is missing" "$(cat "$out")" "$(cat wanted.list)"

# The same where the log is older than a checkpoint and the loss is accepted: its new name and key are told, too.
run submit end.jsonl $now --quiet
run checkpoint $now
cp store/checkpoints/latest bak/checkpoints/latest
limited $(($(stat -c %s bak/log/data.mdb) / 512 + 2)) restore bak --store=lost --accept-loss
status_is 74 "a restore of a shorter log whose views cannot be made"
err_has "lost is restored but for its views" "what is left to do is told"
err_has "$(cut -d+ -f1 lost/trust/log.vkey) with a new key" "and how the log is called now"
err_has "lost/trust/log.vkey" "and which key is to be handed out"
run rebuild --store=lost $now
status_is 0 "the views are made"
run audit verify --store=lost
status_is 0 "the log is sound"
done_testing
