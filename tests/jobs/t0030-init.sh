#!/bin/sh
# A store is made whole or not at all.
. "$(dirname "$0")/lib.sh"

run init --store=store --json --today=2026-01-05
status_is 0 "init makes a store"
out_has '"development_authority":true' "init says that the authority is a development one"
err_has "development authority" "init warns of it on stderr"
for file in anzheng.conf keys/document.key keys/log.key keys/root.key keys/hash.key \
    keys/persons.keys trust/root.pem trust/document.pem trust/log.vkey log/data.mdb views/data.mdb; do
    is "init makes $file" "$([ -s "store/$file" ] && echo yes)" yes
done
is "keys are for the owner alone" "$(find store/keys -type f ! -perm 600)" ""
is "nothing half-made is left" "$(ls -d .store.init 2>/dev/null)" ""

run init --store=store
status_is 73 "an existing store is refused with 73"
err_has "[store_exists]" "and named"
mkdir full && touch full/file
run init --store=full
status_is 73 "a folder with something in it is refused"
mkdir empty
run init --store=empty
status_is 0 "an empty folder is fine"
mkdir -p .half.init/log && touch .half.init/log/data.mdb
run init --store=half/
status_is 0 "what a killed init left is cleared away"
run status --store=half
status_is 0 "and the store works"

run init --store=x --signatures=maybe
status_is 64 "--signatures has two values"
run init --store=x --clock=fast
status_is 64 "--clock has two values"
run init --store=x --authority-code=123
status_is 64 "the authority's code has 18 characters"
run init --store=x --origin="a b"
status_is 64 "an origin has no blanks"
run init --store=x --today=2999-01-01
status_is 64 "a store does not begin in the future"
run init --store=x --today=2999-01-01 --clock=free
status_is 0 "but with a free clock it may"

# Given keys: those of one store for another.
given="--root-cert=store/trust/root.pem --document-cert=store/trust/document.pem"
# shellcheck disable=SC2086 # several options
run init --store=given $given --document-key=store/keys/document.key --log-key=store/keys/log.key --json
status_is 0 "given keys are taken"
out_has '"development_authority":false' "and no development authority is made"
is "whose certificate names the authority: nothing to say" "$(grep -c "does not name" "$err")" 0
# shellcheck disable=SC2086
run init --store=other --authority-code=91310101MATEX0002E $given --document-key=store/keys/document.key --log-key=store/keys/log.key --json
status_is 0 "a certificate that does not name the authority is taken"
err_has 'does not name the code' "and it is said"
err_has '91310101MATEX0002E' "with the code that is not in it"
is "the root's key stays where it was" "$(ls given/keys/root.key 2>/dev/null)" ""
is "the log's public key is that of the given key" \
    "$(cut -d+ -f3 given/trust/log.vkey)" "$(cut -d+ -f3 store/trust/log.vkey)"
run init --store=y --root-cert=store/trust/root.pem
status_is 64 "one of four is not enough: wrong usage"
# shellcheck disable=SC2086
run init --store=y $given --document-key=empty/keys/document.key --log-key=store/keys/log.key
status_is 78 "a key of another certificate is refused with 78"
run init --store=y --root-cert=empty/trust/root.pem --document-cert=store/trust/document.pem \
    --document-key=store/keys/document.key --log-key=store/keys/log.key
status_is 78 "a certificate under another root is refused with 78"
# shellcheck disable=SC2086
run init --store=y $given --document-key=store/keys/document.key --log-key=store/keys/document.key
status_is 78 "an RSA key does not sign the log"
# shellcheck disable=SC2086
run init --store=y $given --document-key=nowhere --log-key=store/keys/log.key
status_is 66 "a key that is not there ends with 66"
is "no store was made on the way" "$(ls -d y .y.init 2>/dev/null)" ""
done_testing
