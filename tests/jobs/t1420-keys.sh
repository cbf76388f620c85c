#!/bin/sh
# t1420-keys - the keys that sign: locked with a passphrase, readable by others, in a token, and
# changed over the years.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"

make_town s
is "the town is made" "$?" 0
night=--now=2026-05-05T20:00:00+08:00
C='沪建安B(2019)0000002'
one() { # options...: one document made anew
    run regenerate --certificate="$C" --all --store=s $night --json "$@"
}
one
is "a document" "$(field rendered)" 1

# --- locked with a passphrase ---------------------------------------------------------------------
cp s/keys/document.key plain.key
(umask 077 && openssl pkey -in plain.key -aes256 -passout pass:'open sesame' -out locked.key) 2> "$err"
cp locked.key s/keys/document.key
one
status_is 78 "a locked key without its passphrase"
err_has ANZHENG_DOCUMENT_PASSPHRASE "where to give it is said"
one --lang=zh
err_has "已加密" "in Chinese too"
export ANZHENG_DOCUMENT_PASSPHRASE='open sesame'
one
is "with it, in the environment" "$status $(field rendered)" "0 1"
[ "$(grep -c 'open sesame' "$out" "$err" | cut -d: -f2 | sort -u)" = 0 ]
report $? "it is told to nobody"
export ANZHENG_DOCUMENT_PASSPHRASE=closed
one
status_is 78 "with another"
err_has key_passphrase_wrong "is told"
! grep -q closed "$err"
report $? "without repeating it"
unset ANZHENG_DOCUMENT_PASSPHRASE
(umask 077 && echo 'open sesame' > passphrase)
export ANZHENG_DOCUMENT_PASSPHRASE_FILE="$PWD/passphrase"
one
is "in a file" "$status $(field rendered)" "0 1"
chmod 644 passphrase
one
status_is 78 "that others may read"
err_has passphrase "is refused"
unset ANZHENG_DOCUMENT_PASSPHRASE_FILE
cp plain.key s/keys/document.key
(umask 077 && openssl pkey -in s/keys/log.key -aes256 -passout pass:log -out log.locked) 2> "$err"
cp s/keys/log.key log.plain && cp log.locked s/keys/log.key
run checkpoint --store=s $night
status_is 78 "the log's key, locked"
err_has ANZHENG_LOG_PASSPHRASE "has a passphrase of its own"
ANZHENG_LOG_PASSPHRASE=log run checkpoint --store=s $night
status_is 0 "with it"
cp log.plain s/keys/log.key

# --- readable by others ---------------------------------------------------------------------------
for mode in 640 604 660; do
    chmod $mode s/keys/document.key
    one
    status_is 78 "a key with mode $mode"
done
err_has "chmod 600" "and what to do"
chmod 600 s/keys/document.key
chmod 644 s/keys/log.key
run checkpoint --store=s $night
status_is 78 "the log's key, too"
chmod 600 s/keys/log.key
one
is "put right" "$status" 0
rm s/keys/document.key
one
status_is 78 "no key at all"
err_has document.key "is named"
cp plain.key s/keys/document.key

# --- another place --------------------------------------------------------------------------------
mkdir elsewhere && cp plain.key elsewhere/seal.key && rm s/keys/document.key
cp s/anzheng.conf conf
echo "document_key = $PWD/elsewhere/seal.key" >> s/anzheng.conf
one
is "a key that the configuration names" "$status $(field rendered)" "0 1"
cp conf s/anzheng.conf
cp plain.key s/keys/document.key

# --- years: three certificates, and all documents stay what they are -------------------------------
run regenerate --store=s $night --json
first=$(certificate_file s "$C")
cp s/trust/document.pem first.pem
for year in second third; do
    run init --store=$year --signatures=optional --clock=free --now=2026-05-01T09:00:00+08:00
    cp $year/keys/document.key s/keys/document.key
    cp $year/trust/document.pem s/trust/document.pem
    cp $year/trust/document.pem $year.pem
    one
    cp "$(certificate_file s "$C")" $year.pdf
done
cp "$first" first.pdf
for year in first second third; do
    serial=$(openssl x509 -in $year.pem -noout -fingerprint -sha256 | sed 's/.*=//; s/://g' | tr A-F a-f)
    pdfsig -dump $year.pdf > "$out" 2>&1
    pdfsig $year.pdf > "$out" 2>&1
    is "the $year document: whole" "$(grep -c 'Total document signed' "$out")" 1
    openssl pkcs7 -inform DER -in $year.pdf.sig0 -print_certs 2> "$err" |
        openssl x509 -fingerprint -sha256 -noout 2> "$err" | sed 's/.*=//; s/://g' | tr A-F a-f > seen
    is "signed by the $year certificate" "$(cat seen)" "$serial"
done
run audit compare --store=s $night --json
is "nothing differs" "$status" 0

# --- a token --------------------------------------------------------------------------------------
module=
for path in /usr/lib/softhsm/libsofthsm2.so /usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so; do
    [ -e $path ] && module=$path
done
engine=$(ls /usr/lib/*/engines-3/pkcs11.so 2> "$err" | head -1)
if [ -n "$module" ] && [ -n "$engine" ] && command -v softhsm2-util > "$out"; then
    mkdir tokens
    echo "directories.tokendir = $PWD/tokens" > softhsm2.conf
    export SOFTHSM2_CONF="$PWD/softhsm2.conf" PKCS11_MODULE_PATH=$module
    openssl pkcs8 -topk8 -nocrypt -in first.key -out import.key 2> "$err" || cp plain.key import.key
    softhsm2-util --init-token --free --label seal --pin 1234 --so-pin 4321 > "$out" 2>&1
    softhsm2-util --import import.key --token seal --label document --id 01 --pin 1234 > "$out" 2>&1
    is "a token has the key" "$?" 0
    cp first.pem s/trust/document.pem && rm s/keys/document.key
    echo "document_key = pkcs11:token=seal;object=document" >> s/anzheng.conf
    one
    status_is 78 "without the PIN"
    err_has ANZHENG_TOKEN_PASSPHRASE "which is named"
    ANZHENG_TOKEN_PASSPHRASE=9999 one
    status_is 78 "with another PIN"
    export ANZHENG_TOKEN_PASSPHRASE=1234
    one
    is "a document signed by the token" "$status $(field rendered)" "0 1"
    pdfsig "$(certificate_file s "$C")" > "$out" 2>&1
    is "whole" "$(grep -c 'Signature is Valid' "$out")" 1
    run regenerate --all --workers=2 --store=s $night --json
    is "and all, by two workers" "$(field rendered)" 9
    cp conf s/anzheng.conf
    echo "document_key = pkcs11:token=seal;object=nothing" >> s/anzheng.conf
    one
    status_is 78 "a key that the token has not"
    cp conf s/anzheng.conf
    echo "document_key = pkcs11:token=seal;object=document?pin-value=1234" >> s/anzheng.conf
    one
    status_is 78 "a PIN in the URI"
    ! grep -q 'pin-value=1234' "$err"
    report $? "is not repeated"
else
    report 0 "a key in a token # SKIP softhsm2 or libengine-pkcs11-openssl is not installed"
fi
done_testing
