#!/bin/sh
# PAdES B-T: documents time-stamped by an authority of RFC 3161 that this script runs on loopback;
# verified by openssl ts, openssl cms, pdfsig, qpdf and preflight; what happens when it is busy, silent,
# gone, or lies.
. "$(dirname "$0")/lib.sh"
. "$here/town.sh"
. "$here/pki.sh"
server=
trap '[ -z "$server" ] || kill "$server" 2> kill.err; rm -rf "$work"' EXIT

pki_begin
stamp_extensions='basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,timeStamping'
for name in root other; do
    new_key $name p256
    certify $name "" "/O=Stamps/CN=$name" "$authority_extensions" -enddate 20990101000000Z
done
new_key tsa rsa2048
certify tsa root "/O=Stamps/CN=TSA" "$stamp_extensions" -enddate 20990101000000Z
new_key weak rsa1024
certify weak root "/O=Stamps/CN=Weak" "$stamp_extensions" -enddate 20990101000000Z
echo 01 > serial
cat > tsa.conf <<CONF
[good]
serial=$work/serial
crypto_device=builtin
signer_cert=$work/tsa.pem
signer_key=$work/tsa.key
signer_digest=sha256
default_policy=1.2.3.4.1
digests=sha256
accuracy=secs:1
ess_cert_id_alg=sha256
[refused]
serial=$work/serial
signer_cert=$work/tsa.pem
signer_key=$work/tsa.key
signer_digest=sha256
default_policy=1.2.3.4.1
digests=sha512
CONF
for section in weak sha1; do
    sed -n '/^\[good\]/,/^\[refused\]/p' tsa.conf | sed "1s/good/$section/;\$d" > section
    cat section >> tsa.conf
done
sed -i '/^\[weak\]/,/^\[sha1\]/s/tsa\./weak./;/^\[sha1\]/,$s/=sha256/=sha1/;s/^digests=sha1/digests=sha256/' tsa.conf
start() {
    rm -f port
    python3 "$here/../support/tsa.py" tsa.conf port plan 2> tsa.err &
    server=$!
    tries=0
    until [ -s port ] || [ $tries -gt 200 ]; do
        tries=$((tries + 1))
        sleep 0.05
    done
}
plan() { # words
    echo "$*" > plan
    : > plan.asked
}
configure() { # lines
    sed -i '/^timestamp_/d' s/anzheng.conf
    printf '%s\n' "$@" >> s/anzheng.conf
}
pending() { "$ANZHENG" status --store=s --json | sed -n 's/.*"documents":{[^}]*"pending":\([0-9]*\).*/\1/p'; }
night='--now=2026-05-05T20:00:00+08:00'

make_town s
cp -r s plain
grep -q '^# timestamp_url = ' s/anzheng.conf
is "init names the key in anzheng.conf" "$?" 0
plan good
start
url="http://127.0.0.1:$(cat port)/stamp"

# --- refused before anything is made --------------------------------------------------------------
waiting=$(pending)
before=$(newest s)
untouched() { # what
    is "$1: nothing was logged" "$(newest s)" "$before"
    is "$1: nothing was written" "$(find s/certificates -type f | wc -l)" 0
}
configure "timestamp_url = $url"
run regenerate --store=s $night
status_is 78 "without roots no time-stamp can be verified"
err_has '[timestamp_roots]' "and it is said"
untouched "no roots"
configure "timestamp_url = $url" "timestamp_roots = $work/other.pem" "timestamp_tries = 2"
run regenerate --store=s $night
status_is 69 "an authority that leads to no root"
err_has '[timestamp_failed]' "gives nothing that holds"
is "it was tried as often as configured" "$(grep -c . plan.asked)" 2
untouched "other root"
configure "timestamp_url = $url" "timestamp_roots = $work/root.pem" "timestamp_room = 600"
run regenerate --store=s $night
status_is 78 "a token that has no room"
err_has '[timestamp_too_large]' "and it is said"
untouched "no room"
configure "timestamp_url = http://example.invalid/stamp" "timestamp_roots = $work/root.pem"
run regenerate --store=s $night
status_is 64 "http beyond loopback"
for word in garbage refused busy stale weak sha1; do
    plan $word
    configure "timestamp_url = $url" "timestamp_roots = $work/root.pem" "timestamp_tries = 1"
    run regenerate --store=s $night
    status_is 69 "an authority that is $word"
    untouched $word
done
plan silent
configure "timestamp_url = $url" "timestamp_roots = $work/root.pem" "timestamp_tries = 1" "timestamp_timeout = 1"
run regenerate --store=s $night
status_is 69 "an authority that does not answer in time"
untouched silent

