#!/bin/sh
# t1402-overtaken-fetch - two runs that fetch one URL: the one whose file came first, and is imported
# last, does not put the older state over the newer one. What is still so is not sent again.
. "$(dirname "$0")/lib.sh"
. "$here/slow_fetch.sh"
clerks 2000 壬 > site/clerks.csv
clerks 3 丁 > site/other.csv
far() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" far.out | tr '\n' ' '; }
named() { # how many clerks the register has under that name
    run list clerks --name="$1" --json
    grep -c . "$out"
}

fetching "$url/gate/clerks.csv"
clerks 2000 癸 > site/newer.csv
mv site/newer.csv site/clerks.csv
run import clerks "$url/clerks.csv" $now --wait=0 --json
is "while the older state comes, the newer one is imported" "$status $(field accepted)" "0 2000"
arrives
is "what came is asked for again" "$far_status $(grep -c "^/gate/" asked)" "0 2"
is "and brings the newer one" "$(far accepted)$(far unchanged)" "0 2000 "
is "nobody has the older name" "$(named 壬) $(named 癸)" "0 2000"
is "what was fetched is gone" "$(find s/incoming -type f ! -name '*.known' | wc -l)" 0

clerks 2000 子 > site/clerks.csv
fetching "$url/gate/clerks.csv"
run import clerks "$url/other.csv" $now --wait=0 --json
is "something else of the register came in meanwhile" "$status $(field accepted)" "0 3"
asked=$(wc -l < asked)
arrives
is "what came is still so: it is asked once more, and not sent" \
    "$far_status $(($(wc -l < asked) - asked)) $(tail -1 asked | cut -d' ' -f5)" "0 1 304"
is "and imported" "$(far accepted)" "2000 "
is "what was fetched is gone again" "$(find s/incoming -type f ! -name '*.known' | wc -l)" 0

# of its own files a run is not overtaken
clerks 2 寅 > site/clerks.csv
asked=$(wc -l < asked)
run import clerks "$url/other.csv" "$url/clerks.csv" $now --json
is "several URLs of one run are asked for once each" "$status $(($(wc -l < asked) - asked))" "0 2"
done_testing
