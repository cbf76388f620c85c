#!/bin/sh
# What a submission leaves is one blob, however large the submission was: it is copied, compared, put back
# and taken out like any other.
. "$(dirname "$0")/lib.sh"
today=--today=2026-01-06
run init --store=store --signatures=optional --clock=free $today
# One line, which is too large to be a wish and is answered without being looked at.
head -c "$((64 * 1024 * 1024 + 1))" /dev/zero | tr '\0' x > large.jsonl
run submit large.jsonl $today
status_is 1 "a submission of more than 64 MiB"
out_has '"code":"too_large"' "with a line that is refused"
event=$(newest)
run backup bak
status_is 0 "the store can be backed up"
run audit compare
status_is 0 "nothing of it counts as damaged"
run restore bak --store=restored
status_is 0 "and it comes back"
run audit history file "$event" --store=restored --out=taken --reason=look $today
status_is 0 "what was submitted is taken out"
is "to the byte" "$(sha256sum < "$(find taken -type f -size +64M)")" "$(sha256sum < large.jsonl)"
done_testing
