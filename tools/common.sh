# Settings and small helpers shared by every ./dev command. Sourced, never run.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
TOOLS=$ROOT/tools
LOCAL=${DEV_LOCAL:-$ROOT/.local}
case $LOCAL in /*) ;; *) LOCAL=$PWD/$LOCAL ;; esac
LOGS=$LOCAL/log
STATE=$LOCAL/state
VENV=$LOCAL/venv
NODE=$LOCAL/node

say() { printf '[%4ds] %s\n' "$SECONDS" "$*"; }
warn() { printf 'dev: %s\n' "$*" >&2; }
die() {
    warn "$@"
    exit 1
}

# A caller's settings must not leak into Odoo, PostgreSQL or Python.
clean_environment() {
    unset PYTHONPATH PYTHONHOME PYTHONSTARTUP ODOO_RC OPENERP_SERVER
    unset "${!PG@}" 2>/dev/null
    export LC_ALL=C.UTF-8 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
    export PYTHONDONTWRITEBYTECODE=
    if [ ! -w "${HOME:-/nonexistent}" ]; then
        export HOME=$LOCAL/home
        mkdir -p "$HOME"
    fi
}

prepare_folders() {
    mkdir -p "$LOCAL" 2>/dev/null || die "cannot create $LOCAL: choose another folder with DEV_LOCAL=/path"
    [ -w "$LOCAL" ] || die "$LOCAL belongs to $(stat -c %U "$LOCAL"): run as that user, or set DEV_LOCAL=/path"
    LOCAL=$(cd "$LOCAL" && pwd)
    mkdir -p "$LOGS" "$STATE" || die "cannot write below $LOCAL"
}

need_free_space() { # MEGABYTES
    local free
    free=$(df -Pm "$LOCAL" | awk 'NR == 2 {print $4}')
    [ "$free" -ge "$1" ] || die "only $free MB free at $LOCAL, $1 MB are needed: free some space, or set DEV_LOCAL=/path on another disk"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        sudo "$@"
    else
        die "root or sudo is needed once, for: $*"
    fi
}

# with_lock NAME COMMAND...: one process at a time; the second says that it waits.
# The lock is given up explicitly, so children left behind cannot keep it.
with_lock() {
    local name=$1 fd rc
    shift
    exec {fd}>"$STATE/$name.lock"
    if ! flock -n "$fd"; then
        say "waiting for another ./dev to finish with: $name"
        flock "$fd"
    fi
    "$@"
    rc=$?
    flock -u "$fd"
    exec {fd}>&-
    return $rc
}

# Run quietly; whoever calls it names the log when it fails.
logged() { # LOGFILE COMMAND...
    local log=$1
    shift
    "$@" >"$log" 2>&1
}

port_is_busy() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
    "$VENV/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

addons() { "$VENV/bin/python" "$TOOLS/addons.py" "$@"; }
