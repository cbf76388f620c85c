#!/bin/sh
# t0350-waves - the writer dies inside waves: at each of its durable steps in turn, and at random
# moments (KILLS=N, 4). Whatever is left, the same command again ends where an undisturbed run ends:
# no certificate is taken twice, announced = done + failed (R-NM-06, R-NM-07), the log verifies, the
# views are a replay.
. "$(dirname "$0")/../jobs/lib.sh"
jobs=$here/../jobs
. "$jobs/city.sh"
. "$jobs/crowd.sh"
. "$here/crash.sh"
today=--today=2026-01-06
many=5200 # batches of 5000: a whole one, and a rest
kills=${KILLS:-4}
seed=${SEED:-1}

# What an undisturbed run and a disturbed one must agree in.
state() { "$ANZHENG" list certificates --enterprise=$jia --limit=1000000 --csv $today | sha256sum; }

# Every certificate has one event of the kind, and only those of the wave.
once() { # type of event
    "$ANZHENG" list changes --enterprise=$jia --limit=1000000 --json $today | sed 's/.*"certificate":"\([^"]*\)".*/\1/' |
        sort | uniq -c | awk '$1 != 1 { bad++ } END { print NR, bad + 0 }'
}

keep_wanted() {
    undisturbed=$(state)
    records=$(once)
}

judge() { # the command's arguments
    run status --json $today
    [ "$status" -eq 0 ] || problem "status ends with $status"
    run "$@"
    [ "$status" -eq "$wanted" ] || problem "the command run again ends with $status, not $wanted"
    cp "$out" again
    [ "$(state)" = "$undisturbed" ] || problem "another state than undisturbed"
    [ "$(once)" = "$records" ] || problem "records: $(once), not $records"
    run rename status --json $today
    [ "$(field status) $(field total)" = "closed $((many + 1))" ] || problem "the wave: $(cat "$out")"
    [ $(($(field done) + $(field failed))) -eq $((many + 1)) ] || problem "done and failed are not all"
    run audit verify --json
    [ "$status" -eq 0 ] || problem "audit verify ends with $status"
    [ $((step % 4)) -ne 1 ] || run rebuild --verify --json
    [ "$status" -eq 0 ] || problem "the views are not a replay ($status)"
}

random_kills() { # name, the command's arguments
    name=$1
    shift
    fresh
    begin=$(date +%s%N)
    run "$@"
    length=$(($(date +%s%N) - begin))
    wanted=$status
    keep_wanted
    problems=0
    step=0
    died=0
    while [ "$step" -lt "$kills" ]; do
        step=$((step + 1))
        fresh
        pause=$(awk -v s="$seed" -v r="$step" -v l="$length" 'BEGIN { srand(s * 1009 + r); rand(); printf "%.4f", rand() * l / 1e9 }')
        "$ANZHENG" "$@" > answers 2> "$err" < /dev/null &
        writer=$!
        sleep "$pause"
        kill -9 $writer 2> /dev/null
        wait $writer 2> /dev/null
        [ $? -eq 137 ] && died=$((died + 1))
        judge "$@"
    done
    is "$name: $kills random moments, $died deaths, the same end" "$problems" 0
}

make_crowd $many
mv store base
cat > wish.jsonl <<END
{"id":"r1","action":"rename_enterprise","enterprise":"$jia","expected_count":$((many + 1)),"confirmed":true}
END
cat > notice.json <<END
{"id":"n1","action":"extend_by_notice","clerk":"K1","notice":"N-1","value":"2030-01-01","expected_count":$((many + 1))}
END
every_step submit 8 submit wish.jsonl $today
is "the wish is a duplicate by now, with the announced count" \
    "$(grep -c '"outcome":"duplicate".*"count":'$((many + 1)) again)" 1
random_kills notice notice run notice.json --json $today
random_kills rename rename run $jia --expect-count=$((many + 1)) --json $today
done_testing
