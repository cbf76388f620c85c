#!/bin/sh
# t1480-document-kinds - R-IN-06, R-IN-08: the lookup at the national platform compares name, document
# number and original number, not what a register calls the document: for the platform everything
# but 身份证 is 其他. The same of what is valid in another province (D13).
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06
printf '%%PDF-1.4\n%%%%EOF\n' > proof.pdf
cat > identities2.csv <<'CSV'
姓名,性别,出生日期,证件类型,证件号码,采集窗口,采集日期,采集方式
约翰,男,1980-01-01,外国护照,E12345678,市受理中心,2025-12-01,人工
陈港,男,1980-01-01,回乡证,H1234567801,市受理中心,2025-12-01,人工
李澳,男,1980-01-01,回乡证,M1234567801,市受理中心,2025-12-01,人工
CSV
cat > national.csv <<'CSV'
证书编号,姓名,证件类型,证件号码,类别,企业名称,发证日期,有效期至,状态
苏建安B（2024）0000001,约翰,其他,E12345678,B,江苏某公司,2024-03-01,2027-02-28,注销
苏建安B（2024）0000002,约翰,其他,E12345679,B,江苏某公司,2024-03-01,2027-02-28,注销
苏建安B（2024）0000003,陈港,其他,H12345678,B,江苏某公司,2024-03-01,2027-02-28,注销
苏建安B（2024）0000004,孙三,其他,310101189912310017,B,江苏某公司,2024-03-01,2027-02-28,注销
苏建安A（2024）0000005,陈港,其他,H1234567801,A,江苏某公司,2024-03-01,2027-02-28,有效
苏建安A（2024）0000006,约翰二,其他,E12345678,A,江苏某公司,2024-03-01,2027-02-28,有效
CSV
run import identities identities2.csv $today
status_is 0 "R-GEN-04: collected at a counter, 回乡证 for short"
run show person H12345678 $today --json
out_has '"id_type":"港澳同胞回乡证"' "and kept under the whole name"
run import national national.csv $today
status_is 0 "national records under the kind 其他"

enter() { # name, kind, number, original number
    run enter --enterprise=$yi --person-name="$1" --person-id-type="$2" --person-id-number="$3" \
        --original-certificate="$4" --declaration-accepted --proof=proof.pdf --confirmed --json $today
}
enter 约翰 外国护照 E12345678 '苏建安B（2024）0000001'
out_has '"outcome":"accepted"' "R-IN-08: a passport is found by its number"
enter 约翰 外国护照 E12345678 '苏建安B（2024）0000001'
out_has '"code":"national_record_used","rule":"R-IN-17"' "R-IN-17: once"
enter 约翰 外国护照 E12345678 '苏建安B（2024）0000002'
out_has '"code":"national_record_not_found","rule":"R-IN-10"' "R-IN-08: another number is not found"
enter 孙三 身份证 310101189912310017 '苏建安B（2024）0000004'
out_has '"code":"national_record_not_found"' "R-IN-08: a 身份证 is called so everywhere"
enter 陈港 港澳同胞回乡证 H1234567801 '苏建安B（2024）0000003'
out_has '"code":"valid_elsewhere","rule":"R-NAT-18"' "D13: what is valid in another province stands there under 其他 too"
sed -i 's/0000005\(.*\)有效/0000005\1注销/' national.csv
run import national national.csv $today
enter 陈港 港澳同胞回乡证 H1234567801 '苏建安B（2024）0000003'
out_has '"outcome":"accepted"' "D24: with or without the counter of re-issues"

# The platform may change its word: a certificate that is there under both is one, the newer row says.
row() { # kind, state
    printf '%s\n' '证书编号,姓名,证件类型,证件号码,类别,企业名称,发证日期,有效期至,状态' \
        "苏建安C1（2024）0000007,约翰,$1,E12345678,C1,江苏某公司,2024-03-01,2027-02-28,$2" > row.csv
    run import national row.csv $today
}
row 外国护照 注销
row 其他 有效
enter 约翰 外国护照 E12345678 '苏建安C1（2024）0000007'
out_has '"code":"national_record_state"' "R-IN-02: the newer row counts, 其他"
row 外国护照 有效
row 其他 注销
enter 约翰 外国护照 E12345678 '苏建安C1（2024）0000007'
out_has '"outcome":"accepted"' "R-IN-02: the newer row counts, and the older one is no other certificate"
row 外国护照 注销
enter 约翰 外国护照 E12345678 '苏建安C1（2024）0000007'
out_has '"code":"national_record_used"' "R-IN-17: once, under either"
# Nor are two rows under 其他, one of which has the counter of re-issues.
row() { # name, number, certificate, state
    printf '%s\n' '证书编号,姓名,证件类型,证件号码,类别,企业名称,发证日期,有效期至,状态' \
        "$3,$1,其他,$2,C1,江苏某公司,2024-03-01,2027-02-28,$4" > row.csv
    run import national row.csv $today
}
row 陈港 H12345678 '苏建安C1（2024）0000008' 有效
row 陈港 H1234567801 '苏建安C1（2024）0000008' 注销
enter 陈港 港澳同胞回乡证 H1234567801 '苏建安C1（2024）0000008'
out_has '"outcome":"accepted"' "R-IN-02: the newer row counts, with the counter"
row 李澳 M1234567801 '苏建安C1（2024）0000009' 有效
row 李澳 M12345678 '苏建安C1（2024）0000009' 注销
enter 李澳 港澳同胞回乡证 M1234567801 '苏建安C1（2024）0000009'
out_has '"outcome":"accepted"' "R-IN-02: and without it"
row 李澳 M1234567801 '苏建安C1（2024）0000009' 注销
enter 李澳 港澳同胞回乡证 M1234567801 '苏建安C1（2024）0000009'
out_has '"code":"national_record_used"' "R-IN-17: once, whatever was used"
done_testing
