#!/bin/sh
# R-NM-03, R-NM-06: a plan waits for approval; what changed meanwhile is listed, and nothing done.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
. "$here/crowd.sh"
today=--today=2026-01-06
many=30
changes() { grep -c "\"change\":\"$1\"" "$out"; }
number() { printf '沪建安C(2025)%07d' "$1"; }

make_city --signatures=optional
write_crowd $many
run import paper crowd.csv $today
status_is 0 "a crowd"
add_clerk K1
rename_jia 上海甲新建设有限公司
sed -i "/^$yi,/s/,[^,]*/,上海乙新建设有限公司/" enterprises.csv
run import enterprises enterprises.csv $today
printf '统一社会信用代码,新企业名称\n%s,上海甲新建设有限公司\n%s,上海乙新建设有限公司\n' $jia $yi > renames.csv
head -1 crowd.csv > yi.csv
write_crowd 2 $yi 上海乙建设有限公司
tail -n +2 crowd.csv | sed 's/(2025)/(2024)/; s/3101011950/3101011951/; s/2025-03-01/2024-03-01/g; s/2028-02-29/2027-02-28/' >> yi.csv
run import paper yi.csv $today
status_is 0 "two of another enterprise"
run rename plan --file=renames.csv --out=plan.csv --json $today
is "a plan of two enterprises" "$(field count) $(field enterprises)" "$((many + 3)) 2"
is "and names the certificates of both" "$(grep -o 沪建安 "$out" | wc -l)" $((many + 3))

# --- it holds -----------------------------------------------------------------------------------
run rename plan --plan=plan.csv --json $today
status_is 0 "a plan that holds"
is "nothing changed" "$(cat "$out")" ""
err_has "still holds" "is told so"
before=$(newest)

# --- a row that cannot be read -----------------------------------------------------------------------
# Of the enterprise with two certificates only one row is left, and that one is spoiled.
awk -v e="$yi" 'index($0, e) != 1 || !n++' plan.csv > one.csv
LC_ALL=C sed "/^$yi/s/新/\xff/" one.csv > spoiled.csv
run rename run --plan=spoiled.csv --json $today
status_is 1 "a row of the plan that is no text"
err_has bad_encoding "is told"
err_has "row $(LC_ALL=C grep -n "^$yi" spoiled.csv | cut -d: -f1)" "with its row"
LC_ALL=C sed "/^$yi/s/沪建安C/Nr./" one.csv > spoiled.csv
run rename run --plan=spoiled.csv --json $today
status_is 1 "a number that is none"
err_has "row $(LC_ALL=C grep -n "^$yi" spoiled.csv | cut -d: -f1) is not taken" "is told with its row"
is "a plan is taken as a whole: nothing was done" "$(newest)" "$before"

# --- changed, but still what would be done --------------------------------------------------------
echo '{"id":"n1","action":"extend_by_notice","clerk":"K1","notice":"N","value":"2027-06-30","selection":{"enterprise":"'$yi'"}}' > notice.json
run notice run notice.json $today
status_is 0 "meanwhile two certificates are extended"
run rename plan --plan=plan.csv --json $today
status_is 0 "the plan still holds"
is "both are listed" "$(changes changed) $(grep -c . "$out")" "2 2"
out_has '"planned_valid_until":"2027-02-28","valid_until":"2027-06-30"' "with the end then and now"

