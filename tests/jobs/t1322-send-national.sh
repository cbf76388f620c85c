#!/bin/sh
# `export national --send`: the outbox and the sender against a platform on loopback - retries, refusals,
# pacing, and kills: nothing is lost, and nothing goes out twice under two keys (decision 0037).
. "$(dirname "$0")/lib.sh"
. "$here/town.sh"
. "$here/foreign.sh"
if ! command -v python3 > "$out"; then
    echo "1..0 # SKIP python3 is not installed"
    exit 0
fi
make_town s
export ANZHENG_STORE="$work/s"
B4='沪建安B(2019)0000004' C5='沪建安C2(2019)0000005' C6='沪建安C3(2019)0000006' W5='沪建安C2（2019）0000005'
SECRET=geheimes-kennwort
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.pem \
    -subj "/CN=localhost" -addext "subjectAltName=IP:127.0.0.1" -days 3650 2> "$err"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout client.key -out client.pem \
    -subj "/CN=anzheng" -days 3650 2> "$err"
chmod 600 client.key
echo "Bearer $SECRET" > credentials
chmod 600 credentials
start_platform() { # [clients]
    rm -f port
    python3 "$here/../support/platform.py" server.pem server.key "$@" > server.log 2>&1 &
    server=$!
    await_port
    configure
}
stop_platform() {
    kill "$server"
    wait "$server" 2> kill.err
    server=
}
configure() { # more lines
    sed -i '/^national_/d' s/anzheng.conf
    printf '%s\n' "national_url = https://127.0.0.1:$(cat port)/collect?key=$SECRET" \
        "national_roots = $work/server.pem" "national_credentials = $work/credentials" \
        'national_rate = 1000' 'national_tries = 2' "$@" >> s/anzheng.conf
}
send() { # day, options
    day=$1
    shift
    run export national --send --reason=归集 --json --today="$day" "$@"
}
counts() { sed -n 's/.*"queued":\([0-9]*\),"sent":\([0-9]*\),"warned":\([0-9]*\),"refused":\([0-9]*\),"held":\([0-9]*\),"withheld":\([0-9]*\),"dropped":\([0-9]*\),"left":\([0-9]*\).*/\1 \2 \3 \4 \5 \6 \7 \8/p' "$out"; }
received() { cut -d' ' -f2- received | tr '\n' ';'; }
wish() { # day; the wish is on stdin
    cat > wish.jsonl
    run submit wish.jsonl --today="$1" --quiet
}

# --- bad wishes ------------------------------------------------------------------------------------
before=$(newest s)
run export national --send --reason=归集 --today=2026-05-05
status_is 78 "nobody to send to"
err_has national_url "the key is named"
start_platform
run export national --send --today=2026-05-05
status_is 64 "without a reason"
run export national --send --reason=归集 --out=x --today=2026-05-05
status_is 64 "a file and the platform"
run export national --drop=x --today=2026-05-05
status_is 64 "giving up what is not sent"
send 2026-05-05 --since=99999
status_is 64 "behind the log"
chmod 644 credentials
send 2026-05-05
status_is 78 "credentials that others can read"
chmod 600 credentials
configure "national_certificate = $work/client.pem"
send 2026-05-05
status_is 78 "a certificate without its key"
configure
is "the log tells of nothing" "$(newest s)" "$before"
[ -e received ]
is "and nothing was sent" $? 1

cp -a s early
run export national --send --reason=归集 --json --today=2026-05-05 --store=early --since="$before"
is "nothing behind an event" "$status $(counts)" "0 0 0 0 0 0 0 0 0"
run export national --send --reason=归集 --json --today=2026-05-05 --store=early
is "is said once: the next run begins there, too" "$status $(counts)" "0 0 0 0 0 0 0 0 0"
rm -r early
cp -a s early
echo '503 2' > status
run export national --send --reason=归集 --json --today=2026-05-05 --store=early --since=40
status_is 69 "a first run that does not come through"
run export national --send --reason=归集 --json --today=2026-05-05 --store=early --since=30
status_is 64 "is not begun elsewhere: what lies between would never go out"
err_has '"code":"national_begun"' "and that is said"
run export national --send --reason=归集 --json --today=2026-05-05 --store=early --since=40
is "the same command again goes on" "$status $(field left)" "0 0"
run export national --send --reason=归集 --json --today=2026-05-05 --store=early --since=39
status_is 64 "but behind it the place is known"
rm -r received status

