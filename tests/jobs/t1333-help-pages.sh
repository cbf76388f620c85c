#!/bin/sh
# Help as it is read: every verb shows an example, and the example is run; on a terminal no line is
# longer than it, in Chinese neither; what an import takes, and what a mistyped verb was.
. "$(dirname "$0")/lib.sh"
. "$here/town.sh"
mkdir there && cd there || exit 1 # the folder in which each example is run, copied for it
make_town store
today=--today=2026-05-06

# What the examples name.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout other.key -out other.pem \
    -days 3650 -subj "/C=CN/CN=示范根证书" 2> "$err"
cp store/trust/root.pem store/trust/log.vkey .
cp photos/01.jpg scan.jpg && cp photos/01.jpg sheet.jpg
printf '%%PDF-1.4\n%%%%EOF\n' > proof.pdf
head -1 end.jsonl > wishes.jsonl
echo '{"id":"n1","action":"extend_by_notice","clerk":"SH1","notice":"示通1","selection":{"category":"C1"},"value":"2029-12-31"}' > notice.json
printf 'checkpoint\nexpire\n' > night.list
printf '统一社会信用代码,新企业名称\n%s,上海甲示范建设有限公司\n' "$E1" > renames.csv
"$ANZHENG" trust issue --code="$E1" --out=mine --store=store $today --json > "$out"
openssl cms -sign -binary -in wishes.jsonl -signer "mine/$E1.pem" -inkey "mine/$E1.key" -outform DER -out wishes.p7s
"$ANZHENG" regenerate --store=store $today --json > "$out"
"$ANZHENG" checkpoint --store=store --json > "$out"
cp store/checkpoints/latest mine/checkpoint
run template show certificate --out=certificate.page --store=store
status_is 0 "a page description"
run audit prove '沪建安B(2019)0000004' --out=proofs --store=store
status_is 0 "proofs"
run download '沪建安B(2019)0000004' --enterprise="$E1" --out=certificate.pdf --store=store $today
status_is 0 "a document"
run audit export --tiles=public/log --store=store
run audit witness --init --state=witness --name=witness.example/w
status_is 0 "a witness"
cd .. || exit 1

run help --json
sed -n 's/.*"verb":"\([^"]*\)".*/\1/p' "$out" > verbs
is "there are more than 70 verbs" "$([ "$(wc -l < verbs)" -gt 70 ] && echo yes)" yes
mkdir examples
while read -r verb; do
    # shellcheck disable=SC2086 # a verb may have two words
    run help $verb
    sed -n '/^example:$/{n;s/^  //p}' "$out" > "examples/$verb"
    [ -s "examples/$verb" ] || echo "$verb"
done < verbs > without
is "each has an example" "$(cat without)" ""

# What a clerk or an enterprise wishes is well formed, whatever the rules say of it; the rest is done.
try() { # verb, further options
    { printf 'anzheng() { "%s" "$@"; }\n' "$ANZHENG" && printf '%s %s\n' "$(cat "examples/$1")" "$2"; } > typed
    status=0
    (cd here && ANZHENG_STORE=store sh ../typed) > "$out" 2> "$err" < /dev/null || status=$?
}
ready() { # verb: the folder as its example wants it
    rm -rf here && cp -a there here
    case $1 in
        init) rm -r here/store ;;
        sample) sed -i 's/--persons=[0-9]* --enterprises=[0-9]*/--persons=20 --enterprises=2/' examples/sample ;;
        download) rm here/certificate.pdf ;;
        audit\ prove) rm -r here/proofs ;;
        audit\ export) rm -r here/public ;;
        template\ show) rm here/certificate.page ;;
        trust\ add) cp here/other.pem here/root.pem ;;
        notice\ run) "$ANZHENG" notice plan here/notice.json --out=here/plan.csv --store=here/store --json > "$out" ;;
        restore) "$ANZHENG" backup here/backup --store=here/store --json > "$out" ;;
    esac
}
sed -n '/^exchange$/,/^close-application$/p' verbs > actions
is "of which these are wishes" "$([ "$(wc -l < actions)" -gt 30 ] && echo yes)" yes
ready exchange
while read -r verb; do
    try "$verb" "--dry-run --json $today"
    [ "$status" -le 1 ] && grep -q '"outcome":"\(accepted\|refused\)"' "$out" || echo "$verb $(cat "$out" "$err")"
done < actions > wrong
is "the example of a wish is well formed" "$(cat wrong)" ""
grep -vxFf actions verbs | grep -vxF status > others
while read -r verb; do
    ready "$verb"
    try "$verb" "$today"
    [ "$status" -eq 0 ] || echo "$verb $status $(cat "$err")"
done < others > wrong
is "the example of any other verb does it" "$(cat wrong)" ""
ready status
try status "$today"
is "that of status finds what cannot be drawn" "$status" 1

# On a terminal nothing is longer than it is wide but single words; in a pipe a text is one line.
cat > pages.sh <<END
for columns in $(smaller "60 80 200" 60); do
    stty cols \$columns
    for language in zh en; do
        for verb in "" import list "audit history" verify-record "export national"; do
            echo "== \$columns help \$verb in \$columns columns, \$language"
            "$ANZHENG" help \$verb --lang=\$language
        done
    done
done
END
script -qec "sh pages.sh" /dev/null < /dev/null > pages
python3 - > widths <<'PY' # the widest of the lines of each page that could have been broken
import unicodedata
wide = lambda text: sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
for page in open("pages", encoding="utf-8").read().split("== ")[1:]:
    title, *lines = [line.rstrip() for line in page.split("\n")]
    print(max(wide(line) for line in lines if not line.lstrip().startswith(("anzheng ", "usage", "用法"))), title)
PY
while read -r widest columns page; do
    is "$page" "$([ "$widest" -le "$columns" ] && echo fits)" fits
done < widths
is "all pages are there" "$(grep -c . widths)" "$(smaller 36 12)"
is "in a pipe a text is one line" "$("$ANZHENG" help list | grep -c 'list certificates.*departures$')" 1

# What an import takes, what was meant.
run help import --lang=zh
out_has "统一社会信用代码/社会信用代码*" "an import's columns, their other names, and which must be there"
is "of every register" "$(grep -c '^  [a-z]* .*证件\|^  [a-z]* .*工号' "$out")" 9
run help add-record
out_has "work                            工作单位*, 开始时间*" "what a record of each kind says, and what it must say"
is "of every kind" "$(sed -n '/^kinds of records/,/^$/p' "$out" | grep -c '^  [a-z]')" 7
run help polcy
err_has "“policy”" "the first word of a verb is found when it is mistyped"
run temlate list
err_has "“template”" "also as a verb"
run hepl
err_has "“help”" "and one of one word"
run list certificates --today=2026-02-30
err_has "“2026-02-30” is not a day of the calendar, as YYYY-MM-DD" "a day that does not exist"
run list certificates --today=2026-02-30 --lang=zh
err_has "不是有效日期" "in Chinese"
run help download
out_has "--proof=cancellation|departure  a proof instead of the certificate" "an option is told as this verb takes it"
run help audit check
out_has "--proof=FILE" "and as another one does"
done_testing
