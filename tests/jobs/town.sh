# town - a handful of invented persons and enterprises for the end-to-end scripts. Read it before
# lib.sh, whose variables its functions use.
#
#   write_town      photos/, enterprises.csv, clerks.csv, identities.csv, paper.csv, exchange.jsonl,
#                   end.jsonl in the present folder
#   write_foreigners N   crowd.csv, crowd-paper.csv, crowd.jsonl: as many with a photo and a class B at
#                   E3, to be imported and exchanged; passports, so no check digits
#   make_town DIR [init's options]   a store with all of it imported, exchanged, nothing rendered; writes
#                   it where it is not there
#   certificate_file STORE NUMBER    the path of its document
#   wrong_files STORE                the documents that are not named by their bytes; what a killed
#                                    writer left half written, *.pdf.tmp, is none
#   archival FILE WHAT               ok when PDFBox's preflight finds a valid PDF/A-1b; skipped where
#                                    it is not installed
#
# Who is in it: one holder each for class A, B, C1, C2, C3 and C; a legal representative; a name
# with U+20BB7 and a middle dot, one of 50 characters, one with a private-use character and one
# with U+3FFFD, which no font has.

E1=91310101MATEX0002E
E2=91310104MATEX0002R
E3=91310105MATEX00028
LONG_NAME=阿卜杜热合曼·买买提伊明·依布拉音·吐尔逊·艾合买提·阿不都克里木·玉素甫江·麦麦提敏·喀迪尔江巴依
LONG_ENTERPRISE=上海丙示范国际建筑装饰装修与机电设备安装及市政公用基础设施工程技术发展（集团）股份有限公司第一分公司
PRIVATE_USE=$(printf '\356\200\200')
UNASSIGNED=$(printf '\360\277\277\275')

write_identities() {
    echo 姓名,性别,民族,出生日期,住址,证件类型,证件号码,签发机关,有效期起,有效期止,照片,采集窗口,采集日期,采集方式,个人数字证书
    n=0
    while read -r id name; do
        n=$((n + 1))
        echo "$name,男,汉,$(echo "$id" | cut -c7-14),上海市示范路$n号,身份证,$id,示例分局,2016-01-01,长期,photos/0$n.jpg,示范区1号窗,2020-06-01,读卡,有"
    done
}

write_paper() {
    echo 证书编号,类别,姓名,证件类型,证件号码,统一社会信用代码,企业名称,职务,初次领证日期,发证日期,有效期至,状态
    while read -r number id enterprise; do
        class=${number%%(*}
        name=$(grep ",$id," identities.csv | cut -d, -f1)
        [ "$class" = A ] && post=总经理 || post=
        company=$(grep "^$enterprise" enterprises.csv | cut -d, -f2)
        echo "沪建安$number,$class,$name,身份证,$id,$enterprise,$company,$post,2019-01-05,2025-01-05,2028-01-04,有效"
    done
}

write_exchange() {
    grep 沪 paper.csv | while IFS=, read -r number class name type id enterprise rest; do
        [ "$number" = '沪建安A(2019)0000007' ] || printf \
            '{"id":"x-%s","action":"exchange","enterprise":"%s","certificate":"%s","confirmed":true}\n' \
            "${number#*)}" "$enterprise" "$number"
    done
    echo '{"id":"i1","action":"issue","enterprise":"'$E1'","category":"A","legal_representative":true,"person":{"name":"吴法人","id_type":"身份证","id_number":"310101197405050097"},"confirmed":true}'
}

write_foreigners() { # how many
    awk -v n="$1" -v e="$E3" -v name="$LONG_ENTERPRISE" 'BEGIN {
        for (i = 1; i <= n; i++) {
            printf "众%d,女,汉,1980-01-01,,外国护照,G%07d,,,,photos/%02d.jpg,示范区1号窗,2026-05-01,人工,无\n", i, i, i % 9 + 1 > "rows"
            printf "沪建安B(2020)%07d,B,众%d,外国护照,G%07d,%s,%s,,2020-01-05,2025-01-05,2028-01-04,有效\n", i, i, i, e, name > "paper-rows"
            printf "{\"id\":\"m%d\",\"action\":\"exchange\",\"enterprise\":\"%s\",\"certificate\":\"沪建安B(2020)%07d\",\"confirmed\":true}\n", i, e, i > "crowd.jsonl"
        }
    }'
    { head -1 identities.csv; cat rows; } > crowd.csv
    { head -1 paper.csv; cat paper-rows; } > crowd-paper.csv
}

make_photos() {
    "$ANZHENG" sample --out=town-city --persons=20 --enterprises=2 --seed=5 --today=2026-05-01 --quiet > "$out" &&
        mv town-city/photos photos && rm -r town-city
}

