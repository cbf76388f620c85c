#!/bin/sh
# Page descriptions: checked, set by a decision, shown as at an event; a changed one draws exactly the
# documents of its kind anew, and back to the same bytes. The code is read from a bad photograph.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
root=$(cd "$here/../.." && pwd)
landscape=$root/docs/templates/certificate-landscape.page
make_town store
is "the town is made" "$?" 0
export ANZHENG_STORE=store
night() { run regenerate "--now=2026-05-0$1T20:00:00+08:00" --json; }
night 5
run submit end.jsonl --now=2026-05-05T21:00:00+08:00
status_is 0 "some are cancelled, some depart"
proofs=$(find store/proofs -name '*.pdf' | wc -l)
certificates=$(find store/certificates -name '*.pdf' | wc -l)
is "certificates and proofs were drawn" "$([ "$proofs" -gt 0 ] && [ "$certificates" -gt 5 ] && echo yes)" yes

# --- check ----------------------------------------------------------------------------------------
for page in "$landscape" "$root"/projections/templates/*.page; do
    run template check "$page" --out=specimen.pdf --json
    status_is 0 "$(basename "$page") is sound"
    is "nothing in it overflows" "$(field warnings)" 0
    is "its specimen opens" "$(pdftotext specimen.pdf - 2>&1 | grep -c 上海示范建筑工程有限公司)" 1
done
sed 's/{enterprise.name}" x=84 y=110 width=130/{enterprise.name}" x=84 y=110 width=30/' "$landscape" > narrow.page
run template check narrow.page
status_is 1 "what nobody could read is told"
err_has "more width" "with what to do"
sed 's/{enterprise.name}" x=84 y=110 width=130 lines=2/{enterprise.name}" x=84 y=110/' "$landscape" > wide.page
run template check wide.page
err_has "runs off the paper" "and what runs off the paper"
sed '/^part end/,/^part every/s/y=52.8/y=230/' "$root/projections/templates/departure_proof.page" > low.page
run template check low.page
status_is 1 "what stands below the paper is told"
err_has "“日期 2025年12月28日” runs off the paper" "with the text"
sed 's/^paper a4/&\nqr x=20 y=240 width=30 height=30/' "$root/projections/templates/cancellation_proof.page" > code.page
run template check code.page
status_is 65 "a proof has no code"
err_has "must show -photo, -qr" "with what to remove"
printf 'text "\331\205" x=50 y=50 size=14pt\n' | cat "$landscape" - > arabic.page
run template check arabic.page
status_is 1 "what no font has is told"
err_has U+0645 "with its code point"
sed 's/x=84 y=80 width=130/x=84 y=80 widht=130/' "$landscape" > bad.page
run template check bad.page --out=none.pdf
status_is 65 "a wrong word is refused"
err_has "bad.page, line $(grep -n widht bad.page | cut -d: -f1):" "with file and line"
is "and draws nothing" "$(ls none.pdf 2> /dev/null)" ""
run template check bad.page --lang=zh
err_has "第 $(grep -n widht bad.page | cut -d: -f1) 行" "in Chinese too"
printf 'anzheng-page 1\nkind certificate\n\377\n' > latin.page
run template check latin.page
status_is 65 "what is not UTF-8 is refused"
run template check absent.page
status_is 66 "as is what is not there"
head -c 70000 /dev/zero | tr '\0' '#' > long.page
run template check long.page
is "and what is too long" "$([ "$status" -ne 0 ] && echo refused)" refused

# --- set ------------------------------------------------------------------------------------------
before=$(newest store)
run template set certificate "$landscape" --now=2026-05-06T09:00:00+08:00
status_is 64 "a page needs a decision"
run template set departure_proof "$landscape" --decision=示版1 --now=2026-05-06T09:00:00+08:00
status_is 65 "of the right kind"
run template set diploma "$landscape" --decision=示版1 --now=2026-05-06T09:00:00+08:00
status_is 64 "that there is"
run template set certificate bad.page --decision=示版1 --now=2026-05-06T09:00:00+08:00
status_is 65 "and sound"
is "none of them is an event" "$(newest store)" "$before"
run template set certificate "$landscape" --decision=示版1 --now=2026-05-06T09:00:00+08:00 --json
status_is 0 "then it is set"
set_by=$(field event)
is "by an event" "$set_by" $((before + 1))
run template set certificate "$landscape" --decision=示版2 --now=2026-05-06T09:00:00+08:00
is "the same again writes nothing" "$status $(newest store)" "0 $set_by"
run template set certificate "$landscape" --decision=示版2 --now=2026-05-06T09:00:00+08:00 --json
is "and answers with what holds" "$status $(field kind) $(field sha256) $(field decision) $(field event)" \
    "0 certificate $(sha256sum < "$landscape" | cut -d' ' -f1) 示版1 $set_by"
run template set departure_proof "$root/projections/templates/departure_proof.page" --decision=示版1 --now=2026-05-06T09:00:00+08:00 --json
is "of the program's own page by no event" "$status $(field kind) $(field event)" "0 departure_proof 0"
run template list --json
out_has "\"event\":$set_by,\"set_on\":\"2026-05-06\",\"decision\":\"示版1\"" "the list tells event, day and decision"
is "one holds of each kind" "$(grep -c '"holds":true' "$out")" 3
run template show certificate --out=now.page
is "what holds is what was set" "$(cmp now.page "$landscape" && echo same)" same
run template show certificate --until="$before"
is "before, it was the program's own" "$(cmp "$out" "$root/projections/templates/certificate.page" && echo same)" same
run template show diploma
status_is 64 "of a kind that there is"

# --- exactly what it affects ----------------------------------------------------------------------
run audit compare --json
status_is 0 "what was drawn before compares with the page of its day"
C='沪建安A(2026)0000001'
old=$(certificate_file store "$C")
run regenerate --dry-run --now=2026-05-06T20:00:00+08:00 --json
wanted=$(field wanted)
night 6
is "all certificates are drawn anew, no proof" "$(field rendered)" "$certificates"
is "as the dry run said, which counts what failed too" "$wanted" "$(($(field rendered) + $(field failed)))"
is "no proof was" "$(find store/proofs -name '*.pdf' | wc -l)" "$proofs"
new=$(certificate_file store "$C")
is "they are landscape" "$(pdfinfo "$new" | sed -n 's/Page size: *//p')" "841.89 x 595.276 pts (A4)"
is "and bilingual" "$(pdftotext "$new" - | grep -c 'Scan to verify')" 1
night 6
is "a second run has nothing to draw" "$(field rendered)" 0
run audit compare --json
status_is 0 "what was drawn compares"

