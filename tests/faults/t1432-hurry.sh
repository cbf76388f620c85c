#!/bin/sh
# t1432-hurry - an operator in a hurry: as the wrong account, into the wrong folder, with the wrong
# file. Each is refused with what to do, and nothing of the store is changed.
. "$(dirname "$0")/../jobs/town.sh"
. "$(dirname "$0")/../jobs/lib.sh"
make_town store
today=--today=2026-05-05
before=$(newest store)

# --- the wrong account ----------------------------------------------------------------------------
if [ "$(id -u)" -eq 0 ] && command -v setpriv > "$out"; then
    cp -r store theirs
    chown -R 65534 theirs
    for verb in "policy set insurance.months_required 2 --decision=1" "import enterprises enterprises.csv" \
        "submit exchange.jsonl" regenerate checkpoint rebuild "night night.list"; do
        echo regenerate > night.list
        # shellcheck disable=SC2086
        run $verb --store=theirs $today
        status_is 78 "root in another account's store: $verb"
        err_has '[store_of_another]' "is refused"
    done
    err_has 'sudo -u' "with what to do"
    run checkpoint --store=theirs $today --lang=zh
    err_has '账户' "in Chinese too"
    is "nothing was changed" "$(newest theirs)" "$before"
    is "and nothing of root's is left in it" "$(find theirs -user 0 ! -path '*/reports/*' | head -3)" ""
    run status --store=theirs $today
    status_is 0 "looking is free"
    run audit verify --store=theirs $today
    status_is 0 "so is verifying"
    cp "$ANZHENG" program
    chmod 755 "$work" program
    theirs() { # args: as the account that has the store
        status=0
        setpriv --reuid=65534 --regid=65534 --clear-groups "$work/program" "$@" > "$out" 2> "$err" < /dev/null || status=$?
    }
    theirs checkpoint --store=theirs $today
    status_is 0 "the account itself works on"
    chmod 700 store
    theirs status --store=store $today
    status_is 66 "a store that may not be seen"
    err_has '[file_not_readable]' "is not called missing"
    chmod 755 store
else
    report 0 "accounts # SKIP not root, or no setpriv"
fi

# --- the wrong folder -----------------------------------------------------------------------------
for place in store/backup store/certificates/new/er store/../store/b; do
    run backup $place --store=store $today
    status_is 73 "a backup at $place"
    err_has '[backup_inside]' "lies in the store itself"
done
is "nothing was made there" "$(find store -name backup -o -name new -o -name b | head -1)" ""
ln -s store/reports way
run backup way/b --store=store $today
status_is 73 "nor by a link"
run backup storeroom --store=store $today
status_is 0 "a name that only begins like the store's is another folder"
sums=$(sha256sum store/anzheng.conf store/log/data.mdb store/keys/*)
ln -s store/anzheng.conf link
printf '工号,姓名,部门,部门级别\nX1,,部,市\n' > clerks-in.csv
printf '{}\n' > empty-wish.jsonl
ln -s store to-store
for verb in "report --out=store/log/data.mdb" "report --out=link" "submit empty-wish.jsonl --results=store/anzheng.conf" \
    "import clerks clerks-in.csv --rejects=store/keys/log.key" "audit export --tiles=store/checkpoints/new" "audit export --tiles=store" "audit export --tiles=store/outbox/" "report --out=store/outbox" "list clerks --csv --out=store/../store/anzheng.conf" \
    "audit export --tiles=store/new/../log/t" "audit export --tiles=new/.././to-store//./new/../views/t"; do
    run $verb --store=store $today
    status_is 64 "$verb"
    err_has '[output_in_store]' "would write over the store"
done
is "nothing of the store was touched" "$(sha256sum store/anzheng.conf store/log/data.mdb store/keys/*)" "$sums"
run report --store=store --out=store/reports/own.html $today
status_is 0 "what people read may lie below its reports"
run report --store=store --out=store/own.html $today
status_is 0 "or beside what is its own"
mkdir gone
(cd gone && rmdir ../gone && timeout -k 1 10 "$ANZHENG" report --store="$work/store" --out=report.html $today 2> "$err")
is "nor does it wait in a folder that is gone" "$?" 73
run report --store=store --out=nowhere/report.html $today
status_is 73 "a folder that is not there"
err_has "its folder does not exist" "is told as that"
run report --store=store --out=nowhere/report.html $today --lang=zh
err_has "所在目录不存在" "in Chinese too"

# --- the wrong file -------------------------------------------------------------------------------
head -c 3000000 /dev/zero > large
run template check large --store=store
status_is 65 "a page description of 3 MB"
run template set certificate large --decision=1 --store=store $today
status_is 65 "is none"
run trust add large --store=store $today
status_is 65 "nor a root"
run notice plan large --store=store $today
status_is 65 "nor a notice"
run audit check nowhere.tlog-proof --vkey=store/trust/log.vkey
status_is 66 "a proof that is not there"
err_has "none of 1 holds" "proves nothing"
is "nothing was logged" "$(newest store)" "$before"

# --- from an editor that writes a mark and other line ends -----------------------------------------
printf '\357\273\277# a night\r\nexpire\r\n\r\nexpire --within=3\r\n' > marked.list
run night marked.list --store=store $today
status_is 0 "a list with a byte order mark"
out_has "Done    2" "is run"
printf '\357\273\277{"id":"m1","action":"extend_by_notice","notice":"N-1","clerk":"SH1","selection":{"category":"B"},"value":"2030-01-01"}\r\n' > marked.json
run notice plan marked.json --store=store $today --json
is "a notice with one is read" "$status $(field notice)" "0 N-1"
done_testing
