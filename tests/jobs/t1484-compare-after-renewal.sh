#!/bin/sh
# What signs has changed since: another certificate and kind of key, time-stamps switched on, no key at
# all. audit compare draws each document with the room that its own file has, and finds no other bytes.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
. "$here/pki.sh"

make_town s
is "the town is made" "$?" 0
night=--now=2026-05-05T20:00:00+08:00
C='沪建安B(2019)0000002'
compare() { # what
    run audit compare --store=s $night --json
    is "$1" "$status $(field documents) $(field renderer_differs) $(field ok)" "$2"
}
run regenerate --store=s $night --json
rendered=$(field rendered)
compare "as they were drawn" "0 $rendered 0 true"

# --- another certificate, much longer, of another kind of key --------------------------------------
pki_begin
new_key next p256
cp s/trust/root.pem root.pem && cp s/keys/root.key root.key
certify next root "/O=Authority/CN=$(printf '%060d' 0)" "$signer_extensions" -startdate 20260101000000Z -enddate 20400101000000Z
(umask 077 && cp next.key s/keys/document.key) && cp next.pem s/trust/document.pem
compare "after the renewal" "0 $rendered 0 true"
run regenerate --certificate="$C" --all --store=s $night --json
is "one document by the next certificate" "$status $(field rendered)" "0 1"
compare "documents of both" "0 $rendered 0 true"

# --- time-stamps: nobody answers there, nobody is asked --------------------------------------------
printf '%s\n' 'timestamp_url = https://127.0.0.1:1/' "timestamp_roots = $work/root.pem" >> s/anzheng.conf
compare "documents of before there were time-stamps" "0 $rendered 0 true"

# --- nothing is signed ------------------------------------------------------------------------------
rm s/keys/document.key
compare "without the key that signs" "0 $rendered 0 true"
run audit compare --certificate="$C" --store=s $night --json
is "one of them, too" "$status $(field documents) $(field renderer_differs)" "0 1 0"

# --- and what differs is still found ----------------------------------------------------------------
file=$(certificate_file s "$C")
chmod u+w "$file"
flip "$file" 3000
run audit compare --store=s $night --json
is "an altered file" "$status $(field altered) $(field renderer_differs)" "79 1 0"
done_testing
