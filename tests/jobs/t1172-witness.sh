#!/bin/sh
# A witness outside: it cosigns what continues the tree it saw last, keeps evidence of what does not,
# and writes down what it saw before its cosignature leaves. The log keeps cosignatures that come
# back; proofs carry them.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
. "$here/foreign.sh"
build_foreign
make_city --signatures=optional
unset ANZHENG_STORE
key=$(cat store/trust/log.vkey)
grow() { # store, a decision
    run policy set insurance.months_required 2 --decision="$2" --store="$1" --today=2026-01-06
    run policy set insurance.months_required 1 --decision="$2" --store="$1" --today=2026-01-06
    run checkpoint --store="$1"
    run audit export --tiles="${3:-t}" --store="$1"
    status_is 0 "an export of $1"
}
watch() { # options
    run audit witness --state=w --vkey="$key" --json "$@"
}

run audit witness --state=w --log=t --vkey="$key"
status_is 78 "no witness yet"
err_has "[witness_missing]" "and how to make one"
run audit witness --init --state=w
status_is 64 "a witness has a name"
run audit witness --init --state=w --name='a b'
status_is 64 "without blanks"
mkdir -m 700 w
exec 9> w/lock
flock 9
run audit witness --init --state=w --name=witness.example/w --wait=0
status_is 75 "nor made by two at once"
exec 9>&-
run audit witness --init --state=w --name=witness.example/w --json
status_is 0 "a witness"
is "its key is its own" "$(stat -c %a w w/witness.key | tr '\n' ' ')" "700 600 "
is "its public key is that of a cosigner" "$(field witness)" "$(cat w/witness.vkey)"
run audit witness --init --state=w --name=witness.example/w
status_is 73 "a witness is not made twice"
witness=$(cat w/witness.vkey)

