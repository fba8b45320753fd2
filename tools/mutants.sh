# ./dev mutants PATH... [TEST...]: code changed place by place; which changes no test notices.
# shellcheck shell=bash

cmd_mutants() {
    local argument paths=() tests=() options=(-p mutant_run -p no:cacheprovider -q)
    for argument in "$@"; do
        case ${argument##*/} in
            test_*) tests+=("$argument") ;;
            --every=*) options+=("$argument") ;;
            *.py) paths+=("$argument") && options+=("--mutants=$argument") ;;
            *) die "neither code nor a test: $argument" ;;
        esac
    done
    [ ${#paths[@]} -gt 0 ] || die "usage: ./dev mutants PATH... [TEST...] [--every=N]"
    [ ${#tests[@]} -gt 0 ] || mapfile -t tests < <(for argument in "${paths[@]}"; do fitting_tests "$argument"; done | awk '!seen[$0]++')
    [ ${#tests[@]} -gt 0 ] || die "no test names anything of ${paths[*]}: give the files"
    set_up test
    say "tests: ${tests[*]}"
    case ${paths[0]} in
        */engine/*) options+=(-p no:odoo) ;;
        *)
            mapfile -t ADDONS < <(addons names)
            use_cluster test
            kept_database || [ $? = 2 ] || die "no database"
            options+=(--odoo-config="$CONF" --odoo-database="$TEST_DB" --odoo-http --odoo-log-level=critical)
            ;;
    esac
    PYTHONPATH=$TOOLS HYPOTHESIS_STORAGE_DIRECTORY=$LOCAL/hypothesis PYTHONDONTWRITEBYTECODE=1 \
        "$VENV/bin/python" -m pytest "${options[@]}" "${tests[@]}"
}

# The engine's tests are quick: those that name the module first, then the others, those
# with random facts last. Of everything else see fitting_tests.py.
fitting_tests() { # PATH
    local name
    name=$(basename "$1" .py)
    case $1 in
        */engine/*)
            { grep -lE "\b$name\b" tests/engine/test_*.py; grep -LE "\b$name\b" tests/engine/test_*.py; } \
                | grep -v test_properties
            echo tests/engine/test_properties.py
            ;;
        *) "$VENV/bin/python" "$TOOLS/fitting_tests.py" "$1" ;;
    esac
}
