#!/bin/sh
# t1410-reasons - why a document is made, told before and after; the list of those that could not be
# made; what a killed run leaves (CONTRACT 6, regenerate).
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"

make_town s
is "the town is made" "$?" 0
night=--now=2026-05-05T20:00:00+08:00
C='沪建安B(2019)0000002'

reasons() { # options...: "new content template signer asked again" of a dry run
    run regenerate --dry-run --store=s $night --json "$@"
    echo "$(field new) $(field content_changed) $(field template_changed) $(field signer_changed) $(field asked) $(field failed_before)"
}
files() {
    find s/certificates -name '*.pdf' | wc -l
}

# --- new, failed before ---------------------------------------------------------------------------
is "new ones" "$(reasons)" "11 0 0 0 0 0"
[ ! -e s/reports/failed-documents.csv ]
report $? "a dry run writes no list"
run regenerate --store=s $night --json
is "a run tells them too" "$(field new) $(field rendered) $(field failed)" "11 9 2"
is "those that failed" "$(reasons)" "0 0 0 0 0 2"
is "with --all, all others" "$(reasons --all)" "0 0 0 0 9 2"
run regenerate --dry-run --store=s $night --lang=zh
out_has '上次未成功' "in words"
! grep -q '版式变化' "$out"
report $? "without what does not occur"

# --- the list of those that failed ----------------------------------------------------------------
is "a row each" "$(wc -l < s/reports/failed-documents.csv)" 3
is "private" "$(stat -c %a s/reports/failed-documents.csv)" 600
grep -q '^沪建安B(2019)0000010,certificate,沪建安B(2019)0000010,91310104MATEX0002R,glyph_missing,[^,]*U+E000[^,]*,U+E000,1' s/reports/failed-documents.csv
report $? "number, enterprise, reason, what it means, detail, attempts"
run regenerate --store=s $night --lang=zh
status_is 1 "they are tried again"
grep -q '文件编号,' s/reports/failed-documents.csv && grep -q ',U+E000,2' s/reports/failed-documents.csv
report $? "and counted, in the language of the run"
! grep -q '众\|张\|310101' s/reports/failed-documents.csv
report $? "nobody is named"

# --- content, page, signer ------------------------------------------------------------------------
cat > change.jsonl <<EOF
{"id":"r1","action":"correct_certificate","clerk":"SH1","certificate":"$C","decision":"更2026-1","valid_until":"2027-12-04"}
EOF
run submit change.jsonl --store=s $night --json
is "a certificate is corrected" "$status $(field outcome)" "0 accepted"
is "content" "$(reasons)" "0 1 0 0 0 2"
run regenerate --store=s $night --json
is "is made" "$(field content_changed) $(field rendered)" "1 1"
run template show certificate --store=s --out=page
sed 's/size=11.6/size=11.5/' page > other.page
run template set certificate other.page --decision=示版1 --store=s $night
status_is 0 "another page"
is "the page" "$(reasons)" "0 0 9 0 0 2"
run template set certificate page --decision=示版2 --store=s $night
is "and back" "$(reasons)" "0 0 0 0 0 2"
run init --store=other --signatures=optional --clock=free --now=2026-05-01T09:00:00+08:00
cp other/keys/document.key s/keys/document.key
cp other/trust/document.pem s/trust/document.pem
is "a changed key alone makes nothing anew" "$(reasons) $(field unchanged) $(field earlier_signer)" \
    "0 0 0 0 0 2 9 9"
is "with --all it is the reason" "$(reasons --all) $(field earlier_signer)" "0 0 0 9 0 2 0"
run regenerate --certificate="$C" --all --store=s $night --json
is "of each" "$(field signer_changed) $(field rendered)" "1 1"
is "and no more" "$(reasons) $(field earlier_signer)" "0 0 0 0 0 2 8"
run rebuild --verify --store=s
status_is 0 "views and log agree"

# --- named twice ----------------------------------------------------------------------------------
run regenerate --certificate="$C" --certificate=沪建安B（2019）0000002 --all --store=s $night --json
is "a number that is named twice is made once" "$(field wanted) $(field rendered)" "1 1"

# --- what a killed run leaves ---------------------------------------------------------------------
[ ! -e s/reports/regenerate.unfinished ]
report $? "a run that ended leaves no mark"
mkdir -p s/certificates/00 s/proofs/00
echo half > s/certificates/00/half.pdf.tmp
echo half > s/proofs/00/half.pdf.tmp
run regenerate --certificate="$C" --all --store=s $night --json
[ -e s/certificates/00/half.pdf.tmp ]
report $? "nobody looks for leftovers where no run was killed"
"$ANZHENG" regenerate --all --workers=1 --store=s $night > "$out" 2> "$err" &
pid=$!
while [ ! -e s/reports/regenerate.unfinished ] && kill -0 $pid 2> "$out"; do :; done
kill -KILL $pid
wait $pid 2> "$out"
[ -e s/reports/regenerate.unfinished ]
report $? "a killed run leaves its mark"
run regenerate --certificate="$C" --all --store=s $night --json
is "the next one" "$(field rendered)" 1
is "removes what it left" "$(find s/certificates s/proofs -name '*.tmp' | wc -l)" 0
[ ! -e s/reports/regenerate.unfinished ]
report $? "and its mark"

# A document that has its name already when the run is killed and was not logged: no later run with another
# signature writes it again, and `audit compare` would tell a stranger for ever.
stranger() { # when: a whole document that no event names
    printf '%%PDF %s' "$1" > stranger
    name=$(sha256sum stranger | cut -d' ' -f1)
    place=s/certificates/$(echo "$name" | cut -c1-2)/$name.pdf
    mkdir -p "${place%/*}" && cp stranger "$place" && touch -d "$1" "$place"
}
logged=$(certificate_file s "$C")
touch "$logged"
stranger '3 days ago' && older=$place
stranger now && newer=$place
run regenerate --certificate="$C" --all --store=s $night --json
[ -e "$newer" ]
report $? "whole files stay where no run was killed"
: > s/reports/regenerate.unfinished && touch -d '1 hour ago' s/reports/regenerate.unfinished
run regenerate --certificate="$C" --all --store=s $night --json
is "the run after a killed one" "$status $(field rendered)" "0 1"
[ ! -e "$newer" ]
report $? "removes documents that no event names"
[ -e "$older" ] && [ -e "$logged" ]
report $? "but none that is older, and none that was logged"
rm "$older"
run audit compare --store=s $night --json
is "nothing is left over" "$status $(field extra)" "0 0"
done_testing
