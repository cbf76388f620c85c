#!/bin/sh
# Actions as verbs: one wish at a time, answered as a line of a submission is.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=required
today=--today=2026-01-06

run exchange --certificate="$paper" --enterprise=$jia --confirmed $today
status_is 77 "without a signature nothing is done"
err_has "[signature_required]" "and the reason is named"
run trust issue --code=$jia --out=keys $today
run trust issue --code=$yi --out=keys $today
status_is 0 "certificates for both enterprises"
signed="--signer-cert=keys/$jia.pem --signer-key=keys/$jia.key"
# shellcheck disable=SC2086 # several options, here and below
run exchange --certificate="$paper" --enterprise=$yi --confirmed $today $signed
status_is 1 "signed by another enterprise"
out_has actor_mismatch "is a mismatch"
run exchange --certificate="$paper" --enterprise=$jia --confirmed $today --signer-cert=keys/$jia.pem
status_is 64 "a certificate without its key"
run exchange --certificate="$paper" --enterprise=$jia --confirmed $today \
    --signer-cert=keys/$jia.pem --signer-key=keys/$yi.key
status_is 78 "a certificate with another key"
run exchange --certificate="$paper" --enterprise=$jia $today $signed --json
status_is 1 "not confirmed"
out_has '"outcome":"refused","code":"not_confirmed"' "is refused"
run exchange --certificate="$paper" --enterprise=$jia --confirmed $today $signed --json --id=W-1
status_is 0 "signed and confirmed"
out_has '"id":"W-1","action":"exchange","outcome":"accepted"' "is accepted"
out_has "\"certificates\":[\"$paper\"]" "names the certificate"
event=$(field first_event)
run exchange --certificate='沪建安B（2024）0001234' --enterprise=$jia --confirmed $today $signed --json --id=W-1
out_has '"outcome":"duplicate"' "the same wish again is a duplicate"
is "with the first event" "$(field first_event)" "$event"
run cancel --certificate="$paper" --enterprise=$jia --reason=employment_ended --confirmed $today $signed --json --id=W-1
out_has '"code":"id_reused"' "another wish under the id is refused"
run exchange --enterprise=$jia --confirmed $today $signed --json
out_has '"outcome":"invalid","code":"missing_field"' "a field that is missing"
run audit history certificate "$paper" --json
out_has "\"signer\":\"$(openssl x509 -in keys/$jia.pem -outform DER | sha256sum | cut -c1-64)\"" \
    "the signer is in the log"

run download "$paper" --enterprise=$jia --out=x.pdf $today
status_is 1 "no document yet"
err_has "[document_not_ready, R-QD-05]" "and that is said"
run regenerate $today
status_is 0 "documents are made"
run download "$paper" --enterprise=$yi --out=x.pdf $today
status_is 1 "not another's document"
err_has "[not_own_certificate" "and that is said"
run status --json
before=$(field events)
run download "$paper" --enterprise=$jia --out=x.pdf $today
status_is 0 "the own one"
is "is a PDF" "$(head -c 5 x.pdf)" "%PDF-"
run status --json
is "and logged" "$(field events)" $((before + 1))
run download "$paper" --enterprise=$jia --out=nowhere/x.pdf $today
status_is 73 "a place that is not there"
run download "$paper" --enterprise=$jia $today
status_is 64 "no place"
run download "$paper" --enterprise=$jia --out=x.pdf --today=2027-03-01
err_has "[certificate_expired" "not after its end"

done_testing
