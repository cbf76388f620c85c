#!/bin/sh
# Scans and the signature sheet, end to end: JPEG by content, density from the header, kept sealed,
# taken out again byte by byte.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"

make_town store
export ANZHENG_STORE=$work/store
day=--today=2026-05-06
zhang() { # verb, options: 张一 does it
    verb=$1
    shift
    run "$verb" --json $day --person-name=张一 --person-id-type=身份证 \
        --person-id-number=310101197102020034 "$@"
}

# A portrait with a density in its JFIF header: bytes 13-17 are unit, x, y.
jfif() { # file, unit (1 inch, 2 cm, 0 none), x, y
    cp photos/01.jpg "$1"
    printf "\\$(printf %03o "$2")\\000\\$(printf %03o "$3")\\000\\$(printf %03o "$4")" |
        dd of="$1" bs=1 seek=13 conv=notrunc 2> "$err"
}

# The same with an EXIF header of 3 entries (little endian): x, y, unit.
exif() { # file, dots, unit (2 inch, 3 cm)
    {
        head -c 2 photos/01.jpg
        printf '\377\341\000\102Exif\000\000II\052\000\010\000\000\000\003\000'
        printf '\032\001\005\000\001\000\000\000\062\000\000\000'
        printf '\033\001\005\000\001\000\000\000\062\000\000\000'
        printf '\050\001\003\000\001\000\000\000'"\\$(printf %03o "$3")"'\000\000\000'
        printf '\000\000\000\000'"\\$(printf %03o "$2")"'\000\000\000\001\000\000\000'
        tail -c +3 photos/01.jpg
    } > "$1"
}

zhang add-record --kind=education --field=学校名称=同济大学
record=$(field record)
jfif good.jpg 1 100 100
zhang attach-scan --record=R999 --file=good.jpg
is "R-PF-24: the scan comes after the record" "$(field code)" record_not_found

# --- what is refused, and what was found ---------------------------------------------------------
refused() { # file, code, what was found, what
    zhang attach-scan --record="$record" --file="$1"
    is "$4" "$(field code)" "$2"
    out_has "$3" "... says $3"
}
refused none.jpg scan_missing '"rule":"R-PF-04"' "R-PF-04: no such file"
mkdir folder.jpg
refused folder.jpg scan_missing '"rule":"R-PF-04"' "R-PF-04: a folder is no scan"
mkfifo pipe.jpg
refused pipe.jpg scan_missing '"rule":"R-PF-04"' "R-PF-04: nor is a pipe, and nobody waits for it"
printf '%%PDF-1.4 named jpg' > pdf.jpg
refused pdf.jpg scan_not_jpeg '"fault":"not_jpeg"' "R-PF-04: by content, not by name"
head -c 5000 good.jpg > cut.jpg
refused cut.jpg scan_not_jpeg '"fault":"truncated"' "R-PF-04: a file that breaks off"
{ cat good.jpg; head -c 307200 /dev/zero; } > large.jpg
refused large.jpg scan_too_large '"limit":307200' "D8: more than 300 KB"
jfif none.jpg 0 1 1
refused none.jpg scan_resolution '"found_dpi":"none"' "R-PF-04: no density"
jfif low.jpg 1 71 71
refused low.jpg scan_resolution '"found_dpi":"71"' "R-PF-04: 71 dpi"
jfif high.jpg 1 101 101
refused high.jpg scan_resolution '"density":"JFIF"' "R-PF-04: 101 dpi"
jfif uneven.jpg 1 100 72
refused uneven.jpg scan_resolution '"found_dpi":"100 x 72"' "R-PF-04: not 1:1"
exif exif.jpg 200 2
refused exif.jpg scan_resolution '"found_dpi":"200"' "R-PF-04: EXIF, when JFIF says nothing"
zhang attach-scan --record="$record" --file=good.jpg --role=review
is "R-DL-23: a review form belongs to a title" "$(field code)" scan_role_not_allowed

# --- what is taken -------------------------------------------------------------------------------
jfif cm.jpg 2 30 30 # 30 dots/cm are 76.2 dpi
for file in good.jpg cm.jpg; do
    zhang attach-scan --record="$record" --file=$file
    is "R-PF-04: $file" "$(field outcome)" accepted
done
exif exif.jpg 72 2
zhang attach-scan --record="$record" --file=exif.jpg --role=letter
is "R-DL-21: a letter for a lost diploma, density from EXIF" "$(field outcome)" accepted
zhang attach-scan --record="$record" --file=good.jpg
is "the same scan is attached once" "$(field code)" scan_attached_already
run show person 310101197102020034 --json
out_has '"width":295,"height":413,"dpi":76' "dots/cm are counted in dpi"
out_has '"role":"letter"' "with its role"

