#!/bin/sh
# t1446-lost-folders - blobs or documents of the store are gone or cannot be looked at (moved away, not
# mounted, rights): a backup is then all that is left of them, and takes nothing away from itself; what judges
# files says that it could not read them, not that there are none; nor does a night leave them out.
. "$(dirname "$0")/../jobs/town.sh"
. "$(dirname "$0")/../jobs/lib.sh"
make_town store
now=--now=2026-05-06T09:00:00+08:00
export ANZHENG_STORE=store
run regenerate --workers=1 $now
run submit end.jsonl $now
run checkpoint $now
run backup copy --with-keys $now
status_is 0 "a backup"
whole=$(find copy -type f ! -name lock.mdb | sort | xargs sha256sum | grep -v manifest)
same() { is "$1" "$(find copy -type f ! -path '*making*' ! -name lock.mdb | sort | xargs sha256sum | grep -v manifest)" "$whole"; }

mkdir away
for folder in blobs certificates proofs; do
    mv store/$folder away/
    for empty in no yes; do
        [ $empty = no ] || mkdir store/$folder # an empty mount point
        run backup copy $now
        status_is 79 "$folder is gone (empty folder: $empty)"
        err_has '[backup_folder_lost]' "by its code"
        err_has "store/$folder/" "and its name"
        same "the backup has all of it still"
    done
    rm -r store/$folder
    mv away/$folder store/
done
one=$(find store/blobs -mindepth 1 -maxdepth 1 -type d | sort | head -1)
mv "$one" away/
run backup copy $now --lang=zh
err_has "备份中未删除任何文件" "a part of a folder, in Chinese"
same "the backup has it still"
mv "away/${one##*/}" store/blobs/
run backup copy --json $now
is "with everything back nothing is copied or taken away" "$status $(field copied) $(field removed)" "0 0 0"
run restore copy --store=back $now
status_is 0 "and it can be restored"
run audit compare --store=back $now
status_is 0 "whole"

# Two backup folders by turns: one that was made before an erasure emptied a folder goes on with the store that
# was restored from the other one.
cp -a store whole-store
run backup first $now
rm -rf second back
run erase-person --clerk=SH1 --person-name=阿𠮷·买提 --person-id-type=身份证 --person-id-number=310101197001010013 \
    --decision=删2026-1 $now --json
status_is 0 "a person is erased"
gone=$(for copied in $(cd first && find blobs certificates proofs -type f); do [ -e "store/$copied" ] || echo "$copied"; done | wc -l)
[ "$gone" -gt 2 ]
report $? "photo and documents are gone"
run backup second $now
run restore second --store=back $now
status_is 0 "restored from a backup that was made behind the erasure"
run backup first --store=back --json $now
is "the other folder goes on, and what was erased goes" "$status $(field removed) $(field lost)" "0 $gone 0"
rm -rf store
mv whole-store store

# Rights, of an account that is not root.
if [ "$(id -u)" -eq 0 ] && ! setpriv --reuid=65534 --regid=65534 --clear-groups true 2> "$err"; then
    done_testing
    exit
fi
if [ "$(id -u)" -eq 0 ]; then
    chmod 711 "$work"
    chown -R 65534:65534 store
    mkdir results && chown 65534:65534 results
    cp "$ANZHENG" program
    as="setpriv --reuid=65534 --regid=65534 --clear-groups $work/program"
else
    mkdir results
    as=$ANZHENG
fi
rights=000
hidden() { # folder, arguments...: the run while it may not be looked at
    folder=$1
    shift
    chmod $rights "store/$folder"
    status=0
    $as "$@" $now > "$out" 2> "$err" < /dev/null || status=$?
    chmod 755 "store/$folder"
}
for verb in "audit compare" "backup results/copy"; do
    for folder in "${one#store/}" checkpoints certificates; do
        # shellcheck disable=SC2086
        hidden "$folder" $verb
        status_is 66 "$verb, $folder hidden"
        err_has "store/$folder" "which is named"
    done
done
hidden checkpoints audit verify
status_is 66 "audit verify without a look at the checkpoints"
err_has '[file_not_readable]' "is not sound"

# A folder whose names can be read, and its files not: they are there, for all that is known.
$as backup results/copy $now > "$out" 2> "$err"
report $? "a backup"
chmod 000 results/copy/checkpoints
status=0
$as restore results/copy --store=results/back $now > "$out" 2> "$err" < /dev/null || status=$?
chmod 755 results/copy/checkpoints
status_is 66 "no restore without a look at the checkpoints, which tell of a log that was put back"
err_has results/copy/checkpoints "which are named"
is "and it leaves nothing" "$(ls -A results)" copy
rights=444
hidden "${one#store/}" audit compare --documents=1 --json
status_is 79 "audit compare, files behind rights"
out_has '"kind":"blob","difference":"not_readable"' "are not readable, not gone"
hidden "${one#store/}" backup results/copy
status_is 66 "a backup does not take them for lost"
err_has "$one/" "and names one"

# A night leaves out what is not there, not what it may not look at.
mkdir results/in
echo 'optional import exams in/exams.csv' > results/list
night() {
    status=0
    $as night results/list $now > "$out" 2> "$err" < /dev/null || status=$?
}
night
status_is 0 "a night without its optional file"
chmod 000 results/in
night
chmod 755 results/in
status_is 66 "a night whose optional file may be there, behind rights"
err_has 'in/exams.csv' "which is named"
done_testing
