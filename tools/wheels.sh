# ./dev wheels: the addons as wheels, built by whool and tried on a plain Odoo.
# shellcheck shell=bash

WHEELS=$LOCAL/wheels

cmd_wheels() {
    set_up test
    use_cluster test
    mapfile -t ADDONS < <(addons names)
    mapfile -t CHANNELS < <(addons channels)
    with_lock wheels try_wheels
}

try_wheels() {
    local db=wheels log=$LOGS/wheels.log template missing
    build_wheels || die "the wheels could not be built: see $LOGS/wheels-build.log"
    template=$(template_for "${ADDONS[@]}") && db_copy "$template" "$db" || return
    say "installing the wheels on a plain Odoo"
    # Only Odoo's own addons path and site-packages: no folder of this repository.
    PYTHONPATH=$WHEELS/site "$VENV/bin/odoo" --db_host="$PGHOST" --db_user=odoo --data-dir="$DATA" -d "$db" \
        --addons-path="$(odoo_addons_path),$WHEELS/site/odoo/addons" -i "$(printf '%s\n' "${ADDONS[@]}" | comma)" \
        --no-http --stop-after-init >"$log" 2>&1 && check_log "$log" || { db_drop "$db"; return 1; }
    # the small ones install themselves beside what they need, which is not here
    missing=$(sql "SELECT name FROM ir_module_module WHERE name IN ('$(printf '%s\n' "${ADDONS[@]}" | comma | sed "s/,/','/g")') AND state != 'installed'" "$db")
    db_drop "$db"
    [ -z "$missing" ] || { warn "not installed: $missing"; return 1; }
    say "wheels: ok ($WHEELS/dist)"
}

build_wheels() {
    local addon
    rm -rf "$WHEELS/dist" "$WHEELS/site"
    [ -x "$WHEELS/venv/bin/pip" ] || "$(find_python)" -m venv "$WHEELS/venv" || return
    {
        "$WHEELS/venv/bin/pip" install --quiet whool || return
        for addon in "${ADDONS[@]}" "${CHANNELS[@]}"; do
            "$WHEELS/venv/bin/pip" wheel --quiet --no-deps --no-build-isolation -w "$WHEELS/dist" "./$addon" || return
        done
        "$WHEELS/venv/bin/pip" install --quiet --no-deps --target "$WHEELS/site" "$WHEELS"/dist/*.whl
    } >"$LOGS/wheels-build.log" 2>&1
}
