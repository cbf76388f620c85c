#!/bin/sh
# Signed submissions stand for the login by 法人一证通 (R-GEN-01): who may sign, with what, on which
# day; that a cancellation needs it (R-CX-06..10); and that what was signed can be shown afterwards.
# The signatures are openssl's, from an authority that openssl made.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
. "$here/pki.sh"
make_city --signatures=required
. "$here/signers.sh"


# --- the root ------------------------------------------------------------------------------------
sign x.jsonl rsa2048 x.p7s
verdict 77 x.jsonl x.p7s "R-GEN-01: a root that is not trusted"
err_has "[signer_untrusted]" "is named"
err_has "上海甲建设有限公司" "and so is the signer, in his own characters"
run trust add root.pem --today=2026-01-06 --json
status_is 0 "the root becomes trusted"
verdict 0 x.jsonl x.p7s "R-GEN-01: then the signature is taken"
out_has '"outcome":"accepted"' "and the wish judged"
run trust add rsa2048.pem $today
status_is 65 "a signer's certificate is no root"
mkdir folder
run trust add folder $today
status_is 66 "nor is a directory"
head -c 300 root.pem > cut.pem
run trust add cut.pem $today
status_is 65 "nor a piece of one"
run submit x.jsonl $today
status_is 77 "R-GEN-01: without a signature nothing is processed"
err_has "[signature_required]" "and that is said"
is "nor answered" "$(cat "$out")" ""
run submit x.jsonl $today --lang=zh
err_has "签名" "in Chinese too"

# --- kinds of keys and forms ---------------------------------------------------------------------
for kind in rsa2048 rsa3072 p256; do
    [ $kind = rsa2048 ] || { new_key $kind $kind; certify $kind root "$jia_subject" "$signer_extensions"; }
    sign x.jsonl $kind $kind.p7s
    verdict 0 x.jsonl $kind.p7s "$kind, DER"
    sign x.jsonl $kind $kind.p7m -outform PEM
    verdict 0 x.jsonl $kind.p7m "$kind, PEM"
    sign x.jsonl $kind $kind.sha -md sha384
    verdict 0 x.jsonl $kind.sha "$kind, SHA-384"
    sign x.jsonl $kind $kind.plain -noattr
    verdict 0 x.jsonl $kind.plain "$kind, without attributes"
    sign x.jsonl $kind $kind.weak -md sha1
    verdict 77 x.jsonl $kind.weak "$kind, SHA-1"
    err_has "[signature_weak]" "is too weak"
done
sign x.jsonl rsa2048 md5.p7s -md md5
verdict 77 x.jsonl md5.p7s "MD5 is too weak"
sign x.jsonl rsa2048 pss.p7s -keyopt rsa_padding_mode:pss
verdict 0 x.jsonl pss.p7s "RSA-PSS"
openssl smime -sign -binary -in x.jsonl -signer rsa2048.pem -inkey rsa2048.key -out smime.p7s -outform PEM 2> "$err"
verdict 0 x.jsonl smime.p7s "PKCS #7 in PEM"
for kind in rsa1024 p384; do
    new_key $kind $kind
    certify $kind root "$jia_subject" "$signer_extensions"
    sign x.jsonl $kind $kind.p7s
    verdict 77 x.jsonl $kind.p7s "$kind is none of the keys"
    err_has "[signature_weak]" "and that is said"
done
for how in -nodetach -stream; do
    sign x.jsonl rsa2048 inside.p7s $how
    verdict 77 x.jsonl inside.p7s "the content inside the signature ($how)"
    err_has "[signature_malformed]" "is malformed"
done
sign x.jsonl rsa2048 bare.p7s -nocerts
verdict 77 x.jsonl bare.p7s "a signature without the signer's certificate"
openssl cms -sign -binary -in x.jsonl -signer rsa2048.pem -inkey rsa2048.key -signer p256.pem -inkey p256.key \
    -outform DER -out two.p7s 2> "$err"
verdict 77 x.jsonl two.p7s "two signers"
: > empty.p7s
verdict 77 x.jsonl empty.p7s "an empty signature"
verdict 77 x.jsonl x.jsonl "the file as its own signature"
verdict 66 x.jsonl nowhere.p7s "a signature that is not there"
sed 's/x1/x2/' x.jsonl > other.jsonl
verdict 77 other.jsonl x.p7s "another file than was signed"
err_has "[signature_differs]" "and that is said"
{ cat x.jsonl; echo; } > longer.jsonl
verdict 77 longer.jsonl x.p7s "a line feed more is another file"

