#!/bin/sh
# Policies and trusted roots are events; a repeated wish writes nothing.
. "$(dirname "$0")/lib.sh"
export ANZHENG_STORE=store
run init --clock=free --today=2026-01-05 --json
status_is 0 "a store"

run policy list --json
is "six policies" "$(wc -l < "$out" | tr -d ' ')" 6
out_has '{"key":"insurance.months_required","value":"1","default":"1","decision":null,"event":null}' "defaults"
run policy set insurance.months_required 2 --today=2026-01-06
status_is 64 "a policy needs a decision"
err_has "--decision" "which is named"
run policy set insurance.months_required 2 --decision=D-1 --today=2026-01-06 --json
status_is 0 "with one it is set"
is "it is the third event" "$(field event)" 3
run policy list --json
out_has '"value":"2","default":"1","decision":"D-1","event":3}' "and listed"
run policy set insurance.months_required 2 --decision=D-2 --today=2026-01-06
status_is 0 "the same value again is fine"
run status --json
is "and no event" "$(field events)" 3
run policy set insurance.months_required 9 --decision=D-3 --today=2026-01-06
status_is 64 "a value out of range is refused"
run policy set nonsense 1 --decision=D-3 --today=2026-01-06
status_is 64 "an unknown policy is refused"
run policy set insurance.months_required 1 --decision=D-3 --today=2026-01-05
status_is 64 "business dates never go back"
err_has "[date_behind]" "and say so"

run init --store=strict
run policy set insurance.months_required 2 --decision=D-1 --today=2999-01-01 --store=strict
status_is 64 "nor ahead of the clock"
err_has "[date_ahead]" "and say so too"
run policy list --today=2999-01-01 --store=strict
status_is 0 "but reading takes any day"

run init --store=other --clock=free --today=2026-01-05
run trust add other/trust/root.pem --today=2026-01-07 --json
status_is 0 "a root is added"
is "by an event" "$(field event)" 4
run trust add other/trust/root.pem --today=2026-01-07
status_is 0 "adding it again is fine"
run trust remove other/trust/root.pem --today=2026-01-07 --json
status_is 0 "a root is removed"
run trust remove other/trust/root.pem --today=2026-01-07
status_is 1 "one that is not trusted cannot be removed"
run trust add other/trust/document.pem --today=2026-01-07
status_is 65 "a certificate that is no authority is no root"
echo garbage > garbage.pem
run trust add garbage.pem --today=2026-01-07
status_is 65 "a file that holds none is malformed"
err_has root_unreadable "and that is told"
run trust add nowhere --today=2026-01-07
status_is 66 "a file that is not there ends with 66"
run trust issue --code=91310101MATEX00109 --out=keys --today=2026-01-07 --json
status_is 0 "a certificate is issued"
is "its key is for the owner alone" "$(find keys -name '*.key' ! -perm 600)" ""
run trust issue --code=91310101MATEX00109 --out=keys --today=2026-01-07
status_is 73 "a key that is there is not overwritten"
run trust issue --code=../x --out=keys --today=2026-01-07
status_is 64 "a code that would leave the folder is refused"
issue() { run trust issue --code=91310101MATEX00109 --out=keys-2 --today=2026-01-07; }
cp store/keys/root.key root.key
echo broken > store/keys/root.key
issue
status_is 78 "a root key that is broken"
err_has 'store/keys/root.key holds no readable private key' "is what is told, not the code"
cp other/keys/root.key store/keys/root.key
issue
status_is 78 "a root key of another root"
err_has 'store/keys/root.key does not belong to its certificate' "is told before it signs what nobody will trust"
cp root.key store/keys/root.key
echo broken > store/trust/root.pem
issue
status_is 78 "a root certificate that is broken"
err_has 'store/trust/root.pem holds no readable certificate' "is told too"
done_testing
