#!/bin/sh
# CONTRACT 1: results go to stdout as JSON, also where nothing had to be done: what holds, and since which event.
. "$(dirname "$0")/lib.sh"
run init --clock=free --signatures=optional --today=2026-05-01
run policy set insurance.months_required 2 --decision=沪1 --today=2026-05-01 --json
status_is 0 "a policy is set"
cp "$out" first
run policy set insurance.months_required 2 --decision=沪2 --today=2026-05-02 --json
status_is 0 "said again, it is done already"
is "the answer is what holds, by the first decision" "$(cat "$out")" "$(cat first)"
err_has "already" "and that nothing was written"
run policy set b.require_registration no --decision=沪3 --today=2026-05-02 --json
is "a default holds by no decision" "$(cat "$out")" \
    '{"key":"b.require_registration","value":"no","decision":null,"event":null}'
cp store/trust/root.pem root.pem
run trust remove root.pem --today=2026-05-02 --json
run trust add root.pem --today=2026-05-02 --json
cp "$out" first
run trust add root.pem --today=2026-05-02 --json
status_is 0 "a root that is trusted already"
is "is told with the event that trusts it" "$(cat "$out")" "$(cat first)"
run status --json
is "no event more than those five" "$(field events)" 5

# CONTRACT 4: lists by repetition, under the name of one or of the field.
run rename-person --materials=id_card --material=certificates --today=2026-05-02 --json
out_has missing_field "both are options of the verb, the wish is judged"
done_testing
