#!/bin/sh
# t1434-released-document - the document of a certificate that was released: what waited when it was
# released is not made any more, what is corrected afterwards is; audit compare finds no fault in
# either.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
day=--today=2026-01-06
add_clerk K01
run exchange --certificate="$paper" --enterprise=$jia --confirmed $day
run regenerate $day --quiet
state() {
    run show certificate "$paper" --json $day
    sed -n 's/.*"document":{"status":"\([a-z]*\)".*/\1/p' "$out"
}
compared() { # what
    run audit compare --json $day
    is "$1" "$status $(field content_differs) $(field missing) $(field altered)" "0 0 0 0"
}
correct() { # day
    run correct-certificate --clerk=K01 --certificate="$paper" --decision=更1 --valid-until="$1" $day
}

correct 2027-03-31
is "a correction wants another page" "$status $(state)" "0 pending"
out_has '"document":{"status":"pending","file":null,"sha256":null,"error":null}' "and the page of before is not its file"
run cancel --certificate="$paper" --enterprise=$jia --reason=employment_ended --confirmed $day
status_is 0 "it is released before that page is made"
is "and waits no more" "$(state)" ready
compared "the page of before is nobody's fault"
run audit compare --json $day --certificate="$paper"
is "nor when it alone is asked for: its file is whole" "$status $(field files)" "0 2"

correct 2027-04-30
is "a released one is corrected, its page too" "$status $(state)" "0 pending"
run regenerate $day --json
is "which is made" "$(field rendered) $(state)" "1 ready"
run download "$paper" --enterprise=$jia --out=x.pdf $day
status_is 1 "for nobody to have before it is taken over"
compared "and shows what was corrected"
done_testing
