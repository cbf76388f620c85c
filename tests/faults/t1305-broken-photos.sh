#!/bin/sh
# t1305-broken-photos - an import of photos dies at its durable steps in turn
# (preload/crash_point.c) and is run again: no event names a file that is not there, and the log, the
# counts and the rejects file say what one undisturbed run says. The thread that appends the events
# writes the photos, too; one that it cannot write ends the run, and nothing that names it is kept.
. "$(dirname "$0")/../jobs/town.sh"
. "$(dirname "$0")/../jobs/lib.sh"
. "$here/broken.sh"

write_town
# A photo that comes again, one that takes another's place, two that are none.
head -c 3000 photos/01.jpg > photos/cut.jpg
awk 'NR == 1 { print } NR > 1 && NR < 8 { print } NR == 2 { print; gsub("01.jpg", "02.jpg"); print }
    NR == 3 { gsub("02.jpg", "none.jpg"); print } NR == 4 { gsub("03.jpg", "cut.jpg"); print }' \
    identities.csv > people.csv
import() { "$program" import store identities people.csv rejects.csv "$batch"; }
logged() { "$program" log store | sed 's/"photo_blob":"[^"]*"//'; } # sealed anew, each has another name
blobs() { find store/blobs -type f ! -name '*.tmp' | wc -l; }

for batch in 60 1000; do
    about="batches of $batch" problems=0 died=0 step=0
    fresh
    rm -f trace
    CRASH_TRACE=$work/trace LD_PRELOAD=$preload import > wanted.counts 2> "$err"
    is "$about: an undisturbed run" $? 0
    is "$about: each row has its verdict" "$(sed 's/ warnings.*//' wanted.counts)" \
        "rows 10 accepted 7 unchanged 1 rejected 2"
    is "$about: and each photo its file" "$(blobs)" 7
    logged > wanted.log
    mv rejects.csv wanted.rejects
    total=$(grep -c . trace)
    fresh
    "$program" log store > none
    for name in $(seq 0 255 | xargs printf '%02x '); do
        [ -e "store/blobs/$name" ] || : > "store/blobs/$name" # no folder, so no photo finds a place
    done
    import > counts 2> "$err"
    is "$about: photos that cannot be written end the run" "$?" 1
    "$program" log store > log
    cmp none log
    report $? "$about: nothing of them is in the log"
    find store/blobs -maxdepth 1 -type f -delete
    import > counts 2> "$err" || trouble "the rerun fails: $(cat "$err")"
    same counts
    logged > log
    same log
    mv rejects.csv rejects
    same rejects
    is "$about: run again, log, counts and rejects are the same" "$problems" 0
    every=$((total / 20 + 1))
    while [ $((step + every)) -le "$total" ]; do
        step=$((step + every))
        fresh
        breaks import || continue # one with fewer steps
        died=$((died + 1))
        run audit compare --store=store --json
        [ "$status" -eq 0 ] || trouble "broken off, the store does not agree: $(head -c 200 "$out" "$err")"
        import > counts 2> "$err" || trouble "the rerun fails: $(cat "$err")"
        same counts
        logged > log 2>&1
        same log
        mv rejects.csv rejects
        same rejects
        run audit compare --store=store --json
        [ "$status" -eq 0 ] || trouble "run again, the store does not agree: $(head -c 200 "$out" "$err")"
    done
    is "$about: it died at the steps of $total that were tried" "$((died * 10 > total / every * 8))" 1
    is "$about: broken off and run again, log, files, counts and rejects are the same" "$problems" 0
done
done_testing
