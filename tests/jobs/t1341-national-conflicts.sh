#!/bin/sh
# R-BJ-05, R-BJ-07, R-NAT-18: what the national register contradicts is a work list for clerks, and
# what a full export has no more is reported; neither changes anything.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
today=--today=2026-01-06
conflicts() { sed 's/.*"conflict":"\([a-z_]*\)","national":{"certificate":"\([^"]*\)".*/\1 \2/' "$out" | tr '\n' ';'; }
columns='证书编号,姓名,证件类型,证件号码,类别,企业名称,统一社会信用代码,发证机关,初次领证日期,发证日期,有效期至,状态'
row() { printf '%s,%s,身份证,%s,%s,示例建设有限公司,,示例发证机关,,2024-03-01,%s,%s\n' "$@"; }
number='沪建安B(2024)0001234'

make_city --signatures=optional
run show certificate "$number" --json $today
cp "$out" before.json

# --- nothing to say -----------------------------------------------------------------------------
run list conflicts --json $today
status_is 0 "no national register"
is "no conflicts" "$(cat "$out")" ""
{
    echo "$columns"
    row "$number" 孙三 $holder B 2027-02-28 有效
    row "$number" 孙三 '310*************17' B 2027-02-28 有效
    row '浙建安C1(2020)0000009' 孙三 $holder C1 2027-02-28 有效
    row '浙建安B(2020)0000008' 孙三 $holder B 2027-02-28 注销
    row '浙建安B(2020)0000007' 孙三 $holder B 2026-01-05 有效
    row '浙建安B(2020)0000006' 周八 310115199003073870 B 2027-02-28 有效
} > agrees.csv
run import national agrees.csv --json $today
is "a register that agrees" "$(field accepted)" 6
run list conflicts --json $today
is "another class, an end, another person, a mask that fits: no conflict" "$(cat "$out")" ""

# --- conflicts ----------------------------------------------------------------------------------
{
    echo "$columns"
    row "$number" 孙三 $holder B 2027-02-28 注销
    row "$number" 周八 310115199003073870 B 2027-02-28 有效
    row "$number" 吴九 '310*************17' B 2027-02-28 有效
    row "$number" 孙三 '320*************17' B 2027-02-28 有效
    row '浙建安B(2020)0000001' 孙三 $holder B 2027-02-28 有效
    row '浙建安A(2020)0000002' 孙叁 $holder A 2026-02-28 注销
} > contradicts.csv
run import national contradicts.csv --json $today
is "a register that does not" "$(field accepted)" 6
before=$(newest)
run list conflicts --json $today
status_is 0 "the work list"
is "a row each" "$(grep -c . "$out")" 6
is "R-BJ-05: ended there, in force here" "$(grep -c '"conflict":"ended_nationally".*"state":"注销"' "$out")" 1
is "R-NAT-18: a valid one of the class in another province" "$(grep -c '"conflict":"valid_elsewhere","national":{"certificate":"浙建安B(2020)0000001"' "$out")" 1
is "the same document under another name" "$(grep -c '"conflict":"name_differs".*"name":"孙叁"' "$out")" 1
is "R-BJ-07: the number with somebody else, a mask that does not fit, a name that does not" \
    "$(grep -c '"conflict":"holder_differs"' "$out")" 3
out_lacks 310101189912310017 "numbers are masked"
out_lacks 310115199003073870 "the other's too"
run list conflicts --conflict=valid_elsewhere --enterprise=$jia --json $today
is "one kind of one enterprise" "$(conflicts)" "valid_elsewhere 浙建安B(2020)0000001;"
run list conflicts --enterprise=$yi --json $today
is "none of the other" "$(cat "$out")" ""
run list conflicts --conflict=none $today
status_is 64 "no such kind"
run list certificates --conflict=name_differs $today
status_is 64 "a kind of conflict is asked of no other list"
run list conflicts --limit=2 --json $today
is "the conflicts of a certificate stay on one page" "$(grep -c . "$out")" 6
run list conflicts --lang=zh $today
out_has 外省有效证书 "people see words"
run list conflicts --out=work.csv --json $today
status_is 0 "into a file"
is "JSON lines as asked" "$(grep -c '"conflict"' work.csv) $(field rows)" "6 6"
run list conflicts --out=work.csv $today
is "else a table for a spreadsheet" "$(grep -c . work.csv) $(head -c 23 work.csv | tail -c 20)" "7 conflict,certificate"
is "for nobody else's eyes" "$(stat -c %a work.csv)" 600
run list conflicts --out=none/work.csv $today
status_is 73 "no such folder"
run show certificate "$number" --json $today
is "R-BJ-05: the certificate is as it was" "$(cmp "$out" before.json && echo same)" same
is "and nothing was written" "$(newest)" "$before"

