#!/bin/sh
# t0900-fuzz - each fuzz target on its corpus and for about a second more, always the
# same inputs; `make fuzz SECONDS=N` looks longer and elsewhere.
cd "$(dirname "$0")/../.." || exit 1
if ! make --no-print-directory -j2 fuzz-targets > build/fuzz-make.log 2>&1; then
    tail -20 build/fuzz-make.log | sed 's/^/# /'
    echo "not ok 1 - the fuzz targets are built"
    echo "1..1"
    exit 1
fi
FUZZ_SEED=${FUZZ_SEED:-1} exec tests/fuzz/run build/clang-fuzz/tests/fuzz "${FUZZ_SECONDS:-1}"
