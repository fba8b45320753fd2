# ./dev soak [MINUTES]: people and jobs at work at once, killed again and again.
# shellcheck shell=bash

SOAK_PEOPLE=3 # processes of each kind: people who act, jobs that compute

# Not a test: it takes as long as one likes (30 minutes). What it shows in the end is that
# the ledger is what the rules say, whenever anything was killed.
cmd_soak() {
    local minutes=${1:-30} until kind number pids=() slot rc=0 kills=0
    [[ $minutes =~ ^[0-9]+$ ]] || die "usage: ./dev soak [MINUTES]"
    set_up demo
    use_cluster test
    mapfile -t ADDONS < <(addons names)
    db_with_addons soak "${ADDONS[@]}" || [ $? = 2 ] || die "the database for the soak could not be made"
    soak_part prepare 0 || die "see $LOGS/soak-prepare-0.log"
    until=$(($(date +%s) + minutes * 60))
    say "soak: $minutes minutes, $((SOAK_PEOPLE * 2)) processes, one killed every few seconds"
    while [ "$(date +%s)" -lt "$until" ]; do
        for number in $(seq $((SOAK_PEOPLE * 2))); do
            if [ -z "${pids[number]:-}" ] || ! kill -0 "${pids[number]}" 2>/dev/null; then
                kind=$([ $((number % 2)) = 0 ] && echo people || echo jobs)
                soak_part "$kind" "$number" "$until" &
                pids[number]=$!
            fi
        done
        sleep $((RANDOM % 8 + 3))
        slot=$((RANDOM % (SOAK_PEOPLE * 2) + 1))
        soak_kill "${pids[slot]:-}" && kills=$((kills + 1))
    done
    for slot in "${!pids[@]}"; do soak_kill "${pids[slot]}"; done
    wait
    say "soak: $kills processes killed"
    soak_part check 0 || rc=1
    cat "$LOGS/soak-check-0.log"
    [ $rc = 0 ] && db_drop soak
    return $rc
}

# The shell that waits for Odoo and Odoo itself, without a chance to tidy up.
soak_kill() {
    [ -n "$1" ] || return 1
    pkill -KILL -P "$1" 2>/dev/null
    kill -KILL "$1" 2>/dev/null
}

soak_part() { # KIND NUMBER [UNTIL]
    SOAK_UNTIL=${3:-0} "$VENV/bin/odoo" shell -c "$CONF" -d soak --no-http --log-level=warn \
        <"$TOOLS/soak/$1.py" >>"$LOGS/soak-$1-$2.log" 2>&1
}
