#!/bin/sh
# t1337-flushed-at-the-end - a verb that ended well is on the disk: the power goes right behind it
# (preload/power_cut.c), and what is sure to be left is the same as what was there. Left out are locks,
# which say nothing of the past; the views, whose last commits a power cut may undo; and what a
# removal leaves that is removed again (views.old, and `making` of a backup); the index of the
# keyring, which is believed by no other start of the machine; and the keyring's header, which may
# tell of the flush before.
. "$(dirname "$0")/../jobs/town.sh"
. "$(dirname "$0")/../jobs/lib.sh"
make_preload power_cut
mkdir root
make_town root/store
export ANZHENG_STORE="$work/root/store"
now=--now=2026-05-06T09:00:00+08:00

# The root of the store is its parent's: outputs lie beside it.
ended() { # status, what, args
    wanted=$1
    what=$2
    shift 2
    rm -rf left
    POWER_END=1 POWER_ROOT=$work/root POWER_LEFT=$work/left LD_PRELOAD="$work/power_cut.so" run "$@"
    status_is "$wanted" "$what"
    is "$what: all of it is flushed" "$(diff -rq -x lock -x lock.mdb -x persons.index -x persons.keys root left 2>&1 |
        grep -vE '^Files root/store/views/data.mdb |^Only in left/store2?: views.old$|^Only in left/bak: making$')" ""
    for keys in root/*/keys/persons.keys; do
        cmp -s -i 64 "$keys" "left${keys#root}"
        is "$what: so are all keys of $keys" "$?" 0
    done
}

ended 0 "init" init --store="$work/root/new" --signatures=optional --clock=free $now
ended 0 "an import" import identities identities.csv $now --rejects=root/rejects.csv
ended 1 "documents" regenerate $now # one name has characters that no font has
ended 0 "wishes, with their proofs" submit end.jsonl $now
ended 0 "a policy" policy set entry.states 注销 --decision=D-1 $now
ended 0 "a checkpoint" checkpoint $now
ended 0 "a backup" backup root/bak $now
ended 0 "a backup that copies no file" backup root/bak $now
ended 0 "a restored store" restore root/bak --store="$work/root/store2" $now
ended 0 "new views" rebuild $now
ended 0 "an export" audit export --tiles=root/tiles $now
ended 0 "the views as tables" audit replay --until=20 --out=root/replay $now
ended 0 "records for the platform" export national --out=root/national.jsonl $now
ended 0 "a delivery" deliver --enterprise=$E1 --out=root/delivered $now
ended 0 "proofs" audit prove '沪建安B(2019)0000010' --out=root/proofs $now
ended 0 "a report" report --out=root/report.html $now
printf 'checkpoint\nbackup bak\n' > root/night.list
ended 0 "a night" night root/night.list $now

# Views that say that an erasure is done are on the disk behind all that it did.
printf '{"id":"e1","action":"erase_person","clerk":"SH1","person":%s,"decision":"删2026-1"}\n' \
    '{"name":"阿𠮷·买提","id_type":"身份证","id_number":"310101197001010013"}' > erase.jsonl
ended 0 "R-PV-02: an erasure" submit erase.jsonl $now
rm -rf root/store
mv left/store root/store
run audit compare $now
status_is 0 "and nothing of it came back"
is "the new views too" "$([ -s root/store/views/data.mdb ] && echo there)" there
run backup root/bak2 $now
status_is 0 "and it can be copied"
done_testing
