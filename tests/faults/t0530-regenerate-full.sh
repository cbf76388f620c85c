#!/bin/sh
# t0530-regenerate-full - the disk runs full in the middle of a night: the run ends with 74, says of
# which file, and what was made before stands; nothing half is left; with room again the same
# command makes the rest and no document twice. Needs root for a small tmpfs.
. "$(dirname "$0")/../jobs/town.sh"
. "$(dirname "$0")/../jobs/lib.sh"
CROWD=420
now=--now=2026-05-06T09:00:00+08:00

small_disk "a full disk"

write_town
write_foreigners $CROWD
make_town base
is "the town is made" "$?" 0
run import identities crowd.csv --store=base $now
status_is 0 "a crowd"
run import paper crowd-paper.csv --store=base $now
status_is 0 "with certificates"
run submit crowd.jsonl --store=base $now
status_is 0 "that become electronic"

mount -o remount,size=$(($(du -sk base | cut -f1) + 18 * 1024))k "$small" # for most of the documents
cp -a base "$small/store"
export ANZHENG_STORE="$small/store"
files() { find "$small/store/certificates" -name '*.pdf' | wc -l; }
ready() { "$ANZHENG" list certificates --document=ready $now --json | grep -c .; }

before=$(newest "$small/store")
run regenerate --enterprise="$E3" --workers=2 $now --json
status_is 74 "no room in the middle of the night: 74"
err_has '"why":"No space left on device"' "said"
err_has "\"path\":\"$small/store/certificates/" "of which file"
err_has 'no space left on the device; make room, then run this again"' "in the words of all messages"
made=$(($(newest "$small/store") - before)) # events: readers may see the views of the start
[ "$made" -gt 0 ] && [ "$made" -lt "$CROWD" ]
report $? "some are made ($made)"
is "every file that stands is whole" "$(wrong_files "$small/store")" ""
[ "$(files)" -ge "$made" ]
report $? "and no logged one is missing"
is "nothing half is left" "$(find "$small/store/certificates" -name '*.tmp' | wc -l)" 0
run audit verify
status_is 0 "the log is sound"

mount -o remount,size=512m "$small"
run regenerate --enterprise="$E3" --workers=2 $now --json
is "with room the same command makes the rest" "$status $(field rendered) $(field failed)" "0 $((CROWD + 1 - made)) 0"
is "and each is there once" "$(files) $(ready)" "$((CROWD + 1)) $((CROWD + 1))"
is "nothing half is left" "$(find "$small/store/certificates" -name '*.tmp' | wc -l)" 0
run rebuild --verify
status_is 0 "views and log agree"
done_testing
