#!/bin/sh
# A register that comes slowly keeps nobody from writing: it is fetched before the store is locked.
# What was said before the lock is asked again behind it; two that fetch do not disturb each other.
. "$(dirname "$0")/lib.sh"
. "$here/slow_fetch.sh"
clerks 2000 壬 > site/clerks.csv
clerks 2 癸 > local.csv
gzip -c local.csv > local.csv.gz
far() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" far.out; }

# --- others write ---------------------------------------------------------------------------------
fetching "$url/gate/clerks.csv"
run import clerks local.csv $now --wait=0 --json
is "half of it has come, and another file is imported" "$status $(field accepted)" "0 2"
run import clerks local.csv.gz $now --wait=0 --json
is "a packed one too" "$status $(field unchanged)" "0 2"
run import clerks "$url/clerks.csv" $now --wait=0 --json
is "and one from elsewhere, in a folder of its own" "$status $(field accepted)" "0 2000"
is "the half is where it was" "$(ls s/incoming/*.part | wc -l)" 1
arrives
is "then it is imported itself, after them" "$far_status $(far unchanged)" "0 2000"
is "what was fetched is gone" "$(find s/incoming -type f ! -name '*.known' | wc -l)" 0

# --- what was said before the lock ----------------------------------------------------------------
fetching "$url/gate/clerks.csv"
arrives
is "nothing newer" "$far_status $(far unchanged) $(tail -1 asked | cut -d' ' -f5)" "0 2000 304"
fetching "$url/gate/clerks.csv"
run import clerks local.csv $now --wait=0 --json
is "while the server says that nothing is newer, another file comes in" "$status $(field accepted)" "0 2"
arrives
is "so the file says something new again, and is fetched" "$far_status $(far accepted) $(tail -1 asked | cut -d' ' -f5)" "0 2 200"

# --- several --------------------------------------------------------------------------------------
clerks 2 子 > site/more.csv
run import clerks local.csv "$url/more.csv" "$url/none.csv" "$url/clerks.csv" $now --json
status_is 69 "one of several that is not there"
is "those before it are imported, those behind it are not" "$(sed -n 's/.*"accepted":\([0-9]*\).*/\1/p' "$out" | tr '\n' ' ')" "2 2 "
is "and nothing is left of any" "$(find s/incoming -type f ! -name '*.known' | wc -l)" 0

# --- locked when it has come ----------------------------------------------------------------------
clerks 3 丑 > site/clerks.csv
fetching "$url/gate/clerks.csv" --wait=0
exec 9> s/lock
flock 9
arrives
exec 9>&-
is "a store that is locked when it has come" "$far_status" 75
run import clerks "$url/clerks.csv" $now --json
is "run again" "$status $(field accepted)" "0 3"
run audit verify
status_is 0 "the log verifies"
done_testing
