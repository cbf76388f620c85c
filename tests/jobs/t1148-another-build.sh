#!/bin/sh
# t1148-another-build - `make CC=clang` or `make SAN=1` behind a `make` builds what was asked for:
# build/anzheng is always the program of the last make, whichever of them is newer.
. "$(dirname "$0")/lib.sh"
root=$(cd "$here/../.." && pwd)
make --no-print-directory -C "$root" -n BUILD="$work/other" all > asked 2>&1
is "the program of another build is made" "$(grep -c "LINK  $work/other/anzheng" asked)" 1
is "and becomes build/anzheng" "$(grep -c "build/anzheng\$" asked)" 1
done_testing
