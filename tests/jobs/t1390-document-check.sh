#!/bin/sh
# Documents verified on their own: form, signature, signer, proof, content, code and log, a verdict
# each; every kind of tampering is found, with a store and without.
. "$(dirname "$0")/lib.sh"
. "$here/town.sh"
make_town s
run regenerate --store=s --now=2026-05-05T20:00:00+08:00 --json
is "documents are drawn" "$(field rendered) $(field failed)" "9 2"
is "under a checkpoint that was signed before" "$(ls s/checkpoints | grep -c '^[0-9]*\.txt$')" 1
A='沪建安A(2019)0000001'
B='沪建安B(2019)0000002'
cp "$(certificate_file s "$A")" a.pdf
cp "$(certificate_file s "$B")" b.pdf
key=$(cat s/trust/log.vkey)
root=$work/root.pem
cp s/trust/root.pem root.pem

# --- whole ----------------------------------------------------------------------------------------
run audit check a.pdf --store=s --json
status_is 0 "a document holds before its store"
out_has '"checks":{"form":"ok","signature":"ok","signer":"ok","proof":"ok","content":"ok","code":"ok","logged":"ok","timestamp":"unknown"}' \
    "by every check"
out_has "\"document\":\"$A\",\"certificate\":\"$A\"" "it is named"
out_has '"current":true' "and is today's"
out_has "\"certificates\":[\"$A\"]" "and counted"
event=$(sed -n 's/^{"event":\([0-9]*\),.*/\1/p' "$out")
rendered=$(sed -n 's/.*"rendered":\([0-9]*\).*/\1/p' "$out")
run audit check a.pdf --store=s
for line in 'Form: a whole document' 'Signature: holds for all of it' 'Signer: trusted' \
    'Log entry: is in the log' 'Content: number' 'QR code: is the one' "These bytes: were logged by event $rendered"; do
    err_has "$line" "a line for people: $line"
