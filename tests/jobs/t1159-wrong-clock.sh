#!/bin/sh
# t1159-wrong-clock - a machine whose clock was ahead once: what was written then bears a day that has not come,
# and whoever writes is told that, not two rules that contradict each other.
. "$(dirname "$0")/lib.sh"
make_preload clock_shift
ahead() { # seconds, arguments
    seconds=$1
    shift
    ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" CLOCK_SHIFT=$seconds LD_PRELOAD=$work/clock_shift.so run "$@"
}
month=$((30 * 86400))
printf '工号,姓名,部门,部门级别,状态\nSH1,石窗口,示范窗口,市,在岗\n' > clerks.csv
printf '工号,姓名,部门,部门级别,状态\nSH1,石窗口,示范窗口,区,在岗\n' > changed.csv
# the same day for all of it, whatever the hour
today=$(TZ=UTC-8 date +%F)
then=$(TZ=UTC-8 date -d "+30 days" +%F)
run init --store=store --signatures=optional --quiet
run checkpoint --store=store
run status --store=store --check
status_is 0 "a sound store"
cp -a store before
ahead $month import clerks clerks.csv --store=store
status_is 0 "an import with a clock that is a month ahead"
for given in "" "--today=$today" "--today=$then"; do
    run import clerks changed.csv --store=store $given
    status_is 64 "with the clock put right nothing is written ${given:-by itself}"
    err_has "[clock_behind_log]" "and why is said"
done
err_has "$then" "with the day"
run import clerks changed.csv --store=store --lang=zh
err_has "本机时钟为 $today" "in Chinese"
run status --store=store --check
is "the check of the morning finds it" "$status $(grep -c check_clock "$out")" "1 1"
for verb in "list clerks" "audit verify" checkpoint "backup copy"; do
    run $verb --store=store
    status_is 0 "$verb goes on"
done
ahead $month import clerks changed.csv --store=store
status_is 0 "when the day has come it is written"
ahead $month status --store=store --check
is "and there is nothing to find" "$(grep -c check_clock "$out")" 0

run import clerks changed.csv --store=before
status_is 0 "a copy from before goes on at once"
ahead 7200 import clerks clerks.csv --store=before --today="$today" # in the evening its clock says tomorrow
status_is 0 "a clock that is wrong within the day disturbs nothing"
run import clerks changed.csv --store=before --today="$then"
status_is 64 "a day that has not come is refused as ever"
err_has "[date_ahead]" "by its own name"
run init --store=free --signatures=optional --clock=free --quiet
run import clerks clerks.csv --store=free --today="$then"
run import clerks changed.csv --store=free
err_has "[date_behind]" "a store whose clock is free has no clock to put right"
run status --store=free --check
is "nor does its check" "$(grep -c check_clock "$out")" 0
done_testing
