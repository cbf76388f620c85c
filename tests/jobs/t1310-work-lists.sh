#!/bin/sh
# t1310-work-lists - rejects files: they open in a spreadsheet, say what to mend, and come back.
. "$(dirname "$0")/lib.sh"

today=--today=2026-02-01
"$ANZHENG" init --store=s --signatures=optional --clock=free --today=2026-01-05 --quiet > "$out" 2> "$err"
export ANZHENG_STORE="$work/s"

mark=$(printf '\357\273\277')
header='证书编号,类别,姓名,证件类型,证件号码,统一社会信用代码,企业名称,职务,初次领证日期,发证日期,有效期至,状态'
row() { # number, name, id, enterprise, post, issued
    echo "沪建安B(2019)000000$1,B,$2,身份证,$3,91310101MATEX00109,$4,$5,2019-01-05,$6,2028-01-04,有效"
}
id=310101189912310017
{
    echo "$header"
    row 1 王测试 $id 上海示例有限公司 "" 2025-01-05
    row 2 王测试 3.10101E+17 '=cmd()' "'=1" 2025-01-05
    row 3 王测试 $id 上海示例有限公司 '＝1' 2025-13-05
    row 4 王测试 $id "'上海示例有限公司" "'号" 43265
    row 5 王测@ $id 上海示例有限公司 "" 2025-01-05
    row 6 王测试 $id 上海示例有限公司 坏@员 2025-01-05
    row 7 王测试 $id 上海示例有限公司 '' '2025/1/5 0:00'
    echo '合　计,7,,,,,,,,,,'
} > utf8.csv
iconv -f UTF-8 -t GB18030 utf8.csv | sed 's/@/\xff/' > gb.csv
run import paper gb.csv $today --json --lang=zh --rejects=first.csv
status_is 1 "a spoiled register"
is "what is good is taken" "$(field accepted) $(field rejected)" "1 7"
is "the file begins with a byte order mark" "$(head -c 3 first.csv)" "$mark"
is "and ends its lines as spreadsheets do" "$(grep -c "$(printf '\r')\$" first.csv)" 8
has first.csv '被电子表格改成了科学计数法' "a power of ten is told"
has first.csv '电子表格的日期序号' "a day number is told"
has first.csv '日期后面带有时刻' "a time of day is told"
has first.csv '疑为合计行' "a line of totals is told"
has first.csv "原始字节（十六进制）：$(sed -n 6p gb.csv | od -An -v -tx1 | tr -d ' \n' | sed 's/0a$//' | tr a-f A-F)" \
    "a row that does not decode is told with all its bytes"
has first.csv ",'=cmd()," "a formula does not run"
has first.csv ",''=1," "one with an apostrophe neither"
has first.csv ",'＝1," "nor one of full width"
has first.csv ",'上海示例有限公司,'号," "what begins with an apostrophe is left alone"

has first.csv ",身份证,$id,91310101MATEX00109," "a long number stands as the source has it (decision 0150)"
is "dates too" "$(grep -c ',2019-01-05,' first.csv)" 6

run import paper first.csv $today --json --lang=zh --rejects=second.csv
is "unmended it is refused again" "$(field accepted) $(field rejected) $(field warnings)" "0 7 0"
words() { cut -d, -f1-12,14- "$1"; }
is "to the byte, in the same words" "$(words second.csv)" "$(words first.csv)"

if command -v python3 > python.txt; then
    is "another reader sees the same table" "$(python3 -c '
import csv
rows = list(csv.DictReader(open("first.csv", encoding="utf-8-sig", newline="")))
print(len(rows), rows[0]["证书编号"], rows[0]["原因代码"], rows[0]["企业名称"])')" \
        "7 沪建安B(2019)0000002 bad_number '=cmd()"
else
    echo "# skipped: no python3 to read the file"
fi

# Mended in the cells, nothing else touched.
sed "s/3.10101E+17/$id/; s/2025-13-05/2025-01-05/; s/43265/2025-01-05/; s/王测�/王测试/; s/坏�员/安全员/
    s|2025/1/5 0:00|2025-01-05|; /合　计/d" second.csv > mended.csv
run import paper mended.csv $today --json --rejects=third.csv
status_is 0 "mended"
is "all are taken" "$(field accepted) $(field rejected)" "6 0"
is "and no rejects file is made" "$(find . -name third.csv)" ""
run show certificate '沪建安B(2019)0000002' --json $today
out_has '"name":"=cmd()"' "the data is what the source said"
run show certificate '沪建安B(2019)0000004' --json $today
out_has "\"name\":\"'上海示例有限公司\"" "with its own apostrophe"
run list certificates --csv $today
out_has ",'=cmd()" "lists do not run formulas either"
run list certificates --json $today
out_has '"=cmd()"' "JSON is data"

run import paper gb.csv $today --lang=en --rejects=english.csv
has english.csv 'a spreadsheet made a power of ten of it' "in English by option"

# A cell too many: the columns of the reason keep their places.
{ echo "$header"; row 8 王测试 $id '上海,示例' "" 2025-01-05; } > many.csv
run import paper many.csv $today --rejects=many-1.csv
run import paper many-1.csv $today --rejects=many-2.csv
is "a cell too many stands behind the reason, and stays there" "$(words many-2.csv)" "$(words many-1.csv)"

# A spreadsheet gives the surplus cells a column, and every row a cell in it.
sed "s/$(printf '\r')\$//; 1s/\$/,/" many-1.csv > many-saved.csv
run import paper many-saved.csv $today --json --rejects=many-3.csv
is "saved by a spreadsheet it is refused for that still" "$(field accepted) $(words many-3.csv)" "0 $(words many-1.csv)"

# A register may have a column 原因 of its own: that does not make a rejects file of it.
{ echo "$header,原因,"; echo "$(row 9 王测试 $id 上海示例有限公司 "" 2025-01-05),其他,备注"; } > reason.csv
run import paper reason.csv $today --json
is "a last column without a name is passed over as in any register" "$(field accepted) $(field rejected)" "1 0"

# A number that a spreadsheet shortened is no reason to refuse (R-BJ-06), but told.
{ echo "$header"; row 8 王测试 310101189912310000 上海示例有限公司 "" 2025-01-05; } > lost.csv
run import paper lost.csv $today --json --lang=zh
is "lost digits are a warning" "$(field accepted) $(field warnings)" "1 1"
err_has digits_lost "of its own"
done_testing