# --- the state here moves on ------------------------------------------------------------------------
add_clerk K1
run suspend --certificate="$number" --clerk=K1 --decision=D-7 $today
status_is 0 "suspended here"
(echo "$columns"; row "$number" 孙三 $holder B 2027-02-28 有效) > one.csv
run import national one.csv $today
run list conflicts --certificate="$number" --conflict=state_differs --json $today
is "suspended and valid" "$(conflicts)" "state_differs $number;"
run revoke --certificate="$number" --clerk=K1 --decision=D-8 $today
status_is 0 "revoked here"
run list conflicts --certificate="$number" --conflict=in_force_nationally --json $today
is "ended here, in force there" "$(conflicts)" "in_force_nationally $number;"
run list conflicts --conflict=valid_elsewhere --json $today
is "what is not in force here stands against nothing elsewhere" "$(cat "$out")" ""

# --- a full export --------------------------------------------------------------------------------
{
    echo "$columns"
    row "$number" 孙三 $holder B 2027-02-28 有效
    row "$number" 孙三 '310*************17' B 2027-02-28 有效
    row '浙建安C1(2020)0000009' 孙三 $holder C1 kein-Tag 有效
    row kaputt 孙三 $holder C1 2027-02-28 有效
} > full.csv
row '浙建安B(2020)0000006' 周八 310115199003073870 B 2027-02-28 有效 > tail
(echo "$columns"; cat tail) > full2.csv
run import national full.csv full2.csv --full --dry-run --json $today
is "a dry run counts" "$(field vanished) $(ls store/reports/*vanished* 2> /dev/null)" "6 "
before=$(newest)
run import national full.csv full2.csv --full --json $today
status_is 1 "a full export in two files, with rows that cannot be read"
is "what it has no more is counted" "$(field vanished) $(field unreadable) $(field withheld)" "6 1 0"
err_has "6 rows of the register" "and told"
csv=$(ls store/reports/*.vanished.csv)
jsonl=$(ls store/reports/*.vanished.jsonl)
is "listed as CSV and as JSON" "$(grep -c . "$csv") $(grep -c . "$jsonl")" "7 6"
is "a row that cannot be read is there all the same" "$(grep -c 'C1(2020)0000009' "$csv")" 0
is "one of the same number is not" "$(grep -c '周八' "$csv") $(grep -c '浙建安B(2020)0000001' "$jsonl")" "1 1"
is "masked" "$(cat "$csv" "$jsonl" | grep -c 310101189912310017)" 0
is "for nobody else's eyes" "$(stat -c %a "$csv" "$jsonl" | sort -u)" 600
run list conflicts --conflict=name_differs --json $today
is "a vanished row is not deleted" "$(conflicts)" "name_differs 浙建安A(2020)0000002;"
run import national full2.csv --json $today
is "without --full nothing is said" "$(field vanished)" ""
run init --store=whole --clock=free --signatures=optional $today
run import national full2.csv --full --json --store=whole $today
is "an export that lacks nothing" "$status $(field vanished)" "0 0"
is "is not told to lack it" "$(grep -c 'of the register' "$err")" 0
run import clerks clerks.csv --full $today
status_is 64 "another register is not asked"

# --- persons who are left alone (R-PV-02) -----------------------------------------------------------
run block-person --person-name=孙三 --person-id-type=身份证 --person-id-number=$holder --clerk=K1 --decision=D-9 $today
status_is 0 "a person is left alone"
run list conflicts --json $today
is "and in no work list" "$(cat "$out")" ""
rm -f store/reports/*vanished*
run import national full2.csv --full --json $today
is "counted, not listed" "$(field withheld) $(cat store/reports/*.vanished.jsonl | grep -c '"310\*\{13\}17"')" \
    "6 1"
run rebuild --verify --json
status_is 0 "the views are a replay"
done_testing
