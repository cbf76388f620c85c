#!/bin/sh
# audit compare: every planted difference is found, named with its event, and nothing else.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
write_town
make_town store --clock=free
export ANZHENG_STORE=store
today=2026-05-05
run regenerate --today=$today
run audit compare --json
status_is 0 "a store that agrees"
is "says so in one line" "$(grep -c . "$out")" 1
is "documents were drawn again" "$([ "$(field documents)" -gt 0 ] && echo yes)" yes
is "files were looked at" "$([ "$(field files)" -gt "$(field documents)" ] && echo yes)" yes
events=$(newest store)
run audit compare --documents=2 --json
is "two of them" "$(field documents)" 2
is "nothing was logged" "$(newest store)" "$events"

number=$(cd store && find certificates -type f | sort | head -1)
differs() { # status, lines wanted, what
    run audit compare --store=other --json
    status_is "$1" "$3"
    is "one finding: $3" "$(grep -c '"difference":"'"$2"'"' "$out")" 1
    is "and no other: $3" "$(grep -c '"kind"' "$out")" 1
}
again() { rm -rf other && cp -r store other; }
again
printf 'x' | dd of="other/$number" bs=1 seek=100 conv=notrunc 2> /dev/null
differs 79 altered "a document with another byte"
event=$(sed -n 's/.*"difference":"altered","event":\([0-9]*\).*/\1/p' "$out")
is "the event is a number of the log" "$([ "$event" -gt 0 ] && [ "$event" -le "$events" ] && echo yes)" yes
again
rm "other/$number"
differs 79 missing "a document that is gone"
again
cp "other/$number" "other/certificates/00extra.pdf"
mkdir -p other/certificates/00
cp "other/$number" other/certificates/00/stranger.pdf
differs 79 extra "a file that nobody logged"
again
blob=$(find other/blobs -type f | sort | head -1)
printf 'x' | dd of="$blob" bs=1 seek=3 conv=notrunc 2> /dev/null
run audit compare --store=other --json
status_is 79 "a blob with another byte"
out_has '"kind":"blob","difference":"altered"' "is named"
again
sed -i 's|^verify_url.*|verify_url = https://other.example/?t=|' other/anzheng.conf
run audit compare --store=other --json --documents=1
status_is 79 "a page that shows something else"
out_has content_differs "is told apart"

# Views of another store.
again
"$ANZHENG" policy set entry.states 注销 --decision=D-1 --store=other --today=$today --quiet > "$out"
rm -rf third && cp -r store third && rm -rf third/log && cp -r other/log third/log
run audit compare --store=third --json
status_is 0 "views behind the log are compared as far as they go"
run audit compare --store=nowhere
status_is 66 "no store"
again
rm -rf other/keys
run audit compare --store=other
status_is 78 "without keys"
run audit compare x
status_is 64 "an argument too many"
run audit compare
status_is 0 "to people"
out_has Documents "a table"
done_testing
