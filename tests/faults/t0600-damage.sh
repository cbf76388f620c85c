#!/bin/sh
# Damage: single bits flipped all over the log and the views, files lost, an older log put back.
# Never a crash, never silence about what is in use; views are made anew, the log is not "repaired".
#   ANZHENG_FLIPS=N   how many flips in each file (default 60)
. "$(dirname "$0")/../jobs/lib.sh"
flips=${ANZHENG_FLIPS:-60}
tar xzf "$here/../golden/log/store-1.tar.gz" || exit 1
export ANZHENG_STORE=$work/store
run rebuild --json
status_is 0 "a store to damage"
cp -r store sound

flip() { # file, offset, bit
    byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
    printf "\\$(printf %03o $((byte ^ (1 << $3))))" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

seed=7
next() { # a number below $1, in $drawn: a generator of its own, so that every run is the same
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    drawn=$((seed / 8 % $1))
}

# 0: the bit was not in use. 79: named. 78, in views: it hit a table's name or version, and the
# message says rebuild. Anything else is a crash or a wrong answer.
try_flips() { # file below the store, the verb that reads it
    file=$1
    shift
    outdated=
    case "$file" in views/*) outdated=78 ;; esac
    size=$(stat -c %s "store/$file")
    found=0
    wrong=
    n=0
    while [ "$n" -lt "$flips" ]; do
        n=$((n + 1))
        next "$size"
        offset=$drawn
        next 8
        flip "store/$file" "$offset" "$drawn"
        run "$@"
        case "$status" in
        0) ;;
        79 | "$outdated") found=$((found + 1)) ;;
        *) wrong="$wrong $offset:$drawn=$status" ;;
        esac
        flip "store/$file" "$offset" "$drawn"
    done
    is "$flips flips in $file: $* answers 0 or 79" "$wrong" ""
    is "and found some of them" "$([ "$found" -gt 0 ] && echo yes)" yes
}

try_flips log/data.mdb audit verify --json
try_flips log/data.mdb rebuild --verify --json
try_flips views/data.mdb rebuild --verify --json
try_flips views/data.mdb list certificates --json
cmp -s store/log/data.mdb sound/log/data.mdb
is "every flip was taken back" "$?" 0

# Cut files.
for file in log/data.mdb views/data.mdb; do
    cp "sound/$file" "store/$file"
    truncate -s 8192 "store/$file"
    run audit verify --json
    [ "$file" = log/data.mdb ] && status_is 79 "a log cut short is found"
    run list certificates --json
    [ "$file" = views/data.mdb ] && status_is 79 "views cut short are found"
    cp "sound/$file" "store/$file"
done

# Views that are gone or broken are made from the log.
rm -rf store/views
run rebuild --json
status_is 0 "lost views are made anew"
dd if=/dev/zero of=store/views/data.mdb bs=4096 count=2 conv=notrunc 2>/dev/null
run status --json
status_is 79 "broken views are named"
run rebuild --json
status_is 0 "and made anew"
run rebuild --verify --json
status_is 0 "and right"

# An older log under newer views and checkpoints.
run policy set insurance.months_required 1 --decision=D2 --today=2026-07-01 --json
status_is 0 "the store goes on"
run checkpoint --json
status_is 0 "with a checkpoint"
cp sound/log/data.mdb store/log/data.mdb
run audit verify --json
status_is 79 "an older log under a newer checkpoint is found"
run policy set insurance.months_required 2 --decision=D3 --today=2026-07-02 --json
status_is 79 "and nothing is written to it"
done_testing
