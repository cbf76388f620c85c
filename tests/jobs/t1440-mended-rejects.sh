#!/bin/sh
# The rejects of every register are a work list: spoiled in every way, they open as a table, say in
# Chinese what to mend, come back unmended in the same words and mended without one refusal; what a
# spreadsheet would run is guarded there and nowhere else (decision 0082).
. "$(dirname "$0")/lib.sh"
if ! command -v python3 > "$out"; then
    echo "1..0 # SKIP python3 is not installed"
    exit 0
fi
day=--today=2026-02-01
"$ANZHENG" sample --out=city --persons=5 --enterprises=1 --seed=5 --today=2026-01-05 --quiet > "$out" 2> "$err"
mv city/photos photos
cp "photos/$(ls photos | head -1)" photos/1.jpg
"$ANZHENG" init --store=s --signatures=optional --clock=free --today=2026-01-05 --quiet > "$out" 2> "$err"
export ANZHENG_STORE="$work/s"
kinds="enterprises clerks identities exams insurance paper national registrations contracts"

cat > table.py <<'END'
"""table.py spoil FOLDER KIND...: KIND.csv, with a row more that is refused and would run.
   table.py mend KIND...: KIND-3.csv of the rejects KIND-2.csv, each row set right as a clerk would;
   says how many rows there are that say nothing in Chinese, cells that would run, rows of another
   width, and files whose words changed between KIND-1.csv and KIND-2.csv."""
import csv, sys

def read(name):
    with open(name, encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))

def write(name, rows):
    with open(name, "w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)

def runs(cell):
    return cell.lstrip(" \u3000")[:1] in tuple("=+-@＝＋－＠\t\r") if cell else False

def is_chinese(text):
    return any("\u4e00" <= c <= "\u9fff" for c in text)

def spoil(rows):
    """A row that is refused for its number and would run in every other cell."""
    number = next(i for i, h in enumerate(rows[0]) if h.endswith(("证件号码", "工号")))
    bad = ['=HYPERLINK("%s")' % cell for cell in rows[1]]
    bad[number] = "3.10101E+17"
    return rows + [bad]

def mend(rows, good, own):
    """Lines between the rows go; of the others the cells are set right."""
    lines = [row for row in rows[1:] if not any(w in row[own + 2] for w in ("合计", "表头", "空行", "整行"))]
    return [rows[0]] + [good + row[own:own + 3] for row in lines]

def words(rows, own):
    return [row[:own] + row[own + 1:] for row in rows]

verb, *kinds = sys.argv[1:]
if verb == "spoil":
    folder = kinds.pop(0)
    for kind in kinds:
        write(kind + ".csv", spoil(read("%s/%s-spoils.csv" % (folder, kind))))
else:
    mute = wild = odd = changed = 0
    for kind in kinds:
        rows = read(kind + "-1.csv")
        again = read(kind + "-2.csv")
        own = rows[0].index("行号")
        mute += sum(not is_chinese(row[own + 2]) for row in rows[1:])
        wild += sum(runs(cell) for row in rows[1:] for cell in row)
        odd += sum(len(row) not in (len(rows[0]), len(rows[0]) + 1) for row in rows[1:])
        changed += words(rows, own) != words(again, own)
        write(kind + "-3.csv", mend(again, read(kind + ".csv")[1], own))
    print(mute, wild, odd, changed)
END
python3 table.py spoil "$here/../importers/corpus" $kinds
for kind in $kinds; do
    run import "$kind" "$kind.csv" $day --json --lang=zh --rejects="$kind-1.csv"
    status_is 1 "$kind: a spoiled register"
    rejected=$(field rejected)
    [ "$rejected" -gt 5 ] && [ "$(grep -c 3101011899 "$err")" = 0 ]
    report $? "$kind: what is spoiled is refused ($rejected rows), without naming a cell"
    run import "$kind" "$kind-1.csv" $day --json --lang=zh --rejects="$kind-2.csv"
    is "$kind: unmended it is refused again" "$(field rejected)" "$rejected"
done
is "all rejects say in Chinese what is wrong, run nothing, keep their columns, and do so again" \
    "$(python3 table.py mend $kinds)" "0 0 0 0"
for kind in $kinds; do
    run import "$kind" "$kind-3.csv" $day --json --lang=zh --rejects="$kind-4.csv"
    status_is 0 "$kind: mended"
    is "$kind: no row is refused" "$(field rejected) $(find . -name "$kind-4.csv")" "0 "
done
run list certificates --json $day
out_lacks "'=" "no guard became data"
run rebuild --verify
status_is 0 "log and views agree"
done_testing