write_town() {
    once_made photos photos make_photos
    cat > enterprises.csv <<END
统一社会信用代码,企业名称,法定代表人姓名,法定代表人证件类型,法定代表人证件号码,资质名称及等级,企业状态
$E1,上海甲示范建设有限公司,吴法人,身份证,310101197405050097,建筑工程施工总承包二级,正常
$E2,上海乙示范（集团）有限公司,郑代表,身份证,310101197909090191,建筑工程施工总承包二级,正常
$E3,$LONG_ENTERPRISE,郑代表,身份证,310101197909090191,,正常
END
    printf '工号,姓名,部门,部门级别,状态\nSH1,石窗口,示范窗口,市,在岗\n' > clerks.csv
    write_identities > identities.csv <<END
310101197001010013 阿𠮷·买提
310101197102020034 张一
310101197203030055 李二
310101197304040076 王三
310101197405050097 吴法人
310101197506060112 赵五
310101197607070133 $LONG_NAME
310101197708080154 钱${PRIVATE_USE}六
310101197809090175 孙${UNASSIGNED}七
END
    write_paper > paper.csv <<END
A(2019)0000001 310101197001010013 $E1
B(2019)0000002 310101197001010013 $E1
C1(2019)0000003 310101197001010013 $E1
B(2019)0000004 310101197102020034 $E1
C2(2019)0000005 310101197203030055 $E2
C3(2019)0000006 310101197304040076 $E2
A(2019)0000007 310101197405050097 $E2
C(2019)0000008 310101197506060112 $E2
B(2019)0000009 310101197607070133 $E3
B(2019)0000010 310101197708080154 $E2
B(2019)0000011 310101197809090175 $E2
END
    write_exchange > exchange.jsonl
    cat > end.jsonl <<END
{"id":"c1","action":"cancel","enterprise":"$E1","certificate":"沪建安B(2019)0000004","reason":"employment_ended","confirmed":true}
{"id":"d1","action":"depart","enterprise":"$E1","person":{"name":"阿𠮷·买提","id_type":"身份证","id_number":"310101197001010013"},"confirmed":true}
{"id":"d2","action":"depart","enterprise":"$E2","person":{"name":"李二","id_type":"身份证","id_number":"310101197203030055"},"confirmed":true}
END
}

# Every event at a fixed instant, so that two stores can have the same bytes.
fill_town() { # store
    for kind in enterprises clerks identities paper; do
        "$ANZHENG" import $kind $kind.csv --store="$1" --now=2026-05-04T09:00:00+08:00 --quiet --json || return
    done
    "$ANZHENG" submit exchange.jsonl --store="$1" --now=2026-05-05T09:00:00+08:00 --quiet
}

init_town() { # store, init's options
    store=$1
    shift
    "$ANZHENG" init --store="$store" --signatures=optional --clock=free --quiet --json \
        --now=2026-05-01T09:00:00+08:00 "$@" > "$out" 2>&1 && fill_town "$store" > "$out"
}

# The first one without options is a copy of what the same registers and photos gave; another one is
# another store, with keys of its own.
towns=0
make_town() { # store, init's options
    [ -f exchange.jsonl ] || write_town
    towns=$((towns + 1))
    if [ $# -eq 1 ] && [ "$towns" -eq 1 ]; then
        sum=$(cat enterprises.csv clerks.csv identities.csv paper.csv exchange.jsonl photos/* | sha256sum)
        once_made "store-${sum%% *}" "$1" init_town "$1"
    else
        init_town "$@"
    fi
}

certificate_file() { # store, number
    "$ANZHENG" show certificate "$2" --store="$1" --json --today=2026-05-05 |
        sed -n 's/.*"file":"\([^"]*\)".*/\1/p' | sed "s|^|$1/|"
}

wrong_files() { # store
    find "$1/certificates" "$1/proofs" -type f ! -name '*.pdf.tmp' -exec sha256sum {} + |
        awk '{ n = $2; sub(/.*\//, "", n); if (n != $1 ".pdf") print $2 }'
}

java_path=
for jar in preflight pdfbox2 fontbox2 xmpbox commons-logging javax.activation jaxb-api; do
    java_path=$java_path:/usr/share/java/$jar.jar
done

archival() { # file, what
    if [ ! -e /usr/share/java/preflight.jar ] || ! command -v java > "$out"; then
        report 0 "$2 # SKIP libpdfbox2-java and a Java runtime are not installed"
        return
    fi
    java -cp "$java_path" org.apache.pdfbox.preflight.Validator_A1b "$1" > "$out" 2> "$err"
    grep -q ' is a valid PDF/A-1b file' "$out"
    report $? "$2"
}
