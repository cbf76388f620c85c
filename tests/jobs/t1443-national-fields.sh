#!/bin/sh
# Every field of every record for the national platform against its tables (FACTS 3.2, 3.3): forms,
# codes, what goes with what; title and education whose originals a counter has seen, as they were
# when the record's event came.
. "$(dirname "$0")/lib.sh"
. "$here/town.sh"
if ! command -v python3 > "$out"; then
    echo "1..0 # SKIP python3 is not installed"
    exit 0
fi
write_town
dots() { # PHOTO, the dots of an inch across and down, as its header says: two bytes each, in octal
    printf "\\001$2$3" | dd of=photos/$1.jpg bs=1 seek=13 conv=notrunc 2> "$err"
}
dots 01 '\000\310' '\001\054' # 200 and 300
dots 02 '\000\307' '\000\310' # 199
dots 03 '\000\310' '\000\307'
dots 04 '\001\055' '\001\054' # 301
dots 05 '\001\054' '\001\055'
comment() { # PHOTO SIZE: the file grows to it
    python3 -c 'import sys
name, size = sys.argv[1], int(sys.argv[2])
photo = open(name, "rb").read()
filled = size - len(photo) - 2
open(name, "wb").write(photo[:20] + b"\xff\xfe" + filled.to_bytes(2, "big") + b"x" * (filled - 2) + photo[20:])
' photos/$1.jpg "$2"
}
comment 06 51200
comment 07 51201
make_town s
export ANZHENG_STORE="$work/s"
cat > fields.py <<'END'
"""What is wrong with the records on stdin, a line each; `VALUE FIELD NUMBER` of the last one with it."""
import base64, json, re, sys

day = r"\d{4}-\d\d-\d\d"
forms = {  # in the interface's order; None where nothing may stand
    "eCertID": r"[0-9a-f]{32}", "provinceNum": r"310000", "certNum": r"沪建安(A|B|C|C[123])（\d{4}）\d{7}",
    "issuAuth": r".+", "issuAuthCode": r"[0-9A-Z]{18}", "issuedDate": day, "issuDate": day,
    "effectiveDate": day, "expiringDate": day, "categoryCode": r"A|B|C|C[123]", "name": r".+",
    "gender": r"[12]", "birthDate": day, "identityCard": r"[0-9]{17}[0-9X]", "identityCardType": r"111|999",
    "companyName": r".+", "creditCode": r"[0-9A-Z]{18}", "appointment": r"0[1-8]|99",
    "technicalTitle": r"(0[1-5])?", "educationDegree": r"(0[1-7]|99)?", "major": r".*",
    "photo": r"(/9j/[0-9A-Za-z+/]+={0,2})?", "certState": r"0[1-7]|99", "certStatusDescription": r"",
    "associatedZzeCertID": r"(1\.2\.156\.3005\.2\.11100000000013338W011\.[0-9A-Z]{18}\.\d{11}\.\d{3}\.[0-9A-Z])?",
    "businessInformation": r".*", "operateType": r"0[1-9]|10", "oldcertNum": r"[^()]*",
    "zzeCertID": r"1\.2\.156\.3005\.2\.11100000000013338W011\.[0-9A-Z]{18}\.\d{11}\.\d{3}\.[0-9A-Z]",
    "url": r"https://.+",
}
posts = {"B": ("07",), "C": ("08",), "C1": ("08",), "C2": ("08",), "C3": ("08",)}

def wrong(record):
    if list(record) != list(forms):
        yield "fields"
    for field, form in forms.items():
        value = record[field]
        if value == "" or not re.fullmatch(form, value or ""):
            yield field
    if record["appointment"] not in posts.get(record["categoryCode"], ("01", "02", "03", "04", "05", "06", "99")):
        yield "appointment of its class"
    if not record["issuedDate"] <= record["issuDate"] <= record["effectiveDate"] <= record["expiringDate"]:
        yield "order of days"
    if record["operateType"] in ("02", "09") and record["associatedZzeCertID"] is None:
        yield "no version before"
    if (record["operateType"] == "08") != (record["oldcertNum"] is not None):
        yield "oldcertNum"
    if (record["certState"] == "99") != (record["certStatusDescription"] is not None):
        yield "certStatusDescription"
    if record["photo"] and len(base64.b64decode(record["photo"])) > 50 * 1024:
        yield "photo too large"

records = [json.loads(line) for line in sys.stdin]
if sys.argv[1:2] == ["VALUE"]:
    print(*[r[f] for r in records if r["certNum"] == sys.argv[2] for f in sys.argv[3:]])
else:
    print(len(records) > 0, *sorted({what for record in records for what in wrong(record)}))
    known = {}
    for r in records:  # one record a version, state and operation; a version has one identifier
        assert known.setdefault(r["eCertID"], r["zzeCertID"]) == r["zzeCertID"]
