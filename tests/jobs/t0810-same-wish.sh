#!/bin/sh
# CONTRACT 4, D24, D33, D38: another spelling is not another wish; another thing is.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06
cat > old.csv <<'CSV'
证书编号,类别,姓名,证件类型,证件号码,统一社会信用代码,企业名称,职务,初次领证日期,发证日期,有效期至,状态
沪建安B(2024)0000077,B,阿·买,身份证,310101991231001,91310101MATEX00109,上海甲建设有限公司,,2024-03-01,2024-03-01,2027-02-28,有效
CSV
run import paper old.csv $today
status_is 0 "a holder with a number of 15 digits"
old='沪建安B(2024)0000077'
wish() { # id number, name, more
    printf '{"id":"w1","action":"depart","enterprise":"%s","person":{"name":"%s","id_type":"身份证","id_number":"%s"},%s"confirmed":true}\n' \
        "$jia" "$2" "$1" "$3" > wish.jsonl
    run submit wish.jsonl $today
}
run policy set identity.photo_required no --decision=D-2 $today
cat > late.csv <<'CSV'
姓名,性别,出生日期,证件类型,证件号码,采集窗口,采集日期,采集方式
阿·买,男,1999-12-31,身份证,310101991231001,,2025-12-01,在线
CSV
run import identities late.csv $today
run exchange --certificate="$old" --enterprise=$jia --confirmed $today
status_is 0 "an electronic certificate"
wish 310101991231001 阿·买 ''
status_is 0 "departed"
full=$(printf '310101%s991231001' 19)
check=$(echo "$full" | awk '{split("7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2", w, " ");
    for (i = 1; i <= 17; i++) s += w[i] * substr($0, i, 1); print substr("10X98765432", s % 11 + 1, 1)}')
wish "$full$check" 阿·买 ''
out_has '"outcome":"duplicate"' "18 digits are the 15"
wish 310101991231001 ' 阿•买　' ''
out_has '"outcome":"duplicate"' "blanks and another dot are the same name"
wish 310101991231001 阿·买 '"certificates":[],'
out_has '"outcome":"duplicate"' "an empty list names none, as no list does"
wish 310101991231001 阿买 ''
out_has '"code":"id_reused"' "another name is another wish"
wish 310101991231002 阿·买 ''
out_has '"code":"id_reused"' "another number is another wish"
wish 310101991231001 阿·买 '"certificates":["'"$old"'"],'
out_has '"code":"id_reused"' "a list is another wish"
done_testing
