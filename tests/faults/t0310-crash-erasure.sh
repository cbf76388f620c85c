#!/bin/sh
# t0310-crash-erasure - a person is erased, and the writer dies at each of its durable steps in turn
# (preload/crash_point.c): between the event and the keys, the keys and the files, the files and the
# views. Whoever writes next ends what was begun (R-PV-02).
. "$(dirname "$0")/../jobs/town.sh"
. "$(dirname "$0")/../jobs/lib.sh"
. "$here/crash.sh"
make_town store
status_is 0 "a town"
export ANZHENG_STORE="$work/store"
today=--today=2026-05-06
uyghur=310101197001010013 # 阿𠮷·买提: A, B and C1 at E1
run regenerate $today --json
"$ANZHENG" submit end.jsonl $today --quiet > "$out" # with a proof of departure
run show person $uyghur $today --json
person=$(field person)
pdf=$(certificate_file store '沪建安B(2019)0000002')
photo=$("$ANZHENG" audit history person $uyghur $today --json | sed -n 's/.*"photo_blob":"\([^"]*\)".*/\1/p')
blob="store/blobs/$(echo "$photo" | cut -c1-2)/$photo"
reported=store/reports/erasure-$person.json
[ -f "$pdf" ] && [ -f "$blob" ]
report $? "a document and a photo of the person are there"
cp -a store base
cat > erase.jsonl <<END
{"id":"e1","action":"erase_person","clerk":"SH1","person":{"name":"阿𠮷·买提","id_type":"身份证","id_number":"$uyghur"},"decision":"删2026-1"}
{"id":"e3","action":"request_regeneration","enterprise":"$E2","certificate":"沪建安C3(2019)0000006"}
END

keep_wanted() { :; }
judge() { # the command's arguments
    run "$@"
    grep -qE '"id":"e1","action":"erase_person","outcome":"(accepted|duplicate)"' "$out" || problem "not erased"
    run rebuild --verify --json
    [ "$status" -eq 0 ] || problem "the views differ"
    left=$(find store -type f ! -path 'store/log/*' -exec grep -la -e 𠮷 -e $uyghur {} +)
    [ -z "$left$(ls "$pdf" "$blob" 2> /dev/null)" ] || problem "left: $left"
    [ -s "$reported" ] || problem "no report"
}
every_step R-PV-02 20 submit erase.jsonl $today
run audit verify --json
status_is 0 "and the log verifies"
done_testing
