# lib - what every end-to-end script begins with: `. "$(dirname "$0")/lib.sh"`. Prints TAP.
#
#   run ARGS...            the program; its outputs go to $out and $err, its status to $status
#   is WHAT GOT WANTED     ok when equal
#   status_is N WHAT       ok when the last run ended with N
#   out_has TEXT WHAT, err_has TEXT WHAT, out_lacks TEXT WHAT   ok when the text is there, or not
#   field NAME             the value of a field of the JSON object(s) in $out
#   newest [STORE]         the number of the last event
#   wait_for_lock PID      until that process holds ./store, or is gone
#   flip FILE OFFSET       another byte there, whatever it was
#   small_disk WHAT        mounts $small, 1 MB that run full; without root the script ends, skipped
#   make_preload NAME      $work/NAME.so of tests/faults/preload/NAME.c; without a compiler it bails out
#   smaller N M            N, or M where SMALLER is set: the second time that a script runs, under the
#                          sanitizers, the same steps over less data
#   done_testing           the plan, and the exit status
#
# Each script works in a folder of its own, removed at the end. No network, no real persons.
set -u
here=$(cd "$(dirname "$0")" && pwd)
ANZHENG=${ANZHENG:-$here/../../build/anzheng}
work=$(mktemp -d "${TMPDIR:-/tmp}/anzheng-test.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
cd "$work" || exit 1
unset ANZHENG_STORE LC_ALL LC_MESSAGES
export LANG=C
out=$work/out
err=$work/err
status=0
count=0
bad=0

run() {
    status=0
    "$ANZHENG" "$@" > "$out" 2> "$err" < /dev/null || status=$?
}

smaller() { if [ -n "${SMALLER:-}" ]; then echo "$2"; else echo "$1"; fi; }

# What each script would make alike is made by the first one that needs it, and copied by the others: by
# the same program, so that nothing is kept of an older one.
once_made() { # name, folder, the command that makes the folder
    once=$1 folder=$2
    shift 2
    made=$(stat -L -c '%i-%Y-%s' "$ANZHENG") || return
    made=$here/../../build/town/$made
    if [ -d "$made/$once" ]; then
        cp -a "$made/$once" "$folder"
        return
    fi
    "$@" && mkdir -p "$made" && cp -a "$folder" "$made/$once.$$" || return
    mv -T "$made/$once.$$" "$made/$once" 2> "$err" || rm -r "$made/$once.$$" # two at once: one is enough
}

report() { # 0 or 1, what
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $count - $2"
    else
        bad=$((bad + 1))
        echo "not ok $count - $2"
    fi
}

diagnose() {
    sed 's/^/#   out: /' "$out" | head -10
    sed 's/^/#   err: /' "$err" | head -10
}

newest() { "$ANZHENG" status ${1:+"--store=$1"} --json | sed -n 's/^{"events":\([0-9]*\).*/\1/p'; }

wait_for_lock() {
    until grep -q "^$1 " store/lock || ! kill -0 "$1"; do sleep 0.02; done
}

small_disk() {
    small=$work/small
    mkdir "$small"
    if ! mount -t tmpfs -o size=1m tmpfs "$small" 2> "$err"; then
        echo "ok 1 - $1 # SKIP mounting a small tmpfs needs root"
        echo "1..1"
        exit 0
    fi
    trap 'umount "$small" 2> /dev/null; rm -rf "$work"' EXIT
}

make_preload() {
    "${CC:-gcc}" -std=gnu17 -D_GNU_SOURCE -O2 -fPIC -shared -o "$work/$1.so" "$here/../faults/preload/$1.c" -ldl ||
        { echo "Bail out! the preload does not compile"; exit 1; }
}

flip() {
    byte=$(od -An -tu1 -j "$2" -N 1 "$1")
    printf "\\$(printf %o $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc 2> /dev/null
}

is() {
    if [ "$2" = "$3" ]; then
        report 0 "$1"
    else
        report 1 "$1"
        echo "#   got:    $2"
        echo "#   wanted: $3"
    fi
}

status_is() {
    if [ "$status" -eq "$1" ]; then
        report 0 "$2"
    else
        report 1 "$2"
        echo "#   ended with $status, wanted $1"
        diagnose
    fi
}

has() { # file, text, what
    if grep -qF -- "$2" "$1"; then
        report 0 "$3"
    else
        report 1 "$3"
        echo "#   not there: $2"
        diagnose
    fi
}

out_has() { has "$out" "$1" "$2"; }
err_has() { has "$err" "$1" "$2"; }

out_lacks() {
    if grep -qF -- "$1" "$out"; then
        report 1 "$2"
        diagnose
    else
        report 0 "$2"
    fi
}

field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"}]*\).*/\1/p" "$out"; }

done_testing() {
    echo "1..$count"
    [ "$bad" -eq 0 ]
}
