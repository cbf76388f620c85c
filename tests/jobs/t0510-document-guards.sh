#!/bin/sh
# t0510-document-guards - what may not be printed or handed out: characters without a glyph, photos
# that are none, documents of others, ended and expired certificates (R-QD-05, R-QD-10).
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"

make_town s
is "the town is made" "$?" 0
today=--now=2026-05-05T20:00:00+08:00
run download '沪建安B(2019)0000002' --enterprise="$E1" --out=o.pdf --store=s $today
status_is 1 "not rendered yet"
err_has document_not_ready "with its code"
is "nothing is written" "$(ls o.pdf 2> "$err")" ""

# --- glyphs -------------------------------------------------------------------------------------
run regenerate --store=s $today --json
status_is 1 "documents failed"
is "the others went on" "$(field rendered) $(field failed)" "9 2"
err_has U+E000 "the private-use character is named"
err_has U+3FFFD "the unassigned character is named"
run list certificates --document=failed --store=s --json --today=2026-05-05
is "the failed ones are listed" "$(grep -c . "$out")" 2
out_has '沪建安B(2019)0000010' "by number"
out_has U+E000 "with the reason"
run download '沪建安B(2019)0000010' --enterprise="$E2" --out=o.pdf --store=s $today
status_is 1 "a failed one may not be had"
err_has document_not_ready "with its code"
run regenerate --store=s $today --json
status_is 1 "again, they fail again"
is "and only they are tried" "$(field wanted)" 2
cat > rename.jsonl <<END
{"id":"n1","action":"rename_person","clerk":"SH1","person":{"name":"钱${PRIVATE_USE}六","id_type":"身份证","id_number":"310101197708080154"},"new_name":"钱㛃六","materials":["enterprise_statement","id_card","police_correction","certificates"]}
END
run submit rename.jsonl --store=s --now=2026-05-06T09:00:00+08:00
status_is 0 "the name is corrected"
run regenerate --store=s --now=2026-05-06T20:00:00+08:00 --json
is "its document is made" "$(field rendered) $(field failed)" "1 1"
pdftotext "$(certificate_file s '沪建安B(2019)0000010')" - > "$out" 2> "$err"
out_has 钱㛃六 "with the corrected name"

# --- handing out --------------------------------------------------------------------------------
today=--now=2026-05-07T09:00:00+08:00
before=$(newest s)
run download '沪建安B（2019）0000002' --enterprise="$E1" --out=o.pdf --store=s $today --json
status_is 0 "its own certificate, in another spelling"
cmp -s o.pdf "$(certificate_file s '沪建安B(2019)0000002')"
report $? "byte for byte"
is "the download is logged" "$(newest s)" $((before + 1))
run download '沪建安B(2019)0000002' --enterprise="$E2" --out=p.pdf --store=s $today
status_is 1 "another enterprise"
err_has not_own_certificate "with its code"
run download '沪建安B(2019)0009999' --enterprise="$E1" --out=p.pdf --store=s $today
status_is 1 "an unknown number"
run download '沪建安B(2019)0000002' --enterprise="$E1" --out=p.pdf --store=s --now=2028-01-05T09:00:00+08:00
status_is 1 "past its last day"
err_has certificate_expired "with its code"
run download '沪建安B(2019)0000002' --enterprise="$E1" --store=s $today
status_is 64 "without --out"
run download '沪建安B(2019)0000002' --enterprise="$E1" --out=p.pdf --proof=birth --store=s $today
status_is 64 "a proof that does not exist"
run download '沪建安B(2019)0000002' --enterprise="$E1" --out=p.pdf --proof=departure --store=s $today
status_is 1 "a certificate that did not depart has no proof"
run download '沪建安B(2019)0000002' --enterprise="$E1" --out=none/p.pdf --store=s $today
status_is 73 "a folder that is not there"
mkfifo pipe
cat pipe > through.pdf &
run download '沪建安B(2019)0000002' --enterprise="$E1" --out=pipe --store=s $today
wait
status_is 0 "into a pipe"
cmp -s o.pdf through.pdf
report $? "the same bytes"
is "which stays a pipe" "$(find pipe -type p)" pipe
run submit end.jsonl --store=s $today
status_is 0 "certificates end"
for number in '沪建安B(2019)0000004' '沪建安B(2019)0000002'; do
    run download "$number" --enterprise="$E1" --out=p.pdf --store=s $today
    status_is 1 "$number has ended"
    err_has certificate_not_in_force "with its code"
