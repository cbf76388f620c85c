# pki - a certificate authority of openssl's own for the scripts about signatures, and openssl as the
# foreign tool that signs: `. pki.sh` after lib.sh. Dates are given, the clock has no say.
#
#   new_key NAME KIND            rsa1024 rsa2048 rsa3072 p256 p384 sm2 -> NAME.key
#   certify NAME ISSUER SUBJECT EXTENSIONS [openssl ca options]   -> NAME.pem; ISSUER "" signs itself
#   sign FILE NAME OUT [openssl cms options]                      -> a detached signature
#   revoke NAME YYMMDD, revocation_list ISSUER OUT [openssl ca options]   the list of an authority;
#       with -crlexts named it says which of its keys signed, as the lists of authorities at work do

pki_begin() {
    mkdir -p pki
    : > pki/index.txt
    echo 1001 > pki/serial
    echo 01 > pki/crlnumber
    cat > pki/ca.conf <<'CONF'
[ca]
default_ca=d
[d]
database=pki/index.txt
new_certs_dir=pki
serial=pki/serial
crlnumber=pki/crlnumber
default_md=sha256
default_crl_days=30
policy=p
unique_subject=no
preserve=yes
[p]
countryName=optional
organizationName=optional
organizationIdentifier=optional
serialNumber=optional
commonName=optional
[req]
distinguished_name=n
string_mask=utf8only
utf8=yes
[n]
[named]
authorityKeyIdentifier=keyid:always
CONF
}

new_key() {
    case $2 in
        rsa*) openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:${2#rsa} -out $1.key 2> "$err" ;;
        p256) openssl ecparam -name prime256v1 -genkey -noout -out $1.key ;;
        p384) openssl ecparam -name secp384r1 -genkey -noout -out $1.key ;;
        sm2) openssl genpkey -algorithm SM2 -out $1.key ;;
    esac
}

authority_extensions='basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash'
request_by=-sha256
signer_extensions='basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,nonRepudiation'

certify() {
    certify_name=$1
    certify_by=$2
    certify_subject=$3
    printf '%s\n' "$4" > pki/extensions
    shift 4
    # shellcheck disable=SC2086
    openssl req -new -config pki/ca.conf -key $certify_name.key -subj "$certify_subject" $request_by \
        -out pki/request.pem 2> "$err" || return
    if [ -z "$certify_by" ]; then
        set -- -selfsign -keyfile $certify_name.key "$@"
    else
        set -- -cert $certify_by.pem -keyfile $certify_by.key "$@"
    fi
    openssl ca -batch -config pki/ca.conf -in pki/request.pem -out $certify_name.pem -notext \
        -extfile pki/extensions -startdate 20250101000000Z -enddate 20300101000000Z "$@" > "$out" 2> "$err"
}

sign() {
    sign_file=$1
    sign_by=$2
    sign_out=$3
    shift 3
    openssl cms -sign -binary -in $sign_file -signer $sign_by.pem -inkey $sign_by.key -out $sign_out \
        -outform DER "$@" 2> "$err"
}

revoke() {
    openssl ca -config pki/ca.conf -revoke $1.pem -keyfile root.key -cert root.pem > "$out" 2> "$err" || return
    serial=$(openssl x509 -in $1.pem -noout -serial | cut -d= -f2)
    sed -i "/	$serial	/s/^R	\([^	]*\)	[^	]*	/R	\1	${2}000000Z	/" pki/index.txt
}

revocation_list() {
    list_of=$1
    list_out=$2
    shift 2
    openssl ca -config pki/ca.conf -gencrl -keyfile $list_of.key -cert $list_of.pem -out $list_out \
        -crl_lastupdate 20260101000000Z -crl_nextupdate 20270101000000Z "$@" > "$out" 2> "$err"
}
