# broken - imports that die at their durable steps: `. broken.sh` after lib.sh. It makes the preload
# (crash_point.c) and an empty store, in base.
#
#   $program            small_batches: imports with borders close to each other; shows a log
#   $preload            with CRASH_TRACE=FILE tells the steps, with CRASH_AT=N dies at the N-th
#   breaks COMMAND...   runs it, what it says in ./counts, to die at the $step; false when it did not.
#                       Of three times one leaves all that was written, two what a power cut leaves of
#                       the store (preload/power_cut.c), without the names that were not flushed or with
#                       them
#   clerks NAME ROWS    NAME.csv: a register of clerks, "W1:name W2:name"
#   fresh               a store as in base, and no rejects files
#   trouble TEXT        counts a problem in $problems, and tells the first ones
#   same WHAT           is the file WHAT as wanted.WHAT?
program=$here/../../build/${BUILD_NAME:-gcc}/tests/faults/small_batches
[ -x "$program" ] || { echo "Bail out! $program is not built"; exit 1; }
preload=$work/crash_point.so
make_preload crash_point
make_preload power_cut
export ANZHENG_STORE=store
run init --clock=free --signatures=optional --today=2026-05-06
status_is 0 "a store"
mv store base
problems=0 died=0 step=0 tries=0

breaks() {
    tries=$((tries + 1))
    rm -rf left
    case $((tries % 3)) in
    0) CRASH_AT=$step LD_PRELOAD=$preload "$@" ;;
    1) POWER_ROOT=store POWER_LEFT=left CRASH_AT=$step LD_PRELOAD="$work/power_cut.so $preload" "$@" ;;
    2) POWER_ROOT=store POWER_LEFT=left POWER_NAMES=kept CRASH_AT=$step LD_PRELOAD="$work/power_cut.so $preload" "$@" ;;
    esac > counts 2> "$err"
    [ $? -eq 137 ] || return 1
    [ ! -d left ] || { rm -rf store && mv left store; }
}

clerks() {
    echo '工号,姓名,部门,部门级别,状态' > "$1.csv"
    printf '%s\n' "$2" | tr ' ' '\n' | sed 's/:/,/;s/$/,示范窗口,市,在岗/' >> "$1.csv"
}
fresh() {
    rm -rf store r*.csv
    cp -a base store
}
trouble() {
    problems=$((problems + 1))
    [ "$problems" -gt 5 ] || echo "# ${about:+$about, }step $step ($(sed -n "${step}p" trace)): $1"
}
same() {
    cmp -s "$1" "wanted.$1" || trouble "the $1: $(diff "$1" "wanted.$1" | head -3 | cut -c1-300)"
}
