#!/bin/sh
# Registers as .gz and .zip, whole and hostile, and a folder of daily files (decision 0038).
. "$(dirname "$0")/lib.sh"
. "$here/fetch_store.sh"
clerks() { # names
    echo '工号,姓名,部门,部门级别,状态'
    for name; do echo "W$name,壬,乙$name,市,在岗"; done
}
clerks 1 2 3 > c.csv
cat > pack.py <<'END'
"""Archives that are not what they seem to be, beside some that are."""
import gzip, io, struct, zipfile, zlib
csv = open("c.csv", "rb").read()
def zipped(name, entries, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(name, "w", method) as archive:
        for entry, content in entries:
            archive.writestr(entry, content)
def spoilt(source, name, change):
    data = bytearray(open(source, "rb").read())
    change(data)
    open(name, "wb").write(data)
open("one.gz", "wb").write(gzip.compress(csv))
half = len(csv) // 2
open("members.gz", "wb").write(gzip.compress(csv[:half]) + gzip.compress(csv[half:]) + b"\0" * 512)
open("cut.gz", "wb").write(gzip.compress(csv)[:-9])
open("behind.gz", "wb").write(gzip.compress(csv) + b"more")
spoilt("one.gz", "crc.gz", lambda d: d.__setitem__(-5, d[-5] ^ 1))
open("bomb.gz", "wb").write(gzip.compress(b"0" * 3000000))
zipped("one.zip", [("c.csv", csv)])
zipped("stored.zip", [("../../c.csv", csv)], zipfile.ZIP_STORED)
zipped("mac.zip", [("folder/", b""), ("folder/c.csv", csv), ("__MACOSX/folder/._c.csv", b"x"), ("folder/.DS_Store", b"y")])
zipped("two.zip", [("c.csv", csv), ("d.csv", csv)])
zipped("none.zip", [])
zipped("bzip.zip", [("c.csv", csv)], zipfile.ZIP_BZIP2)
zipped("bomb.zip", [("c.csv", b"0" * 3000000)])
with zipfile.ZipFile("big.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    with archive.open("c.csv", "w", force_zip64=True) as file:
        file.write(csv)
def central(d): return d.index(b"PK\1\2")
spoilt("one.zip", "crc.zip", lambda d: d.__setitem__(central(d) + 16, d[central(d) + 16] ^ 1))
spoilt("one.zip", "size.zip", lambda d: d.__setitem__(central(d) + 24, d[central(d) + 24] ^ 1))
spoilt("one.zip", "locked.zip", lambda d: d.__setitem__(central(d) + 8, 1))
spoilt("one.zip", "where.zip", lambda d: d.__setitem__(slice(central(d) + 42, central(d) + 46), struct.pack("<I", 99999)))
spoilt("one.zip", "long.zip", lambda d: d.__setitem__(slice(central(d) + 20, central(d) + 24), struct.pack("<I", 0x7fffffff)))
spoilt("one.zip", "many.zip", lambda d: d.__setitem__(slice(len(d) - 12, len(d) - 10), b"\xfe\xff"))
spoilt("one.zip", "cut.zip", lambda d: d.__delitem__(slice(len(d) - 30, len(d))))
spoilt("bomb.zip", "liar.zip", lambda d: d.__setitem__(slice(central(d) + 24, central(d) + 28), struct.pack("<I", 100)))
END
python3 pack.py
import() { run import clerks "$@" $now --json; }
import one.gz
is "a .gz" "$status $(field accepted)" "0 3"
is "the digest is the register's, however it was packed" "$(field sha256)" "$(sha256sum < c.csv | cut -d' ' -f1)"
for file in members.gz one.zip stored.zip mac.zip big.zip; do
    import $file
    is "$file" "$status $(field unchanged)" "0 3"
done
cp one.zip no-ending
import no-ending
is "what it is says its beginning, not its name" "$status $(field unchanged)" "0 3"
import one.gz --sha256="$(sha256sum < one.gz | cut -d' ' -f1)"
is "a digest is that of the file as it lies there" "$status $(field unchanged)" "0 3"
import one.gz --sha256="$(sha256sum < c.csv | cut -d' ' -f1)"
status_is 65 "another digest"
err_has source_digest "is told"
before=$(newest)
echo 'unpacked_bytes = 1000000' >> s/anzheng.conf
refused() { # file, code
    import "$1"
    status_is 65 "$1"
    err_has "$2" "$1: $2"
    err_has "$1" "$1 is named"
}
for file in cut.gz behind.gz crc.gz none.zip cut.zip crc.zip size.zip where.zip long.zip many.zip liar.zip; do
    case $file in none.zip) code=unpack_several ;; *) code=unpack_damaged ;; esac
    case $file in liar.zip) code=unpack_too_large ;; esac
    refused $file $code
