#!/bin/sh
# A backup is made beside whoever writes; a restore believes nothing that it did not check.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
export ANZHENG_STORE=store
today=2026-05-05
run regenerate --today=$today
run checkpoint --today=$today
run list certificates --today=$today --json
cp "$out" before.list

run backup bak --json
status_is 0 "backup"
is "it names the events" "$(field events)" "$(newest store)"
is "of a store without signing keys asked for" "$(field signing_keys)" false
[ -e bak/keys/document.key ] || [ -e bak/keys/log.key ] || [ -e bak/keys/root.key ]
is "no signing key lies in it" "$?" 1
is "the persons' keys do, private" "$(stat -c %a bak/keys/persons.keys bak/keys | tr '\n' ' ')" "600 700 "
[ -e bak/views ] || [ -e bak/outbox ] || [ -e bak/lock ]
is "nothing that can be made anew" "$?" 1

# Again: only what is new.
run policy set entry.states 注销 --decision=D-1 --today=$today
: > store/checkpoints/9.txt.tmp
run backup bak --json
status_is 0 "a second backup into the folder"
is "takes no half of a checkpoint that a killed run left" "$(find bak -name '*.tmp')" ""
is "copies no file twice" "$(field copied)" 0
is "and has the new event" "$(field events)" "$(newest store)"
run backup bak --with-keys --json
status_is 0 "with the keys"
is "says so" "$(field signing_keys)" true
is "they are private" "$(stat -c %a bak/keys/document.key)" 600

# The copy may be all that is left of the keys: nothing damaged takes its place, nor what lacks one.
cp -a store/keys keys.whole
sha256sum bak/keys/persons.keys bak/keys/hash.key > keys.sums
kept() { # status, code, what
    run backup bak --json
    status_is "$1" "$3: no backup"
    err_has "$2" "$3: its code"
    sha256sum --quiet -c keys.sums > "$out" 2>&1
    is "$3: the copy is what it was" "$?" 0
    cp -a keys.whole/. store/keys
}
slot=$(od -An -v -tx1 -w64 store/keys/persons.keys | awk 'NR > 1 && $1 == "01" { print NR - 1; exit }')
flip store/keys/persons.keys $((slot * 64 + 30))
kept 78 keyring_damaged "a damaged slot"
dd if=/dev/zero of=store/keys/persons.keys bs=64 seek=1 count=1024 conv=notrunc 2> "$err"
kept 78 keyring_damaged "a keyring without its slots"
run init --store=empty
cp empty/keys/persons.keys store/keys/
kept 79 keyring_copy_has_more "a keyring of no persons"
cp empty/keys/hash.key store/keys/
kept 79 hash_key_differs "another hash key"
printf x > store/keys/hash.key
kept 78 key_unusable "a damaged hash key"
cp -p bak/keys/hash.key hash.kept
flip bak/keys/hash.key 3
sha256sum bak/keys/persons.keys bak/keys/hash.key > keys.sums
kept 79 hash_key_differs "a damaged copy of the hash key"
err_has "and its copy bak/keys/hash.key differ" "a damaged copy of the hash key: both are named"
cp -p hash.kept bak/keys/hash.key
run backup bak --json
status_is 0 "with the keys back it goes on"
rm -rf empty keys.whole

# Into the wrong place.
mkdir full && echo x > full/x
make_town other --clock=free
cp -a bak bak.before
run backup bak --store=other
status_is 73 "a backup of another store is refused"
err_has "[backup_of_another]" "by its code"
is "and nothing was written there" "$(diff -r bak bak.before)" ""
rm -rf bak.before other
run backup full
status_is 73 "a folder of something else is refused"
err_has "[backup_place_taken]" "by its code"
run backup store
status_is 73 "the store itself too"
run backup other --store=nowhere
status_is 66 "without a store"
run backup
status_is 64 "without a folder"

# Back.
run restore bak --store=slash/ --today=$today
status_is 0 "a folder named with a slash"
rm -rf slash
run restore bak --store=back --today=$today --json
status_is 0 "restore"
is "all events" "$(field events)" "$(newest store)"
run list certificates --store=back --today=$today --json
cmp -s "$out" before.list
is "the lists are the same" "$?" 0
run rebuild --verify --store=back
status_is 0 "its views are those of the log"
run audit verify --store=back
status_is 0 "it verifies"
run policy set entry.states 失效 --decision=D-2 --store=back --today=$today
status_is 0 "it goes on: an event"
run checkpoint --store=back --today=$today
status_is 0 "and a checkpoint"
file=$(cd store && find certificates proofs -type f | sort | head -1)
cmp -s "store/$file" "back/$file"
is "documents are the same, byte for byte" "$?" 0
run restore bak --store=back
status_is 73 "a store that is there is not overwritten"
run restore full --store=new
status_is 66 "a folder that is no backup"
[ -e new ] || [ -e new.tmp ]
is "leaves nothing" "$?" 1

# Without signing keys the store says what it lacks.
run backup bare
run restore bare --store=lacking --today=$today
status_is 0 "restored without signing keys"
err_has "document.key was not in the backup" "names what is missing"
is "that documents and checkpoints are signed with" "$(grep -c "was not in the backup" "$err") $(grep -c root.key "$err")" "2 0"
run audit verify --store=lacking
status_is 0 "it can be verified all the same"
cp -r bare token
echo 'document_key = pkcs11:token=seal;object=document' >> token/anzheng.conf
run restore token --store=from-token --today=$today
[ "$status" = 0 ] && ! grep -q document.key "$err" && grep -q log.key "$err"
report $? "a key in a token is not missed"
rm -rf token && cp -r bare token
echo 'document_key = elsewhere/seal.key' >> token/anzheng.conf
run restore token --store=named --today=$today
err_has "named/elsewhere/seal.key was not in the backup" "one that the configuration names is named"