watch --log=t
status_is 66 "a log that is not there"
grow store D-2
size=$(sed -n 2p t/checkpoint)
watch --log=t --out=cosigned --now=2026-01-06T10:00:00+08:00
status_is 0 "the log is seen for the first time"
out_has '"before":null' "which is said"
is "it is of all events" "$(field size)" "$size"
cmp -s cosigned w/*.checkpoint
is "what is handed out is what was written down" "$?" 0
foreign_ok "foreign code verifies the cosignature" cosigned "$key" "$witness" cosigned
[ -z "$foreign" ] || out_has "cosigned at 1767664800" "with its time"
sed 's/^\(— witness.example.w .\{30\}\)./\1x/' cosigned > bad
foreign_no "and refuses an altered one" cosigned "$key" "$witness" bad
watch --log=t
status_is 0 "the same tree again"
is "is cosigned again" "$(field before)" "$size"
run audit witness --state=w --vkey="$key" --log=t --lang=zh
out_has "上次见证的事件数" "and what came before is said in words"
is "with one line of the witness" "$(grep -c '^— witness' w/*.checkpoint)" 1
grow store D-3
cp -r t early
grow store D-4
watch --log=t
status_is 0 "what continues it is cosigned"
is "from the tree before" "$(field before)" "$size"
seen=$(field size)

# Behind a URL; a partial tile that has made way for the full one.
python3 "$here/../foreign/witness.py" serve t port &
server=$!
await_port
url=http://127.0.0.1:$(cat port)
watch --log="$url/"
status_is 0 "a log behind a URL"
[ ! -e w/download.tmp ]
is "leaves nothing behind" "$?" 0
watch --log="$url/nowhere"
status_is 69 "a URL that has no log"
kill $server && wait $server 2> kill.err
server=
watch --log="$url"
status_is 69 "a server that is gone"

# A log that goes back, or forks.
before=$(cat w/*.checkpoint)
watch --log=early
status_is 79 "a log that went back"
err_has '"code":"witness_back"' "is refused"
is "and kept as evidence" "$(cat w/*.evidence-*)" "$(cat early/checkpoint)"
rm w/*.evidence-*
cp -r store fork # a second log of the same key, gone apart
cp -r t away
run policy set insurance.months_required 3 --decision=D-5 --store=store --today=2026-01-06
run checkpoint --store=store
run audit export --tiles=t --store=store
run policy set insurance.months_required 2 --decision=D-6 --store=fork --today=2026-01-06
grow fork D-7 away
watch --log=t
status_is 0 "our log goes on"
before=$(cat w/*.checkpoint)
watch --log=away
status_is 79 "another tree"
err_has '"code":"witness_fork"' "is a fork"
is "and kept as evidence" "$(cat w/*.evidence-*)" "$(cat away/checkpoint)"
is "what was seen stays" "$(cat w/*.checkpoint)" "$before"
rm w/*.evidence-*
cp -r t tampered
tile=$(find tampered/tile/0 -type f | sort | tail -1)
flip "$tile" 5
watch --log=tampered
status_is 79 "hashes that are not those of the signed tree"
err_has '"code":"witness_tiles"' "are no fork, but damage"
head -c 33 "$tile" > cut && mv cut "$tile"
watch --log=tampered
status_is 79 "a tile that is cut"
err_has '"code":"tiles_tile_size"' "is named"
cp -r t signature && sed -i '2s/.*/99999/' signature/checkpoint
watch --log=signature
status_is 79 "a checkpoint that the log did not sign"
sed -i '2s/.*/18446744073709551615/' signature/checkpoint
watch --log=signature
status_is 65 "a size that no tree has"
run audit witness --state=w --log=t --vkey="$witness"
status_is 64 "the key of a witness is not that of a log"
cp -r w w2 && sed -i '2s/.*/1/' w2/*.checkpoint
run audit witness --state=w2 --log=t --vkey="$key"
status_is 79 "what was seen last was altered"
err_has "[witness_state]" "and is not believed"
cp -r w w3 && rm w3/witness.key
run audit witness --state=w3 --log=t --vkey="$key"
status_is 78 "a witness without its key"
flock w/lock "$ANZHENG" audit witness --state=w --log=t --vkey="$key" --wait=0 > "$out" 2> "$err"
is "two runs at a time: one of them waits" "$?" 75

# Written down before it leaves: an output that cannot be written loses nothing.
grow store D-8
watch --log=t --out=nowhere/x
status_is 73 "an output that cannot be made"
is "the tree is noted all the same" "$(sed -n 2p w/*.checkpoint)" "$(sed -n 2p t/checkpoint)"
watch --log=t --out=cosigned
status_is 0 "and cosigned by the next run"

# Back to the log, and into proofs.
printf 'log %s\nwitness inspector %s\nquorum inspector\n' "$key" "$witness" > policy
run checkpoint --cosigned=cosigned --store=store
status_is 64 "whose cosignature is to be taken must be said"
run checkpoint --cosigned=cosigned --witnesses=policy --store=store --json
status_is 0 "the log keeps it"
out_has '{"witness":"witness.example/w","cosigned":true}' "and says whose"
size=$(sed -n 2p cosigned)
is "beside its checkpoint" "$(grep -c '^—' store/checkpoints/"$size".cosigned)" 2
cp t/checkpoint x
run checkpoint --cosigned=x --witnesses=policy --store=store
status_is 1 "one that no witness signed"
err_has "[proof_quorum]" "is nothing to keep"
run checkpoint --cosigned=away/checkpoint --witnesses=policy --store=store
status_is 79 "one of a fork"
run checkpoint --cosigned=none --witnesses=policy --store=store
status_is 66 "one that is not there"
run audit verify --store=store
status_is 0 "audit verify takes cosigned ones"
run audit prove "$paper" --out=p --store=store
status_is 0 "a proof with the cosignature"
run audit check p --vkey="$key" --witness="$witness" --json
status_is 0 "holds for who asks for the witness"
out_has '"cosigned":[{"witness":"witness.example/w","at":"' "and says when it was seen"
run audit check p --witnesses=policy
status_is 0 "by a list of logs and witnesses too"
run audit check p --vkey=store/trust/log.vkey --witness=w/witness.vkey --quorum=1
status_is 0 "keys may lie in files"
run audit check p --vkey="$key" --witness="$key"
status_is 64 "a log is no witness"
run audit check p --witnesses=policy --quorum=1
status_is 64 "a list has its own quorum"
echo 'quorum nobody' > wrong
run audit check p --witnesses=wrong
status_is 78 "a list that is none"
run audit witness --init --state=o --name=other.example/w
other=$(cat o/witness.vkey)
run audit check p --vkey="$key" --witness="$witness" --witness="$other" --json
status_is 79 "a witness that did not cosign"
out_has '"code":"proof_quorum"' "is missed"
run audit check p --vkey="$key" --witness="$witness" --witness="$other" --quorum=1
status_is 0 "unless one of two is enough"
cp p/*.tlog-proof . && proof=$(ls ./*.tlog-proof | tail -1)
letter='^\(— witness.example.w .\{30\}\)' # another one there, whatever it was
sed -i "s/${letter}x/\1y/;t;s/$letter./\1x/" "$proof"
run audit check "$proof" --vkey="$key"
status_is 0 "who does not know the witness does not look"
run audit check "$proof" --vkey="$key" --witness="$witness" --quorum=0 --json
status_is 79 "who does refuses a wrong cosignature"
out_has '"code":"note_bad_signature"' "by name"
run audit export --tiles=t --store=store
[ -e t/checkpoints/"$size".cosigned ] && grep -q witness.example t/checkpoint
is "the export hands it out" "$?" 0
watch --log=t
is "and the witness replaces its line" "$(grep -c '^— witness' w/*.checkpoint)" 1
done_testing
