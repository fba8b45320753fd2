# ./dev bench [ARGS]: measure on a fresh database without demo data.
# shellcheck shell=bash

# Each tools/bench/*.py runs in an Odoo shell (`env` is there); BENCH_ARGS has the ARGS.
cmd_bench() {
    local script rc=0
    compgen -G "$TOOLS/bench/*.py" >/dev/null || die "no benchmark in tools/bench/"
    set_up demo
    use_cluster test
    mapfile -t ADDONS < <(addons names)
    export BENCH_ARGS="$*"
    for script in "$TOOLS"/bench/*.py; do
        db_with_addons bench "${ADDONS[@]}" || [ $? = 2 ] || die "the database for the benchmark could not be made"
        say "== ${script##*/}"
        odoo_shell bench <"$script" || { warn "${script##*/} failed"; rc=1; }
    done
    db_drop bench
    return $rc
}
