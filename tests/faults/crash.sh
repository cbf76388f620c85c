# crash - what the scripts share in which the writer dies: `. crash.sh` after lib.sh. Makes the preload
# (preload/crash_point.c).
#
#   $preload          with CRASH_TRACE=FILE tells the durable steps, with CRASH_AT=N dies at the N-th
#   fresh             ./store is a copy of ./base
#   every_step NAME LEAST ARGS...   runs the program with ARGS undisturbed, which takes LEAST steps or
#                     more, and dying at each of its steps in a fresh store. The script says with
#                     keep_wanted() what of the undisturbed run is to be kept (its status is in
#                     $wanted), and with judge(ARGS...) what must hold after each death; what the
#                     dying one answered is in ./answers
#   problem TEXT      counts it in $problems, and shows the first ones with $name, the $step and the
#                     outputs of the last run
preload=$work/crash_point.so
make_preload crash_point
problems=0 step=0

fresh() {
    rm -rf store
    cp -a base store
}

problem() {
    problems=$((problems + 1))
    [ "$problems" -gt 8 ] || { echo "# $name, step $step ($(sed -n "${step}p" "$work/$name.trace" 2> /dev/null)): $1"; diagnose | cut -c1-200; }
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
        fresh
        CRASH_AT=$step LD_PRELOAD="$preload" "$ANZHENG" "$@" > answers 2> "$err" < /dev/null
        [ $? -eq 137 ] && died=$((died + 1))
        judge "$@"
    done
    # Flushes of folders can fall together, by the timing of two workers: the last steps may not come
    # (of 240 runs of an erasure, 217 had 36 steps, 21 had 35, one 34 and one 33).
    is "$name died at every step" "$((died >= total - 3))" 1
    is "$name lost nothing, did nothing twice, and went on to the same end" "$problems" 0
}
