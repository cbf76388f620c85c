#!/bin/sh
# A file that a verb is told to read is a file: nobody waits for a pipe while he holds the store, and
# nobody reads a device to its end, which it has not.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06
mkfifo pipe
wish() { printf '{"id":"%s","action":"request_regeneration","enterprise":"%s","certificate":"%s"}\n' "$1" $jia "$paper"; }
wish W-1 > wish.jsonl

refused() { # what, status, arguments...
    what=$1
    wanted=$2
    shift 2
    status=0
    timeout -k 1 10 "$ANZHENG" "$@" $today > "$out" 2> "$err" < /dev/null || status=$?
    status_is "$wanted" "$what"
    err_has pipe "$what: names it"
}
refused "submit" 66 submit pipe
refused "submit: the signature" 66 submit wish.jsonl --signature=pipe
refused "import" 66 import clerks pipe
refused "import, by its address" 69 import clerks "file://$work/pipe"
refused "import --sha256" 66 import clerks pipe --sha256="$(printf %064d 0)"
refused "rename plan" 66 rename plan --file=pipe
refused "rename plan, what changed since" 66 rename plan --plan=pipe
refused "rename run" 66 rename run --file=pipe
refused "rename run of a plan" 66 rename run --plan=pipe
refused "notice plan" 66 notice plan pipe
refused "notice run" 66 notice run pipe
refused "trust add" 66 trust add pipe
refused "trust remove" 66 trust remove pipe
refused "template check" 66 template check pipe
refused "template set" 66 template set certificate pipe --decision=D-2
refused "audit check" 66 audit check pipe
refused "audit check of a document" 66 audit check pipe.pdf --root=pipe
refused "audit verify" 66 audit verify --checkpoint=pipe
refused "checkpoint" 66 checkpoint --witnesses=pipe
refused "night" 66 night pipe
refused "init" 66 init --store=other --root-cert=pipe --document-cert=pipe --document-key=pipe --log-key=pipe
refused "an action's signer" 78 request-regeneration --enterprise=$jia --certificate="$paper" \
    --signer-cert=pipe --signer-key=pipe
refused "import --daily, of a pipe" 66 import clerks pipe --daily
printf '工号,姓名,部门,部门级别\n' > pipe.csv
refused "import --daily, of a file" 66 import clerks pipe.csv --daily
err_has "no directory" "import --daily, of a file: why"
ln -s /dev/zero pipe.zero
refused "a device" 66 submit pipe.zero

# What is written may be a pipe, or nothing at all.
timeout -k 1 10 cat pipe > through &
run submit wish.jsonl --results=pipe $today
wait $!
status_is 1 "the results of a submission may go into a pipe"
has through '"outcome":"refused"' "and get there"
run submit wish.jsonl --results=/dev/null $today
status_is 1 "or nowhere"

run checkpoint --cosigned=wish.jsonl $today
err_has 'needs the option --witnesses [' "an option that is missing is named, not explained"
done_testing
