#!/bin/sh
# t0880-proofs - the proofs as a whole: who signed, when they are due, how long lists continue, what
# a withdrawn departure leaves (R-CX, R-DP, RULES 2.3). Their text and form: t0500.
. "$(dirname "$0")/town.sh"
. "$(dirname "$0")/lib.sh"

COUNT=130 # certificates of one person
HOLDER=310101189912310025
write_crowd() {
    echo 证书编号,类别,姓名,证件类型,证件号码,统一社会信用代码,企业名称,职务,初次领证日期,发证日期,有效期至,状态
    n=0
    while [ $n -lt $COUNT ]; do
        n=$((n + 1))
        printf '沪建安B(2018)%07d,B,周多证,身份证,%s,%s,上海甲示范建设有限公司,,2019-01-05,2025-01-05,2028-01-04,有效\n' \
            $n $HOLDER $E1
    done
}

text() { pdftotext -layout "$1" - 2> "$err" | tr -d ' \n'; }
proof_of() { # certificate, kind, enterprise: into ./proof.pdf
    rm -f proof.pdf
    run download "$1" --proof="$2" --enterprise="$3" --out=proof.pdf --store=s --today=2026-05-06
}
at() { echo "--now=2026-05-06T$1+08:00"; } # a time of that day
metric() { sed -n "s/^anzheng_$1 //p" s/reports/departure-proofs.prom; }

write_town
echo "周多证,男,汉,18991231,上海市示范路9号,身份证,$HOLDER,示例分局,2016-01-01,长期,photos/01.jpg,示范区1号窗,2020-06-01,读卡,有" >> identities.csv
make_town s
is "the town is made" "$?" 0
write_crowd > crowd.csv
run import paper crowd.csv --store=s --now=2026-05-05T10:00:00+08:00
status_is 0 "one person has 130 certificates"
grep 沪 crowd.csv | while IFS=, read -r number rest; do
    printf '{"id":"m-%s","action":"exchange","enterprise":"%s","certificate":"%s","confirmed":true}\n' \
        "${number#*)}" "$E1" "$number"
done > crowd.jsonl
run submit crowd.jsonl --store=s --now=2026-05-05T11:00:00+08:00 --quiet
status_is 0 "all of them electronic"
run trust issue --code=$E1 --out=keys --store=s --now=2026-05-05T12:00:00+08:00 --quiet
status_is 0 "a certificate for the enterprise's signature"

# --- cancellation: there with the signature -----------------------------------------------------
run list cancellations --store=s --json --today=2026-05-06
is "R-CX-02: nothing is cancelled yet" "$(wc -l < "$out" | tr -d ' ')" 0
run cancel --certificate='沪建安B(2018)0000001' --enterprise=$E1 --reason=employment_ended --confirmed \
    --store=s "$(at 09:00:00)" --signer-cert=keys/$E1.pem --signer-key=keys/$E1.key
status_is 0 "cancelled and signed"
proof_of '沪建安B(2018)0000001' cancellation $E1
status_is 0 "R-CX-09: the proof can be had right after the signature"
digest=$(openssl x509 -in keys/$E1.pem -outform DER | sha256sum | cut -c1-16)
case $(text proof.pdf) in
    *"证书注销申请表已由企业电子签名：2026年5月6日，签名证书SHA-256摘要$digest"*) told=0 ;;
    *) told=1 ;;
esac
report $told "R-CX-09: it tells whose signature the application has, and of when"
archival proof.pdf "PDF/A-1b: a cancellation proof"
[ "$(pdfsig proof.pdf 2> "$err" | grep -c 'Signature #')" -eq 1 ]
report $? "R-CX-09: and the authority signed it"
run cancel --certificate='沪建安B(2018)0000002' --enterprise=$E1 --reason=deceased_or_incapacitated \
    --confirmed --store=s "$(at 09:01:00)"
status_is 0 "cancelled for the other reason, in a store that may go without signatures"
proof_of '沪建安B(2018)0000002' cancellation $E1
case $(text proof.pdf) in
    *电子签名*) told=1 ;;
    *姓名周多证*证书编号沪建安B\(2018\)0000002*) told=0 ;;
    *) told=1 ;;
