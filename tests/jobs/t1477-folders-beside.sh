#!/bin/sh
# What stands beside a store or a delivery under a name of its own is nobody's to remove.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
unset ANZHENG_STORE
today=--today=2026-01-06
many=$(newest store)
run backup backup.tmp --store=store --with-keys
status_is 0 "a backup"
mv store store.tmp
run restore backup.tmp --store=store
status_is 0 "restored, where the old store was put away"
is "which is there still" "$(newest store.tmp) $(newest store)" "$many $many"
run restore backup.tmp --store=backup
status_is 0 "a backup under a name that ends so"
is "is there still, too" "$(ls -d backup.tmp/log) $(newest backup)" "backup.tmp/log $many"
mv store.tmp next.tmp
run init --store=next $today
status_is 0 "a new store beside an old one"
is "leaves that" "$(newest next.tmp)" "$many"
mkdir disk far
ln -s disk link
ln -s far/ other
run init --store=link $today
is "a link to an empty folder is as good as that" "$status $(newest link) $(ls -d link disk | tr '\n' ' ')" "0 2 disk link "
run restore backup.tmp --store=other/
is "to restore, too" "$status $(newest far)" "0 $many"
run init --store=other $today
status_is 73 "what it leads to is a store now"
is "and nothing of its own" "$(ls -d .*.init .*.restore 2> /dev/null)" ""
done_testing
