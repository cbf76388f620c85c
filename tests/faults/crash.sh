# crash - what the scripts share in which the writer dies: `. crash.sh` after lib.sh. Makes the preload
# (preload/crash_point.c).
#
#   $preload          with CRASH_TRACE=FILE tells the durable steps, with CRASH_AT=N dies at the N-th
#   fresh             ./store is a copy of ./base
#   every_step NAME LEAST ARGS...   runs the program with ARGS undisturbed, which takes LEAST steps or
#                     more, and dying at each of its steps in a fresh store. The script says with
#                     keep_wanted() what of the undisturbed run is to be kept (its status is in
#                     $wanted), and with judge(ARGS...) what must hold after each death; what the
#                     dying one answered is in ./answers. Every third death leaves all that was
#                     written, the others what a power cut leaves (preload/power_cut.c): bytes that
#                     were flushed, under the names that were flushed or under all. DEATHS="0 1 2"
#                     has each step died at in all three ways
#   problem TEXT      counts it in $problems, and shows the first ones with $name, the $step and the
#                     outputs of the last run
preload=$work/crash_point.so
make_preload crash_point
make_preload power_cut
problems=0 step=0

fresh() {
    rm -rf store
    cp -a base store
}

problem() {
    problems=$((problems + 1))
    [ "$problems" -gt 8 ] || { echo "# $name, step $step, way $way ($(sed -n "${step}p" "$work/$name.trace" 2> /dev/null)): $1"; diagnose | cut -c1-200; }
}

# Dies at the $step, the $way (0, 1, 2) that its end is to come.
die_once() {
    fresh
    rm -rf left
    case $way in
    0) CRASH_AT=$step LD_PRELOAD="$preload" "$ANZHENG" "$@" > answers 2> "$err" < /dev/null ;;
    *) POWER_ROOT=$work/store POWER_LEFT=$work/left POWER_NAMES=$([ "$way" = 1 ] || echo kept) \
        CRASH_AT=$step LD_PRELOAD="$work/power_cut.so $preload" "$ANZHENG" "$@" > answers 2> "$err" < /dev/null ;;
    esac
    [ $? -eq 137 ] || return
    died=$((died + 1))
    [ "$way" = 0 ] || { rm -rf store && mv left store; }
    judge "$@"
}

every_step() {
    name=$1
    least=$2
    shift 2
    fresh
    CRASH_TRACE="$work/$name.trace" LD_PRELOAD="$preload" run "$@"
    wanted=$status
    keep_wanted
    total=$(grep -c . "$work/$name.trace")
    is "$name has $least durable steps or more (it has $total)" "$((total >= least))" 1
    problems=0 died=0 step=0
    while [ "$step" -lt "$total" ]; do
        step=$((step + 1))
        for way in ${DEATHS:-$((step % 3))}; do
            die_once "$@"
        done
    done
    # Flushes of folders can fall together, by the timing of two workers: the last steps may not come
    # (of 240 runs of an erasure, 217 had 36 steps, 21 had 35, one 34 and one 33).
    is "$name died at every step" "$((died >= total - 3))" 1
    is "$name lost nothing, did nothing twice, and went on to the same end" "$problems" 0
}
