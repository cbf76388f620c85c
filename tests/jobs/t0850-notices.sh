#!/bin/sh
# R-NAT-24, D26, CONTRACT 4 and 6: mass events of the authority, by submission and by notice run.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
. "$here/crowd.sh"
today=--today=2026-01-06
many=5200 # batches of 5000: a whole one, and a rest

make_city
write_crowd $many
run import paper crowd.csv $today
status_is 0 "a crowd"
add_clerk K1
run trust issue --code=K1 --out=keys $today
status_is 0 "a clerk's key"
run trust issue --code=$jia --out=keys $today
sign="--signer-cert=keys/K1.pem --signer-key=keys/K1.key"

cat > extend.json <<'END'
{
  "id": "n1",
  "action": "extend_by_notice",
  "clerk": "K1",
  "notice": "沪建安〔2026〕1号",
  "value": "2028-06-30",
  "selection": {"category": "C", "valid_until": {"from": "2028-01-01", "to": "2028/2/29"}}
}
END

# --- plan ------------------------------------------------------------------------------------------
before=$(newest)
run notice plan extend.json --json $today
status_is 0 "a plan"
is "counts" "$(field count) $(field action)" "$many extend_by_notice"
numbers=$(cut -d, -f1 crowd.csv | grep 沪 | sha256sum | cut -d' ' -f1)
is "its digest is that of the numbers" "$(field sha256)" "$numbers"
is "at most 100 numbers" "$(grep -o 沪建安C "$out" | wc -l)" 100
run notice plan extend.json --expect-count=7 --json $today
status_is 1 "another count than expected"
err_has count_differs "is told"
sed 's/"C"/"A"/' extend.json > none.json
run notice plan none.json $today
err_has nothing_selected "a notice that selects nothing"
sed 's/"K1"/"K9"/' extend.json > stranger.json
run notice plan stranger.json $today
err_has clerk_unknown "a clerk nobody knows"
is "nothing changed" "$(newest)" "$before"

# --- form ------------------------------------------------------------------------------------------
refuse() { # sed expression, code, what
    sed "$1" extend.json > bad.json
    run notice run bad.json $sign $today
    err_has "$2" "$3"
}
refuse 's/"from"/"since"/' bad_field "an unknown part of the days"
refuse 's/"category"/"class"/' bad_field "an unknown part of the selection"
refuse 's/{"category.*}}/"C"/' bad_field "a selection that is a text"
refuse 's/"C",/3,/' bad_field "a class that is a number"
refuse 's/2028-06-30/2028-06-31/' bad_field "a day that does not exist"
refuse 's/"notice"/"notiz"/' missing_field "no number of a notice"
refuse 's/extend_by_notice/exchange/' missing_field "another action, which lacks its own"
echo '{"id":"r","action":"rename_enterprise","enterprise":"'$jia'","confirmed":true}' > other.json
run notice run other.json $today
status_is 65 "an action that is no notice"
echo '[' > bad.json
run notice run bad.json $today
status_is 65 "no JSON: malformed as a whole"
err_has malformed "with its code"
run notice run nowhere.json $today
status_is 66 "no file"

# --- signature -------------------------------------------------------------------------------------
run notice run extend.json --json $today
status_is 77 "unsigned"
run notice run extend.json --signer-cert=keys/K1.pem $today
status_is 64 "half a key"
run notice run extend.json --signer-cert=keys/$jia.pem --signer-key=keys/$jia.key --json $today
status_is 1 "signed by another"
err_has actor_mismatch "is told"
is "no success was noted" "$(ls store/reports/notice.prom 2> /dev/null)" ""

