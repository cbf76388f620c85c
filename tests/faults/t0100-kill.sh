#!/bin/sh
# t0100-kill - SIGKILL at random moments: what was acknowledged is there, nothing else is broken.
#   KILLS=N    how many (120); `make test-kill N=`        SEED=N   of the moments (1)
#
# One store, three writers in turn: submit (wishes with ids never used before), import (persons
# never seen before), regenerate. A writer that ended before its kill does not count. After every
# kill: the store opens, holds what was acknowledged, and the same command goes on. At the end:
# every acknowledged wish is a duplicate with its event number, the log verifies, the views equal
# a replay, and every document is whole and bears the name of its bytes.
. "$(dirname "$0")/../jobs/town.sh"
. "$(dirname "$0")/../jobs/lib.sh"
kills=${KILLS:-120}
seed=${SEED:-1}
today=--today=2026-05-06
lines=1300
export ANZHENG_STORE="$work/store"

wish() { # reads id, enterprise, certificate
    awk '{ printf "{\"id\":\"%s\",\"action\":\"request_regeneration\",\"enterprise\":\"%s\",\"certificate\":\"%s\"}\n", $1, $2, $3 }'
}

# One wish a certificate: a certificate's record names all its events, so none gets thousands.
write_wishes() { # round
    awk -v r="$1" '{ print "k" r "-" NR, $1, $2 }' crowd | wish > wishes.jsonl
}

# Persons of a day of birth of their own; the check digit by GB 11643.
write_persons() { # round, how many
    head -1 identities.csv > persons.csv
    day=$(date -u -d "1950-01-01 +$1 days" +%Y%m%d)
    awk -v r="$1" -v day="$day" -v n="${2:-300}" 'BEGIN {
        split("7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2", w, " ")
        for (i = 1; i <= n; i++) {
            id = sprintf("310101%d%03d", day + int(i / 1000), i % 1000)
            sum = 0
            for (k = 1; k <= 17; k++) sum += w[k] * substr(id, k, 1)
            printf "示范人,%s,汉,%d,示范路%d号,身份证,%s%s,示例分局,2016-01-01,长期,%s,窗,2020-06-01,读卡,有\n", \
                i % 2 ? "男" : "女", day + int(i / 1000), i, id, substr("10X98765432", sum % 11 + 1, 1), \
                i % 20 ? "" : "photos/0" (1 + (r + i / 20) % 9) ".jpg" } }' >> persons.csv
}

# As many persons with a certificate each: those with a photo at E1, the others at E3.
make_crowd() {
    write_persons 0 $lines
    grep -v 姓名 persons.csv | awk -F, -v n="$LONG_ENTERPRISE" -v e1=$E1 -v e3=$E3 '{
        photo = $11 != ""
        number = sprintf("沪建安B(2020)%07d", NR)
        print photo ? e1 : e3, number > "crowd"
        printf "%s,B,示范人,身份证,%s,%s,%s,,2020-01-05,2025-01-05,2028-01-04,有效\n", number, $7,
            photo ? e1 : e3, photo ? "上海甲示范建设有限公司" : n }' > crowd.csv
    { head -1 paper.csv; cat crowd.csv; } > crowd-paper.csv
    awk '{ printf "{\"id\":\"e%d\",\"action\":\"exchange\",\"enterprise\":\"%s\",\"certificate\":\"%s\",\"confirmed\":true}\n", NR, $1, $2 }' crowd > crowd.jsonl
    run import identities persons.csv $today --json
    status_is 0 "a crowd is imported"
    run import paper crowd-paper.csv $today --json
    status_is 0 "with paper certificates"
    run submit crowd.jsonl $today
    status_is 0 "that become electronic"
}

# Runs the writer, kills it after $1 seconds; 0 when the kill met it alive.
kill_after() { # seconds, arguments
    pause=$1
    shift
    "$ANZHENG" "$@" > answers 2> answers.err < /dev/null &
    writer=$!
    sleep "$pause"
    kill -9 "$writer" 2> /dev/null
    wait "$writer" 2> /dev/null
    [ $? -eq 137 ]
}

# Kills the writer as soon as it has delivered its first answers: those must be durable by then. A
# pipe holds less than a batch of answers, so the writer cannot have gone on.
kill_at_answer() { # arguments
    "$ANZHENG" "$@" > pipe 2> answers.err < /dev/null &
    writer=$!
    { head -c 4000; kill -9 "$writer" 2> /dev/null; cat; } < pipe > answers
    wait "$writer" 2> /dev/null
    [ $? -eq 137 ]
}

longest() { # arguments: seconds of one undisturbed run
    begin=$(date +%s%N)
    "$ANZHENG" "$@" > answers 2> answers.err < /dev/null
    echo $(($(date +%s%N) - begin)) | awk '{ printf "%.4f", $1 / 1e9 }'
}

complain() { # what: the first lines of each kind are shown
    problems=$((problems + 1))
    [ "$problems" -gt 10 ] || { echo "# round $round ($kind): $1"; diagnose | cut -c1-120; }
}

# The whole lines the writer delivered: id, outcome, first event. A torn last line was not delivered.
acknowledged() {
    awk '/^\{.*\}$/' answers | grep '"outcome":"accepted"' |
        sed 's/.*"id":"\([^"]*\)".*"first_event":\([0-9]*\),.*/\1 \2/'
}

