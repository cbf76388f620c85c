#!/bin/sh
# Signatures, continued: where none is asked for (R-GEN-01), without our keys, keys that we issue
# ourselves, and SM2 with SM3. The authority and the signatures are openssl's.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
. "$here/pki.sh"
make_city --signatures=required
. "$here/signers.sh"
sign x.jsonl rsa2048 x.p7s
echo "$exchange " | sed 's/x1/x2/' > other.jsonl

# --- optional signatures ------------------------------------------------------------------------------------
export ANZHENG_STORE=lax
run init --signatures=optional --clock=free --today=2026-01-05
for kind in enterprises identities paper; do run import $kind $kind.csv --today=2026-01-05; done
run policy set identity.photo_required no --decision=D-1 --today=2026-01-05
verdict 77 x.jsonl x.p7s "signatures=optional: a signature that is there must be good"
run trust add root.pem $today
verdict 0 x.jsonl x.p7s "optional: a good one"
run submit x.jsonl $today
status_is 0 "optional: none"
event=$(field first_event)
run audit history file "$event" --json
out_has '"signature":"none","signed_by":null' "optional: which is seen"
run audit history file "$event" --out=plain --reason=inspection $today --json
is "optional: file and answers alone" "$(ls plain | tr '\n' ' ')" "answers.jsonl submission.jsonl "

# --- without keys, and damaged --------------------------------------------------------------------------------
mv lax/keys lax/keys.away
run audit history file "$event" --json
status_is 78 "without the keys of the store nothing is opened"
err_has keys_needed "and that is said"
mv lax/keys.away lax/keys
find lax/blobs -type f | while read -r blob; do chmod u+w "$blob"; printf x >> "$blob"; done
run audit history file "$event" --json
status_is 79 "a kept file that was altered is damage"

# --- our own keys -----------------------------------------------------------------------------------------------
for kind in p256 rsa2048 rsa3072; do
    run trust issue --code=$jia --key=$kind --out=keys-$kind $today
    status_is 0 "trust issue: $kind"
    openssl x509 -in keys-$kind/$jia.pem -noout -subject -nameopt utf8,sep_comma_plus > "$out"
    out_has "上海甲建设有限公司" "  with the enterprise's name"
    sign x.jsonl keys-$kind/$jia own.p7s
    verdict 0 x.jsonl own.p7s "  openssl signs with it"
done
run trust issue --code=$jia --key=rsa1024 --out=keys-no $today
status_is 64 "trust issue: no other kind"
run sample --out=sample --persons=30 --enterprises=3 --seed=7 --today=2026-05-01 --quiet
status_is 0 "a sample"
bad_signatures=0
for file in sample/actions/*/*.jsonl; do
    openssl cms -verify -binary -inform DER -in "${file%.jsonl}.p7s" -content "$file" -CAfile sample/trust/ca.pem \
        -purpose any -no_check_time -out sample.verified 2> "$err" || bad_signatures=$((bad_signatures + 1))
done
is "openssl alone verifies all of its signed files" "$bad_signatures" 0
is "of which there are some" "$([ -n "$file" ] && [ -s sample.verified ] && echo yes)" yes
code=$(basename "$file" .jsonl)
is "its actors' keys are there" "$(openssl x509 -in sample/trust/$code.pem -noout -pubkey)" "$(openssl pkey -in sample/trust/$code.key -pubout)"
is "for the owner alone" "$(find sample/trust -name '*.key' ! -perm 600)" ""
echo >> "$file"
openssl cms -verify -binary -inform DER -in "${file%.jsonl}.p7s" -content "$file" -CAfile sample/trust/ca.pem \
    -purpose any -no_check_time -out sample.verified > "$out" 2>&1
[ $? -ne 0 ]
report $? "and none that was changed"

# --- SM2 with SM3 ------------------------------------------------------------------------------------
export ANZHENG_STORE=gm
today=--today=$day
request_by='-sm3 -sigopt distid:1234567812345678'
by_sm2="-md sm3 -sigopt distid:1234567812345678 -vfyopt distid:1234567812345678"
new_key sm2root sm2
new_key sm2 sm2
# shellcheck disable=SC2086
certify sm2root "" "/C=CN/CN=示范国密根证书" "$authority_extensions" $by_sm2
# shellcheck disable=SC2086
certify sm2 sm2root "$jia_subject" "$signer_extensions" $by_sm2
"$here/../support/sm2-cms.py" sm2.key sm2.pem x.jsonl sm2.p7s
"$here/../support/sm2-cms.py" sm2.key sm2.pem x.jsonl gm.p7s gm
openssl cms -cmsout -in sm2.p7s -inform DER -outform PEM -out sm2.p7m
run init --clock=free $today
for kind in enterprises identities paper; do run import $kind $kind.csv $today; done
run policy set identity.photo_required no --decision=D-1 $today
verdict 77 x.jsonl sm2.p7s "SM2 under a root that is not trusted"
err_has "[signer_untrusted]" "is refused for that"
run trust add sm2root.pem $today
status_is 0 "an SM2 root is trusted"
verdict 0 x.jsonl sm2.p7s "SM2 with SM3 in CMS"
verdict 0 x.jsonl gm.p7s "SM2 with SM3 in the form of GB/T 35275"
verdict 0 x.jsonl sm2.p7m "SM2 with SM3 in PEM"
for form in sm2 gm; do
    verdict 77 other.jsonl $form.p7s "SM2 over another file ($form)"
    err_has "[signature_differs]" "and that is said"
done
run submit x.jsonl --signature=gm.p7s $today
status_is 0 "SM2 signs a submission"
run audit history file "$(sha256sum x.jsonl | cut -c1-64)" --out=taken5 --reason=inspection $today --json
out_has '"signature":"valid"' "SM2 is judged again from what was kept"
is "and its signer taken out" "$(openssl x509 -in taken5/signer.pem -noout -text | grep -c SM2-with-SM3)" 2
sm2_list() { # OUT [openssl ca options]
    printf 'R\t300101000000Z\t260105000000Z\t%s\tunknown\t/CN=x\n' \
        "$(openssl x509 -in sm2.pem -noout -serial | cut -d= -f2)" > pki/index.txt
    sm2_out=$1
    shift
    openssl ca -config pki/ca.conf -gencrl -keyfile sm2root.key -cert sm2root.pem -md sm3 -out $sm2_out "$@" 2> "$err"
}
sm2_list sm2.crl -sigopt distid:1234567812345678
sm2_list forged.crl
cp gm/anzheng.conf conf
{ grep -v '^revocation_lists' conf; echo "revocation_lists = $work/sm2.crl"; } > gm/anzheng.conf
verdict 77 other.jsonl gm.p7s "SM2: the file comes before the list"
err_has "[signature_differs]" "as is said"
verdict 77 x.jsonl gm.p7s "SM2: a list signed by SM2 revokes"
err_has "[signer_revoked]" "and that is said"
{ grep -v '^revocation_lists' conf; echo "revocation_lists = $work/forged.crl"; } > gm/anzheng.conf
verdict 78 x.jsonl gm.p7s "SM2: a list without the identifier is not the authority's"
cp conf gm/anzheng.conf
run trust remove sm2root.pem $today
verdict 77 x.jsonl gm.p7s "SM2 after its root was removed"
err_has "[signer_untrusted]" "and that is said"
done_testing
