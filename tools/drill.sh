# ./dev drill: save a filled database and its files, restore them elsewhere, compare.
# shellcheck shell=bash

cmd_drill() {
    local rc=0
    set_up demo
    use_cluster test
    mapfile -t ADDONS < <(addons names)
    with_lock drill drill || rc=1
    db_drop drill_saved
    db_drop drill
    rm -rf "$LOCAL/drill"
    return $rc
}

drill() {
    local saved=$LOCAL/drill before after
    db_with_addons drill_saved "${ADDONS[@]}" || [ $? = 2 ] || return
    odoo_shell drill_saved <"$TOOLS/drill/fill.py" >"$LOGS/drill.log" 2>&1 || return
    before=$(drill_look drill_saved) || return
    mkdir -p "$saved"
    say "drill: saving"
    pg_dump -Fc -f "$saved/commissions.dump" drill_saved || return
    tar -C "$DATA/filestore/drill_saved" -cf "$saved/filestore.tar" . || return
    say "drill: restoring"
    createdb drill && pg_restore --no-owner -d drill "$saved/commissions.dump" || return
    mkdir -p "$DATA/filestore/drill" && tar -C "$DATA/filestore/drill" -xf "$saved/filestore.tar" || return
    odoo_run "$LOGS/drill-update.log" drill -u hr_sales_commission --no-http --stop-after-init --max-cron-threads=0 || return
    after=$(drill_look drill) || return
    [ "${before##*DRILL }" = "${after##*DRILL }" ] || { warn "the copy differs"; return 1; }
    printf '%s\n' "$after"
    drill_tamper || return
    say "drill: ok"
}

drill_look() { # DATABASE
    local found
    found=$(odoo_shell "$1" <"$TOOLS/drill/check.py" 2>>"$LOGS/drill.log") || return
    case $found in
        *"breaks found: 0"*"the same"*"evidence: 1"*DRILL*) printf '%s\n' "$found" ;;
        *) warn "$1: $found"; return 1 ;;
    esac
}

# What was changed in the saved copy by somebody with SQL is found in it.
drill_tamper() {
    sql "ALTER TABLE hr_commission_line DISABLE TRIGGER USER;
         UPDATE hr_commission_line SET amount = amount + 100
          WHERE id = (SELECT min(id) FROM hr_commission_line WHERE state = 'paid');
         ALTER TABLE hr_commission_line ENABLE TRIGGER USER" drill || return
    odoo_shell drill <"$TOOLS/drill/check.py" 2>>"$LOGS/drill.log" | grep "breaks found: [1-9]" \
        || { warn "a changed commission was not found"; return 1; }
}