esac
report $told "R-CX-09: without a signature none is told"
run list cancellations --store=s --lang=zh --today=2026-05-06
out_has 已完成 "R-CX-02: the list says 已完成"
proof_of '沪建安B(2018)0000003' cancellation $E1
status_is 1 "R-CX-02: what is not cancelled has no proof"
proof_of '沪建安B(2018)0000001' cancellation $E2
status_is 1 "R-DP-15, R-CX-02: the proof is its enterprise's alone"

# --- departure: due within the hour -------------------------------------------------------------
cat > depart.jsonl <<END
{"id":"d1","action":"depart","enterprise":"$E1","person":{"name":"周多证","id_type":"身份证","id_number":"$HOLDER"},"confirmed":true}
{"id":"d2","action":"depart","enterprise":"$E2","person":{"name":"李二","id_type":"身份证","id_number":"310101197203030055"},"confirmed":true}
END
mv s/keys/document.key away.key
run submit depart.jsonl --store=s "$(at 10:00:00)" --lang=zh
status_is 1 "the proofs cannot be signed now"
out_has '您的变更离沪事项已受理，变更离沪证明文件正在生成中，请一小时后在当前页面查看下载变更离沪证明。' \
    "R-DP-06: the departure is accepted, in the manual's words"
proof_of '沪建安C2(2019)0000005' departure $E2
status_is 1 "R-DP-07: its proof is not there yet"
err_has '[document_not_ready' "R-DP-07: and that is said"
run status --store=s --json "$(at 11:00:00)"
out_has '"oldest_departure_proof":"2026-05-06T10:00:00+08:00","oldest_departure_proof_seconds":3600,"departure_proofs_waiting":2,"departure_proofs_overdue":0' \
    "R-DP-06: after an hour to the second none is late"
is "R-DP-06: the collector is told of the waiting ones" "$(metric departure_proofs_waiting)" 2
is "R-DP-06: none is late" "$(metric departure_proofs_overdue)" 0
is "R-DP-06: since when" "$(metric oldest_departure_proof_timestamp_seconds)" \
    "$(date -d 2026-05-06T10:00:00+08:00 +%s)"
run status --check --store=s --json "$(at 11:00:00)"
out_lacks proofs_overdue "R-DP-06: so nothing is complained of"
run status --check --store=s --json "$(at 11:00:01)"
status_is 1 "R-DP-06: a second later --check ends with 1"
out_has check_proofs_overdue "R-DP-06: naming the late proofs"
run status --check --store=s "$(at 12:30:00)"
out_has 'departure proofs overdue, an hour after their acceptance (R-DP-06): 2; the oldest was accepted at 2026-05-06T10:00:00+08:00, 150 minutes ago' \
    "R-DP-06: in English"
run status --check --store=s "$(at 12:30:00)" --lang=zh
out_has '逾期（受理后超过一小时，R-DP-06）未生成的离沪证明：2 份；最早的受理于 2026-05-06T10:00:00+08:00，已 150 分钟' \
    "R-DP-06: in Chinese"
run status --store=s "$(at 12:30:00)" --lang=zh
out_has 逾期（一小时）的离沪证明 "R-DP-06: the screen tells it too"
out_has 9000 "R-DP-06: with the seconds of waiting"
is "R-DP-06: the collector is told that they are late" "$(metric departure_proofs_overdue)" 2
mv away.key s/keys/document.key
run regenerate --store=s "$(at 12:40:00)" --json
is "R-DP-06: regenerate makes what is owed" "$(metric departure_proofs_waiting) $(metric departure_proofs_overdue) $(metric oldest_departure_proof_timestamp_seconds)" "0 0 0"
run status --store=s --json "$(at 12:41:00)"
out_has '"oldest_departure_proof":null,"oldest_departure_proof_seconds":null,"departure_proofs_waiting":0,"departure_proofs_overdue":0' \
    "R-DP-06: then none waits"
