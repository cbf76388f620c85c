#!/bin/sh
# t0900-fuzz - each fuzz target on its corpus and on changed copies of it, always the same, in the
# sanitized build that the unit tests use (tests/fuzz/short.c); `make fuzz SECONDS=N` looks longer
# and elsewhere, led by coverage.
cd "$(dirname "$0")/../.." || exit 1
if ! make --no-print-directory -j2 CC=gcc SAN=1 fuzz-short > build/fuzz-make.log 2>&1; then
    tail -20 build/fuzz-make.log | sed 's/^/# /'
    echo "not ok 1 - the fuzz targets are built"
    echo "1..1"
    exit 1
fi
exec build/gcc-san/tests/fuzz/short "${FUZZ_COUNT:-100}" "${FUZZ_SEED:-1}"
