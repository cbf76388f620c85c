# fetch_store - an empty store ./s for registers that are fetched, $ANZHENG_STORE, and $now; after lib.sh:
# `. fetch_store.sh`. What serves and packs them is python3; without it the script ends, skipped.
if ! command -v python3 > "$out"; then
    echo "1..0 # SKIP python3 is not installed"
    exit 0
fi
run init --store=s --signatures=optional --clock=free --today=2026-06-01 --json
now=--now=2026-06-01T09:00:00+08:00
export ANZHENG_STORE="$work/s"
