#!/bin/sh
# Every verb helps, in both languages, and help is a result: on stdout, status 0.
. "$(dirname "$0")/lib.sh"

run help
status_is 0 "help ends with 0"
out_has "list WHAT" "help lists verbs with their arguments"
is "help says nothing on stderr" "$(cat "$err")" ""
is "in groups, each under its heading" "$(grep -c '^[a-z].*:$' "$out") $(grep -c '^$' "$out")" "8 9"
is "with every verb in one of them" \
    "$(sed -n '/^[a-z].*:$/,$p' "$out" | grep -c '^  [a-z]')" "$("$ANZHENG" help --json | wc -l)"
run help --lang=zh
is "in Chinese too" "$(grep -c '^[^ a-z].*：$' "$out")" 8
run --help
status_is 0 "--help alone is help"
run --version
status_is 0 "--version ends with 0"
out_has "anzheng " "--version names the program"
run version --json
out_has '"program":"anzheng"' "version --json is an object"
run help nonsense
status_is 64 "help for no verb ends with 64"
run help policy
out_has "anzheng policy set" "help for half a verb shows what is below it"
cp "$out" below
for half in "policy --help" "policy -h" "policy --help --store=nowhere" "help policy --help"; do
    # shellcheck disable=SC2086 # words
    run $half
    status_is 0 "$half is help for half a verb too"
    is "$half: the same" "$(cmp "$out" below 2>&1)" ""
done
run list --help
cp "$out" below
for short in "list -h" "list certificates -h --store=nowhere" "list --limit=3 -h"; do
    # shellcheck disable=SC2086 # words
    run $short
    status_is 0 "$short is help"
    is "$short: the same" "$(cmp "$out" below 2>&1)" ""
done
run audit --help --lang=zh
status_is 0 "audit --help ends with 0"
is "with every verb below it" "$(grep -c '^用法：anzheng audit ' "$out")" \
    "$("$ANZHENG" help --json | grep -c '"verb":"audit ')"
run audit nonsense --help
status_is 64 "half a verb and none of those below it is no verb"
err_has "[unknown_verb]" "by code"
run help --help
out_has "usage: anzheng help" "help has a help of its own"

run help --json
sed -n 's/.*"verb":"\([^"]*\)".*/\1/p' "$out" > verbs
is "help --json names more than 20 verbs" "$([ "$(wc -l < verbs)" -gt 20 ] && echo yes)" yes
while read -r verb; do
    for lang in $(smaller "en zh" zh); do # t1333 has the English of each
        # shellcheck disable=SC2086 # a verb may have two words
        run $verb --help --lang=$lang
        status_is 0 "$verb --help --lang=$lang ends with 0"
        out_has "anzheng $verb" "$verb --help --lang=$lang names the verb"
        out_has "--store=DIR" "$verb --help --lang=$lang shows the common options"
    done
done < verbs

# For programs the same as an object a verb: --json was for the list alone, and a page came out.
run cancel --help --json
is "--help --json is one line" "$(wc -l < "$out")" 1
out_has '{"verb":"cancel","arguments":"","help":"' "it names the verb"
out_has '{"option":"--reason","value":"employment_ended|deceased_or_incapacitated","help":' "an option and its value"
out_has '{"option":"--confirmed","value":null,"help":' "an option without a value"
out_has '"common":[{"option":"--store","value":"DIR",' "what every verb takes"
out_has '"example":"anzheng cancel --certificate=' "the example"
is "no option stands twice" "$(grep -o '"option":"--[a-z-]*"' "$out" | sort | uniq -d)" ""
run help policy --json
is "help of several verbs is a line each" "$(grep -c '^{"verb":"policy ' "$out") $(wc -l < "$out")" "2 2"
run cancel --help --json --lang=zh
out_has '"help":"电子证书注销"' "in Chinese"

run cancel --help
is "an option is shown once" "$(grep -c -- '^  --reason=' "$out")" 1
# Display columns: the second column of Chinese help begins where that of English help does.
run status --help --lang=zh
out_has "  --check                         有待处理" "Chinese help is aligned"
# The program knows its lists by a table; help names them by hand.
run init --store=store --quiet
run list nothing --store=store
sed -n 's/.*one of: \([a-z ]*\).*/\1/p' "$err" | tr ' ' '\n' > kinds
is "there are lists" "$([ "$(wc -l < kinds)" -ge 17 ] && echo yes)" yes
for lang in en zh; do
    run list --help --lang=$lang
    is "help names each of them, --lang=$lang" "$(grep -oE '[a-z]+' "$out" | sort -u > words
        while read -r kind; do grep -qx "$kind" words || echo "$kind"; done < kinds)" ""
done
done_testing
