#!/bin/sh
# t1486-erased-elsewhere - what the platform has of a person under the kind 其他 is the person's also
# where nobody names the document: it goes with an erasure (R-PV-02), and what comes back by the
# authority is held against it (D13, R-NAT-18).
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06
cat > more.csv <<'CSV'
姓名,性别,出生日期,证件类型,证件号码,采集窗口,采集日期,采集方式
约翰,男,1980-01-01,外国护照,E12345678,市受理中心,2025-12-01,人工
陈港,男,1980-01-01,港澳同胞回乡证,H1234567801,市受理中心,2025-12-01,人工
马丁,男,1980-01-01,外国护照,E12345679,市受理中心,2025-12-01,人工
他人,男,1980-01-01,其他,E12345680,市受理中心,2025-12-01,人工
马可,男,1980-01-01,外国护照,E12345680,市受理中心,2025-12-01,人工
CSV
cat > paper2.csv <<'CSV'
证书编号,类别,姓名,证件类型,证件号码,统一社会信用代码,企业名称,职务,发证日期,有效期至,状态
沪建安B(2024)0001235,B,陈港,港澳同胞回乡证,H1234567801,91310101MATEX00109,上海甲建设有限公司,,2024-03-01,2027-02-28,有效
CSV
header=证书编号,姓名,证件类型,证件号码,类别,企业名称,发证日期,有效期至,状态
cat > national.csv <<CSV
$header
苏建安B（2024）0000001,约翰,其他,E12345678,B,江苏某公司,2024-03-01,2027-02-28,注销
苏建安B（2024）0000002,马丁,其他,E12345679,B,江苏某公司,2024-03-01,2027-02-28,注销
苏建安A（2024）0000003,另一马丁,其他,E12345679,A,江苏某公司,2024-03-01,2027-02-28,注销
苏建安B（2024）0000004,马可,其他,E12345680,B,江苏某公司,2024-03-01,2027-02-28,注销
苏建安B（2024）0000005,陈港,其他,H12345678,B,江苏某公司,2024-03-01,2027-02-28,有效
CSV
printf '工号,姓名,部门,部门级别,状态\nSH1,周员,市受理中心,市,在岗\n' > clerks.csv
run import clerks clerks.csv $today
run import identities more.csv $today
run import paper paper2.csv $today
run import national national.csv $today
status_is 0 "records of the kind 其他"

# --- the authority gives back
chen='沪建安B(2024)0001235'
back() { run reinstate --clerk=SH1 --certificate="$chen" --decision=恢1 --json $today; }
run suspend --clerk=SH1 --certificate="$chen" --decision=扣1 --json $today
out_has '"outcome":"accepted"' "a certificate is suspended"
back
out_has '"code":"valid_elsewhere","rule":"R-NAT-18"' "D13: what is valid elsewhere under 其他 stands against reinstate"
printf '%s\n' "$header" '苏建安B（2024）0000005,陈港,其他,H12345678,B,江苏某公司,2024-03-01,2027-02-28,注销' > ended.csv
run import national ended.csv $today
back
out_has '"outcome":"accepted"' "D13: no longer when it is ended there"

# --- an erasure
erase() { # name, kind, number
    run erase-person --clerk=SH1 --person-name="$1" --person-id-type="$2" --person-id-number="$3" \
        --decision="删$3" --json $today
}
in_views() { # text, 0 or 1, what
    grep -qa "$1" store/views/data.mdb
    is "$3" "$?" "$2"
}
in_views 约翰 0 "the views name the person"
erase 约翰 外国护照 E12345678
out_has '"keys":2' "R-PV-02: the key of the row under 其他 goes too"
in_views 约翰 1 "R-PV-02: no view names the person"
run import national national.csv $today --json
is "R-PV-02: the row is not taken again" "$(field rejected)" 1
is "R-PV-02: nor told" "$(cat "$out" "$err" | grep -c 约翰)" 0
in_views 约翰 1 "R-PV-02: no view names the person afterwards"
erase 马丁 外国护照 E12345679
out_has '"keys":1' "R-PV-02: a number that others bear too stays theirs"
in_views 另一马丁 0 "with its rows"
erase 马可 外国护照 E12345680
out_has '"keys":1' "R-PV-02: who stands in the register of identities under 其他 is somebody else"
run rebuild --verify --json
status_is 0 "R-PV-02: inline equals rebuild"
run audit compare --json
status_is 0 "R-PV-02: what an erasure took away is no damage"
done_testing
