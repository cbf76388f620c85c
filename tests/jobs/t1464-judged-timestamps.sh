#!/bin/sh
# audit check judges the time-stamp a document carries: over this signature, by an authority that
# leads to a root and whose certificate was valid then and for time-stamps; and that the signer's
# certificate was valid at the time it tells. Tokens are openssl's, some put into the document.
. "$(dirname "$0")/lib.sh"
. "$here/town.sh"
. "$here/pki.sh"
server=
trap '[ -z "$server" ] || kill "$server" 2> kill.err; rm -rf "$work"' EXIT

pki_begin
stamp_extensions='basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,timeStamping'
always='-startdate 20200101000000Z -enddate 20990101000000Z'
for name in root other authority; do
    new_key $name p256
    certify $name "" "/O=Stamps/CN=$name" "$authority_extensions" $always
done
for name in tsa stranger late signer sealed ended; do
    new_key $name p256
done
certify tsa root "/O=Stamps/CN=TSA" "$stamp_extensions" $always
certify stranger other "/O=Stamps/CN=Stranger" "$stamp_extensions" $always
certify late root "/O=Stamps/CN=Late" "$stamp_extensions" -startdate 20200101000000Z -enddate 20210101000000Z
certify signer root "/O=Stamps/CN=Signer" "$signer_extensions" $always
certify sealed authority "/O=Seal/CN=Seal/serialNumber=11310000TEX000010W" "$signer_extensions" $always
certify ended authority "/O=Seal/CN=Ended/serialNumber=11310000TEX000010W" "$signer_extensions" -startdate 20260420000000Z -enddate 20260510000000Z
openssl genpkey -algorithm ed25519 -out log.key
echo 01 > serial
for name in tsa stranger late; do
    cat >> tsa.conf <<CONF
[$name]
serial=$work/serial
signer_cert=$work/$name.pem
signer_key=$work/$name.key
signer_digest=sha256
default_policy=1.2.3.4.1
digests=sha256,sha1
ess_cert_id_alg=sha256
CONF
done
sed 's/\[tsa\]/[good]/' tsa.conf > server.conf
echo good > plan
python3 "$here/../support/tsa.py" server.conf port plan 2> tsa.err &
server=$!
tries=0
until [ -s port ] || [ $tries -gt 200 ]; do
    tries=$((tries + 1))
    sleep 0.05
done

write_town
for name in sealed ended; do
    make_town $name --root-cert=authority.pem --document-cert=$name.pem --document-key=$name.key --log-key=log.key
    printf '%s\n' "timestamp_url = http://127.0.0.1:$(cat port)/" "timestamp_roots = $work/root.pem" >> $name/anzheng.conf
    run regenerate --store=$name --certificate='沪建安B(2019)0000002' --now=2026-05-05T20:00:00+08:00 --json
    is "$name: drawn and stamped" "$(field rendered)" 1
    cp "$(certificate_file $name '沪建安B(2019)0000002')" $name.pdf
    cp $name/trust/log.vkey $name.vkey
done
kill "$server"
wait "$server" 2> kill.err
server=

judged() { # the verdict, what
    is "$2" "$(sed -n 's/.*"timestamp":"\([a-z]*\)".*/\1/p' "$out")" "$1"
}
check() { # file, options: without a store
    file=$1
    shift
    run audit check $file --store=none --vkey=sealed.vkey --root=authority.pem --json "$@"
}

# --- whole ----------------------------------------------------------------------------------------
run audit check sealed.pdf --store=sealed --json
status_is 0 "a stamped document holds before its store"
judged ok "by the roots of its configuration"
out_has '"stamped":"2' "the time is told"
out_has '"stamped_by":"O=Stamps, CN=TSA"' "and who told it"
run audit check sealed.pdf --store=sealed
err_has 'Time-stamp: holds: signed before 2' "in words too"
run audit check sealed.pdf --store=sealed --lang=zh
err_has '时间戳：有效：签名不晚于 2' "in Chinese too"
sed -i "s|^timestamp_roots.*|timestamp_roots = $work/other.pem|" sealed/anzheng.conf
run audit check sealed.pdf --store=sealed --json
status_is 0 "a store that has gone on to another authority"
judged unknown "cannot judge, and blames nobody"
check sealed.pdf
status_is 0 "without roots it says nothing of the time-stamp"
judged unknown "but that it is not judged"
out_has '"stamped":"2' "and what it says"
run audit check sealed.pdf --store=none --vkey=sealed.vkey --root=authority.pem
err_has '--timestamp-root=FILE' "and what would help"
check sealed.pdf --timestamp-root=root.pem
judged ok "with the root it holds offline"
openssl x509 -in root.pem -outform DER -out root.der
check sealed.pdf --timestamp-root=other.pem --timestamp-root=root.der
judged ok "one of several, in DER"
check sealed.pdf --timestamp-root=other.pem
status_is 79 "an authority that was not named"
judged failed "does not stamp"
check sealed.pdf --timestamp-root=paper.csv
status_is 78 "a file without certificates"

