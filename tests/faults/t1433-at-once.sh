#!/bin/sh
# t1433-at-once - two runs that write to one place: the second one is told so, and what the first one
# makes is whole.
. "$(dirname "$0")/../jobs/town.sh"
. "$(dirname "$0")/../jobs/lib.sh"
make_town store
export ANZHENG_STORE=store
today=--today=2026-05-05
A='沪建安A(2019)0000001'
run checkpoint $today

# As another run would hold it.
held() { # place, args...: the program while the place is another's
    place=$1
    shift
    status=0
    flock "$place" "$ANZHENG" "$@" $today > "$out" 2> "$err" < /dev/null || status=$?
}
mkdir b t p v
for verb in "backup b" "audit export --tiles=t" "audit prove $A --out=p" "audit replay --until=20 --out=v"; do
    place=${verb##*[ =]}
    # shellcheck disable=SC2086
    held "$place" $verb
    status_is 75 "$verb: while another one does"
    err_has '[folder_busy]' "is told"
    is "nothing is in it" "$(ls -A "$place")" ""
    # shellcheck disable=SC2086
    run $verb $today
    status_is 0 "and after it"
    # shellcheck disable=SC2086
    [ "$place" = p ] || run $verb $today
    status_is 0 "again"
done
mkdir v/.views # as a killed run leaves it
cp store/views/data.mdb v/.views
run audit replay --until=20 --out=v
is "what a killed replay left is gone" "$status $(ls -A v | tr '\n' ' ')" "0 certificates.csv enterprises.csv persons.csv "
held b backup b --lang=zh
err_has '另一项作业' "in Chinese too"
: > list.csv.part
held list.csv.part list certificates --out=list.csv
status_is 73 "a list that another one writes"
err_has "another run is writing it" "is told"
[ -e list.csv ]
is "nothing is there yet" "$?" 1
echo "a part of a run that was killed, longer than anything else $(seq 1000)" > list.csv.part
run list certificates --out=list.csv --csv $today
status_is 0 "what a killed run left"
"$ANZHENG" list certificates $today --csv > plain.csv
is "is written anew" "$(tail -c +4 list.csv | cmp - plain.csv && echo same)" same
[ -e list.csv.part ]
is "and has its place" "$?" 1

# Really at once: all are whole or told.
for verb in "backup c" "audit export --tiles=u" "list certificates --out=l.csv"; do
    for i in 1 2; do
        # shellcheck disable=SC2086
        "$ANZHENG" $verb $today > "out.$i" 2> "err.$i" &
    done
    wait
    # shellcheck disable=SC2086
    run $verb $today
    status_is 0 "two at once, then one: $verb"
done
run restore c --store=restored $today
status_is 0 "the backup holds"
is "the list is whole" "$(tail -c +4 l.csv | cmp - plain.csv && echo same)" same
done_testing
