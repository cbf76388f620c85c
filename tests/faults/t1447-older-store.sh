#!/bin/sh
# t1447-older-store - an older backup was restored, and the night backs that store up into the folder of
# the newer one: the newer log is not overwritten, it may be all that is left of it.
. "$(dirname "$0")/../jobs/town.sh"
. "$(dirname "$0")/../jobs/lib.sh"
make_town store
now=--now=2026-05-06T09:00:00+08:00
run backup older --store=store --with-keys $now
run policy set entry.states 注销 --decision=D-1 --store=store $now
run submit end.jsonl --store=store $now
run backup newer --store=store --with-keys $now
status_is 0 "a newer backup"
events=$(newest store)
run restore older --store=put-back $now
cp newer/log/data.mdb newer.kept
kept=$(sha256sum newer/log/data.mdb newer/manifest.json)
run backup newer --store=put-back $now
status_is 79 "a store with an older log"
err_has '[backup_goes_back]' "by its code"
err_has "$events events" "and how many there are"
is "nothing was written" "$(sha256sum newer/log/data.mdb newer/manifest.json)" "$kept"
run submit end.jsonl --store=put-back $now
run policy set entry.states 失效 --decision=D-2 --store=put-back $now
run policy set entry.states 注销 --decision=D-3 --store=put-back $now
run policy set entry.states 失效 --decision=D-4 --store=put-back $now
[ "$(newest put-back)" -gt "$events" ]
is "grown beyond it" "$?" 0
run backup newer --store=put-back $now --lang=zh
status_is 79 "it is another log all the same"
err_has '旧日志' "in Chinese too"
mv newer/log newer/log.old
run backup newer --store=put-back $now
err_has '[backup_goes_back]' "also where a kill between two renames left the newer log"
is "which is there still" "$(sha256sum < newer/log.old/data.mdb)" "$(sha256sum < newer.kept)"
mv newer/log.old newer/log
run backup elsewhere --store=put-back $now
status_is 0 "into another folder it may go"
run backup older --store=put-back $now
status_is 0 "or where it came from"
run backup newer --store=store --json $now
is "the newer store goes on in its own" "$status $(field events)" "0 $events"
printf 'damaged' > newer/log/data.mdb
run backup newer --store=store --json $now
is "a copy that cannot be read is made anew" "$status $(field events)" "0 $events"
pages=$(($(stat -c %s newer/log/data.mdb) / 4096))
tr '\000' '\377' < /dev/zero | dd of=newer/log/data.mdb bs=4096 seek=2 count=$((pages - 2)) conv=notrunc iflag=fullblock 2> "$err"
run backup newer --store=store --json $now
is "also one of which only the first pages are sound" "$status $(field events)" "0 $events"
run restore newer --store=back --json $now
is "and restored" "$status $(field events)" "0 $events"
done_testing
