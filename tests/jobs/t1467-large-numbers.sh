#!/bin/sh
# Numbers beyond 2^63, which people mistype and strangers forge, are told as what they are.
. "$(dirname "$0")/lib.sh"
export ANZHENG_STORE=store
run init --clock=free --signatures=optional --today=2026-05-06 --json
run checkpoint --today=2026-05-06
large=18446744073709551615
cat > enterprises.csv <<'CSV'
统一社会信用代码,企业名称,法定代表人姓名,法定代表人证件类型,法定代表人证件号码
91310101MATEX0002E,上海甲示范建设有限公司,吴法人,身份证,310101197405050097
CSV
run import enterprises enterprises.csv --today=2026-05-06
echo '{"category":"B","valid_until":{"from":"2020-01-01","to":"2020-01-02"}}' > notice.json
for words in "audit prove --event=$large --out=p" "audit replay --until=$large --out=r" "audit compare --until=$large" \
    "rename run 91310101MATEX0002E --expect-count=$large" "audit diff --from=1 --to=$large"; do
    # shellcheck disable=SC2086
    run $words --json
    [ "$status" -ne 0 ]
    is "$words: refused" $? 0
    cat "$out" "$err" > both
    is "$words: and nothing is negative in it" "$(grep -c '[:" ]-[0-9]' both)" 0
done
done_testing
