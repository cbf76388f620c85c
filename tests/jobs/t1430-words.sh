#!/bin/sh
# t1430-words - what is shown to people is in words: no table has a name that only machines know, a
# bare true or false, or a record as JSON, whichever verb made it and in either language.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"
make_town store
export ANZHENG_STORE=store
today=--today=2026-05-05
lang=zh
A='沪建安A(2019)0000001'

# Names of members as they stand in JSON: the first word of a line in small letters, one with an
# underscore; a value that is no word of either language.
bare() { # in Chinese no label is in small letters either
    [ "$lang" = en ] || grep -nE '^([a-z]+(_[a-z0-9]+)*|.* · [a-z]+(_[a-z0-9]+)+)( |$)' "$out"
    grep -nE '(^| )[a-z]+_[a-z_]+( |$)|(^| )(true|false)( |$)|\{"' "$out"
}
in_words() { # what, verb...: in Chinese, where a bare word is seen best
    what=$1
    shift
    run "$@" $today --lang="$lang"
    [ "$status" -le 1 ] && [ -s "$out" ]
    report $? "$what answers ($lang)"
    is "$what: words alone ($lang)" "$(bare | head -3)" ""
}

cat > night.list <<'EOF'
optional import enterprises nowhere.csv
regenerate
expire
checkpoint
audit verify
EOF
in_words "a night" night night.list
lang=en
in_words "a night" night night.list
in_words "a backup" backup b
in_words "the page descriptions" template list
in_words "a status" status
is "jobs are called as they are typed" "$(sed -n 's/^Last success · \([^ ]*\) .*/\1/p' "$out" | tr '\n' ' ')" \
    "audit-verify backup checkpoint expire import night regenerate submit "
lang=zh
in_words "a backup" backup b
rm -rf r
run restore b --store=r $today --lang=zh
is "a restore: words alone" "$(bare)" ""
in_words "the report" report --out=report.html
in_words "the page descriptions" template list
in_words "an enterprise" show enterprise $E1
run show enterprise $E1 --lang=zh
grep -qE '^企业名称 ' "$out"
report $? "has a name that is no person's"
in_words "a certificate" show certificate "$A"
in_words "the status" status
in_words "a rendering" regenerate --all --dry-run
in_words "a comparison" audit compare
in_words "an export" audit export --tiles=tiles
in_words "proofs" audit prove "$A" --out=proofs
run audit prove "$A" --out=proofs
run audit check proofs --vkey=store/trust/log.vkey --lang=zh
is "their check: words alone" "$(bare)" ""
in_words "a rebuild" rebuild
in_words "its comparison" rebuild --verify
in_words "a plan" rename plan $E1
printf '%s\n' '{"id":"n1","action":"convert_category","clerk":"SH1","notice":"沪建安〔2026〕1号","value":"C3","selection":{"category":"C"}}' > notice.json
lang=en
in_words "a notice" notice plan notice.json
lang=zh
in_words "a notice" notice plan notice.json
in_words "an action" cancel --dry-run --enterprise=$E1 --certificate="$A" --reason=employment_ended --confirmed
out_has '电子证书注销' "R-GEN-09: which is called as in the menu"
printf '%s\n' '{"id":"u1","action":"CHANGE_POST","enterprise":"'$E1'"}' > unknown.jsonl
run submit unknown.jsonl --dry-run $today --lang=zh
out_has 没有名为“CHANGE_POST”的事项 "but one that is none is told as it stands in the file"
in_words "a history" audit history certificate "$A"
submission=$("$ANZHENG" audit history day 2026-05-05 --json | sed -n 's/^{"event":\([0-9]*\),"type":"file_processed".*"kind":"submission".*/\1/p' | tail -1)
in_words "a submission" audit history file "$submission"
for lang in zh en; do
    in_words "a difference of two days" audit diff --from=2026-05-04 --to=2026-05-05
done
lang=zh
cp -a store lost
rm "$(find lost/blobs -type f | head -1)"
run audit compare --store=lost $today --lang=zh
status_is 79 "a lost file"
out_has '留存文件 缺少' "what it is and how it differs"
is "words alone, but for its path" "$(bare | grep -v '^[0-9]*:.*lost/blobs/')" ""
in_words "a replay" audit replay --until=20 --out=then
rm -rf w
run audit witness --init --name=a.example/w --state=w --lang=zh
is "a witness: words alone" "$(bare)" ""
in_words "its run" audit witness --log=tiles --vkey=store/trust/log.vkey --state=w
"$ANZHENG" audit witness --init --name=b.example/w --state=w2 --json > "$out"
printf 'log %s\nwitness b %s http://127.0.0.1:1/\nquorum b\n' "$(cat store/trust/log.vkey)" "$(field witness)" > policy
in_words "a checkpoint nobody cosigned" checkpoint --witnesses=policy
done_testing
