#!/bin/sh
# Registers from an https server that breaks off, stalls, redirects to http, presents a wrong certificate,
# lies about the length and about ranges (decision 0038): nothing half-fetched is ever imported.
. "$(dirname "$0")/lib.sh"
. "$here/foreign.sh"
. "$here/fetch_store.sh"
. "$here/crowd.sh"
key() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.pem" \
    -subj "/CN=$1" -addext "subjectAltName=IP:127.0.0.1" -days 3650 2> "$err"; chmod 600 "$1.key"; }
key server
key other
key client
mkdir site
clerks() { # how many, to a file of many blocks
    echo '工号,姓名,部门,部门级别,状态'
    seq "$1" | awk '{ printf "W%05d,壬,%s,市,在岗\n", $1, "质量安全监督站" }'
}
clerks 3000 > site/clerks.csv
start() { # server's arguments
    rm -f port
    python3 "$here/../support/registers.py" site "$@" > server.log 2>&1 &
    server=$!
    await_port
    url=https://127.0.0.1:$(cat port)
    configure
}
stop() {
    kill "$server"
    wait "$server" 2> kill.err
    server=
}
configure() { # tries, authority, more lines
    sed -i '/^fetch_/d;/^unpacked_/d' s/anzheng.conf
    printf 'fetch_tries = %s\nfetch_roots = %s\nfetch_stall = 1\n' "${1:-3}" "$work/${2:-server}.pem" >> s/anzheng.conf
    [ $# -le 2 ] || shift 2
    for line; do case $line in fetch_*) echo "$line" >> s/anzheng.conf ;; esac; done
}
fetch() { run import clerks "$@" $now --json; }
nothing() { # what: nothing came into the log, nothing is left but a part
    is "$1: nothing is in the log" "$(newest)" "$before"
    is "$1: no whole file is left" "$(find s/incoming -name '*.csv' -o -name '*.known' | wc -l)" 0
}
asked() { tail -"$1" asked | cut -d' ' -f2,5 | tr '\n' ';'; }
start server.pem server.key
before=$(newest)

# --- what must not get in --------------------------------------------------------------------------
fetch "$url/none.csv"
status_is 69 "not there"
err_has remote_status "is told"
configure 1
fetch "$url/more/clerks.csv"
status_is 69 "more promised than there is"
nothing "a lie about the length"
fetch "$url/cut/clerks.csv"
status_is 69 "no length, and a connection that is cut"
nothing "what may be half of a file"
fetch "$url/bad/clerks.csv"
status_is 69 "no length, and a connection that is cut before anything came"
nothing "what may be none of a file"
fetch "$url/stall/clerks.csv?key=geheim"
status_is 69 "a dead line"
err_has "$url/stall/clerks.csv" "is told with the server and the path"
is "but no secret" "$(grep -c geheim "$err")" 0
nothing "a dead line"
fetch "$url/away/clerks.csv"
status_is 69 "a redirect to http"
nothing "a redirect to http"
configure 1 server "fetch_bytes = 100000"
fetch "$url/clerks.csv"
status_is 69 "too large"
err_has remote_too_large "is told"
nothing "too large"
configure 1 other
fetch "$url/clerks.csv"
status_is 69 "a certificate that nobody trusts"
nothing "a wrong certificate"
configure
fetch "https://localhost:$(cat port)/clerks.csv"
status_is 69 "a certificate of another name"
err_has "matches target host name 'localhost'" "is told as that"
nothing "another name"
fetch "$url/clerks.csv" --sha256="$(printf x | sha256sum | cut -d' ' -f1)"
status_is 69 "not the file that was promised"
err_has remote_digest "is told"
nothing "another digest"
configure 1 none
fetch "$url/clerks.csv"
status_is 78 "authorities that are not there"
err_has "$work/none.pem" "are told with their file"
configure 1 server "fetch_certificate = $work/client.pem"
fetch "$url/clerks.csv"
status_is 78 "a certificate without its key"
configure 1 server "fetch_certificate = $work/client.pem" "fetch_key = $work/client.key"
chmod 644 client.key
fetch "$url/clerks.csv"
status_is 78 "a key that others can read"
chmod 600 client.key
configure
fetch "$url/clerks.csv" --sha256=abc
status_is 64 "no digest"
fetch "$url/clerks.csv" site/clerks.csv --sha256="$(sha256sum < site/clerks.csv | cut -d' ' -f1)"
status_is 64 "one digest for two files"
is "after all that nothing is in the log" "$(newest)" "$before"

is "but parts of what may be gone on with" "$(find s/incoming -type f ! -name '*.part' ! -name '*.from' | wc -l)" 0
configure

