#!/bin/sh
# The log as tlog-tiles: only what is new is written, the checkpoint last; code that is not ours
# verifies it and refuses every tampering; nothing personal is in it.
. "$(dirname "$0")/lib.sh"
. "$here/foreign.sh"
build_foreign
day=--today=2026-01-05

rows() { # how many enterprises, from which number on
    echo 统一社会信用代码,企业名称,法定代表人姓名,法定代表人证件类型,法定代表人证件号码
    seq "$2" $(($2 + $1 - 1)) | awk '{
        split("1 3 9 27 19 26 16 17 20 29 25 13 8 24 10 30 28", weight, " ")
        letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        code = sprintf("91310101T%08d", $1); sum = 0
        for (i = 1; i <= 17; i++) sum += (index(letters, substr(code, i, 1)) - 1) * weight[i]
        printf "%s%s,示范%d公司,赵一,身份证,310101189912310025\n", code,
            substr(letters, (31 - sum % 31) % 31 + 1, 1), $1 }'
}
grow() { # store, how many, from which number on
    rows "$2" "$3" > more.csv
    run import enterprises more.csv --store="$1" $day --quiet
    status_is 0 "import of $2 enterprises"
}
export_it() { # store
    run checkpoint --store="$1"
    run audit export --tiles=t --store="$1" --json
    status_is 0 "an export"
}

run init --store=s --clock=free $day
run audit export --tiles=t --store=s
status_is 1 "nothing is exported before a checkpoint"
err_has "[checkpoint_none]" "and it is said"
[ ! -e t ]
is "and no folder is made" "$?" 0
grow s 300 1
run checkpoint --store=s
chmod -R a-w s && mv s/keys keys.away
flock s/lock "$ANZHENG" audit export --tiles=t --store=s --json > "$out" 2> "$err"
status=$?
status_is 0 "an export takes no lock, no keys, and no right to write in the store"
chmod -R u+w s && mv keys.away s/keys
is "it is of all events" "$(field new)" "$(sed -n 2p t/checkpoint)"
foreign_ok "foreign code verifies it" tiles t
cmp -s t/log.vkey s/trust/log.vkey
is "the key is in it" "$?" 0
for file in tile/0/000 tile/entries/000 "tile/1/000.p/1" checkpoints README.md schema/event.proto; do
    [ -e "t/$file" ]
    is "$file is in it" "$?" 0
done
is "a full tile has 256 hashes" "$(wc -c < t/tile/0/000)" 8192
LC_ALL=C grep -rqaE '赵一|310101189912310025' t
is "no name and no number is in it" "$?" 1

before=$(find t -type f -exec stat -c '%n %i %Y' {} + | sort)
run audit export --tiles=t --store=s --json
is "without new events nothing is written" "$(field files)" 0
is "and nothing is touched" "$(find t -type f -exec stat -c '%n %i %Y' {} + | sort)" "$before"
full=$(stat -c '%i %Y' t/tile/0/000 t/tile/entries/000)
grow s 400 1001
export_it s
is "a full tile is never written again" "$(stat -c '%i %Y' t/tile/0/000 t/tile/entries/000)" "$full"
[ -e t/tile/0/001 ] && [ ! -e t/tile/0/001.p ] && [ ! -e t/tile/entries/001.p ]
is "a partial tile makes way for the full one" "$?" 0
foreign_ok "foreign code verifies both checkpoints" tiles t
cp -r t small
grow s 65600 100001
echo half > t/tile/0/002 && echo half > t/tile/entries/002 # as a run that was killed leaves it
export_it s
[ -e t/tile/1/000 ] && [ -e t/tile/2/000.p/1 ]
is "with levels 1 and 2" "$?" 0
foreign_ok "foreign code verifies three levels" tiles t
find t -name '*.tmp' | grep -q .
is "nothing is left behind" "$?" 1
run audit export --tiles=whole --store=s
diff -r t whole > "$out"
is "what was exported in parts is what is exported at once" "$?" 0

# What README.md says an outsider can do, done.
cd small || exit 1
sed -n '/^```python/,/^```/p' README.md | grep -v '^```' > ../root.py
is "the root by README's script" "$(python3 ../root.py)" "$(sed -n 2,3p checkpoint)"
cp -r . ../signed && cd ../signed || exit 1
sed -n '/^```sh/,/^```/p' README.md | grep -v '^```' > ../signature.sh
sh ../signature.sh > "$out" 2> "$err"
out_has "Verified Successfully" "the signature by README's commands"
sed -i '1s/^/x/' checkpoint && sh ../signature.sh > "$out" 2>&1
out_lacks "Verified Successfully" "which refuse another text"
cd .. || exit 1
if command -v protoc > "$out"; then
    length=$(od -An -tu1 -N2 small/tile/entries/000 | awk '{ print $1 * 256 + $2 }')
    tail -c +3 small/tile/entries/000 | head -c "$length" |
        protoc --decode=Event -Ismall/schema small/schema/event.proto > "$out" 2> "$err"
    out_has "store_created {" "an entry by the exported schema"
else
    report 0 "an entry by the exported schema # SKIP protoc is not installed"
fi

# Tampering.
tampered() { # file, offset, what
    rm -rf bad && cp -r small bad
    flip "bad/$1" "$2"
    foreign_no "foreign code refuses $3" tiles bad
}
tampered tile/entries/000 5000 "an altered entry"
tampered tile/entries/000 0 "an altered length"
tampered tile/0/000 77 "an altered hash"
tampered tile/1/000.p/2 3 "an altered hash of the level above"
tampered checkpoint 40 "an altered checkpoint"
tampered checkpoints/304.txt 40 "an altered earlier checkpoint"
rm -rf bad && cp -r small bad && rm bad/tile/entries/001
foreign_no "foreign code misses a file" tiles bad
cp -r small bad2 && cp t/checkpoint bad2/checkpoint
foreign_no "foreign code misses what a newer checkpoint signs" tiles bad2

# Proofs, by foreign code too.
run audit prove --event=1 --event=300 --event=66000 --out=p --store=s
foreign_ok "foreign code verifies proofs" proof "$(cat s/trust/log.vkey)" p/*.tlog-proof
sed 's/^index 299$/index 298/' p/000000000300.tlog-proof > bad.tlog-proof
foreign_no "and refuses one of another number" proof "$(cat s/trust/log.vkey)" bad.tlog-proof

# Where it must not go.
run audit export --store=s
status_is 64 "no folder"
mkdir full && echo x > full/x
run audit export --tiles=full --store=s
status_is 73 "a folder of something else"
err_has "[export_folder]" "is left alone"
run init --store=other --clock=free $day --origin=other.example
run checkpoint --store=other
run audit export --tiles=t --store=other
status_is 73 "the export of another log"
cp -r t cut && sed -i '2s/.*/1/' cut/checkpoint
run audit export --tiles=cut --store=s
status_is 79 "an export whose checkpoint was altered"
cp -r s old && rm -r old/log old/checkpoints && mkdir old/checkpoints && cp -r s/log old/log
cp s/checkpoints/304.txt old/checkpoints/
run audit export --tiles=t --store=old
status_is 79 "an export that is ahead of the checkpoints"
err_has "[export_ahead]" "is not turned back"

# An event that was altered on the disk is not handed out.
for at in $(grep -obUaF '示范2公司' s/log/data.mdb | cut -d: -f1); do
    flip s/log/data.mdb "$at"
done
run audit export --tiles=fresh --store=s
status_is 79 "an altered event is noticed"
err_has "[log_event_altered]" "and named"
[ ! -e fresh/checkpoint ]
is "and nothing is signed for" "$?" 0
done_testing
