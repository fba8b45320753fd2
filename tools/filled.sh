# ./dev filled: our addons beside thousands of deals: installed, removed, installed again.
# shellcheck shell=bash

FILLED=$LOCAL/filled

cmd_filled() {
    local rc=0
    set_up test
    use_cluster test
    mapfile -t ADDONS < <(addons names)
    with_lock filled filled || rc=1
    db_drop filled
    return $rc
}

filled() {
    local foreign stock ours
    ours=$(printf '%s\n' "${ADDONS[@]}" | comma)
    rm -rf "$FILLED"
    mkdir -p "$FILLED/addons" # a copy: somebody may go on writing meanwhile
    cp -r "${ADDONS[@]}" "$FILLED/addons"
    mapfile -t foreign < <(addons foreign "${ADDONS[@]}")
    stock=$(template "${foreign[@]}") && db_copy "$stock" filled || return
    say "filled: 5,000 leads, 300 of them won, orders and invoices, without us"
    filled_odoo shell <"$TOOLS/filled/fill.py" >"$LOGS/filled.log" 2>&1 || { tail -n 3 "$LOGS/filled.log" >&2; return 1; }
    filled_look before || return
    filled_step installed -i "$ours" || return
    filled_step removed || return
    filled_step again -i "$ours" || return
    "$VENV/bin/python" "$TOOLS/filled/compare.py" "$FILLED"
}

filled_step() { # NAME [ARGUMENTS of Odoo]: what happens, how long it takes, and what is there then
    local name=$1 log=$LOGS/filled-$1.log took TIMEFORMAT="%R s; processor time of Odoo: %U s of its own, %S s of the system's"
    shift
    if [ $# -gt 0 ]; then
        took=$({ time filled_odoo "$@" --no-http --stop-after-init >"$log" 2>&1; } 2>&1) && check_log "$log" || return
    else
        took=$({ time filled_odoo shell <"$TOOLS/filled/remove.py" >"$log" 2>&1; } 2>&1) || return
    fi
    say "filled: $name in $took"
    filled_look "$name"
}

filled_look() { # NAME
    PGDATABASE=filled "$VENV/bin/python" "$TOOLS/filled/look.py" "$FILLED/before.json" "$FILLED/$1.json"
}

filled_odoo() { # [shell] ARGUMENTS...
    local command=()
    if [ "$1" = shell ]; then command=(shell); shift; set -- --no-http "$@"; fi
    "$VENV/bin/odoo" "${command[@]}" -c "$CONF" -d filled --addons-path="$(odoo_addons_path),$FILLED/addons" "$@"
}
