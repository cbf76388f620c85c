#!/bin/sh
# Texts that end in the middle of a character, names of files that are no text, values of the wrong
# kind deep in a line: one bad thing is told, and the others go on.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06
odd=$(printf '\377')

# --- an id that is longer than what is shown of it, in characters of 3 bytes ---
long=$(printf '孙%.0s' $(seq 200))
exchange() { printf '{"id":"%s","action":"exchange","enterprise":"%s","certificate":"%s","confirmed":true}\n' "$1" $jia "$paper"; }
{ exchange "$long"; exchange "a$long"; exchange "ab$long"; exchange good; } > long.jsonl
run submit long.jsonl $today
status_is 1 "ids that are cut in a character"
is "all lines are answered, the good one too" "$(sed 's/.*"outcome":"\([a-z]*\)".*/\1/' "$out" | tr '\n' ' ')" \
    "invalid invalid invalid accepted "

# --- names of files that are no text ---
mkdir days
printf '工号,姓名,部门,部门级别\nK1,甲,乙,市\n' > "days/a$odd.csv"
printf '工号,姓名,部门,部门级别\nK2,丙,乙,市\n' > days/b.csv
run import clerks days --daily --json $today
status_is 0 "daily files, one with such a name"
out_has '"file":"days/a\ufffd.csv"' "it is named as well as it can be"
run list clerks --csv
out_has "K2" "and the next one is imported"
mkdir -p store/certificates/aa
: > "store/certificates/aa/$odd.pdf"
run audit compare --json $today
status_is 79 "a foreign file in the store"
out_has '"difference":"extra"' "is told in JSON"
run audit compare $today
out_has '\ufffd.pdf' "and for people"
rm -r store/certificates/aa

# --- values of the wrong kind, by their path, in the order of the action's fields ---
issue() { printf '{"id":"I-%s","action":"issue","enterprise":"%s",%s}\n' "$1" $jia "$2"; }
{
    issue 1 '"confirmed":true,"category":"B","person":{"name":"孙三","id_type":"身份证","id_number":5}'
    issue 2 '"post":7,"person":5,"category":[]'
    issue 3 '"post":7,"x":1,"person":{"name":"孙三","id_type":"身份证","id_number":"310101189912310017"},"category":"B"'
    printf '{"id":"I-4","action":"open_application","enterprise":"%s","item":"x","persons":[{"name":"孙三","id_type":"身份证","id_number":"310101189912310017","records":5}]}\n' $jia
} > kinds.jsonl
run submit kinds.jsonl $today
is "which field" "$(sed 's/.*"detail":{"field":"\([^"]*\)".*/\1/' "$out" | tr '\n' ' ')" \
    "person.id_number category post persons[0].records "

# --- what was refused for its form is found in the histories, whatever stands in it ---
for certificates in '{"a":"b"}' '"x"' '[[],{}]' 5; do
    printf '{"id":"C","action":"change_affiliation","enterprise":"%s","person":{"name":"孙三","id_type":"身份证","id_number":"%s"},"certificates":%s,"confirmed":true}\n' $jia $holder "$certificates"
done > certificates.jsonl
printf '[1]\n5\n{"id":"P","action":"issue","enterprise":"%s","person":5}\n{"id":"P","action":"issue","person":["x"]}\n' $jia >> certificates.jsonl
run submit certificates.jsonl $today
for of in "person $holder" "enterprise $jia" "certificate $paper"; do
    run audit history $of --json $today
    status_is 0 "the history of a ${of%% *}"
done
run audit history person $holder --json $today
is "with the wishes about him" "$(grep -c '"action_id":"C"' "$out")" 4
done_testing