# --- sent ------------------------------------------------------------------------------------------
echo "$W5" > warn
send 2026-05-05
status_is 0 "everything"
is "each record is taken" "$(counts)" "11 11 1 0 0 0 0 0"
is "once, under a key of its own" "$(cut -d' ' -f1 received | sort -u | grep -cE '^[0-9a-f]{32}$') $(wc -l < received)" "11 11"
has last "Authorization: Bearer $SECRET" "with the credentials"
grep -q '"identityCard":"3101011974[0-9]*".*"photo":"/9j' last
report $? "in full, with the photo"
is "one event tells of it" "$(newest s)" $((before + 1))
is "the platform's remark is kept" "$(ls s/outbox/national/answers | wc -l) $(stat -c %a s/outbox/national/answers s/outbox/national/answers/* | tr '\n' ' ')" "1 700 600 "
is "nothing else lies in the outbox" "$(ls s/outbox/national | tr '\n' ' ')" "answers lock position "
is "no number, name or secret in it or on stderr" "$(grep -rlE "310101197|张一|$SECRET" s/outbox "$err" "$out" | tr '\n' ' ')" ""
rm -r received warn s/outbox/national/answers
send 2026-05-05
status_is 0 "nothing new"
is "is nothing sent" "$(counts) $(newest s)" "0 0 0 0 0 0 0 0 $((before + 1))"
[ -e received ]
is "not even asked" $? 1
has s/reports/export-national.prom 'anzheng_last_success_timestamp_seconds{job="export-national"}' "its success is measured"
send 2026-05-05 --since=3
status_is 64 "--since is for the first time"

# --- busy, then taken ------------------------------------------------------------------------------
wish 2026-05-06 <<END
{"id":"c1","action":"cancel","enterprise":"$E1","certificate":"$B4","reason":"employment_ended","confirmed":true}
END
echo '503 1' > status
send 2026-05-06
is "tried again when the platform is busy" "$(counts)" "1 1 0 0 0 0 0 0"
is "under the same key" "$(wc -l < received) $(cut -d' ' -f1 received | sort -u | wc -l)" "2 1"
wish 2026-05-06 <<END
{"id":"s1","action":"suspend","clerk":"SH1","certificate":"$C5","decision":"暂-1"}
{"id":"s2","action":"reinstate","clerk":"SH1","certificate":"$C5","decision":"还-1"}
{"id":"s3","action":"suspend","clerk":"SH1","certificate":"$C6","decision":"暂-2"}
END
rm received
echo '503 9' > status
send 2026-05-06
status_is 69 "busy for long"
is "it all stays in the outbox" "$(counts)" "3 0 0 0 0 0 0 3"
is "after as many tries as allowed" "$(wc -l < received)" 2
echo '401 1' > status
send 2026-05-06
status_is 69 "not let in"
err_has "status 401" "is told"
is "and not tried again" "$(wc -l < received)" 3
rm -f status
echo '<html>' > answer
send 2026-05-06
status_is 69 "an answer that is none"
err_has national_answer "is told"
rm answer received

