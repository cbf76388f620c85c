#!/bin/sh
# rebuild makes views of a verified log only: one altered byte, or an older log put back, and the
# live views stay.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06
run rebuild --json $today
status_is 0 "a sound log"
cp -r store/log older
run policy set entry.states 注销 --decision=D-REMARKABLE $today
run checkpoint $today
status_is 0 "a checkpoint"
cp -r store/log newer
views() { cksum < store/views/data.mdb; }
before=$(views)

refused() { # what
    run rebuild $today
    status_is 79 "$1: rebuild ends with 79"
    is "$1: the live views stay" "$(views)" "$before"
    is "$1: nothing is left beside them" "$(ls -d store/views.* 2> /dev/null)" ""
    run list certificates --json $today
    status_is 0 "$1: and can be read"
}
LC_ALL=C sed -i 's/D-REMARKABLE/D-REMARKABLY/' store/log/data.mdb
refused "an event with another byte"
rm -r store/log
cp -r older store/log
refused "an older log put back"
rm -r store/log
cp -r newer store/log
run rebuild $today
status_is 0 "the sound log again"
run rebuild --verify --json $today
out_has '"missing":0,"extra":0,"altered":0' "and its views"
done_testing
