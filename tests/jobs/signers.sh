# signers - what the scripts about signed submissions begin with: `. signers.sh` behind lib.sh, city.sh,
# pki.sh and a make_city. Makes an authority of its own (root) and the enterprise's key (rsa2048).
#
#   $today, $day         the business date; x.jsonl is a wish that could be signed
#   verdict 0|77 FILE SIGNATURE WHAT [OPTIONS]   judges a file without doing it
day=2026-01-06
today=--today=$day
add_clerk SH1
pki_begin
new_key root rsa2048
certify root "" "/C=CN/CN=示范根证书" "$authority_extensions"
new_key rsa2048 rsa2048
jia_subject="/C=CN/O=上海甲建设有限公司/organizationIdentifier=$jia/CN=上海甲建设有限公司"
certify rsa2048 root "$jia_subject" "$signer_extensions"
exchange='{"id":"x1","action":"exchange","enterprise":"'$jia'","certificate":"'$paper'","confirmed":true}'
echo "$exchange" > x.jsonl

# Judges a file without doing it: the status tells whether the signature was taken.
verdict() { # 0 or 77, file, signature, what [options]
    verdict_status=$1
    verdict_what=$4
    verdict_file=$2
    verdict_signature=$3
    shift 4
    run submit "$verdict_file" --signature="$verdict_signature" --dry-run $today "$@"
    status_is "$verdict_status" "$verdict_what"
}
