#!/bin/sh
# t0600-bad-input - input that is wrong as a whole: the exit status of CONTRACT 1, a message in both
# languages that names the place and what to do, and nothing else changed. Row errors: only the good
# rows are taken. Registers come from files, file: URLs and a server on loopback.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"

make_town s
is "the town is made" "$?" 0
export ANZHENG_STORE="$work/s"
now=--now=2026-06-01T09:00:00+08:00
header='工号,姓名,部门,部门级别,状态'

# Nothing of it: the status, the code, a text in the English message and one in the Chinese.
whole() { # what, status, code, English, Chinese, verb and arguments...
    what=$1 wanted=$2 code=$3 english=$4 chinese=$5
    shift 5
    before=$(newest s)
    run "$@" $now
    if [ "$status" -eq "$wanted" ] && grep -qF "[$code]" "$err" && grep -qF -- "$english" "$err"; then
        run "$@" $now --lang=zh
        grep -qF -- "$chinese" "$err" && [ "$(newest s)" = "$before" ]
        report $? "$what: $wanted $code"
    else
        report 1 "$what: $wanted $code"
        echo "#   ended with $status"
        diagnose
    fi
}

# Rows of which some are good: which are taken, and what the rejects file says of the others.
rows() { # what, kind, file, accepted, rejected, texts in the rejects file...
    what=$1 kind=$2 file=$3 accepted=$4 rejected=$5
    shift 5
    rm -f rejects.csv
    run import "$kind" "$file" $now --json --rejects=rejects.csv
    wanted=1
    [ "$rejected" -eq 0 ] && wanted=0
    is "$what: taken and not" "$status $(field accepted) $(field rejected)" "$wanted $accepted $rejected"
    for text in "$@"; do
        has rejects.csv "$text" "$what: $text"
    done
}

# --- registers, as a whole ------------------------------------------------------------------------
: > empty.csv
printf '\n\n' > blank.csv
printf '工号,部门,部门级别\nA,B,市\n' > missing.csv
printf '%s\nK1,"甲,乙,市,在岗\n' "$header" > open.csv
printf '%s\nK1,甲,乙,市,在岗\nK2,"丙"x,乙,市,在岗\n' "$header" > broken.csv
printf '%s\nK1,甲\000,乙,市,在岗\n' "$header" > nul.csv
printf '工号,姓名,部门,部门级别,姓名\nK1,甲,乙,市,在岗\n' > twice.csv
mkdir folder.csv
mkfifo pipe.csv
whole "an empty file" 65 csv_empty empty.csv 表头 import clerks empty.csv
whole "blank lines only" 65 csv_empty blank.csv 表头 import clerks blank.csv
whole "a column is missing" 65 column_missing 'missing.csv has no column 姓名' '缺少列“姓名”' import clerks missing.csv
whole "a column twice" 65 column_twice twice.csv 删除其中一列 import clerks twice.csv
whole "a quote that is not closed" 65 csv_quoting 'open.csv: the quotes are broken in row 2' 引号 import clerks open.csv
whole "text behind a quote" 65 csv_quoting 'broken.csv: the quotes are broken in row 3' '第 3 行' import clerks broken.csv
whole "a NUL byte" 65 csv_nul 'nul.csv: row 2' NUL import clerks nul.csv
whole "a picture" 65 csv_header_unknown 01.jpg 表头 import clerks photos/01.jpg
whole "the register of something else" 65 column_missing identities.csv 缺少列 import clerks identities.csv
whole "a header in an encoding that was not said" 65 csv_header_unknown clerks.csv 表头 import clerks clerks.csv --encoding=utf-16le
whole "an encoding that does not exist" 64 encoding_unknown klingon klingon import clerks clerks.csv --encoding=klingon
whole "a register that does not exist" 64 import_kind_unknown colours 名册 import colours clerks.csv
whole "no such file" 66 file_not_readable none.csv 不存在 import clerks none.csv
whole "a folder" 66 file_not_readable 'folder.csv: it is a directory' 是目录 import clerks folder.csv
whole "a pipe" 66 file_not_readable pipe.csv 不是普通文件 import clerks pipe.csv
if [ "$(id -u)" -eq 0 ]; then
    report 0 "a file that may not be read # SKIP root may read everything"
