#!/bin/sh
# t0500-documents - every kind of document, read back by foreign programs: qpdf, pdfsig, pdftotext,
# pdffonts, zbarimg (R-QD, R-CX-11, R-DP-08, R-DP-09).
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"

make_town s
is "the town is made" "$?" 0
run regenerate --store=s --now=2026-05-05T20:00:00+08:00 --json
status_is 1 "two names have characters that no font has"
is "the others are rendered" "$(field rendered) $(field failed)" "9 2"
run submit end.jsonl --store=s --now=2026-05-06T09:00:00+08:00
status_is 0 "a cancellation and two departures"
is "their proofs are there at once" "$(find s/proofs -name '*.pdf' | wc -l)" 3

mkdir nss documents
certutil -N -d sql:nss --empty-password > "$out" 2>&1
certutil -A -d sql:nss -n root -t CT,CT,CT -i s/trust/root.pem > "$out" 2>&1

signature_holds() { # file
    pdfsig -nssdir sql:nss "$1" > "$out" 2> "$err" &&
        grep -q 'Signature is Valid' "$out" && grep -q 'Certificate is Trusted' "$out" &&
        grep -q 'Total document signed' "$out"
}

# The text of a page without blanks and line ends, twice: along its columns, because a field may need
# two lines, and along its rows, because a table has its labels in a column.
plain() {
    { pdftotext "$1" - && pdftotext -layout "$1" -; } 2> "$err" | tr -d ' \n\f\r'
}

fonts_whole() { # every font embedded, subset, with ToUnicode
    pdffonts "$1" 2> "$err" > fonts || return
    tail -n +3 fonts > "$out"
    grep -q . "$out" && ! grep -qv ' yes yes yes ' "$out"
}

check_document() { # file, name, texts...
    file=$1
    name=$2
    shift 2
    qpdf --check "$file" > "$out" 2>&1
    report $? "$name: well-formed PDF"
    signature_holds "$file"
    report $? "$name: signature valid, certificate trusted, whole document signed"
    fonts_whole "$file"
    report $? "$name: fonts embedded, with ToUnicode"
    base=$(basename "$file" .pdf)
    is "$name: named by its SHA-256" "$base" "$(sha256sum "$file" | cut -d' ' -f1)"
    [ "$(stat -c %s "$file")" -le 65536 ]
    report $? "$name: at most 65536 bytes"
    text=$(plain "$file")
    for wanted in "$@"; do
        case $text in
            *"$wanted"*) report 0 "$name: $wanted" ;;
            *) report 1 "$name: $wanted"; echo "# $text" ;;
        esac
    done
}

# The token in the code: by HMAC of number and version, under the store's key.
token() {
    printf 'token:%s:1' "$1" |
        openssl dgst -sha256 -mac HMAC -macopt "hexkey:$(cat s/keys/hash.key)" |
        sed 's/.*= //' | cut -c1-20
}

check_certificate() { # number, class line, name, birth month, enterprise, post, since, ends, issued
    path=$(certificate_file s "$1")
    check_document "$path" "$1" "$2" 安全生产考核合格证书 "编号：$1" "姓名：$3" 性别：男 \
        "出生年月：$4" "企业名称：$5" "职务：$6" 初次领证日期：2019年1月5日 \
        "有效期：$7至2028年1月4日" 发证机关：上海市住房和城乡建设管理委员会 "发证日期：$7" \
        "证照标识：$("$ANZHENG" show certificate "$1" --store=s --json | sed -n 's/.*"identifier":"\([^"]*\)".*/\1/p')"
    # -raw: in the order in which it is drawn.
    read=$(pdftotext -raw "$path" - 2> "$err" | tr -d ' \n\f\r')
    case $read in
        *"编号：$1姓名：$3性别：男出生年月：$4企业名称：$5职务：$6初次领证日期："*"有效期：$7至"*"发证机关："*"发证日期：$7"*)
            report 0 "$1: extracted in reading order" ;;
        *) report 1 "$1: extracted in reading order"; echo "# $read" ;;
    esac
    text=$(plain "$path" | grep -oE '[0-9]{17}[0-9X]' | grep -F 310101)
    is "$1: no number of an identity document" "$text" ""
    pdftoppm -r 150 -gray "$path" page 2> "$err"
    is "$1: the code leads to its verification" "$(zbarimg -q --raw page-1.pgm 2> "$err")" \
        "https://anzheng.example/verify?t=$(token "$1")"
}

check_certificate '沪建安A(2019)0000001' 建筑施工企业主要负责人 阿𠮷·买提 1970年1月 \
    上海甲示范建设有限公司 总经理（总裁） 2025年1月5日
check_certificate '沪建安A(2026)0000001' 建筑施工企业主要负责人 吴法人 1974年5月 \
    上海甲示范建设有限公司 法定代表人 2026年5月5日
check_certificate '沪建安B(2019)0000002' 建筑施工企业项目负责人 阿𠮷·买提 1970年1月 \
    上海甲示范建设有限公司 项目负责人（项目经理） 2025年1月5日
check_certificate '沪建安C1(2019)0000003' 专职安全生产管理人员 阿𠮷·买提 1970年1月 \
    上海甲示范建设有限公司 专职安全生产管理人员 2025年1月5日
