# Databases of the test cluster: templates of stock Odoo, copies, our addons on them.
# shellcheck shell=bash

ODOO_QUIET=(--no-http --stop-after-init --log-level=warn)

sql() { psql -XAtqc "$1" "${2:-postgres}"; }
db_exists() { [ -n "$(sql "SELECT 1 FROM pg_database WHERE datname = '$1'")" ]; }
check_db_name() { [[ $1 =~ ^[A-Za-z][A-Za-z0-9_]{0,40}$ ]] || die "a database name is letters, digits and _, not '$1'"; }

db_drop() {
    sql "DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)" 2>/dev/null || return
    rm -rf "$DATA/filestore/$1" "$STATE/$CLUSTER-$1.addons"
}

# Files in a filestore are never changed in place: hard links will do.
db_copy() { # FROM TO
    db_drop "$2"
    createdb -T "$1" "$2" || return
    if [ -d "$DATA/filestore/$1" ]; then cp -al "$DATA/filestore/$1" "$DATA/filestore/$2"; fi
}

db_rename() { # FROM TO
    sql "ALTER DATABASE \"$1\" RENAME TO \"$2\"" || return
    rm -rf "$DATA/filestore/$2"
    if [ -d "$DATA/filestore/$1" ]; then mv "$DATA/filestore/$1" "$DATA/filestore/$2"; fi
}

odoo_run() { # LOG DATABASE ARGUMENTS...: an Odoo that does something and stops
    local log=$1 db=$2
    shift 2
    mkdir -p "$DATA"
    "$VENV/bin/odoo" -c "$CONF" -d "$db" "$@" >"$log" 2>&1 && return
    grep -E ' (WARNING|ERROR|CRITICAL) |^[A-Za-z.]*(Error|Exception)\b' "$log" | tail -n 15 >&2
    warn "Odoo failed: see $log"
    return 1
}

comma() { paste -sd, -; }

# Stock modules take minutes and change rarely: installed once, then copied. The name
# holds a hash of what went in; made under another name and renamed when complete.
template() { # MODULE...: prints the template's name
    local modules base name
    modules=$(printf '%s\n' base "$@" | sort -u | comma)
    base=tpl_$({ echo "$ODOO_KEY"; cat "$TOOLS/requirements.txt"; } | short_hash)
    name=${base}_$(echo "$modules" | short_hash)
    db_exists "$name" || with_lock template make_template "$base" "$name" "$modules" >&2
    db_exists "$name" && echo "$name"
}

make_template() { # BASE NAME MODULES
    local base=$1 name=$2 modules=$3 other
    db_exists "$name" && return
    say "template database with $modules"
    for other in $(sql "SELECT datname FROM pg_database WHERE datname LIKE 'tpl\\_%' AND datname NOT LIKE '${base}\\_%'"); do
        db_drop "$other"
    done
    db_drop "${name}_new"
    if [ "$CORE_TEMPLATE" ] && [ "$CORE_TEMPLATE" != "$name" ]; then
        db_copy "$CORE_TEMPLATE" "${name}_new" || return
    fi
    odoo_run "$LOGS/template.log" "${name}_new" -i "$modules" --no-http --stop-after-init || return
    db_rename "${name}_new" "$name"
}

# The template for some of our addons. The larger one grows out of the core's.
CORE_TEMPLATE=
template_for() { # ADDON...
    local foreign
    mapfile -t foreign < <(addons foreign "$1")
    CORE_TEMPLATE=$(template "${foreign[@]}") || return
    mapfile -t foreign < <(addons foreign "$@")
    template "${foreign[@]}"
}

# A new database with our addons. Returns 2 when it is usable but Odoo warned.
db_with_addons() { # NAME ADDON...
    local name=$1 template log=$LOGS/install-$1.log
    shift
    template=$(template_for "$@") || return
    say "database $name: installing $*"
    db_copy "$template" "$name" || return
    odoo_run "$log" "$name" -i "$(printf '%s\n' "$@" | comma)" --no-http --stop-after-init || return
    addons hash "$@" >"$STATE/$CLUSTER-$name.addons"
    check_log "$log" || return 2
}

changed_addons() { # DATABASE ADDON...: what differs from what the database has loaded
    local stamp=$STATE/$CLUSTER-$1.addons
    shift
    touch "$stamp"
    addons hash "$@" | grep -vxFf "$stamp" | cut -d' ' -f1
}

# Bring a database up to date with the files, only if they changed. Returns like above.
db_update() { # DATABASE ADDON...
    local name=$1 changed log=$LOGS/update-$1.log
    shift
    changed=$(changed_addons "$name" "$@" | comma)
    [ -n "$changed" ] || return 0
    say "database $name: updating $changed"
    # -i too: an addon may be new since the database was made
    odoo_run "$log" "$name" -u "$changed" -i "$(printf '%s\n' "$@" | comma)" --no-http --stop-after-init || return
    addons hash "$@" >"$STATE/$CLUSTER-$name.addons"
    check_log "$log" || return 2
}

check_log() { "$VENV/bin/python" "$TOOLS/log_check.py" "$@"; }

odoo_shell() { # DATABASE, script on standard input
    "$VENV/bin/odoo" shell -c "$CONF" -d "$1" --no-http --log-level=warn
}
