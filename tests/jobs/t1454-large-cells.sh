#!/bin/sh
# Cells and fields up to 64 KiB are read (CONTRACT 1); where they do not fit into one event of the log,
# that row or line is too_large and the others go on. What stands in every event is short.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06
add_clerk K1
text() { head -c "$1" /dev/zero | tr '\0' x; }
suspend() { printf '{"id":"%s","action":"%s","clerk":"K1","certificate":"%s","decision":"%s"}\n' "$1" "$2" "$paper" "$(text "$3")"; }
{
    suspend a suspend 61000
    suspend b reinstate 61000
    suspend c suspend 61440
    suspend d suspend 65536
    suspend e suspend 65537
    suspend f suspend 10
} > large.jsonl
run submit large.jsonl $today
status_is 1 "fields of every size"
is "each line is answered" "$(sed 's/.*"outcome":"\([a-z]*\)".*"detail":\({[^}]*}\).*/\1 \2/' "$out" | tr '\n' ' ')" \
    'accepted {"status":"suspended"} accepted {"status":"valid"} invalid {"field":"line","limit":61440} invalid {"field":"line","limit":61440} invalid {"field":"decision","limit":65536} accepted {"status":"suspended"} '
row() { printf '%s,%s,赵一,身份证,310101189912310025\n' "$1" "$(text "$2")"; }
{
    head -1 enterprises.csv
    row $jia 61000
    row $jia 65536
    row $jia 65537
    row $yi 10
} > large.csv
run import enterprises large.csv --json --rejects=rejects.csv $today
status_is 1 "cells of every size"
out_has '"rows":4,"accepted":2,"unchanged":0,"rejected":2' "two go on"
is "both are told" "$(grep -c ',too_large,' rejects.csv)" 2
is "no bytes beside what was read" "$(grep -c hexadecimal rejects.csv)" 0
run list enterprises --json $today
status_is 0 "such a name can be shown"
run audit verify $today
status_is 0 "the log is whole"
run rebuild --verify $today
status_is 0 "and the views are"
run policy set insurance.months_required 2 --decision=D $today --operator="$(text 256)" --reason="$(text 2048)"
status_is 0 "an operator and a reason of the longest"
run policy set insurance.months_required 2 --decision=D $today --operator="$(text 257)"
status_is 64 "a longer operator"
err_has 256 "says how long it may be"
run policy set insurance.months_required 2 --decision=D $today --reason="$(text 2049)"
status_is 64 "a longer reason"

# A line is as long as what stands in it, whatever ends it.
wish() { printf '{"id":"L-%s","action":"request_regeneration","enterprise":"%s","certificate":"%s"}' "$1" $jia "$paper"; }
padded() { # bytes, end
    wish "$1" > one
    head -c $(($1 - $(wc -c < one))) /dev/zero | tr '\0' ' ' >> one
    printf "$2" >> one
    cat one
}
{ padded 1048576 '\n'; padded 1048576 '\r\n'; padded 1048577 '\n'; padded 1048577 '\r\n'; } > lines.jsonl
run submit lines.jsonl --dry-run $today
is "1 MiB is a line, a byte more is too large" "$(sed 's/.*"code":"\([a-z_]*\)".*/\1/' "$out" | tr '\n' ' ')" \
    "regeneration_not_allowed regeneration_not_allowed too_large too_large "

# A submission is kept with its answers, each as one: what is too large for that is refused before anything.
before=$(newest)
truncate -s 1073741825 huge.jsonl
run submit huge.jsonl $today
status_is 65 "a submission of more than 1 GiB"
err_has file_too_large "is told before it is read"
yes x | head -n 1000001 > many.jsonl
run submit many.jsonl $today
status_is 65 "a submission of more than a million lines"
err_has "more than 1000000 lines" "says how many it may have"
is "nothing of them is in the log" "$(newest)" "$before"
done_testing
