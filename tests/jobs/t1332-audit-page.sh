#!/bin/sh
# What docs/audit.md tells an outsider to do, done: its commands as they stand there, in an export, without
# the program; and each of them refuses what was altered.
. "$(dirname "$0")/lib.sh"
. "$here/town.sh"
for tool in python3 openssl protoc pdfinfo pdfsig certutil qpdf; do
    command -v $tool > "$out" || {
        report 0 "the page # SKIP $tool is not installed"
        done_testing
        exit
    }
done
day=2026-05-05
at=--now=${day}T10:00:00+08:00
B='沪建安B(2019)0000004'
block() { awk -v n="$1" '/^```/ { inside = !inside; count += inside; next } inside && count == n' "$here/../../docs/audit.md"; }
page() { # number of a block, and what of it reads otherwise here (a sed program): its output to $out
    block "$1" | sed "${2:-}" > ../block
    sh ../block > "$out" 2> "$err" < /dev/null
}

make_town s
"$ANZHENG" trust issue --code="$E1" --out=key --store=s $at --json > "$out"
head -1 end.jsonl > wish.jsonl
openssl cms -sign -binary -in wish.jsonl -signer "key/$E1.pem" -inkey "key/$E1.key" -outform DER -out wish.p7s
"$ANZHENG" regenerate --store=s $at --json > "$out" # the page shows it as it was before the wish
run checkpoint --store=s $at
run audit export --tiles=early --store=s
run submit wish.jsonl --signature=wish.p7s --store=s $at
out_has '"outcome":"accepted"' "a signed wish"
file=$("$ANZHENG" audit history day $day --store=s --json | sed -n 's/.*"event":\([0-9]*\),.*"type":"file_processed".*/\1/p' | tail -1)
run audit history file "$file" --out=f --reason=audit --store=s $at
status_is 0 "what is handed over: a submission, which is an event"
run checkpoint --store=s $at
run audit export --tiles=x --store=s
status_is 0 "the log"
run audit prove "$B" --out=p --store=s
status_is 0 "proofs"
run audit compare --out=x/summary --store=s $at
status_is 0 "a comparison"
cp "$(certificate_file s "$B")" x/document.pdf
cp "$(find s/proofs -name '*.pdf')" x/proof.pdf
ordered=$(pdfinfo -meta x/proof.pdf | sed -n 's|.*<anz:entry>[^ ]* \([0-9]*\) .*|\1|p')
run audit check x/proof.pdf --store=s --root=s/trust/root.pem
err_has "proof of event $ordered: that" "a proof is called by its event"
run audit check x/proof.pdf --store=s --root=s/trust/root.pem --lang=zh
err_has "第 $ordered 号事件的证书" "in Chinese too"
run audit check x/proof.pdf --store=nothing --vkey=s/trust/log.vkey --root=s/trust/root.pem
err_has "is proven of 0 only" "a document that carries no proof is not said to be proven"
run audit check x/proof.pdf --store=nothing --vkey=s/trust/log.vkey --root=s/trust/root.pem --json
out_has '"not_proven":["inclusion",' "nor to machines"
run audit check x/proof.pdf x/document.pdf --store=nothing --vkey=s/trust/log.vkey --root=s/trust/root.pem --json
out_has '"proven":[],' "nor beside one that is"
run audit prove --event="$ordered" --out=ordered --store=s
status_is 0 "the proof of its order"
run audit replay --as-of=$day --out=views --store=s
status_is 0 "the views of that day"
cp f/submission.jsonl f/signature.p7s p/*.tlog-proof s/trust/root.pem x
cp -r early x/mine
mv s away # from here on without a store
cd x || exit 1

# 1, 2: the checkpoint, the events below it, and the one that was kept
page 1
out_has "Verified Successfully" "1: the checkpoint's signature"
block 2 > log.py
page 3
is "2: the events give both roots" "$(cat "$out")" "these are the signed events
and they continue what I saw before"
cp -r . ../bad && cd ../bad || exit 1
sed -i '2s/.*/9/' checkpoint
page 1
out_lacks "Verified Successfully" "1: another number of events is not signed"
cp ../x/checkpoint . && flip "$(find tile/entries -type f)" 3000
page 3
is "2: an altered event is seen by both" "$(cat "$out")" ""
cd ../x || exit 1

