#!/bin/sh
# A key of the keyring is damaged and a register has news of its person: the import ends with 78 and
# says what is broken, and the batch leaves nothing behind.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
make_city --signatures=optional
today=--today=2026-02-01
rows() { # first, last, state
    head -1 "$here/../importers/corpus/national-spoils.csv"
    awk -v from="$1" -v to="$2" -v state="$3" 'BEGIN { for (i = from; i <= to; i++)
        printf "苏建安B(2019)%07d,王测试,外国护照,TST%07d,B,示例外省建设有限公司,91310101MATEX00109,示例省住建厅,2019-01-10,2022-01-10,2027-01-09,%s\n",
            i, i, state }'
}
slots() { od -An -v -tx1 -w64 store/keys/persons.keys | awk 'NR > 1 && $1 != "00" { print NR - 1 }' | sort; }

slots > before
rows 1 1 有效 > one.csv
run import national one.csv $today --json
status_is 0 "a person gets a key"
slots > after
slot=$(comm -13 before after)
is "it is one more slot of the keyring" "$(echo "$slot" | wc -l)" 1
flip store/keys/persons.keys $((slot * 64 + 30))
known=$(newest)

rows 2 200 有效 > many.csv
rows 1 1 注销 | tail -1 >> many.csv
rows 201 400 有效 | tail -n +2 >> many.csv
for lang in en zh; do
    run import national many.csv $today --json --lang=$lang
    status_is 78 "a damaged key ends the import ($lang)"
    err_has persons.keys "and the file is named ($lang)"
done
is "nothing of the batch is in the log" "$(newest)" "$known"
run audit verify --json
status_is 0 "the log verifies"
flip store/keys/persons.keys $((slot * 64 + 30))
run import national many.csv $today --json
out_has '"rows":400,"accepted":400,"unchanged":0' "with the key back, every row is recorded"
done_testing
