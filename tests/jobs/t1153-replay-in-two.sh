#!/bin/sh
# audit replay writes certificates in two threads: the file is one all the same, with one head, each
# certificate once and in order, for none, one, two, three and many of them.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
. "$here/crowd.sh"
make_city --signatures=optional
today=--today=2026-01-06
write_crowd 101
run import paper crowd.csv $today --quiet
status_is 0 "a crowd"
run rebuild --json $today
last=$(field events)

heads() { grep -c '^certificate,' replay/certificates.csv; }
rows() { tail -n +2 replay/certificates.csv; }
numbers() { rows | sed 's/^"*\([^",]*\).*/\1/'; }
worst=none
seen=
until=1
while [ "$until" -le "$last" ]; do
    run audit replay --until="$until" --out=replay --json $today
    [ "$status" -eq 0 ] || worst="$until: status $status"
    [ "$(heads)" -eq 1 ] || worst="$until: $(heads) heads"
    is_in_order=$(numbers | LC_ALL=C sort -cu 2>&1)
    [ -z "$is_in_order" ] || worst="$until: $is_in_order"
    [ "$(rows | grep -c .)" -eq "$(field certificates)" ] || worst="$until: $(rows | grep -c .) rows"
    [ "$(find replay -mindepth 1 | wc -l)" -eq 3 ] || worst="$until: $(ls -A replay)"
    case " $seen " in *" $(field certificates) "*) ;; *) seen="$seen $(field certificates)" ;; esac
    until=$((until + (until < 60 ? 4 : 97)))
done
is "each replay is whole" "$worst" none
is "there were many sizes" "$([ "$(echo "$seen" | wc -w)" -ge 4 ] && echo many)" many
run audit replay --until="$last" --out=replay --json $today
is "and the last has all" "$([ "$(numbers | wc -l)" -ge 101 ] && echo all)" all

# What cannot be written leaves nothing of ours behind.
mkdir -p bad/certificates.csv/x
run audit replay --until="$last" --out=bad --json $today
[ "$status" -ne 0 ]
is "a table that cannot be written is told" "$?" 0
is "and no part of another stays" "$(ls -A bad)" certificates.csv

# Nor does a table come without the others: what a run before left stays as it was.
mkdir -p half/.persons.part/x
echo before > half/certificates.csv
run audit replay --until="$last" --out=half --json $today
[ "$status" -ne 0 ]
is "where one table cannot be written" "$?" 0
is "the others are those of before" "$(ls -A half | tr '\n' ' ')$(cat half/certificates.csv)" \
    ".persons.part certificates.csv before"
mkdir -p named/persons.csv/x
echo before > named/certificates.csv
run audit replay --until="$last" --out=named --json $today
is "nor where one cannot have its name" "$status $(ls -A named | tr '\n' ' ')$(cat named/certificates.csv)" \
    "73 certificates.csv persons.csv before"
done_testing
