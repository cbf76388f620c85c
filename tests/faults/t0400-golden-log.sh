#!/bin/sh
# A log that was written once stays readable for ever: verified, opened event by event, replayed to
# the same views (tests/golden/make-log.sh says how it was made).
. "$(dirname "$0")/../jobs/lib.sh"
golden=$here/../golden/log

tar xzf "$golden/store-1.tar.gz" || exit 1
export ANZHENG_STORE=$work/store
run rebuild --json
status_is 0 "its views are made"
run audit verify --json
status_is 0 "it verifies"
is "size, root and checkpoint are those of its day" "$(cat "$out")" "$(cat "$golden/verify.json")"
run rebuild --verify --json
status_is 0 "views and log agree"
for until in 527 565; do
    run audit replay --until=$until --out="$work/replay-$until" --json
    status_is 0 "a replay to event $until"
    for table in certificates enterprises persons; do
        if cmp -s "$work/replay-$until/$table.csv" "$golden/until-$until/$table.csv"; then
            report 0 "gives the $table of its day"
        else
            report 1 "gives the $table of its day"
            diff "$golden/until-$until/$table.csv" "$work/replay-$until/$table.csv" | head -6 | sed 's/^/#   /'
        fi
    done
done
ANZHENG_GOLDEN=$work/store CMOCKA_MESSAGE_OUTPUT=tap "$here/../../build/gcc/tests/jobs/test_golden_log" > "$out" 2> "$err"
status=$?
status_is 0 "every event type is in it, and every event opens"

# The negative twin: one event with another byte in it does not verify.
at=$(grep -abo 示2026-1 "$work/store/log/data.mdb" | head -1 | cut -d: -f1)
printf 'X' | dd of="$work/store/log/data.mdb" bs=1 seek="$at" conv=notrunc 2>/dev/null
run audit verify
status_is 79 "an altered event is found"
done_testing
