#!/bin/sh
# Text of others is shown, not obeyed: what steers a terminal or turns the direction of the line comes
# out as \uXXXX, on stdout and stderr, in JSON (where it means the same) and in sentences and tables.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06
rlo=$(printf '\342\200\256')  # U+202E
next=$(printf '\302\205')     # U+0085
esc=$(printf '\033')
steers() { grep -q "[$(printf '\001-\010\013-\037\177')]\|$rlo\|$next" "$1"; }
plain() { # what
    ! steers "$out" && ! steers "$err"
    report $? "$1"
}
act='"action":"exchange","enterprise":"'$jia'"'
{
    printf '{"id":"a%sb%s\177",%s,"certificate":"%s","confirmed":true}\n' "$rlo" "$next" "$act" "$paper"
    printf '{"id":"W-2","action":"ex%schange","enterprise":"%s"}\n' "$rlo" $jia
    printf '{"id":"W-3",%s,"certificate":"%s%s","confirmed":true}\n' "$act" "$paper" "$rlo"
    printf '{"id":"W-4",%s,"con%sfirmed":true}\n' "$act" "$rlo"
} > bidi.jsonl
run submit bidi.jsonl $today
status_is 1 "wishes with hidden characters"
plain "their answers show them"
out_has '"id":"a\u202eb\u0085\u007f"' "an id that is none comes back so that it can be found"
out_has '"detail":{"action":"ex\u202echange"}' "an action"
run exchange --id="a$rlo" --certificate="$paper" --enterprise=$jia --confirmed $today
plain "as a verb, for people"
out_has 'a\u202e' "with the id"
run list "x$esc[31m$rlo"
status_is 64 "an argument that would colour the terminal"
plain "does not"
err_has '“x\u001b[31m\u202e”' "it is shown"
printf '工号,姓名,部门,部门级别,x%s]0;title\nK1,甲,乙,市,x\n' "$esc" > clerks.csv
run import clerks clerks.csv $today
status_is 0 "a register with such a column"
plain "is told of without it"
err_has 'the column x\u001b]0;title is not known' "the column is shown"
run import clerks "no$esc.csv" $today --json
plain "JSON on stderr"
err_has 'no\\u001b.csv' "the file is shown"
done_testing
