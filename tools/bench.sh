# ./dev bench [NAME ...]: measure on fresh databases without demo data.
# shellcheck shell=bash

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
    export PYTHONPATH=$TOOLS
    for name in "$@"; do
        db_with_addons bench "${ADDONS[@]}" || [ $? = 2 ] || die "the database for the benchmark could not be made"
        say "== $name"
        odoo_shell bench <"$TOOLS/bench/$name.py" || { warn "$name failed"; rc=1; }
    done
    db_drop bench
    return $rc
}
