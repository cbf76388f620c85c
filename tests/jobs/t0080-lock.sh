#!/bin/sh
# One writer at a time, named to whoever comes second; readers do not care.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06

mkfifo slow
echo "{\"id\":\"W-1\",\"action\":\"exchange\",\"enterprise\":\"$jia\",\"certificate\":\"$paper\",\"confirmed\":true}" > wish.jsonl
"$ANZHENG" submit wish.jsonl --results=slow $today 2> slow.err & # waits until somebody reads them
writer=$!
wait_for_lock "$writer"
run policy set insurance.months_required 2 --decision=D-2 --wait=0 $today
status_is 75 "a second writer ends with 75"
err_has "[lock_held]" "says why"
err_has "submit" "names the verb that holds it"
err_has "$writer" "and its process"
timeout -k 1 20 "$ANZHENG" submit none.jsonl --wait=60 $today 2> "$err"
is "an input that is not there is told at once" "$?" 66
run list certificates --json $today
status_is 0 "a reader goes on"
run audit verify
status_is 0 "and so does audit verify"
cat slow > slow.out
wait "$writer"
is "the first writer ends well" "$?" 0
run policy set insurance.months_required 2 --decision=D-2 --wait=0 $today
status_is 0 "then the second one may"

# A writer that was killed holds nothing.
"$ANZHENG" submit wish.jsonl --results=slow $today 2> dead.err &
writer=$!
wait_for_lock "$writer"
kill -9 "$writer"
wait "$writer" 2> /dev/null
run policy set insurance.months_required 3 --decision=D-3 --wait=0 $today
status_is 0 "a killed writer holds no lock"
done_testing