else
    cp clerks.csv secret.csv
    chmod 000 secret.csv
    whole "a file that may not be read" 66 file_not_readable secret.csv 没有权限 import clerks secret.csv
fi
cp clerks.csv same.csv
whole "rejects into the input" 64 rejects_is_input same.csv 请另行指定 import clerks same.csv --rejects=same.csv
ln -s same.csv 'same too.csv'
whole "rejects into the input, named as a URL" 64 rejects_is_input 'same too.csv' 请另行指定 \
    import clerks "FILE://$work/same%20too.csv" --rejects='same too.csv'
cp clerks.csv same-2.csv
whole "rejects of the second into the second" 64 rejects_is_input same-2.csv 请另行指定 \
    import clerks https://127.0.0.1:1/none.csv same-2.csv --rejects=same.csv
cmp -s clerks.csv same.csv
report $? "which stays as it was"
printf '%s\nK1,甲,乙,省,在岗\n' "$header" > level.csv
whole "rejects into no folder" 73 file_not_created none/x.csv 无法创建 import clerks level.csv --rejects=none/x.csv
mkfifo pipe
cat pipe > through.csv &
run import clerks level.csv $now --rejects=pipe
wait
is "rejects into a pipe, which stays one" "$status $(find pipe -type p)" "1 pipe"
has through.csv bad_code "and get there"
echo old > rejects.csv
run import clerks open.csv $now --rejects=rejects.csv
is "a file that is not taken leaves the old rejects alone" "$status $(cat rejects.csv)" "65 old"
before=$(newest s)
run import clerks clerks.csv open.csv $now
is "the second of two files is malformed" "$status $(newest s)" "65 $before"

# --- registers, row by row ------------------------------------------------------------------------
printf '%s\nK1,甲\377\376,乙,市,在岗\nK2,丁,乙,市,在岗\n' "$header" > bytes.csv
rows "bytes that are no text" clerks bytes.csv 1 1 ,2,bad_encoding
{ echo "$header"; printf 'K3,'; head -c 1100000 /dev/zero | tr '\0' a; printf ',乙,市,在岗\nK4,戊,乙,市,在岗\n'; } > line.csv
rows "a line of more than 1 MiB" clerks line.csv 1 1 too_large
{ echo "$header"; printf 'K5,'; head -c 70000 /dev/zero | tr '\0' a; printf ',乙,市,在岗\nK6,己,乙,市,在岗\n'; } > cell.csv
rows "a cell of more than 64 KiB" clerks cell.csv 1 1 too_large
printf '%s\nK7,甲\nK8,庚,乙,省,在岗\nK9,辛,乙,区,在岗,多\nK10,寅,乙,区,在岗\n' "$header" > cells.csv
rows "cells too few or too many, a word that is none" clerks cells.csv 1 3 ,2,missing_cell ,3,bad_code \
    ,4,bad_code,
head=$(head -1 paper.csv)
{
    echo "$head"
    paper() { echo "沪建安$1,$2,周一,身份证,$3,$E1,上海甲示范建设有限公司,,$4,$5,$6,$7"; }
    paper 'B(2020)0000101' B 310101197001010013 2019-01-05 2025-02-30 2028-01-04 有效
    paper 'B(2020)0000102' B 310101197001010013 2019-01-05 2025-01-05 2024-01-04 有效
    paper 'B(2020)0000103' D 310101197001010013 2019-01-05 2025-01-05 2028-01-04 有效
    paper 'B(2020)0000104' B 310101197001010013 2019-01-05 2025-01-05 2028-01-04 睡眠
    paper 'B-2020-105' B 310101197001010013 2019-01-05 2025-01-05 2028-01-04 有效
    paper 'B(2020)0000106' B 3101011970 2019-01-05 2025-01-05 2028-01-04 有效
    paper 'B(2020)0000107' B 1.9700101E+17 2019-01-05 2025-01-05 2028-01-04 有效
    paper 'B(2020)0000108' B 310101197013010013 2019-01-05 2025-01-05 2028-01-04 有效
    paper 'B(2020)0000109' B 310101197001010014 2019-01-05 2025-01-05 9999-12-31 有效
} > bad-paper.csv
rows "dates, numbers, classes and states that are none" paper bad-paper.csv 1 8 ,2,bad_date ,3,date_order ,4,bad_category \
    ,5,bad_state ,6,bad_number ,7,bad_number ,8,bad_number ,9,bad_number
