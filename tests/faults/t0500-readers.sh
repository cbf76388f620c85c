#!/bin/sh
# t0500-readers - who finds the store locked is told by whom, in both languages; who only looks
# needs neither the lock nor the keys nor a disk that can be written.
. "$(dirname "$0")/../jobs/town.sh"
. "$(dirname "$0")/../jobs/lib.sh"
today=--today=2026-05-06
make_town "$work/store"
export ANZHENG_STORE="$work/store"
run regenerate --json $today
is "documents of the town" "$(field rendered)" 9
run checkpoint --json
status_is 0 "a checkpoint"

# --- the lock --------------------------------------------------------------------------------------
mkfifo slow
begin=$(date +%s)
echo '{"id":"slow","action":"exchange"}' > slow.jsonl
"$ANZHENG" submit slow.jsonl --results=slow $today 2> slow.err & # waits until somebody reads them
writer=$!
wait_for_lock "$writer"
for lang in en zh; do
    run import clerks clerks.csv --wait=0 --lang=$lang $today
    status_is 75 "a second writer ends with 75 ($lang)"
    err_has submit "names the verb ($lang)"
    err_has "$writer" "names the process ($lang)"
    since=$(grep -oE '20[0-9-]{8}[T ][0-9:]{8}(\+08:00)?' "$err" | head -1 | tr T ' ' | sed 's/+08:00//')
    stamp=$(TZ=UTC-8 date -d "$since" +%s 2> /dev/null || echo 0)
    is "says since when: ${since:-nothing} ($lang)" "$((stamp >= begin && stamp <= $(date +%s)))" 1
done
grep -q '[^ -~]' "$err"
is "the message is Chinese where that was asked for" "$(grep -cE '进程|占用|锁' "$err")" 1
run policy set insurance.months_required 2 --decision=D-1 --wait=1 $today
status_is 75 "waiting does not help while it is held"
for verb in "list certificates" "status" "audit verify" "show enterprise $E1"; do
    run $verb --json
    status_is 0 "$verb goes on meanwhile"
done
size=$(newest store)
kill -9 "$writer"
wait "$writer" 2> /dev/null
run policy set insurance.months_required 2 --decision=D-1 --wait=0 $today
status_is 0 "a killed writer holds nothing"
is "and left nothing" "$(newest store)" $((size + 1))

# --- the disk cannot be written, the keys are not there ------------------------------------------------
reads() { # what, how what compares with the log ends
    for verb in "list certificates" "show certificate 沪建安C1(2019)0000003" "show enterprise $E1" \
        "status" "audit verify" "audit history certificate 沪建安C1(2019)0000003" "list persons" \
        "list changes --enterprise=$E1" "audit history enterprise $E1" "audit diff --from=1 --to=2" \
        "expire" "policy list" "template list" "rename plan $E1" "rename status" \
        "report --out=$work/r.html" "export national" "audit replay --until=2 --out=$work/replayed" \
        "audit export --tiles=$work/tiles"; do
        run $verb --json
        status_is 0 "$verb, $1"
    done
    for verb in "rebuild --verify" "audit compare"; do # 0101: names come out of sealed events
        run $verb --json
        status_is "$2" "$verb, $1"
    done
    run list certificates --json
    cmp -s "$out" certificates.before
    is "the list is the same, $1" "$?" 0
}

run list certificates --json
cp "$out" certificates.before
reads "read-write" 0
if [ "$(id -u)" -eq 0 ] && mkdir sealed && mount --bind store sealed 2> "$err" &&
    mount -o remount,bind,ro sealed 2> "$err"; then
    trap 'umount "$work/sealed" 2> /dev/null; rm -rf "$work"' EXIT
    mv store/keys keys-away
    export ANZHENG_STORE="$work/sealed"
    if touch sealed/probe 2> /dev/null; then report 1 "the mount is read-only"; else report 0 "the mount is read-only"; fi
    reads "read-only and without keys" 78
    run policy set insurance.months_required 1 --decision=D-2 --wait=0 $today
    is "a writer is refused there, not crashed (73, 74 or 78)" "$(case $status in 73 | 74 | 78) echo refused ;; *) echo "$status" ;; esac)" refused
    is "nothing was written" "$(ANZHENG_STORE=$work/store "$ANZHENG" status --json | sed -n 's/^{"events":\([0-9]*\).*/\1/p')" $((size + 1))
    mv keys-away store/keys # there, in the folder below the mount
    reads "read-only" 0
    umount sealed
else
    umount sealed 2> /dev/null
    count=$((count + 1))
    echo "ok $count - reading on a read-only mount # SKIP needs root and the right to mount"
fi
done_testing
