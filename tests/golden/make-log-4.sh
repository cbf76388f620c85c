#!/bin/sh
# make-log-4 - how tests/golden/log/store-4.tar.gz was made: a small store in which a page description
# is set and taken back. It was run once, and its result stays (see make-log.sh).
#   make-log-4.sh OUT     needs an empty or absent folder OUT; uses build/anzheng
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
program=$root/build/anzheng
out=$1
mkdir -p "$out"
cd "$out"
export ANZHENG_STORE=store
day1=--now=2026-07-10T09:00:00+08:00
day2=--now=2026-07-11T09:00:00+08:00

"$program" init --signatures=optional --clock=free "$day1" --quiet --json > init.json
"$program" template show certificate --out=own.page --json > answers.jsonl
"$program" template set certificate "$root/docs/templates/certificate-landscape.page" --decision=示版1 "$day1" --json >> answers.jsonl
"$program" template set certificate own.page --decision=示版2 "$day2" --json >> answers.jsonl
"$program" checkpoint "$day2" --json >> answers.jsonl
