#!/bin/sh
# t1158-odd-places - stores in places that operators think of: the folder one stands in, links, mount points,
# parts that rights hide, a disk without room for one more file. What is wrong is named as what it is.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
now=--now=2026-05-06T09:00:00+08:00

# --- folders that another cannot take the place of ------------------------------------------------
mkdir here && cd here || exit 1
run init --store=.
status_is 73 "a store cannot take the place of the folder one stands in"
err_has "[folder_fixed]" "which is said"
err_has "below it" "with what to do"
run init --store=. --lang=zh
err_has "当前工作目录" "in Chinese"
is "nothing is left" "$(ls -A . | wc -l) $(ls -d ../.*.init 2> /dev/null)" "0 "
run init --store=./s --quiet
status_is 0 "below it it can be"
cd .. || exit 1

# --- views that are a link ------------------------------------------------------------------------
mv store/views elsewhere && ln -s ../elsewhere store/views
for time in first second; do
    run rebuild --store=store --json $now
    status_is 0 "views elsewhere, the $time time they are made anew"
done
is "are views of the store then" "$([ -L store/views ] || ls store | grep views)" views
is "what lay elsewhere is gone: it held names" "$(ls -A elsewhere)" ""
run status --store=store
status_is 0 "and are read"

# --- parts that rights hide -----------------------------------------------------------------------
cp "$ANZHENG" program && chmod 755 . program
other=
if [ "$(id -u)" = 0 ]; then
    other="setpriv --reuid=65534 --regid=65534 --clear-groups"
    chown -R 65534:65534 store
fi
if [ -z "$other" ] || $other ./program --version > "$out" 2>&1; then
    as_other() {
        status=0
        $other ./program "$@" --store=store $now > "$out" 2> "$err" < /dev/null || status=$?
    }
    hidden() { # part, status, arguments: names the part and the reason
        part=$1 wanted=$2
        shift 2
        chmod 000 "store/$part"
        as_other "$@"
        chmod u+rwX "store/$part"
        status_is "$wanted" "$part hidden: $*"
        err_has "store/$part" "is named"
        err_has "permission denied" "and why"
    }
    hidden log 66 status
    hidden views 66 status
    hidden views 66 list certificates
    for part in log views; do
        chmod 444 store/$part/lock.mdb
        as_other status
        chmod 644 store/$part/lock.mdb
        status_is 73 "the list of readers of $part may not be written"
        err_has "store/$part/lock.mdb" "it is named, and what to do"
        err_has "[store_readers_closed]" "not called the store"
        mv store/$part/lock.mdb kept.mdb
        chmod 555 store/$part
        as_other status
        chmod 755 store/$part
        status_is 73 "nor can the list of $part be made in a folder that may not be written"
        err_has "“touch” makes it" "what to do is told then, too"
        mv kept.mdb store/$part/lock.mdb
    done
    hidden keys/hash.key 78 import clerks clerks.csv
    hidden trust/log.vkey 78 status
    chmod 000 store/blobs
    as_other regenerate --json
    chmod 755 store/blobs
    is "photos hidden: not missing" "$(grep -c blob_missing "$err") $(field wanted)" "0 11"
    err_has "file_not_readable" "but not to be read"
    as_other regenerate --json
    is "with the rights put right the same run makes them" "$(field rendered)" 9
else
    report 0 "parts that rights hide # SKIP nobody else may run the program here"
fi

# --- mount points and disks without room ----------------------------------------------------------
small=$work/small
mkdir "$small"
if mount -t tmpfs -o size=20m,nr_inodes=70 tmpfs "$small" 2> "$err"; then
    trap 'umount "$small" 2> /dev/null; rm -rf "$work"' EXIT
    run init --store=small
    status_is 73 "a disk of its own is no place that a store takes"
    err_has "[folder_fixed]" "it is a mount point"
    chown -R "$(id -u)" store && rm -rf store/certificates && mkdir store/certificates
    cp -a store small/store
    n=0
    while touch "small/full$n" 2> "$err"; do n=$((n + 1)); done
    for verb in "regenerate --all" "submit end.jsonl" "report" "rebuild" "backup small/copy"; do
        run $verb --store=small/store $now
        status_is 74 "no room for one more file: $verb"
        err_has "no space left" "is told as a full disk"
    done
    rm small/full*
    run submit end.jsonl --store=small/store $now --quiet
    is "with room the same command does it" "$(grep -c '"outcome":"accepted"' "$out")" 3
    run audit verify --store=small/store
    status_is 0 "nothing was broken"
else
    report 0 "mount points # SKIP mounting needs root"
fi
done_testing
