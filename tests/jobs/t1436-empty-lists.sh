#!/bin/sh
# t1436-empty-lists - a list, or another table, of nothing says so to people, on stderr, and nothing to
# machines.
. "$(dirname "$0")/lib.sh"
run init --store=store --quiet
run list certificates --store=store
is "an empty list is a result" "$status $(cat "$out")" "0 "
err_has "there is nothing of this kind" "and is told"
run list persons --store=store --lang=zh
err_has "没有符合条件的记录" "in Chinese"
for option in --quiet --json --csv; do
    run list certificates --store=store $option
    is "not with $option" "$status $(grep -c nothing "$err")" "0 0"
done
for verb in "rename status" expire "audit diff --from=1 --to=1"; do
    # shellcheck disable=SC2086 # a verb and its options
    run $verb --store=store
    is "$verb without a row is a result, too" "$status $(cat "$out")" "0 "
    err_has "there is nothing of this kind" "and is told"
    # shellcheck disable=SC2086
    run $verb --store=store --json
    is "not to a machine" "$status $(grep -c nothing "$err")" "0 0"
done
done_testing
