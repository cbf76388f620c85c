# city - two enterprises, three persons and a paper certificate, for scripts: `. city.sh` after
# lib.sh, then `make_city [INIT-OPTION]...` makes ./store as of 2026-01-05, and `add_clerk NUMBER`
# puts a clerk of the city into it, $today or on that day. All synthetic.
jia=91310101MATEX00109
yi=91310101MATEX00296
paper='沪建安B(2024)0001234'
holder=310101189912310017

make_city() {
    export ANZHENG_STORE="$work/store"
    cat > enterprises.csv <<'CSV'
统一社会信用代码,企业名称,法定代表人姓名,法定代表人证件类型,法定代表人证件号码
91310101MATEX00109,上海甲建设有限公司,赵一,身份证,310101189912310025
91310101MATEX00296,上海乙建设有限公司,钱二,身份证,310115189902280035
CSV
    cat > identities.csv <<'CSV'
姓名,性别,出生日期,证件类型,证件号码,采集窗口,采集日期,采集方式
孙三,男,1899-12-31,身份证,310101189912310017,,2025-12-01,在线
CSV
    cat > paper.csv <<'CSV'
证书编号,类别,姓名,证件类型,证件号码,统一社会信用代码,企业名称,职务,初次领证日期,发证日期,有效期至,状态
沪建安B(2024)0001234,B,孙三,身份证,310101189912310017,91310101MATEX00109,上海甲建设有限公司,项目负责人（项目经理）,2024-03-01,2024-03-01,2027-02-28,有效
CSV
    once_made "city$(echo "$*" | tr -cd a-z-)" store fill_city "$@"
    status=$?
    status_is 0 "city: a store without photos, its enterprises, identities, paper"
}

fill_city() { # init's options
    run init --clock=free --today=2026-01-05 "$@"
    [ "$status" -eq 0 ] || return
    run policy set identity.photo_required no --decision=D-1 --today=2026-01-05
    for kind in enterprises identities paper; do
        [ "$status" -eq 0 ] || return
        run import $kind $kind.csv --today=2026-01-05
    done
    return "$status"
}

add_clerk() { # number
    printf '工号,姓名,部门,部门级别,状态\n%s,石窗口,示范窗口,市,在岗\n' "$1" > clerks.csv
    run import clerks clerks.csv "${today:---today=2026-01-05}"
    status_is 0 "city: the clerk $1"
}
