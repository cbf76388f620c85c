#!/bin/sh
# t1435-odd-configuration - an anzheng.conf that is no file is a matter of configuration, said at
# once: nobody waits for the other end of a pipe, and no lock is held meanwhile.
. "$(dirname "$0")/lib.sh"
run init --store=store --quiet
status_is 0 "a store"
rm store/anzheng.conf
mkfifo store/anzheng.conf
for verb in "status" "checkpoint" "policy list"; do
    status=0
    timeout -k 1 10 "$ANZHENG" $verb --store=store > "$out" 2> "$err" < /dev/null || status=$?
    status_is 78 "$verb, with a pipe in its place"
    err_has "[config_unreadable]" "names the file"
done
rm store/anzheng.conf
mkdir store/anzheng.conf
run status --store=store
status_is 78 "a folder"
done_testing
