#!/bin/sh
# t1478-stopped-readers - what only prints ends at the first signal, by that signal, also where nobody reads what
# it prints; a fold that is stopped ends with 75 and leaves nothing of what it was making.
. "$(dirname "$0")/lib.sh"
. "$here/city.sh"
. "$here/crowd.sh"
make_city --signatures=optional
# Prints into a pipe that is full; how it ended behind SIGINT, or "hangs".
cat > full_pipe.py <<'END_OF_PYTHON'
import os, signal, subprocess, sys, time
ends = os.pipe()
os.set_blocking(ends[1], False)
try:
    while True:
        os.write(ends[1], b"x" * 4096)
except BlockingIOError:
    pass
os.set_blocking(ends[1], True)
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=ends[1], stderr=subprocess.DEVNULL)
until = time.monotonic() + 1
while child.poll() is None and "pipe" not in open("/proc/%d/wchan" % child.pid).read():
    if time.monotonic() > until: # no wchan here: it has had its time
        break
    time.sleep(0.01)
child.send_signal(signal.SIGINT)
try:
    print(child.wait(10))
except subprocess.TimeoutExpired:
    child.kill()
    print("hangs")
END_OF_PYTHON
for verb in "list certificates" "show certificate $paper" "status" "audit history enterprise $jia" "help" "policy list --json"; do
    # shellcheck disable=SC2086 # words
    is "$verb: ends by the signal" "$(python3 full_pipe.py "$ANZHENG" $verb)" -2
done

cp -a store before
for verb in "rebuild" "rebuild --verify" "audit replay --until=9 --out=replay" "audit diff --from=3 --to=9" "audit compare" \
    "audit compare --until=9" "list certificates --out=list.csv --csv" "list certificates --out=list.csv --status=revoked"; do
    # shellcheck disable=SC2086 # words
    start_and_stop $verb
    status_is 75 "$verb: stopped"
    grep -q '\[log_stopped\]\|\[export_stopped\]\|\[compare_stopped\]' "$err"
    report $? "$verb: says so"
done
is "nothing is left of them" "$(ls list.csv* replay/* store/views.* 2> "$err")" ""
is "nor altered" "$(cmp store/views/data.mdb before/views/data.mdb 2>&1)" ""

run backup copy
STOP_AT=manifest.json start_and_stop restore copy --store=restored
status_is 75 "restore: stopped"
err_has '[restore_stopped]' "and does not speak of what is kept"
is "for nothing is" "$(ls -d restored .restored* 2> "$err")" ""
done_testing