# --- the chain ---------------------------------------------------------------------------------------
new_key middle p256
certify middle root "/C=CN/CN=示范中级证书" "$authority_extensions"
new_key below p256
certify below middle "$jia_subject" "$signer_extensions"
sign x.jsonl below below.p7s
verdict 77 x.jsonl below.p7s "an intermediate certificate that is not there"
sign x.jsonl below below.p7s -certfile middle.pem
verdict 0 x.jsonl below.p7s "one that comes with the signature"
certify middle root "/C=CN/CN=示范中级证书" "$signer_extensions"
sign x.jsonl below below.p7s -certfile middle.pem
verdict 77 x.jsonl below.p7s "one that is no authority"
certify middle root "/C=CN/CN=示范中级证书" "basicConstraints=critical,CA:TRUE
keyUsage=critical,digitalSignature"
sign x.jsonl below below.p7s -certfile middle.pem
verdict 77 x.jsonl below.p7s "an authority that may not sign certificates"
certify middle root "/C=CN/CN=示范中级证书" "$authority_extensions" -md sha1
sign x.jsonl below below.p7s -certfile middle.pem
verdict 77 x.jsonl below.p7s "an intermediate that rests on SHA-1"
certify middle root "/C=CN/CN=示范中级证书" "$authority_extensions" -enddate 20260105000000Z
sign x.jsonl below below.p7s -certfile middle.pem
verdict 77 x.jsonl below.p7s "an intermediate that has expired"
err_has "[signer_expired]" "and that is said"

refused_certificate() { # what, extensions
    certify p256 root "$jia_subject" "$2"
    sign x.jsonl p256 p256.p7s
    verdict 77 x.jsonl p256.p7s "$1"
    err_has "[signer_untrusted]" "  is not taken"
}
refused_certificate "a certificate for encryption" "keyUsage=critical,keyEncipherment"
refused_certificate "one of a web server" "$signer_extensions
extendedKeyUsage=serverAuth"
refused_certificate "one of an authority" "basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,digitalSignature"
refused_certificate "one with a critical extension that nobody knows" "$signer_extensions
1.2.3.4=critical,DER:0500"
certify p256 root "$jia_subject" "$signer_extensions
extendedKeyUsage=serverAuth,clientAuth"
sign x.jsonl p256 p256.p7s
verdict 0 x.jsonl p256.p7s "one that also is for logging in"
certify p256 root "$jia_subject" ""
sign x.jsonl p256 p256.p7s
verdict 0 x.jsonl p256.p7s "one that says nothing of its use"

# --- validity at the business date (UTC+8) -----------------------------------------------------------
certify p256 root "$jia_subject" "$signer_extensions" -startdate 20260105160000Z -enddate 20260106155959Z
sign x.jsonl p256 p256.p7s
verdict 0 x.jsonl p256.p7s "valid on this one day"
verdict 77 x.jsonl p256.p7s "not on the next" --today=2026-01-07
err_has "[signer_expired]" "and that is said"
err_has "2026-01-06 .. 2026-01-06" "with its days"
certify p256 root "$jia_subject" "$signer_extensions" -startdate 20260106160000Z
sign x.jsonl p256 p256.p7s
verdict 77 x.jsonl p256.p7s "not before its first day"
certify p256 root "$jia_subject" "$signer_extensions"

