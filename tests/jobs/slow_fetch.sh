# slow_fetch - a register that comes over the network while others write; after lib.sh: `. slow_fetch.sh`.
# Makes ./s, empty, and a server for what lies in ./site (tests/support/registers.py); without python3
# the script ends, skipped.
#
#   $url               the server
#   clerks N NAME      a register of N clerks of that name, to stdout
#   fetching ARGS...   import clerks ARGS in the background, until the server waits for the gate
#   arrives            opens the gate and waits for the end: $far_status, far.out, far.err
. "$here/foreign.sh"
. "$here/fetch_store.sh"
mkdir site
python3 "$here/../support/registers.py" site > server.log 2>&1 &
server=$!
await_port
url=http://127.0.0.1:$(cat port)
sed -i '/^fetch_/d' s/anzheng.conf
echo 'fetch_tries = 1' >> s/anzheng.conf

clerks() {
    echo '工号,姓名,部门,部门级别,状态'
    seq "$1" | awk -v name="$2" '{ printf "W%05d,%s,%s,市,在岗\n", $1, name, "质量安全监督站" }'
}

fetching() {
    rm -f gate waiting
    timeout -k 1 60 "$ANZHENG" import clerks "$@" $now --json > far.out 2> far.err &
    far=$!
    tries=0
    until [ -e waiting ] || [ $tries -gt 400 ]; do
        tries=$((tries + 1))
        sleep 0.02
    done
}

arrives() {
    : > gate
    wait "$far"
    far_status=$?
}
