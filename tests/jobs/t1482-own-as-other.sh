#!/bin/sh
# A person who was corrected from a passport to 其他 with the same characters (R-PN-08): the national
# record under 其他 is the person's own and stays, by whichever kind a wish names the person.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06
printf '%%PDF-1.4\n%%%%EOF\n' > proof.pdf
cat > identities2.csv <<'CSV'
姓名,性别,出生日期,证件类型,证件号码,采集窗口,采集日期,采集方式
约翰,男,1980-01-01,外国护照,E12345678,市受理中心,2025-12-01,人工
CSV
cat > national.csv <<'CSV'
证书编号,姓名,证件类型,证件号码,类别,企业名称,发证日期,有效期至,状态
苏建安B（2024）0000001,约翰,其他,E12345678,B,江苏某公司,2024-03-01,2027-02-28,注销
苏建安C1（2024）0000002,约翰,其他,E12345678,C1,江苏某公司,2024-03-01,2027-02-28,注销
CSV
add_clerk K01
run import identities identities2.csv $today
status_is 0 "collected at a counter"
run import national national.csv $today
status_is 0 "national records under the kind 其他"
run change-id-number --clerk=K01 --person-name=约翰 --person-id-type=外国护照 --person-id-number=E12345678 \
    --new-id-type=其他 --new-id-number=E12345678 --decision=更-1 --json $today
out_has '"outcome":"accepted"' "R-PN-08: another kind with the same characters"
enter() { # kind, original number
    run enter --enterprise=$yi --person-name=约翰 --person-id-type="$1" --person-id-number=E12345678 \
        --original-certificate="$2" --declaration-accepted --proof=proof.pdf --confirmed --json $today
}
enter 外国护照 '苏建安B（2024）0000001'
out_has '"outcome":"accepted"' "R-IN-08: by the earlier kind"
enter 其他 '苏建安C1（2024）0000002'
out_has '"outcome":"accepted"' "R-IN-08: by the present kind"
done_testing