# --- whom a certificate names ------------------------------------------------------------------------
actor() { # accepted or a code, what, subject
    certify p256 root "$3" "$signer_extensions"
    sign x.jsonl p256 p256.p7s
    run submit x.jsonl --signature=p256.p7s --dry-run $today
    case $1 in accepted) out_has '"outcome":"accepted"' "$2" ;; *) out_has "\"code\":\"$1\",\"rule\":\"R-GEN-01\"" "$2" ;; esac
}
actor accepted "R-GEN-01: by the number NTRCN-" "/CN=x/organizationIdentifier=NTRCN-$jia"
actor accepted "R-GEN-01: by the number VATCN-" "/CN=x/organizationIdentifier=VATCN-$jia"
actor accepted "R-GEN-01: by serialNumber" "/CN=x/serialNumber=$jia"
actor actor_mismatch "R-GEN-01: another enterprise's certificate" "/CN=x/organizationIdentifier=$yi"
actor actor_mismatch "R-GEN-01: another kind of number" "/CN=x/organizationIdentifier=LEIXG-$jia"
actor actor_mismatch "R-GEN-01: a longer number" "/CN=x/organizationIdentifier=${jia}0"
actor actor_mismatch "R-GEN-01: the code as a name" "/CN=$jia/O=$jia"
certify p256 root "$jia_subject" "$signer_extensions"
cat > lines.jsonl <<END
{"id":"l1","action":"exchange","enterprise":"$yi","certificate":"$paper","confirmed":true}
{"id":"l2","action":"exchange","certificate":"$paper","confirmed":true}
{"id":"l3","action":"suspend","enterprise":"$jia","certificate":"$paper","decision":"D-9"}
{"id":"l4","action":"suspend","clerk":"SH1","certificate":"$paper","decision":"D-9"}
{"id":"l5","action":"exchange","enterprise":"$(echo $jia | tr A-Z a-z)","certificate":"$paper","confirmed":true}
END
sign lines.jsonl p256 lines.p7s
run submit lines.jsonl --signature=lines.p7s --dry-run $today
answer() { out_has "\"line\":$1,\"id\":\"l$1\",\"action\":\"$2\",\"outcome\":\"$3" "$4"; }
answer 1 exchange 'refused","code":"actor_mismatch","rule":"R-GEN-01"' "R-GEN-01: a line of another enterprise"
answer 2 exchange 'invalid","code":"missing_field"' "a line of nobody is not well formed"
answer 3 suspend 'refused","code":"clerk_required"' "an enterprise's line with a clerk's action"
answer 4 suspend 'refused","code":"actor_mismatch"' "a clerk's line in an enterprise's file"
answer 5 exchange 'accepted"' "the code in small letters is the same enterprise"

# --- clerks --------------------------------------------------------------------------------------------
new_key clerk p256
certify clerk root "/C=CN/serialNumber=SH1/CN=石窗口" "$signer_extensions"
cat > clerk.jsonl <<END
{"id":"l1","action":"suspend","clerk":"SH1","certificate":"$paper","decision":"D-9"}
{"id":"l2","action":"suspend","clerk":"SH2","certificate":"$paper","decision":"D-9"}
{"id":"l3","action":"exchange","enterprise":"$jia","certificate":"$paper","confirmed":true}
END
sign clerk.jsonl clerk clerk.p7s
run submit clerk.jsonl --signature=clerk.p7s --dry-run $today
answer 1 suspend 'accepted"' "a clerk's action with the clerk's certificate"
answer 2 suspend 'refused","code":"actor_mismatch"' "not another clerk's"
answer 3 exchange 'refused","code":"actor_mismatch"' "nor an enterprise's"
certify clerk root "/C=CN/serialNumber=SH9/CN=无此人" "$signer_extensions"
sed 's/SH1/SH9/' clerk.jsonl > unknown.jsonl
sign unknown.jsonl clerk unknown.p7s
run submit unknown.jsonl --signature=unknown.p7s --dry-run $today
answer 1 suspend 'refused","code":"clerk_unknown"' "a certificate alone makes no clerk: the register does"
certify clerk root "/C=CN/serialNumber=SH1/CN=石窗口" "$signer_extensions"

# --- revocation lists ------------------------------------------------------------------------------------
new_key second rsa2048
certify second root "$jia_subject" "$signer_extensions"
sign x.jsonl second second.p7s
revoke second 260106
revocation_list root list.pem
openssl crl -in list.pem -outform DER -out list.der
cp store/anzheng.conf conf
configure() { { grep -v '^revocation_lists' conf; echo "revocation_lists = $1"; } > store/anzheng.conf; }
verdict 0 x.jsonl second.p7s "without a list nobody is revoked"
for list in list.der list.pem; do
    configure "$work/$list"
    verdict 77 x.jsonl second.p7s "revoked on this day ($list)"
    err_has "[signer_revoked]" "and that is said"
    verdict 0 x.jsonl x.p7s "another certificate of the same root is not"
