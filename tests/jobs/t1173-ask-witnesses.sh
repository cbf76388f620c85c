#!/bin/sh
# The log asks witnesses for cosignatures (C2SP tlog-witness) over http: an honest one that persists
# first and checks consistency, and every way of answering wrong. What does not verify is not kept;
# the checkpoint stands whatever they answer.
. "$(dirname "$0")/lib.sh"
. "$here/foreign.sh"
build_foreign
run init --store=s --clock=free --today=2026-01-05
key=$(cat s/trust/log.vkey)
run audit witness --init --state=w --name=witness.example/1
witness=$(cat w/witness.vkey)
mkdir d && cp w/witness.key d/key.pem && echo witness.example/1 > d/name && echo honest > d/mode
echo "${key%%+*}" > d/origin
openssl pkey -in s/keys/log.key -pubout -out d/log.pem
openssl genpkey -algorithm ed25519 -out d/other.pem 2> "$err"
python3 "$here/../foreign/witness.py" witness d port &
server=$!
await_port
url=http://127.0.0.1:$(cat port)
printf 'witness one %s %s/\nquorum one\n' "$witness" "$url" > policy
ask() {
    : > d/requests
    run checkpoint --store=s --witnesses=policy --json
}
grow() { run policy set insurance.months_required "$1" --decision=D-1 --store=s --today=2026-01-06; }

ask
status_is 0 "a checkpoint that the witness cosigns"
out_has '"witnesses":[{"witness":"witness.example/1","cosigned":true}]' "and says so"
is "its first" "$(cat d/requests)" "/add-checkpoint old 0"
is "kept beside the checkpoint" "$(grep -c '^—' s/checkpoints/2.cosigned)" 2
foreign_ok "foreign code verifies it" cosigned "$key" "$witness" s/checkpoints/2.cosigned
grow 2
grow 1
ask
status_is 0 "the next one is proven consistent"
is "from where the witness is, in one request" "$(cat d/requests)" "/add-checkpoint old 2"
is "which the witness noted" "$(cut -d' ' -f1 d/state)" 4
ask
status_is 0 "the same one again"
is "is asked for from itself" "$(cat d/requests)" "/add-checkpoint old 4"
is "and has one line of the witness" "$(grep -c '^— witness' s/checkpoints/4.cosigned)" 1
rm s/checkpoints/*.cosigned
grow 2
grow 1
grow 2
ask
status_is 0 "a log that does not know where the witness is"
is "learns it by a conflict" "$(tr '\n' ' ' < d/requests)" "/add-checkpoint old 0 /add-checkpoint old 4 "
run audit verify --store=s
status_is 0 "audit verify takes what was kept"

# The configuration names them too.
echo "witnesses = $work/policy" >> s/anzheng.conf
run checkpoint --store=s --json
out_has '"cosigned":true' "witnesses of the configuration"
sed -i '$d' s/anzheng.conf
run checkpoint --store=s --json
out_lacks witnesses "without a list nobody is asked"

# Wrong answers: told with status 1, nothing kept, the checkpoint stands.
refused() { # mode, code, what
    echo "$1" > d/mode
    rm -f s/checkpoints/*.cosigned
    ask
    status_is 1 "$3"
    out_has "\"code\":\"$2\"" "$3: $2"
    [ ! -e s/checkpoints/7.cosigned ] && [ -e s/checkpoints/7.txt ]
    is "$3: nothing is kept, the checkpoint stands" "$?" 0
}
refused stranger witness_answer "a signature of another key"
refused other-text witness_answer "a cosignature of another tree"
refused longer-text witness_answer "a cosignature of our text and more"
refused other-name witness_answer "a cosignature in another name"
refused garbage witness_answer "bytes that are no text"
refused words witness_answer "text that is no signature"
refused empty witness_answer "an empty answer"
refused endless remote_too_large "an endless answer"
refused 400 witness_answer "400"
refused 403 witness_answer "403"
err_has "does not know the log's key" "403 in words"
refused 404 witness_answer "404"
refused 422 witness_answer "422"
err_has "it saw another tree" "422 in words"
refused 500 witness_answer "500"
refused 302 witness_answer "a redirect"
refused ahead witness_ahead "a witness that saw more than there is"
refused no-size witness_answer "a conflict without a size"
refused never-content witness_answer "a conflict each time"
is "which is not asked for ever" "$(wc -l < d/requests)" 2
echo among-others > d/mode
ask
status_is 0 "a good line among others"
is "is the only one that is kept" "$(grep -c '^—' s/checkpoints/7.cosigned)" 2

# Two witnesses, one of them gone.
run audit witness --init --state=w2 --name=witness.example/2
printf 'witness two %s http://127.0.0.1:1\nwitness three %s\ngroup both any one two\nquorum both\n' \
    "$(cat w2/witness.vkey)" "$(run audit witness --init --state=w3 --name=w3; cat w3/witness.vkey)" > more
{ head -1 policy; cat more; } > policies
echo honest > d/mode
run checkpoint --store=s --witnesses=policies --json
status_is 1 "one witness is gone"
out_has '{"witness":"witness.example/1","cosigned":true},{"witness":"witness.example/2","cosigned":false' "the other one cosigned"
out_lacks '"witness":"w3"' "who has no address is not asked"
run audit prove --event=1 --out=p --store=s
run audit check p --vkey="$key" --witnesses=policies
status_is 0 "one of two is enough here"

# A log that was put back: the honest witness refuses, and says how far it is.
cp -r s back
grow 1
ask
is "the witness goes on" "$(cut -d' ' -f1 d/state)" 8
rm -r back/checkpoints
run checkpoint --store=back --witnesses=policy --json
status_is 1 "a log that was put back with its checkpoints"
err_has '"code":"witness_ahead"' "is found by the witness"
run policy set insurance.months_required 3 --decision=D-9 --store=back --today=2026-01-06
run checkpoint --store=back --witnesses=policy --json
status_is 1 "a fork of the same size"
err_has "it saw another tree" "is too"
run policy set insurance.months_required 2 --decision=D-9 --store=back --today=2026-01-06
run checkpoint --store=back --witnesses=policy --json
status_is 1 "a longer fork"
err_has "it saw another tree" "is too"

kill $server && wait $server 2> kill.err
server=
ask
status_is 1 "no witness at all"
out_has '"code":"post_failed"' "is told"
printf 'witness one %s ftp://example/\nquorum one\n' "$witness" > policy
ask
status_is 1 "an address of another kind"
out_has '"code":"url_not_allowed"' "is told"
run checkpoint --store=s --witnesses=none
status_is 66 "a list that is not there"
echo x > broken
run checkpoint --store=s --witnesses=broken
status_is 78 "a list that is none"
done_testing