# --- what goes on ----------------------------------------------------------------------------------
: > asked
fetch "$url/break/2/clerks.csv"
is "broken off twice, gone on with twice" "$status $(field accepted)" "0 3000"
is "each time behind what was there" "$(cut -d' ' -f5 asked | tr '\n' ' ')" "200 206 206 "
size=$(wc -c < site/clerks.csv)
is "at the right place" "$(sed -n 2p asked | cut -d' ' -f2)" "bytes=$((size / 2))-"
clerks 3001 > site/clerks.csv
fetch "$url/range/clerks.csv"
is "another part than asked for: from the beginning" "$status $(field accepted) $(field unchanged)" "0 1 3000"
clerks 3002 > site/clerks.csv
: > asked
fetch "$url/bare/clerks.csv"
is "no state to hold on to: from the beginning" "$status $(field accepted) $(asked 2)" "0 1 - 200;- 200;"
clerks 3003 > site/clerks.csv
fetch "$url/change/clerks.csv"
is "the file changed meanwhile: no two halves of two files" "$status $(field accepted) $(field rejected)" "0 1 0"
clerks 3004 > site/clerks.csv
fetch "$url/busy/clerks.csv"
is "a server that has its hands full is asked again" "$status $(field accepted)" "0 1"
fetch "$url/home/clerks.csv"
is "a redirect to https is followed" "$status $(field unchanged)" "0 3004"
fetch "$url/open/clerks.csv"
is "no length, and a connection that ends in due form" "$status $(field unchanged)" "0 3004"
printf '<html>' > site/words.html
fetch "$url/words.html?key=geheim"
status_is 65 "a page of words instead"
err_has "$url/words.html holds no known header" "is told by the address it came from"
gzip -c site/clerks.csv > site/packed.gz
STOP_AT=.csv start_and_stop import clerks "$url/packed.gz?key=geheim" $now
status_is 75 "stopped while it is unpacked"
err_has "stopped while $url/packed.gz was unpacked" "is told by the address, too"
clerks 3005 > site/clerks.csv
configure 1
rm s/incoming/*.part s/incoming/*.from
fetch "$url/break/1/clerks.csv?again"
status_is 69 "broken off, and no second try"
is "what has come stays, for its owner alone" "$(find s/incoming -name '*.part' -perm 600 | wc -l) $(stat -c %a s/incoming)" "1 700"
fetch "$url/break/1/clerks.csv?again"
is "the summary names the source without what may be secret" "$(field file)" "$url/break/1/clerks.csv"
is "the next run goes on with it" "$status $(field accepted) $(tail -1 asked | cut -d' ' -f5)" "0 1 206"
is "then nothing is left" "$(find s/incoming -type f ! -name '*.known' | wc -l)" 0
configure

# --- what is not newer -----------------------------------------------------------------------------
fetch "$url/clerks.csv"
first=$(field sha256)
fetch "$url/clerks.csv"
is "what has not changed is not sent again" "$status $(field rows) $(field unchanged) $(tail -1 asked | cut -d' ' -f5)" "0 3005 3005 304"
is "and has the digest it had" "$(field sha256)" "$first"
fetch "$url/clerks.csv" --dry-run
is "a dry run reads it all the same" "$status $(field unchanged) $(tail -1 asked | cut -d' ' -f5)" "0 3005 200"
clerks 3005 | sed 's/W00001,壬/W00001,癸/' > site/corrected.csv
fetch "$url/corrected.csv"
is "another file of the register in between" "$status $(field accepted)" "0 1"
fetch "$url/clerks.csv"
is "then it is read again, for it says something else now" "$status $(field accepted) $(tail -1 asked | cut -d' ' -f5)" "0 1 200"
printf '工号,姓名,部门,部门级别,状态\nX1,,乙,市,在岗\n' > site/bad.csv
fetch "$url/bad.csv"
is "refused rows" "$status $(field rejected)" "1 1"
fetch "$url/bad.csv"
is "are judged anew" "$status $(field rejected) $(tail -1 asked | cut -d' ' -f5)" "1 1 200"

# --- who is who ------------------------------------------------------------------------------------
stop
printf '%s\n' 'openssl_conf = all' '[all]' 'ssl_conf = ssl' '[ssl]' 'system_default = old' '[old]' \
    'MinProtocol = TLSv1' 'CipherString = ALL:@SECLEVEL=0' > old.cnf
export OPENSSL_CONF="$work/old.cnf" OLD_TLS=1
start server.pem server.key
fetch "$url/clerks.csv"
status_is 69 "a server of TLS 1.1 is not spoken to, whatever the machine allows"
err_has remote_failed "is told"
unset OPENSSL_CONF OLD_TLS
stop
start server.pem server.key client.pem
configure 1
fetch "$url/clerks.csv"
status_is 69 "a server that lets in only whom it knows"
configure 1 server "fetch_certificate = $work/client.pem" "fetch_key = $work/client.key"
clerks 3006 > site/clerks.csv
fetch "$url/clerks.csv" --sha256="$(sha256sum < site/clerks.csv | cut -d' ' -f1)"
is "we show who we are, and the digest is right" "$status $(field accepted)" "0 1"
stop
run import clerks "$url/clerks.csv" $now
status_is 69 "nobody there"
run audit verify
status_is 0 "the log verifies after all that"
done_testing