# --- came and went --------------------------------------------------------------------------------
echo '{"id":"x1","action":"revoke","clerk":"K1","certificate":"'"$(number 7)"'","decision":"D-9"}' > revoke.jsonl
run submit revoke.jsonl $today
status_is 0 "one certificate is revoked"
write_crowd $((many + 1))
(head -1 crowd.csv; tail -1 crowd.csv) > one.csv
run import paper one.csv $today
status_is 0 "and one more registered"
before=$(newest)
run rename run --plan=plan.csv --json $today
status_is 1 "the plan is refused"
err_has plan_differs "by its code"
err_has '"came":1,"went":1,"changed":2,"enterprises":1' "with counts"
is "one came, one went" "$(changes came) $(changes went) $(changes changed) $(grep -c . "$out")" "1 1 2 4"
is "the new one" "$(grep came "$out" | sed 's/.*"certificate":"\([^"]*\)".*/\1/')" "$(number $((many + 1)))"
is "the revoked one, and why" "$(grep went "$out" | sed 's/.*"certificate":"\([^"]*\)","code":"\([^"]*\)".*/\1 \2/')" \
    "$(number 7) certificate_not_in_force"
is "nothing was done" "$(newest)" "$before"
run rename run --plan=plan.csv --csv $today
status_is 1 "for a spreadsheet"
is "a row a change" "$(grep -c . "$out") $(head -1 "$out" | tr -d '\r')" \
    "5 change,enterprise,certificate,code,planned_name,enterprise_name,planned_valid_until,valid_until"
run rename run --plan=plan.csv --lang=zh $today
out_has 减少 "for people, in their language"
run rename run --plan=plan.csv --csv --json $today
status_is 64 "one way or the other"
run rename plan --plan=plan.csv --json $today
status_is 1 "asked alone, it says the same"
is "of the same certificates" "$(changes came) $(changes went) $(changes changed)" "1 1 2"

# --- a name that the register has no more -----------------------------------------------------------
rename_jia 上海甲更新建设有限公司
run rename run --plan=plan.csv --json $today
status_is 1 "a further name in the register"
err_has register_name_differs "is refused by its own code"
is "the enterprise is listed with it" "$(changes refused) $(grep refused "$out" | grep -c register_name_differs)" "1 1"
is "and what changed at the other" "$(changes changed) $(changes came)" "2 0"

# --- a plan that was edited -----------------------------------------------------------------------
run rename plan $jia --out=plan.csv --json $today
sed '2p' plan.csv > twice.csv
run rename run --plan=twice.csv --json $today
status_is 1 "a row twice"
is "is one that went" "$(changes went) $(changes came)" "1 0"
sed 's/,当前企业名称,有效期至//; s/,[^,]*,[^,]*$//' plan.csv > narrow.csv
sed -i '1s/.*/统一社会信用代码,新企业名称,证书编号/' narrow.csv
run rename plan --plan=narrow.csv --json $today
status_is 0 "a plan without what was printed"
is "has nothing that changed" "$(cat "$out")" ""

# --- another count than expected --------------------------------------------------------------------
run rename run $jia --expect-count=3 --json $today
status_is 1 "another count than expected"
err_has count_differs "is refused"
is "with the count of each enterprise" "$(field enterprise) $(field count)" "$jia $((many + 1))"
run rename run --plan=plan.csv --expect-count=$((many + 1)) --json $today
status_is 0 "as planned, it runs"
is "all of it" "$(field done)" "$((many + 1))"
run rename status --json $today
is "its wave bears the digest of the plan" "$(field plan_sha256 | head -1)" "$(sha256sum plan.csv | cut -d' ' -f1)"
run rename run --plan=plan.csv --json $today
status_is 0 "and again does nothing"
is "but say so" "$(field skipped) $(grep -c change "$out")" "1 0"
run rename plan --plan=plan.csv --json $today
status_is 0 "a plan that is done holds"

# --- a notice -----------------------------------------------------------------------------------
echo '{"id":"n2","action":"extend_by_notice","clerk":"K1","notice":"M","value":"2029-12-31","selection":{"category":"C"}}' > long.json
run notice plan long.json --out=long.csv --json $today
status_is 0 "the plan of a notice, into a file"
is "a row a certificate" "$(grep -c 沪建安C long.csv) $(field plan)" "$(field count) long.csv"
is "each with what the notice does" "$(tr -d '\r' < long.csv | head -1 | cut -d, -f6-7) $(tr -d '\r' < long.csv | grep -c ',M,2029-12-31$')" "通知文号,变更为 $(field count)"
planned=$(field count)
run revoke --certificate="$(number 9)" --clerk=K1 --decision=D-10 $today
status_is 0 "meanwhile one is revoked"
sed -i '/0000011,/d' long.csv
before=$(newest)
run notice run long.json --plan=long.csv --json $today
status_is 1 "the plan of a notice is refused, too"
err_has plan_differs "by its code"
is "one went, one is missing in it" "$(changes went) $(changes came) $(changes changed)" "1 1 0"
is "of its enterprise, for a reason" "$(grep went "$out" | grep -c "$jia.*$(number 9).*certificate_not_in_force")" 1
run notice run long.json --plan=long.csv --csv $today
is "as CSV" "$(head -c 17 "$out")" change,enterprise
is "nothing was done" "$(newest)" "$before"
run notice plan long.json --out=now.csv --json $today
for other in s/2029-12-31/2030-12-31/ 's/"M"/"N"/'; do # the same certificates, but not what was approved
    sed "$other" long.json > other.json
    run notice run other.json --plan=now.csv --json $today
    status_is 1 "a plan of another notice: $other"
    err_has plan_other_notice "is refused as that"
done
(cat now.csv; tail -1 now.csv | sed 's/2029-12-31/2030-12-31/') > mixed.csv
run notice run long.json --plan=mixed.csv --json $today
err_has plan_other_notice "so is one that says two things"
is "and still nothing was done" "$(newest)" "$before"
run notice run long.json --plan=none.csv $today
status_is 66 "no such plan"
run notice run long.json --plan=notice.json $today
status_is 65 "no plan"
head -1 long.csv > empty.csv
run notice run long.json --plan=empty.csv --json $today
status_is 1 "a plan without rows"
is "is one into which all came" "$(changes came)" "$((planned - 1))"
run notice plan long.json --out=long.csv --json $today
cut -d, -f1-5 long.csv > short.csv
sed 's|,2029-12-31|,2029/12/31|' long.csv > saved.csv
run notice run long.json --plan=saved.csv --json $today
status_is 0 "planned anew, it runs, by a plan that a spreadsheet saved"
is "as planned" "$(field done)" "$((planned - 1))"
run notice run long.json --plan=long.csv --json $today
status_is 0 "and again tells how it ended"
is "as a duplicate" "$(field outcome)" duplicate
run notice run long.json --plan=short.csv --json $today
is "by a plan of an earlier program, too, which does not name the notice" "$status $(field outcome)" "0 duplicate"
done_testing
