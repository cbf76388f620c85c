#!/bin/sh
# audit compare: every planted difference is found, named with its event, and nothing else.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
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
flip "other/$number" 100
differs 79 altered "a document with another byte"
event=$(sed -n 's/.*"difference":"altered","event":\([0-9]*\).*/\1/p' "$out")
is "the event is a number of the log" "$([ "$event" -gt 0 ] && [ "$event" -le "$events" ] && echo yes)" yes
again
rm "other/$number"
differs 79 missing "a document that is gone"
out_has "\"what\":\"$number\"" "by its place in the store"
again
mkdir -p other/certificates/00
cp "other/$number" other/certificates/00/stranger.pdf
differs 79 extra "a file that nobody logged"
for place in certificates/stranger.pdf proofs/zz/stranger.pdf certificates/AA/1/2/stranger.pdf certificates/000/stranger.pdf blobs/stranger; do
    again
    mkdir -p "$(dirname "other/$place")" other/certificates/lost+found other/proofs/zzz
    cp "other/$number" "other/$place"
    differs 79 extra "one beside the folders of files, $place"
done
again
free=$(for i in 0 1 2 3 4 5 6 7 8 9 a b c d e f; do [ -e other/certificates/f$i ] || echo f$i; done | head -1)
cp "other/$number" "other/certificates/$free"
differs 79 extra "a file with the name of such a folder"
again
mkdir -p other/certificates/zz && mv "other/$number" other/certificates/zz/
run audit compare --store=other --json
is "a document in a place where nobody looks is missing, and extra" "$(grep -c '"kind":"document","difference":"\(missing\|extra\)"' "$out")" 2
again
elsewhere=other/certificates/0$([ "${number#certificates/00}" = "$number" ] && echo 0 || echo 1)
mkdir -p $elsewhere && mv "other/$number" $elsewhere/
run audit compare --store=other --json
is "likewise in the folder of other files" "$(grep -c '"kind":"document","difference":"\(missing\|extra\)"' "$out")" 2
again
mkdir -p other/certificates/00
stranger=certificates/00/$(printf '%064d' 1).pdf
echo stranger > "other/$stranger"
differs 79 extra "one that has the name of a document: what its bytes should be is no further question"
out_has "\"what\":\"$stranger\"" "is named as well"
again
blob=$(find other/blobs -type f | sort | head -1)
flip "$blob" 3
run audit compare --store=other --json
status_is 79 "a blob with another byte"
out_has '"kind":"blob","difference":"altered"' "is named"
again
gone=$(find other/blobs -type f | sort | tail -1)
rm "$gone"
run audit compare --store=other --json
status_is 79 "a blob that is gone"
is "is the one that is missing" "$(grep -c '"difference":"missing"' "$out")" 1
out_has "\"what\":\"${gone#other/}\"" "by its path"
is "and the event that names it" "$(grep -c '"kind":"blob","difference":"missing","event":[1-9]' "$out")" 1
again
sed -i 's|^verify_url.*|verify_url = https://other.example/?t=|' other/anzheng.conf
run audit compare --store=other --json --documents=1
status_is 79 "a page that shows something else"
out_has content_differs "is told apart"

# --- views: each record with its event -------------------------------------------------------------
again
sed -i 's/有限公司/有限公同/g' other/views/data.mdb # as many bytes as before
run audit compare --store=other --json --documents=1
status_is 79 "a record of the views with another byte"
event=$(sed -n 's/.*"kind":"view","difference":"[a-z]*","event":\([0-9]*\).*/\1/p' "$out" | head -1)
is "is named with the event that touched it last" "$([ "${event:-0}" -gt 0 ] && [ "$event" -le "$events" ] && echo yes)" yes
is "and so is each of them but index entries" "$(grep '"kind":"view"' "$out" | grep -v '"what":"index' | grep -c '"event":null')" 0

# --- a summary that can be signed ------------------------------------------------------------------
run audit compare --out=summary.txt --json
status_is 0 "with a summary"
is "of this log" "$(head -1 summary.txt)" "$(cut -d+ -f1 store/trust/log.vkey)/compare"
is "at this size" "$(sed -n 2p summary.txt)" "events $events"
run audit check summary.txt --vkey=store/trust/log.vkey --json
is "its signature holds" "$status $(field events) $(field missing)" "0 $events 0"
sed 's/^missing 0/missing 1/' summary.txt > lie.txt
run audit check lie.txt --vkey=store/trust/log.vkey --json
status_is 77 "another count is not what was signed"
run audit compare --out=summary.txt --store=other --json --documents=1
status_is 79 "what differs"
run audit check summary.txt --vkey=store/trust/log.vkey --json
is "is in the summary, and signed as well" "$status $([ "$(field altered)" -gt 0 ] && echo yes)" "0 yes"
is "with the digest of the findings" "$(sed -n 's/^findings //p' summary.txt)" \
    "$("$ANZHENG" audit compare --store=other --json --documents=1 2> "$err" | grep '"kind"' | sha256sum | cut -d' ' -f1)"
again
rm "other/$number" && mkdir "other/$number" # there, and not to be read, by root neither
mkdir -p elsewhere && rm -rf elsewhere/copy && cp -r other elsewhere/copy
run audit compare --out=summary.txt --store=other --json --documents=1
is "what cannot be read differs" "$status $(field not_readable)" "79 1"
run audit check summary.txt --vkey=store/trust/log.vkey
err_has "differences: 1" "and is one of the differences that the summary counts"
run audit compare --out=copy.txt --store="$PWD/elsewhere/copy" --json --documents=1
is "a copy at another place has the same findings" "$(grep findings copy.txt)" "$(grep findings summary.txt)"
again
mv other/keys/log.key .
run audit compare --store=other --out=unsigned.txt
status_is 0 "without the log's key"
err_has "unsigned.txt" "it says so"
is "the text is there, to be signed" "$(sed -n 2p unsigned.txt)" "events $events"
run audit check unsigned.txt --vkey=store/trust/log.vkey
status_is 77 "and is not believed as it is"

# --- only a comparison that agrees is a success ----------------------------------------------------
again
success=$(cat other/reports/audit-compare.prom)
flip "other/$number" 100
run audit compare --store=other --json
is "one that differs" "$status $(field ok)" "79 false"
is "leaves the last success as it was" "$(cat other/reports/audit-compare.prom)" "$success"

again
event=$(grep -abo 有限公司 other/log/data.mdb | head -1 | cut -d: -f1)
head -c 64 /dev/zero | tr '\0' '\377' | dd of=other/log/data.mdb bs=1 seek=$((event - 32)) conv=notrunc 2> "$err"
run audit compare --store=other --out=damaged.txt --json
status_is 79 "what cannot be compared to its end"
is "says nothing of what agreed" "$(grep -c '"ok"' "$out") $(ls damaged.txt 2> /dev/null)" "0 "

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
