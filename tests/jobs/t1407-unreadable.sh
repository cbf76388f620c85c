#!/bin/sh
# t1407-unreadable - what is there and cannot be read is neither altered nor missing: a finding of its own for
# `audit compare`. (The photo of a row: tests/jobs/test_attachment.c.)
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
export ANZHENG_STORE=store
now=--now=2026-05-06T09:00:00+08:00
run regenerate --workers=1 $now
run audit compare --json $now
is "a sound store" "$status $(field not_readable)" "0 0"

document=$(certificate_file store '沪建安B(2019)0000002')
blob=$(find store/blobs -type f | sort | head -1)
altered=$(certificate_file store '沪建安C1(2019)0000003')
[ -f "$altered" ] || altered=$(find store/certificates -type f | grep -v "$document" | sort | head -1)
cp -a store whole
rm "$document" "$blob"
mkdir "$document" # as root, too, it cannot be read
ln -s "${blob##*/}" "$blob" # a link to itself
echo x >> "$altered"
run audit compare --documents=1 --json $now
status_is 79 "damage all the same"
out_has "\"kind\":\"document\",\"difference\":\"not_readable\",\"event\":" "a document that cannot be read"
out_has "\"what\":\"${document#store/}\"" "with its path"
is "a blob, with the event that names it" "$(grep -c "\"kind\":\"blob\",\"difference\":\"not_readable\",\"event\":[0-9]*,\"what\":\"${blob#store/}\"" "$out")" 1
out_has "\"kind\":\"document\",\"difference\":\"altered\"" "an altered one is altered"
is "each is counted" "$(grep '"ok"' "$out" | grep -c '"missing":0,"altered":1,"not_readable":2,"extra":0')" 1
run audit compare --documents=1 --out=summary $now
grep -q '^not_readable 2$' summary
report $? "in the summary too"
run audit compare --documents=1 --lang=zh $now
out_has "无法读取" "in Chinese"
run audit compare --certificate='沪建安B(2019)0000002' --json $now
status_is 79 "of one certificate"
out_has '"difference":"not_readable"' "it is not readable, either, not missing"
rm "$blob" && truncate -s 65M "$blob"
run audit compare --documents=1 --json $now
out_has '"kind":"blob","difference":"altered"' "what is larger than any that was kept is altered"
rm -rf store && mv whole store

# A folder of which no name comes is not an empty one: what copies, compares or takes in says so.
make_preload broken_folder
broken() { # end of the folder's path, what, arguments...
    folder=$1 what=$2
    shift 2
    ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" \
        BROKEN_FOLDER=$folder LD_PRELOAD=$work/broken_folder.so run "$@" $now
    is "$what" "$status $(grep -c "${folder#/}.*file_not_readable" "$err")" "66 1"
}
aa=$(basename "$(dirname "$(find store/blobs -type f | sort | head -1)")")
run backup copy --with-keys $now
is "a backup" "$status" 0
broken "/blobs/$aa" "a folder of kept files that the disk does not tell: in a backup" backup copy
broken /store/checkpoints "the folder of checkpoints" backup copy
broken "/blobs/$aa" "when all is compared" audit compare --documents=1
broken /store/checkpoints "when checkpoints are verified" audit verify
broken /copy/checkpoints "when a backup is restored" restore copy --store=again
mkdir registers
cp clerks.csv registers/
broken /registers "a folder of registers" import clerks registers
done_testing
