#!/bin/sh
# t0520-regenerate - the nightly run: what it selects, that it does nothing twice, that any number of
# workers makes the same, that it stops at a signal and goes on, and that it does not sign with a
# certificate that is not valid (CONTRACT 6).
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"

write_town
# A crowd, so that a run lasts long enough to be stopped.
CROWD=$(smaller 600 300)
write_foreigners $CROWD
make_town s
is "the town is made" "$?" 0
night=--now=2026-05-05T20:00:00+08:00

# --- what is selected -----------------------------------------------------------------------------
before=$(newest s)
run regenerate --dry-run --store=s $night --json
status_is 0 "a dry run"
is "counts" "$(field wanted) $(field rendered) $(field failed)" "11 0 0"
is "and changes nothing" "$(newest s) $(find s/certificates -name '*.pdf' | wc -l)" "$before 0"
run regenerate --certificate='沪建安B(2019)0000002' --store=s $night --json
is "one certificate" "$status $(field wanted) $(field rendered)" "0 1 1"
run regenerate --certificate='沪建安B(2019)0000002' --certificate='沪建安B(2019)0000004' --store=s $night --json
is "two, one of them done" "$status $(field wanted) $(field rendered) $(field unchanged)" "0 1 1 1"
run regenerate --certificate='沪建安B(2019)0009999' --store=s $night
status_is 1 "an unknown number"
err_has '沪建安B(2019)0009999' "is named"
run regenerate --certificate='沪建安A(2019)0000007' --store=s $night
status_is 1 "a paper certificate has no document"
run regenerate --enterprise="$E1" --workers=1 --store=s $night --json
is "one enterprise" "$status $(field wanted) $(field rendered)" "0 3 3"
run regenerate --enterprise=nonsense --store=s $night
status_is 1 "an enterprise that is none"
run regenerate --enterprise=91310109MATEX0009X --store=s $night
status_is 1 "one that nobody knows"
err_has 91310109MATEX0009X "is named"
run regenerate --workers=many --store=s $night
status_is 64 "workers that are no number"
run regenerate --workers=3 --store=s $night --json
is "the rest, three workers" "$status $(field rendered) $(field failed)" "1 4 2"
run regenerate --certificate='沪建安B(2019)0000002' --store=s $night --json
is "nothing is done twice" "$status $(field wanted) $(field unchanged)" "0 0 1"
run regenerate --enterprise="$E1" --store=s $night --json
is "for an enterprise neither" "$status $(field wanted) $(field unchanged)" "0 0 5"
before=$(newest s)
run regenerate --certificate='沪建安B(2019)0000002' --store=s $night --json
is "and that leaves no event" "$(newest s)" "$before"
grep -q '^anzheng_items_done{job="regenerate"} ' s/reports/regenerate.prom
report $? "a metrics file is written"

# --- any number of workers makes the same ---------------------------------------------------------
find s/certificates -name '*.pdf' | sort > before
for workers in 1 3; do
    run regenerate --all --workers=$workers --store=s $night --json
    is "all anew with $workers" "$(field rendered) $(field failed)" "9 2"
    find s/certificates -name '*.pdf' | sort > after
    cmp -s before after
    report $? "$workers workers: the same files"
done

# --- stopped in the middle, then finished ---------------------------------------------------------
today=--now=2026-05-06T09:00:00+08:00
run import identities crowd.csv --store=s $today --json
is "the crowd is collected" "$(field accepted)" $CROWD
run import paper crowd-paper.csv --store=s $today --json
is "and certified" "$(field accepted)" $CROWD
run submit crowd.jsonl --store=s $today
status_is 0 "and exchanged"
documents() { find s/certificates -name '*.pdf*' | wc -l; }
before=$(documents)
"$ANZHENG" regenerate --enterprise="$E3" --workers=1 --store=s $today --json > stopped 2> "$err" &
pid=$!
while [ "$(find s/certificates -name '*.pdf' | wc -l)" -lt 40 ] && kill -0 $pid 2> "$out"; do sleep 0.01; done
kill -TERM $pid 2> "$out"
drawn=$(($(documents) - before))
wait $pid
is "a stopped run says: run it again" "$?" 75
first=$(sed -n 's/.*"rendered":\([0-9]*\).*/\1/p' stopped)
[ "$first" -gt 0 ] && [ "$first" -lt $CROWD ]
report $? "it had done a part"
[ "$((first - drawn))" -le 8 ] # four pages are on their way to a worker; some are drawn while we count
report $? "and finished only what was begun at the signal ($first, $drawn were there)"
[ ! -e s/reports/regenerate.unfinished ]
report $? "whole"
run regenerate --enterprise="$E3" --store=s $today --json
is "the second run does the rest" "$status $(($(field rendered) + first))" "0 $CROWD"
run regenerate --enterprise="$E3" --store=s $today --json
is "and then there is nothing left" "$status $(field wanted)" "0 0"
is "no half-written file" "$(find s/certificates -type f ! -name '*.pdf' | wc -l)" 0
run rebuild --verify --store=s
status_is 0 "the views are those of the log"

# --- a certificate that is not valid signs nothing ------------------------------------------------
before=$(newest s)
run regenerate --all --store=s --now=2100-01-01T00:00:00+08:00
status_is 78 "the signing certificate has expired"
err_has 2100-01-01 "the day is named"
run regenerate --all --store=s --now=2100-01-01T00:00:00+08:00 --lang=zh
err_has 证书 "in Chinese too"
is "nothing was made" "$(newest s)" "$before"
mkdir authority
: > authority/index.txt
echo 01 > authority/serial
printf '[ca]\ndefault_ca=d\n[d]\ndatabase=authority/index.txt\nnew_certs_dir=authority\nserial=authority/serial\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n' > authority.conf
printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n' > root.ext
printf 'keyUsage=critical,digitalSignature,nonRepudiation\n' > old.ext
for name in root old; do
    openssl req -newkey rsa:2048 -nodes -keyout $name.key -out $name.csr -subj "/CN=invented $name" 2> "$err"
    [ $name = root ] && by=-selfsign || by="-cert root.pem"
    # shellcheck disable=SC2086
    openssl ca -batch -config authority.conf $by -keyfile root.key -in $name.csr -out $name.pem -notext \
        -startdate 20200101000000Z -enddate 20210101000000Z -extfile $name.ext > "$out" 2>&1
done
is "an expired certificate is made" "$?" 0
for now in 2026-05-01 2020-05-01; do
    run init --store=old --signatures=optional --clock=free --json --today=$now \
        --root-cert=root.pem --document-cert=old.pem --document-key=old.key --log-key=s/keys/log.key
    case $now in
        2026*) status_is 78 "no store is made with it"; [ ! -e old ]; report $? "not even a folder" ;;
        *) status_is 0 "unless it was valid then" ;;
    esac
done
fill_town old > "$out"
before=$(newest old)
run regenerate --store=old $night
status_is 78 "does not render"
is "and logs nothing" "$(newest old)" "$before"
run submit end.jsonl --store=old --now=2026-05-06T09:00:00+08:00
is "wishes are kept though" "$(grep -c '"outcome":"accepted"' "$out")" 3
run list cancellations --store=old --json
out_has '"document":{"status":"pending"' "their proofs wait"
done_testing
