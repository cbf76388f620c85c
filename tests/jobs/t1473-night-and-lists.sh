#!/bin/sh
# What a run of imports reads it does not write over, what runs leave below reports/ stays, and a
# night passes on what it was told, and goes on where others sent what cannot be taken.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city
today=--today=2026-01-06
bad() { (head -1 enterprises.csv; echo "$1,上海丙建设有限公司,乙,身份证,310101189912310025"); }

# --- work lists and inputs ------------------------------------------------------------------------
bad none > a.csv
bad none > b.csv
bad none > b-2.csv
cp b.csv kept
run import enterprises a.csv b.csv --rejects=b.csv $today
status_is 64 "refused rows of the first file over the second"
err_has rejects_is_input "is told"
cmp -s b.csv kept
report $? "it stays as it was"
run import enterprises a.csv b.csv b-2.csv --rejects=./b.csv $today
status_is 64 "by another path"
run import enterprises a.csv b-2.csv --rejects=b.csv $today
status_is 64 "those of the second file over itself, by number"
cmp -s b-2.csv kept
report $? "it stays, too"
run import enterprises "file://$work/b.csv" --rejects=b.csv $today
status_is 64 "over a file that a URL names"
mkdir daily
cp a.csv b.csv daily
run import enterprises daily --daily --rejects=daily/b.csv $today
status_is 64 "over a later one of a folder"
run import enterprises nowhere --daily --rejects=r.csv $today
status_is 66 "no such folder"
run import enterprises a.csv b.csv --rejects=r.csv $today
is "beside them there is room for both" "$status $(ls r.csv r-2.csv | wc -l)" "1 2"

# --- a night ------------------------------------------------------------------------------------------
bad first > a.csv
bad second > b.csv
printf 'import enterprises a.csv\nimport enterprises b.csv\n' > night.list
run night night.list --json --now=2026-01-06T22:00:00+08:00
status_is 1 "two steps of one instant with refused rows"
is "each leaves its own" "$(grep -h -o -e 'first,' -e 'second,' store/reports/*.rejects.csv | tr -d '\n')" "second,first,"
run import enterprises "$(ls store/reports/*-2.rejects.csv)" --json --now=2026-01-06T22:00:00+08:00
is "and mended in place is not written over" "$(grep -l second store/reports/*-2.rejects.csv | wc -l)" 1

sed "/^$yi,/s/,[^,]*/,上海乙新建设有限公司/" enterprises.csv > renamed.csv
printf 'optional import enterprises renamed.csv --rejects r.none\noptional import enterprises none.csv --rejects renamed.csv\n' > night.list
run night night.list --json --reason=Nachholen $today
status_is 0 "options whose values stand by themselves"
is "a step works on its argument, not on an option's value" "$(grep -o '"state":"[a-z_]*"' "$out" | tr '\n' ' ')" \
    '"state":"done" "state":"left_out" '
run audit history enterprise $yi --json $today
is "the reason of the night is that of its steps" "$(tail -1 "$out" | sed 's/.*"reason":"\([^"]*\)".*/\1/')" Nachholen
printf 'import enterprises renamed.csv --reason=Korrektur\n' > night.list
sed "/^$yi,/s/,[^,]*/,上海乙又新建设有限公司/" enterprises.csv > renamed.csv
run night night.list --json --reason=Nachholen $today
run audit history enterprise $yi --json $today
is "unless a step has its own" "$(tail -1 "$out" | sed 's/.*"reason":"\([^"]*\)".*/\1/')" Korrektur

awk 'BEGIN { printf "status "; for (i = 0; i < 100000; i++) printf "{today}" }' > long.list
run night long.list $today
status_is 65 "a word of 100 000 days is read in room for them, and is no argument"

# --- what others send is spoiled ------------------------------------------------------------------------
steps() { grep -o '"verb":[^}]*' "$out" | sed 's/"seconds":[0-9.]*,*//; s/"[a-z]*"://g; s/[",]/ /g; s/  */ /g' | tr '\n' ';'; }
printf '证书编号,"a\n' > spoiled.csv
: > empty.csv
echo '{}' > wish.jsonl
echo none > wish.p7s
cat > night.list <<END
optional import national spoiled.csv
optional import exams empty.csv
optional import enterprises renamed.csv
optional import enterprises file://$work/renamed.csv
optional submit wish.jsonl --signature=wish.p7s
checkpoint
END
run night night.list --json $today
status_is 1 "a night whose optional steps could not take what was sent"
is "each is told, and the rest is done, a URL as well" "$(steps)" \
    " import failed 65 national ; import failed 65 exams ; import done 0 enterprises ; import done 0 enterprises ; submit failed 77 ; checkpoint done 0 ;"
grep -q '^anzheng_items_failed{job="night"} 3$' store/reports/night.prom
report $? "they are counted as failed"
run night night.list $today
err_has "import national: failed (65)" "which register it was is told"
sed -i '1s/optional //' night.list
run night night.list --json $today
status_is 65 "a step that is not optional ends the night"
is "there" "$(steps)" " import failed 65 national ;"
printf 'optional import exams empty.csv\noptional checkpoint\n' > night.list
mv store/keys/log.key .
run night night.list --json $today
status_is 78 "what is wrong here ends it, also in an optional step"
mv log.key store/keys
echo checkpoint > night.list

# --- a lock that is held --------------------------------------------------------------------------------
(
    flock 9
    sleep 1
) 9> store/lock &
until ! flock -n store/lock true; do sleep 0.02; done
run night night.list --wait=4294967295 $today
status_is 0 "who waits as long as can be said waits"
wait $!
done_testing
