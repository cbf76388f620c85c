#!/bin/sh
# Files of the store that are not there, or of another version: a matter of configuration (78), said
# before anything is written, and nothing is made in their place.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
day=--today=2026-01-06

# without FILE VERB...: the verb ends with 78, and as before once the file is back.
without() {
    lost=$1
    shift
    mv "store/$lost" lost
    run "$@"
    status_is 78 "$1 without $lost ends with 78"
    err_has "$lost" "and names it"
    [ ! -e "store/$lost" ]
    is "and makes no other" "$?" 0
    mv lost "store/$lost"
    run "$@"
    status_is 0 "with it $1 goes on"
}
run checkpoint
without keys/persons.keys policy set insurance.months_required 2 --decision=D-2 $day
without keys/persons.keys show person "$holder"
without keys/persons.keys rebuild
without keys/log.key checkpoint
without trust/log.vkey checkpoint
without trust/log.vkey audit verify
without trust/log.vkey status
without keys/document.key regenerate $day
without trust/document.pem regenerate $day
run checkpoint --store=elsewhere
status_is 66 "a store that is not there is a missing input"

# A submission whose proof cannot be made: its answer stands, the status tells.
cat > cancel.jsonl <<JSON
{"id":"C-1","action":"cancel","enterprise":"$jia","certificate":"$paper","reason":"employment_ended","confirmed":true}
JSON
sed 's/C-1/C-0/' cancel.jsonl > first.jsonl
run submit first.jsonl --dry-run $day
grep -q '"outcome":"accepted"' "$out"
is "the cancellation would be accepted" "$?" 0
mv store/keys/document.key lost
run submit cancel.jsonl $day
status_is 1 "without the signing key the proof fails"
out_has '"outcome":"accepted"' "and the answer stands"
err_has document.key "and the reason is told"
mv lost store/keys/document.key
run submit cancel.jsonl $day
status_is 0 "with the key the same submission"
out_has '"outcome":"duplicate"' "answers what stands"

# Views of another version.
LC_ALL=C sed -i 's/certificate\.v[0-9] /certificate.v9 /' store/views/data.mdb
run list certificates
status_is 78 "views of another version end with 78"
err_has "[views_outdated]" "and are called outdated"
run checkpoint
status_is 78 "for a writer too"
run rebuild
status_is 0 "rebuild makes those of this one"
run list certificates
status_is 0 "and then all goes on"
done_testing