done
revocation_list root named.pem -crlexts named
configure "$work/named.pem"
verdict 77 x.jsonl second.p7s "a list that names the key it is signed with"
err_has "[signer_revoked]" "and that is said"
cp list.der store/trust/list.der
configure " trust/list.der , $work/list.pem,"
verdict 77 x.jsonl second.p7s "several lists; a short name lies in the store"
sed -i 's/	260106000000Z	/	260107000000Z	/' pki/index.txt
revocation_list root list.pem
configure "$work/list.pem"
verdict 0 x.jsonl second.p7s "revoked from tomorrow on: not yet"
verdict 77 x.jsonl second.p7s "tomorrow it is" --today=2026-01-07
new_key forger rsa2048
certify forger "" "/C=CN/CN=示范根证书" "basicConstraints=critical,CA:TRUE"
revocation_list forger forged.pem
configure "$work/forged.pem"
verdict 78 x.jsonl x.p7s "a list with the root's name and another's signature stops the run"
err_has "[revocation_list_forged]" "and that is said"
certify forger "" "/C=CN/CN=示范根证书" "$authority_extensions"
revocation_list forger renewed.pem -crlexts named
configure "$work/renewed.pem"
verdict 0 x.jsonl second.p7s "a list that names another key of the same name is not of this root"
certify forger "" "/C=CN/CN=别家根证书" "basicConstraints=critical,CA:TRUE"
revocation_list forger foreign.pem
configure "$work/foreign.pem"
verdict 0 x.jsonl second.p7s "a list of another authority says nothing"
configure "$work/x.jsonl"
verdict 78 x.jsonl x.p7s "what is no list"
err_has "x.jsonl" "is named"
configure "$work/none.pem"
verdict 78 x.jsonl x.p7s "a list that is not there"
err_has "[revocation_list_missing]" "lets nobody in"
configure "$(for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do printf '%s,' "$work/list.pem"; done)"
verdict 78 x.jsonl x.p7s "more lists than are read"
cp conf store/anzheng.conf

# --- attachments -------------------------------------------------------------------------------------------
printf '%%PDF-1.4 invented\n' > proof.pdf
enter() { # id, rest
    echo '{"id":"'"$1"'","action":"enter","enterprise":"'$jia'","person":{"name":"孙三","id_type":"身份证","id_number":"'$holder'"},"original_certificate":"苏建安B(2019)0000005","declaration_accepted":true,"proof":"proof.pdf",'"$2"'"confirmed":true}'
}
cat > national.csv <<'END'
证书编号,姓名,证件类型,证件号码,类别,企业名称,统一社会信用代码,发证机关,初次领证日期,发证日期,有效期至,状态
苏建安B(2019)0000005,孙三,身份证,310101189912310017,B,苏州示范公司,,江苏省住建厅,2019-01-05,2025-01-05,2028-01-04,注销
END
run import national national.csv $today
bound='"proof_sha256":"'$(sha256sum proof.pdf | cut -c1-64)'",'
{ enter l1 ""; enter l2 "$bound"; } > enter.jsonl
sign enter.jsonl p256 enter.p7s
run submit enter.jsonl --signature=enter.p7s --dry-run $today
answer 1 enter 'invalid","code":"missing_field"' "an attachment that the signature does not bind"
out_has '"field":"proof_sha256"' "misses its digest"
out_has '"line":2,"id":"l2","action":"enter","outcome":"refused","code":"category_conflict"' \
    "one that is bound passes on to the rules"
mv proof.pdf away.pdf
run submit enter.jsonl --signature=enter.p7s --dry-run $today
answer 1 enter 'invalid","code":"missing_field"' "that digest is missing also where the file is"
mv away.pdf proof.pdf
echo swapped >> proof.pdf
run submit enter.jsonl --signature=enter.p7s --dry-run $today
answer 2 enter 'refused","code":"proof_' "a file that was swapped after signing is refused"

# --- what is kept, and taken out -----------------------------------------------------------------------------
run submit x.jsonl --signature=x.p7s $today
status_is 0 "the exchange is signed and done"
event=$(field first_event)
sha256=$(sha256sum x.jsonl | cut -c1-64)
signer=$(openssl x509 -in rsa2048.pem -outform DER | sha256sum | cut -c1-64)
run audit history certificate "$paper" --json
out_has "\"signer\":\"$signer\"" "the event names the signer's certificate"
for which in "$event" $((event + 1)) "$sha256"; do
    run audit history file "$which" --json
    status_is 0 "the submission of $which is found"
    out_has "\"file_sha256\":\"$sha256\"" "it is the file"
    out_has '"signature":"valid"' "its signature is still good"
    out_has "\"sha256\":\"$signer\"" "its signer is named"
    out_has "\"organization_identifier\":\"$jia\"" "with the enterprise's code"
    out_lacks "$holder" "and nobody's number shown"
