#!/bin/sh
# R-NM-01..14, D5, D26: waves of names: plan, run, status, interrupted and gone on.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
. "$here/crowd.sh"
today=--today=2026-01-06
many=5200 # batches of 5000: a whole one, and a rest

make_city --signatures=optional
write_crowd $many
run import paper crowd.csv $today
status_is 0 "a crowd"

run exchange --certificate="$paper" --enterprise=$jia --confirmed $today
status_is 0 "an electronic one among them"

# --- nothing to do ---------------------------------------------------------------------------------
run rename plan $jia --json $today
status_is 0 "a plan of nothing"
is "lists nothing" "$(field count)" 0
run rename run $jia --json $today
status_is 0 "running it is no failure"
is "and does nothing" "$(field total) $(field skipped)" "0 1"
run rename plan 91310101MATEX0XX99 --json $today
status_is 1 "an unknown enterprise"
err_has enterprise_unknown "is told"
run rename plan --json $today
status_is 64 "neither code nor file"
run rename run $jia --file=enterprises.csv $today
status_is 64 "code and file"
run rename run $jia --expect-count=many $today
status_is 64 "a count that is none"
run rename status --json $today
is "no wave yet" "$(cat "$out")" ""

# --- the plan --------------------------------------------------------------------------------------
rename_jia 上海甲新建设有限公司
before=$(newest)
run rename plan $jia --out=plan.csv --json $today
status_is 0 "a plan"
is "names all" "$(field count) $(field enterprises)" "$((many + 1)) 1"
is "at most 100 numbers in the answer" "$(grep -o 沪建安 "$out" | wc -l)" 100
is "its digest is the file's" "$(field sha256)" "$(sha256sum plan.csv | cut -d' ' -f1)"
is "a row a certificate" "$(grep -c 沪建安 plan.csv)" "$((many + 1))"
run list renamable --enterprise=$jia --json $today
is "list renamable agrees" "$(grep -c . "$out")" "$((many + 1))"
is "nothing changed" "$(newest)" "$before"
run rename plan $jia $today
out_has "$((many + 1))" "people see how many"
run rename run $jia --expect-count=5 --json $today
status_is 1 "another count than expected"
err_has count_differs "is refused"
sed 2d plan.csv > short.csv
run rename run --plan=short.csv --json $today
status_is 1 "a plan with a row less"
err_has plan_differs "is not what would be done now"
sed 's/,上海甲新建设有限公司/,上海他建设有限公司/' plan.csv > other.csv
run rename run --plan=other.csv --json $today
status_is 1 "a plan with another name"
err_has register_name_differs "is refused"
is "nothing changed still" "$(newest)" "$before"

# --- stopped, and gone on --------------------------------------------------------------------------
start_and_stop rename run --plan=plan.csv --json $today
is "stopped in its wave" "$status" 75
err_has "run the same command again" "says what to do"
run rename status --json $today
is "one wave is open" "$(field status) $(field total)" "open $((many + 1))"
done_before=$(field done)
is "and has begun" "$((done_before > 0 && done_before < many))" 1
run status --json $today
is "status knows" "$(field open_waves)" 1
# Meanwhile one certificate ends, and the register gets a further name (R-NM-14).
last=$(tail -1 crowd.csv | cut -d, -f1)
add_clerk K1
echo '{"id":"x1","action":"revoke","clerk":"K1","certificate":"'$last'","decision":"D-9"}' > revoke.jsonl
run submit revoke.jsonl $today
status_is 0 "meanwhile one certificate is revoked"
rename_jia 上海甲更新建设有限公司
# Under its name and under the register's an enterprise may be listed twice: it is one all the same.
if [ -z "${SMALLER:-}" ]; then
    printf '统一社会信用代码,新企业名称\n%s,上海甲新建设有限公司\n%s,上海甲更新建设有限公司\n' $jia $jia > both.csv
    cp -a store both
    run rename run --file=both.csv --store=both --json $today
    is "an open wave and a new one are of one enterprise" "$(field enterprises)" 1
    err_has "of enterprises: 1" "as was said before"
    rm -r both
fi
run rename run --plan=plan.csv --expect-count=$((many + 1)) --json $today
failed=1
status_is 1 "the same command finishes it, and one has failed"
out_has '"codes":{"certificate_not_in_force":1}' "for a reason"
is "as announced: total = done + failed" "$(field total) $(($(field done) + $(field failed))) $(field failed)" \
    "$((many + 1)) $((many + 1)) $failed"
run show certificate '沪建安C(2025)0000001' --json $today
out_has '"name":"上海甲新建设有限公司"' "with the name that was announced"
run show certificate "$paper" --json $today
is "R-NM-10: a further version of the electronic one" "$(field version)" 2
out_has '"document":{"status":"pending"' "R-NM-05: whose document is to be made"
out_has '"affiliated_since":"2024-03-01"' "R-NM-13: the six months do not begin again"
run audit history certificate '沪建安C(2025)0000001' --json $today
is "no certificate twice" "$(grep -c enterprise_name_changed "$out")" 1
out_has '"actor":{"kind":"operator"' "the actor is the operator"
run list changes --enterprise=$jia --limit=1000000 --json $today
is "one record each" "$(grep -c name_change "$out")" "$((many + 1 - failed))"
run audit history enterprise $jia --json $today
is "the enterprise's history has the wave as one line" "$(grep -c wave_opened "$out") $(grep -c name_changed "$out")" "1 0"
run rename plan $jia --json $today
is "what differs now is listed again" "$(field count)" "$((many + 1 - failed))"

