# foreign - a verifier that is not ours, built by the test that wants it: `. foreign.sh` after lib.sh.
#
#   build_foreign        $foreign is the program, or "" with the reason in $why_not
#   foreign_ok WHAT ARGS...      ok when it says "sound"; skipped where it cannot be built
#   foreign_no WHAT ARGS...      ok when it refuses
#   await_port           waits for the file `port` that a server started with & writes, whose pid is in $server;
#                        it is stopped when the script ends
foreign=
why_not=
server=
stop_server() {
    [ -z "$server" ] || kill "$server" 2> kill.err
    rm -rf "$work"
}
trap stop_server EXIT

await_port() {
    tries=0
    until [ -s port ] || [ $tries -gt 200 ]; do
        tries=$((tries + 1))
        sleep 0.05
    done
}

build_foreign() {
    go=/usr/lib/go-1.19/bin/go
    [ -x $go ] || go=$(command -v go) || go=
    if [ -z "$go" ] || [ ! -d /usr/share/gocode/src/golang.org/x/mod/sumdb/tlog ]; then
        why_not='golang-1.19-go and golang-golang-x-mod-dev are not installed'
    elif GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= GOCACHE="$work/gocache" HOME="$work" \
        "$go" build -o "$work/foreign" "$here/../foreign/verify.go" > "$out" 2> "$err"; then
        foreign=$work/foreign
    else
        report 1 "tests/foreign/verify.go is built"
        diagnose
        why_not='it could not be built'
    fi
}

foreign_ok() {
    what=$1
    shift
    if [ -z "$foreign" ]; then
        report 0 "$what # SKIP $why_not"
        return
    fi
    "$foreign" "$@" > "$out" 2> "$err"
    is "$what" "$?" 0
    out_has sound "$what: and it says so"
}

foreign_no() {
    what=$1
    shift
    if [ -z "$foreign" ]; then
        report 0 "$what # SKIP $why_not"
        return
    fi
    "$foreign" "$@" > "$out" 2> "$err"
    is "$what" "$?" 1
}
