#!/bin/sh
# audit check of documents: one whose entry this store's log has not, and one that names no entry.
. "$(dirname "$0")/lib.sh"
. "$here/town.sh"
make_town s
cp -r s early
today=--today=2026-05-06
B='沪建安B(2019)0000002'
sed "s/^\($E1\),[^,]*/\1,上海甲改名建设有限公司/" enterprises.csv > renamed.csv
run import enterprises renamed.csv --store=s $today
run rename run $E1 --store=s $today
status_is 0 "a name changes"
run regenerate --store=s $today --json
cp "$(certificate_file s "$B")" b.pdf
run audit check b.pdf --store=s --json
status_is 0 "the new document holds before its store"
event=$(sed -n 's/^{"event":\([0-9]*\),.*/\1/p' "$out")

run audit check b.pdf --store=early --json
status_is 79 "before an older copy of the store its entry is not there"
out_has "\"code\":\"document_entry_not_there\"" "is told"
out_has "\"detail\":{\"event\":$event}" "with the event"

# The same file naming no entry, its length kept: its signature breaks, and nothing is proven.
python3 - b.pdf bare.pdf <<'PY'
import re, sys
data = open(sys.argv[1], 'rb').read()
for name in (b'entry', b'proof'):
    data, count = re.subn(b'<anz:' + name + b'>.*?</anz:' + name + b'>', lambda m: b' ' * len(m[0]), data, flags=re.S)
    assert count == 1, name
open(sys.argv[2], 'wb').write(data)
PY
run audit check bare.pdf --store=s --json
status_is 79 "a document without its entry"
out_has '"signature":"failed"' "is not what was signed"
out_has '"proof":"unknown","content":"unknown"' "and nothing is proven of it"
out_has '"proven":[],' "the sum says so too"
done_testing
