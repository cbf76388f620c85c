#!/bin/sh
# t0892-order - RULES 0.3 from outside: what the engine answers before a rule is asked. A line with
# every fault at once; the outermost is taken away, one by one. Then one id for two wishes.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=required
today=--today=2026-01-06
run trust issue --code=$jia --out=keys $today
run trust issue --code=$yi --out=keys $today

submit() { # line, [signer]
    printf '%s\n' "$1" > wish.jsonl
    openssl cms -sign -binary -in wish.jsonl -signer "keys/${2:-$yi}.pem" -inkey "keys/${2:-$yi}.key" \
        -outform DER -out wish.p7s 2> /dev/null
    run submit wish.jsonl --signature=wish.p7s $today
}
answers() { # outcome, code, rule or "", what
    out_has "\"outcome\":\"$1\",\"code\":\"$2\"${3:+,\"rule\":\"$3\"}" "$4"
}
long=$(printf '%65s' '' | tr ' ' x)
other='沪建安B(2024)0009999'

submit '{"id":"'$long'/","id":"b","action":"fly","enterprise":"'$jia'"}'
answers invalid malformed "" "D34: a line that is no JSON comes first"
submit '{"id":"'$long'/","action":"fly","enterprise":"'$jia'","wings":2}'
answers invalid unknown_action "" "D34: then the action"
submit '{"id":"'$long'/","action":"exchange","enterprise":"'$jia'","wings":2}'
answers invalid missing_field "" "D38: then what is missing"
out_has '"field":"certificate"' "0.3: and it is named"
submit '{"id":"'$long'/","action":"exchange","enterprise":"'$jia'","certificate":"'"$other"'","wings":2}'
answers invalid bad_field "" "D38: then what cannot be used"
submit '{"id":"'$long'","action":"exchange","enterprise":"'$jia'","certificate":"'"$other"'"}'
answers invalid too_large "" "D38: then what is too large"
submit '{"id":"w1","action":"exchange","enterprise":"'$jia'","certificate":"'"$other"'"}'
answers refused actor_mismatch "" "0.3: then the actor: signed by another"
submit '{"id":"w1","action":"exchange","enterprise":"'$jia'","certificate":"'"$other"'"}' $jia
answers refused not_confirmed R-EX-06 "0.3: then the confirmation"
submit '{"id":"w1","action":"exchange","enterprise":"'$jia'","certificate":"'"$other"'","confirmed":true}' $jia
answers refused certificate_not_found R-GEN-02 "0.3: then the certificate"
submit '{"id":"w1","action":"exchange","enterprise":"'$yi'","certificate":"'"$paper"'","confirmed":true}'
answers refused not_own_certificate R-GEN-02 "0.3: then whose it is"
submit '{"id":"w1","action":"exchange","enterprise":"'$jia'","certificate":"'"$paper"'","confirmed":true}' $jia
out_has '"outcome":"accepted"' "0.3: without a fault it is accepted"
submit '{"id":"w1","action":"exchange","enterprise":"'$jia'","certificate":"'"$paper"'","confirmed":true}' $jia
out_has '"outcome":"duplicate"' "0.3: the same wish again"
submit '{"id":"w1","action":"cancel","enterprise":"'$jia'","certificate":"'"$other"'","reason":"moved"}' $yi
answers refused actor_mismatch "" "0.3: another signer comes before the id"
submit '{"id":"w1","action":"cancel","enterprise":"'$jia'","certificate":"'"$other"'","reason":"moved"}' $jia
answers refused id_reused "" "0.3: an id used before comes before the confirmation"
submit '{"id":"w1","action":"cancel","enterprise":"'$jia'","certificate":"'"$other"'"}' $jia
answers invalid missing_field "" "0.3: but after the form"
submit '{"id":"w2","action":"cancel","enterprise":"'$jia'","certificate":"'"$other"'","reason":"moved"}' $jia
answers refused not_confirmed R-CX-06 "0.3: with an id of its own the confirmation is next"

# Refusals bind no id; every refusal names its rule.
submit '{"id":"w2","action":"request_regeneration","enterprise":"'$jia'","certificate":"'"$paper"'"}' $jia
out_has '"outcome":"accepted"' "0.3: a refused wish did not use its id"
is "R-QD-08: and the note comes along" "$(grep -c '"note":"证书申领后无法查询到电子证书' "$out")" 1
# A field of 64 KiB is taken, one byte more is not.
for size in 65536 65537; do
    name=$(head -c $size /dev/zero | tr '\0' a)
    submit '{"id":"w3","action":"request_regeneration","enterprise":"'$jia'","certificate":"'"$paper"'","name":"'"$name"'"}' $jia
    cp "$out" "out.$size"
done
has out.65536 '"code":"identity_mismatch","rule":"R-LK-02"' "D34: 65 536 bytes are only another name"
has out.65537 '"outcome":"invalid","code":"too_large"' "D38: 65 537 bytes are too large"
done_testing
