#!/bin/sh
# A random sample of a small city's documents, through foreign programs: qpdf, pdfsig with the root
# trusted, mutool, PDFBox's preflight for PDF/A-1b; then the text, the language, the metadata and the
# form of the signature. SEED chooses another sample.
. "$(dirname "$0")/lib.sh"
. "$here/town.sh"

seed=${SEED:-$(date +%s)}
echo "# seed $seed"
play_city() {
    "$ANZHENG" sample --out=city --persons=160 --enterprises=9 --seed=7 --today=2026-05-01 --quiet > "$out"
    first=$(head -1 city/plan.txt | cut -d' ' -f1)
    "$ANZHENG" init --store=s --signatures=optional --clock=free --today="$first" --quiet --json > "$out"
    while read -r day what a b; do
        case "$what" in
            trust) "$ANZHENG" trust add "city/$a" --store=s --today="$day" --quiet ;;
            import) "$ANZHENG" import "$a" "city/$b" --store=s --today="$day" --quiet ;;
            submit) "$ANZHENG" submit "city/$a" --store=s --today="$day" --quiet ;;
        esac
    done < city/plan.txt > "$out" 2> "$err"
}
# The foreign programs are not sanitized: the repetition shows them the town's few.
if [ -z "${SMALLER:-}" ]; then
    play_city
    wanted=0
else
    make_town s
    "$ANZHENG" submit end.jsonl --store=s --today=2026-05-06 --quiet > "$out"
    wanted=1 # two names have characters that no font has
fi
run regenerate --store=s --today=2026-06-30 --json
status_is $wanted "documents are drawn"
find s/certificates s/proofs -name '*.pdf' | sort > all
[ "$(wc -l < all)" -ge "$(smaller 60 7)" ]
is "there are enough" "$?" 0
python3 - "$seed" all "$(smaller 24 4)" "$(smaller 6 3)" > sample <<'PY'
import random, sys
random.seed(int(sys.argv[1]))
files = open(sys.argv[2]).read().split()
proofs = [f for f in files if '/proofs/' in f]
chosen = random.sample([f for f in files if '/certificates/' in f], int(sys.argv[3])) + random.sample(proofs, min(int(sys.argv[4]), len(proofs)))
print('\n'.join(chosen))
PY
mkdir documents nss
while read -r file; do cp "$file" documents; done < sample
chosen=$(wc -l < sample)

each() { # what, command...: every document of the sample passes it
    what=$1
    shift
    passed=0
    for file in documents/*.pdf; do
        if "$@" "$file"; then passed=$((passed + 1)); else echo "# $file"; fi
    done
    is "$what" "$passed" "$chosen"
}
well_formed() { qpdf --check "$1" > "$out" 2>&1; }
certutil -N -d sql:nss --empty-password > "$out" 2>&1
certutil -A -d sql:nss -n root -t CT,CT,CT -i s/trust/root.pem > "$out" 2>&1
signed() {
    pdfsig -nssdir sql:nss "$1" > "$out" 2> "$err" && grep -q 'Signature is Valid' "$out" &&
        grep -q 'Certificate is Trusted' "$out" && grep -q 'Total document signed' "$out" &&
        grep -q 'ETSI.CAdES.detached' "$out"
}
unchanged() { mutool sign -v "$1" 2> "$err" | grep -q 'unchanged since signing'; }
silent() { # but for what its build lacks
    mutool draw -q -F txt -o "$out" "$1" 2> "$err" && ! grep -qv 'ICC support is not available' "$err"
}

each "qpdf: well-formed" well_formed
each "pdfsig: valid, trusted, all of it, PAdES" signed
if command -v mutool > "$out"; then
    each "mutool: unchanged since signing" unchanged
    each "mutool: reads it without a word" silent
else
    report 0 "mutool # SKIP mupdf-tools is not installed"
fi
if [ -e /usr/share/java/preflight.jar ] && command -v java > "$out"; then
    # one machine for all of them
    java -cp "$java_path" org.apache.pdfbox.preflight.Validator_A1b xml group documents > "$out" 2> "$err"
    is "preflight: PDF/A-1b" "$(grep -o '<isValid[^>]*>true<' documents.preflight.xml | wc -l)" "$chosen"
else
    report 0 "preflight # SKIP libpdfbox2-java and a Java runtime are not installed"
fi

# --- what is in it --------------------------------------------------------------------------------
run audit check documents/*.pdf --store=s --json
status_is 0 "audit check: all of the sample"
is "by every check" "$(grep -c '"proof":"ok","content":"ok",.*"logged":"ok"' "$out")" "$chosen"

python3 - documents/*.pdf > "$out" <<'PY'
import re, subprocess, sys
for name in sys.argv[1:]:
    data = open(name, 'rb').read()
    xmp = data[data.index(b'<?xpacket begin'):data.index(b'<?xpacket end')].decode()
    def one(tag):
        found = re.findall('<%s>(.*?)</%s>' % (tag, tag), xmp, re.S)
        assert len(found) == 1, (tag, found)
        return found[0]
    info = dict(re.split(r':\s+', line, maxsplit=1) for line in
                subprocess.run(['pdfinfo', '-isodates', name], capture_output=True, text=True).stdout.splitlines() if ': ' in line)
    number, identifier = one('anz:number'), one('dc:identifier')
    # the information dictionary says what the metadata say
    assert info['Subject'] == number, (info, number)
    assert info['Producer'] == one('pdf:Producer')
    assert one('dc:title').endswith('>%s</rdf:li></rdf:Alt>' % info['Title'])
    assert info['CreationDate'] == one('xmp:CreateDate').replace('+08:00', '+08'), info
    assert b'/Lang (zh-CN)' in data and b'/Marked false' in data
    text = subprocess.run(['pdftotext', name, '-'], capture_output=True, text=True).stdout.replace('\n', '')
    if one('anz:code') if '<anz:code>' in xmp else '':
        assert number in text and identifier in text, name
        where = [text.index(word) for word in ('安全生产考核合格证书', '编号', '姓名', '性别', '出生年月', '企业名称', '职务', '初次领证日期', '有效期')]
        assert where == sorted(where), (name, where)
        assert '<anz:proof>c2sp.org/tlog-proof@v1\n' in xmp
    assert re.fullmatch(r'\S+ [1-9][0-9]* [A-Za-z0-9+/]{43}=', one('anz:entry')), xmp
    assert len(data) <= 65536, (name, len(data))
print('good')
PY
is "metadata, document information, language, text in reading order, size" "$(cat "$out")" good

# PAdES B-B: the time in /M, not in the signature; the signing certificate bound by its digest.
file=$(head -1 sample)
python3 - "$file" <<'PY'
import re, sys
data = open(sys.argv[1], 'rb').read()
a, b, c = map(int, re.search(rb'/ByteRange \[0 (\d+) (\d+) (\d+)\]', data).groups())
open('content', 'wb').write(data[:a] + data[b:])
assert b + c == len(data)
cms = bytes.fromhex(data[a + 1:b - 1].decode())
size = 4 + int.from_bytes(cms[2:4], 'big')
assert not any(cms[size:])
open('cms', 'wb').write(cms[:size])
PY
openssl cms -verify -cades -binary -inform DER -in cms -content content -CAfile s/trust/root.pem -purpose any > "$out" 2> "$err"
is "openssl cms -cades verifies it" "$?" 0
openssl cms -cmsout -print -noout -inform DER -in cms > "$out" 2> "$err"
out_has 'id-smime-aa-signingCertificateV2' "the signer's certificate is bound in"
out_lacks 'signingTime' "and the time stands in the document"
done_testing
