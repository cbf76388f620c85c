#!/bin/sh
# t1489-left-by-killed - views of a day that is past lie below TMPDIR while they are folded, with names in
# the clear: what a killed run left there goes with the next run, what a living one holds stays.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
mkdir tmp elsewhere
TMPDIR=$work/tmp
export TMPDIR
left() { ls tmp | sort | tr '\n' ' '; }
leave() { # name: a folder as a fold makes it
    mkdir -m 0700 "tmp/$1" "tmp/$1/views"
    echo 孙三 > "tmp/$1/views/data.mdb"
    echo > "tmp/$1/views/lock.mdb"
}

run audit diff --from=1 --to=9 --json
status_is 0 "a difference"
is "leaves nothing" "$(left)" ""
leave anzheng-compare.dead01
run audit diff --from=1 --to=9 --json
status_is 0 "behind a killed run"
is "what that left is gone" "$(left)" ""

leave anzheng-compare.alive1
leave anzheng-other.000001
leave anzheng-compare.theirs
chmod 0755 tmp/anzheng-compare.theirs
mkdir -m 0700 elsewhere/views
echo 孙三 > elsewhere/views/data.mdb
ln -s "$work/elsewhere" tmp/anzheng-compare.link01
exec 9< tmp/anzheng-compare.alive1
flock -n 9
run audit compare --until=9 --json
status_is 0 "beside a living run"
is "that keeps its folder, and others theirs" "$(left)" \
    "anzheng-compare.alive1 anzheng-compare.link01 anzheng-compare.theirs anzheng-other.000001 "
[ -s tmp/anzheng-compare.alive1/views/data.mdb ] && [ -s elsewhere/views/data.mdb ]
report $? "with what is in them"
exec 9<&-
run audit compare --until=9 --json
is "until it ends" "$(left)" "anzheng-compare.link01 anzheng-compare.theirs anzheng-other.000001 "

# What a killed writer left of a file that was to be kept goes with the next writer, and not before: while
# somebody writes, such a file is his.
mkdir -p store/blobs/ab
half=store/blobs/ab/abababababababababababababababababababababababababababababababab.tmp
echo half > $half
echo x > store/blobs/ab/of-somebody.tmp
run policy set insurance.months_required 2 --decision=D-1
[ -e $half ]
is "behind a writer that let go it stays" $? 0
printf '%s\n' "1 submit 2026-01-05T00:00:00+08:00" > store/lock
run status --json
[ -e $half ]
is "behind one that was killed, who only reads takes nothing away" $? 0
make_preload crash_point
ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" \
    CRASH_TRACE=$work/steps LD_PRELOAD=$work/crash_point.so run policy set insurance.months_required 3 --decision=D-2
status_is 0 "the next writer"
is "first makes durable what that one named" "$(head -1 steps)" syncfs
[ -e $half ]
is "takes it away" $? 1
rm steps
ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" \
    CRASH_TRACE=$work/steps LD_PRELOAD=$work/crash_point.so run policy set insurance.months_required 1 --decision=D-3
is "the one behind it need not" "$status $(grep -c syncfs steps)" "0 0"
[ -e store/blobs/ab/of-somebody.tmp ]
is "and nothing that it does not know" $? 0
done_testing
