#!/bin/sh
# What a run reads it does not write over, and what it is told to write into keeps its kind.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city
today=--today=2026-01-06
printf '{"id":"W-1","action":"request_regeneration","enterprise":"%s","certificate":"%s"}\n' $jia "$paper" > w.jsonl
echo "a signature" > w.p7s
printf '统一社会信用代码,新企业名称\n%s,上海甲建设有限公司\n' $jia > renames.csv
"$ANZHENG" template show certificate > certificate.page
echo '{"id":"N","action":"extend_by_notice","notice":"N","selection":{"category":"B"},"value":"2028-01-01"}' > notice.json
ln -s renames.csv link.csv
spared() { # what, file, code, arguments...
    what=$1
    file=$2
    code=$3
    shift 3
    cp "$file" before
    run "$@" $today
    status_is 64 "$what"
    err_has "[$code]" "$what: why"
    cmp -s before "$file"
    report $? "$what: it stays as it was"
}
spared "results into the submission" w.jsonl results_is_input submit w.jsonl --results=w.jsonl
spared "results into the signature" w.p7s results_is_input submit w.jsonl --signature=w.p7s --results=w.p7s
spared "a plan into its list" renames.csv output_is_input rename plan --file=renames.csv --out=renames.csv
spared "by another name" renames.csv output_is_input rename plan --file=renames.csv --out=./link.csv
spared "a plan into the notice" notice.json output_is_input notice plan notice.json --out=notice.json
spared "a specimen into the page" certificate.page output_is_input template check certificate.page --out=certificate.page

run request-regeneration --enterprise=$jia --certificate="$paper" $today
status_is 77 "one wish, not signed"
err_has "--signer-cert=FILE and --signer-key=FILE" "is told its own options"

# A sheet of a person goes through a pipe, which stays one.
mkfifo pipe
timeout -k 1 20 cat pipe > sheet.pdf &
run show person $holder --sheet --out=pipe --unmasked --reason=counter $today
status_is 0 "a sheet into a pipe"
is "which stays a pipe" "$(find pipe -type p)" pipe
wait $!
is "and gets there" "$(head -c 5 sheet.pdf)" "%PDF-"

# A manifest of proofs that somebody wrote names what is wrong with it.
run checkpoint $today
run audit prove "$paper" --out=proofs $today
for manifest in '{"proofs":[5]}' '{"proofs":[{"file":""}]}'; do
    echo "$manifest" > proofs/manifest.json
    run audit check proofs --vkey="$(cat store/trust/log.vkey)"
    status_is 65 "a manifest that is none"
    err_has 'entry 1 of “proofs”' "is told"
done
done_testing