# --- files -----------------------------------------------------------------------------------------
printf '统一社会信用代码,新企业名称,备注\n%s,上海甲更新建设有限公司,一\n%s,上海乙改名有限公司,二\n91310101MATEX0XX99,上海丙有限公司,三\nkein Code,上海丁有限公司,四\n' \
    $jia $yi | iconv -f UTF-8 -t GB18030 > renames.csv
run rename plan --file=renames.csv --json $today
status_is 1 "a file with rows that cannot be taken"
is "they are counted" "$(field rejected) $(field count)" "3 $((many + 1 - failed))"
err_has 'row 3' "named by row"
err_has register_name_differs "with the reason: the register has another name"
err_has enterprise_unknown "no such enterprise"
err_has bad_code "no code"
start_and_stop rename run --file=renames.csv --json $today
is "stopped in a file" "$status" 75
run rename run --file=renames.csv --expect-count=$((many + 1 - failed)) --json $today
status_is 1 "the rest, and the refused rows again"
is "all of the file is accounted for" "$(field total) $(field done) $(field rejected)" "$((many + 1 - failed)) $((many + 1 - failed)) 3"
rejects=$(ls store/reports/rename-*.rejects.csv | tail -1)
is "refused rows are kept to be mended" "$(grep -c '^' "$rejects") $(head -1 "$rejects" | sed '1s/^\xef\xbb\xbf//' | tr -d '\r')" \
    "4 统一社会信用代码,新企业名称,备注,行号,原因代码,原因"
before=$(newest)
run rename run --file=renames.csv --json $today
is "once more: what this file did is skipped and counted" "$(field skipped) $(field total)" "1 $((many + 1 - failed))"
is "and nothing is written" "$(newest)" "$before"
run rename run --plan=plan.csv --json $today
status_is 1 "the old plan"
err_has register_name_differs "holds no longer"
grep -q 'anzheng_items_done{job="rename"}' store/reports/rename.prom
is "metrics are there" $? 0
run rename run --file=none.csv $today
status_is 66 "no such file"
printf 'a,b\n1,2\n' > bad.csv
run rename run --file=bad.csv $today
status_is 65 "a file with other columns"

# --- a wish ----------------------------------------------------------------------------------------
rename_jia 上海甲终建设有限公司
cat > wish.jsonl <<END
{"id":"r1","action":"rename_enterprise","enterprise":"$jia","expected_count":$((many + 1 - failed)),"confirmed":true}
{"id":"r2","action":"rename_enterprise","enterprise":"$jia","confirmed":true}
END
before=$(newest)
run submit wish.jsonl --dry-run $today
is "a dry run says what would be" "$(field outcome | head -1)" accepted
err_has "nothing was kept" "and that nothing was kept"
out_has "\"count\":$((many + 1 - failed))" "with the count"
is "and changes nothing" "$(newest)" "$before"
start_and_stop submit wish.jsonl $today
is "a submission stops in its wave" "$status" 75
is "the line has no answer yet" "$(grep -c '"id":"r1"' "$out")" 0
list=store/blobs/$("$ANZHENG" list certificates --enterprise=$jia --status=valid --json --limit=1000000 $today |
    sed 's/.*"certificate":"\([^"]*\)".*/\1/' | sha256sum | sed 's/^\(..\)\([0-9a-f]*\).*/\1\/\1\2/')
is "the list of a wave is a blob of its numbers" "$(ls "$list")" "$list"
mv "$list" list
run submit wish.jsonl $today
status_is 79 "without its list the wave cannot go on"
err_has "$(basename "$list")" "the file is named"
printf x | cat list - > damaged
cp damaged "$list"
run submit wish.jsonl $today
status_is 79 "nor with another one"
# As docs/operations.md says: the certificates as they were when the wave was opened.
wave=$("$ANZHENG" rename status --json $today | sed -n 's/.*"wave":\([0-9]*\).*"status":"open".*/\1/p')
run audit replay --until=$((wave - 1)) --out=then $today
awk -F, -v e=$jia 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    $column["enterprise_code"] == e && $column["status"] == "valid" { print $column["certificate"] }' then/certificates.csv |
    tr -d '\r' | LC_ALL=C sort > remade
is "the list can be made anew from the log" "$(cmp remade list && echo same)" same
rm -f "$list"
mv remade "$list"
run submit wish.jsonl $today
status_is 1 "put back, it goes on"
is "the first line is known, and answered in full" "$(grep '"id":"r1"' "$out" | grep -c '"outcome":"duplicate"')" 1
out_has "\"count\":$((many + 1 - failed))" "as announced"
is "100 numbers" "$(head -1 "$out" | grep -o 沪建安 | wc -l)" 100
out_has name_not_changed "nothing is left for the second"
run rename status --json $today
is "all are closed" "$(grep -c '"status":"open"' "$out") $(grep -c '"status":"closed"' "$out")" "0 3"
run rename status $today
out_has 上海甲终建设有限公司 "people see them, too"
run audit verify --json
status_is 0 "the log verifies"
run rebuild --verify --json
status_is 0 "the views are a replay"
done_testing