done
run audit history file "$event"
out_has "上海甲建设有限公司" "for people too"
run audit history file "$event" --lang=zh
out_has "有效" "in Chinese too"
run audit history file 1 --json
status_is 1 "an event without a submission"
err_has "submission_not_found" "and that is said"
run audit history file 999999
status_is 1 "an event that is not there"
run audit history file x
status_is 64 "what is neither a number nor a digest"
run audit history certificate "$paper" --out=taken
status_is 64 "only a file is taken out"
run audit history file "$event" --out=taken $today
status_is 64 "taking it out needs a reason"
[ ! -e taken ]
report $? "and leaves nothing without"
run audit history file "$event" --out=taken --reason=inspection $today --json
status_is 0 "with one it is taken out"
cmp -s taken/submission.jsonl x.jsonl
report $? "the file as it was"
cmp -s taken/signature.p7s x.p7s
report $? "the signature as it was"
is "the signer's certificate" "$(openssl x509 -in taken/signer.pem -outform DER | sha256sum | cut -c1-64)" "$signer"
(cd taken && sh verify.sh) > "$out" 2> "$err"
is "openssl alone verifies it" "$?" 0
echo >> taken/submission.jsonl
(cd taken && sh verify.sh) > "$out" 2> "$err"
[ $? -ne 0 ]
report $? "and would not if a byte were different"
is "nobody else reads it" "$(find taken -perm /077)" ""
run audit history file "$event" --out=taken --reason=inspection $today
status_is 73 "what was taken out is not overwritten"
newest=$(newest)
run audit history file "$newest" --json
status_is 1 "the disclosure is an event of its own"
run submit x.jsonl --signature=x.p7s $today
out_has '"outcome":"duplicate"' "the same file again is a duplicate"
is "and no event" "$(newest)" "$newest"
sed 's/x1/refused/;s/true/false/' x.jsonl > refused.jsonl
sign refused.jsonl rsa2048 refused.p7s
run submit refused.jsonl --signature=refused.p7s $today
status_is 1 "a refused file"
run audit history file "$(sha256sum refused.jsonl | cut -c1-64)" --out=taken2 --reason=complaint $today --json
status_is 0 "is kept too"
has taken2/answers.jsonl not_confirmed "with its answers"
run audit verify
status_is 0 "the log is sound"

# A root that is trusted no longer: what was signed before stays what it was.
run trust remove root.pem --today=2026-01-07
verdict 77 x.jsonl x.p7s "after its root was removed nobody is let in" --today=2026-01-07
run audit history file "$event" --json
out_has '"signature":"valid"' "what was signed before that is judged by the roots of its day"
run trust add root.pem --today=2026-01-07
configure "$work/list.pem"
run audit history file "$event" --json
out_has '"signature":"valid"' "a list that does not name the signer changes nothing"
revoke rsa2048 260105
revocation_list root list.pem
run audit history file "$event" --json
status_is 1 "a signer revoked afterwards, from before that day"
out_has '"signature":"signer_revoked"' "is seen"
cp conf store/anzheng.conf

