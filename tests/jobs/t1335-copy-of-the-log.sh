#!/bin/sh
# Who takes only the log, its key and its checkpoints verifies it: no views, no configuration, no
# keys. A store that lost its views is another thing.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
today=--today=2026-05-05
run checkpoint --store=store $today
cp store/checkpoints/latest early
run policy set entry.states 注销 --decision=D-REMARKABLE --store=store $today
run checkpoint --store=store $today
key=$(cat store/trust/log.vkey)
events=$(newest store)

again() {
    rm -rf copy
    mkdir -p copy/trust
    cp -r store/log store/checkpoints copy/
    cp store/trust/log.vkey copy/trust/
}
again
before=$(find copy | sort)
run audit verify --store=copy --json
status_is 0 "a copy of the log alone"
is "all of it" "$(field size)" "$events"
is "with its checkpoints" "$(field checkpoints)" 2
err_has "copy of the log alone" "what it is, is said"
run audit verify --store=copy --lang=zh
err_has "日志的副本" "in Chinese too"
is "nothing is written there" "$(find copy | sort)" "$before"
run audit verify --store=copy --vkey="$key" --checkpoint=early
status_is 0 "with the key that was handed over, and a checkpoint that was kept"
cp store/anzheng.conf copy/
run audit verify --store=copy
status_is 0 "with a configuration beside"
rm -r copy/checkpoints
run audit verify --store=copy --json
is "without checkpoints there is none to verify" "$status $(field checkpoints)" "0 0"

again
other=$(sed 's/+[^+]*$/+AVd0RXrvJ8TtVbNfSZ4pk2ZmTsY1cmvQfmTqoPxNe1R7/' store/trust/log.vkey)
run audit verify --store=copy --vkey="$other"
[ "$status" != 0 ]
report $? "another key is refused"
LC_ALL=C sed -i 's/D-REMARKABLE/D-REMARKABLY/' copy/log/data.mdb
run audit verify --store=copy
status_is 79 "an event with another byte"
again
rm copy/trust/log.vkey
run audit verify --store=copy
status_is 78 "without the log's key"
err_has "copy/trust/log.vkey" "which is named"
again
run list certificates --store=copy $today
status_is 78 "other verbs need the store"

for part in views blobs keys; do
    again
    cp -r store/$part store/anzheng.conf copy/
    [ $part = views ] && rm -r copy/views/*
    run audit verify --store=copy
    status_is 79 "what has $part lost its views"
    err_has "[views_missing]" "what has $part: and is told so"
done
done_testing
