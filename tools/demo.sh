# ./dev demo: a company to look at, on a durable cluster of its own.
# shellcheck shell=bash

cmd_demo() {
    local port=8069 lang=en_US
    while [ $# -gt 0 ]; do
        case $1 in
            --port) port=${2:-}; shift ;;
            --port=*) port=${1#*=} ;;
            --lang) lang=${2:-}; shift ;;
            --lang=*) lang=${1#*=} ;;
            *) die "usage: ./dev demo [--port N] [--lang CODE]" ;;
        esac
        shift
    done
    [[ $port =~ ^[0-9]{1,5}$ ]] && [ "$port" -ge 1 ] && [ "$port" -le 65535 ] || die "--port wants a number from 1 to 65535"
    [[ $lang =~ ^[a-z]{2,3}(_[A-Z]{2})?$ ]] || die "--lang wants the code of a language, like zh_CN"
    port_is_busy "$port" && die "port $port is in use: stop what uses it, or choose another: ./dev demo --port 8070"
    set_up demo
    use_cluster demo
    mapfile -t ADDONS < <(addons names)
    with_lock demo-database demo_database "$lang" || die "the demo database could not be made (nothing was kept)"
    serve_demo "$port"
}

demo_database() { # LANGUAGE: what the deals, notes and names of the demo are written in
    local lang=$1
    if db_exists demo; then
        [ "$lang" = "$(cat "$STATE/demo.lang" 2>/dev/null || echo en_US)" ] \
            || die "the demo was made in another language; to begin anew, delete $LOCAL/pg-demo and $LOCAL/data-demo"
        db_update demo "${ADDONS[@]}" || [ $? = 2 ] || die "updating the demo failed; to begin anew, delete $LOCAL/pg-demo and $LOCAL/data-demo"
        return
    fi
    say "demo database: the first time takes some minutes"
    db_drop demo_new
    with_progress "$LOGS/demo-install.log" \
        odoo_run "$LOGS/demo-install.log" demo_new -i "$(printf '%s\n' "${ADDONS[@]}" | comma)" --with-demo --load-language="$lang" --no-http --stop-after-init || return
    # Odoo installs an addon without its demo data when they fail, and goes on.
    ! grep -A 40 'demo data failed to install' "$LOGS/demo-install.log" >&2 || return 1
    # There is no mail server here: messages go to Odoo's inbox.
    echo 'env["res.users"].search([("share", "=", False)]).notification_type = "inbox"; env.cr.commit()' | odoo_shell demo_new >"$LOGS/demo-inbox.log" 2>&1 || return
    odoo_shell demo_new <"$TOOLS/demo_admin.py" >"$LOGS/demo-admin.log" 2>&1 || return
    say "preparing the pages"
    # Bundles made now spare the first visitor half a minute.
    echo 'env["ir.qweb"]._pregenerate_assets_bundles(); env.cr.commit()' | odoo_shell demo_new >"$LOGS/demo-assets.log" 2>&1 \
        || say "pages will be prepared at the first visit (see $LOGS/demo-assets.log)"
    db_rename demo_new demo || return
    echo "$lang" >"$STATE/demo.lang"
    addons hash "${ADDONS[@]}" >"$STATE/demo-demo.addons"
}

# Says which module is being installed, for as long as the command runs.
with_progress() { # LOG COMMAND...
    local log=$1 job rc=0 shown= now
    shift
    : >"$log"
    "$@" &
    job=$!
    while kill -0 $job 2>/dev/null; do
        sleep 2
        now=$(sed -n 's/.*Loading module \([a-z0-9_]*\) (\([0-9]*\/[0-9]*\)).*/\2 \1/p' "$log" | tail -n 1)
        [ "$now" = "$shown" ] || say "installing ${now:-…}"
        shown=$now
    done
    wait $job || rc=$?
    return $rc
}

# Links in mails, and the styles of printed pages, are fetched from this address.
set_demo_address() { # PORT
    sql "INSERT INTO ir_config_parameter (key, value) VALUES ('web.base.url', 'http://127.0.0.1:$1')
         ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value" demo
    sql "INSERT INTO ir_config_parameter (key, value) VALUES ('web.base.url.freeze', 'True')
         ON CONFLICT (key) DO NOTHING" demo
}

# In a session of its own: Ctrl-C reaches this script only, which stops Odoo in order.
serve_demo() { # PORT
    local port=$1 odoo log=$LOGS/demo.log stopped=
    set_demo_address "$port" || die "the demo's address could not be set"
    setsid "$VENV/bin/odoo" -c "$CONF" -d demo --db-filter='^demo$' --http-port="$port" >"$log" 2>&1 &
    odoo=$!
    trap 'stopped=1; kill -TERM $odoo 2>/dev/null' INT TERM HUP
    until answers "$port"; do
        kill -0 $odoo 2>/dev/null || break
        sleep 0.3
    done
    if kill -0 $odoo 2>/dev/null && [ -z "$stopped" ]; then greet "$port" "$log"; fi
    while kill -0 $odoo 2>/dev/null; do wait $odoo; done
    [ -n "$stopped" ] || { tail -n 5 "$log" >&2; die "Odoo stopped by itself: see $log"; }
    say "stopped"
}

answers() {
    "$VENV/bin/python" - "$1" 2>/dev/null <<'PY'
import sys, urllib.request
urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/web/login", timeout=20).read()
PY
}

greet() { # PORT LOG
    echo
    echo "  Odoo with sales commissions:  http://127.0.0.1:$1"
    echo
    if [ -e "$TOOLS/demo_logins.txt" ]; then
        sed 's/^/  /' "$TOOLS/demo_logins.txt"
    else
        echo "  login: admin  password: admin"
    fi
    echo
    echo "  log: $2"
    echo "  Ctrl-C stops it; the data are kept."
}
