#!/bin/sh
# t1111-names - names as they are written: variation sequences, middle dots, accents, hyphens, 50
# characters, enterprises of 120, characters of extension G that a font has and that no font has;
# nothing is cut and nothing overlaps, and texts are extracted behind their labels (R-QD-05, R-QD-10).
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"

write_town
SEQUENCE=$(printf '葛\363\240\204\200城')     # U+845B U+E0100
STANDARD=$(printf '神\357\270\200乐')         # U+795E U+FE00
UNKNOWN=$(printf '张\363\240\207\257三')      # a selector that no font knows
LONE=$(printf '\363\240\204\200李四')         # a selector that selects nothing
G_DRAWN=$(printf '丁\360\260\200\200')         # U+30000
G_LACKING=$(printf '丁\360\260\201\201')       # U+30041
DOTTED=迪丽热巴·阿不都热西提·麦麦提·吐尔逊江·艾力
TWINS=產産
COMPATIBLE=$(printf '\357\250\216\357\250\244') # U+FA0E U+FA24
ACCENTS=$(printf 'Jose\314\201 Marti\314\201')  # letters and marks, as a telephone may write them
MARKED=$(printf 'O\314\243\314\200la\314\200 Ayo\314\243\314\200') # two of its marks make no character with their letter
WORDS='Александр Сергеевич Пушкин'
LONGER=上海示范装饰工程技术$LONG_ENTERPRISE$LONG_ENTERPRISE$LONG_ENTERPRISE
LONGER=$(printf %s "$LONGER" | head -c 360)
is "an enterprise of 120 characters" "$(printf %s "$LONGER" | iconv -f UTF-8 -t UTF-16LE | wc -c)" 240

# Two lines of three quarters of the size, which stand nearest to their label's baseline.
SMALLER=$(printf %s "$LONG_ENTERPRISE$LONG_ENTERPRISE" | head -c 174)
FORTY=${LONG_NAME%提敏·喀迪尔江巴依}
HYPHENS='JOSÉ MARÍA DE LOS SANTOS-FERNÁNDEZ Y ORTEGA LOPEZ'

sed -i "s/^\($E3,\)[^,]*/\1$LONGER/; s/^\($E2,\)[^,]*/\1$SMALLER/" enterprises.csv
head -1 identities.csv > names.csv
head -1 paper.csv > papers.csv
: > wishes.jsonl
n=0
for name in "$SEQUENCE" "$STANDARD" "$UNKNOWN" "$LONE" "$G_DRAWN" "$G_LACKING" "$DOTTED" "$TWINS" "$COMPATIBLE" "$LONG_NAME" \
    "$ACCENTS" "$WORDS" "$FORTY" "$HYPHENS" 王二 "$MARKED"; do
    n=$((n + 1))
    code=$E3 enterprise=$LONGER
    [ "$name" != 王二 ] || code=$E2 enterprise=$SMALLER
    printf '%s,女,汉,1980-01-01,,外国护照,N%07d,,,,photos/%02d.jpg,示范区1号窗,2026-05-01,人工,无\n' "$name" $n $((n % 9 + 1)) >> names.csv
    printf '沪建安B(2020)%07d,B,%s,外国护照,N%07d,%s,%s,,2020-01-05,2025-01-05,2028-01-04,有效\n' $n "$name" $n "$code" "$enterprise" >> papers.csv
    printf '{"id":"n%d","action":"exchange","enterprise":"%s","certificate":"沪建安B(2020)%07d","confirmed":true}\n' $n "$code" $n >> wishes.jsonl
done
mv names.csv identities.csv
mv papers.csv paper.csv
mv wishes.jsonl exchange.jsonl
make_town s
is "registers and exchanges are taken" "$?" 0

run regenerate --store=s --now=2026-05-05T20:00:00+08:00 --json
status_is 1 "names that no font has fail their documents"
is "and only theirs" "$(field rendered) $(field failed)" "14 2"
err_has U+E0100 "the selector that selects nothing is named"
err_has U+30041 "the character of extension G that no font has is named"

# The words of a page with their boxes; a word is a box and its text.
boxes() {
    pdftotext -bbox "$1" page.html 2> "$err"
    sed -n 's/.*<word xMin="\([0-9.]*\)" yMin="\([0-9.]*\)" xMax="\([0-9.]*\)" yMax="\([0-9.]*\)">\(.*\)<\/word>.*/\1 \2 \3 \4 \5/p' page.html
}

