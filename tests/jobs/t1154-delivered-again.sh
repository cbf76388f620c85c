#!/bin/sh
# A delivery that lies where it is asked for is answered, not made again, so that a night with one may be
# run again (decision 0129); what is no such delivery is left alone; links and disks are told first.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
export ANZHENG_STORE=store
today=2026-05-05
run regenerate --today=$today --json

cat > night.list <<END
deliver --enterprise=$E1 --out=given/{today}
checkpoint
END
mkdir given
run night night.list --today=$today --json
status_is 0 "a night with a delivery"
before=$(newest store)
cp -a given/$today kept
run night night.list --today=$today --json
status_is 0 "and the same one again"
out_has '"verb":"deliver","state":"done","status":0' "goes on behind its delivery"
is "which is not handed over twice" "$(newest store)" "$before"
diff -r given/$today kept > diff.out && [ "$(stat -c %Y given/$today)" = "$(stat -c %Y kept)" ]
is "nor touched" $? 0
run deliver --enterprise=$E1 --out=given/$today --today=$today --json
is "by itself it answers what lies there" "$status $(field delivered)" "0 $(ls kept/*.pdf | wc -l)"
err_has 'nothing was done' "and says so"

other() { # what
    run deliver --enterprise=$E1 --out=given/$today --today=$today
    status_is 73 "$1"
    err_has '[deliver_place_taken]' "$1: is told"
    is "$1: nothing is logged or left" "$(newest store) $(ls -A given)" "$before $today"
    rm -r given/$today
    cp -a kept given/$today
}
pdf=$(ls kept | head -1)
echo more >> "given/$today/$pdf"
other "a file that was altered"
rm "given/$today/$pdf"
other "a file that is gone"
: > given/$today/notes.txt
other "a file more"
rm given/$today/SHA256SUMS
other "no delivery"
run deliver --since=1 --out=given/$today --today=$today
status_is 73 "another delivery"

run deliver --since=$((before + 1)) --out=never --today=$today
status_is 64 "behind an event that is not there yet"

# --- a file that is gone --------------------------------------------------------------------------
number=$(basename "$(ls kept/*.pdf | head -1)" .pdf)
run show certificate "$number" --today=$today --json
file=$(field file)
mv "store/$file" away.pdf
run download "$number" --enterprise=$E1 --out=x.pdf --today=$today
status_is 79 "a document that the log has and the store has not"
err_has "$file" "is told with its file"
run deliver --enterprise=$E1 --out=never --today=$today
is "and not delivered without" "$status $(ls -d never .never.delivery 2> ls.err)" "79 "
mv away.pdf "store/$file"

# --- where a rename does not lead -----------------------------------------------------------------
before=$(newest store)
ln -s nowhere loose
run deliver --enterprise=$E1 --out=loose --today=$today
status_is 73 "a link to nothing"
: > file
ln -s file linked
run deliver --enterprise=$E1 --out=linked --today=$today
status_is 73 "a link to a file"
is "are told before anything is logged" "$(newest store)" "$before"
mkdir real
ln -s real link
run deliver --enterprise=$E1 --out=link --today=$today --json
is "a link to an empty folder is that folder" "$status $(field folder) $(ls real/*.pdf | wc -l)" "0 link $(ls kept/*.pdf | wc -l)"
is "and stays a link" "$(readlink link)" real
mkdir disk
if mount -t tmpfs -o size=1m tmpfs disk 2> "$err"; then
    trap 'umount "$work/disk"; rm -rf "$work"' EXIT
    before=$(newest store)
    run deliver --enterprise=$E1 --out=disk --today=$today
    is "a disk's own root is told, too" "$status $(newest store)" "73 $before"
    run deliver --enterprise=$E1 --out=disk/new --today=$today --json
    status_is 0 "a folder on it is made"
fi
done_testing