# --- single verbs ------------------------------------------------------------------------------------------
certify p256 root "$jia_subject" "$signer_extensions"
by="--signer-cert=p256.pem --signer-key=p256.key --today=2026-01-07"
# shellcheck disable=SC2086
run request-regeneration --certificate="$paper" --enterprise=$jia --id=verb-1 $by --json
status_is 0 "an action as a verb, signed with another authority's certificate"
verb=$(field first_event)
run audit history file "$verb" --out=taken3 --reason=inspection --today=2026-01-07 --json
status_is 0 "is kept as a submission of one line"
out_has '"signature":"valid"' "with its signature"
(cd taken3 && sh verify.sh) > "$out" 2> "$err"
is "which openssl verifies" "$?" 0
run submit taken3/submission.jsonl --signature=taken3/signature.p7s --today=2026-01-07
out_has '"outcome":"duplicate"' "the line is the very wish"
# shellcheck disable=SC2086
run rename-enterprise --enterprise=$jia --expected-count=1 --id=verb-3 $by --confirmed --json
answer=$(field code)
run audit history file "$(newest)" --out=taken7 --reason=inspection --today=2026-01-07 --json
run submit taken7/submission.jsonl --signature=taken7/signature.p7s --today=2026-01-07
is "a line with a count, too: it is judged alike" "$(field outcome) $(field code)" "refused $answer"
# shellcheck disable=SC2086
run request-regeneration --certificate="$paper" --enterprise=$yi $by --json
status_is 1 "a verb for another enterprise"
out_has '"code":"actor_mismatch","rule":"R-GEN-01"' "is refused"
# shellcheck disable=SC2086
run exchange --certificate="$paper" --enterprise=$jia $by --confirmed --json --id=verb-2
status_is 1 "a refused verb"
newest=$(newest)
run audit history file "$newest" --json
out_has '"code":"already_exchanged"' "is kept too"

for kind in rsa2048 rsa3072; do
    # shellcheck disable=SC2086
    run request-regeneration --certificate="$paper" --enterprise=$jia --today=2026-01-07 \
        --signer-cert=$kind.pem --signer-key=$kind.key --json
    out_has '"outcome":"accepted"' "a verb signed with $kind"
done
certify middle root "/C=CN/CN=示范中级证书" "$authority_extensions"
cat below.pem middle.pem root.pem > whole.pem
run request-regeneration --certificate="$paper" --enterprise=$jia --today=2026-01-07 \
    --signer-cert=whole.pem --signer-key=below.key --json
out_has '"outcome":"accepted"' "a verb signed below an intermediate certificate, which is in the same file"
run audit history file "$(field first_event)" --out=taken6 --reason=inspection --today=2026-01-07 --json
(cd taken6 && sh verify.sh) > "$out" 2> "$err"
is "and openssl finds the way to the root" "$?" 0
is "with the two certificates that are needed" \
    "$(openssl pkcs7 -inform DER -in taken6/signature.p7s -print_certs -noout | grep -c subject)" 2
new_key below_clerk p256
certify below_clerk middle "/C=CN/serialNumber=SH1/CN=石窗口" "$signer_extensions"
cat below_clerk.pem middle.pem root.pem > whole_clerk.pem
cat > notice.json <<END
{"id":"notice-1","action":"extend_by_notice","clerk":"SH1","notice":"N-1","value":"2020-01-01"}
END
run notice run notice.json --signer-cert=below_clerk.pem --signer-key=below_clerk.key --today=2026-01-07
status_is 77 "a notice without the certificate above the clerk's own"
run notice run notice.json --signer-cert=whole_clerk.pem --signer-key=below_clerk.key --today=2026-01-07
err_has nothing_selected "with it the notice is judged"
run audit history file "$(sha256sum notice.json | cut -c1-64)" --json
out_has '"signature":"valid"' "refused, it is kept with its signature, as a verb is"

# --- cancellation --------------------------------------------------------------------------------------------
status_of() { "$ANZHENG" show certificate "$paper" --json | sed -n 's/.*"status":"\([a-z]*\)","first.*/\1/p'; }
echo '{"id":"c1","action":"cancel","enterprise":"'$jia'","certificate":"'$paper'","reason":"employment_ended","confirmed":true}' > c.jsonl
run submit c.jsonl --today=2026-01-07
status_is 77 "R-CX-06: a cancellation without the signature step"
is "R-CX-10: leaves the certificate valid" "$(status_of)" valid
run cancel --certificate="$paper" --enterprise=$jia --reason=employment_ended --confirmed --today=2026-01-07
status_is 77 "R-CX-06: so does the verb"
openssl pkey -in p256.key -aes256 -passout pass:123456 -out locked.key
run cancel --certificate="$paper" --enterprise=$jia --reason=employment_ended --confirmed --today=2026-01-07 \
    --signer-cert=p256.pem --signer-key=locked.key
status_is 78 "R-CX-08: a key that is locked signs nothing"
run cancel --certificate="$paper" --enterprise=$jia --reason=employment_ended --confirmed --today=2026-01-07 \
    --signer-cert=p256.pem --signer-key=nowhere.key
