#!/bin/sh
# Dynamic passwords go out by an SMS gateway: over https to a server that this script starts on
# loopback, with the credentials of a private file, tried again with limits; whatever happens the wish
# stands, and no secret is on stderr or in the store.
. "$(dirname "$0")/lib.sh"
. "$here/town.sh"
make_town s
ZHANG='"person":{"name":"张一","id_type":"身份证","id_number":"310101197102020034"}'
SECRET=geheimes-kennwort
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.pem \
    -subj "/CN=localhost" -addext "subjectAltName=IP:127.0.0.1" -days 3650 2> "$err"
mkfifo answer
port=$((20000 + $$ % 20000))
server=
stop() {
    [ -z "$server" ] || kill "$server" 2> kill.err
    rm -rf "$work"
}
trap stop EXIT

# Answers one request with a status; what came is in request.1, request.2 ...
requests=0
serve() { # status line; without one it only listens
    requests=$((requests + 1))
    : > request.$requests
    openssl s_server -accept 127.0.0.1:$port -cert server.pem -key server.key -quiet -naccept 1 \
        < answer > request.$requests 2> server.log &
    server=$!
    exec 3> answer
    tries=0
    until grep -q :$(printf %04X $port) /proc/net/tcp || [ $tries -gt 100 ]; do
        tries=$((tries + 1))
        sleep 0.05
    done
    [ -z "$1" ] || reply "$1" &
    answering=$!
}
reply() {
    tries=0
    until grep -q reference request.$requests; do
        tries=$((tries + 1))
        [ $tries -lt 500 ] || return
        sleep 0.02
    done
    printf 'HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' "$1" >&3
}
await_request() { # ten seconds at most
    tries=0
    until [ -s request.$requests ] || [ $tries -gt 200 ]; do
        tries=$((tries + 1))
        sleep 0.05
    done
}
served() {
    exec 3>&-
    wait $answering
    [ -s request.$requests ] || kill $server 2> kill.err
    wait $server
    server=
}
wish=0
ask() { # [options]
    wish=$((wish + 1))
    echo '{"id":"q'$wish'","action":"request_code",'$ZHANG',"phone":"135000000'$((10 + wish))'"}' > ask.jsonl
    run submit ask.jsonl --store=s --now=2026-05-06T09:00:00+08:00 "$@"
}
configure() { # lines
    sed -i '/^sms_/d' s/anzheng.conf
    printf '%s\n' "$@" >> s/anzheng.conf
}
cat s/anzheng.conf > conf
has conf '# sms_gateway = ' "init names the key in anzheng.conf"

# --- sent ----------------------------------------------------------------------------------------
echo "Bearer $SECRET" > credentials
chmod 600 credentials
gateway="sms_gateway = https://127.0.0.1:$port/sms?key=$SECRET"
configure "$gateway" "sms_credentials = $work/credentials" "sms_roots = $work/server.pem" "sms_timeout = 20"
serve '200 OK'
ask
served
status_is 0 "the gateway takes the code"
out_has '"delivery":"sent"' "the answer says so"
has request.1 "POST /sms?key=$SECRET HTTP/1.1" "it was posted"
has request.1 "Authorization: Bearer $SECRET" "with the credentials"
has request.1 "Content-Type: application/json" "as JSON"
has request.1 '"phone":"13500000011","code":"' "number and code are in it"
code=$(sed -n 's/.*"code":"\([0-9]*\)".*/\1/p' request.1)
has request.1 "您的动态密码为$code，24小时内有效" "and the text to send"
err_has "135****0011" "the outcome is noted, the phone masked"
is "without code, number or secret" "$(grep -cE "$code|13500000011|$SECRET" "$err" "$out" | sed 's/.*://' | tr '\n' ' ')" "0 0 "
[ -e s/outbox ]
is "nothing lies in the outbox" $? 1
serve '202 Accepted'
run request-code --store=s --clerk=SH1 --person-name=张一 --person-id-type=身份证 --person-id-number=310101197102020034 \
    --phone=13500000099 --now=2026-05-06T09:00:00+08:00 --json
served
out_has '"delivery":"sent"' "the verb sends too"
run submit ask.jsonl --store=s --now=2026-05-06T09:01:00+08:00 --dry-run
out_has '"outcome":"duplicate"' "what is known"
sed 's/q1/q1b/' ask.jsonl > dry.jsonl
run submit dry.jsonl --store=s --now=2026-05-06T09:01:00+08:00 --dry-run
out_has '"outcome":"accepted"' "and what is only tried goes to no gateway"

