#!/bin/sh
# list, show, history: what is there, masked, without lock and without keys.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06

run list exchangeable --json $today
is "one certificate can be exchanged" "$(wc -l < "$out" | tr -d ' ')" 1
out_has '"id_number":"310*************17"' "its holder's number is masked"
run list exchangeable --lang=zh $today
out_has "未换取" "people see 未换取"
run exchange --certificate="$paper" --enterprise=$jia --confirmed $today --json
status_is 0 "it is exchanged"
run list exchangeable --json $today
is "then none can be" "$(cat "$out")" ""

run show certificate "$paper" --json $today
status_is 0 "show certificate"
is "has the keys of the contract, in their order" \
    "$(sed 's/"person":{[^}]*}/"person":{}/;s/"enterprise":{[^}]*}/"enterprise":{}/;s/"document":{[^}]*}/"document":{}/;s/:\("[^"]*"\|[^,{}]*\|\[[^]]*\]\)\([,}]\)/\2/g' "$out" | tr -d '{}":' | sed 's/,$//;s/\[.*//')" \
    "certificate,category,legal_representative,post,person,enterprise,medium,status,first_issued,issued,valid_from,valid_until,affiliated_since,version,identifier,document,events"
out_has '"person":{"name":"孙三","id_type":"身份证","id_number":"310*************17"},"enterprise":{"code":"91310101MATEX00109","name":"上海甲建设有限公司"},"medium":"electronic","status":"valid","first_issued":"2024-03-01","issued":"2024-03-01"' "shows what was imported"
out_has '"document":{"status":"pending","file":null,"sha256":null,"error":null}' "its document is wanted"
cp "$out" shown
for spelled in '沪建安B（2024）0001234' ' 沪建安 B(2024)0001234' '沪建安Ｂ（２０２４）０００１２３４'; do
    run show certificate "$spelled" --json $today
    cmp -s "$out" shown
    is "the number is read as “$spelled” too" "$?" 0
done
run show certificate "$paper" --json --today=2027-03-01
is "past its end it is expired" "$(sed 's/.*"status":"\([^"]*\)","first.*/\1/' "$out")" expired
run show certificate "$paper" --lang=zh $today
out_has "有效期至" "people see Chinese labels"

for filter in --certificate="$paper" --enterprise=$jia --name=孙三 '--name=孙*' --status=valid --document=pending; do
    run list certificates "$filter" --json $today
    is "list certificates $filter finds it" "$(cat "$out")" "$(cat shown)"
done
for filter in '--certificate=沪建安B(2024)000123' --enterprise=$yi --name=孙 --status=expired --document=ready; do
    run list certificates "$filter" --json $today
    is "list certificates $filter does not" "$status$(cat "$out")" 0
done
run list certificates --enterprise=$jia --name=李 $today
is "several filters must all fit" "$(grep -c 沪建安 "$out")" 0
run list certificates --csv $today
is "CSV has the keys as headers" "$(head -1 "$out" | tr -d '\r')" \
    "person_name,person_id_type,person_id_number,certificate,valid_until,issued,document_status,status,category,medium,enterprise_name"
run list persons --json $today
is "three persons are known" "$(wc -l < "$out" | tr -d ' ')" 3
first=$(head -1 "$out" | sed 's/.*"person":"\([^"]*\)".*/\1/')
run list persons --json --limit=1 $today
is "--limit" "$(wc -l < "$out" | tr -d ' ')" 1
run list persons --json --after="$first" $today
is "--after" "$(wc -l < "$out" | tr -d ' ')" 2
long=$(printf '龘%.0s' $(seq 200)) # 600 bytes: longer than any key
for what in certificates persons enterprises exchangeable records; do
    run list $what --json --after="$long" $today
    is "list $what --after what no key is as long as" "$status$(cat "$out")" 0
done
run list enterprises --json $today
is "two enterprises" "$(wc -l < "$out" | tr -d ' ')" 2
for what in clerks renamable issuances entries changes cancellations departures; do
    run list $what --json $today
    is "list $what is empty" "$status$(cat "$out")" 0
done
run list nonsense
status_is 64 "a list that is none"
run list clerks --certificate="$paper"
status_is 64 "a filter that a list has not"
run list certificates --status=nonsense
status_is 64 "a status that is none"

run show person $holder --json $today
status_is 0 "show person by number"
out_lacks $holder "masked"
out_has "\"certificates\":[\"$paper\"]" "with certificates"
run show person "$(field person)" --json $today
status_is 0 "show person by id"
run show enterprise $jia --json $today
out_has '"legal_representative":{"name":"赵一","id_type":"身份证","id_number":"310*************25"}' "show enterprise"
for missing in "certificate 沪建安B(2024)9999999" "person 310101189912319999" "enterprise 91310101MATEX00371"; do
    # shellcheck disable=SC2086 # two words
    run show $missing
    status_is 1 "show $missing ends with 1"
done
run show house 1
status_is 64 "show something else is wrong usage"

run show person $holder --unmasked
status_is 64 "--unmasked without reason"
run status --json
before=$(field events)
run show person $holder --unmasked --reason=check $today --json
status_is 0 "--unmasked with a reason"
out_has "\"id_number\":\"$holder\"" "shows the number"
run status --json
is "and is logged" "$(field events)" $((before + 1))
grep -rqaF $holder store
is "the number is nowhere in the store" "$?" 1

run audit history certificate "$paper" --json
is "two events" "$(wc -l < "$out" | tr -d ' ')" 2
out_has '"type":"certificate_exchanged"' "the exchange is one"
out_lacks 孙三 "nothing personal is in it"
run audit history person $holder --json
out_has '"type":"identity_collected"' "a person's history"
run audit history enterprise $jia --json
out_has '"type":"enterprise_registered"' "an enterprise's history"

# Readers need neither keys nor permission to write, and do not wait for the lock.
cp store/lock lock.before
mv store/keys keys.away
chmod -R a-w store
run list certificates --json $today
is "list works without keys" "$(cat "$out")" "$(cat shown)"
run show person $holder --json $today
status_is 0 "show person finds a masked number that is only one's"
run status
status_is 0 "status works without keys"
run audit verify
status_is 0 "audit verify works without keys"
chmod -R u+w store
run show person $holder --unmasked --reason=check $today
status_is 78 "--unmasked does not work without keys"
mv keys.away store/keys
done_testing
