#!/bin/sh
# What a row may say (decision 0098): a date of tomorrow, and what another row of the file denies.
. "$(dirname "$0")/lib.sh"
export ANZHENG_STORE=store
run init --clock=free --signatures=optional --today=2026-05-06 --json
cat > identities.csv <<'CSV'
姓名,性别,出生日期,证件类型,证件号码,采集日期,采集方式
张一,男,1971-02-02,身份证,310101197102020034,2026-05-07,在线
李二,男,1972-03-03,身份证,310101197203030055,1972-03-02,在线
CSV
run import identities identities.csv --today=2026-05-06 --json
is "a collection of tomorrow is taken, one before the birth is not" "$status $(field accepted) $(field rejected)" "1 1 1"
run import identities identities.csv --today=2026-05-06 --json
is "and is the same the second time" "$(field unchanged) $(field rejected)" "1 1"
run show person 310101197102020034 --today=2026-05-06 --json
out_has '"collected_on":"2026-05-07"' "it is told as it came"
enterprise() { echo "91310101MATEX0002E,$1,吴法人,身份证,310101197405050097"; }
{
    echo 统一社会信用代码,企业名称,法定代表人姓名,法定代表人证件类型,法定代表人证件号码
    enterprise 上海甲示范建设有限公司
    enterprise 上海乙示范建设有限公司
    enterprise 上海乙示范建设有限公司
} > enterprises.csv
run import enterprises enterprises.csv --today=2026-05-06 --json
is "two opinions of one enterprise are two changes" "$(field accepted) $(field unchanged) $(field rejected)" "2 1 0"
run import enterprises enterprises.csv --today=2026-05-06 --json
is "and two again when they are said again" "$(field accepted) $(field unchanged)" "2 1"
run show enterprise 91310101MATEX0002E --today=2026-05-06 --json
out_has 上海乙示范建设有限公司 "the last row stands"
done_testing
