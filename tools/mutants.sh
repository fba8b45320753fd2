# ./dev mutants PATH [TEST...]: code changed place by place; which changes no test notices.
# shellcheck shell=bash

cmd_mutants() {
    [ $# -gt 0 ] && [ -f "$1" ] || die "usage: ./dev mutants PATH [TEST...]"
    local path=$1 tests=()
    shift
    mapfile -t tests < <([ $# = 0 ] && fitting_tests "$path" || printf '%s\n' "$@")
    [ ${#tests[@]} -gt 0 ] || die "no test names anything of $path: give the files"
    set_up test
    say "tests: ${tests[*]}"
    case $path in
        */engine/*) mutants "$path" -p no:odoo "${tests[@]}" ;;
        *)
            mapfile -t ADDONS < <(addons names)
            use_cluster test
            kept_database || [ $? = 2 ] || die "no database"
            mutants "$path" --odoo-config="$CONF" --odoo-database="$TEST_DB" --odoo-http \
                --odoo-log-level=critical "${tests[@]}"
            ;;
    esac
}

mutants() { # PATH ARGUMENTS FOR PYTEST...
    local path=$1
    shift
    PYTHONPATH=$TOOLS HYPOTHESIS_STORAGE_DIRECTORY=$LOCAL/hypothesis PYTHONDONTWRITEBYTECODE=1 \
        "$VENV/bin/python" "$TOOLS/mutants.py" "$path" -- \
        "$VENV/bin/python" -m pytest -p mutant_loader -p no:cacheprovider -x -q "$@"
}

# The engine's tests are quick: those that name the module first, then the others, those
# with random facts last. Of everything else the tests that name the module.
fitting_tests() { # PATH
    local name
    name=$(basename "$1" .py)
    case $1 in
        */engine/*)
            { grep -lE "\b$name\b" tests/engine/test_*.py; grep -LE "\b$name\b" tests/engine/test_*.py; } \
                | grep -v test_properties
            echo tests/engine/test_properties.py
            ;;
        *) grep -lE "\b($name|${name#hr_commission_})\b" hr_sales_commission*/tests/test_*.py ;;
    esac
}
