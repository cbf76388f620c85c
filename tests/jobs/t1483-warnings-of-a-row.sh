#!/bin/sh
# t1483-warnings-of-a-row - CONTRACT 3: each warning counts, and the counts by code, which the note and
# the log tell, are of rows: a code that fits two cells of a row counts once there. What the decoder
# saw is no second warning where the reader of the cell saw it too. The note says what the warning is
# about, with the column of the first row, also of a run that goes on behind that row.
. "$(dirname "$0")/lib.sh"
. "$here/crowd.sh"
today=--today=2026-01-06
run init --signatures=optional --clock=free $today
columns=统一社会信用代码,企业名称,法定代表人姓名,法定代表人证件类型,法定代表人证件号码
counted() { # rows, warnings, what the note says of the code, what
    is "$4: in the answer" "$(field rows) $(field warnings)" "$1 $2"
    err_has "$3" "$4: in the note"
}

# U+E123 is nobody's character: the decoder finds it, and so does the name of the enterprise.
printf '%s\n91310101MATEX00109,上海\356\204\243建设有限公司,吴一,身份证,310101189912310017\n' $columns > one.csv
run import enterprises one.csv $today --json
status_is 0 "a character of private use is taken"
counted 1 1 "pua_character: 1 row, the first is row 2; column 企业名称: holds a private-use character" "one name of one row"
printf '%s\n91310101MATEX00109,上海\356\204\243建设有限公司,吴\356\204\244,身份证,310101189912310017\n' $columns > two.csv
run import enterprises two.csv $today --json
counted 1 3 "pua_character: 1 row, the first is row 2" "two names of one row"
err_has "legal_representative_name_differs: 1 row," "beside what the register warns of (D35)"
is "which is about no cell" "$(grep -c "differs.*; column" "$err")" 0

# Two numbers of a row with wrong check characters; a third row with one, and with another code.
printf '%s\n%s\n%s\n%s\n' $columns \
    91310101MATEX00290,上海乙建设有限公司,吴二,身份证,310101189912310018 \
    91310101MATEX00371,上海丙建设有限公司,吴三,身份证,310101189912310025 \
    91310101MATEX0045U,上海丁建设有限公司,吴•四,身份证,310115189902280036 > three.csv
run import enterprises three.csv $today --json
counted 3 4 "check_digit: 2 rows, the first is row 2" "wrong check characters"
err_has "check_digit: 2 rows, the first is row 2; column 统一社会信用代码: the check digit is wrong" "with its column"
err_has "name_separator: 1 row, the first is row 4; column 法定代表人姓名: the middle dot" "another code of the same row"
run audit history day 2026-01-06 --json
out_has '"warnings":4,"codes":[{"code":"check_digit","count":2}' "and so says the log"

# What no reader of a cell saw has no column.
printf '证件类型,证件号码,缴纳单位统一社会信用代码,缴纳月份,备\356\204\243注\n身份证,310101189912310017,91310101MATEX00109,2025-01,\356\204\243\n' > far.csv
run import insurance far.csv $today
err_has "pua_character: 1 row, the first is row 2" "private use in a column that nobody knows"
is "is told without one" "$(grep -c "row 2; column" "$err")" 0

# A run that was stopped behind the row, gone on with: the column is that of the whole run.
sed 's/建设/建筑/' three.csv > four.csv
start_and_stop import enterprises four.csv $today --json
status_is 75 "stopped behind a row"
err_has "check_digit: 1 row, the first is row 2; column 统一社会信用代码: the check digit is wrong" "which was warned of"
run import enterprises four.csv $today --json --lang=zh
status_is 0 "gone on with"
err_has "check_digit：2 行，最先在第 2 行：列“统一社会信用代码”：校验码不正确" "the column of the first row is told"
done_testing
