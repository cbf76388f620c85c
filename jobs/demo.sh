#!/bin/sh
# demo - a sample city from its first register row to a verified log; `make demo` runs it.
#   demo.sh DIR [PERSONS] [ENTERPRISES]     works in DIR/city and DIR/store, which are made anew
set -eu
program=$(cd "$(dirname "$0")/.." && pwd)/build/anzheng
dir=${1:-build/demo}
persons=${2:-5000}
enterprises=${3:-400}
city=$dir/city
store=$dir/store
today=2026-06-30

say() { printf '%s\n' "$*"; }
step() { # what, done, all
    if [ -t 1 ]; then printf '\r\033[K  %s  %s/%s' "$1" "$2" "$3"; elif [ $(($2 % 50)) -eq 0 ]; then
        say "  $1  $2/$3"; fi
}
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"}]*\).*/\1/p"; }

rm -rf "$city" "$store"
mkdir -p "$dir"
begin=$(date +%s)
say "1/6  a city of $persons persons and $enterprises enterprises that do not exist"
"$program" sample --out="$city" --persons="$persons" --enterprises="$enterprises" --seed=1 \
    --today=$today --json > "$dir/sample.json"
first=$(head -1 "$city/plan.txt" | cut -d' ' -f1)

say "2/6  a store with a development authority"
"$program" init --store="$store" --signatures=optional --clock=free --today="$first" --json \
    > "$dir/init.json"

say "3/6  registers and wishes, day by day"
total=$(grep -c . "$city/plan.txt")
done=0
: > "$dir/import.jsonl"
: > "$dir/answers.jsonl"
while read -r day what a b; do
    status=0
    case "$what" in
        trust) "$program" trust add "$city/$a" --store="$store" --today="$day" --json --quiet \
            >> "$dir/import.jsonl" || status=$? ;;
        import) "$program" import "$a" "$city/$b" --store="$store" --today="$day" --json --quiet \
            >> "$dir/import.jsonl" || status=$? ;;
        submit) "$program" submit "$city/$a" --store="$store" --today="$day" --quiet \
            >> "$dir/answers.jsonl" || status=$? ;;
    esac
    [ "$status" -le 1 ] || { say "stopped: $day $what $a $b ended with $status"; exit "$status"; }
    done=$((done + 1))
    step "$day" "$done" "$total"
done < "$city/plan.txt"
[ -t 1 ] && printf '\r\033[K'

say "4/6  the nightly run: every certificate as a signed PDF"
"$program" regenerate --store="$store" --today=$today --json > "$dir/regenerate.json" || [ $? -eq 1 ]

say "5/6  a signed checkpoint of the log"
"$program" checkpoint --store="$store" --json > "$dir/checkpoint.json"

say "6/6  the log, verified from its first event"
"$program" audit verify --store="$store" --json > "$dir/verify.json"

rendered=$(field rendered < "$dir/regenerate.json")
failed=$(field failed < "$dir/regenerate.json")
seconds=$(field seconds < "$dir/regenerate.json")
rate=$(awk -v n="$rendered" -v s="$seconds" 'BEGIN {r = 0; if (s + 0 > 0) r = n / s; printf "%d", r}')
accepted=$(grep -c '"outcome":"accepted"' "$dir/answers.jsonl" || true)
refused=$(grep -cE '"outcome":"(refused|invalid)"' "$dir/answers.jsonl" || true)
example=$(sed -n 's/.*"certificates":\["\([^"]*\)".*/\1/p' "$dir/answers.jsonl" | head -1)
"$program" list records --store="$store" --today=$today --json > "$dir/records.jsonl"
records=$(grep -c . "$dir/records.jsonl" || true)
levels=$(for level in A B C D; do printf '%s %s  ' $level "$(grep -c "\"level\":\"$level\"" "$dir/records.jsonl")"; done)
# The first applicant's records are used in an application that was approved.
applicant=$(sed -n 's/.*"id_number":"\([^"]*\)".*/\1/p' "$city/file/09-enterprise-01.jsonl" | head -1)
say ""
say "a personnel file, as list records has it:"
"$program" list records --person="$applicant" --store="$store" --today=$today
say ""
"$program" status --store="$store" --today=$today
cat <<EOT

  wishes      $accepted accepted, $refused refused, each with its rule: $dir/answers.jsonl
  documents   $rendered rendered and signed in $seconds s ($rate a second), $failed failed
  records     $records in personnel files, by level: $levels
  they lie in $store/certificates, the city in $city
  all took    $(($(date +%s) - begin)) s

  what to try next:
    export ANZHENG_STORE=$store
    build/anzheng list certificates --limit=10
    build/anzheng show certificate '$example'
    build/anzheng audit history certificate '$example'
    build/anzheng show person $applicant
    build/anzheng audit history person $applicant
    build/anzheng rebuild --verify
    build/anzheng help
EOT
