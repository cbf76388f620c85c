#!/bin/sh
# t0700-registers - the sentences of CONTRACT 3 seen from outside: spellings that are the same row,
# A-B-A, paper that only creates, what a clerk is told of a rejected row, and URLs.
. "$(dirname "$0")/lib.sh"
. "$here/crowd.sh"

day=--today=2026-02-01
code=91310101MATEX00109
"$ANZHENG" init --store=s --signatures=optional --clock=free --today=2026-01-05 --quiet > "$out" 2> "$err"
export ANZHENG_STORE="$work/s"

counts() { sed 's/.*"rows":/"rows":/; s/,"first_event".*//' "$out"; }

# A-B-A, and nothing for nothing.
enterprises='统一社会信用代码,企业名称,法定代表人姓名,法定代表人证件类型,法定代表人证件号码,资质名称及等级,企业状态'
for state in 正常 吊销 正常; do
    printf '%s\n%s,上海甲示范有限公司,吴法人,身份证,310101189912310017,,%s\n' \
        "$enterprises" "$code" "$state" > e.csv
    run import enterprises e.csv $day --json
    is "A-B-A: $state is a change" "$(field accepted)" 1
done
before=$(newest)
run import enterprises e.csv $day --json
is "the same file again is unchanged" "$(counts)" \
    '"rows":1,"accepted":0,"unchanged":1,"rejected":0,"warnings":0'
printf '\377\376' > e16.csv
iconv -f UTF-8 -t UTF-16LE e.csv >> e16.csv
run import enterprises e16.csv $day --json
is "so is it in UTF-16" "$(field unchanged)" 1
for order in LE BE; do # --encoding=utf-16: the mark says which, else the bytes of commas and line ends
    iconv -f UTF-8 -t UTF-16$order e.csv > bare16.csv
    if [ $order = LE ]; then printf '\377\376'; else printf '\376\377'; fi | cat - bare16.csv > marked16.csv
    for file in bare16.csv marked16.csv; do
        run import enterprises $file $day --json --encoding=UTF-16
        is "$file $order under the name that covers both orders" "$(field unchanged)" 1
    done
