#!/bin/sh
# A night is a list of steps: checked whole, run under one lock, run again after a stop.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
write_town
"$ANZHENG" init --store=store --signatures=optional --clock=free --today=2026-05-01 --quiet > "$out" 2>&1
export ANZHENG_STORE=store
mkdir -p in/2026-05-05
cp -r enterprises.csv clerks.csv identities.csv paper.csv photos exchange.jsonl in/2026-05-05
cat > in/night.list <<'END'
# registers first: rules look at them
import enterprises {today}/enterprises.csv
import clerks {today}/clerks.csv
import identities {today}/identities.csv --rejects="{today}/refused rows.csv"
import paper {today}/paper.csv
optional import exams {today}/exams.csv
submit {today}/exchange.jsonl --results={today}/results.jsonl   # wishes then
regenerate --workers=1
expire
checkpoint
audit --quiet verify
backup ../bak
END
run night in/night.list --today=2026-05-05 --json
status_is 1 "a night with refused rows ends with 1"
tail -1 "$out" > summary
is "all steps are done" "$(sed 's/.*"done":\([0-9]*\).*/\1/' summary)" 11
is "of all" "$(sed 's/.*"of":\([0-9]*\).*/\1/' summary)" 11
is "one was left out" "$(grep -o left_out summary | wc -l)" 1
[ -s "in/2026-05-05/refused rows.csv" ] || [ -s in/2026-05-05/results.jsonl ]
is "paths are seen from the list's folder" "$?" 0
[ -s bak/manifest.json ]
is "the backup too" "$?" 0
run list certificates --document=ready --today=2026-05-05 --json
[ "$(grep -c . "$out")" -gt 0 ]
is "documents were made" "$?" 0
[ -s store/reports/night.prom ]
is "metrics" "$?" 0
is "the lock is free again" "$(flock -n store/lock echo free)" free

# Again: nothing is done twice.
events=$(newest store)
run night in/night.list --today=2026-05-05 --json
run regenerate --today=2026-05-05 --json
is "the same night again makes no certificate anew" "$(field rendered)" 0

# For people: a table, a row a step.
printf 'optional import exams in/{}/{today}{.csv\ncheckpoint\n' > two.list
run night two.list --today=2026-05-05 --lang=zh
status_is 0 "other braces are a name"
is "a row says what became of each step" "$(grep -c '^ *[12] \(import exams  *未执行\|checkpoint  *完成\)  *0  *[0-9.]*$' "$out")" 2

# A list is checked whole before its first step.
events=$(newest store)
refuse() { # line, text of the message, what
    printf 'checkpoint\n%s\n' "$1" > bad.list
    run night bad.list --today=2026-05-05
    status_is 65 "$3"
    err_has "$2" "says so"
}
refuse 'frobnicate now' 'line 2' "a verb that is none"
refuse 'init' '[night_verb]' "a verb that is none for a night"
refuse 'regenerate --wrokers=2' 'workers' "an option that is mistyped"
refuse 'import exams "a b' 'line 2' "a quote that is not closed"
refuse 'optional' 'line 2' "optional alone"
refuse 'submit in/wishes.jsonl --results=store/anzheng.conf' '--results' "an output over the store"
refuse 'optional import exams in/{tody}/exams.csv' '{tody}' "a mark that stands for nothing would never be there"
refuse 'optional import exams in/{今天}/exams.csv' '{今天}' "nor one in Chinese"
refuse '--version' '[night_verb]' "what is no verb at all"
refuse 'regenerate --help' '--help is no step' "a step that would only be explained"
refuse 'audit export' '--tiles' "an option that a step cannot do without"
refuse 'deliver --since=1' '--out' "nor that one"
# Options that would end the night hours later, whatever the store holds.
refuse 'report --from=2026-13-01' 'YYYY-MM-DD' "a day that is none"
refuse 'report --from=2026-05-06' 'line 2' "a period that ends before it begins, by the night's day"
refuse 'deliver --out=handed' 'exactly one of' "a delivery of nothing"
refuse 'optional import exam in/{today}/exams.csv' 'exams' "an unknown register, though its file is not there"
refuse 'import exams in/exams.csv --encoding=big5' 'big5' "an unknown encoding"
refuse 'import exams in/exams.csv --sha256=12' 'SHA-256' "half a digest"
refuse 'audit compare --until=3 --as-of=2026-05-05' 'as-of' "two moments"
refuse 'rebuild --memory=little' 'little' "no size"
refuse 'export national --send' 'reason' "records that nobody has a reason to send"
refuse 'export national --unmasked' 'reason' "nor to show"
refuse 'notice run in/notice.json --signer-cert=in/c.pem' 'signer-key' "a signer without a key"
refuse 'regenerate --workers=65' 'from 0 to 64' "more workers than there can be"
refuse 'expire --within=36601' 'from 1 to 36600' "more days than there are"
refuse 'rename run' 'exactly one of them' "a wave of nobody"
run night bad.list --today=2026-05-05 --lang=zh
err_has '需要且只能指定一项' "in Chinese too"
printf 'import exams "a b\n' > bad.list
run night bad.list --today=2026-05-05 --lang=zh
err_has '引号未闭合' "all of it"
is "and nothing of any was done" "$(newest store)" "$events"
printf '# nothing\n\n' > empty.list
run night empty.list --today=2026-05-05
status_is 65 "a list without a step"
run night nowhere.list
status_is 66 "no list"
run night
status_is 64 "no file named"
run night in/night.list --store=nowhere
status_is 66 "no store"