# --- in the middle of a run -----------------------------------------------------------------------
plan good good garbage
configure "timestamp_url = $url" "timestamp_roots = $work/root.pem" "timestamp_tries = 1"
run regenerate --store=s $night --workers=1
status_is 69 "an authority that fails in the middle stops the run"
is "no document is called failed for it" "$(pending)" "$waiting"
plan busy good busy busy good
configure "timestamp_url = $url" "timestamp_roots = $work/root.pem"
run regenerate --store=s $night --workers=1 --json
status_is 1 "the next run goes on, past busy moments"
is "all are made" "$(field rendered) $(field failed)" "9 2"
is "the connection is kept: one of the planner, one of the worker" \
    "$(grep '^good' plan.asked | cut -d' ' -f3 | sort -u | wc -l)" 2
grep -qv ' application/timestamp-query ' plan.asked
is "by the media type of RFC 3161" "$?" 1

# --- what is in them ------------------------------------------------------------------------------
file=$(certificate_file s '沪建安B(2019)0000002')
python3 - "$file" <<'PY'
import re, subprocess, sys
data = open(sys.argv[1], 'rb').read()
a, b, c = map(int, re.search(rb'/ByteRange \[0 (\d+) (\d+) (\d+)\]', data).groups())
assert b + c == len(data)
open('content', 'wb').write(data[:a] + data[b:])
cms = bytes.fromhex(data[a + 1:b - 1].decode())
cms = cms[:4 + int.from_bytes(cms[2:4], 'big')]
open('cms', 'wb').write(cms)
# SignerInfo ends in the signature (OCTET STRING) and [1] with the one unsigned attribute
oid = bytes.fromhex('060b2a864886f70d010910020e')
assert cms.count(oid) == 1
at = cms.index(oid) + len(oid)
def value(der, at):
    size, length = der[at + 1], 2
    if size & 0x80:
        length = 2 + (size & 0x7f)
        size = int.from_bytes(der[at + 2:at + length], 'big')
    return at + length, at + length + size
start, end = value(cms, at)             # SET
open('token', 'wb').write(cms[start:end])
before = cms.index(oid)
for wraps in range(2):                  # SEQUENCE of the attribute, [1]
    before -= 4
open('signature', 'wb').write(cms[before - 256:before])
PY
openssl ts -verify -token_in -in token -data signature -CAfile root.pem > "$out" 2> "$err"
is "openssl ts: the token is over the signature" "$?" 0
head -c 255 signature > changed
printf X >> changed
openssl ts -verify -token_in -in token -data changed -CAfile root.pem > "$out" 2> "$err"
is "and over no other" "$?" 1
openssl cms -verify -cades -binary -inform DER -in cms -content content -CAfile s/trust/root.pem -purpose any > "$out" 2> "$err"
is "openssl cms: the signature holds with the attribute in it" "$?" 0
mkdir nss
certutil -N -d sql:nss --empty-password > "$out" 2>&1
certutil -A -d sql:nss -n root -t CT,CT,CT -i s/trust/root.pem > "$out" 2>&1
pdfsig -nssdir sql:nss "$file" > "$out" 2> "$err"
out_has 'Signature is Valid' "pdfsig: valid"
out_has 'Certificate is Trusted' "pdfsig: trusted"
out_has 'Total document signed' "pdfsig: all of it"
qpdf --check "$file" > "$out" 2>&1
is "qpdf: well-formed" "$?" 0
archival "$file" "PDF/A-1b with a time-stamp"
run audit check "$file" --store=s --json
status_is 0 "audit check"
run audit compare --store=s --json
status_is 0 "audit compare draws them again without asking anybody"
is "and finds no other bytes" "$(field renderer_differs)" 0

# --- proofs, and without an authority -------------------------------------------------------------
plan garbage
configure "timestamp_url = $url" "timestamp_roots = $work/root.pem" "timestamp_tries = 1"
run submit end.jsonl --store=s --now=2026-05-06T09:00:00+08:00
status_is 1 "a submission stands when its proofs cannot be stamped"
is "none is there" "$(find s/proofs -name '*.pdf' | wc -l)" 0
kill "$server"
wait "$server" 2> kill.err
run regenerate --store=s --now=2026-05-06T20:00:00+08:00
status_is 69 "an authority that is gone"
start
configure "timestamp_url = http://127.0.0.1:$(cat port)/" "timestamp_roots = $work/root.pem"
plan good
run regenerate --store=s --now=2026-05-06T20:00:00+08:00 --json
is "and back: the proofs are made" "$(find s/proofs -name '*.pdf' | wc -l)" 3
run regenerate --store=plain $night --json
is "without an authority nothing is asked" "$(grep -c . plan.asked) $(field rendered)" "4 9"
small=$(stat -c %s "$(certificate_file plain '沪建安B(2019)0000002')")
is "and nothing reserved" "$(($(stat -c %s "$file") - small))" "$((2 * (6144 + 48)))"
done_testing