# --- not sent ------------------------------------------------------------------------------------
serve '401 Unauthorized'
ask
served
status_is 0 "the gateway refuses: the wish stands"
out_has '"outcome":"accepted"' "accepted"
out_has '"delivery":"failed"' "but not delivered"
err_has "[post_status]" "the operator is told why"
err_has "https://127.0.0.1:$port answers with status 401" "by the server's name"
is "without its secret" "$(grep -c "$SECRET" "$err")" 0
err_has "tries: 1" "refused is refused: once"
configure "$gateway" "sms_credentials = $work/credentials" "sms_tries = 2"
serve ''
ask
served
out_has '"delivery":"failed"' "a server that no authority vouches for gets nothing"
err_has "[post_failed]" "and that is told"
err_has "tries: 2" "tried again as often as allowed"
is "nothing reached it" "$(wc -c < request.$requests)" 0
configure "$gateway" "sms_roots = $work/server.pem" "sms_tries = 2"
ask
out_has '"delivery":"failed"' "nobody listens: the wish stands"
err_has "tries: 2" "tried twice"
serve '200 OK'
ask
served
out_has '"delivery":"sent"' "and goes out when somebody does"
is "without credentials no such header" "$(grep -c Authorization request.$requests)" 0
serve '503 Busy'
configure "$gateway" "sms_roots = $work/server.pem" "sms_tries = 1"
ask
served
out_has '"delivery":"failed"' "a busy gateway"
err_has "tries: 1" "with one try allowed"

configure "$gateway" "sms_roots = $work/server.pem" "sms_timeout = 1" "sms_tries = 1"
serve ''
ask
served
out_has '"delivery":"failed"' "a gateway that takes the code and says nothing"
err_has "[post_failed]" "is given up"
has request.$requests '"code":"' "although the code reached it: the person may ask again"

# --- a crash between event and sending -----------------------------------------------------------
configure "$gateway" "sms_roots = $work/server.pem" "sms_timeout = 60"
serve ''
wish=$((wish + 1))
sed 's/"q[0-9]*"/"q'$wish'"/' ask.jsonl > crash.jsonl
"$ANZHENG" submit crash.jsonl --store=s --now=2026-05-06T09:00:00+08:00 > crash.out 2> crash.err < /dev/null &
dying=$!
await_request
kill -9 $dying
wait $dying 2> kill.err
served
is "the line was not answered" "$(cat crash.out)" ""
run submit crash.jsonl --store=s --now=2026-05-06T09:01:00+08:00
out_has '"outcome":"duplicate"' "its event is there: the same wish is known"
out_lacks '"delivery"' "and sends nothing"
sed -i 's/"q'$wish'"/"q'$wish'b"/' crash.jsonl
serve '200 OK'
run submit crash.jsonl --store=s --now=2026-05-06T09:02:00+08:00
served
out_has '"delivery":"sent"' "who asks again gets a new one"

# --- a signal while the gateway says nothing ------------------------------------------------------
configure "$gateway" "sms_roots = $work/server.pem" "sms_timeout = 300" "sms_tries = 50"
serve ''
for n in 1 2 3; do
    echo '{"id":"stop-'$n'","action":"request_code",'$ZHANG',"phone":"1350000007'$n'"}'
done > stop.jsonl
"$ANZHENG" submit stop.jsonl --store=s --now=2026-05-06T09:03:00+08:00 > "$out" 2> "$err" < /dev/null &
stopping=$!
await_request
kill -TERM $stopping
tries=0
while kill -0 $stopping 2> kill.err && [ $tries -lt 400 ]; do
    tries=$((tries + 1))
    sleep 0.05
done
[ $tries -lt 400 ] || kill -9 $stopping
status=0
wait $stopping || status=$?
served
status_is 75 "a signal ends the waiting, not the timeout"
is "the line that was waited for is answered, no other one" \
    "$(grep -c '"outcome":"accepted"' "$out") $(grep -c '"delivery":"failed"' "$out") $(grep -c . "$out")" "1 1 1"
configure "sms_gateway ="
run submit stop.jsonl --store=s --now=2026-05-06T09:04:00+08:00
is "run again, the rest follows" \
    "$status $(grep -c '"outcome":"duplicate"' "$out") $(grep -c '"delivery":"outbox"' "$out")" "0 1 2"

# --- configuration -------------------------------------------------------------------------------
chmod 640 credentials
configure "$gateway" "sms_credentials = $work/credentials" "sms_roots = $work/server.pem"
ask
out_has '"delivery":"failed"' "credentials that others can read are not used"
err_has "[file_not_private]" "and that is told"
err_has "tries: 0" "nothing was tried"
configure "sms_gateway = http://192.0.2.1/sms?key=$SECRET"
ask
out_has '"delivery":"failed"' "in the clear nothing goes anywhere"
err_has "[url_not_allowed]" "and that is told"
is "without the secret" "$(grep -c "$SECRET" "$err")" 0
configure "sms_gateway ="
ask
out_has '"delivery":"outbox"' "without a gateway: the outbox"
chmod 500 s/outbox
chmod 644 s/outbox/*
ask
out_has '"delivery":"failed"' "an outbox that others can read is not written to"
chmod 700 s/outbox
chmod 600 s/outbox/*
configure "sms_timeout = soon"
run status --store=s
status_is 78 "a value of the wrong kind stops everything"
configure "sms_gateway ="

run audit verify --store=s
status_is 0 "the log is sound"
rm -r s/outbox
is "no code, number or secret is in the store" "$(grep -rlE "$code|13500000011|$SECRET" s | tr '\n' ' ')" ""
done_testing