# --- out again -----------------------------------------------------------------------------------
before=$(newest store)
run show person 310101197102020034 --scan="$record.1" --out=back.jpg --unmasked --reason=test $day --json
status_is 0 "a scan is taken out"
cmp -s good.jpg back.jpg
is "... byte by byte" $? 0
is "... for its owner alone" "$(ls -l back.jpg | cut -c1-10)" -rw-------
is "R-PV-07: and logged" "$(newest store)" $((before + 1))
run show person 310101197102020034 --scan="$record" --out=last.jpg --unmasked --reason=test $day
cmp -s exif.jpg last.jpg
is "without a number it is the last one" $? 0
run show person 310101197102020034 --scan="$record.9" --out=no.jpg --unmasked --reason=test $day
status_is 1 "there is no ninth"
run show person 310101197102020034 --scan="$record" --out=no.jpg $day
status_is 64 "not without --unmasked"
run show person 310101197203030055 --scan="$record" --out=no.jpg --unmasked --reason=test $day
status_is 1 "not out of another's file"
[ ! -e no.jpg ]
is "... and no file was made" $? 0
grep -rlaq JFIF store/blobs
is "scans are sealed on disk" $? 1

# --- the sheet to sign ---------------------------------------------------------------------------
run show person 310101197102020034 --sheet --out=sheet.pdf --unmasked --reason=test $day --json
status_is 0 "R-PF-23: the sheet is printed"
head -c 5 sheet.pdf > "$out"
out_has %PDF- "... as a PDF"
is "... for its owner alone" "$(ls -l sheet.pdf | cut -c1-10)" -rw-------
if command -v pdftotext > "$out"; then
    pdftotext -layout sheet.pdf "$out"
    out_has 签名信息采集表 "... with its title"
    out_has 310101197102020034 "... and the number in full"
fi
run show person 310101197102020034 --sheet --out=no.pdf $day
status_is 64 "not without --unmasked"
run show certificate '沪建安B(2019)0000004' --sheet --out=no.pdf --unmasked --reason=test $day
status_is 64 "of a person only"

# --- the signature sheet -------------------------------------------------------------------------
zhang upload-signature --file=low.jpg
is "R-PF-23: not below 100 dpi" "$(field code) $(field rule)" "scan_resolution R-PF-23"
exif sheet.jpg 200 2
zhang upload-signature --file=sheet.jpg
is "R-PF-23: 200 dpi" "$(field outcome)" accepted
signature=$(field record)
jfif again.jpg 1 150 150
zhang upload-signature --file=again.jpg
is "RULES 2.4: a new sheet replaces it" "$(field record)" "$signature"
run show person 310101197102020034 --scan="$signature.2" --out=no.jpg --unmasked --reason=test $day
status_is 1 "... the first is no longer there"
run show person 310101197102020034 --lang=zh
out_lacks 您尚未上传过签名信息采集表。 "R-PF-23: it was uploaded"

# --- signed lines bind their files ---------------------------------------------------------------
run trust issue --code=91310101MATEX0002E --out=jia $day
status_is 0 "a key for an enterprise"
WORKER='"enterprise":"91310101MATEX0002E","person":{"name":"张一","id_type":"身份证","id_number":"310101197102020034"}'
run add-record --json $day --enterprise=91310101MATEX0002E --person-name=张一 --person-id-type=身份证 \
    --person-id-number=310101197102020034 --kind=skill --field=证书名称=砌筑工
skill=$(field record)
digest=$(sha256sum good.jpg | cut -d' ' -f1)
other=$(sha256sum cm.jpg | cut -d' ' -f1)
cat > signed.jsonl <<END
{"id":"s1","action":"attach_scan",$WORKER,"record":"$skill","file":"good.jpg"}
{"id":"s2","action":"attach_scan",$WORKER,"record":"$skill","file":"good.jpg","file_sha256":"$other"}
{"id":"s3","action":"attach_scan",$WORKER,"record":"$skill","file":"good.jpg","file_sha256":"$digest"}
{"id":"s4","action":"attach_scan",$WORKER,"record":"$skill","file":"../good.jpg","file_sha256":"$digest"}
END
openssl cms -sign -binary -outform DER -in signed.jsonl -signer jia/*.pem -inkey jia/*.key -out signed.p7s 2> "$err"
run submit signed.jsonl --signature=signed.p7s $day
is "CONTRACT 4: a signed line carries the digest of its file" \
    "$(sed -n 's/.*"outcome":"\([a-z]*\)","code":"\{0,1\}\([a-z_]*\).*/\1 \2/p' "$out" | tr '\n' ';')" \
    "invalid missing_field;refused scan_differs;accepted null;invalid bad_field;"
out_has '"field":"file_sha256"' "... and is told so"
run audit verify
status_is 0 "the log verifies"
run rebuild --verify
status_is 0 "a rebuild gives the same bytes"
done_testing