# A step that fails ends the night; its status is the night's.
printf 'import exams nowhere.csv\ncheckpoint\n' > failing.list
run night failing.list --today=2026-05-05 --json
status_is 66 "a file that is not there"
is "the rest is not run" "$(sed -n 's/.*"done":\([0-9]*\),"of".*/\1/p' "$out")" 0
err_has "nowhere.csv" "and the failure is told"

# One lock for all of it.
flock --no-fork store/lock sleep 3 &
holder=$!
sleep 0.3
run night failing.list --today=2026-05-05 --wait=0
status_is 75 "another one holds the store"
"$ANZHENG" checkpoint --today=2026-05-05 --wait=60 > "$out" 2> "$err" &
waiting=$!
sleep 0.3
kill -TERM $waiting
wait $waiting
status=$?
status_is 75 "a stop ends the wait for the lock"
kill $holder 2> /dev/null
wait $holder 2> /dev/null

# A step for another store takes that store's lock: the night holds its own only.
"$ANZHENG" init --store=other --signatures=optional --clock=free --today=2026-05-01 --quiet > "$out" 2>&1
printf 'checkpoint --store=other --wait=0\n' > other.list
flock --no-fork other/lock sleep 30 &
holder=$!
until ! flock -n other/lock true; do sleep 0.05; done
run night other.list --today=2026-05-05
status_is 75 "another one holds the step's store"
kill $holder 2> /dev/null
wait $holder 2> /dev/null
run night other.list --today=2026-05-05
status_is 0 "and goes through when nobody does"
printf 'checkpoint --store=./store --wait=0\n' > same.list
run night same.list --today=2026-05-05
status_is 0 "the night's own store by another path is held already"

# Stopped, or killed: run it again.
for n in $(seq 1000); do echo 'audit verify'; done > long.list
"$ANZHENG" night long.list --today=2026-05-05 --quiet > "$out" 2> "$err" &
night=$!
sleep 0.3
kill -TERM $night
wait $night
status=$?
status_is 75 "a stop ends it between two steps"
"$ANZHENG" night in/night.list --today=2026-05-06 --quiet > "$out" 2> "$err" &
night=$!
sleep 0.05
kill -KILL $night 2> /dev/null
wait $night 2> /dev/null
mkdir -p in/2026-05-06 && cp -r in/2026-05-05/. in/2026-05-06
run night in/night.list --today=2026-05-06 --json
[ "$status" -le 1 ]
is "after a kill the same command goes through" "$?" 0
run audit verify
status_is 0 "the log is sound"
mkdir nostore
echo expire > one.list
run night one.list --store=nostore
status_is 66 "a folder that is no store"
is "nothing is left in it" "$(ls nostore | wc -l)" 0
done_testing
