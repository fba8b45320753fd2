# ./dev peers: Odoo's own tests with our addons installed; what fails, without them too.
# shellcheck shell=bash

PEERS_SECONDS=${PEERS_SECONDS:-5400}
PEERS=(crm hr sale sale_crm account hr_holidays event_crm website_crm payroll)
PEERS_RESULTS=$LOCAL/peers-results

# Each module has its result as soon as it is there. A call that was ended goes on with
# what has none: the results are of one state of our addons and of one set of modules.
cmd_peers() { # [MODULE ...]
    local module phase rc=0 wanted=("$@")
    [ $# -gt 0 ] || wanted=("${PEERS[@]}")
    set_up test
    use_cluster test
    mapfile -t ADDONS < <(addons names)
    mapfile -t channels < <(addons channels)
    mapfile -t foreign < <(addons foreign "${ADDONS[@]}")
    stock=$(template "${foreign[@]}" "${PEERS[@]}") || die "the stock database could not be made"
    peers_addons=$LOCAL/peers # a copy: somebody may go on writing meanwhile
    peers_database
    # what runs when everything is loaded, ours too, before what does not see ours
    for phase in late early; do
        for module in "${wanted[@]}"; do peers_of "$module" "$phase" || rc=1; done
    done
    return $rc
}

peers_database() {
    local state
    state="$stock $(addons hash "${ADDONS[@]}" "${channels[@]}" | short_hash)"
    [ "$(cat "$PEERS_RESULTS/state" 2>/dev/null)" = "$state" ] && db_exists peers_with && return
    rm -rf "$peers_addons" "$PEERS_RESULTS"
    mkdir -p "$peers_addons" "$PEERS_RESULTS"
    cp -r "${ADDONS[@]}" "${channels[@]}" "$peers_addons"
    db_copy "$stock" peers_with || die "the database could not be copied"
    odoo_run "$LOGS/peers-install.log" peers_with --addons-path="$(odoo_addons_path),$peers_addons" -i "$(printf '%s\n' "${ADDONS[@]}" "${channels[@]}" | comma)" \
        --no-http --stop-after-init || die "our addons could not be installed beside ${PEERS[*]}"
    echo "$state" >"$PEERS_RESULTS/state"
}

peers_of() { # MODULE late|early
    local name=$1-$2 result=$PEERS_RESULTS/$1-$2.txt with=$PEERS_RESULTS/$1-$2-with.log again without failed rc=0
    [ ! -e "$result" ] || { say "$name, from before:"; cat "$result"; return 0; }
    again=${with/-with/-again} without=${with/-with/-without}
    say "tests of $name with our addons"
    peers_run "$with" "$1" "$2" peers_with "$(peers_phase "$2")/$1"
    failed=$("$VENV/bin/python" "$TOOLS/peers.py" tags "$with") || { echo "no test" | tee "$result"; return; }
    if [ "$failed" ]; then
        say "what failed once more, with our addons and without them"
        peers_run "$again" "$1" "$2" peers_with "$failed"
        peers_run "$without" "$1" "$2" "$stock" "$failed"
        set -- "$again" "$without"
    else
        set --
    fi
    "$VENV/bin/python" "$TOOLS/peers.py" compare "$with" "$@" >"$result.new" || rc=1
    mv "$result.new" "$result"
    cat "$result"
    return $rc
}

peers_phase() { if [ "$1" = late ]; then echo post_install; else echo at_install; fi; }

# Tests change what others see: each run has a copy of its own.
peers_run() { # LOG MODULE late|early DATABASE TAGS
    local db=peers_run update=()
    db_copy "$4" "$db" || die "the database could not be copied"
    # tests that run while a module is loaded run when it is updated only
    [ "$3" = late ] || update=(-u "$2")
    # a run that stands still ends by itself: peers.py says which log is not complete
    timeout --kill-after=60 "$PEERS_SECONDS" "$VENV/bin/odoo" -c "$CONF" -d "$db" --addons-path="$(odoo_addons_path),$peers_addons" "${update[@]}" --http-port="$(free_port)" \
        --test-tags "$5" --stop-after-init >"$1" 2>&1 || true
    db_drop "$db"
}
