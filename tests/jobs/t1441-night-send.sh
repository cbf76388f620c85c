#!/bin/sh
# Sending to the national platform as a step of a night: what the day brought goes out, a platform that
# is away ends the night or, said to be optional, does not, and nothing is lost (decision 0081).
. "$(dirname "$0")/lib.sh"
. "$here/town.sh"
. "$here/foreign.sh"
if ! command -v python3 > "$out"; then
    echo "1..0 # SKIP python3 is not installed"
    exit 0
fi
make_town s
export ANZHENG_STORE="$work/s"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.pem \
    -subj "/CN=localhost" -addext "subjectAltName=IP:127.0.0.1" -days 3650 2> "$err"
start_platform() {
    rm -f port
    python3 "$here/../support/platform.py" server.pem server.key > server.log 2>&1 &
    server=$!
    await_port
    configure
}
stop_platform() {
    kill "$server"
    wait "$server" 2> kill.err
    server=
}
configure() {
    sed -i '/^national_/d' s/anzheng.conf
    printf '%s\n' "national_url = https://127.0.0.1:$(cat port)/collect" "national_roots = $work/server.pem" \
        'national_rate = 1000' 'national_tries = 1' >> s/anzheng.conf
}
steps() { # of the summary: verb/state/status
    tail -1 "$out" | grep -oE '"verb":"[^"]*","state":"[^"]*","status":[0-9]*' |
        sed 's/"verb":"\(.*\)","state":"\(.*\)","status":\(.*\)/\1 \2 \3/' | tr '\n' ';'
}
cat > night.list <<'END'
checkpoint
export national --send --reason="夜间归集"
status
END
sed 's/^export/optional &/' night.list > optional.list

# --- a platform that is there ----------------------------------------------------------------------
start_platform
run night night.list --today=2026-05-05 --json
status_is 0 "a night that sends"
is "every step is done" "$(steps)" "checkpoint done 0;export national done 0;status done 0;"
is "all records went out" "$(wc -l < received)" 11
run night night.list --today=2026-05-05 --json
status_is 0 "the same night again"
is "sends nothing anew" "$(wc -l < received)" 11
printf 'export national --send\n' > bad.list
run night bad.list --today=2026-05-05
status_is 65 "a step without its reason"
err_has reason "is told"
printf 'export national --sned --reason=x\n' > bad.list
run night bad.list --today=2026-05-05
status_is 65 "a step that is mistyped: nothing was run"

# --- one that is away -------------------------------------------------------------------------------
stop_platform
cat > wish.jsonl <<END
{"id":"c1","action":"cancel","enterprise":"$E1","certificate":"沪建安B(2019)0000004","reason":"employment_ended","confirmed":true}
END
run submit wish.jsonl --today=2026-05-06 --quiet
run night night.list --today=2026-05-06 --json
status_is 69 "nobody listens"
is "the night ends there" "$(steps)" "checkpoint done 0;export national failed 69;"
run night optional.list --today=2026-05-06 --json
status_is 1 "an optional step that nobody answers"
is "does not" "$(steps)" "checkpoint done 0;export national failed 69;status done 0;"
is "the record waits" "$(ls s/outbox/national | grep -c queue)" 1
start_platform
run night optional.list --today=2026-05-06 --json
status_is 0 "the platform is back"
is "it goes out, once" "$(wc -l < received) $(cut -d' ' -f1 received | sort -u | wc -l)" "12 12"
is "the optional step was run" "$(steps)" "checkpoint done 0;export national done 0;status done 0;"

# --- refused ----------------------------------------------------------------------------------------
cat > wish.jsonl <<END
{"id":"s1","action":"suspend","clerk":"SH1","certificate":"沪建安C2(2019)0000005","decision":"暂-1"}
END
run submit wish.jsonl --today=2026-05-06 --quiet
echo '沪建安C2（2019）0000005' > refuse
run night night.list --today=2026-05-06 --json
status_is 1 "a refused record is work for the morning"
is "the night goes on" "$(steps)" "checkpoint done 0;export national done 1;status done 0;"

# --- optional is about files where a step names one --------------------------------------------------
printf 'optional audit verify\noptional import exams nowhere.csv\noptional rename run --file=nowhere.csv\n' > files.list
printf '统一社会信用代码,新企业名称\n%s,上海甲示范建设有限公司\n' "$E1" > there.csv
printf 'optional rename run --file=there.csv\noptional rename run --plan=nowhere.csv\n' >> files.list
run night files.list --today=2026-05-06 --json
is "a step of two words that names no file is run, one that names a file when it is there" "$(steps)" \
    "audit verify done 0;import left_out 0;rename run left_out 0;rename run done 0;rename run left_out 0;"
run rebuild --verify
status_is 0 "log and views agree"
done_testing