after_kill() {
    run status --json $today
    events=$(field events)
    newest_known=$(tail -1 round.acks | cut -d' ' -f2)
    [ "$status" -eq 0 ] || complain "status ends with $status"
    [ "${events:-0}" -ge "${newest_known:-1}" ] || complain "acknowledged $newest_known, the log has $events"
    [ -z "$(wrong_files store)" ] || complain "not whole: $(wrong_files store | head -1)"
    [ $((killed % 2)) -eq 1 ] || return 0 # the others meet what the next kill leaves, too
    "$ANZHENG" "$@" > again 2> "$err" < /dev/null
    status=$?
    cp again "$out"
    case $kind in
        submit)
            [ "$status" -eq 0 ] || complain "the rerun ends with $status"
            sed 's/.*"id":"\([^"]*\)".*"outcome":"\([a-z]*\)".*"first_event":\([0-9]*\),.*/\1 \2 \3/' again |
                awk 'FILENAME == "round.acks" { event[$1] = $2; next }
                    { n++ } ($1 in event) && ($2 != "duplicate" || $3 != event[$1]) { bad = 1 }
                    $2 != "duplicate" && $2 != "accepted" { bad = 1 } END { exit bad || n != '$lines' }' \
                    round.acks - || complain "the rerun answers otherwise than the first run" ;;
        import) [ "$status" -eq 0 ] || complain "the rerun ends with $status" ;;
        regenerate) [ "$status" -eq 0 ] && [ "$(field failed)" = 0 ] ||
            complain "the rerun ends with $status" ;;
    esac
}

make_town "$work/store"
is "a store to be killed in" "$status$(newest "$work/store" | grep -c .)" 01
run policy set identity.photo_required no --decision=D-1 $today
make_crowd
write_wishes 0
submit_time=$(longest submit wishes.jsonl $today)
write_persons 9
import_time=$(longest import identities persons.csv $today --json)
regenerate_time=$(longest regenerate --all --enterprise=$E1 $today --json)
mkfifo pipe
: > acks
: > submit.kills
: > import.kills
: > regenerate.kills
round=0
killed=0
problems=0
run status --json
begun=$(field events)
while [ "$killed" -lt "$kills" ] && [ "$round" -lt $((kills * 4 + 20)) ]; do
    round=$((round + 1))
    fraction=$(awk -v s="$seed" -v r="$round" 'BEGIN { srand(s * 100003 + r); rand(); print rand() }')
    : > round.acks
    case $((round % 5)) in
        0 | 1) kind=submit length=$submit_time; write_wishes $round; set -- submit wishes.jsonl $today ;;
        2 | 3) kind=import length=$import_time; write_persons $((round + 10)); set -- import identities persons.csv $today --json ;;
        4) kind=regenerate length=$regenerate_time; set -- regenerate --all --enterprise=$E1 $today --json ;;
    esac
    pause=$(awk -v l="$length" -v f="$fraction" 'BEGIN { printf "%.4f", l * f }')
    met=false
    case $((round % 5)) in
        1) kill_at_answer "$@" && met=true ;;
        *) kill_after "$pause" "$@" && met=true ;;
    esac
    if $met; then
        killed=$((killed + 1))
        echo "$pause" >> $kind.kills
        [ $kind = submit ] && acknowledged > round.acks && cat round.acks >> acks
        after_kill "$@"
    fi
done
is "$kills writers were killed" "$killed" "$kills"
is "after every kill the store was whole and the command went on" "$problems" 0
for kind in submit import regenerate; do
    [ "$kills" -lt 50 ] && break
    is "a fair share of the kills met $kind" "$(($(grep -c . $kind.kills) >= kills / 10))" 1
done
[ "$kills" -lt 50 ] || is "some submits had acknowledged wishes when they were killed" "$(($(grep -c . acks) > 500))" 1

# Resubmit all that was acknowledged before a kill, in one file.
awk 'FILENAME == "crowd" { line[FNR] = $0; next }
    { split($1, part, "-"); print $1, line[part[2]] }' crowd acks | wish > all.jsonl
run submit all.jsonl $today
sed 's/.*"id":"\([^"]*\)".*"outcome":"\([a-z]*\)".*"first_event":\([0-9]*\),.*/\1 \3 \2/' "$out" > all.answers
sed 's/$/ duplicate/' acks > all.wanted
is "every acknowledged wish is a duplicate with its event number" \
    "$(cmp all.answers all.wanted 2>&1 && echo same)" same
run regenerate --all --enterprise=$E1 $today --json
status_is 0 "every document is rendered once more"
run audit verify --json
status_is 0 "the log verifies"
is "no event is missing: as many as the tree has leaves" "$(field size)" "$(newest "$work/store")"
run rebuild --verify --json
status_is 0 "the views equal a replay"
is "every file of certificates/ and proofs/ is named by its bytes" "$(wrong_files store)" ""
run list certificates --json $today
sed -n 's/.*"file":"\([^"]*\)".*/\1/p' "$out" > logged
while read -r file; do
    [ -f "store/$file" ] && echo "$file"
done < logged > present
is "the documents of one enterprise are logged" "$(grep -c . logged)" $((lines / 20 + 5))
is "and every logged document is there" "$(cmp logged present && echo all)" all
is "nothing half written stays there" "$(find store/certificates store/proofs -name '*.tmp')" ""
echo "# kills: submit $(grep -c . submit.kills), import $(grep -c . import.kills)," \
    "regenerate $(grep -c . regenerate.kills); acknowledged before a kill: $(grep -c . acks);" \
    "events: $begun to $(newest "$work/store"); undisturbed s: $submit_time $import_time $regenerate_time"
done_testing
