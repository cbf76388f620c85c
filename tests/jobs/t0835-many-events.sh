#!/bin/sh
# A certificate of many events: its record stays small, and every one of them is shown.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06
run exchange --certificate="$paper" --enterprise=$jia --confirmed $today
status_is 0 "an electronic certificate"
n=0
while [ $n -lt 700 ]; do
    echo '{"id":"r'$n'","action":"request_regeneration","enterprise":"'$jia'","certificate":"'"$paper"'"}'
    n=$((n + 1))
done > many.jsonl
run submit many.jsonl $today --quiet
status_is 0 "700 requests"
numbers() { sed -n 's/.*"events":\[\([0-9,]*\)\].*/\1/p' "$out" | tr ',' '\n'; }
run show certificate "$paper" --json $today
is "all are shown" "$(numbers | wc -l | tr -d ' ')" 702
is "in order, none twice" "$(numbers | sort -nu | cksum)" "$(numbers | cksum)"
numbers > shown
run list certificates --enterprise=$jia --json $today
is "the list shows the same" "$(numbers | cksum)" "$(cksum < shown)"
run audit history certificate "$paper" --json $today
is "the history has them" "$(sed -n 's/^{"event":\([0-9]*\).*/\1/p' "$out" | cksum)" "$(cksum < shown)"
run rebuild --verify --json $today
status_is 0 "views and log agree"
run audit replay --until="$(tail -1 shown)" --out=replay --json $today
is "a replay shows the same" "$(tail -1 replay/certificates.csv | sed 's/.*,//' | tr -d '\r' | tr ' ' '\n' | cksum)" \
    "$(cksum < shown)"

# What a proof shows is folded from these events (R-BJ-02).
run cancel --certificate="$paper" --enterprise=$jia --reason=employment_ended --confirmed $today
status_is 0 "cancelled"
run regenerate $today --json --quiet
status_is 0 "documents"
run list cancellations --enterprise=$jia --json $today
is "its proof is there" "$(pdftotext "store/$(field file)" - | tr -d ' \n\f' | grep -c "${paper%(*}")" 1
done_testing