is "a check digit only warns" "$(field warnings)" 1
sed 's/,行号,原因代码,原因$//; s/2025-02-30/2025-02-28/' rejects.csv > mended.csv
rows "the rejects, one mended" paper mended.csv 1 7
before=$(newest s)
run import paper mended.csv $now --dry-run --json
is "a dry run" "$(field unchanged) $(newest s)" "1 $before"
err_has "a dry run: " "says that it is one"

# --- submissions ----------------------------------------------------------------------------------
good='{"id":"g%d","action":"request_regeneration","enterprise":"'$E1'","certificate":"沪建安B(2019)0000002"}\n'
: > empty.jsonl
for blank in '' '\n' ' \r\n\n'; do
    # shellcheck disable=SC2059
    printf "$blank" > blank.jsonl
    before=$(newest s)
    run submit blank.jsonl $now
    is "no wish at all" "$status $(wc -c < "$out") $(newest s)" "0 0 $before"
    err_has "lines: 0" "and the summary says so"
done
whole "no such submission" 66 file_not_readable none.jsonl 不存在 submit none.jsonl
whole "a folder" 66 file_not_readable folder.csv 是目录 submit folder.csv
# shellcheck disable=SC2059
printf "$good" 1 > good.jsonl
cp good.jsonl same.jsonl
echo nonsense > bad.p7s
whole "a signature that is none" 77 signature_malformed CMS 签名 submit good.jsonl --signature=bad.p7s
whole "an empty signature" 77 signature_missing missing 签名 submit good.jsonl --signature=empty.jsonl
whole "a signature that does not exist" 66 file_not_readable none.p7s 不存在 submit good.jsonl --signature=none.p7s
whole "results into the input" 64 results_is_input same.jsonl 请另行指定 submit same.jsonl --results=same.jsonl
cmp -s good.jsonl same.jsonl
report $? "which stays as it was"
whole "results into no folder" 73 file_not_created none/r 无法创建 submit good.jsonl --results=none/r
echo old > results
run submit folder.csv $now --results=results
is "a submission that is not taken leaves the old results alone" "$status $(cat results)" "66 old"
run submit folder.csv $now --results=fresh
is "and makes none" "$(ls fresh 2> "$out")" ""
(umask 0; run submit good.jsonl --dry-run $now --results=wide)
(umask 077; run submit good.jsonl --dry-run $now --results=narrow)
is "results are for others to read at most" "$(stat -c %a wide narrow | tr '\n' ' ')" "644 600 "