# What lies over something else, but for the seal, which lies over the issuer's lines. A box has the
# height of the font's ascent and descent: a quarter of it is air.
overlaps() {
    awk '/专用章/ { next }
    { n++; x[n] = $1; X[n] = $3; h = ($4 - $2) / 8; y[n] = $2 + h; Y[n] = $4 - h; t[n] = $5 }
    END {
        for (i = 1; i <= n; i++) {
            if (x[i] < 28 || X[i] > 567 || y[i] < 28 || Y[i] > 814) print "outside", t[i]
            for (k = 1; k < i; k++)
                if (x[i] < X[k] - 0.1 && x[k] < X[i] - 0.1 && y[i] < Y[k] && y[k] < Y[i]) print t[k], t[i]
        }
    }'
}

check_name() { # number, name, what
    path=$(certificate_file s "沪建安B(2020)000000$1")
    pdftotext "$path" - 2> "$err" | tr -d ' \n\f\r' > "$out"
    out_has "姓名：$2" "$3: extracted behind its label"
    out_has "企业名称：$LONGER" "$3: the enterprise whole"
    boxes "$path" > words
    is "$3: nothing overlaps or leaves the sheet" "$(overlaps < words)" ""
}
check_name 1 "$SEQUENCE" "a variation sequence"
check_name 2 "$STANDARD" "a standardised variant"
check_name 3 "$UNKNOWN" "a sequence that no font knows"
check_name 5 "$G_DRAWN" "extension G"
check_name 7 "$DOTTED" "middle dots"
check_name 8 "$TWINS" "two that look much alike"
check_name 9 "$COMPATIBLE" "compatibility ideographs"
path=$(certificate_file s '沪建安B(2020)0000010')
pdftotext "$path" - 2> "$err" | tr -d ' \n\f\r' > "$out"
out_has "姓名：$LONG_NAME" "50 characters: whole"
boxes "$path" > words
is "50 characters: nothing overlaps" "$(overlaps < words)" ""
path=$(certificate_file s '沪建安B(2020)0000011')
pdftotext "$path" - > "$out" 2> "$err"
out_has "$(printf 'Jos\303\251 Mart\303\255')" "accents: each is one with its letter"
path=$(certificate_file s '沪建安B(2020)0000016')
pdftotext "$path" - > "$out" 2> "$err"
out_has "$(printf '\341\273\214\314\200l\303\240 Ay\341\273\215\314\200')" "marks that make no character: extracted behind their letters"
# Ten dots a millimetre; the name begins at 68 mm, and its first letter with a mark.
ink() { # file, x, y, width, height: how many dots of it are not white
    pdftoppm -gray -r 254 -x "$2" -y "$3" -W "$4" -H "$5" "$1" 2> "$err" | tail -c $(($4 * $5)) | LC_ALL=C tr -d '\377' | wc -c
}
is "nothing hangs out before the name" "$(ink "$path" 662 1005 16 70)" 0
is "and there is ink where the mark is looked for" "$([ "$(ink "$path" 680 1005 25 20)" -gt 10 ] && echo yes)" yes
path=$(certificate_file s '沪建安B(2020)0000012')
pdftotext "$path" - 2> "$err" | tr -d ' ' > "$out"
is "words: whole, in two lines" "$(grep -c -e '^Александр$' -e '^СергеевичПушкин$' "$out")" 2
for n in 13 14 15; do
    pdftotext "$(certificate_file s "沪建安B(2020)00000$n")" - 2> "$err" | tr -d ' \n\f\r' > read.$n
done
is "40 characters: behind their label" "$(grep -c "姓名：${FORTY}性别：" read.13)" 1
is "hyphens: whole" "$(grep -c "姓名：$(printf %s "$HYPHENS" | tr -d ' ')性别：" read.14)" 1
is "an enterprise of 58 characters: behind its label" "$(grep -c "企业名称：${SMALLER}职务：" read.15)" 1
# The negative twin of the measure: a word moved onto another is found.
head -1 words | sed 's/ [^ ]*$/ 移动/' >> words
is "what overlaps is found" "$(overlaps < words | wc -l)" 1
done_testing
