#!/bin/sh
# t1156-own-authority - a store under an authority of one's own: certificates of authorities in between, keys
# that are locked, readable by others or in a token, from `init` to a document that others verify.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
. "$here/pki.sh"
code=11310000TEX000010W
umask 077
mkdir ca && cd ca || exit 1
pki_begin
always='-startdate 20250101000000Z -enddate 20990101000000Z'
issue() { # name, subject, issuer or "", extensions: a P-256 key and its certificate
    # shellcheck disable=SC2086 # options
    new_key "$1" p256 && certify "$1" "$3" "$2" "$4" $always
}
issue root "/CN=示范根" "" "$authority_extensions" && issue between "/CN=between" root "$authority_extensions" &&
    issue seal "/CN=seal/organizationIdentifier=NTRCN-$code" between "$signer_extensions" &&
    openssl genpkey -algorithm ED25519 -out log.key
is "an authority is made" "$?" 0
cat seal.pem between.pem > chain.pem
cat root.pem between.pem > roots.pem
openssl pkey -in seal.key -aes256 -passout pass:sesame -out seal.locked
openssl pkey -in log.key -aes256 -passout pass:log -out sealing.locked
cd .. || exit 1

now=--now=2027-05-01T09:00:00+08:00
init() { # store, certificate, key, more options
    store=$1 cert=$2 key=$3
    shift 3
    rm -rf "$store"
    run init --store="$store" --root-cert=ca/root.pem --document-cert="$cert" --document-key="$key" --log-key=ca/log.key \
        --signatures=optional --clock=free $now --json "$@"
}

# --- authorities in between -----------------------------------------------------------------------
init no ca/seal.pem ca/seal.key
status_is 78 "a certificate whose authority is not there"
err_has document_cert_untrusted "is refused"
err_has "belong behind it in its file" "and where that belongs is said"
init no ca/seal.pem ca/seal.key --root-cert=ca/roots.pem
status_is 78 "beside the root it is of no use: no document would carry it"
init no ca/seal.pem ca/seal.key --lang=zh
err_has "中间机构证书" "in Chinese"
cat ca/chain.pem ca/seal.key > ca/all.pem # as many tools export it
cat ca/root.pem ca/root.key > ca/root-and-key.pem
init store ca/all.pem ca/seal.key --root-cert=ca/root-and-key.pem
status_is 0 "behind the certificate it is taken"
is "both are kept" "$(grep -c 'BEGIN CERTIFICATE' store/trust/document.pem)" 2
is "no private key is among the certificates" "$(grep -l PRIVATE store/trust/*)" ""
write_town
fill() { for kind in enterprises clerks identities paper; do run import $kind $kind.csv --store=store $now; done; }
fill
head -2 exchange.jsonl > wishes.jsonl
run submit wishes.jsonl --store=store $now
run regenerate --store=store $now --json
is "documents are made" "$status $(field rendered)" "0 2"
document=$(find store/certificates -name '*.pdf' | head -1)
run audit check "$document" --store=store $now
status_is 0 "each leads to the root"
vkey=$(cat store/trust/log.vkey)
run audit check "$document" --vkey="$vkey" --root=ca/root.pem $now
status_is 0 "without the store, too, by the root alone"
if command -v pdfsig > "$out"; then
    cp "$document" d.pdf && pdfsig -dump d.pdf > "$out" 2>&1
    openssl pkcs7 -inform DER -in d.pdf.sig0 -print_certs 2> "$err" > carried.pem
    openssl verify -CAfile ca/root.pem -untrusted carried.pem carried.pem > "$out" 2>&1
    status_of=$?
    is "and for a foreign program" "$status_of" 0
else
    report 0 "and for a foreign program # SKIP pdfsig is not installed"
fi

# --- years later ----------------------------------------------------------------------------------
later=--now=2028-02-01T20:00:00+08:00
made=$(find store/certificates -name '*.pdf' | wc -l)
(cd ca && new_key seal2 p256 &&
    certify between root "/CN=between" "$authority_extensions" -startdate 20250101000000Z -enddate 20280101000000Z &&
    certify seal2 between "/CN=seal/organizationIdentifier=NTRCN-$code" "$signer_extensions" $always &&
    cat seal2.pem between.pem > short.pem)
is "an authority in between ends before its certificates" "$?" 0
cp ca/seal2.key store/keys/document.key && cp ca/short.pem store/trust/document.pem
run regenerate --all --store=store $now --json
is "until then it signs" "$status $(field rendered)" "0 2"
before=$(newest store)
for options in "" --dry-run --lang=zh; do
    run regenerate --all --store=store $later $options
    status_is 78 "afterwards nothing is signed${options:+ ($options)}"
done
err_has "2025-01-01 .. 2028-01-01" "when the upper one was valid is told"
err_has "上级证书" "in Chinese, too"
run regenerate --all --store=store $later
err_has "[signer_chain_not_valid]" "and that it is one above"
is "nothing was made" "$(newest store) $(find store/certificates -name '*.pdf' | wc -l)" "$before $((made + 2))"
renew() { # from: the upper certificate, which goes behind the other in the store
    (cd ca && certify between root "/CN=between" "$authority_extensions" -startdate $1000000Z -enddate 20290101000000Z) &&
        cat ca/seal2.pem ca/between.pem > store/trust/document.pem
}

