#!/bin/sh
# The sample's personnel files: in a store of either plan every wish is answered as foreseen, by the
# numbers of events that the sample counted along; files are whole, scans come back.
. "$(dirname "$0")/lib.sh"

"$ANZHENG" sample --out=city --persons=160 --enterprises=9 --seed=11 --today=2026-05-01 --quiet > "$out"
start=$(head -1 city/plan.txt | cut -d' ' -f1)
tail -n +2 city/expected.csv | tr -d '\r' | grep ',P0' | cut -d, -f3- | sort > wanted

# The steps of the first day up to those of the personnel files.
play() { # plan, store, init's options
    plan=$1
    export ANZHENG_STORE="$work/$2"
    shift 2
    run init --clock=free --today="$start" "$@"
    : > answers.jsonl
    worst=0
    while read -r day what a b; do
        [ "$b" != paper.csv ] || break
        case $what in
            trust) run trust add "city/$a" --today="$day" --json ;;
            import) run import "$a" "city/$b" --today="$day" --json ;;
            submit) run submit "city/$a" ${b:+--signature=city/$b} --today="$day" && cat "$out" >> answers.jsonl ;;
        esac
        [ "$status" -le "$worst" ] || worst=$status
    done < "city/$plan"
    grep -v '"outcome":"accepted"' answers.jsonl |
        sed -n 's/.*"id":"\([^"]*\)","action":"[a-z_]*","outcome":"\([a-z]*\)","code":"\([^"]*\)".*/\1,\2,\3/p' |
        sort > got
}

for plan in $(smaller "plan.txt plan-signed.txt" plan-signed.txt); do
    [ $plan = plan.txt ] && options=--signatures=optional || options=--signatures=required
    play $plan "store-$plan" $options
    is "$plan: no step fails" "$worst" 1
    is "$plan: as many answers as wishes" "$(grep -c . answers.jsonl)" "$(cat city/file/*.jsonl | grep -c .)"
    cmp -s wanted got
    is "$plan: what is refused was meant to be" $? 0
    is "$plan: files are whole" "$(sed -n 's/.*"action":"\([a-z_]*\)","outcome":"accepted".*/\1/p' answers.jsonl | sort -u | tr '\n' ' ')" \
        "accept_application add_record approve_application attach_scan cancel_verification close_application open_application refuse_record upload_signature verify_record "
done
is "every expected code occurs" "$(cut -d, -f3 wanted | sort -u | tr '\n' ' ')" \
    "other_department record_frozen record_verified scan_resolution "

run list records --json
for level in B C D; do
    out_has "\"level\":\"$level\"" "level $level is there"
done
for kind in education degree title skill post work project signature; do
    out_has "\"kind\":\"$kind\"" "kind $kind is there"
done
person=$(sed -n 's/.*"id_number":"\([^"]*\)".*/\1/p' city/file/09-enterprise-01.jsonl | head -1)
record=$(sed -n 's/.*"records":\["\([^"]*\)".*/\1/p' city/file/09-enterprise-01.jsonl | head -1)
run show person "$person" --json
out_has '"level":"B"' "what an approved application used is frozen"
run show person "$person" --scan="$record" --out=back.jpg --unmasked --reason=test "--today=$start"
status_is 0 "its scan is taken out"
name=$(grep "\"record\":\"$record\",\"file\"" city/file/01-persons.jsonl | sed 's/.*"file":"\([^"]*\)".*/\1/' | tail -1)
cmp -s back.jpg "city/file/$name"
is "byte by byte" $? 0
run rebuild --verify
status_is 0 "a rebuild gives the same bytes"
run audit verify
status_is 0 "and the log verifies"

# Cities too small for a file have none, and are whole all the same.
for size in 1 3 24; do
    "$ANZHENG" sample --out="tiny-$size" --persons=$size --enterprises=1 --seed=3 --today=2026-05-01 --quiet > "$out"
    is "a city of $size" $? 0
done
[ ! -e tiny-3/file/01-persons.jsonl ]
is "nobody has a file in a city of three" $? 0
done_testing
