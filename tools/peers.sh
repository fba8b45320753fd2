# ./dev peers: Odoo's own tests with our addons installed, and without them.
# shellcheck shell=bash

PEERS_SECONDS=${PEERS_SECONDS:-5400}
PEERS=(crm hr sale sale_crm account hr_holidays event_crm website_crm payroll)

cmd_peers() { # [MODULE ...]
    local modules=("$@") run rc=0
    [ $# -gt 0 ] || modules=("${PEERS[@]}")
    set_up test
    use_cluster test
    mapfile -t ADDONS < <(addons names)
    mapfile -t channels < <(addons channels)
    mapfile -t foreign < <(addons foreign "${ADDONS[@]}")
    run=$(template "${foreign[@]}" "${modules[@]}") || die "the stock database could not be made"
    peers_addons=$LOCAL/peers # a copy: somebody may go on writing meanwhile
    rm -rf "$peers_addons"
    mkdir -p "$peers_addons"
    cp -r "${ADDONS[@]}" "${channels[@]}" "$peers_addons"
    peers_run without "$run"
    db_copy "$run" peers_with || die "the database could not be copied"
    odoo_run "$LOGS/peers-install.log" peers_with --addons-path="$(odoo_addons_path),$peers_addons" -i "$(printf '%s\n' "${ADDONS[@]}" "${channels[@]}" | comma)" \
        --no-http --stop-after-init || die "our addons could not be installed beside ${modules[*]}"
    peers_run with peers_with
    db_drop peers_with
    "$VENV/bin/python" "$TOOLS/peers.py" "$LOGS/peers-without.log" "$LOGS/peers-with.log" || rc=1
    say "logs: $LOGS/peers-with.log and peers-without.log"
    return $rc
}

# Tests change what others see: each run has a copy of its own.
peers_run() { # with | without, DATABASE
    local db=peers_run_$1 port
    port=$("$VENV/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    say "tests of ${modules[*]}, $1 our addons"
    db_copy "$2" "$db" || die "the database could not be copied"
    # a run that stands still ends by itself: peers.py says which log is not complete
    timeout --kill-after=60 "$PEERS_SECONDS" "$VENV/bin/odoo" -c "$CONF" -d "$db" --addons-path="$(odoo_addons_path),$peers_addons" -u "$(printf '%s\n' "${modules[@]}" | comma)" --http-port="$port" \
        --test-tags "$(printf '/%s\n' "${modules[@]}" | comma)" --stop-after-init >"$LOGS/peers-$1.log" 2>&1 || true
    db_drop "$db"
}
