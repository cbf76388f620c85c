#!/bin/sh
# Wrong usage is 64 with a hint on stderr, and nothing on stdout.
. "$(dirname "$0")/lib.sh"

wrong() { # what, code, arguments...
    what=$1
    code=$2
    shift 2
    run "$@"
    status_is 64 "$what ends with 64"
    err_has "[$code]" "$what says $code"
    is "$what prints no result" "$(cat "$out")" ""
}

wrong "no verb" no_verb
wrong "an unknown verb" unknown_verb lst
err_has "“list”" "an unknown verb names the nearest one"
wrong "an option before the verb" option_before_verb --store=x list
wrong "half a verb" partial_verb policy
err_has "list, set" "half a verb names what is below it"
wrong "an unknown option" unknown_option list certificates --limt=3
err_has "--limit" "an unknown option names the nearest one"
wrong "an option without its value" option_needs_value status --store
wrong "an option where a value is wanted" option_needs_value status --store --quiet
err_has "--store=VALUE" "what wants one is named"
wrong "a value for a flag" option_takes_no_value status --json=yes
wrong "a bad number" option_value list certificates --limit=many
wrong "a bad count in an action" option_value rename-enterprise --enterprise=x --expected-count=x --confirmed
wrong "a negative count in an action" option_value convert-category --notice=n --expected-count=-1
wrong "a short option" unknown_option status -x
wrong "a short option beside help" unknown_option status -xh
wrong "short options behind another one" unknown_option status --quiet -xh
err_has '“-xh”' "are named, and not that one"
wrong "a bad date" option_value status --today=2026-02-30
wrong "a bad instant" option_value status --now=yesterday
wrong "two dates that differ" options_exclude status --today=2026-01-01 --now=2026-01-02T00:00:00+08:00
wrong "a language nobody speaks" option_value version --lang=fr
wrong "a missing argument" arguments_missing show certificate
wrong "one argument too many" arguments_too_many version now
wrong "bytes that are no text" argument_not_text version "$(printf '\377')"

# Options may stand between the two words of a verb, as behind any other.
wrong "nothing between the words, and no verb" partial_verb audit --quiet verity
wrong "a word that is a value" partial_verb audit --store verify
wrong "a second word behind the options' end" partial_verb audit -- verify
between() {
    run "$@"
    status_is 66 "understood: $*"
    err_has "[store_not_found]" "and the store is looked for: $*"
}
between audit --store=nowhere verify
between audit --store nowhere --quiet verify
between policy --store=nowhere set insurance.months_required 2 --decision=d
between export --unmasked --reason=r national --store=nowhere
between rename --file renames.csv --store=nowhere plan
between audit --store=nowhere history enterprise 91310101MATEX00109
run audit --help verify
out_has "anzheng audit verify" "and so does the help"

run list certificates --store=nowhere
status_is 66 "a store that is not there ends with 66"
err_has "[store_not_found]" "a store that is not there says so"
run list certificates --store=nowhere --json
err_has '{"error":{"code":"store_not_found"' "with --json the error is an object"
run nonsense --lang=zh
err_has "没有名为“nonsense”的命令" "--lang=zh speaks Chinese"
LC_ALL=zh_CN.UTF-8 run nonsense
err_has "没有名为" "LC_ALL=zh_* speaks Chinese"
LC_ALL=zh_CN.UTF-8 run nonsense --lang=en
err_has "no verb is called" "--lang stands over the environment"
LANG=de_DE.UTF-8 run nonsense
err_has "no verb is called" "other languages get English"
done_testing
