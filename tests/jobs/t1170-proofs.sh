#!/bin/sh
# Proofs of a certificate's events, verified without a store; every way of being wrong has its own
# message and status. Forks of the log are found by checkpoint, verify and check.
. "$(dirname "$0")/lib.sh"
. "$here/town.sh"
make_town s
B='沪建安B(2019)0000004'
key=$(cat s/trust/log.vkey)

run audit prove "$B" --out=p --store=s
status_is 1 "nothing is proven before a checkpoint"
err_has "[checkpoint_none]" "and it is said"
[ ! -e p ]
is "and no folder is made" "$?" 0
run checkpoint --store=s
signed=$(newest s)
run submit end.jsonl --store=s --now=2026-05-06T09:00:00+08:00 --quiet
mv s/keys keys.away # a reading verb: no lock, no keys
run audit prove "$B" --out=early --store=s --json
status_is 1 "events behind the checkpoint are told"
is "as a number" "$(field beyond)" 1
is "the others are proven" "$(ls early | grep -c '^[0-9]\{12\}\.tlog-proof$')" 2
mv keys.away s/keys
run checkpoint --store=s
run audit prove "$B" --out=p --store=s --json
status_is 0 "after a checkpoint all events are"
is "each in a file" "$(field proofs)" 3
run audit prove "$B" --out=p --store=s
status_is 73 "a folder with proofs is not mixed with others"
[ "$(ls p | tr -d '0-9\n')" = .tlog-proof.tlog-proof.tlog-proofmanifest.json ]
is "names of files are numbers" "$?" 0
grep -rqE '310101197102020034|张一' p
is "no number and no name is in them" "$?" 1

cd p && cp -r . ../elsewhere && cd .. || exit 1
mv s s.away # from here on nothing but the proofs and the key
run audit check elsewhere --vkey="$key" --json
status_is 0 "the history holds without a store"
out_has '"type":"certificate_cancelled","business_date":"2026-05-06"' "what happened is shown"
out_has "\"certificate\":\"$B\",\"sealed\":false" "and to which certificate"
out_has '{"checked":3,"failed":0,"certificates":["'"$B"'"],"proven":["inclusion"],"not_proven":["completeness","present_state"]}' \
    "and what is not proven"
run audit check elsewhere --vkey="$key"
err_has "Not proven" "people read that too"
run audit check early elsewhere --vkey="$key"
status_is 0 "proofs from two checkpoints hold beside each other"

