# ./dev peers: Odoo's own tests with our addons installed; what fails, without them too.
# shellcheck shell=bash

PEERS_SECONDS=${PEERS_SECONDS:-5400}
PEERS=(crm hr sale sale_crm account hr_holidays event_crm website_crm payroll)

cmd_peers() { # [MODULE ...]
    local modules=("$@") stock failed logs=("$LOGS/peers-with.log")
    [ $# -gt 0 ] || modules=("${PEERS[@]}")
    set_up test
    use_cluster test
    mapfile -t ADDONS < <(addons names)
    mapfile -t channels < <(addons channels)
    mapfile -t foreign < <(addons foreign "${ADDONS[@]}")
    stock=$(template "${foreign[@]}" "${modules[@]}") || die "the stock database could not be made"
    peers_addons=$LOCAL/peers # a copy: somebody may go on writing meanwhile
    rm -rf "$peers_addons"
    mkdir -p "$peers_addons"
    cp -r "${ADDONS[@]}" "${channels[@]}" "$peers_addons"
    db_copy "$stock" peers_with || die "the database could not be copied"
    odoo_run "$LOGS/peers-install.log" peers_with --addons-path="$(odoo_addons_path),$peers_addons" -i "$(printf '%s\n' "${ADDONS[@]}" "${channels[@]}" | comma)" \
        --no-http --stop-after-init || die "our addons could not be installed beside ${modules[*]}"
    say "tests of ${modules[*]} with our addons"
    peers_run with peers_with "$(printf '/%s\n' "${modules[@]}" | comma)"
    failed=$("$VENV/bin/python" "$TOOLS/peers.py" tags "$LOGS/peers-with.log") || die "no test ran"
    if [ "$failed" ]; then
        say "what failed once more, with our addons and without them"
        peers_run again peers_with "$failed"
        peers_run without "$stock" "$failed"
        logs+=("$LOGS/peers-again.log" "$LOGS/peers-without.log")
    fi
    db_drop peers_with
    say "logs: ${logs[*]}"
    "$VENV/bin/python" "$TOOLS/peers.py" compare "${logs[@]}"
}

# Tests change what others see: each run has a copy of its own.
peers_run() { # NAME DATABASE TAGS
    local db=peers_run_$1
    db_copy "$2" "$db" || die "the database could not be copied"
    # a run that stands still ends by itself: peers.py says which log is not complete
    timeout --kill-after=60 "$PEERS_SECONDS" "$VENV/bin/odoo" -c "$CONF" -d "$db" --addons-path="$(odoo_addons_path),$peers_addons" -u "$(printf '%s\n' "${modules[@]}" | comma)" --http-port="$(free_port)" \
        --test-tags "$3" --stop-after-init >"$LOGS/peers-$1.log" 2>&1 || true
    db_drop "$db"
}
