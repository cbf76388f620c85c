#!/bin/sh
# t1407-unreadable - what is there and cannot be read is neither altered nor missing: a finding of its own for
# `audit compare`, a reason of its own for the photo of a row.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
write_town
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
out_has "\"what\":\"$document\"" "with its path"
out_has "\"kind\":\"blob\",\"difference\":\"not_readable\",\"event\":null,\"what\":\"$blob\"" "a blob"
out_has "\"kind\":\"document\",\"difference\":\"altered\"" "an altered one is altered"
is "each is counted" "$(grep '"ok"' "$out" | grep -c '"missing":0,"altered":1,"not_readable":2,"extra":0')" 1
run audit compare --documents=1 --out=summary $now
grep -q '^not_readable 2$' summary
report $? "in the summary too"
run audit compare --documents=1 --lang=zh $now
out_has "无法读取" "in Chinese"
rm -rf store && mv whole store

# The photo of a row.
head -2 identities.csv > one.csv
sed -i 's|photos/[0-9]*.jpg|photos/odd.jpg|; s/示范路1号/示范路2号/' one.csv
mkdir photos/odd.jpg
run import identities one.csv --rejects=r.csv $now --json
is "a photo that cannot be read rejects the row" "$status $(field rejected)" "1 1"
grep -q photo_unreadable r.csv
report $? "by its code"
rmdir photos/odd.jpg
run import identities r.csv --rejects=r2.csv $now --lang=zh
grep -q photo_missing r2.csv
report $? "one that is not there is missing"
ln -s 01.jpg photos/odd.jpg
run import identities one.csv --rejects=r3.csv $now
grep -q photo_missing r3.csv
report $? "so is a link"
rm photos/odd.jpg && cp photos/01.jpg photos/odd.jpg
run import identities r.csv $now --json
is "mended, the rejects file is imported" "$status $(field accepted)" "0 1"
done_testing