# --- the signer, then -----------------------------------------------------------------------------
run audit check ended.pdf --store=ended --json
status_is 79 "a signer whose certificate was not valid at the time of the time-stamp"
judged failed "is found out"
out_has '"signer":"ok"' "though it was on the day of the page"
out_has '"code":"document_signer_not_then"' "and it is said"

# --- other tokens in its place --------------------------------------------------------------------
cat > token.py <<'PY'
"""token.py take FILE SIGNATURE | put FILE TOKEN OUT: the token in a document's signature"""
import re, sys
STAMP = bytes.fromhex('060b2a864886f70d010910020e')

def parts(der):
    size, start = der[1], 2
    if size & 0x80:
        start = 2 + (size & 0x7f)
        size = int.from_bytes(der[2:start], 'big')
    return der[:1], der[start:start + size], start + size

def children(body):
    while body:
        end = parts(body)[2]
        yield body[:end]
        body = body[end:]

def wrap(tag, body):
    size = len(body)
    long = size.to_bytes((size.bit_length() + 7) // 8, 'big')
    return tag + (bytes([size]) if size < 128 else bytes([0x80 | len(long)]) + long) + body

def put(der, token):
    tag, body, _ = parts(der)
    inner = list(children(body))
    if inner[0] == STAMP:
        return wrap(tag, STAMP + wrap(b'\x31', token))
    return wrap(tag, b''.join(inner[:-1]) + put(inner[-1], token))

data = open(sys.argv[2], 'rb').read()
a, b = map(int, re.search(rb'/ByteRange \[0 (\d+) (\d+) ', data).groups())
cms = bytes.fromhex(data[a + 1:b - 1].decode())
cms = cms[:parts(cms)[2]]
if sys.argv[1] == 'take':
    der = cms
    while der[:1] != b'\xa1':
        *before, der = children(parts(der)[1])
    open(sys.argv[3], 'wb').write(parts(before[-1])[1])
else:
    new = put(cms, open(sys.argv[3], 'rb').read()).hex().encode()
    open(sys.argv[4], 'wb').write(data[:a + 1] + new.ljust(b - a - 2, b'0') + data[b - 1:])
PY
python3 token.py take sealed.pdf signature
printf x > another
token() { # name, section, what is stamped, its digest
    openssl ts -query -data $3 -$4 -cert -out query 2> "$err"
    openssl ts -reply -config tsa.conf -section $2 -queryfile query -token_out -out $1.token 2> "$err"
    python3 token.py put sealed.pdf $1.token $1.pdf
}
bad() { # name, what
    check $1.pdf --timestamp-root=root.pem
    status_is 79 "$2"
    judged failed "$2: told"
    out_has '"signature":"ok","signer":"ok"' "$2: the signature holds all the same"
}
token fresh tsa signature sha256
check fresh.pdf --timestamp-root=root.pem
status_is 0 "a token that was put into its place"
judged ok "holds"
token foreign stranger signature sha256
bad foreign "a token of another authority"
check foreign.pdf --timestamp-root=other.pem
judged ok "which holds under its own root"
token late late signature sha256
bad late "an authority whose certificate had ended"
out_has 'certificate has expired' "and why"
token another tsa another sha256
bad another "a token over something else"
token sha1 tsa signature sha1
bad sha1 "a token over a SHA-1"
openssl cms -verify -noverify -inform DER -in fresh.token -out told 2> "$err"
openssl cms -sign -binary -nodetach -in told -signer signer.pem -inkey signer.key -outform DER \
    -econtent_type 1.2.840.113549.1.9.16.1.4 -cades -out purpose.token 2> "$err"
python3 token.py put sealed.pdf purpose.token purpose.pdf
bad purpose "a certificate that is not for time-stamps"
out_has 'purpose' "and why"
python3 -c 'import re; d = open("told", "rb").read(); open("told", "wb").write(re.sub(rb"\x18\x0f\d{14}Z", b"\x18\x0f99991231235959Z", d))'
openssl cms -sign -binary -nodetach -in told -signer tsa.pem -inkey tsa.key -outform DER \
    -econtent_type 1.2.840.113549.1.9.16.1.4 -cades -out never.token 2> "$err"
python3 token.py put sealed.pdf never.token never.pdf
bad never "a time beyond the calendar"
out_lacks '"stamped"' "is not told as another"
python3 -c 'd = bytearray(open("fresh.token", "rb").read()); d[-9] ^= 1; open("bent.token", "wb").write(d)'
python3 token.py put sealed.pdf bent.token bent.pdf
bad bent "a token that was changed"
printf '\060\003\002\001\001' > none.token
python3 token.py put sealed.pdf none.token none.pdf
bad none "something that is no token"
out_lacks '"stamped"' "tells no time"
done_testing
