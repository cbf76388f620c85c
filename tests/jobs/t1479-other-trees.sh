#!/bin/sh
# A log that was rewritten, with every signature made anew: whoever holds an old proof, document or
# comparison finds it, beside the store and by comparing what two readers were given.
. "$(dirname "$0")/lib.sh"
. "$here/town.sh"
B='沪建安B(2019)0000002'
C='沪建安C1(2019)0000003'
# Two histories under one key: from the same store on, another wish each, every later event another.
make_town s
cp -r s t
for store in s t; do
    at=--now=2026-05-05T1$([ $store = s ] && echo 0 || echo 1):00:00+08:00
    "$ANZHENG" policy set insurance.months_required 2 --decision=$store --store=$store $at --quiet --json > "$out" 2> "$err"
    "$ANZHENG" checkpoint --store=$store $at --json > "$out"
    "$ANZHENG" regenerate --all --store=$store $at --json > "$out" 2> "$err"
    "$ANZHENG" audit prove "$B" --out=$store.proofs --store=$store > "$out" 2> "$err"
    "$ANZHENG" audit compare --out=$store.summary --store=$store $at > "$out" 2> "$err"
    cp "$(certificate_file $store "$B")" $store.b.pdf
    cp "$(certificate_file $store "$C")" $store.c.pdf
done
proof=$(ls s.proofs/*.tlog-proof | head -1)
key=$(cat s/trust/log.vkey)
for what in s.proofs "$proof" s.summary s.b.pdf; do
    run audit check "$what" --store=s
    status_is 0 "of the store's own tree: ${what##*/}"
    run audit check "$what" --store=t --json
    status_is 79 "of another tree than the store's: ${what##*/}"
    out_has '"code":"checkpoint_differs"' "and that is said: ${what##*/}"
done
run audit check "$proof" --store=t --vkey="$key"
status_is 79 "with the key named, too"
mv t/views away
run audit check "$proof" --store=t
status_is 79 "a proof is held against the log alone"
mv away t/views
mv t/keys away
run audit check "$proof" --store=t
status_is 79 "without keys"
mv away t/keys

# --- what two readers were given ------------------------------------------------------------------
forked() { # what, files...
    what=$1
    shift
    run audit check "$@" --store=none --vkey="$key" --root=s/trust/root.pem --json
    status_is 79 "two trees: $what"
    out_has '"code":"checkpoint_fork"' "are told: $what"
}
same=$(basename "$proof")
forked "in two documents" s.b.pdf t.c.pdf
forked "in a document and a proof" s.b.pdf "t.proofs/$same"
forked "in two comparisons" s.summary t.summary
run audit check s.b.pdf s.c.pdf s.proofs --store=none --vkey="$key" --root=s/trust/root.pem
status_is 0 "one tree in all of them"
run audit check s.b.pdf --proof="t.proofs/$same" --store=t --vkey="$key" --root=s/trust/root.pem --json
status_is 79 "a proof that is brought along does not make up for it"

# --- a store that is older ------------------------------------------------------------------------
cp -r s old
"$ANZHENG" policy set insurance.months_required 3 --decision=3 --store=s --now=2026-05-05T12:00:00+08:00 --quiet --json > "$out" 2> "$err"
"$ANZHENG" checkpoint --store=s --now=2026-05-05T12:00:00+08:00 --json > "$out"
"$ANZHENG" audit prove "$B" --out=new.proofs --store=s > "$out" 2> "$err"
run audit check new.proofs --store=s
status_is 0 "a later tree before the later store"
run audit check new.proofs --store=old --json
status_is 79 "and before one that lacks the end of the log"
out_has '"code":"checkpoint_beyond"' "which is said"
done_testing
