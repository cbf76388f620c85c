# crowd - an enterprise with as many certificates as a wave needs to be seen running: `. crowd.sh`
# after lib.sh and city.sh. All invented; every holder has one certificate.
#
#   write_crowd N [ENTERPRISE NAME]   crowd.csv: N paper certificates of class C, serials from 1
#   rename_jia NAME                   the register calls the enterprise $jia so from now on
#   make_crowd N                      a store of such certificates, and a clerk K1; of dates: $today
#   start_and_stop ARGS...            runs the program and stops it with SIGTERM, which comes when it
#                                     opens its log (STOP_AT: another file): at the first border of
#                                     its batches it ends, with more to do

write_crowd() { # how many, enterprise, its name
    head -1 paper.csv > crowd.csv
    awk -v n="$1" -v e="${2:-$jia}" -v name="${3:-上海甲建设有限公司}" 'BEGIN {
        split("7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2", w, " ")
        for (i = 1; i <= n; i++) {
            id = sprintf("3101011950%02d%02d%03d", 1 + int(i / 20000) % 12, 1 + int(i / 1000) % 20, i % 1000)
            sum = 0
            for (k = 1; k <= 17; k++) sum += w[k] * substr(id, k, 1)
            printf "沪建安C(2025)%07d,C,众人,身份证,%s%s,%s,%s,,2025-03-01,2025-03-01,2028-02-29,有效\n", \
                i, id, substr("10X98765432", sum % 11 + 1, 1), e, name } }' >> crowd.csv
}

rename_jia() {
    sed -i "/^$jia,/s/,[^,]*/,$1/" enterprises.csv
    run import enterprises enterprises.csv $today
    status_is 0 "the register says $1"
}

make_crowd() { # how many, which bear the old name of the enterprise
    make_city --signatures=optional
    write_crowd "$1"
    run import paper crowd.csv $today
    status_is 0 "a crowd"
    rename_jia 上海甲新建设有限公司
    add_clerk K1
}

# A sanitizer does not like to come second, but can.
start_and_stop() {
    [ -e "$work/stop_point.so" ] || make_preload stop_point
    status=0
    ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" STOP_AT="${STOP_AT:-log/data.mdb}" \
        LD_PRELOAD="$work/stop_point.so" "$ANZHENG" "$@" > "$out" 2> "$err" < /dev/null || status=$?
}