# --- refused ---------------------------------------------------------------------------------------
echo "$W5" > refuse
send 2026-05-06
status_is 1 "a record is refused"
is "the later one of its certificate waits, another goes out" "$(counts)" "0 1 0 1 1 0 0 2"
is "as the platform saw" "$(received)" "$W5 02 03;沪建安C3（2019）0000006 02 03;"
has s/reports/export-national.prom 'anzheng_items_failed{job="export-national"} 2' "both are measured as failed"
err_has "$C5" "the certificate is named"
key=$(head -1 received | cut -d' ' -f1)
has "s/outbox/national/answers/$key.txt" 已存在 "and what the platform said is kept"
is "but not told: it may name a person" "$(grep -c 已存在 "$err")" 0
run status --check --json --today=2026-05-06
status_is 1 "it needs a hand"
is "which the status tells, with what waits" "$(grep -c 'check_national_refused.*refused: 1, and 1 waits:' "$out")" 1
run status --check --lang=zh --today=2026-05-06
out_has '全国平台拒收的记录：1 条，另有 1 条待发送' "in both languages"
journal=$(echo s/outbox/national/*.done)
cp "$journal" whole.done
printf "$key ref" >> "$journal"
run status --check --json --today=2026-05-06
is "beside a run that is just writing, too" "$(grep -c check_national_refused "$out") $(tail -c 4 "$journal")" "1  ref"
cp whole.done "$journal"
for spoiled in 00000000000000000001 00000000000000999999; do
    echo spoiled > s/outbox/national/$spoiled.queue
    run status --check --json --today=2026-05-06
    is "beside a queue that cannot be read, too" "$(grep -c 'check_national_refused.*refused: 1, and 1 waits:' "$out")" 1
    rm s/outbox/national/$spoiled.queue
done
send 2026-05-06
is "the next run tries it first" "$(counts)" "0 0 0 1 1 0 0 2"
send 2026-05-06 --drop=0123
status_is 1 "a key that is none"
err_has 0123 "is told"
rm received refuse
send 2026-05-06 --drop="$key"
status_is 0 "it is given up"
is "and the later one goes out" "$(counts)" "0 1 0 0 0 0 1 0"
is "alone" "$(received)" "$W5 01 06;"
run status --check --json --today=2026-05-06
out_lacks check_national_refused "and nothing needs a hand"
[ -e "s/outbox/national/answers/$key.txt" ]
is "the answer is gone" $? 1

# --- a person who is left alone in between ---------------------------------------------------------
stop_platform
wish 2026-05-07 <<END
{"id":"s4","action":"reinstate","clerk":"SH1","certificate":"$C6","decision":"还-2"}
{"id":"s5","action":"suspend","clerk":"SH1","certificate":"$C5","decision":"暂-3"}
END
send 2026-05-07
status_is 69 "nobody listens"
err_has post_failed "is told"
is "what there is stays" "$(counts)" "2 0 0 0 0 0 0 2"
run block-person --clerk=SH1 --person-name=王三 --person-id-type=身份证 --person-id-number=310101197304040076 --decision=删-1 --today=2026-05-07
rm received
start_platform
send 2026-05-07
status_is 0 "somebody does"
is "what was queued of them is not sent any more" "$(counts) $(received)" "0 1 0 0 0 1 0 0 $W5 02 03;"

# --- kills -----------------------------------------------------------------------------------------
day=2026-05-08
serial=100
more() { # two new records
    serial=$((serial + 1))
    wish $day <<END
{"id":"k$serial","action":"suspend","clerk":"SH1","certificate":"$B9","decision":"暂-$serial"}
{"id":"l$serial","action":"reinstate","clerk":"SH1","certificate":"$B9","decision":"还-$serial"}
END
}
# Sends beside the script, up to the moment in which the platform makes this file; $sender is the process.
send_until() {
    "$ANZHENG" export national --send --reason=归集 --today=$day > beside.out 2> beside.err < /dev/null &
    sender=$!
    tries=0
    until [ -e "$1" ] || [ $tries -gt 400 ]; do
        tries=$((tries + 1))
        sleep 0.02
    done
}
B9='沪建安B(2019)0000009'
rm received
more
: > mute
send_until muted
kill -9 $sender
wait $sender 2> kill.err
rm -f mute muted
send $day
status_is 0 "killed when the platform had it and had not said so"
is "it goes out again, under the same key" "$(cut -d' ' -f1 received | uniq -c | tr -s ' ' | cut -d' ' -f2 | tr '\n' ' ')" "2 1 "
is "both are taken" "$(counts)" "0 2 0 0 0 0 0 0"

# Stopped while the platform thinks.
rm received
more
: > hang
send_until hung
kill $sender
timeout -k 1 10 tail -f --pid=$sender /dev/null
rm hang
wait $sender
is "stopped before the platform's time is over" "$?" 75
has beside.err '[national_stopped]' "and says that the rest is kept"
send $day
is "it goes out" "$status $(counts)" "0 0 2 0 0 0 0 0 0"

# Killed anywhere: whatever the moment, in the end the platform has each record under one key.
round=0
for moment in 0.01 0.02 0.03 0.04 0.05 0.06 0.07 0.08 0.09 0.1 0.12 0.14; do
    round=$((round + 1))
    rm -f received
    more
    "$ANZHENG" export national --send --reason=归集 --today=$day > killed.out 2> killed.err < /dev/null &
    dying=$!
    sleep $moment
    kill -9 $dying 2> kill.err
    wait $dying 2> kill.err
    send $day
    got="$status $(cut -d' ' -f3- received | sort -u | tr '\n' ';')"
    keys=$(cut -d' ' -f1 received | sort -u | wc -l)
    [ "$keys" = 2 ] && [ "$got" = "0 01 06;02 03;" ] || break
done
is "killed at twelve moments: each record by one key" "$round $keys $got" "12 2 0 01 06;02 03;"

# --- what ran out ----------------------------------------------------------------------------------
rm received
send 2028-01-05
is "05/04, once" "$(grep -c ' 05 04$' received) $(grep -vc ' 05 04$' received)" "9 0"
send 2028-01-05
is "and no more" "$(counts)" "0 0 0 0 0 0 0 0"


# --- what a kill or a hand can leave ---------------------------------------------------------------
printf half > s/outbox/national/00000000000000099999.queue.tmp
printf 'x sent\n' > s/outbox/national/00000000000000000001.done
send 2028-01-05
status_is 0 "halves and journals without their queue"
is "are cleared away" "$(ls s/outbox/national | tr '\n' ' ')" "answers lock position "
cp s/outbox/national/position position
echo '{"until":' > s/outbox/national/position
send 2028-01-05
status_is 78 "a damaged position"
err_has outbox_damaged "is told"
echo '{"until":99999,"day":"2028-01-05"}' > s/outbox/national/position
send 2028-01-05
status_is 78 "an outbox ahead of the log"
err_has national_ahead "is told"
cp position s/outbox/national/position

# --- who we are, and who they are ------------------------------------------------------------------
stop_platform
start_platform client.pem
wish 2028-01-06 <<END
{"id":"r1","action":"rename_person","clerk":"SH1","person":{"name":"赵五","id_type":"身份证","id_number":"310101197506060112"},"new_name":"赵伍","materials":["enterprise_statement","id_card","police_correction","certificates"]}
END
send 2028-01-06
status_is 69 "without a certificate the platform lets nobody in"
configure "national_certificate = $work/client.pem" "national_key = $work/client.key"
rm -f received
send 2028-01-06
status_is 0 "with it"
is "the record is taken: past its end, changed" "$(received)" "沪建安C（2019）0000008 05 09;"
configure
sed -i "s|^national_roots = .*|national_roots = $work/client.pem|" s/anzheng.conf
wish 2028-01-06 <<END
{"id":"r2","action":"rename_person","clerk":"SH1","person":{"name":"赵伍","id_type":"身份证","id_number":"310101197506060112"},"new_name":"赵六","materials":["enterprise_statement","id_card","police_correction","certificates"]}
END
rm received
send 2028-01-06
status_is 69 "a server that no authority vouches for"
[ -e received ]
is "gets nothing" $? 1
sed -i 's/^national_url = .*/national_url = http:\/\/192.0.2.1\/x/' s/anzheng.conf
send 2028-01-06
status_is 64 "in the clear nothing goes anywhere"
err_has url_not_allowed "is told"
is "no secret is told" "$(grep -c "$SECRET" "$err")" 0
run rebuild --verify
status_is 0 "log and views agree"
run export national --help --lang=zh
out_has '放弃一条被平台拒收的记录' "help in Chinese"
done_testing
