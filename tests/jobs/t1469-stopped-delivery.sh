#!/bin/sh
# A delivery that is stopped ends with 75 and leaves nothing: no folder, none beside it, no event.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
. "$here/crowd.sh"
make_town store
export ANZHENG_STORE=store
today=2026-05-05
run regenerate --today=$today --json
[ "$(field rendered)" -gt 0 ]
is "documents to deliver" "$?" 0
before=$(newest store)
mkdir -p handed/there
for what in --enterprise=$E1 --since=1; do
    for place in new there there/; do
        start_and_stop deliver $what --out=handed/$place --today=$today
        status_is 75 "stopped: $what, $place"
        err_has '[deliver_stopped]' "it says so"
    done
done
is "nothing was delivered" "$(find handed | sort | tr '\n' ' ')" "handed handed/there "
is "nor logged" "$(newest store)" "$before"
run deliver --since=1 --out=handed/there --today=$today --json
[ "$status" -le 1 ] && [ "$(field delivered)" -gt 0 ]
is "the same command again delivers" "$?" 0
is "as one event" "$(newest store)" $((before + 1))
done_testing