# 3, 4: an event, a document, its digest in the log, the proof it carries
page 4
out_has 'operator:' "3: an event, read by the schema"
out_has "$(sed -n 2p checkpoint) of $(sed -n 2p checkpoint) events stand where they say" "3: numbers and days"
page 5
out_has "Signature is Valid." "4: the document's signature"
out_has "Certificate is Trusted." "4: by the root that was given"
out_has "Total document signed" "4: all of it"
rendered=$(tail -1 "$out")
python3 log.py event "${rendered:-0}" | protoc --decode=Event -Ischema schema/event.proto > "$out" 2> "$err"
out_has "document_rendered {" "4: its digest is found in the event of its rendering"
page 6
out_has "certificate_exchanged {" "4: what the page shows is proven by the document itself"
page 1 's|checkpoint|proven/checkpoint|'
out_has "Verified Successfully" "4: in a tree that was signed"
held=0
for proof in 0*.tlog-proof; do
    number=${proof%.tlog-proof}
    python3 log.py proof "$proof" > bytes 2> "$err" || break
    python3 log.py event "${number#"${number%%[!0]*}"}" | cmp -s - bytes || break
    page 1 's|checkpoint|proven/checkpoint|'
    grep -q "Verified Successfully" "$out" && held=$((held + 1))
done
is "4: so are the proofs of its events, each of the event it is called by" "$held" "$(find . -maxdepth 1 -name '0*.tlog-proof' | wc -l)"
altered() { # sed program, what: python3 log.py proof refuses it
    sed "$1" document.tlog-proof > altered.tlog-proof
    python3 log.py proof altered.tlog-proof > "$out" 2> "$err"
    is "4: refused: $2" "$?" 1
}
altered '/^extra /s/.....$/AAAAA/' "another event"
altered '/^index /s/$/0/' "another place"
altered '4d' "a hash that is missing"
altered '5s/^...../AAAAA/' "another hash"
cp document.pdf whole.pdf && flip document.pdf 3000
page 5
out_lacks "Signature is Valid." "4: an altered document"
grep -q '^[0-9]' "$out"
is "4: whose digest is in no event" "$?" 1

# a proof of a cancellation carries none: the register hands it out, or the export tells
mv proof.pdf document.pdf
page 5
out_has "Signature is Valid." "4: the signature of a proof, by the folder of before"
is "4: which nothing complains of" "$(cat "$err")" ""
page 7
out_has "cancellation_proof_ordered {" "4: the event that its metadata name"
out_has "this is event $ordered of the log" "4: is that event"
cp ../ordered/*.tlog-proof document.tlog-proof
page 6 '/pdfinfo/d'
out_has "cancellation_proof_ordered {" "4: so says the proof that was asked for"
cp whole.pdf document.pdf
page 7
out_has "certificate_exchanged {" "4: a certificate names its event, too"
mv whole.pdf document.pdf

# 5, 6: a submission, a comparison
page 8 "s/2026-05-05/$day/"
is "5: the submission is the enterprise's" "$(head -1 "$err")" "CMS Verification successful"
is "5: by its own certificate" "$(sed 1q "$out" | grep -o "$E1" | head -1)" "$E1"
is "5: and of this event" "$(sed 1d "$out")" "$file"
page 8 's/2026-05-05/2020-01-01/'
is "5: not on a day on which its certificate did not hold" "$(grep -c successful "$err")" 0
echo >> submission.jsonl
page 8
is "5: nor when a line was added" "$(grep -c successful "$err")" 0
page 1 "s/checkpoint/summary/; s|^name=.*|name=\$(head -n 1 summary \| sed 's#/compare\$##')|"
out_has "Verified Successfully" "6: the comparison's signature"
is "6: of the events that were verified" "$(sed -n 's/^events //p; s/^root //p' summary)" "$(sed -n 2,3p checkpoint)"
sed -i 's/^missing 0/missing 1/' summary
page 1 "s/checkpoint/summary/; s|^name=.*|name=\$(head -n 1 summary \| sed 's#/compare\$##')|"
out_lacks "Verified Successfully" "6: and of no other text"
# 7: the states of all certificates, from the events alone
cat > ../columns.py <<'END'
import csv, sys
for row in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig", newline="")):
    print(*(row[key] for key in ("certificate", "category", "status", "valid_until", "version", "enterprise_code")), sep=",")
END
python3 ../columns.py ../views/certificates.csv | LC_ALL=C sort > ../views/columns
block 9 > states.py
page 10 "s/2026-05-05/$day/"
LC_ALL=C sort "$out" > ../states
is "7: the states of a day are the register's" "$(cmp ../states ../views/columns 2>&1)" ""
is "7: some certificate is one that was given up" "$(grep -c ',released,' ../states)" 1
page 10 's/2026-05-05/2028-02-01/'
is "7: later the others have run out" "$(grep -c ',expired,' "$out") $(grep -c ',valid,' "$out")" "$(grep -c ',valid,' ../states) 0"
page 10 's/2026-05-05/2026-05-04/'
is "7: the day before they were of paper" "$(grep -vc ',0,9131' "$out")" 0
done_testing