# One bad line between two good ones: it alone is invalid.
n=1
line() { # what, code, text in the message, the line for printf
    n=$((n + 2))
    # shellcheck disable=SC2059
    { printf "$good" $n; printf "$4\n"; printf "$good" $((n + 1)); } > lines.jsonl
    run submit lines.jsonl $now --results=results
    sed -n 2p results > "$out"
    is "$1: $2" "$status $(grep -c '"outcome":"accepted"' results) $(field outcome) $(field code) $(field line)" "1 2 invalid $2 2"
    out_has "$3" "$1: the message"
}
rest='"enterprise":"'$E1'","certificate":"沪建安B(2019)0000002","confirmed":true'
line "truncated" malformed 'column 29' '{"id":"a","action":"exchange"'
line "something behind the object" malformed column '{"id":"a","action":"exchange",'"$rest"'} x'
line "a list" malformed 'column 1' '[1,2]'
line "a text" malformed 'column 1' '"exchange"'
line "a key twice" malformed 'column 14' '{"id":"a","id":"b","action":"exchange",'"$rest"'}'
line "a lone surrogate" malformed column '{"id":"a\\ud800","action":"exchange",'"$rest"'}'
line "an escaped NUL" malformed column '{"id":"a","name":"x\\u0000","action":"exchange",'"$rest"'}'
line "a NUL byte" malformed 'column 23' '{"id":"a","action":"ex\000change",'"$rest"'}'
line "bytes that are no UTF-8" malformed 'column 36' '{"id":"a","action":"exchange","x":"\377\376",'"$rest"'}'
line "a field that is not known" bad_field colour '{"id":"a","action":"exchange","colour":1,'"$rest"'}'
line "an action that is not known" unknown_action fly '{"id":"a","action":"fly"}'
line "a field that is missing" missing_field enterprise '{"id":"a","action":"exchange","certificate":"x","confirmed":true}'
line "two actors" bad_field 'one actor' '{"id":"a","clerk":"SH1","action":"exchange",'"$rest"'}'
line "a number for a text" bad_field certificate '{"id":"a","action":"exchange","enterprise":"'$E1'","certificate":5,"confirmed":true}'
line "an id with a blank" bad_field id '{"id":"a b","action":"exchange",'"$rest"'}'
line "a text for a list" bad_field certificates '{"id":"a","action":"change_affiliation","enterprise":"'$E1'","person":{"name":"x","id_type":"身份证","id_number":"310101197001010013"},"certificates":"x","confirmed":true}'
line "null" bad_field null '{"id":"a","action":"exchange","name":null,'"$rest"'}'
line "null where a text is mandatory" missing_field certificate '{"id":"a","action":"exchange","enterprise":"'$E1'","certificate":null}'
line "null for the actor" missing_field enterprise '{"id":"a","action":"exchange","enterprise":null,"certificate":"x"}'
line "null for the action" missing_field action '{"id":"a","action":null}'
line "too deep" malformed column "{\"id\":$(head -c 3000 /dev/zero | tr '\0' '[')"
{ printf '{"id":"'; head -c 1100000 /dev/zero | tr '\0' a; echo '"}'; } > long
printf '%s\n' "$(awk 'BEGIN { printf "{\"id\":\"a\",\"action\":\"change_affiliation\",\"enterprise\":\"'$E1'\",\"person\":{\"name\":\"x\",\"id_type\":\"身份证\",\"id_number\":\"310101197001010013\"},\"confirmed\":true,\"certificates\":[\"c0\""; for (i = 1; i <= 1000; i++) printf ",\"c%d\"", i; printf "]}" }')" > list
for large in long list; do
    run submit $large $now
    is "a $large too large" "$status $(field code)" "1 too_large"
done

# --- registers from elsewhere ---------------------------------------------------------------------
mkdir site
printf '%s\nW1,壬,乙,市,在岗\n' "$header" > site/clerks.csv
cat > server.py <<'END'
import functools
import http.server
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory="site")
server = http.server.HTTPServer(("127.0.0.1", 0), handler)
print(server.server_address[1], flush=True)
server.serve_forever()
END
python3 server.py > port 2> served &
server=$!
trap 'kill $server 2> /dev/null; rm -rf "$work"' EXIT
tries=0
while [ ! -s port ] && [ $tries -lt 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
url=http://127.0.0.1:$(cat port)
run import clerks "$url/clerks.csv" $now --json
is "a register from a server" "$status $(field accepted)" "0 1"
out_has "$url/clerks.csv" "is named by its address"
run import clerks "$url/clerks.csv" $now --json
is "the same again changes nothing" "$status $(field unchanged)" "0 1"
whole "not there" 69 remote_status 404 404 import clerks "$url/none.csv"
whole "an answer that is no register" 65 csv_header_unknown "row of $url/" 表头 import clerks "$url/"
kill $server
wait $server 2> "$out"
# Once, not once a language: it is tried again for eight seconds.
before=$(newest s)
run import clerks "$url/clerks.csv" $now
err_has "[remote_failed]" "nobody answers: remote_failed"
err_has "$url" "nobody answers: where"
is "nobody answers: 69, nothing changed" "$status $(newest s)" "69 $before"
whole "plain http beyond loopback" 64 url_not_allowed example.org example.org import clerks http://example.org/clerks.csv
whole "another scheme" 64 url_not_allowed ftp ftp import clerks ftp://127.0.0.1/clerks.csv
printf '%s\nW2,癸,乙,市,在岗\n' "$header" > site/clerks.csv
run import clerks "file://$work/site/clerks.csv" $now --json
is "a file: URL" "$status $(field accepted)" "0 1"
whole "a file: URL to nothing" 69 remote_failed none.csv none.csv import clerks "file://$work/none.csv"
is "nothing fetched is left" "$(find s/reports -name 'fetched*' | wc -l)" 0
run audit verify
status_is 0 "the log verifies after all that"
run rebuild --verify
status_is 0 "and so do the views"
done_testing