# --- and back -------------------------------------------------------------------------------------
run template show certificate --until="$before" --out=own.page
run template set certificate own.page --decision=示版3 --now=2026-05-07T09:00:00+08:00 --json
status_is 0 "the page is taken back"
night 7
is "all certificates again" "$(field rendered)" "$certificates"
is "to the very file of before" "$(certificate_file store "$C")" "$old"
run rebuild --verify --json
status_is 0 "views and log agree"
run template list --json
is "every page that ever held is listed" "$(grep -c '"kind":"certificate"' "$out")" 3

# --- the code, as telephones see it ---------------------------------------------------------------
# The part of the page with the code, in millimetres, at 150 and 300 dots an inch.
photograph() { # file, x, y, side, what
    for dots in $(smaller "150 300" 150); do # the programs that read are not sanitized
        pdftoppm -r $dots -gray -x $(($2 * dots * 10 / 254)) -y $(($3 * dots * 10 / 254)) \
            -W $(($4 * dots * 10 / 254)) -H $(($4 * dots * 10 / 254)) "$1" seen
        clear=$(zbarimg -q --raw seen-1.pgm 2> "$err")
        is "$5: read at $dots dpi" "$(echo "$clear" | grep -c '^https://anzheng.example/verify')" 1
        for degrees in $(smaller "4 -9 17" 17); do
            python3 "$here/../support/photographed.py" seen-1.pgm photo.pgm $degrees $((dots / 100)) 25
            is "$5: and turned by $degrees degrees, noisy, blurred" \
                "$(zbarimg -q --raw photo.pgm 2> "$err")" "$clear"
        done
    done
}
if command -v zbarimg > "$out"; then
    photograph "$old" 20 206 50 "the certificate"
    photograph "$new" 16 154 44 "the other page"
    printf 'P5\n40 40\n255\n' > blank.pgm && head -c 1600 /dev/zero >> blank.pgm
    is "a blank picture has no code" "$(zbarimg -q --raw blank.pgm 2> "$err")" ""
else
    report 0 "the code is read # SKIP zbarimg is not installed"
fi
done_testing
