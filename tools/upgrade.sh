# ./dev upgrade: a ledger made by an earlier state of this repository, updated to this one.
# shellcheck shell=bash

#: what nothing older was released before
FIRST_STATE=50b2ac2

cmd_upgrade() { # [COMMIT OR TAG ...]
    local ref rc=0
    [ $# -gt 0 ] || set -- "$FIRST_STATE" $(git -c safe.directory='*' tag --list '19.0.*')
    set_up test
    use_cluster test
    mapfile -t ADDONS < <(addons names)
    upgrade_now=$LOCAL/upgrade/now # a copy: somebody may go on writing meanwhile
    rm -rf "$upgrade_now"
    mkdir -p "$upgrade_now"
    cp -r "${ADDONS[@]}" "$upgrade_now"
    with_lock upgrade make_upgrade_new || die "the new database could not be made"
    for ref in "$@"; do
        with_lock upgrade upgrade_from "$ref" || { warn "updating from $ref failed"; rc=1; }
    done
    db_drop upgrade_new
    return $rc
}

make_upgrade_new() {
    local template
    template=$(template_for "${ADDONS[@]}") && db_copy "$template" upgrade_new || return
    say "a new database to compare with"
    odoo_run "$LOGS/install-upgrade_new.log" upgrade_new --addons-path="$(odoo_addons_path),$upgrade_now" \
        -i "$(printf '%s\n' "${ADDONS[@]}" | comma)" --no-http --stop-after-init
}

upgrade_from() { # COMMIT
    local old=$LOCAL/upgrade/$1 db=upgrade log=$LOGS/upgrade.log template names before after
    rm -rf "$old"
    mkdir -p "$old"
    git -c safe.directory='*' archive "$1" | tar -x -C "$old" || return
    names=$(cd "$old" && printf '%s\n' "${ADDONS[@]}" | while read -r name; do [ -d "$name" ] && echo "$name"; done | comma)
    template=$(template_for "${ADDONS[@]}") && db_copy "$template" "$db" || return
    say "$1: installing $names, and half a year of deals"
    upgrade_odoo "$old" -i "$names" --no-http --stop-after-init >"$log" 2>&1 || return
    upgrade_odoo "$old" shell <"$TOOLS/upgrade_fill.py" >>"$log" 2>&1 || return
    before=$(ledger_digest) || return
    say "$1: updating"
    upgrade_odoo "$upgrade_now" -u "$names" --no-http --stop-after-init >"$log" 2>&1 && check_log "$log" || return
    after=$(ledger_digest) || return
    same_ledger "$before" "$after" "after the update" || return
    # Computed again from the facts, the new state pays what the old one paid.
    upgrade_odoo "$upgrade_now" shell <"$TOOLS/upgrade_check.py" >>"$log" 2>&1 || return
    same_ledger "$before" "$(ledger_digest)" "computed again" || return
    same_schema "$db" || return
    db_drop "$db"
    say "$1: ok, ${before#* } commissions as before"
}

upgrade_odoo() { # ADDONS_FOLDER [shell] ARGUMENTS...
    local folder=$1 command=()
    shift
    if [ "${1:-}" = shell ]; then command=(shell); shift; set -- --no-http "$@"; fi
    "$VENV/bin/odoo" "${command[@]}" -c "$CONF" -d upgrade --addons-path="$(odoo_addons_path),$folder" "$@"
}

same_ledger() { # BEFORE AFTER WHEN
    [ "$1" = "$2" ] || { warn "the ledger differs $3: $1, now $2"; return 1; }
}

# What was updated has the tables, triggers, functions and indexes of a new database.
same_schema() { # DATABASE
    diff <(schema_of upgrade_new) <(schema_of "$1") >"$LOGS/upgrade-schema.diff" && return
    warn "the updated database is not as a new one (<: only there), see $LOGS/upgrade-schema.diff"
    head -n 20 "$LOGS/upgrade-schema.diff" >&2
    return 1
}

schema_of() { # DATABASE
    sql "SELECT line FROM (
             SELECT concat_ws(' ', 'column', table_name, column_name, data_type, is_nullable, column_default) AS line
               FROM information_schema.columns WHERE table_schema = 'public'
             UNION ALL SELECT concat_ws(' ', 'index', indexdef) FROM pg_indexes WHERE schemaname = 'public'
             UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
               FROM pg_constraint WHERE connamespace = 'public'::regnamespace
             UNION ALL SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal
             UNION ALL SELECT concat_ws(' ', 'function', pg_get_functiondef(oid))
               FROM pg_proc WHERE prokind = 'f' AND starts_with(proname, 'hr_commission_')
         ) AS schema ORDER BY line" "$1"
}

# A hash of all commissions, and how many there are.
ledger_digest() {
    sql "SELECT md5(string_agg(row::text, chr(10) ORDER BY row)) || ' ' || count(*) FROM (
             SELECT (event_id, rule_id, employee_id, part, date, amount, kind, state, company_id) AS row
               FROM hr_commission_line WHERE state != 'cancelled') line" upgrade
}
