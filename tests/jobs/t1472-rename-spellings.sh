#!/bin/sh
# R-NM-03, R-NM-06, R-NM-09, R-NM-14: what is announced is what is done, however a list spells a
# name, how often it names an enterprise, and whatever is open.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
. "$here/crowd.sh"
today=--today=2026-01-06
many=5200 # batches of 5000: a whole one, and a rest
all=$((many + 1))
renames() { # file, names...
    file=$1
    shift
    echo '统一社会信用代码,新企业名称' > "$file"
    for name in "$@"; do echo "$jia,$name" >> "$file"; done
}
make_city --signatures=optional
write_crowd $many
run import paper crowd.csv $today
status_is 0 "a crowd"
rename_jia '上海甲（新）建设有限公司'
renames twice.csv '上海甲（新）建设有限公司' '上海甲(新)建设有限公司' '上海甲（新）建设有限公司'
renames narrow.csv '上海甲(新)建设有限公司'
renames wrong.csv '上海他建设有限公司'

run rename plan --file=twice.csv --json $today
status_is 0 "an enterprise three times, in two widths of brackets"
is "is one enterprise, and each of its certificates once" "$(field enterprises) $(field count)" "1 $all"
is "of which a hundred are named" "$(grep -o 沪建安 "$out" | wc -l)" 100
start_and_stop rename run --file=narrow.csv --expect-count=$all --json $today
is "stopped in its wave" "$status" 75

# --- while a wave is open ---------------------------------------------------------------------------
run rename plan $jia --out=rest.csv --json $today
rest=$(field count)
is "the rest of it as a plan" "$((rest > 0 && rest < all))" 1
run rename plan --plan=rest.csv --json $today
status_is 0 "which holds"
run rename run --file=wrong.csv --expect-count=0 --json $today
status_is 1 "a name that is neither the wave's nor the register's"
err_has register_name_differs "is refused"
run rename status --json $today
is "and the wave stays as it is" "$(field status)" open
rename_jia 上海甲第三建设有限公司
run rename run --file=wrong.csv --expect-count=0 --json $today
status_is 1 "nor may it stand for a further name of the register"
err_has register_name_differs "which is told"
run rename run --file=narrow.csv --expect-count=$all --json $today
status_is 0 "the same file again, spelled in another width than the wave"
is "finishes what was announced, and no more" "$(field total) $(field done)" "$all $all"
run show certificate "$paper" --json $today
out_has '"name":"上海甲（新）建设有限公司"' "under the name that was announced, as the register spelled it"

renames third.csv 上海甲第三建设有限公司
start_and_stop rename run --file=third.csv --json $today
is "a further wave is stopped" "$status" 75
run rename plan $jia --out=rest.csv --json $today
run rename run --plan=rest.csv --json $today
status_is 0 "what is left of it, approved as a plan, is done"
is "as part of what was announced" "$(field total) $(field done)" "$all $all"
run rename run --file=twice.csv --json $today
is "the first file holds no longer, each name by itself" "$status $(field rejected)" "1 1"
run rename plan --plan=rest.csv --out=again.csv $today
status_is 64 "a plan is looked at or made"

# --- an open wave's name and the register's, in one file ---------------------------------------------
rename_jia 上海甲第四建设有限公司
start_and_stop rename run $jia --json $today
is "another wave is stopped" "$status" 75
rename_jia 上海甲第五建设有限公司
renames both.csv 上海甲第四建设有限公司 上海甲第五建设有限公司
run rename plan --file=both.csv --out=both.plan --json $today
is "a plan names each certificate once" "$(field count)" "$all"
run rename plan --plan=both.plan $today
status_is 0 "and holds"
run rename run --file=both.csv --expect-count=$((2 * all)) --json $today
status_is 0 "what was announced and what follows count once each"
is "and are done" "$(field total) $(field done)" "$((2 * all)) $((2 * all))"
run show certificate "$paper" --json $today
out_has '"name":"上海甲第五建设有限公司"' "under the register's name"
done_testing
