# ./dev test: everything on fresh databases, or some tests on a kept one.
# shellcheck shell=bash

TEST_DB=${DEV_DB:-test}
RESULTS=$LOCAL/results

cmd_test() {
    check_db_name "$TEST_DB"
    set_up test
    mapfile -t ADDONS < <(addons names)
    with_lock "tests-$TEST_DB" run_tests "$@"
}

run_tests() {
    SELECTED=$*
    NOTES=$RESULTS/$TEST_DB
    rm -rf "${NOTES:?}"
    mkdir -p "$NOTES"
    touch "$NOTES"/{failed,runs}
    if [ $# = 0 ]; then test_everything; else test_selected "$@"; fi
    closing_line
}

step() { # NAME COMMAND...: a failure is noted, the others still run
    local name=$1 begin=$SECONDS rc=0
    shift
    say "== $name"
    "$@" || rc=$?
    if [ $rc = 0 ]; then
        say "== $name: ok ($((SECONDS - begin)) s)"
    else
        echo "$name" >>"$NOTES/failed"
        say "== $name: FAILED ($((SECONDS - begin)) s)"
    fi
    return $rc
}

# Each on a core of its own; what the second says is shown once the first is done.
side_by_side() { # FUNCTION FUNCTION
    local said=$NOTES/side_by_side.out rc=0
    "$2" >"$said" 2>&1 &
    "$1" || rc=1
    wait $! || rc=1
    cat "$said"
    return $rc
}

# The same for making a database: one that only warned is good enough to go on with.
database_step() {
    step "$@" || [ $? = 2 ]
}

closing_line() {
    local rc=0 runs
    [ ! -s "$NOTES/failed" ] || { say "failed: $(paste -sd';' "$NOTES/failed")"; rc=1; }
    say "logs: $LOGS"
    mapfile -t runs <"$NOTES/runs"
    "$VENV/bin/python" "$TOOLS/results.py" total "${runs[@]}" || rc=1
    return $rc
}

# --- everything --------------------------------------------------------------------

test_everything() {
    local core=${TEST_DB}_core
    use_cluster test
    side_by_side installations checks_without_database
    ! is_installed "$core" || step "core alone: tests" odoo_tests core "$core" -n 2 --core-alone "${ADDONS[0]}"
    is_installed "$TEST_DB" || return
    step "all addons: tests" odoo_tests all "$TEST_DB" -n 2 "${ADDONS[@]}"
    side_by_side samples_and_removal channels
    step "no test forgotten" every_file_ran
    db_drop "$core"
    check_log --unused "$LOGS"/*-"$TEST_DB"*.log "$NOTES"/*.log | grep 'nothing needed'
}

every_file_ran() {
    local runs
    mapfile -t runs <"$NOTES/runs"
    "$VENV/bin/python" "$TOOLS/results.py" all "${runs[@]}"
}

checks_without_database() {
    step "engine tests" engine_tests
    step "lint" lint
}

installations() {
    local core=${TEST_DB}_core
    db_drop "$core"
    db_drop "$TEST_DB"
    database_step "core alone: installation" db_with_addons "$core" "${ADDONS[0]}" && make_cast "$core"
    database_step "all addons: installation" db_with_addons "$TEST_DB" "${ADDONS[@]}" && make_cast "$TEST_DB" \
        && step "all addons: pages" make_bundles "$TEST_DB"
}

# A database in use cannot be copied: translations, which looks into it, comes last.
samples_and_removal() {
    step "sample addons" sample_tests
    step "update and uninstallation" update_and_uninstall
    step "translations" translations_current "$TEST_DB"
}

channels() { step "channels" channel_tests; }

is_installed() { [ -e "$STATE/$CLUSTER-$1.addons" ] && db_exists "$1"; } # DATABASE

# The people of the tests, made once: each class would need seconds for them.
make_cast() { # DATABASE
    odoo_shell "$1" <<'PYTHON' && cast_hash >"$STATE/test-$1.cast"
from odoo.addons.base.models import res_users
from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT
from odoo.addons.hr_sales_commission.tests import cast
res_users.MIN_ROUNDS = 1  # as in tests: passwords of a third of a second each are no secret here
quiet = env(context={**env.context, **DISABLED_MAIL_CONTEXT})
cast.make(quiet)
if "account.move" in env and "hr.commission.document" in env:
    from odoo.addons.hr_sales_commission_account.tests import books
    books.make(quiet)
env.cr.commit()
PYTHON
}

cast_hash() { cat hr_sales_commission/tests/cast.py hr_sales_commission_account/tests/books.py | sha256sum; }

# What each browser asks for first, made once: a test takes back what it made.
make_bundles() { # DATABASE
    odoo_shell "$1" <<'PYTHON'
for bundle in ("web.assets_web", "web.assets_web_print", "web.assets_tests",
               "web.assets_unit_tests_setup", "web.assets_unit_tests",
               "web.assets_backend_lazy", "web.chartjs_lib"):
    files = env["ir.qweb"]._get_asset_bundle(bundle, assets_params={})
    files.js(), files.css()
env.cr.commit()
PYTHON
}

# Addons of others build on ours: installed on a copy, tested, removed without a trace.
sample_tests() { # PATHS AND OPTIONS FOR PYTEST...
    local db=${TEST_DB}_samples log=$LOGS/samples-$TEST_DB.log names rc=0
    names=$(basename -a tests/addons/*/ | comma)
    [ $# -gt 0 ] || set -- tests/addons
    db_copy "$TEST_DB" "$db" && odoo_run "$log" "$db" -i "$names" --no-http --stop-after-init \
        && check_log "$log" || return
    odoo_tests samples "$db" "$@" || rc=1
    # shellcheck disable=SC2086
    "$VENV/bin/odoo" module uninstall -c "$CONF" -d "$db" ${names//,/ } >"$log" 2>&1 \
        && check_log "$log" && nothing_left "$TEST_DB" "$db" sample_commission || rc=1
    db_drop "$db"
    return $rc
}

# Odoo's website, events, mailings, live chat and surveys, with our addons between, and
# its attendances beside ours.
channel_tests() { # PATHS AND OPTIONS FOR PYTEST...
    local db=${TEST_DB}_channels log=$LOGS/channels-$TEST_DB.log names rc=0
    mapfile -t names < <(addons channels)
    [ $# -gt 0 ] || set -- "${names[@]}" tests/beside
    names+=(hr_attendance)
    db_copy "$TEST_DB" "$db" && odoo_run "$log" "$db" -i "$(printf '%s\n' "${names[@]}" | comma)" --no-http --stop-after-init \
        && check_log "$log" || return
    odoo_tests channels "$db" "$@" || rc=1
    db_drop "$db"
    return $rc
}

engine_tests() {
    pytest_run engine -p no:odoo tests/engine "$@"
}

# Update once, then remove: neither a table, a column nor a record of ours may stay.
update_and_uninstall() {
    local copy=${TEST_DB}_leave log=$LOGS/update-${TEST_DB}_leave.log template rc=0
    template=$(template_for "${ADDONS[@]}") && db_copy "$TEST_DB" "$copy" || return
    odoo_run "$log" "$copy" -u "$(printf '%s\n' "${ADDONS[@]}" | comma)" --no-http --stop-after-init \
        && check_log "$log" || rc=1
    log=$LOGS/uninstall-$TEST_DB.log
    "$VENV/bin/odoo" module uninstall -c "$CONF" -d "$copy" "${ADDONS[@]}" >"$log" 2>&1 \
        && check_log "$log" && nothing_left "$template" "$copy" hr_sales_commission || rc=1
    db_drop "$copy"
    return $rc
}

COLUMNS="SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'"
LEFTOVERS="SELECT 'record ' || module || '.' || name FROM ir_model_data WHERE module LIKE"

nothing_left() { # BEFORE AFTER START_OF_ADDON_NAMES
    local left
    left=$(comm -13 <(sql "$COLUMNS" "$1" | sort) <(sql "$COLUMNS" "$2" | sort); sql "$LEFTOVERS '$3%'" "$2")
    [ -z "$left" ] || { printf 'left after uninstallation: %s\n' $left; return 1; }
}

# --- some --------------------------------------------------------------------------

# Paths (with ::test) decide whether the engine's or Odoo's tests run; none means both.
test_selected() {
    local argument engine=() odoo=() samples=() channels=() options=()
    for argument in "$@"; do
        case ${argument%%::*} in
            tests/addons | tests/addons/*) samples+=("$argument") ;;
            tests/beside | tests/beside/*) channels+=("$argument") ;;
            tests | tests/*) engine+=("$argument") ;;
            hr_sales_commission_automation* | hr_sales_commission_event* | hr_sales_commission_livechat* | hr_sales_commission_mailing* \
                | hr_sales_commission_survey* | hr_sales_commission_website*) channels+=("$argument") ;;
            hr_sales_commission*) odoo+=("$argument") ;;
            *) options+=("$argument") ;;
        esac
    done
    if [ ${#engine[@]} = 0 ] && [ ${#odoo[@]} = 0 ] && [ ${#samples[@]} = 0 ] && [ ${#channels[@]} = 0 ]; then
        engine=(tests/engine)
        odoo=("${ADDONS[@]}")
    fi
    [ ${#engine[@]} = 0 ] || step "engine tests" pytest_run engine -p no:odoo "${engine[@]}" "${options[@]}"
    [ ${#odoo[@]} = 0 ] && [ ${#samples[@]} = 0 ] && [ ${#channels[@]} = 0 ] && return
    use_cluster test
    database_step "database" kept_database || return
    [ ${#odoo[@]} = 0 ] || step "tests" odoo_tests all "$TEST_DB" "${odoo[@]}" "${options[@]}"
    [ ${#samples[@]} = 0 ] || step "sample addons" sample_tests "${samples[@]}" "${options[@]}"
    [ ${#channels[@]} = 0 ] || step "channels" channel_tests "${channels[@]}" "${options[@]}"
}

kept_database() {
    local rc
    if is_installed "$TEST_DB" && [ "$(cast_hash)" = "$(cat "$STATE/test-$TEST_DB.cast" 2>/dev/null)" ]; then
        db_update "$TEST_DB" "${ADDONS[@]}"
        rc=$?
        [ $rc = 1 ] || return $rc
    fi
    db_with_addons "$TEST_DB" "${ADDONS[@]}" && make_cast "$TEST_DB"
}

# --- pytest ------------------------------------------------------------------------

pytest_run() { # NAME ARGUMENTS...
    local result=$RESULTS/$TEST_DB/$1 rc
    shift
    echo "$result.json" >>"$NOTES/runs"
    DEV_RESULT=$result PYTHONPATH=$TOOLS HYPOTHESIS_STORAGE_DIRECTORY=$LOCAL/hypothesis \
        "$VENV/bin/python" -m pytest -p pytest_watch -p no:cacheprovider -q -rfE "$@"
    rc=$?
    # 5: no test ran. A selection may miss this run; the closing line counts them all.
    [ $rc = 0 ] || { [ $rc = 5 ] && [ -n "$SELECTED" ]; } || return 1
    "$VENV/bin/python" "$TOOLS/results.py" skips "$result.json"
}

odoo_tests() { # NAME DATABASE ARGUMENTS...
    local name=$1 db=$2 rc=0
    shift 2
    pytest_run "$name" --odoo-config="$CONF" --odoo-database="$db" --odoo-http --odoo-log-level=warn \
        --odoo-extra screenshots="$LOGS/screenshots" --dist loadscope --no-loadscope-reorder "$@" || rc=1
    check_log "$RESULTS/$TEST_DB/$name"*.log || rc=1
    return $rc
}