done
run audit check a.pdf --store=s --lang=zh
err_has '签名：对全文有效' "in Chinese too"
err_has '签名者 C=CN, O=' "a name is no list of words"
cp a.pdf saved
run audit check saved b.pdf --store=s
status_is 0 "a document is known by how it begins, too"
is "of several only what is wrong is told in lines" "$(grep -c 'pdf: ' "$err")" 0
run checkpoint --store=s
run audit prove --event=$rendered --event=2 --out=p --store=s
status_is 0 "the event that made it, and the one that trusts its root, are proven"
mv s s.away # from here on nothing but the file, the key, and what is named
run audit check a.pdf
status_is 64 "without store and key there is nothing to believe"
run audit check a.pdf --vkey="$key" --json
status_is 1 "by the key alone nobody vouches for the bytes"
out_has '"signer":"unknown","proof":"ok","content":"ok","code":"ok","logged":"unknown"' "what is known is said"
run audit check a.pdf --vkey="$key"
err_has 'NOT judged: give the authority' "and what would help"
run audit check a.pdf b.pdf --vkey="$key" --root=root.pem --json
status_is 0 "with the root they hold, offline"
out_has '{"checked":2,"failed":0,' "both"
run audit check a.pdf --vkey="$key" --proof=$(ls p/*$rendered.tlog-proof) --json
status_is 0 "the log's proof that it made these bytes is enough"
out_has '"signer":"unknown","proof":"ok","content":"ok","code":"ok","logged":"ok"' "without any root"
run audit check b.pdf --vkey="$key" --proof=$(ls p/*$rendered.tlog-proof) --json
status_is 1 "but not for another document"
run audit check a.pdf --vkey="$key" --proof=p/000000000002.tlog-proof --json
status_is 0 "a root that the log is proven to trust is one"
run audit check a.pdf p --vkey="$key" --root=root.pem --json
status_is 0 "documents and proofs in one run"

# --- tampered with --------------------------------------------------------------------------------
tampered() { # file, status, code, what
    run audit check "$1" --vkey="$key" --root="$root" --json
    status_is "$2" "$4: $2"
    out_has "\"code\":\"$3\"" "$4: $3"
}
python3 - a.pdf b.pdf <<'PY'
import re, sys
a, b = (open(f, 'rb').read() for f in sys.argv[1:3])
def write(name, data):
    open(name + '.pdf', 'wb').write(data)
def part(data, tag):
    m = re.search(b'<anz:%s>(.*?)</anz:%s>' % (tag, tag), data, re.S)
    return m.start(1), m.end(1)
def put(data, tag, new):
    start, end = part(data, tag)
    assert len(new) == end - start
    return data[:start] + new + data[end:]
def get(data, tag):
    start, end = part(data, tag)
    return data[start:end]
write('proof', put(a, b'proof', get(b, b'proof')))
write('entry', put(put(a, b'proof', get(b, b'proof')), b'entry', get(b, b'entry')))
write('number', put(a, b'number', get(b, b'number')))
write('code', put(a, b'code', get(b, b'code')))
contents = a.index(b'/Contents <') + 11
other = b.index(b'/Contents <') + 11
write('signature', a[:contents] + b[other:b.index(b'>', other)] + a[a.index(b'>', contents):])
update = b'9 0 obj\n<<>>\nendobj\nxref\n9 1\n0000000015 00000 n\r\ntrailer\n<<\n/Prev 15 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n' % len(a)
write('update', a + update)
write('tail', a + b'\n')
write('short', a[:-1])
write('half', a[:len(a) // 2] )
write('nothing', b'')
write('text', b'This is not a PDF.\n')
write('foreign', b'%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n')
PY
tampered proof.pdf 79 signature_differs "a proof of another certificate"
out_has '"proof":"failed"' "the proof is seen to be of something else"
tampered entry.pdf 79 signature_differs "entry and proof of another certificate"
out_has '"proof":"ok","content":"failed"' "the proof holds, the number does not fit"
tampered number.pdf 79 signature_differs "another number"
out_has '"content":"failed"' "is not what the entry is about"
tampered code.pdf 79 signature_differs "another code in the metadata"
out_has '"code":"failed"' "is not the one on the page"
tampered signature.pdf 79 signature_differs "another document's signature"
tampered update.pdf 79 pdf_altered "an update appended"
tampered tail.pdf 79 pdf_altered "a line behind the end"
tampered short.pdf 79 pdf_altered "the last byte gone"
tampered half.pdf 79 pdf_altered "half of it"
tampered nothing.pdf 65 pdf_foreign "an empty file"
tampered text.pdf 65 pdf_foreign "no PDF"
tampered foreign.pdf 65 pdf_foreign "a PDF of somebody else"
# --- signed again by somebody else under the same root ---------------------------------------------
run trust issue --store=s.away --code=$E1 --out=given --today=2026-05-05
python3 - a.pdf given/$E1.key given/$E1.pem again.pdf <<'PY'
import re, subprocess, sys
data = bytearray(open(sys.argv[1], 'rb').read())
key, certificate, out = sys.argv[2:]
open_, behind = map(int, re.search(rb'/ByteRange \[0 (\d+) (\d+) ', data).groups())
open('ranges', 'wb').write(data[:open_] + data[behind:])
subprocess.run(['openssl', 'cms', '-sign', '-binary', '-in', 'ranges', '-signer', certificate, '-inkey', key,
                '-outform', 'DER', '-out', 'cms'], check=True)
data[open_ + 1:behind - 1] = open('cms', 'rb').read().hex().encode().ljust(behind - open_ - 2, b'0')
open(out, 'wb').write(data)
PY
run audit check again.pdf --vkey="$key" --root="$root" --json
status_is 1 "an enterprise under the same root does not vouch for a document"
out_has '"signature":"ok","signer":"unknown","proof":"ok"' "its signature and the copied proof hold for what they are"
run audit check again.pdf --vkey="$key" --root="$root"
err_has 'not named as the authority of this log (11310000TEX000010W)' "and that is said"
run audit check again.pdf --store=s.away --json
status_is 79 "the log knows that it did not make it"

run audit check gone.pdf --vkey="$key" --json
status_is 66 "a file that is not there"
run audit check a.pdf --vkey="$key" --root=a.pdf
status_is 78 "a root that is none"

# Single bits, at random places; the seed says which.
seed=${SEED:-$(date +%s)}
echo "# seed $seed"
python3 - a.pdf "$seed" <<'PY'
import random, sys
data = open(sys.argv[1], 'rb').read()
random.seed(int(sys.argv[2]))
for i in range(60):
    at, bit = random.randrange(len(data)), random.randrange(8)
    changed = bytearray(data)
    changed[at] ^= 1 << bit
    open('flip%03d.pdf' % i, 'wb').write(bytes(changed))
PY
run audit check flip*.pdf --vkey="$key" --root="$root" --json
status_is 79 "flipped bits: 79"
is "flipped bits: none is overlooked" "$(grep -c '"ok":true' "$out")" 0
out_has '{"checked":60,"failed":60,' "flipped bits: all are counted"

# --- other keys, other stores ---------------------------------------------------------------------
make_town t
run audit check a.pdf --vkey="$(cat t/trust/log.vkey)" --root="$root" --json
status_is 79 "another log's key"
out_has '"proof":"failed"' "does not sign its checkpoint"
run audit check a.pdf --vkey="$key" --root=t/trust/root.pem --json
status_is 79 "another authority's root"
out_has '"code":"signer_untrusted"' "does not lead to its signer"
run audit check a.pdf --store=t --json
status_is 79 "another store"
mv s.away s
run request-regeneration --certificate="$A" --enterprise="$E1" --store=s --now=2026-05-06T09:00:00+08:00
run regenerate --store=s --now=2026-05-06T20:00:00+08:00 --json
run audit check a.pdf --store=s --json
status_is 0 "a document that was replaced still holds"
out_has '"current":false' "but is not today's"
run audit check a.pdf --store=s
err_has 'a newer document' "people are told"
rm -r s/keys
run audit check a.pdf --store=s --json
status_is 0 "a store without keys will do"

# --- from the code to the log ---------------------------------------------------------------------
if command -v zbarimg > "$out" && command -v pdftoppm > "$out"; then
    pdftoppm -r 150 -png a.pdf page
    code=$(zbarimg -q --raw page*.png 2> "$err" | head -1)
    run audit history code "$code" --store=s --json
    is "the scanned code leads to the log entries of its document" "$status $(sed -n 's/^{"event":\([0-9]*\),.*/\1/p' "$out" | head -1)" "0 $rendered"
    out_has "$A" "of that certificate"
    run audit history code "${code##*=}" --store=s --json
    is "so does its token alone" "$status $(sed -n 's/^{"event":\([0-9]*\),.*/\1/p' "$out" | head -1)" "0 $rendered"
    run audit history code "${code}0" --store=s --json
    status_is 1 "another code leads nowhere"
fi

# --- streams without an end that is read ------------------------------------------------------------------
python3 - a.pdf swollen.pdf <<'PY'
"""Twenty streams in front, each a MiB of zeros and one more than is read; the rest moves up, whole in
form: the first object has to stay the first."""
import re, sys, zlib
data = open(sys.argv[1], 'rb').read()
table = int(re.search(rb'\nstartxref\n(\d+)\n', data)[1])
offsets = [int(row[:10]) for row in re.findall(rb'\d{10} 00000 n\r\n', data[table:])] + [table]
objects = [data[a:b] for a, b in zip(offsets, offsets[1:])]
bomb = zlib.compress(bytes((1 << 20) + 1), 9)
front = [b'0 0 obj\n<<\n/Length %d\n/Filter /FlateDecode\n>>\nstream\r\n' % len(bomb) + bomb + b'\nendstream\nendobj\n'] * 20
def moved(text):
    return re.sub(rb'\b(\d+) 0 R\b', lambda m: m[0] if m[1] == b'1' else b'%d 0 R' % (int(m[1]) + len(front)), text)
out, rows = data[:15], []
for number, one in enumerate(objects[:1] + front + objects[1:], 1):
    rows.append(b'%010d 00000 n\r\n' % len(out))
    head, mark, stream = one.partition(b'stream\r\n')
    head = moved(head) if number == 1 or number > len(front) + 1 else head
    out += re.sub(rb'^\d+', b'%d' % number, head) + mark + stream
start = len(out)
end = data[table:]
end = re.sub(rb'0 %d\n' % (len(objects) + 1), b'0 %d\n' % (len(rows) + 1), end, count=1)
end = re.sub(rb'/Size \d+', b'/Size %d' % (len(rows) + 1), moved(end))
end = re.sub(rb'(\d{10} 00000 n\r\n)+', lambda m: b''.join(rows), end)
out += re.sub(rb'startxref\n\d+', b'startxref\n%d' % start, end)
at = out.index(b'/Contents <') + len(b'/Contents ')
close = out.index(b'>', at) + 1
def ranges(m):
    new = b'/ByteRange [0 %d %d %d' % (at, close, len(out) - close)
    return new.ljust(len(m[0]) - 1) + b']'
out = re.sub(rb'/ByteRange \[[^\]]*\]', ranges, out)
open(sys.argv[2], 'wb').write(out)
PY
run audit check swollen.pdf --vkey="$key" --json
status_is 79 "a document that was swollen"
out_has '"form":"ok","signature":"failed"' "is whole in form, and not what was signed"
out_has '"code":"failed"' "and what is behind the limit of what is looked through is not looked for"
done_testing