done
is "none of them was written" "$(ls p.pdf 2> "$err")" ""
run regenerate --certificate='沪建安B(2019)0000004' --store=s $today --json
is "nor is there anything to render" "$status $(field wanted)" "0 0"
before=$(newest s)
run download '沪建安B(2019)0000004' --enterprise="$E1" --proof=cancellation --out=p.pdf --store=s $today
status_is 0 "its proof may be had"
is "and that is logged" "$(newest s)" $((before + 1))
run download '沪建安B(2019)0000004' --enterprise="$E2" --proof=cancellation --out=q.pdf --store=s $today
status_is 1 "by its own enterprise only"
# A proof shows the state of its day, whatever the person is called later (R-BJ-02).
cat > rename.jsonl <<END
{"id":"n2","action":"rename_person","clerk":"SH1","person":{"name":"张一","id_type":"身份证","id_number":"310101197102020034"},"new_name":"张壹","materials":["enterprise_statement","id_card","police_correction","certificates"]}
END
run submit rename.jsonl --store=s $today
status_is 0 "a person is renamed after the cancellation"
run audit history certificate '沪建安B(2019)0000004' --store=s --json
proof=$(sed -n 's/.*"document":"\(cancellation:[0-9]*\)".*/\1/p' "$out")
run regenerate --all --certificate="$proof" --store=s $today --json
is "its proof is rendered again" "$status $(field rendered)" "0 1"
run download '沪建安B(2019)0000004' --enterprise="$E1" --proof=cancellation --out=again.pdf --store=s $today
cmp -s p.pdf again.pdf
report $? "the proof, rendered again, is the same"
run audit verify --store=s
status_is 0 "the log verifies"

# A file that was altered is not handed out.
file=$(certificate_file s '沪建安C3(2019)0000006')
chmod u+w "$file"
flip "$file" 3000
run download '沪建安C3(2019)0000006' --enterprise="$E2" --out=q.pdf --store=s $today
status_is 79 "an altered file is damage"
is "and stays where it is" "$(ls q.pdf 2> "$err")" ""

# --- photos at the border -----------------------------------------------------------------------
# Frames without pixels: what a reader of headers sees is what is judged.
jpeg() { # components, height, width: the bytes of a JPEG header and an empty scan
    printf '\377\330\377\300\000\021\010'
    printf "$2$3$1"
    printf '\001\021\000\002\021\000\003\021\000\377\331'
}
head -c 3000 photos/01.jpg > photos/truncated.jpg
{ cat photos/01.jpg; echo behind; } > photos/behind.jpg
: > photos/empty.jpg
echo 'GIF89a' > photos/gif.jpg
head -c 2200000 /dev/zero > photos/huge.jpg
{ head -c 2 photos/01.jpg; printf '\377\300\000\024\010\001\220\001\054\004\001\021\000\002\021\000\003\021\000\004\021\000\377\332\000\016\004\001\000\002\000\003\000\004\000\000\077\000\000\377\331'; } > photos/cmyk.jpg
jpeg '\003' '\000\000' '\000\000' > photos/nothing.jpg
mkdir photos/folder.jpg
ln -s 01.jpg photos/link.jpg
ln -s . photos/around
cp photos/01.jpg ../$$.jpg
head -1 identities.csv > photos.csv
n=10
for photo in photos/truncated.jpg photos/behind.jpg photos/empty.jpg photos/gif.jpg photos/huge.jpg photos/cmyk.jpg \
    photos/nothing.jpg photos/none.jpg photos/folder.jpg photos/link.jpg photos/around/01.jpg ../$$.jpg "$work/photos/01.jpg" \
    photos/../photos/01.jpg photos/02.jpg; do
    n=$((n + 1))
    echo "周$n,男,汉,1980-01-01,,外国护照,G1000$n,,,,$photo,示范区1号窗,2026-05-01,人工,无" >> photos.csv
done
before=$(newest s)
run import identities photos.csv --store=s $today --json --rejects=rejects.csv
rm -f ../$$.jpg
status_is 1 "photos are rejected"
is "all but the good one" "$(field accepted) $(field rejected)" "1 14"
is "one event for the row, one for its photo's person, one for the file at most" \
    "$(($(newest s) - before <= 3))" 1
cut -d, -f11,17 rejects.csv | grep photo_ > verdicts
for wanted in truncated.jpg:invalid behind.jpg:invalid empty.jpg:invalid gif.jpg:invalid huge.jpg:invalid cmyk.jpg:invalid \
    nothing.jpg:invalid none.jpg:missing folder.jpg:missing link.jpg:missing around/01.jpg:missing; do
    grep -q "${wanted%:*},photo_${wanted#*:}" verdicts
    report $? "photos/${wanted%:*}: photo_${wanted#*:}"
done
is "none from outside the folder" "$(grep -cF .. rejects.csv)" 2
is "the rejects are for the operator's eyes" "$(stat -c %a rejects.csv)" 600
done_testing