run status --check --store=s --json "$(at 12:41:00)"
out_lacks proofs_overdue "R-DP-06: and none is complained of"

# --- many certificates, on several sheets -------------------------------------------------------
proof_of '沪建安B(2018)0000017' departure $E1
status_is 0 "R-DP-07: the proof can be had"
is "R-DP-15: for its owner's eyes" "$(stat -c %a proof.pdf)" 600
out_lacks $HOLDER "R-DP-15: the full number is in the document alone"
is "R-DP-09: 128 certificates take four sheets" "$(pdfinfo proof.pdf | sed -n 's/^Pages: *//p')" 4
is "R-DP-09: a line for each" \
    "$(pdftotext -layout proof.pdf - | grep -c '项目负责人证，沪建安B(2018)0000[01][0-9][0-9]，有效期至：2028-01-04，发证日期：2025-01-05')" 128
pdftotext -layout -l 3 proof.pdf first.txt
pdftotext -layout -f 4 proof.pdf last.txt
is "R-DP-09: the opinion stands on the last sheet" \
    "$(grep -c 同意变更离沪 first.txt) $(grep -c 同意变更离沪 last.txt)" "0 1"
is "R-DP-15: the proof has the full number" "$(grep -c $HOLDER first.txt)" 1
qpdf --check proof.pdf > "$out" 2>&1
report $? "several sheets: well-formed PDF"
is "several sheets: one signature over all of them" \
    "$(pdfsig proof.pdf 2> "$err" | grep -cE 'Signature #|Total document signed')" 2

archival proof.pdf "PDF/A-1b: a departure proof of four sheets"

# --- a withdrawn departure ----------------------------------------------------------------------
run withdraw-departure --certificate='沪建安C2(2019)0000005' --decision=沪建管撤〔2026〕1号 --clerk=SH1 \
    --store=s "$(at 14:00:00)"
status_is 0 "R-DP-13: the authority withdraws a departure"
proof_of '沪建安C2(2019)0000005' departure $E2
status_is 1 "R-DP-13: its proof is not handed out any more"
err_has '[departure_withdrawn' "R-DP-13: and that is said"
[ ! -e proof.pdf ]
report $? "R-DP-13: no file is written"
proof_of '沪建安B(2018)0000017' departure $E1
status_is 0 "R-DP-13: another person's proof is untouched"
before=$(find s/proofs -name '*.pdf' | sort)
run correct-certificate --certificate='沪建安C2(2019)0000005' --decision=沪建管更〔2026〕1号 --clerk=SH1 \
    --valid-until=2028-03-31 --store=s "$(at 15:00:00)"
status_is 0 "R-DP-13: the certificate that came back is corrected"
run regenerate --all --store=s "$(at 20:00:00)" --quiet
is "R-BJ-02: drawn anew, proofs show what their order found: the same bytes" \
    "$(find s/proofs -name '*.pdf' | sort)" "$before"

# --- stopped between answers and proofs: the answers fill a pipe until the signal is there ---------
{
    printf '{"id":"z","action":"cancel","enterprise":"%s","certificate":"沪建安C2(2019)0000005","reason":"%s","confirmed":true}\n' \
        $E2 deceased_or_incapacitated
    yes '{"id":"none"}' | head -n 600
} > stopped.jsonl
mkfifo pipe
"$ANZHENG" submit stopped.jsonl --store=s "$(at 21:00:00)" > pipe 2> "$err" &
pid=$!
exec 3< pipe
tries=0
until "$ANZHENG" list cancellations --store=s --json | grep -q '沪建安C2(2019)0000005' || [ $tries -ge 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
kill -TERM $pid
cat <&3 > answers
exec 3<&-
status=0
wait $pid || status=$?
is "stopped before the proofs: every line was answered" "$(wc -l < answers | tr -d ' ') $status" "601 75"
err_has "stopped before it was seen whether proofs are to be made" "and that is said"
run submit stopped.jsonl --store=s "$(at 21:00:00)" --quiet
status_is 1 "the same again"
proof_of '沪建安C2(2019)0000005' cancellation $E2
status_is 0 "makes the proof"
done_testing
