#!/bin/sh
# t0891-rows - registers by the rules of R-BJ and D24, D35: encodings and verdicts that add up,
# rejected rows kept as they were, what is only a warning, one person in every spelling, and that
# reading what is personal leaves an event.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06

# --- verdicts -------------------------------------------------------------------------------------------
cat > n.csv <<'CSV'
证书编号,姓名,证件类型,证件号码,类别,企业名称,统一社会信用代码,发证机关,初次领证日期,发证日期,有效期至,状态
苏建安B（2022）0000005,王𠮷,身份证,310101189912310033,B,江苏“某”公司,,江苏省住房和城乡建设厅,2019-02-01,2022-02-01,2025-01-31,注销
苏建安B(2022)0000006,李喆,身份证,310101189912310034,B,"江苏,某公司",91310101MATEX00100,江苏省住房和城乡建设厅,,2022/2/1,20250131,失效
苏建安B(2022)0000007,李堃,身份证,310101189912310041,B,江苏某公司,,江苏省住房和城乡建设厅,,2022-02-01,2021-01-31,注销
苏建安B(2022)0000008,李堃,身份证,310101189912310041,B,江苏某公司,,江苏省住房和城乡建设厅,,2022-02-01,2025-01-31,生效
苏建安B,李堃,身份证,310101189912310041,B,江苏某公司,,江苏省住房和城乡建设厅,,2022-02-01,2025-01-31,注销
苏建安B(2022)0000010,李堃,身份证,310*************41,B,江苏某公司,,江苏省住房和城乡建设厅,,2022-02-01,2025-01-31,注销
CSV
printf '\357\273\277' | cat - n.csv > bom.csv
iconv -f UTF-8 -t GB18030 n.csv > gb.csv
counts() { sed 's/.*"rows":\([0-9]*\),"accepted":\([0-9]*\),"unchanged":\([0-9]*\),"rejected":\([0-9]*\),"warnings":\([0-9]*\).*/\1 \2 \3 \4/' "$out"; }
run import national gb.csv $today --json --rejects=rejects.csv
is "R-BJ-04: every row has a verdict, they add up" "$(counts)" "6 3 0 3"
is "R-BJ-04: rejected rows are kept, with the reason" "$(cut -d, -f1,13- rejects.csv | sed 1d | cut -d, -f1-3)" \
    '苏建安B(2022)0000007,4,date_order
苏建安B(2022)0000008,5,bad_state
苏建安B,6,bad_number'
is "R-BJ-04: as they stood" "$(sed -n 2p rejects.csv | cut -d, -f1-12)" "$(sed -n 4p n.csv)"
is "R-BJ-06: a wrong check digit is a warning" "$(field warnings)" 2
run show person 310101189912310034 --json $today
out_lacks 李喆 "R-BJ-05: the national register makes nobody known here"
run status --json
before=$(field events)
for file in gb.csv n.csv bom.csv; do
    run import national $file $today --json
    is "R-BJ-05: $file once more changes nothing" "$(counts)" "6 0 3 3"
done
grep -v '0000007\|0000008\|苏建安B,' n.csv > good.csv
run import national good.csv $today --json
is "R-BJ-05: nor does it leave an event" "$(counts) $(field first_event)" "3 0 3 0 0"
run list certificates --json $today
is "R-BJ-05: the national register makes no certificate here" "$(grep -c . "$out")" 1
run show certificate "$paper" --json $today
cp "$out" shown
sed 's/苏建安B（2022）0000005,王𠮷/'"$paper"',王𠮷/' good.csv > ours.csv
run import national ours.csv $today --json
run show certificate "$paper" --json $today
cmp -s "$out" shown
is "R-BJ-05: a row with a number of ours changes none" $? 0

# --- one person in every spelling -----------------------------------------------------------------------
people='姓名,性别,出生日期,证件类型,证件号码,采集窗口,采集日期,采集方式'
collect() { # type, number
    printf '%s\n高五,男,1980-07-30,%s,%s,一号窗,2025-12-01,人工\n' "$people" "$1" "$2" > i.csv
    run import identities i.csv $today --json
}
person() { # number
    "$ANZHENG" show person "$1" --json $today 2> /dev/null | sed 's/.*"person":"\([^"]*\)".*/\1/'
}
collect 港澳同胞回乡证 H1234567800
first=$(person H1234567800)
is "D24: somebody with a re-issued permit" "${#first}" 24
collect 港澳同胞回乡证 H1234567801
is "D24: the counter of re-issues is no other person" "$(person H1234567801)" "$first"
is "D24: nor its absence" "$(person Ｈ12345678)" "$first"
collect 港澳同胞回乡证 H1234567901
is "D24: another number is another person" "$([ "$(person H12345679)" = "$first" ] && echo same)" ""
collect 身份证 150102880730303
fifteen=$(person 150102880730303)
is "D24: 15 digits are 18" "${#fifteen} $(person 150102198807303035)" "24 $fifteen"
printf '%s\n高五,男,1980-07-30,台胞证,12345678,一号窗,2025-12-01,人工\n' "$people" > i.csv
run import identities i.csv $today --json
taiwan=$(person 12345678)
is "D24: the kind of document is part of the person" "$([ -n "$taiwan" ] && [ "$taiwan" != "$first" ] && echo other)" other

# --- rows that replace, rows that are the same --------------------------------------------------------------
exams='姓名,证件类型,证件号码,类别,考核类型,考试日期,结论,成绩有效期至,准考证号'
exam() { # end of the result
    printf '%s\n孙三,身份证,%s,B,新取证,2025-12-01,合格,%s,T1\n' "$exams" $holder "$1" > x.csv
    run import exams x.csv $today --json
}
exam 2026-12-01
is "D35: an exam" "$(field accepted) $(field warnings)" "1 0"
exam 2026-12-01
is "D35: the same again is unchanged" "$(field unchanged)" 1
exam 2026-11-30
is "D35: by person, class, kind and date another row replaces, with a warning" "$(field accepted) $(field warnings)" "1 1"

# --- what is personal leaves a trace when it is read ----------------------------------------------------------
before=$(newest)
run show person $holder --json $today
out_lacks $holder "R-PV-05: a number is masked"
is "R-PV-07: looking at masked data is no event" "$(newest)" "$before"
run show person $holder --unmasked $today
status_is 64 "R-PV-07: the whole number wants a reason"
run show person $holder --unmasked --reason=核对 --operator=窗口甲 --json $today
out_has "\"id_number\":\"$holder\"" "R-PV-07: with one it is shown"
is "R-PV-07: and that is an event" "$(newest)" $((before + 1))
grep -rqaF 窗口甲 store/log && grep -rqaF 核对 store/log
is "R-PV-07: with who and why" $? 0
done_testing
