#!/bin/sh
# CONTRACT 6: the history of a person is who did what when, on whose signature: what happened to the
# person's certificates too, not only what was refused. Months are shown as months.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
export ANZHENG_STORE=store
B4='沪建安B(2019)0000004'
zhang=310101197102020034
cat > wishes.jsonl <<END
{"id":"h1","action":"suspend","clerk":"SH1","certificate":"$B4","decision":"沪罚1"}
{"id":"h2","action":"suspend","clerk":"SH1","certificate":"$B4","decision":"沪罚1"}
{"id":"h3","action":"reinstate","clerk":"SH1","certificate":"$B4","decision":"沪罚2"}
{"id":"h4","action":"rename_person","clerk":"SH1","person":{"name":"张一","id_type":"身份证","id_number":"$zhang"},"new_name":"张一一","materials":["enterprise_statement","id_card","household_register","certificates"]}
END
run submit wishes.jsonl --today=2026-05-06
status_is 1 "a suspension, another that is refused, a return, a new name"

run audit history person $zhang --json --today=2026-05-06
status_is 0 "the history of the person"
for type in identity_collected certificate_exchanged certificate_suspended certificate_reinstated wish_refused person_renamed; do
    out_has "\"type\":\"$type\"" "has $type"
done
is "in the order of the log" "$(sed -n 's/^{"event":\([0-9]*\).*/\1/p' "$out" | sort -nc 2>&1)" ""
is "each event once" "$(grep -v wish_refused "$out" | sed -n 's/^{"event":\([0-9]*\).*/\1/p' | sort | uniq -d)" ""
is "a certificate's event changed nothing of the person" \
    "$(grep -v '"change":{"before":"","after":""}' "$out" | grep -c '"type":"certificate_')" 0
grep -q '"type":"person_renamed".*"change":{"before":"张一","after":"张一一"}' "$out"
is "a correction of the name did" "$?" 0
run audit history person $zhang --today=2026-05-06 --lang=zh
status_is 0 "people read it too"
out_has "张一一" "with the new name"

run show person $zhang --unmasked --reason=核对档案 --operator=counter --today=2026-05-06
run audit history day 2026-05-06 --lang=zh
out_has 事由 "CONTRACT 1: who ran it and why"
out_has 核对档案 "is recorded and told"

printf '证件号码,缴纳单位统一社会信用代码,缴纳月份\r\n%s,%s,2026-05\r\n' $zhang $E1 > paid.csv
run import insurance paid.csv --today=2026-05-06 --json
run audit history import "$(field last_event)" --json
out_has '"month":"2026-05"' "R-DL-28: a month is shown as a month"
done_testing
