#!/bin/sh
# The report in a browser: it loads without a word on the console, is drawn, and prints to PDF.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"

browser=$(command -v chromium || command -v chromium-browser || true)
if [ -z "$browser" ]; then
    report 0 "the report in a browser # SKIP chromium is not installed"
    done_testing
    exit
fi

# Nothing of the machine's: a profile of its own, no name is resolved, no sandbox (it may be root).
browse() {
    timeout 120 "$browser" --headless=new --no-sandbox --disable-gpu --no-first-run \
        --disable-dev-shm-usage --disable-background-networking --disable-component-update \
        --host-resolver-rules='MAP * ~NOTFOUND' --user-data-dir="$work/profile" \
        --enable-logging=stderr "$@" > "$out" 2> "$err"
}

make_town store
"$ANZHENG" regenerate --store=store --now=2026-05-06T10:00:00+08:00 --workers=1 --quiet --json > "$out"
run report --store=store --now=2026-05-06T12:00:00+08:00 --out="$work/report.html"
status_is 0 "a report"

if ! browse --dump-dom about:blank; then
    report 0 "the report in a browser # SKIP chromium does not start here"
    done_testing
    exit
fi
browse --dump-dom "file://$work/report.html"
is "it loads" "$?" 0
grep -c 'CONSOLE' "$err" > console
is "without a word on the console" "$(cat console)" 0
out_has '<svg role="img"' "its drawings are there"
echo '<!DOCTYPE html><title>x</title><script>console.error("seen")</script>' > loud.html
browse --dump-dom "file://$work/loud.html"
grep -q CONSOLE "$err"
is "(a page with an error would be noticed)" "$?" 0

browse --window-size=1280,3000 --screenshot="$work/desk.png" "file://$work/report.html"
browse --window-size=390,3000 --screenshot="$work/phone.png" "file://$work/report.html"
[ "$(wc -c < desk.png)" -gt 20000 ] && [ "$(wc -c < phone.png)" -gt 10000 ]
is "it is drawn, wide and narrow" "$?" 0

# What a page measures of itself, by a script that the report has not.
measured() { # width
    { sed 's/<meta http-equiv="Content-Security-Policy"[^>]*>//' report.html
        echo '<script>document.title = "cut " + [...document.querySelectorAll(".chart")].filter(c => c.scrollWidth > c.clientWidth).length +'
        echo '" of " + document.querySelectorAll(".chart").length + ", lines " + [...document.querySelectorAll(".chart text")].filter(t =>'
        echo 'getComputedStyle(t).display != "none").map(t => t.getBoundingClientRect()).filter((a, i, all) => all.some((b, j) => j > i &&'
        echo 'a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3)).length</script>'; } > measured.html
    browse --window-size="$1,3000" --dump-dom "file://$work/measured.html"
    sed -n 's|.*<title>\(cut [^<]*\)</title>.*|\1|p' "$out" | sed 's/of [1-9][0-9]*/of some/'
}
is "no drawing is cut on a desk, and no words of it lie over others" "$(measured 1280)" "cut 0 of some, lines 0"
is "nor on a phone" "$(measured 390)" "cut 0 of some, lines 0"

browse --no-pdf-header-footer --print-to-pdf="$work/report.pdf" "file://$work/report.html"
is "it prints" "$(head -c 5 report.pdf)" %PDF-
if command -v pdfinfo > "$out" && command -v pdftotext > "$out"; then
    is "on A4" "$(pdfinfo report.pdf | grep -c 'Page size: .*A4')" 1
    [ "$(pdfinfo report.pdf | sed -n 's/^Pages: *//p')" -le 10 ]
    is "on a few pages" "$?" 0
    pdftotext -layout report.pdf report.txt
    grep -q '夜间报告' report.txt && grep -q 'Nightly report' report.txt
    is "in both languages" "$?" 0
    is "with numbers of pages" "$(grep -c "^ *[0-9]* */ *$(pdfinfo report.pdf | sed -n 's/^Pages: *//p')\$" report.txt)" \
        "$(pdfinfo report.pdf | sed -n 's/^Pages: *//p')"
else
    report 0 "pages and text of the print # SKIP poppler-utils is not installed"
fi
done_testing
