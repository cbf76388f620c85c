#!/bin/sh
# CONTRACT 1: reading verbs take no lock and do not get into each other's way: one report after the
# other takes the same place, each of them whole.
. "$(dirname "$0")/lib.sh"
run init --clock=free --signatures=optional --today=2026-05-01
status_is 0 "a store"
i=0
while [ $i -lt 16 ]; do
    i=$((i + 1))
    {
        "$ANZHENG" report --today=2026-05-02 --quiet > /dev/null 2> "report-$i.err"
        echo $? > "report-$i.status"
        tail -c 8 store/reports/report.html > "report-$i.end"
    } &
done
wait
is "sixteen reports at once all end well" "$(cat report-*.status | sort -u)" 0
is "and say nothing" "$(cat report-*.err)" ""
is "whoever reads in between reads a whole page" "$(cat report-*.end | tr -d '\n' | sed 's,</html>,,g')" ""
[ ! -e store/reports/report.html.tmp ]
is "nothing is left beside it" "$?" 0
done_testing