# --- run, stopped, gone on -------------------------------------------------------------------------
run notice run extend.json --expect-count=7 $sign --json $today
status_is 1 "another count than expected is refused"
start_and_stop notice run extend.json --expect-count=$many $sign --json $today
is "stopped in its wave" "$status" 75
run rename status --json $today
is "it is open" "$(field kind) $(field status) $(field total) $(field notice)" "validity open $many 沪建安〔2026〕1号"
run notice run extend.json --expect-count=$many $sign --json $today
status_is 0 "the same command finishes it"
is "as announced" "$(field total) $(field done) $(field failed)" "$many $many 0"
before=$(newest)
run notice run extend.json --expect-count=$many $sign --json $today
is "once more: the same answer" "$(field outcome) $(field total) $(field done)" "duplicate $many $many"
is "and nothing new" "$(newest)" "$before"
sed 's/2028-06-30/2028-07-31/' extend.json > changed.json
run notice run changed.json $sign --json $today
err_has id_reused "the same id for something else"
run show certificate '沪建安C(2025)0000001' --json $today
is "the new end" "$(field valid_until)" 2028-06-30
is "on paper still, so no document version" "$(field version)" 0
run audit history certificate '沪建安C(2025)0000001' --json $today
out_has '"actor":{"kind":"clerk","id":"K1"}' "the actor is the clerk"
is "extended once" "$(grep -c validity_extended "$out")" 1
run show certificate "$paper" --json $today
is "what was not selected stays" "$(field valid_until)" 2027-02-28
grep -q 'anzheng_items_done{job="notice"} '$many store/reports/notice.prom
is "metrics are there" $? 0

# --- a submission, with a signature of its own; one wave of a kind at a time -------------------------
cat > convert.jsonl <<END
{"id":"n2","action":"convert_category","clerk":"K1","notice":"沪建安〔2026〕2号","value":"C3","selection":{"category":"C"},"expected_count":$many}
{"id":"n3","action":"convert_category","clerk":"K1","notice":"沪建安〔2026〕3号","value":"C3"}
{"id":"n4","action":"convert_category","clerk":"K1","notice":"沪建安〔2026〕4号","value":"A"}
{"id":"n5","action":"extend_by_notice","clerk":"K1","notice":"沪建安〔2026〕5号","value":"2029-01-01","selection":{"enterprise":"$jia","category":"B"}}
END
openssl cms -sign -binary -in convert.jsonl -signer keys/K1.pem -inkey keys/K1.key -outform DER \
    -out convert.p7s 2> /dev/null
run submit convert.jsonl --signature=convert.p7s --dry-run $today
is "a dry run of all" "$(sed 's/.*"outcome":"\([a-z]*\)".*/\1/' "$out" | tr '\n' ' ')" "accepted refused invalid accepted "
start_and_stop submit convert.jsonl --signature=convert.p7s $today
is "a submission stops in its wave" "$status" 75
cat > again.json <<END
{"id":"n9","action":"convert_category","clerk":"K1","notice":"沪建安〔2026〕9号","value":"C2"}
END
run notice run again.json $sign --json $today
status_is 0 "another notice of the kind"
is "finishes the open one first, then its own" "$(field total) $(field done)" "$many $many"
run submit convert.jsonl --signature=convert.p7s $today
is "the submission again" "$(sed 's/.*"outcome":"\([a-z]*\)".*/\1/' "$out" | tr '\n' ' ')" "duplicate accepted invalid accepted "
out_has "\"count\":$many" "with the count it announced"
run rename status --json $today
is "none is open" "$(grep -c '"status":"open"' "$out") $(grep -c '"status":"closed"' "$out")" "0 5"
run show certificate '沪建安C(2025)0000001' --json $today
is "converted, under its number" "$(field category)" C3
run show certificate "$paper" --json $today
is "the B extended" "$(field category) $(field valid_until)" "B 2029-01-01"
# --- as a verb ---------------------------------------------------------------------------------------
run extend-by-notice --id=v1 --clerk=K1 --notice=沪建安〔2026〕6号 --value=2029-02-01 --selection-category=B \
    --selection-valid-until-to=20290131 --expected-count=1 $sign --json $today
status_is 0 "a notice as a verb"
is "changes one" "$(field count)" 1
cat > same.json <<END
{"selection":{"valid_until":{"to":"2029年1月31日"},"category":"Ｂ"},"id":"v1","action":"extend_by_notice","clerk":"K1","notice":"沪建安〔2026〕6号","value":"2029/2/1","expected_count":1}
END
run notice run same.json $sign --json $today
is "in other spellings it is the same wish" "$(field outcome) $(field total)" "duplicate 1"
run convert-category --id=v2 --clerk=K1 --notice=N --value=B $sign --json $today
status_is 1 "nothing becomes a B"
out_has bad_field "which is told"
run audit verify --json
status_is 0 "the log verifies"
run rebuild --verify --json
status_is 0 "the views are a replay"
done_testing
