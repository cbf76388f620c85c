#!/bin/sh
# What ends when; and documents handed over as a folder with a manifest.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
export ANZHENG_STORE=store
today=2026-05-05
run regenerate --today=$today --json
failed_document=$(field failed)

# expire
run expire --today=2027-12-01 --json
status_is 0 "expire"
is "all end in one month" "$(grep -c . "$out")" 1
is "named" "$(field month)" 2028-01
total=$(field total)
extendable=$(field extendable)
run list extendable --today=2027-12-01 --json
is "as many may be extended as are listed" "$extendable" "$(grep -c . "$out")"
run list exchangeable --today=2027-12-01 --json
is "paper is not among them (D31)" "$((total - extendable))" "$(grep -c . "$out")"
run list certificates --status=valid --today=2027-12-01 --json
is "as many as are valid until then" "$(grep -c '"valid_until":"2028-01-04"' "$out")" "$total"
run expire --today=2027-12-01 --certificates --csv
status_is 0 "one by one"
is "each with a line, below the heading" "$(($(grep -c . "$out") - 1))" "$total"
out_has '310*************' "numbers are masked"
run expire --today=2027-12-01 --within=10 --json
is "none within ten days" "$(grep -c . "$out")" 0
run expire --today=2027-12-01 --within=34 --json
is "the last day counts" "$(field total)" "$total"
run expire --today=2027-12-01 --within=33 --json
is "and the day before does not" "$(grep -c . "$out")" 0
run expire --today=2028-01-05 --json
is "what has expired is not to come" "$(grep -c . "$out")" 0
run expire --csv --json
status_is 64 "two formats"
run expire --within=99999
status_is 64 "more days than there are"
[ -s store/reports/expire.prom ]
is "metrics" "$?" 0
chmod -w store/reports
run expire --today=2027-12-01
out_has 2028-01 "a table for people, also where nothing can be written"
chmod u+w store/reports

# deliver
before=$(newest store)
run deliver --enterprise=$E1 --out=handed --today=$today --json
[ "$status" -le 1 ]
is "deliver" "$?" 0
given=$(field delivered)
[ "$given" -gt 0 ]
is "something was delivered" "$?" 0
is "a file each" "$(ls handed/*.pdf | wc -l)" "$given"
is "a row each" "$(($(wc -l < handed/manifest.csv) - 1))" "$given"
(cd handed && sha256sum --quiet -c SHA256SUMS)
is "the sums hold" "$?" 0
is "of the manifest, too" "$(wc -l < handed/SHA256SUMS) $(grep -c '  manifest.csv$' handed/SHA256SUMS)" "$((given + 1)) 1"
first=$(sed -n 2p handed/manifest.csv | cut -d, -f5)
cmp -s "handed/$(sed -n 2p handed/manifest.csv | cut -d, -f1)" "store/certificates/$(echo "$first" | cut -c1-2)/$first.pdf"
is "byte for byte" "$?" 0
is "the delivery is an event" "$(newest store)" $((before + 1))
mkdir full
: > full/mine
run deliver --enterprise=$E1 --out=full --today=$today
status_is 73 "a folder that is there is left alone"
is "the certificates of that enterprise alone" "$(cut -d, -f2 handed/manifest.csv | grep -c 沪)" "$given"

run deliver --since=1 --out=all --today=$today --json
[ "$failed_document" -gt 0 ] && wanted=1 || wanted=0
status_is $wanted "all of them: what is not ready is told by the status"
is "and counted" "$(field waiting)" "$failed_document"
run deliver --since=$(($(newest store) + 0)) --out=none --today=$today --json
status_is 0 "nothing new"
is "is a delivery of nothing" "$(field delivered)" 0
(cd none && sha256sum --quiet -c SHA256SUMS)
is "with a sum that can be checked" "$?" 0
before=$(newest store)
run regenerate --all --certificate="$(sed -n 2p handed/manifest.csv | cut -d, -f2)" --today=$today --json
is "one is made anew, as another page or signer would do" "$(field rendered)" 1
run deliver --since="$before" --out=anew --today=$today --json
is "and is a new document" "$status $(field delivered)" "0 1"

# A wave.
sed "s/^\($E1\),[^,]*,/\1,上海甲改名建设有限公司,/" enterprises.csv > renamed.csv
run import enterprises renamed.csv --today=$today
run rename run $E1 --today=$today --json
wave=$(field first_event)
run regenerate --today=$today --json
run deliver --wave=$wave --out=wave --today=$today --json
[ "$(field delivered)" -gt 0 ]
is "the documents of a wave" "$?" 0
pdftotext "wave/$(sed -n 2p wave/manifest.csv | cut -d, -f1)" - | grep -q 上海甲改名
is "show the new name" "$?" 0
run deliver --wave=1 --out=x --today=$today
status_is 1 "an event that is no wave"
run deliver --enterprise=91310000000000000X --out=x --today=$today
status_is 1 "an enterprise that nobody knows"
run deliver --enterprise=$E1 --since=1 --out=x
status_is 64 "one selector"
run deliver --enterprise=$E1
status_is 64 "and a folder"
mkdir y.tmp
echo mine > y.tmp/precious
before=$(newest store)
run deliver --enterprise=$E1 --out=y/// --today=$today --json
is "slashes at the end are none" "$status $(field folder) $(ls y/*.pdf | wc -l) $(newest store)" "0 y $given $((before + 1))"
is "a folder of the user's beside it stays" "$(cat y.tmp/precious)" mine
before=$(newest store)
for place in . .. / y/.; do
    run deliver --enterprise=$E1 --out=$place --today=$today
    [ "$status" -eq 73 ] || break
done
is "no place for a folder is told before anything is logged" "$status $(newest store)" "73 $before"
[ -e x ] || [ -e .x.deliver ]
is "nothing is left of what was refused" "$?" 1
done_testing
