#!/bin/sh
# One command that names a URL twice: what is fetched before the store is locked is there for both.
# What is fetched and not read, since the run failed before, does not stay.
. "$(dirname "$0")/lib.sh"
. "$here/slow_fetch.sh"
clerks 1 壬 > site/clerks.csv
url=$url/clerks.csv
run import clerks "$url" "$url" $now --json
status_is 0 "a URL named twice"
is "is imported, and then says nothing new" "$(sed -n 's/.*"accepted":\([0-9]*\).*/\1/p' "$out" | tr '\n' ' ')" "1 0 "
run import clerks "$url" "$url" $now --json
status_is 0 "and again, when the server has nothing newer"
is "nothing is left of it" "$(find s/incoming -type f ! -name '*.known' | wc -l)" 0

# what was fetched and not imported, since the run ended before, is nobody's
left() { find s/incoming -type f ! -name '*.known' | wc -l; }
echo 无 > site/bad.csv
printf '工号,姓名,部门,部门级别,状态\nW00002,癸,质量安全监督站,市,在岗\n' > site/clerks.csv
run import clerks "${url%clerks.csv}bad.csv" "$url" $now --json
status_is 65 "the first of two is no register"
is "the second goes too" "$(left)" 0
exec 9> s/lock
flock 9
run import clerks "$url" $now --wait=0 --json
exec 9>&-
is "nor when the store is locked from the start" "$status $(left)" "75 0"

# a run in another folder puts its mark beside what is swept here
: > s/incoming/0123456789abcdef.known.tmp
run import clerks "$url" $now --json
is "a mark that is just being written stays" "$status $(left)" "0 1"
done_testing
