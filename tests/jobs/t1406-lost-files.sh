#!/bin/sh
# t1406-lost-files - single files of the store are gone: the backup keeps its copies of those that the log still
# names, says so, and is made all the same; what an erasure took away, and what no event names, goes. And a
# backup whose last copy cannot be looked at is not taken for one without.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
export ANZHENG_STORE=store
now=--now=2026-05-06T09:00:00+08:00
run regenerate --workers=1 $now
run submit end.jsonl $now
run checkpoint $now
run backup copy --with-keys $now
status_is 0 "a backup"
mkdir away
photo=$(find store/blobs -type f | sort | head -1)
document=$(certificate_file store '沪建安B(2019)0000002')
proof=$(find store/proofs -type f | sort | head -1)
mv "$photo" "$document" "$proof" away/
run policy set entry.states 注销 --decision=D-1 $now
run backup copy --json $now
is "files that the log names stay in the backup" "$status $(field removed) $(field lost)" "79 0 3"
is "which is made" "$(field events)" "$(newest store)"
for file in "$photo" "$document" "$proof"; do
    err_has "$file is gone" "each is named"
    [ -f "copy/${file#store/}" ]
    report $? "and there"
done
err_has "copy it back from copy/${photo#store/}" "with where it is"
run backup copy --lang=zh $now
status_is 79 "until it is back"
err_has "并非因删除个人信息" "in Chinese"
err_has "[backup_file_lost]" "by its code"
out_has "数据库中丢失" "with its heading"
run restore copy --store=back $now
status_is 0 "it can be restored"
run audit compare --store=back $now
status_is 0 "whole"
for file in "$photo" "$document" "$proof"; do
    cp -p "copy/${file#store/}" "$file"
done
run backup copy --json $now
is "copied back" "$status $(field removed) $(field lost)" "0 0 0"

# An erasure and a loss at once; a file of no event; what a killed copy left.
id=310101197001010013
run erase-person --clerk=SH1 --person-name=阿𠮷·买提 --person-id-type=身份证 --person-id-number=$id --decision=删2026-1 $now --json
status_is 0 "a person is erased"
erased=$(for file in $(cd copy && find blobs certificates proofs -type f); do [ -e "store/$file" ] || echo "$file"; done)
other=$(find store/certificates -type f | sort | head -1)
mv "$other" away/
zeros=$(printf '0%.0s' $(seq 64))
mkdir -p copy/proofs/00 store/proofs/00
echo x > "copy/proofs/00/$zeros.pdf"
echo x > "copy/proofs/00/$zeros.pdf.tmp"
run backup copy --json $now
is "the erased and the unnamed go, the lost stays" "$status $(field removed) $(field lost)" "79 $(($(echo "$erased" | wc -l) + 2)) 1"
left=$(for file in $erased; do [ ! -e "copy/$file" ] || echo "$file"; done)
is "none of the erased is left" "$left" ""
[ -f "copy/${other#store/}" ]
report $? "the lost one is"
cp -p "copy/${other#store/}" "$other"

# Many at once: the first ones are told.
find store/blobs store/certificates -type f -exec rm {} +
run backup copy --json $now
[ "$(field lost)" -gt 5 ] && [ "$status" -eq 79 ]
report $? "all files of the folders"
for file in $(cd copy && find blobs certificates -type f); do cp -p "copy/$file" "store/$file"; done
run audit compare $now
status_is 0 "the backup mends the store"

# What the last copy was: by the manifest; without it by the log, which may be damaged or not to be had.
run backup copy $now
status_is 0 "a backup again"
rm copy/manifest.json && mkdir copy/making
truncate -s 5000 copy/log/data.mdb
run backup copy $now
status_is 0 "a damaged copy of an unfinished backup is replaced"
err_has "copy/log" "and told of"
rm copy/manifest.json && mkdir copy/making
mv copy/log away/log && mkdir copy/log && ln -s data.mdb copy/log/data.mdb # a link to itself
run backup copy $now
status_is 66 "one that cannot be read is not none"
err_has "copy/log/data.mdb" "and named"
rm -r copy/log && mv away/log copy/log
run backup copy $now
status_is 0 "put right"
rm -r copy/log
run backup copy $now
status_is 0 "no copy at all is none"
echo '{' > copy/manifest.json
run backup copy $now
status_is 0 "a spoiled manifest: the log says it"
truncate -s 70000 copy/manifest.json
run backup copy $now
status_is 0 "also one that is too large to be one"
done_testing
