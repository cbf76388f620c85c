#!/bin/sh
# An insider with the log's key writes the log anew: what is found without any help from outside, and by
# which verb; and that the rest is found by whoever kept a checkpoint (t1479-other-trees.sh) or the key.
. "$(dirname "$0")/../jobs/lib.sh"
here=$here/../jobs
. "$here/town.sh"
forger=$here/../../build/${BUILD_NAME:-gcc}/tests/faults/forger
make_town s
"$ANZHENG" checkpoint --store=s --now=2026-05-05T10:00:00+08:00 --json > "$out"
"$ANZHENG" regenerate --store=s --now=2026-05-05T11:00:00+08:00 --quiet --json > "$out" 2> "$err"
"$ANZHENG" submit end.jsonl --store=s --now=2026-05-06T09:00:00+08:00 --quiet --json > "$out"
"$ANZHENG" checkpoint --store=s --now=2026-05-06T10:00:00+08:00 --json > "$out"
events=$(newest s)
type_at() { "$ANZHENG" audit history day "$1" --store=s --json | sed -n 's/^{"event":\([0-9]*\),.*"type":"'"$2"'".*/\1/p' | head -1; }
identity=$(type_at 2026-05-04 identity_collected)
clerk=$(type_at 2026-05-04 clerk_registered)
submitted=$(type_at 2026-05-06 file_processed)
forge() { # what it does to a copy
    rm -rf t && cp -r s t
    "$forger" t "$@" > forged || echo "Bail out! the forger failed"
}
forge_all() { # likewise, with the views that follow from it
    forge "$@"
    "$ANZHENG" rebuild --store=t --quiet --json > "$out" 2> "$err"
}

forge keep "$events"
run audit verify --store=t
status_is 0 "a log that is written anew as it was is sound"
run audit compare --store=t --json
status_is 0 "is the same one"

# --- found by reading the log ---------------------------------------------------------------------
forge number "$clerk" 3
run audit verify --store=t --json
status_is 79 "an event that says another number"
err_has '"code":"log_event_out_of_place"' "is out of place"
err_has "\"event\":$clerk" "and named"
run audit compare --store=t --json
status_is 79 "for a comparison, too"
forge day "$clerk" 1
run audit verify --store=t --json
status_is 79 "a day that the next event does not reach"
err_has "\"event\":$((clerk + 1))" "is found at that one"
run audit compare --store=t --json
err_has '"code":"log_event_out_of_place"' "by a comparison, too"
forge day "$events" -9999
run audit verify --store=t --json
status_is 79 "a day before 1970 behind all others"

# --- found by documents ---------------------------------------------------------------------------
forge_all operator "$clerk" somebody
run audit verify --store=t
status_is 0 "an early event with another operator: every hash and signature fits"
run audit compare --store=t --json
status_is 79 "but not the checkpoints that documents carry"
is "each of which is told once" "$(grep -c '"kind":"checkpoint","difference":"altered"' "$out")" 1
run audit verify --store=t --checkpoint=s/checkpoints/latest
status_is 79 "nor the checkpoint that somebody kept"
forge_all operator "$events" somebody
run audit compare --store=t
status_is 0 "the last event: no document was drawn under a checkpoint over it"
run audit verify --store=t --checkpoint=s/checkpoints/latest
status_is 79 "so only the kept checkpoint tells"

# --- no forgery: a page as programs before decision 0146 set it ------------------------------------
drawn_at() { # number of a certificate
    "$ANZHENG" audit history day 2026-05-05 --store=s --json |
        sed -n 's/^{"event":\([0-9]*\),.*"type":"document_rendered".*"document":"'"$1"'".*/\1/p'
}
forge_all page "$(drawn_at '沪建安B(2019)0000009')"
run audit compare --store=t --json
is "two smaller lines stood elsewhere then: the same page, by another renderer" \
    "$(grep -o '"difference":.*"what":"沪建安B(2019)0000009"' "$out" | cut -d'"' -f4)" renderer_differs

# --- found by keys --------------------------------------------------------------------------------
for event in $(smaller "$identity $clerk $submitted" "$submitted"); do
    forge_all key "$event"
    run audit compare --store=t --json
    status_is 79 "a key that no erasure took: of event $event"
    out_has '"kind":"key","difference":"missing","event":' "is missing"
    out_has "\"what\":\"$(cat forged)\"" "with whose it was"
    is "once" "$(grep -c '"kind":"key"' "$out")" 1
done

# --- another key under the log's name -------------------------------------------------------------
rekey() { # t: a new pair of keys, all that was signed is gone and signed anew
    rm -f t/checkpoints/*
    openssl genpkey -algorithm ed25519 -out t/keys/log.key 2> "$err" && chmod 600 t/keys/log.key
    name=$(cut -d+ -f1 s/trust/log.vkey)
    { printf '\001' && openssl pkey -in t/keys/log.key -pubout -outform DER | tail -c 32; } > public
    id=$({ printf '%s\n' "$name" && cat public; } | sha256sum | cut -c1-8)
    echo "$name+$id+$(openssl base64 -A < public)" > t/trust/log.vkey
    "$ANZHENG" checkpoint --store=t --now=2026-05-06T11:00:00+08:00 --quiet --json > "$out" 2> "$err"
}
forge_all operator "$clerk" somebody
rekey
run audit verify --store=t --json
status_is 0 "written anew and signed by a new key under the old name: sound by itself"
out_has "\"log_key\":\"$(cat t/trust/log.vkey)\"" "and whose signature that is, is told"
run audit verify --store=t --vkey=s/trust/log.vkey --json
status_is 79 "whoever has the key by a way of its own names it"
err_has '"code":"log_key_differs"' "and is told"
run audit verify --store=t --vkey="$(cat t/trust/log.vkey)"
status_is 0 "the one that signed it"
run audit compare --store=t --json
status_is 79 "and the documents were drawn under checkpoints of a key that nobody names"
is "which is told once" "$(grep -c '"kind":"log_key","difference":"missing","event":[0-9]*,"what":"[cp][a-z]*/../[0-9a-f]*.pdf"' "$out")" 1
cp s/trust/log.vkey t/trust/former.vkeys
run audit compare --store=t --json
status_is 79 "with the old key among the former ones"
is "they are held against the log" "$(grep -c '"kind":"checkpoint","difference":"altered"' "$out")" 1
forge keep "$events"
rekey
cp s/trust/log.vkey t/trust/former.vkeys
"$ANZHENG" regenerate --all --store=t --now=2026-05-06T12:00:00+08:00 --quiet --json > "$out" 2> "$err"
run audit compare --store=t --json
status_is 0 "a key that was lost and replaced honestly: the old one among the former ones, documents drawn anew"
"$ANZHENG" audit prove --event="$clerk" --out=old.proof --store=s --json > "$out" 2> "$err"
run audit check old.proof --store=t
status_is 0 "what it signed is still checked beside the store"
run audit verify --store=t --vkey=no-key
status_is 64 "a key that is none"
run audit verify --store=t --vkey=s/anzheng.conf
status_is 78 "nor a file that holds one"
done_testing
