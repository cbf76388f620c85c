#!/bin/sh
# audit history import: an import that was stopped and gone on with tells its own rows, and nothing
# that others wrote between its runs.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
. "$here/crowd.sh"
today=--today=2026-01-06
many=500
digest() { sha256sum "$1" | cut -c1-64; }
rows() { grep -c '"type":"paper_registered"' "$out"; }
make_city --signatures=optional
write_crowd $many
printf '工号,姓名,部门,部门级别,状态\nK1,石窗口,示范窗口,市,在岗\n' > clerks.csv
start=$(newest)
start_and_stop import paper crowd.csv $today
is "stopped among its rows" "$status" 75
before=$(newest)
run policy set identity.photo_required yes --decision=D-2 $today
policy=$(newest)
run import clerks clerks.csv $today
status_is 0 "a file of another register meanwhile"
other=$(newest)
is "both between the first rows and the others" "$((before > start && before < start + many)) $((policy - before)) $((other - policy))" "1 1 2"
run import paper crowd.csv --json $today
status_is 0 "then the first goes on"
is "as one file" "$(field rows) $(field accepted)" "$many $many"

run audit history import "$(digest crowd.csv)" --json
is "has its rows, each once" "$(rows) $(grep -c '"id":"paper"' "$out")" "$many $(($(grep -c . "$out") - 1))"
out_lacks policy_set "not what an operator did meanwhile"
is "nor the other file" "$(grep -c "^{\"event\":$((policy + 1))," "$out") $(grep -c '"type":"file_processed"' "$out")" "0 1"
run audit history import "$((policy + 1))" --json
is "by a row of the other file: that file" "$(rows) $(tail -1 "$out" | grep -c "$(digest clerks.csv)")" "0 1"
run audit history import $before --json
is "by one of its own rows: the file" "$(rows)" $many
run audit history import $policy --json
status_is 1 "what an operator did is in no file"
err_has history_nothing "is told"

run audit history actor 310101190001010007 --json
status_is 1 "a number that nobody has"
has "$err" '310*************07' "is told masked"
grep -q 310101190001010007 "$err"
is "and not in full" "$?" 1
run audit history actor 310101190013010007
grep -q 310101190013010007 "$err"
is "nor one that is mistyped" "$?" 1
done_testing
