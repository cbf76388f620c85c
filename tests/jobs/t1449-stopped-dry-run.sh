#!/bin/sh
# A dry run is stopped like any other run: at the next border of a batch, with 75. It says what it has
# judged by then, keeps nothing, and does not speak of going on behind it.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
. "$here/crowd.sh"
today=--today=2026-01-06
many=5200 # batches of 5000: a whole one, and a rest
state() { (cd store && find . -type f ! -name lock ! -name lock.mdb -exec sha256sum {} + | sort -k 2); }
make_city --signatures=optional
write_crowd $many
stopped() { # what
    is "$1: stopped" "$status" 75
    err_has "a dry run keeps nothing" "$1: says so"
    is "$1: and of nothing that is kept" "$(grep -c 'is kept' "$err")" 0
    is "$1: every file of the store is what it was" "$(state)" "$before"
}

before=$(state)
start_and_stop import paper crowd.csv --dry-run --rejects=refused.csv --json $today
stopped import
is "not all was judged" "$(($(field rows) < many))" 1

yes '{}' | head -2500 > wishes.jsonl
start_and_stop submit wishes.jsonl --dry-run $today
stopped submit
is "its answers are those of one batch" "$(grep -c . "$out")" 1000

run import paper crowd.csv $today
status_is 0 "the certificates are there"
add_clerk K1
before=$(state)
wave="--notice=示通1 --selection-valid-until-from=2028-01-01 --selection-valid-until-to=2028-12-31 --value=2029-12-31"
# shellcheck disable=SC2086
start_and_stop extend-by-notice $wave --clerk=K1 --dry-run --json $today
stopped "a mass event"
is "without an answer" "$(grep -c . "$out")" 0
cat > notice.jsonl << W
{"id":"n-1","action":"extend_by_notice","notice":"示通1","clerk":"K1","value":"2029-12-31","selection":{"valid_until":{"from":"2028-01-01","to":"2028-12-31"}}}
W
start_and_stop submit notice.jsonl --dry-run $today
stopped "a mass event of a submission"
is "that has no answer either" "$(grep -c . "$out")" 0

start_and_stop regenerate --dry-run $today
stopped "counting documents"

# shellcheck disable=SC2086
run extend-by-notice $wave --clerk=K1 --dry-run --json $today
status_is 0 "left alone it comes to its end"
out_has '"outcome":"accepted"' "and is judged"
done_testing
