#!/bin/sh
# Rows of the national export that are known to the byte are passed over without their rules: what
# is counted, warned of and refused is the same as with them (R-PV-02, D24, D35).
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06
add_clerk K01
header='证书编号,姓名,证件类型,证件号码,类别,企业名称,统一社会信用代码,发证机关,初次领证日期,发证日期,有效期至,状态'
row="京建安C1（2024）0000005,孙三,身份证,$holder,C1,北京甲建设有限公司,91310107MATEX00025,北京示例厅,2021-03-01,2024-03-01,2027-02-28,有效"
masked='津建安B（2023）0000009,李示例,身份证,3101**********0033,B,天津乙建设有限公司,,,2020-03-01,2023-03-01,2026-02-28,有效'
import() { # rows...
    { echo "$header"; for line in "$@"; do echo "$line"; done; } > national.csv
    rm -f rejects.csv
    run import national national.csv --rejects=rejects.csv $today --json
}
counts() { echo "$(field accepted) $(field unchanged) $(field rejected) $(field warnings)"; }

import "$row" "$masked"
is "two rows are new" "$(counts)" "2 0 0 0"
before=$(newest)
import "$row" "$masked"
is "they are known" "$(counts)" "0 2 0 0"
is "and leave no event" "$(newest)" "$before"

# Each cell in turn: another value is an event, and so is the way back.
set -- 1/京建安C1（2024）0000006 2/孙四 3/其他 4/310101199912310025 5/C2 6/北京丁公司 7/91110101MATEX00021 \
    8/另一厅 9/2021-03-02 10/2024-03-02 11/2027-03-01 12/注销
for change in "$@"; do
    other=$(echo "$row" | awk -F, -v OFS=, -v at="${change%%/*}" -v to="${change#*/}" '{ $at = to; print }')
    import "$other" "$row" "$row" "$other"
    case ${change%%/*} in
        1 | 3 | 4) is "another $change is another record" "$(field accepted) $(field unchanged)" "1 3" ;;
        *) is "$change, back, the same, $change" "$(field accepted) $(field unchanged)" "3 1" ;;
    esac
    import "$row"
done
spelled=$(echo "$row" | sed 's/孙三/孙•三/')
import "$spelled"
warned=$(field warnings)
import "$spelled"
is "a known row is warned of again" "$(field warnings)" "$warned"
import "$row"
import "$row" "$masked" "$(echo "$row" | sed s/有效/胡说/)"
is "a bad row beside known ones" "$(field unchanged) $(field rejected)" "2 1"
is "which is in the rejects file" "$(grep -c . rejects.csv)" 2

# Another number that means the same person (D24): the row of the old one still finds its record.
new=310101189912310033
run change-id-number --id=c1 --clerk=K01 --person-name=孙三 --person-id-type=身份证 \
    --person-id-number="$holder" --new-id-number=$new --decision=更2026-1 $today --json
status_is 0 "D24: a corrected number"
import "$row"
is "the row of the old number is known" "$(counts)" "0 1 0 0"
import "$(echo "$row" | sed "s/$holder/$new/")"
is "and that of the new number is the same" "$(counts)" "0 1 0 0"

# Whoever is to be left alone is refused, known or not (R-PV-02).
cat > block.jsonl <<END
{"id":"b1","action":"block_person","clerk":"K01","person":{"name":"孙三","id_type":"身份证","id_number":"$new"},"decision":"停2026-1"}
END
run submit block.jsonl $today
out_has '"outcome":"accepted"' "R-PV-02: a person is left alone"
before=$(newest)
import "$row" "$masked"
is "R-PV-02: the known row is refused, the other one known" "$(counts)" "0 1 1 0"
has rejects.csv person_blocked "with the reason"
run rebuild --verify --json
status_is 0 "the views equal a replay"
done_testing