done
refused two.zip unpack_several
refused bzip.zip unpack_method
refused locked.zip unpack_encrypted
refused bomb.gz unpack_too_large
refused bomb.zip unpack_too_large
is "nothing of all that is in the log" "$(newest)" "$before"
is "and nothing is left" "$(find s/incoming -type f | wc -l)" 0
is "no archive's path was used" "$(find . -name 'c.csv' | wc -l)" 1

# --- a folder of daily files -----------------------------------------------------------------------
import s
status_is 66 "a folder by itself is no register"
mkdir in
import in --daily
is "an empty folder" "$status" 0
clerks 1 2 4 > in/2026-06-01.csv
clerks 1 2 5 | sed 's/W1,壬/W1,癸/' | gzip > in/2026-06-02.csv.gz
cp one.zip in/.hidden.zip
echo x > in/notes.doc
import in --daily
is "each in turn, in the order of their names" "$status $(sed -n 's/.*"file":"\([^"]*\)".*"accepted":\([0-9]*\),"unchanged":\([0-9]*\).*/\1 \2 \3/p' "$out" | tr '\n' ';')" \
    "0 in/2026-06-01.csv 1 2;in/2026-06-02.csv.gz 2 1;"
before=$(newest)
import in --daily
is "what was imported is not imported again: an older day would win" "$status $(wc -c < "$out") $(newest)" "0 0 $before"
touch in/2026-06-01.csv
import in --daily
is "whatever its date is" "$status $(newest)" "0 $before"
gzip -dc < in/2026-06-02.csv.gz | sed 's/W1,癸/W1,壬/' | cat - > in/2026-06-02b.csv
cp in/2026-06-02.csv.gz in/2026-06-02c.csv.gz
import in --daily
is "the same content on a later day is that day's: A, B, A is three changes" "$(field accepted | tr '\n' ' ')" "1 1 "
before=$(newest)
clerks 6 > in/2026-06-03.csv
printf '工号,姓名\n"offen' > in/2026-06-04.csv
clerks 7 > in/2026-06-05.csv
import in --daily
is "a bad file keeps none of the others back" "$status $(grep -c '"accepted":1' "$out")" "65 2"
err_has 2026-06-04.csv "it is named"
import in --daily
is "and is tried again" "$status $(wc -c < "$out")" "65 0"
rm in/2026-06-04.csv
ln -s nowhere in/2026-06-04.csv
clerks 9 > in/2026-06-05b.csv
import in --daily
is "nor does one that is not there" "$status $(grep -c '"accepted":1' "$out")" "66 1"
rm in/2026-06-04.csv
clerks 8 > in/2026-06-04.csv
printf '工号,姓名,部门,部门级别,状态\nX1,,乙,市,在岗\n' > in/2026-06-06.csv
printf '工号,姓名,部门,部门级别,状态\nX2,,乙,市,在岗\n' > in/2026-06-07.csv
import in --daily --dry-run
is "a dry run judges them" "$status $(grep -c rows "$out") $(newest)" "1 3 $((before + 6))"
import in --daily --rejects=bad.csv
is "refused rows" "$status $(grep -c rows "$out")" "1 3"
is "each file has its own work list" "$(cut -d, -f1 bad.csv bad-2.csv bad-3.csv 2> "$err" | grep X | tr '\n' ' ')" "X1 X2 "
run import national in --daily --full $now
status_is 64 "a whole register is one file"
run import clerks in --daily --sha256=x $now
status_is 64 "a digest of many files"
run backup copy
run restore copy --store=t --json
run import clerks in --daily --store=t $now --json
is "a restored store knows what was imported" "$status $(wc -c < "$out")" "0 0"
run audit verify
status_is 0 "the log verifies after all that"
done_testing
