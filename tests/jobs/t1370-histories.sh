#!/bin/sh
# audit history of actors, waves, imports and days, and the wishes that a rule refused: in each
# history, with the rule, the code and who wished it; none of their words.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
export ANZHENG_STORE=store
B4='沪建安B(2019)0000004'
before=$(newest store)
cat > wishes.jsonl <<END
{"id":"r1","action":"cancel","enterprise":"$E2","certificate":"沪建安B（2019）0000004","reason":"employment_ended","confirmed":true}

{"id":"r2","action":"change_affiliation","enterprise":"$E2","person":{"name":"张一","id_type":"身份证","id_number":"310101197102020034"},"certificates":["$B4"],"confirmed":true}
{"id":"r3","action":"suspend","clerk":"SH1","certificate":"$B4","decision":"沪罚1"}
{"id":"r4","action":"suspend","clerk":"SH1","certificate":"$B4","decision":"沪罚1"}
{"id":"r5","action":"cancel","enterprise":"$E1",
{"id":"r6","action":"issue","enterprise":"$E1","category":"B","person":{"name":"李二","id_type":"身份证","id_number":"31010119720303005X"},"confirmed":true}
END
run submit wishes.jsonl --today=2026-05-06 --operator=counter
status_is 1 "some of the wishes are refused"
codes=$(sed -n 's/.*"code":"\([^"]*\)".*/\1/p' "$out" | tr '\n' ' ')
last=$(newest store)
file=$(sha256sum wishes.jsonl | cut -c1-64)

run audit history certificate "$B4" --json --today=2026-05-06
status_is 0 "the history of a certificate"
is "has the three refused wishes about it" "$(grep -c '"type":"wish_refused"' "$out")" 3
out_has '"action":"cancel","outcome":"refused","code":"not_own_certificate","rule":"R-GEN-02"' "with code and rule"
out_has "\"actor\":{\"kind\":\"enterprise\",\"id\":\"$E2\"}" "and who wished it"
out_has '"actor":{"kind":"clerk","id":"SH1"}' "a clerk too"
out_has "\"certificates\":[\"$B4\"]" "and what on"
out_has '"action":"suspend","outcome":"refused","code":"certificate_suspended"' "a second suspension"
is "in the order of the log" "$(sed -n 's/^{"event":\([0-9]*\).*/\1/p' "$out" | sort -nc 2>&1)" ""
out_lacks "张一" "no name of the wish"
run audit history certificate "$B4"
out_has "not_own_certificate" "people see the code"
out_has "refused" "and that it was refused"
run audit history certificate "$B4" --lang=zh
out_has "不予受理" "in Chinese too"
run audit history certificate '沪建安C2(2019)0000005' --json
is "another certificate has none of them" "$(grep -c wish_refused "$out")" 0

run audit history person 310101197102020034 --json
is "the history of the holder has them" "$(grep -c wish_refused "$out")" 3
run audit history person 310101197203030055 --json
is "a wrong number is not hers" "$(grep -c wish_refused "$out")" 0
run audit history enterprise $E2 --json
is "the enterprise's has its two" "$(grep -c wish_refused "$out")" 2

run audit history actor $E2 --json
status_is 0 "all that an enterprise did"
is "its refused wishes" "$(grep -c wish_refused "$out")" 2
[ "$(grep -c '"type":"certificate_exchanged"' "$out")" -gt 0 ]
is "and its exchanges" "$?" 0
is "and nobody else's" "$(grep -v "\"id\":\"$E2\"" "$out")" ""
run audit history actor SH1 --json
is "a clerk's: one suspension" "$(grep -c certificate_suspended\",\"business "$out")" 1
is "and one refused" "$(grep -c '"code":"certificate_suspended"' "$out")" 1
run audit history actor counter --json
[ "$(grep -vc '"operator":"counter"' "$out")" -eq 0 ] && [ -s "$out" ]
is "an operator's" "$?" 0
run audit history actor nobody
status_is 1 "of nobody there is nothing"
err_has "[history_nothing]" "which is said"

