#!/bin/sh
# Whoever reads the whole log looks at its pages first; missing or outdated views are told apart.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
cp store/log/data.mdb sound.mdb

sound_end() { # what: the last run ended as one may
    case $status in
        0) ;;
        79) grep -q . "$err" || worst="$1 said nothing" ;;
        *) worst="$1 ended with $status at byte $at" ;;
    esac
}

worst=none
damaged=0
size=$(wc -c < sound.mdb)
at=8196
while [ "$at" -lt "$size" ]; do
    printf '\377\376\375\374' | dd of=store/log/data.mdb bs=1 seek="$at" conv=notrunc 2> /dev/null
    run rebuild --verify
    sound_end "rebuild --verify"
    [ "$status" -eq 79 ] && damaged=$((damaged + 1))
    run audit replay --until=3 --out=replay
    sound_end "audit replay"
    run rebuild
    sound_end rebuild
    run list certificates
    sound_end list
    cp sound.mdb store/log/data.mdb
    at=$((at + 4096))
done
is "a damaged page of the log ends with 79 or was not in use" "$worst" none
[ "$damaged" -gt 0 ]
is "and some were in use" "$?" 0
run audit verify
status_is 0 "the log is as before"
run rebuild --verify
status_is 0 "and so are the views"

printf '\377\376\375\374' | dd of=store/views/data.mdb bs=1 seek=8196 conv=notrunc 2> /dev/null
printf '\377\376\375\374' | dd of=store/views/data.mdb bs=1 seek=12292 conv=notrunc 2> /dev/null
run rebuild --verify
status_is 79 "damaged views are named"
run audit replay --until=3 --out=replay
status_is 0 "a replay does not need them"
run rebuild
status_is 0 "and rebuild makes them anew"
run rebuild --verify
status_is 0 "as they should be"

rm -r store/views
run list certificates
status_is 79 "without views a reader ends with 79"
err_has "[views_missing]" "and says so"
err_has "anzheng rebuild" "and what helps"
run rebuild
status_is 0 "which it does"
run list certificates
status_is 0 "then the reader goes on"
done_testing
