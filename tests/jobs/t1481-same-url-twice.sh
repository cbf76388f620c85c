#!/bin/sh
# One command that names a URL twice: what is fetched before the store is locked is there for both.
. "$(dirname "$0")/lib.sh"
. "$here/foreign.sh"
if ! command -v python3 > "$out"; then
    echo "1..0 # SKIP python3 is not installed"
    exit 0
fi
run init --store=s --signatures=optional --clock=free --today=2026-06-01 --json
now=--now=2026-06-01T09:00:00+08:00
export ANZHENG_STORE="$work/s"
mkdir site
printf '工号,姓名,部门,部门级别,状态\nW00001,壬,质量安全监督站,市,在岗\n' > site/clerks.csv
python3 "$here/../support/registers.py" site > server.log 2>&1 &
server=$!
await_port
url=http://127.0.0.1:$(cat port)/clerks.csv
sed -i '/^fetch_/d' s/anzheng.conf
echo 'fetch_tries = 1' >> s/anzheng.conf
run import clerks "$url" "$url" $now --json
status_is 0 "a URL named twice"
is "is imported, and then says nothing new" "$(sed -n 's/.*"accepted":\([0-9]*\).*/\1/p' "$out" | tr '\n' ' ')" "1 0 "
run import clerks "$url" "$url" $now --json
status_is 0 "and again, when the server has nothing newer"
is "nothing is left of it" "$(find s/incoming -type f ! -name '*.known' | wc -l)" 0
done_testing
