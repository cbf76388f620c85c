#!/bin/sh
# t1401-lost-photos - photos that are gone, unreadable or altered when their document is made: each
# costs its own document, with the reason, and nobody else's; put back, the next run makes them.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"

make_town s
is "the town is made" "$?" 0
night=--now=2026-05-05T20:00:00+08:00
made() { field rendered; }

# Whose photo is which blob: without any, each document says what it misses.
cp -a s whole
chmod -R u+w s/blobs
find s/blobs -type f -delete
run regenerate --store=s $night
for number in 'B(2019)0000004' 'C2(2019)0000005' 'C3(2019)0000006' 'C(2019)0000008'; do
    sed -n "s|.*沪建安$number: blob_missing s/\(blobs[^ ]*\).*|\1|p" "$err"
done > damaged
rm -rf s
cp -a whole s
chmod -R u+w s/blobs
# shellcheck disable=SC2046
set -- $(cat damaged)
is "each has a photo of its own" "$#" 4
rm "s/$1"
rm "s/$2" && mkdir "s/$2"
: > "s/$3"
printf 'x' >> "s/$4"

run regenerate --store=s $night --json
status_is 79 "a store with altered photos is damaged"
is "the others are made" "$(field wanted) $(made) $(field failed)" "11 5 6"
err_has "沪建安B(2019)0000004: blob_missing s/$1" "one is not there"
err_has "沪建安C2(2019)0000005: file_not_readable s/$2" "one cannot be read"
err_has "沪建安C3(2019)0000006: blob_altered s/$3" "one is empty"
err_has "沪建安C(2019)0000008: blob_altered s/$4" "one is another"
is "all are listed, with how often" "$(tr -d '\r' < s/reports/failed-documents.csv | grep -c ',1$')" 6
run regenerate --store=s $night --json
is "they are tried again" "$status $(field failed_before) $(made) $(field failed)" "79 6 0 6"
is "and counted" "$(tr -d '\r' < s/reports/failed-documents.csv | grep -c ',2$')" 6

rm -r "s/$2"
for blob; do cp -p "whole/$blob" "s/$blob"; done
run regenerate --store=s $night --json
is "put back, they are made" "$status $(field failed_before) $(made) $(field failed)" "1 6 4 2"

# Another page: the first document in the index speaks for all, if a page can be made of it.
run template set certificate "$here/../../docs/templates/certificate-landscape.page" --decision=示版1 --store=s --now=2026-05-06T09:00:00+08:00
wanted=$(find s/certificates -name '*.pdf' | wc -l)
for blob in $(cd s && find blobs -type f | head -n "$(smaller 100 3)"); do
    mv "s/$blob" aside
    run regenerate --dry-run --store=s --now=2026-05-06T20:00:00+08:00 --json
    [ "$(field template_changed)" = "$wanted" ] || echo "$blob"
    mv aside "s/$blob"
done > silent
is "a lost photo, whose ever, keeps nobody from the new page" "$(cat silent)" ""
is "of all of them" "$wanted" 9
run audit verify --store=s
status_is 0 "log"
run rebuild --verify --store=s
status_is 0 "and views are sound"
done_testing
