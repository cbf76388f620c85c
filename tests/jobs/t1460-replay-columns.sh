#!/bin/sh
# CONTRACT 6: the header of a replay's tables is the JSON keys of what lists show, nested ones joined by _.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
export ANZHENG_STORE=store
run audit replay --as-of=2026-05-06 --out=then --json
status_is 0 "the replay of a town"
for what in certificates enterprises persons; do
    run list $what --today=2026-05-06 --json
    python3 - "$out" > keys <<'END'
import json, sys

def keys(record, before=""):
    for key, value in record.items():
        if isinstance(value, dict):
            yield from keys(value, before + key + "_")
        else:
            yield before + key

# of whom most is known: where there is nothing, nothing is nested
lines = open(sys.argv[1], encoding="utf-8").read().splitlines()
print(",".join(max((list(keys(json.loads(line))) for line in lines), key=len)))
END
    is "the columns of $what" "$(head -1 then/$what.csv | tr -d '\r')" "$(cat keys)"
done
done_testing