# altered WHAT STATUS CODE: the proof `x`, made from the last one, is refused with that code
last=$(ls elsewhere/*.tlog-proof | tail -1)
refused() { # status, code, what
    run audit check x --vkey="$key" --json
    status_is "$1" "$3: $1"
    out_has "\"code\":\"$2\"" "$3: $2"
    out_has '"proven":[],"not_proven":["inclusion","completeness","present_state"]' "$3: nothing is proven"
}
python3 - "$last" <<'PY'
import base64, sys
lines = open(sys.argv[1], encoding='utf-8').read().split('\n')
entry = bytearray(base64.b64decode(lines[1][6:]))
entry[-1] ^= 1
changed = dict(
    entry=['extra ' + base64.b64encode(bytes(entry)).decode() if i == 1 else l for i, l in enumerate(lines)],
    number=['index 3' if i == 2 else l for i, l in enumerate(lines)],
    beyond=['index 56' if i == 2 else l for i, l in enumerate(lines)],
    hash=[lines[4] if i == 3 else l for i, l in enumerate(lines)],
    short=lines[:3] + lines[4:],
    bare=lines[:1] + lines[2:],
    zero=['index 0%s' % l[6:] if i == 2 else l for i, l in enumerate(lines)],
    size=['55' if l == '56' else l for l in lines],
    note=[l for l in lines if not l.startswith('—')],
    other=[l.replace('anzheng.local/', 'anzheng.other/') for l in lines],
)
for name, text in changed.items():
    open('x.' + name, 'w', encoding='utf-8').write('\n'.join(text))
PY
for case in 'entry 79 proof_not_included' 'number 79 proof_not_included' 'beyond 79 proof_beyond' \
    'hash 79 proof_not_included' 'short 79 proof_not_included' 'bare 65 proof_malformed' \
    'zero 65 proof_malformed' 'size 79 note_bad_signature' 'note 65 note_malformed' \
    'other 79 proof_unknown_log'; do
    set -- $case
    cp "x.$1" x
    refused "$2" "$3" "a proof with altered $1"
done
head -c 100000 /dev/zero | tr '\0' a > x
refused 65 proof_malformed "a file of something else"
head -c 2000000 /dev/zero > x
refused 65 file_too_large "a large file"
printf '\377' > x
refused 65 proof_malformed "bytes that are no text"
rm x
refused 66 file_not_readable "no file"
run audit check "$last" --vkey=anzheng.local/11310000TEX000010W+43b046cc+AQaC
status_is 64 "a key that is none"
err_has "[vkey_invalid]" "is wrong usage"
echo none > none.vkey
run audit check "$last" --vkey=none.vkey
status_is 78 "a file that holds none is a wrong configuration"
run audit check "$last"
status_is 64 "no key at all"
run audit check "$last" --vkey="$key" --quorum=1
status_is 64 "a quorum of nobody"
run audit check "$last" x.entry "$last" --vkey="$key" --json
status_is 79 "one bad proof among good ones"
is "does not hide the others" "$(grep -c '"ok":true' "$out")" 2
is "each line names its file" "$(field file | tr '\n' ' ')" "$last x.entry $last "
out_has '"checked":3,"failed":1' "and is counted"

# A folder as a history.
cp -r elsewhere h && rm "h/$(basename "$last")"
run audit check h --vkey="$key" --json
status_is 66 "a proof that was taken away"
out_has '"code":"proofs_listed"' "is missed by the manifest"
held=$(ls h/*.tlog-proof | wc -l | tr -d ' ')
is "those that are there hold" "$(field checked | tail -1) $(field failed | tail -1)" "$((held + 1)) 1"
run audit check h --vkey="$key"
err_has "$held of $((held + 1)) proofs hold" "to people, too"
rm h/manifest.json
run audit check h --vkey="$key"
status_is 0 "without the manifest nobody can know"
cp "$last" h/000000000001.tlog-proof
run audit check h --vkey="$key" --json
status_is 65 "proofs out of order"
out_has '"code":"proofs_not_ascending"' "are named"
run audit check nowhere --vkey="$key"
is "a folder that is not there is named once" "$status $(grep -o nowhere "$err" | grep -c .)" "66 1"
mkdir none
run audit check none --vkey="$key"
status_is 66 "an empty folder"
cp -r elsewhere m && echo '[' > m/manifest.json
run audit check m --vkey="$key" --json
status_is 65 "a manifest that is none"
mv s.away s
mv s/log/data.mdb log.away
run audit check elsewhere --store=s
status_is 79 "beside a store whose log is gone"
err_has "[log_missing]" "which is said"
run audit check elsewhere --store=none --vkey="$key"
status_is 0 "they hold on their own"
mv log.away s/log/data.mdb

# Single events; what is sealed stays sealed.
person=$("$ANZHENG" audit history certificate "$B" --store=s --json | sed -n 's/.*"identity_event":\([0-9]*\).*/\1/p' | head -1)
run audit prove --event="$person" --event=1 --event=1 --out=events --store=s --json
status_is 0 "proofs of events by number"
is "each once" "$(field proofs)" 2
run audit check events --vkey=s/trust/log.vkey --json
status_is 0 "hold"
out_has '"type":"identity_collected"' "of a person too"
out_has '"sealed":true' "whose personal part stays sealed"
out_lacks 张一 "and is not shown"
run audit prove --event=999 --out=n --store=s
status_is 1 "an event that is not there"
run audit prove --event=1 "$B" --out=n --store=s
status_is 64 "a certificate and an event"
run audit prove --out=n --store=s
status_is 64 "neither"
run audit prove '沪建安B(2019)9999999' --out=n --store=s
status_is 1 "a certificate that is not there"
run audit prove "$B" --store=s
status_is 64 "no folder"

# A fork: two stores of one key that went apart after the same events.
cp -r s fork
run policy set entry.states 注销 --decision=D-1 --store=s --today=2026-05-07
run policy set entry.states 失效 --decision=D-2 --store=fork --today=2026-05-07
run checkpoint --store=s
run checkpoint --store=fork
size=$(newest s)
is "both have the same size" "$(newest fork)" "$size"
run audit prove --event="$size" --out=f1 --store=s
run audit prove --event="$size" --out=f2 --store=fork
run audit check f1 f2 --vkey="$key" --json
status_is 79 "proofs of two trees of one size"
out_has '"code":"checkpoint_fork"' "are a fork"
run audit verify --store=s --checkpoint="fork/checkpoints/$signed.txt"
status_is 0 "a checkpoint of the common past, kept elsewhere"
run audit verify --store=s --checkpoint="fork/checkpoints/$size.txt"
status_is 79 "one of the fork"
err_has "[checkpoint_fork]" "is named with ours"
run audit verify --store=s --checkpoint=none.txt
status_is 66 "one that is not there"
cp "fork/checkpoints/$size.txt" s/checkpoints/other.txt
run checkpoint --store=s
status_is 79 "nothing is signed beside a fork"
err_has "checkpoints/other.txt" "both files are named"
run status --check --store=s
status_is 79 "status --check tells a fork as damage"
err_has "[checkpoint_fork]" "by its code"
rm s/checkpoints/other.txt
rm -r s/log && cp -r fork/log s/log
run checkpoint --store=s
status_is 79 "a forked log gets no checkpoint"
err_has "[checkpoint_differs]" "which differs"
run status --check --store=s --json
status_is 79 "and status --check says it"
err_has '"code":"checkpoint_differs"' "to machines as well"
run audit prove --event=1 --out=f3 --store=s
status_is 79 "and no proof"
cp -r fork wrong && openssl genpkey -algorithm ed25519 -out wrong/keys/log.key 2> "$err" && chmod 600 wrong/keys/log.key
run checkpoint --store=wrong
status_is 78 "another key signs nothing"
err_has "[checkpoint_key_differs]" "and is named"
done_testing
