#!/bin/sh
# What is given empty is not given by oversight: every option that takes a value says so, and every
# argument; and a number from which nothing can follow is refused instead of read as "not given".
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06
before=$(newest)

# --- options: all that init has, and the common ones; of every other family of verbs one ---
wrong=
for option in $("$ANZHENG" init --help | sed -n 's/^  --\([a-z0-9-]*\)=.*/\1/p'); do
    run init "--$option="
    [ "$status" = 64 ] && grep -q "^anzheng: --$option is empty.*\[empty_option\]$" "$err" || wrong="$wrong $option"
done
is "init, each option given empty" "$wrong" ""
for line in 'import clerks x --rejects' 'submit x --results' 'list certificates --enterprise' \
    "cancel --certificate=$paper --reason" 'regenerate --certificate' 'regenerate --enterprise' \
    "rename run $jia --expect-count" 'audit history certificate x --out' 'trust issue --code'; do
    run $line=
    status_is 64 "$line="
    err_has "[empty_option]" "$line=: says why"
done
for blank in ' ' '　' "$(printf '\t\n ')"; do
    run list certificates --name="$blank"
    status_is 64 "blanks are no value"
done
run list certificates --name ''
status_is 64 "nor are they behind a blank"
LANG=zh_CN.UTF-8 run list certificates --name= --lang=
err_has '--name 的取值为空' "told in Chinese; an empty --lang is no language"
run list --lan=zh --help
out_has '最多列出' "an abbreviated --lang is one"

# --- arguments ---
for verb in 'submit' 'trust add' 'show person' 'list' 'import clerks' 'download' 'backup' 'night' 'audit check'; do
    run $verb ''
    status_is 64 "$verb, of nothing"
    err_has "[empty_argument]" "$verb: says what is empty"
done
run list ' ' --lang=zh
err_has '参数为空' "in Chinese as well"

# --- numbers ---
for line in 'list certificates --limit' 'expire --within' 'template show certificate --until' \
    'deliver --out=x --since' 'deliver --out=x --wave' 'audit replay --out=x --until' \
    'audit compare --documents' 'sample --out=x --persons' 'sample --out=x --enterprises'; do
    run $line=0 $today
    status_is 64 "$line=0"
    err_has "a whole number from 1 " "$line: says from where on"
done
run list certificates --limit=0 --lang=zh
err_has "从 1 起的整数" "in Chinese as well"
run list certificates --limit=1 --json $today
status_is 0 "--limit=1"
is "one is listed" "$(wc -l < "$out")" 1
run list --help
out_has "--limit=N                       at most so many, from 1 on" "help tells"
run list --help --lang=zh
out_has "从 1 起" "in Chinese as well"
run expire --within=1 $today
status_is 0 "--within=1"
run regenerate --workers=0 --dry-run $today
status_is 0 "--workers=0 is as many as there are processors"
run regenerate --help
out_has "0 or not given: as many as there are processors" "as help tells"
run regenerate --help --lang=zh
out_has "0 或不指定" "in Chinese as well"
run list certificates --wait=4294967295 $today
status_is 0 "a wait for ever"
is "nothing was made" "$(ls -d x 2> /dev/null)" ""
is "nothing was written" "$(newest)" "$before"
done_testing
