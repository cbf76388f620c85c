#!/bin/sh
# t1308-how-it-multiplies - however libcrypto multiplies for a signature, a document is the same bytes
# (reproducible: files signed with RSA compare whole).
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"

make_town s
is "the town is made" "$?" 0
cp -a s plain

documents() { # store: their digests, which are their names
    (cd "$1" && find certificates -name '*.pdf' | sort)
}
night="--now=2026-05-05T20:00:00+08:00 --json"
# shellcheck disable=SC2086
run regenerate --store=s $night
ours="$status $(field rendered)"
# as it is told by its own look at the processor, and with neither ADX nor AVX2
for told in :~0 :~0x80020; do
    rm -rf other && cp -a plain other
    OPENSSL_ia32cap=$told
    export OPENSSL_ia32cap
    # shellcheck disable=SC2086
    run regenerate --store=other $night
    unset OPENSSL_ia32cap
    is "$told: as many" "$status $(field rendered)" "$ours"
    is "$told: the same" "$(documents other)" "$(documents s)"
done
[ "$(documents s | grep -c .)" -ge 5 ]
report $? "there are documents"
done_testing
