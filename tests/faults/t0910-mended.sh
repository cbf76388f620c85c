#!/bin/sh
# After damage: views are made anew by rebuild and then equal to replay byte for byte; the log is
# never mended: it comes back from a backup, which is believed only if the last checkpoint fits.
#   SEED=N, DAMAGES=N    which places (1), how many of each file (12)
. "$(dirname "$0")/../jobs/lib.sh"
seed=${SEED:-1}
damages=${DAMAGES:-12}
tar xzf "$here/../golden/log/store-1.tar.gz" || exit 1
export ANZHENG_STORE=$work/store
run rebuild --json
run policy set insurance.months_required 1 --decision=D1 --today=2026-07-01 --json
run checkpoint --json
status_is 0 "a store with a checkpoint"
echo "# SEED=$seed DAMAGES=$damages"
events=$("$ANZHENG" status --json | sed -n 's/^{"events":\([0-9]*\).*/\1/p')
run backup kept --with-keys --json
status_is 0 "is backed up"
cp store/log/data.mdb sound-log
cp -r store/views sound-views

next() { # a number below $1, in $drawn
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    drawn=$((seed / 8 % $1))
}
spoil() { # file: 16 bytes somewhere in a page that is not the first two
    next $(($(stat -c %s "$1") / 4096 - 2))
    offset=$(((drawn + 2) * 4096))
    next 4000
    offset=$((offset + drawn))
    printf '\377\376\375\374\373\372\371\370\377\376\375\374\373\372\371\370' |
        dd of="$1" bs=1 seek="$offset" conv=notrunc 2> /dev/null
}

damaged=0
wrong=
n=0
while [ "$n" -lt "$damages" ]; do
    n=$((n + 1))
    spoil store/views/data.mdb
    run rebuild --verify --json
    [ "$status" -eq 0 ] || damaged=$((damaged + 1))
    run rebuild --json
    [ "$status" -eq 0 ] || wrong="$wrong rebuild at $offset: $status"
    run rebuild --verify --json
    [ "$status" -eq 0 ] || wrong="$wrong verify at $offset: $status"
done
is "damaged views are rebuilt and equal to replay" "$wrong" ""
[ "$damaged" -gt 0 ]
is "some of them were damaged" "$?" 0
cmp -s store/log/data.mdb sound-log
is "the log was left alone" "$?" 0

damaged=0
wrong=
n=0
while [ "$n" -lt "$damages" ]; do
    n=$((n + 1))
    spoil store/log/data.mdb
    cp store/log/data.mdb spoilt
    run audit verify --json
    if [ "$status" -eq 79 ]; then
        damaged=$((damaged + 1))
        grep -q . "$err" || wrong="$wrong nothing said at $offset"
        run rebuild --json
        [ "$status" -eq 79 ] || wrong="$wrong rebuild at $offset: $status"
        cmp -s store/log/data.mdb spoilt || wrong="$wrong written to at $offset"
    elif [ "$status" -ne 0 ]; then
        wrong="$wrong verify at $offset: $status"
    fi
    cp sound-log store/log/data.mdb
done
is "a damaged log is told and not touched" "$wrong" ""
[ "$damaged" -gt 0 ]
is "and some were damaged" "$?" 0

# The way back.
spoil store/log/data.mdb
mv store broken
run restore kept --json
status_is 0 "the backup gives the store back"
is "all of it" "$(field events)" "$events"
run audit verify --json
status_is 0 "which verifies, checkpoints too"
run rebuild --verify --json
status_is 0 "and so do its views"
rm -r store
spoil kept/log/data.mdb
n=0
while "$ANZHENG" restore kept --json > "$out" 2> "$err" && [ "$n" -lt 50 ]; do
    n=$((n + 1)) # it hit what is not in use
    rm -r store
    spoil kept/log/data.mdb
done
run restore kept --json
status_is 79 "a backup that is damaged itself is refused"
[ ! -e store ]
is "and leaves no store" "$?" 0
done_testing