check_certificate '沪建安C2(2019)0000005' 专职安全生产管理人员 李二 1972年3月 \
    上海乙示范（集团）有限公司 专职安全生产管理人员 2025年1月5日
check_certificate '沪建安C3(2019)0000006' 专职安全生产管理人员 王三 1973年4月 \
    上海乙示范（集团）有限公司 专职安全生产管理人员 2025年1月5日
check_certificate '沪建安C(2019)0000008' 专职安全生产管理人员 赵五 1975年6月 \
    上海乙示范（集团）有限公司 专职安全生产管理人员 2025年1月5日
check_certificate '沪建安B(2019)0000009' 建筑施工企业项目负责人 "$LONG_NAME" 1976年7月 \
    "$LONG_ENTERPRISE" 项目负责人（项目经理） 2025年1月5日

proof() { # number, kind, enterprise
    run download "$1" --proof="$2" --enterprise="$3" --out="documents/proof.pdf" --store=s --today=2026-05-06
    status_is 0 "$2 $1: may be had"
    is "$2 $1: for its owner's eyes" "$(stat -c %a documents/proof.pdf)" 600
    digest=$(sha256sum documents/proof.pdf | cut -d' ' -f1)
    path=documents/$digest.pdf
    mv documents/proof.pdf "$path"
    cmp -s "$path" "s/proofs/$(echo "$digest" | cut -c1-2)/$digest.pdf"
    report $? "$2 $1: as it lies in the store"
}

proof '沪建安B(2019)0000004' cancellation "$E1"
check_document "$path" "R-CX-11: cancellation" \
    '上海市住房和城乡建设管理委员会“三类人员”证书注销证明申请日期:2026-5-6' 姓名张一 \
    证件号310101197102020034 证书类别项目负责人 '证书编号沪建安B(2019)0000004' \
    企业名称上海甲示范建设有限公司 2026年5月6日
proof '沪建安C2(2019)0000005' departure "$E2"
check_document "$path" "R-DP-08, R-DP-09: departure, one certificate" \
    '上海市住房和城乡建设管理委员会“三类人员”证书变更离沪证明申请日期：2026年5月6日' 姓名李二 \
    证件类型身份证 证件号310101197203030055 企业名称上海乙示范（集团）有限公司 \
    '证书信息：土建类专职安全生产管理人员证，沪建安C2(2019)0000005，' \
    '土建类专职安全生产管理人员证，沪建安C2(2019)0000005，有效期至：2028-01-04，发证日期：2025-01-05' \
    变更意见：同意变更离沪。 日期2026年5月6日
proof '沪建安A(2019)0000001' departure "$E1"
check_document "$path" "R-DP-09: departure, three certificates" 姓名阿𠮷·买提 \
    '企业主要负责人证，沪建安A(2019)0000001，有效期至：2028-01-04，发证日期：2025-01-05' \
    '项目负责人证，沪建安B(2019)0000002，有效期至：2028-01-04，发证日期：2025-01-05' \
    '机械类专职安全生产管理人员证，沪建安C1(2019)0000003，有效期至：2028-01-04，发证日期：2025-01-05'

archival "$path" "PDF/A-1b: a departure proof"
archival "$(certificate_file s '沪建安B(2019)0000009')" "PDF/A-1b: a certificate with photo and rare names"

# The negative twin: one bit, and nothing of that holds.
cp "$path" altered.pdf
flip altered.pdf 3000
signature_holds altered.pdf
is "an altered document has no valid signature" "$?" 1

# The same events give the same bytes, again and elsewhere; a store filled anew has other events, for
# what is personal in them is sealed with keys of its own.
find s/certificates s/proofs -name '*.pdf' | cut -d/ -f2- | sort > before
run regenerate --all --store=s --now=2026-05-07T20:00:00+08:00 --json
is "anew, all of them" "$(field rendered) $(field failed)" "12 2"
find s/certificates s/proofs -name '*.pdf' | cut -d/ -f2- | sort > after
cmp -s before after
report $? "R-BJ-01: the same file names: the same bytes"
make_town t
cp -r t u
run regenerate --store=t --now=2026-05-05T20:00:00+08:00 --json
run submit end.jsonl --store=t --now=2026-05-06T09:00:00+08:00
# ... as another machine would: its time zone, language, mask, place, and no fonts of a user's own
mkdir elsewhere && mv u elsewhere/u
TZ=America/New_York LC_ALL=de_DE.UTF-8 HOME=/nowhere
export TZ LC_ALL HOME
umask 077
cd elsewhere || exit 1
run regenerate --store=u --now=2026-05-05T21:00:00+08:00 --workers=1 --json
cd .. || exit 1
umask 022
unset TZ LC_ALL
mv elsewhere/u u
run submit end.jsonl --store=u --now=2026-05-06T09:00:00+08:00
find t/certificates t/proofs -name '*.pdf' | cut -d/ -f2- | sort > before
find u/certificates u/proofs -name '*.pdf' | cut -d/ -f2- | sort > after
[ "$(wc -l < after)" -eq 12 ] && cmp -s before after
report $? "R-BJ-01: the same events in another store, by one worker of another machine: the same bytes"
done_testing
