#!/bin/sh
# audit verify reads the pages of log and views at the same time: of damage in both the log's is
# told, whichever was met first; damage in one is told whatever the other is like.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
cp store/log/data.mdb log.mdb
cp store/views/data.mdb views.mdb

damage() { # store/PART/data.mdb: both metas
    for at in 24 4120; do
        printf '\377\376\375\374' | dd of="store/$1/data.mdb" bs=1 seek="$at" conv=notrunc 2> /dev/null
    done
}
mend() {
    cp log.mdb store/log/data.mdb
    cp views.mdb store/views/data.mdb
}
told() { grep -o '[a-z]*/data.mdb' "$err" | sort -u | tr '\n' ' '; }

run audit verify
status_is 0 "a sound store"
for try in 1 2 3; do
    damage log
    damage views
    run audit verify
    status_is 79 "both damaged, $try"
    is "the log's is told, $try" "$(told)" "log/data.mdb "
    mend
done
damage views
run audit verify
status_is 79 "damaged views"
is "are told beside a sound log" "$(told)" "views/data.mdb "
mend
damage log
run audit verify
status_is 79 "a damaged log"
is "is told beside sound views" "$(told)" "log/data.mdb "
mend
rm -r store/views
run audit verify
status_is 79 "views that are not there (decision 0103)"
err_has "[views_missing]" "are told as by every reader"
mkdir store/views
mend
run audit verify
status_is 0 "the sound store again"
done_testing
