#!/bin/sh
# R-PN-07: who was renamed is found under the old name too, in every list of persons' things.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06
add_clerk SH1
run exchange --certificate="$paper" --enterprise=$jia --confirmed $today
status_is 0 "an electronic certificate"
cat > rename.jsonl <<END
{"id":"r1","action":"rename_person","clerk":"SH1","person":{"name":"孙三","id_type":"身份证","id_number":"$holder"},"new_name":"孙叁","materials":["enterprise_statement","id_card","police_correction","certificates"]}
END
run submit rename.jsonl $today
status_is 0 "its holder is renamed"
for what in certificates persons changes; do
    for name in 孙三 孙叁 '孙*'; do
        run list $what --name="$name" --json $today
        is "R-PN-07: list $what --name=$name finds one" "$(grep -c '孙叁' "$out")" 1
    done
    run list $what --name=孙四 --json $today
    is "R-PN-07: list $what --name=孙四 finds none" "$status$(cat "$out")" 0
done
run list certificates --name=孙三 --enterprise=$jia --json $today
is "with the enterprise too" "$(grep -c '孙叁' "$out")" 1
run rebuild --verify $today
status_is 0 "the views are those of the log"
run issue --enterprise=$jia --category=b --person-name=孙叁 --person-id-type=身份证 \
    --person-id-number=$holder --confirmed $today --json
status_is 1 "a class in lower case is none"
out_has '"code":"bad_field"' "and says so"
done_testing
