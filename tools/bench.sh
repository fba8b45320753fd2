# ./dev bench [NAME ...]: measure on fresh databases without demo data.
# shellcheck shell=bash

BENCH_LIMIT=${BENCH_LIMIT:-1800} # seconds a part may take; it says what it did not finish

# Each tools/bench/NAME.py runs in an Odoo shell (`env` is there); without a NAME, all.
cmd_bench() {
    local name rc=0
    [ $# -gt 0 ] || set -- $(cd "$TOOLS/bench" && printf '%s\n' *.py | sed 's/\.py$//')
    for name in "$@"; do
        [ -e "$TOOLS/bench/$name.py" ] || die "there is no tools/bench/$name.py"
    done
    set_up demo
    use_cluster test
    mapfile -t ADDONS < <(addons names)
    export PYTHONPATH=$TOOLS BENCH_HISTORY=$LOCAL/bench-history.csv
    BENCH_COMMIT=$(git -C "$ROOT" rev-parse --short HEAD 2>/dev/null || echo unknown)
    export BENCH_COMMIT
    for name in "$@"; do
        db_with_addons bench "${ADDONS[@]}" || [ $? = 2 ] || die "the database for the benchmark could not be made"
        say "== $name"
        bench_part "$name" || rc=1
    done
    db_drop bench
    return $rc
}

bench_part() { # NAME: within its time, and not slower than what is committed
    local name=$1 code=0 log=$LOGS/bench-$1.txt
    timeout --kill-after=30 "$BENCH_LIMIT" "$VENV/bin/odoo" shell -c "$CONF" -d bench \
        --no-http --log-level=warn <"$TOOLS/bench/$name.py" | tee "$log"
    code=${PIPESTATUS[0]}
    case $code in
        0) ;;
        124 | 137) warn "$name did not finish within $BENCH_LIMIT s: what is not shown above was not measured" ;;
        *) warn "$name failed" ;;
    esac
    if grep -q '  WORSE than ' "$log"; then
        warn "$name: a ratio got worse by more than the tolerance, see tools/bench/figures.json"
        code=1
    fi
    return "$code"
}
