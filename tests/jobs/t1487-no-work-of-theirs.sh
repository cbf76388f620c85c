#!/bin/sh
# t1487-no-work-of-theirs - R-PV-02: documents of who is blocked or erased are no work: `status`, the lists
# and the work list of failed ones say the same.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
status_is 0 "a town"
export ANZHENG_STORE="$work/store"
today=--today=2026-05-06
uyghur=310101197001010013 # 阿𠮷·买提: A, B and C1 at E1
unassigned=310101197809090175 # a name that no font has
counted() { # state: what status says, and what the list has
    run status --json $today
    said=$(sed 's/.*"documents":{\([^}]*\)}.*/\1/' "$out" | tr ',' '\n' | sed -n "s/\"$1\"://p")
    run list certificates --document="$1" --json $today
    echo "$said of $(grep -c . "$out")"
}
is "before: as many wait as are listed" "$(counted pending)" "11 of 11"
run regenerate $today --json
is "ready ones" "$(counted ready)" "9 of 9"
is "and failed ones" "$(counted failed)" "2 of 2"
run erase-person --clerk=SH1 --person-name=阿𠮷·买提 --person-id-type=身份证 --person-id-number=$uyghur --decision=删1 --json $today
status_is 0 "a person is erased"
is "R-PV-02: whose files are gone, they are not counted as ready" "$(counted ready)" "6 of 6"
run show certificate '沪建安B(2019)0000002' --json $today
out_has '"document":{"status":"none"' "R-PV-02: as show says"
run block-person --clerk=SH1 --person-name=孙${UNASSIGNED}七 --person-id-type=身份证 --person-id-number=$unassigned --decision=停1 --json $today
status_is 0 "who has a failed document is blocked"
is "R-PV-02: nobody will draw it, so it is no failure" "$(counted failed)" "1 of 1"
run regenerate $today --json
is "R-PV-02: nor a row of the work list" "$(tail -n +2 store/reports/failed-documents.csv | grep -c .)" 1
run report --out=report.html --json $today
out_has '"documents":{"pending":0,"ready":6,"failed":1}' "R-PV-02: the report counts likewise"

done_testing