run audit history import "$file" --json
status_is 0 "what a file brought"
is "refused and invalid wishes" "$(grep -c wish_refused "$out")" 5
is "with these codes" "$(sed -n 's/.*"type":"wish_refused".*"code":"\([^"]*\)".*/\1/p' "$out" | tr '\n' ' ')" "$codes"
is "the event that it was read comes last" "$(tail -1 "$out" | grep -c '"type":"file_processed"')" 1
cp "$out" by-digest
run audit history import "$last" --json
cmp -s "$out" by-digest
is "found by its event too" "$?" 0
run audit history import "$((before + 1))" --json
cmp -s "$out" by-digest
is "and by one that it caused" "$?" 0
run audit history import "$(sha256sum paper.csv | cut -c1-64)" --json
is "a register: its rows and the file" "$(grep -c paper_registered "$out") $(grep -c file_processed "$out")" "11 1"
run audit history import "$(echo | sha256sum | cut -c1-64)"
status_is 1 "a file that nobody read"
run audit history import paper
status_is 64 "neither event nor digest"

run audit history day 2026-05-06 --json
status_is 0 "what happened on a day"
is "the refused wishes are there" "$(grep -c wish_refused "$out")" 5
is "and nothing of other days" "$(grep -v '"business_date":"2026-05-06"' "$out")" ""
is "all events of it" "$(grep -v wish_refused "$out" | wc -l)" "$((last - before))"
run audit history day 2026-05-02
status_is 1 "a day on which nothing happened"
run audit history day tomorrow
status_is 64 "no day"

sed "s/^\($E1\),[^,]*,/\1,上海甲改名建设有限公司,/" enterprises.csv > renamed.csv
run import enterprises renamed.csv --today=2026-05-10
wave=$(($(newest store) + 1))
run rename run $E1 --today=2026-05-11 --json
items=$(field done)
run audit history wave "$wave" --json
status_is 0 "a wave"
is "begins where it was opened" "$(head -1 "$out" | grep -c '"type":"wave_opened"')" 1
is "has its items" "$(grep -c enterprise_name_changed "$out")" "$items"
is "and ends where it was closed" "$(tail -1 "$out" | grep -c '"type":"wave_closed"')" 1
run import enterprises enterprises.csv --today=2026-05-11
run rename run $E1 --today=2026-05-11 --json
status_is 0 "another wave"
run audit history wave "$wave" --json
is "is not in the first one's history" "$(grep -c . "$out")" "$((items + 2))"
run block-person --clerk=SH1 --person-name=张一 --person-id-type=身份证 --person-id-number=310101197102020034 --decision=示决1 --today=2026-05-12
status_is 0 "a person is blocked"
run import enterprises renamed.csv --today=2026-05-12
wave=$(($(newest store) + 1))
run rename run $E1 --today=2026-05-12 --json
is "whose certificate a wave leaves as it is" "$(field failed)" 1
for what in "certificate 沪建安B(2019)0000004" "person 310101197102020034"; do
    run audit history ${what%% *} "${what#* }" --json
    status_is 0 "the history of a ${what%% *}"
    is "ends with the wave that failed, and why" \
        "$(tail -1 "$out" | sed -n 's/.*"type":"\([^"]*\)".*"cause":\([0-9]*\),.*"code":"\([^"]*\)".*/\1 \2 \3/p')" "wave_item_failed $wave person_blocked"
done
run audit history certificate '沪建安B(2019)0000002' --json
is "no other certificate's does" "$(grep -c wave_item_failed "$out")" 0
run audit history enterprise $E1 --json
is "an enterprise's has the wave as one line" "$(grep -c wave_item_failed "$out") $(tail -1 "$out" | grep -c '"failed":1')" "0 1"
mv store/keys keys.away
run audit history certificate '沪建安B(2019)0000004' --json
is "without keys it is told, too" "$(grep -c wave_item_failed "$out")" 1
mv keys.away store/keys
run audit history wave 1
status_is 1 "event 1 opens no wave"
run audit history wave first
status_is 64 "no event"
run audit history everything 1
status_is 64 "no such history"
err_has "actor wave import day" "and what there is"

mv store/keys kept-keys
run audit history actor $E2 --json
status_is 0 "without keys the events are told"
is "not the refused wishes" "$(grep -c wish_refused "$out")" 0
err_has "refused are sealed" "and that they are not"
done_testing
