#!/bin/sh
# What is said in one way by one verb is said so by all: an enterprise that nobody knows, of whatever
# shape its code is, a count that is none, an argument too many.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-01-06
for code in nonsense 91310101MATEX00997; do
    for verb in "show enterprise $code" "list certificates --enterprise=$code" "list transferable --person=$holder --enterprise=$code" \
        "deliver --out=x --enterprise=$code" "regenerate --enterprise=$code" "rename plan $code" "rename run $code" \
        "audit history enterprise $code" "exchange --confirmed --certificate=$paper --enterprise=$code"; do
        run $verb $today
        status_is 1 "$verb"
        grep -q "enterprise_unknown\|enterprise_not_found" "$out" "$err"
        report $? "$verb: what is not there"
    done
done
is "no folder was made" "$(ls -d x 2> /dev/null)" ""
run rename run $jia --expect-count=many $today
err_has "“many” is not a whole number [option_value]" "a count is a whole number"
run rename run $jia --expect-count=many --lang=zh $today
err_has "不是整数" "in Chinese as well"
run status now $today
status_is 64 "an argument too many"
err_has "anzheng status [--option=value]... [arguments_too_many]" "it is shown what the verb takes"
done_testing