done
run import enterprises e.csv $day --encoding=utf-16
status_is 65 "what is none is not read as UTF-8 all the same"
err_has "[csv_header_unknown]" "by code"
run import enterprises e.csv $day --encoding=utf-32
status_is 64 "an encoding that is not known"
err_has "utf-16, utf-16le" "names those that are"
iconv -f UTF-8 -t GB18030 e.csv > gb.csv
run import enterprises gb.csv $day --json
is "and in GB18030" "$(field unchanged)" 1
is "and leaves no event" "$(newest)" "$before"
make_preload no_gconv
without_gconv() { ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" LD_PRELOAD=$work/no_gconv.so run "$@"; }
without_gconv import enterprises gb.csv $day --json
status_is 74 "where the C library has no GB18030, a file in it is not one without known headers"
err_has '"code":"encoding_unavailable"' "but what is missing is named"
without_gconv import enterprises e.csv $day --json
is "and one in UTF-8 is read" "$status $(field unchanged)" "0 1"

# Paper: equal cells in any spelling are unchanged, others are rejected.
paper='证书编号,类别,姓名,证件类型,证件号码,统一社会信用代码,企业名称,职务,初次领证日期,发证日期,有效期至,状态'
tail=",B,张一,身份证,310101189912310025,$code,上海甲示范有限公司"
printf '%s\n%s%s,,2019-01-05,2025-01-05,2028-01-04,有效\n' "$paper" '沪建安B(2019)0000002' "$tail" > p.csv
run import paper p.csv $day --json
is "a paper certificate is created" "$(field accepted)" 1
before=$(newest)
while read -r number; do
    printf '%s\n%s%s,,2019/1/5,20250105,2028年1月4日,有效\n' "$paper" "$number" "$tail" > p.csv
    run import paper p.csv $day --json
    is "$number is the same certificate" "$(field unchanged)" 1
done <<'END'
沪建安B（2019）0000002
沪建安Ｂ（２０１９）　００００００２
沪建安 B (2019) 0000002
END
is "which leaves no event" "$(newest)" "$before"
printf '%s\n%s%s,经理,2019-01-05,2025-01-05,2028-01-04,有效\n' "$paper" '沪建安B（2019）0000002' "$tail" > p.csv
run import paper p.csv $day --json --rejects=r.csv
status_is 1 "other cells are rejected"
is "as certificate_exists" "$(sed -n 's/.*,2,\(certificate_exists\),.*/\1/p' r.csv)" certificate_exists

# What a clerk reads: the row as the spreadsheet numbers it, the column, a reason in words.
printf '工号,姓名,部门,部门级别,状态\n\nSH1,石窗口,示范窗口,市,\n\nSH2,石窗口,示范窗口,省,\nSH3,,示范窗口,市,\n' > c.csv
run import clerks c.csv $day --lang=zh --rejects=r.csv
err_has 'bad_code：1 行，最先在第 5 行' "a code is told with its first row"
out_has 未收入 "the summary is Chinese"
has r.csv '列“部门级别”：不是该列允许的值或代码（应为市或区）' "the reason has no English word"
has r.csv '列“姓名”：该单元格必须填写；现在为空' "nor has this one"
is "the rejects file is for the owner alone" "$(find r.csv -perm 600)" r.csv
sed 's/,省,/,区,/; s/^SH3,,/SH3,石三,/' r.csv > mended.csv
run import clerks mended.csv $day --json
is "mended, it is imported as it is" "$(counts)" \
    '"rows":2,"accepted":2,"unchanged":0,"rejected":0,"warnings":0'
printf '证件号码,缴纳单位统一社会信用代码,缴纳月份\n310101189912310025,%s,2025-13\nH12345678,%s,2025-12\n' \
    $code $code > i.csv
run import insurance i.csv $day --rejects=r.csv
has r.csv 'a month as YYYY-MM' "a bad month says how months are written"
has r.csv ',3,id_type_missing,' "a number of no known kind needs its column"

# A photo that is not there; the rejects file below reports/ is not beside the photos.
printf '姓名,性别,出生日期,证件类型,证件号码,照片,采集窗口,采集日期,采集方式\n张一,男,1899-12-31,身份证,310101189912310025,../x.jpg,一号窗,2025-01-01,读卡\n' > d.csv
run import identities d.csv $day
err_has 'photo_missing: 1 row, the first is row 2' "a photo outside the folder is none"
err_has 'name it there with --rejects' "and where the mended file must lie is said"

sed -i.bak 's/\.\.\/x.jpg//; s/一号窗/二号窗/' d.csv
run import identities d.csv $day --quiet
run show person 310101189912310025 --lang=zh
has "$out" '照片         无' "no true or false is shown to a clerk"

# What was asked for and is not there; schemes that are none of ours.
run import clerks ftp://127.0.0.1/c.csv $day
status_is 64 "no other scheme is fetched"
err_has '[url_not_allowed]' "and said so"
run regenerate --enterprise=91310101MATEX0053N $day
status_is 1 "regenerate for an enterprise that nobody knows"
err_has '[enterprise_not_found]' "says so"

# A stopped run is no success.
rm -f s/reports/import.prom
many=400 # the signal is there before the first of them
awk -v n=$many 'BEGIN {print "证件号码,缴纳单位统一社会信用代码,缴纳月份"; for (i = 0; i < n; i++)
    printf "31010118991231%04d,'$code',%04d-%02d\n", i % 9999, 1990 + i % 30, 1 + i % 12}' > big.csv
start_and_stop import insurance big.csv $day --json
status_is 75 "a stopped import ends with 75"
err_has 'run the same command again' "and says what to do"
is "and is no success to the monitor" "$(ls s/reports/import.prom 2> /dev/null)" ""
run import insurance big.csv $day --json --quiet
is "the second run takes the rest" "$(field rows)" $many
run audit verify --json
out_has '"ok":true' "the log is sound"
done_testing
