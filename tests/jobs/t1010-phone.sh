#!/bin/sh
# The phone of a person: a dynamic password is asked for, registered against the card, tried wrongly,
# expires to the second, is changed at a counter (R-PF-08..14); a person is an actor of submissions
# and verbs (CONTRACT 4); nothing of phone or code is in the log. The codes come from the outbox.
. "$(dirname "$0")/lib.sh"
. "$here/town.sh"
. "$here/pki.sh"
write_town
sed -i 's/上海市示范路2号/上海市示范路2号（甲）/; s/310101197203030055,示例分局,2016-01-01,长期/310101197203030055,示例分局,2016-01-01,2036-01-01/' identities.csv
echo 周七,男,汉,1988-02-03,上海市示范路88号,军官证,军字第2001988号,示例分局,2016-01-01,长期,photos/11.jpg,示范区1号窗,2020-06-01,人工,无 >> identities.csv
make_town s
ZHANG='"person":{"name":"张一","id_type":"身份证","id_number":"310101197102020034"}'
LI='"person":{"name":"李二","id_type":"身份证","id_number":"310101197203030055"}'

at() { echo "--now=2026-05-$1+08:00"; }
last_code() { tail -n 1 "$1"/outbox/*-"$2".jsonl | sed -n 's/.*"code":"\([0-9]*\)".*/\1/p'; }
other() { [ "$1" = 000000 ] && echo 000001 || echo 000000; } # another code than this
ask() { # store, id, person, phone, instant
    echo '{"id":"'$2'","action":"request_code",'$3',"phone":"'$4'"}' > ask.jsonl
    run submit ask.jsonl --store=$1 $(at $5)
}
register() { # store, id, person, phone, code, name, number, address, valid_to, instant
    echo '{"id":"'$2'","action":"register_phone",'$3',"phone":"'$4'","code":"'$5'","name":"'$6'","id_number":"'$7'","address":"'$8'","issuer":"示例分局","valid_from":"2016-01-01","valid_to":"'$9'"}' > register.jsonl
    run submit register.jsonl --store=$1 $(at ${10})
}
zhang() { # store, id, phone, code, instant
    register $1 $2 "$ZHANG" $3 $4 张一 310101197102020034 上海市示范路2号（甲） 长期 $5
}

# --- a code --------------------------------------------------------------------------------------
ask s q1 "$ZHANG" 13500000000 06T09:00:00
status_is 0 "R-PF-11: a person asks for a code"
out_has '"outcome":"accepted"' "it is accepted"
out_has '"detail":{"phone":"135****0000","valid_until":"2026-05-07T09:00:00+08:00","delivery":"outbox"}' "the answer: masked, until when, where it went"
first=$(last_code s 2026-05-06)
is "six digits lie in the outbox" "$(echo "$first" | grep -c '^[0-9]\{6\}$')" 1
is "for nobody else to read" "$(stat -c %a s/outbox/*.jsonl s/outbox | tr '\n' ' ')" "600 700 "
has s/outbox/codes-2026-05-06.jsonl '{"phone":"13500000000","code":"'$first'","valid_until":"2026-05-07T09:00:00+08:00","text":"您的动态密码为'$first'，24小时内有效，请勿告诉他人","reference":' "with what whoever sends it needs"
err_has "135****0000" "the note has the phone masked"
is "and not the code" "$(grep -c "$first\|13500000000" "$out" "$err" | tr '\n' ' ')" "$out:0 $err:0 "
run submit ask.jsonl --store=s $(at 06T09:00:05)
out_has '"outcome":"duplicate"' "the same wish again is known"
is "and sends nothing" "$(wc -l < s/outbox/codes-2026-05-06.jsonl)" 1
run submit ask.jsonl --store=s $(at 06T09:00:05) --dry-run
sed -i 's/q1/q1b/' ask.jsonl
run submit ask.jsonl --store=s $(at 06T09:00:06) --dry-run
out_has '"outcome":"accepted"' "a dry run judges"
is "and sends nothing" "$(wc -l < s/outbox/codes-2026-05-06.jsonl)" 1
run audit history person 310101197102020034 --store=s --json
out_has '"type":"code_requested"' "the history tells of the code"
out_has '"actor":{"kind":"person","id":"' "the person is the actor"
ask s q2 "$ZHANG" １3500000000 06T09:01:00
out_has '"code":"bad_field"' "R-PF-10: a full-width digit is no digit"
ask s q3 '"person":{"name":"新人","id_type":"身份证","id_number":"310101197909090210"}' 13500000001 06T09:01:00
out_has '"code":"card_not_read","rule":"R-PF-08"' "R-PF-08: first the card"

# --- registration --------------------------------------------------------------------------------
register s r1 "$ZHANG" 13500000000 $first 张一 310101197102020034 '上海市示范路2号(甲)' 长期 06T09:10:00
out_has '"code":"card_mismatch","rule":"R-PF-10"' "R-PF-10: half-width brackets are others"
out_has '"detail":{"field":"address"}' "the field is named, not what the card says"
register s r1 "$ZHANG" 13500000000 $first 张一 31010119710202003４ 上海市示范路2号（甲） 长期 06T09:10:00
out_has '"detail":{"field":"id_number"}' "R-PF-10: a full-width digit in the number"
register s r1 "$ZHANG" 13500000000 $first 张一 310101710202003 上海市示范路2号（甲） 长期 06T09:10:00
out_has '"detail":{"field":"id_number"}' "R-PF-10: fifteen digits are not what the card shows"
register s r1 "$ZHANG" 13500000000 $first 张一 310101197102020034 上海市示范路2号（甲） 2036-01-01 06T09:10:00
out_has '"detail":{"field":"valid_to"}' "R-PF-10: a card without end has no end"
before=$(newest s)
zhang s r1 13500000000 "$(other $first)" 06T09:11:00
out_has '"code":"code_wrong","rule":"R-PF-11"' "a wrong code is refused"
out_has '"attempts_left":4' "four tries are left"
out_has '"first_event":null,"last_event":null' "a refusal names no events"
run submit register.jsonl --store=s $(at 06T09:11:00) --dry-run
out_has '"outcome":"accepted"' "R-PF-11: a dry run counts no try, so it compares no code"
out_has '"code":"not_tried"' "and says so"
sed "s/\"code\":\"$(other $first)/\"code\":\"$first/" register.jsonl > right.jsonl
cp "$out" wrong.out
run submit right.jsonl --store=s $(at 06T09:11:00) --dry-run
is "the right code is answered like a wrong one" "$(cat "$out")" "$(cat wrong.out)"
run audit history person 310101197102020034 --store=s --json
out_has '"type":"code_failed"' "and yet the try is in the log"
zhang s r1 13500000000 $first 06T09:12:00
out_has '"outcome":"accepted"' "R-PF-09: registered"
out_has '"detail":{"phone":"135****0000"}' "the phone is shown masked"
zhang s r1 13500000000 $first 06T09:12:30
out_has '"outcome":"duplicate"' "the same wish again"
zhang s r1 13500000000 "$(other $first)" 06T09:12:30
out_has '"code":"id_reused"' "another code under the same id is another wish"
register s r1 "$ZHANG" 13500000000 $first 张一 310101197102020034 别处 长期 06T09:12:30
out_has '"code":"id_reused"' "and so is another address"
zhang s r2 13500000000 $first 06T09:13:00
out_has '"code":"phone_bound","rule":"R-PF-09"' "R-PF-09: only who has no phone registers"
run show person 310101197102020034 --store=s --json
out_has '"phone":"135****0000"' "show person: masked"
run show person 310101197102020034 --store=s --json --unmasked --reason=核对 $(at 06T09:13:00)
out_has '"phone":"13500000000"' "and in full with a reason"
run show person 310101197203030055 --store=s --json
out_has '"phone":null' "whoever has none has none"

# --- one phone, one person; 24 hours -------------------------------------------------------------
ask s q4 "$LI" 13500000000 06T10:00:00
second=$(last_code s 2026-05-06)
register s r3 "$LI" 13500000000 $second 李二 310101197203030055 上海市示范路3号 2036-01-01 06T10:01:00
out_has '"code":"phone_taken","rule":"R-PF-12"' "R-PF-12: the phone is another's"
ask s q5 "$LI" 13600000001 06T10:00:00
third=$(last_code s 2026-05-06)
register s r4 "$LI" 13600000001 $third 李二 310101197203030055 上海市示范路3号 2036-01-01 07T10:00:00
out_has '"code":"code_expired","rule":"R-PF-11"' "R-PF-11: after 24 hours to the second it has expired"
ask s q6 "$LI" 13600000001 07T11:00:00
fourth=$(last_code s 2026-05-07)
is "a file a day" "$(ls s/outbox | tr '\n' ' ')" "codes-2026-05-06.jsonl codes-2026-05-07.jsonl "
for try in 1 2 3 4 5; do
    register s r5 "$LI" 13600000001 "$(other $fourth)" 李二 310101197203030055 上海市示范路3号 2036-01-01 07T11:0$try:00
done
out_has '"attempts_left":0' "five tries"
register s r5 "$LI" 13600000001 $fourth 李二 310101197203030055 上海市示范路3号 2036-01-01 07T11:10:00
out_has '"code":"too_many_attempts"' "then not even the right one"
echo left > s/outbox/codes-2025-12-31.jsonl # of a desk that was closed for months
echo kept > s/outbox/codes-2025-12-31.jsonl.sending
ask s q7 "$LI" 13600000001 08T12:00:00
fifth=$(last_code s 2026-05-08)
is "what has expired long ago is swept out, but not what the sender has taken" "$(ls s/outbox | tr '\n' ' ')" \
    "codes-2025-12-31.jsonl.sending codes-2026-05-07.jsonl codes-2026-05-08.jsonl "
rm s/outbox/codes-2025-12-31.jsonl.sending
register s r5 "$LI" 13600000001 $fifth 李二 310101197203030055 上海市示范路3号 2036-01-01 09T11:59:59
out_has '"outcome":"accepted"' "R-PF-11: a second before, a new one is good"

OFFICER='"person":{"name":"周七","id_type":"军官证","id_number":"军字第2001988号"}'
ask s q8 "$OFFICER" 13700000007 09T11:00:00
out_has '"outcome":"accepted"' "R-PF-08: a document without a chip, entered by a clerk, will do"
code=$(last_code s 2026-05-09)
register s r6 "$OFFICER" 13700000007 $code 周七 军字第２００1988号 上海市示范路88号 长期 09T11:01:00
out_has '"detail":{"field":"id_number"}' "R-PF-10: its number too is in half width"
register s r6 "$OFFICER" 13700000007 $code 周七 军字第2001988号 上海市示范路88号 长期 09T11:01:00
out_has '"outcome":"accepted"' "R-PF-10: a number with Chinese characters"

# --- at the counter, as verbs --------------------------------------------------------------------
person="--person-name=张一 --person-id-type=身份证 --person-id-number=310101197102020034"
run request-code --store=s --clerk=SH1 $person --phone=18612345678 $(at 09T12:00:00) --json
status_is 0 "request-code: by the clerk, for the new phone"
sixth=$(last_code s 2026-05-09)
run change-phone --store=s $person --phone=18612345678 --code=$sixth $(at 09T12:01:00) --json
status_is 1 "R-PF-13: not by the person"
out_has '"code":"clerk_required","rule":"R-PF-13"' "only at a counter"
run change-phone --store=s --clerk=SH1 $person --phone=18612345678 --code="$(other $sixth)" $(at 09T12:01:00) --json
out_has '"code":"code_wrong","rule":"R-PF-14"' "R-PF-14: the new number is proven"
run audit history person 310101197102020034 --store=s --json
out_has '"type":"code_failed"' "a verb's try counts too"
run change-phone --store=s --clerk=SH1 $person --phone=18612345678 --code=$sixth $(at 09T12:02:00) --json
status_is 0 "R-PF-13: changed"
out_has '"detail":{"phone":"186****5678","former_phone":"135****0000"}' "R-PF-14: the old number masked"
run audit history person 310101197102020034 --store=s --json
out_has '"change":{"before":"135****0000","after":"186****5678"}' "the history has both, masked"
out_has '"actor":{"kind":"clerk","id":"SH1"}' "and the clerk"
run audit history person 310101197102020034 --store=s --lang=zh
out_has 变更手机号 "in Chinese"
run request-code --store=s --phone=13500000000 --json
out_has '"code":"missing_field"' "a person is needed"

# --- persons and signatures ----------------------------------------------------------------------
make_town strict --signatures=optional
pki_begin
new_key root rsa2048
certify root "" "/C=CN/CN=示范根证书" "$authority_extensions"
run trust add root.pem --store=strict $(at 06T08:00:00)
new_key zhang p256
certify zhang root "/C=CN/serialNumber=310101197102020034/CN=张一" "$signer_extensions"
new_key etsi p256
certify etsi root "/C=CN/serialNumber=IDCCN-310101197102020034/CN=张一" "$signer_extensions"
new_key li p256
certify li root "/C=CN/serialNumber=310101197203030055/CN=李二" "$signer_extensions"
new_key clerk p256
certify clerk root "/C=CN/serialNumber=SH1/CN=石窗口" "$signer_extensions"
echo '{"id":"q1","action":"request_code",'$ZHANG',"phone":"13500000000"}' > signed.jsonl
for who in zhang etsi; do
    sign signed.jsonl $who $who.p7s
    run submit signed.jsonl --signature=$who.p7s --store=strict $(at 06T09:00:00) --dry-run
    out_has '"outcome":"accepted"' "R-GEN-01: $who signs with the person's own number"
done
for who in li clerk; do
    sign signed.jsonl $who $who.p7s
    run submit signed.jsonl --signature=$who.p7s --store=strict $(at 06T09:00:00) --dry-run
    out_has '"code":"actor_mismatch"' "R-GEN-01: $who is somebody else"
done
echo '{"id":"q1","action":"request_code","clerk":"SH1",'$ZHANG',"phone":"13500000000"}' > clerk.jsonl
sign clerk.jsonl zhang zhang.p7s
run submit clerk.jsonl --signature=zhang.p7s --store=strict $(at 06T09:00:00) --dry-run
out_has '"code":"actor_mismatch"' "and a person is no clerk"
rm -rf required
"$ANZHENG" init --store=required --signatures=required --clock=free --quiet $(at 01T09:00:00) > "$out" 2> "$err" && fill_town required > "$out" 2>&1
run submit signed.jsonl --store=required $(at 06T09:00:00)
status_is 0 "signatures required: an unsigned file of persons' own lines is taken"
out_has '"outcome":"accepted"' "and judged"
{ printf '\357\273\277'; cat signed.jsonl; echo; echo '{"id":"q9","action":"request_code",'$ZHANG',"phone":"12"}'; } > more.jsonl
run submit more.jsonl --store=required $(at 06T09:00:10)
out_has '"code":"bad_field"' "a person's line with a fault is a person's line"
for stranger in '{"id":"k1","action":"request_code","clerk":"SH1",'$ZHANG',"phone":"13500000000"}' 'no JSON' \
    '{"id":"k1","action":"dance",'$ZHANG'}' '{"id":"k1","action":"extend","enterprise":"'$E1'","certificate":"x","confirmed":true}'; do
    { sed 's/q1/q7/' signed.jsonl; echo "$stranger"; } > mixed.jsonl
    before=$(newest required)
    run submit mixed.jsonl --store=required $(at 06T09:01:00)
    status_is 77 "with another line among them nothing is processed: $(echo "$stranger" | cut -c1-40)"
    is "not even the person's" "$(newest required)" "$before"
done
printf '\n \n' > blank.jsonl
run submit blank.jsonl --store=required $(at 06T09:01:00)
status_is 77 "a file without any line is nobody's"
run request-code --store=required $person --phone=13500000002 $(at 06T09:02:00) --json
status_is 0 "the verb too needs no signature of a person"
run request-code --store=required --clerk=SH1 $person --phone=13500000002 $(at 06T09:02:00)
status_is 77 "but a clerk's"
run request-code --store=strict $person --phone=13500000003 --signer-cert=zhang.pem --signer-key=zhang.key $(at 06T09:02:00) --json
status_is 0 "a person's verb may be signed"
out_has '"delivery":"outbox"' "and its code goes out"
run request-code --store=strict $person --phone=13500000003 --signer-cert=li.pem --signer-key=li.key $(at 06T09:02:00) --json
out_has '"code":"actor_mismatch"' "by the person alone"
run submit ask.jsonl --store=s $(at 09T12:30:00)
sed 's/"person".*}/"clerk":"SH1",&/; s/"q7"/"q4"/' ask.jsonl > clerks.jsonl
run submit clerks.jsonl --store=s $(at 09T12:31:00)
out_has '"outcome":"accepted"' "ids are unique per actor: a clerk's q4 is not a person's"

# --- what is kept --------------------------------------------------------------------------------
run rebuild --verify --store=s
status_is 0 "the views are what the log says"
run audit verify --store=s
status_is 0 "and the log is sound"
rm -r s/outbox
grep -rlE "13500000000|18612345678|$sixth" s > found
is "neither phones nor codes are anywhere in the store" "$(cat found)" ""
done_testing