END
full() {
    run export national --unmasked --reason=归集 --out=full.jsonl --today="$1"
}
full 2026-05-05
is "every field of every record" "$(python3 fields.py < full.jsonl)" "True"
err_has "photo (200-300 dpi): 4" "photos with too few dots or too many are told"
err_has "photo (> 50 KB): 1" "one that is too large is told"
photo() { python3 fields.py VALUE "$1" photo < full.jsonl | wc -c; }
is "one of 50 KB goes, the other one stays" \
    "$(photo '沪建安C（2019）0000008') $(photo '沪建安B（2019）0000009')" "$((68268 + 1)) $((4 + 1))" # of base64, of None

# --- what the counter has seen ---------------------------------------------------------------------
zhang() {
    verb=$1
    shift
    run "$verb" --json --today=2026-05-06 --person-name=张一 --person-id-type=身份证 \
        --person-id-number=310101197102020034 "$@"
}
cp photos/01.jpg scan.jpg
printf '\001\000\144\000\144' | dd of=scan.jpg bs=1 seek=13 conv=notrunc 2> "$err"
keep() { # compared...: the record just added gets its scan and is seen
    record=$(field record)
    zhang attach-scan --record="$record" --file=scan.jpg
    for label; do
        set -- "$@" --compared="$label"
        shift
    done
    run verify-record --json --today=2026-05-06 --clerk=SH1 --record="$record" "$@" --visit=V1 --presenter=本人
    is "seen at the counter" "$(field outcome) $(field level)" "accepted C"
}
learned() { python3 fields.py VALUE '沪建安B（2019）0000004' technicalTitle educationDegree major < full.jsonl; }
event() { # a record for the national platform
    run "$1" --clerk=SH1 --certificate='沪建安B(2019)0000004' --decision="$2" --today=2026-05-06
}
zhang add-record --kind=education --field=学校名称=同济大学 --field=学历=专科 --field=所学专业=工程造价 --field=发证日期=2008-07-01
keep 学校名称 所学专业 学历 发证日期
event suspend 暂-1
zhang add-record --kind=education --field=学校名称=同济大学 --field=学历=大学本科 --field=所学专业=土木工程 --field=发证日期=2012-07-01
keep 学校名称 所学专业 学历 发证日期
zhang add-record --kind=education --field=学校名称=同济大学 --field=学历=博士 --field=所学专业=桥梁 --field=发证日期=2020-07-01
zhang add-record --kind=title --field=职称=高级工程师 --field=专业=土木 --field=证书编号=1 --field="通过(批准)日期=2016-12-01" \
    --field=钢印单位全称=示范局 --field=考试取得=是 --field="制(发)证机构=示范局"
keep 职称 专业 "通过(批准)日期" 是否为农村系列职称
event reinstate 还-1
full 2026-05-06
is "the highest that was seen, as it was at each event" "$(learned)" \
    "None None None None 04 工程造价 02 03 土木工程"
run cancel-verification --json --today=2026-05-06 --clerk=SH1 --record="$record"
is "seen no more" "$(field level)" D
event suspend 暂-2
full 2026-05-06
is "what was told is told again, what comes is told without" "$(learned)" \
    "None None None None 04 工程造价 02 03 土木工程 None 03 土木工程"
run export national --today=2026-05-06
out_lacks 土木工程 "masked, nothing of the file is told"

# --- all the operations ----------------------------------------------------------------------------
cat > wish.jsonl <<END
{"id":"d1","action":"depart","enterprise":"$E1","person":{"name":"阿𠮷·买提","id_type":"身份证","id_number":"310101197001010013"},"confirmed":true}
{"id":"w1","action":"withdraw_departure","clerk":"SH1","certificate":"沪建安B(2019)0000002","decision":"撤-1"}
{"id":"s3","action":"revoke","clerk":"SH1","certificate":"沪建安C2(2019)0000005","decision":"撤-2"}
{"id":"s4","action":"withdraw","clerk":"SH1","certificate":"沪建安B(2019)0000009","decision":"吊-1"}
{"id":"k1","action":"correct_certificate","clerk":"SH1","certificate":"沪建安B(2019)0000010","decision":"更-2","valid_until":"2028-01-03"}
{"id":"r1","action":"rename_person","clerk":"SH1","person":{"name":"赵五","id_type":"身份证","id_number":"310101197506060112"},"new_name":"赵伍","materials":["enterprise_statement","id_card","police_correction","certificates"]}
END
run submit wish.jsonl --today=2026-05-06 --quiet
status_is 0 "what can happen to a certificate"
full 2028-01-05
is "every field of every record" "$(python3 fields.py < full.jsonl)" "True"
run rebuild --verify
status_is 0 "log and views agree"
done_testing