# Damage: a byte of the log, a file that is altered.
cp -r bak bad
at=$(grep -obUaF anzheng.local bad/log/data.mdb | head -1 | cut -d: -f1)
for at in $(grep -obUaF anzheng.local bad/log/data.mdb | cut -d: -f1); do
    flip bad/log/data.mdb "$at"
done
run restore bad --store=new
status_is 79 "an altered log is not restored"
[ -e new ] || [ -e new.tmp ]
is "and leaves nothing" "$?" 1
cp -r bak bad2
victim=$(find bad2/blobs -type f | sort | head -1)
chmod u+w "$victim" && flip "$victim" 0
run restore bad2 --store=new
status_is 79 "an altered file is not restored"
err_has "$(basename "$victim")" "and named"
victim=$(find store/blobs -type f | sort | head -1)
cp -r store rotten
flip "rotten/${victim#store/}" 0
run backup fresh --store=rotten
status_is 79 "nor backed up"

# What no store is opened without: nothing is left in the new one's place.
not_restored() { # code, what; of the backup in `bad3`
    run restore bad3 --store=new --today=$today
    status_is 78 "$2: not restored"
    err_has "bad3/" "$2: the backup's file is named"
    err_has "[$1]" "$2: by its code"
    is "$2: nothing is left" "$(find . -maxdepth 1 -name '*new*')" ""
    rm -rf bad3
}
for file in keys/persons.keys keys/hash.key anzheng.conf; do
    cp -r bak bad3 && rm "bad3/$file"
    not_restored store_file_missing "without $file"
done
cp -r bak bad3 && flip bad3/keys/persons.keys 20
not_restored keyring_damaged "a damaged header of the keyring"
cp -r bak bad3 && flip bad3/keys/persons.keys 100
not_restored keyring_damaged "a damaged key"
cp -r bak bad3 && truncate -s 10 bad3/keys/hash.key
not_restored key_unusable "a damaged hash key"
cp -r bak bad3 && echo nonsense >> bad3/anzheng.conf
run restore bad3 --store=new --today=$today
status_is 78 "a configuration that cannot be read"
err_has "bad3/anzheng.conf line" "the backup's file is named, not one that is gone"
is "leaves nothing either" "$(find . -maxdepth 1 -name '*new*')" ""
rm -rf bad3

# An older log with a newer checkpoint: the loss has to be accepted, and cannot be hidden.
run backup old-log
cp old-log/checkpoints/latest kept
run policy set entry.states 失效 --decision=D-3 --today=$today
run checkpoint --today=$today
cp store/checkpoints/latest newer
run audit prove --event=1 --out=proved
run audit prove --event="$(newest store)" --out=lost
run restore old-log --store=new --checkpoint=newer
status_is 79 "a log behind a checkpoint kept elsewhere is refused"
err_has "[checkpoint_beyond]" "by its code"
run restore old-log --store=new --checkpoint=newer --accept-loss --today=$today --json
status_is 0 "the loss accepted"
out_has "restored-$today" "the log has a new origin"
run status --store=new --json --today=$today
out_has "restored-$today" "which status shows"
run audit verify --store=new
status_is 0 "it verifies"
run checkpoint --store=new --today=$today
status_is 0 "and is signed"
is "under the new origin" "$(head -1 new/checkpoints/latest | grep -c "restored-$today")" 1
run audit check proved --store=new
status_is 0 "what the former key signed is still checked beside the store"
run audit check lost --store=new
status_is 79 "but nothing that was lost"
err_has "event $(newest store) is not in the log of this store" "is said to stand in its log"
run audit check lost --vkey=new/trust/former.vkeys
status_is 0 "though it did in that of the former key"
is "by a key that is kept" "$(cmp new/trust/former.vkeys store/trust/log.vkey 2>&1)" ""
printf 'anzheng.local/old+1234\n' > new/trust/former.vkeys
run audit check proved --store=new
status_is 78 "a damaged file of former keys"
err_has "new/trust/former.vkeys is not a usable key" "is named"
run audit verify --store=new --checkpoint=newer
status_is 79 "a checkpoint of the lost part does not pass"
is "the old checkpoints stay as evidence" "$(find new -name '*.txt' -path '*checkpoints-before*' | wc -l | sed 's/^0$/none/')" "$(find old-log/checkpoints -name '*.txt' | wc -l)"

# What was erased does not live on in a backup that is brought up to date.
extra=$(find bak/blobs -type f | head -1)
mkdir -p bak/blobs/00 store/blobs/00
cp "$extra" "bak/blobs/00/$(printf '0%.0s' $(seq 64))"
run backup bak --json
is "what the store no longer has is taken away" "$(field removed)" 1

# A folder that was put together of two backups: its manifest says how far the log went.
for log in old-log bak; do
    cp -r bak torn && rm -r torn/log torn/checkpoints && cp -r $log/log torn/log
    run restore torn --store=again --today=$today --json
    cp "$out" out.$log
    torn=$status
    rm -rf torn again
    [ $log = bak ] || { is "an older log in a newer backup is refused" "$torn" 79 && err_has '"code":"backup_torn"' "by its code"; }
done
is "the log that was copied with it is not" "$torn" 0
cp -r bak torn && rm -r torn/log torn/checkpoints && cp -r old-log/log torn/log
run restore torn --store=again --today=$today --accept-loss --json
status_is 0 "unless the loss is accepted"
out_has "restored-$today" "under a new origin"
done_testing
