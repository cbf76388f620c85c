#!/bin/sh
# Whose name a paper certificate shows (decision 0124): the one of its row, also where the person was
# collected under another before, and where nobody was collected and a name was corrected since; and
# that a corrected name stays on it, whatever a row says afterwards (decision 0140).
. "$(dirname "$0")/lib.sh"
export ANZHENG_STORE=store
run init --clock=free --signatures=optional --today=2026-05-06 --json
cat > identities.csv <<'CSV'
姓名,性别,出生日期,证件类型,证件号码,采集日期,采集方式
张一新,男,1971-02-02,身份证,310101197102020034,2026-05-05,在线
CSV
cat > enterprises.csv <<'CSV'
统一社会信用代码,企业名称,法定代表人姓名,法定代表人证件类型,法定代表人证件号码
91310101MATEX0002E,上海甲示范建设有限公司,吴法人,身份证,310101197405050097
CSV
cat > clerks.csv <<'CSV'
工号,姓名,部门,部门级别
G1,王办事,受理中心,市
CSV
paper() { echo "沪建安B(2025)$1,B,$2,身份证,$3,91310101MATEX0002E,上海甲示范建设有限公司,2025-01-02,2028-01-01,$4"; }
{
    echo 证书编号,类别,姓名,证件类型,证件号码,统一社会信用代码,企业名称,发证日期,有效期至,状态
    paper 0000001 张一旧 310101197102020034 有效
    paper 0000002 李二旧 310101197203030055 撤销
    paper 0000003 李二旧 310101197203030055 有效
} > paper.csv
for kind in identities enterprises clerks paper; do
    run import $kind $kind.csv --today=2026-05-06 --json
    is "$kind are taken" "$status" 0
done
run rename-person --clerk=G1 --person-name=李二旧 --person-id-type=身份证 --person-id-number=310101197203030055 --new-name=李二新 \
    --material=enterprise_statement --material=id_card --material=police_correction --material=certificates --today=2026-05-06 --json
is "a name is corrected of somebody who was never collected" "$status" 0
run list certificates --today=2026-05-06 --json
out_has '"name":"张一旧"' "the paper of a person who was collected under another name shows the name of its row"
out_has '"name":"李二旧"' "what had ended when the name was corrected shows the name it had"
out_has '"name":"李二新"' "what had not, the new one"
{ head -1 paper.csv; paper 0000004 李二旧 310101197203030055 有效; } > late.csv
run import paper late.csv --today=2026-05-06 --json
is "a late row under the old name is taken" "$status" 0
run show certificate '沪建安B(2025)0000003' --today=2026-05-06 --json
out_has '"name":"李二新"' "and takes the new name from no other paper"
run list certificates --name=张一旧 --today=2026-05-06 --json
out_has '沪建安B(2025)0000001' "and is found by it"
run show person 310101197102020034 --today=2026-05-06 --json
out_has '"former_names":["张一旧"]' "which is told of the person"
run import paper paper.csv --today=2026-05-06 --json
is "the same rows are the same rows" "$(field unchanged)" 3
sed 's/张一旧/张一别/; s/李二旧/李二别/' paper.csv > other.csv
run import paper other.csv --today=2026-05-06 --json
is "under names that nobody said they are others" "$status $(field rejected)" "1 3"
done_testing