status_is 66 "a key that is not there is an absent input"
sign c.jsonl p256 c.p7s
sed 's/employment_ended/deceased_or_incapacitated/' c.jsonl > c2.jsonl
run submit c2.jsonl --signature=c.p7s --today=2026-01-07
status_is 77 "R-CX-10: a signature over something else"
openssl cms -sign -binary -in c.jsonl -signer p256.pem -inkey p256.key -signer clerk.pem -inkey clerk.key \
    -outform DER -out both.p7s 2> "$err"
run submit c.jsonl --signature=both.p7s --today=2026-01-07
status_is 77 "R-CX-07: two signing parties"
sign c.jsonl clerk clerk.p7s
run submit c.jsonl --signature=clerk.p7s --today=2026-01-07
out_has '"code":"actor_mismatch"' "R-CX-07: the one party is the enterprise, not a clerk"
is "R-CX-10: none of this changed the certificate" "$(status_of)" valid
run download "$paper" --enterprise=$jia --proof=cancellation --out=none.pdf --today=2026-01-07
status_is 1 "R-CX-09: no proof before the signature"
run submit c.jsonl --signature=c.p7s --today=2026-01-07
status_is 0 "R-CX-09: with the enterprise's signature it is done"
cancelled=$(field first_event)
is "R-CX-09: and the certificate released" "$(status_of)" released
run download "$paper" --enterprise=$jia --proof=cancellation --out=proof-of.pdf --today=2026-01-07
status_is 0 "R-CX-09: its proof can be had"
run audit history file "$cancelled" --out=taken4 --reason=inspection --today=2026-01-07 --json
out_has '"signature":"valid"' "R-CX-08: the enterprise's signature on it is kept"
cmp -s taken4/signature.p7s c.p7s
report $? "R-CX-08: as it was given"

# --- runs that were interrupted --------------------------------------------------------------------------
# The answers of a batch are more than a pipe holds and nobody reads them, so the run waits behind its
# first durable batch, in whose middle the signal comes.
mkfifo pipe
interrupt() { # signal, file, signature
    before=$(newest)
    "$ANZHENG" submit "$2" --signature="$3" --today=2026-01-07 --quiet > pipe 2> "$err" < /dev/null &
    pid=$!
    exec 4< pipe
    while [ "$(newest)" = "$before" ] && kill -0 $pid 2> "$out"; do sleep 0.02; done
    kill -$1 $pid
    cat <&4 > answers
    exec 4<&-
    status=0
    wait $pid 2> "$out" || status=$?
}
paper_b='沪建安B(2024)0009999'
sed "s/$paper/$paper_b/" paper.csv > paper2.csv
sed -i 's/孙三/李四/g;s/310101189912310017/310101189912310033/g' paper2.csv
run import paper paper2.csv --today=2026-01-07
sed 's/孙三/李四/;s/310101189912310017/310101189912310033/' identities.csv > identities2.csv
run import identities identities2.csv --today=2026-01-07
run exchange --certificate="$paper_b" --enterprise=$jia --confirmed --today=2026-01-07 --signer-cert=p256.pem --signer-key=p256.key
status_is 0 "city: another certificate"
for how in TERM KILL; do
    awk 'BEGIN { for (i = 1; i <= 3500; i++)
        printf "{\"id\":\"'$how'-%d\",\"action\":\"request_regeneration\",\"enterprise\":\"'$jia'\",\"certificate\":\"%s\"}\n",
            i, i <= 1000 ? "'$paper_b'" : "沪建安B(2024)0000001" }' > $how.jsonl
    sign $how.jsonl p256 $how.p7s
    interrupt $how $how.jsonl $how.p7s
    ended=$status
    first=$((before + 1))
    run audit history file $first --json
    case $how.$ended in
        TERM.*) out_has '"signature":"valid"' "a stopped run leaves what it has done, signed" ;;
        KILL.*) err_has submission_not_found "a killed run leaves its signature to the next" ;;
    esac
    run submit $how.jsonl --signature=$how.p7s --today=2026-01-07 --results=again.jsonl
    status_is 1 "the same command again takes the rest, which is refused ($how)"
    run audit history file $first --json
    out_has '"signature":"valid"' "and the first lines have their signature ($how)"
    out_has "\"file_sha256\":\"$(sha256sum $how.jsonl | cut -c1-64)\"" "that of their file ($how)"
done
done_testing