# what ends is told weeks before, and afterwards; by any that looks, without keys
look() { # business date, what is told, claim, more options
    run status --check --store=store --now=$1T20:00:00+08:00 ${4:-}
    grep -o 'check_signer[a-z_]*' "$out" > told
    is "$3" "$([ "$status" -le 1 ] && cat told)" "$2"
}
run checkpoint --store=store $later
look 2027-12-01 "" "a month and a day before the upper one ends nothing is told of it"
look 2027-12-02 check_signer_ends "thirty days before it is"
grep -q '2028-01-01, 30 days' "$out"
report $? "with the day and how long that is"
look 2028-01-01 check_signer_ends "on the last day, too"
chmod 000 store/keys
look 2028-01-02 check_signer_ended "then that it is over" --lang=zh
chmod 700 store/keys
grep -q '2028-01-01 到期' "$out"
report $? "in Chinese"
status_is 1 "it needs a hand"
run report --store=store $later
grep -q check_signer_ended store/reports/report.html
report $? "the report has it, too"
mv store/trust/document.pem there.pem
look 2028-01-02 "" "a copy without that certificate is looked at"
mv there.pem store/trust/document.pem

renew 20280301
run regenerate --all --store=store $later
status_is 78 "one that is not valid yet is as bad"
renew 20270601
run regenerate --all --store=store $later --json
is "with a renewed one it goes on" "$status $(field rendered)" "0 2"
run audit check store/certificates/*/*.pdf --store=store $later
status_is 0 "and all of these years lead to the root"
cp ca/seal2.pem store/trust/document.pem
run regenerate --all --store=store $later --json
is "a certificate that leads nowhere signs" "$status $(field rendered)" "0 2"
err_has "leads to no root that this store trusts" "but what is missing is told"
run regenerate --store=store $later --lang=zh
err_has "不能追溯到" "each time, in Chinese too"

# --- locked ---------------------------------------------------------------------------------------
locked() { init locked ca/chain.pem ca/seal.locked --log-key=ca/sealing.locked "$@"; }
locked
status_is 78 "a locked key without its passphrase"
err_has ANZHENG_LOG_PASSPHRASE "it is asked for by the name of the key in the store"
export ANZHENG_LOG_PASSPHRASE=log
locked
err_has ANZHENG_DOCUMENT_PASSPHRASE "that of the other key, too"
ANZHENG_DOCUMENT_PASSPHRASE=closed locked
err_has key_passphrase_wrong "a wrong one"
is "no store was made" "$(ls -d locked .locked.init 2> /dev/null)" ""
export ANZHENG_DOCUMENT_PASSPHRASE=sesame
locked
status_is 0 "with both"
is "locked they were given, locked they are kept" "$(cat locked/keys/document.key locked/keys/log.key | sha256sum)" \
    "$(cat ca/seal.locked ca/sealing.locked | sha256sum)"
run checkpoint --store=locked $now
status_is 0 "and sign"
unset ANZHENG_LOG_PASSPHRASE ANZHENG_DOCUMENT_PASSPHRASE
run checkpoint --store=locked $now
status_is 78 "not without the passphrase"

# --- odd files ------------------------------------------------------------------------------------
cp ca/seal.key open.key && chmod 644 open.key
init no ca/chain.pem open.key
status_is 78 "a key that others may read"
err_has "chmod 600" "and what to do"
: > empty
init no empty ca/seal.key
err_has "--document-cert holds no readable certificate" "what holds no certificate is named"
openssl pkey -in ca/seal.key -outform DER -out seal.der
init no ca/chain.pem seal.der
err_has "seal.der holds no readable private key" "and what holds no key"
openssl x509 -in ca/root.pem -outform DER -out root.der
init no ca/chain.pem ca/seal.key --root-cert=root.der
is "a root in DER is a root" "$status $(grep -c 'BEGIN CERTIFICATE' no/trust/root.pem)" "0 1"

# --- in a token -----------------------------------------------------------------------------------
module=/usr/lib/softhsm/libsofthsm2.so
if [ -e $module ] && ls /usr/lib/*/engines-3/pkcs11.so > "$out" 2>&1 && command -v softhsm2-util > "$out"; then
    mkdir tokens
    echo "directories.tokendir = $PWD/tokens" > softhsm2.conf
    export SOFTHSM2_CONF="$PWD/softhsm2.conf" PKCS11_MODULE_PATH=$module
    {
        softhsm2-util --init-token --free --label seal --pin 1234 --so-pin 4321
        openssl pkcs8 -topk8 -nocrypt -in ca/seal.key -out import.key
        softhsm2-util --import import.key --token seal --label document --id 01 --pin 1234
    } > "$out" 2>&1
    uri='pkcs11:token=seal;object=document'
    init token ca/chain.pem "$uri"
    status_is 78 "a token's key without its PIN"
    err_has ANZHENG_TOKEN_PASSPHRASE "which is named"
    export ANZHENG_TOKEN_PASSPHRASE=1234
    init token ca/chain.pem "$uri?pin-value=1234"
    status_is 78 "a PIN in the URI is refused"
    init token ca/chain.pem "$uri"
    status_is 0 "with it"
    is "the store looks for it there" "$(grep '^document_key' token/anzheng.conf)" "document_key = $uri"
    is "and has no file of it" "$(ls token/keys/document.key 2> /dev/null)" ""
    rm -rf store && mv token store && fill
    run submit wishes.jsonl --store=store $now
    printf 'regenerate\ncheckpoint\nbackup copy\n' > night
    mv tokens away
    run night night --store=store $now
    status_is 78 "a night while the token is away"
    err_has "[token_unusable]" "says so"
    mv away tokens
    run night night --store=store $now
    status_is 0 "and the same when it is back"
    run audit check "$(find store/certificates -name '*.pdf' | head -1)" --store=store $now
    status_is 0 "what it signed leads to the root"
else
    report 0 "a key in a token # SKIP softhsm2 or libengine-pkcs11-openssl is not installed"
fi
done_testing
