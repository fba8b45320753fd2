# Two private PostgreSQL clusters: `demo` keeps its promises (durable), `test` is
# fast and may be thrown away. Unix socket only, never root, never the system's.
# shellcheck shell=bash

# Newest installed server, or the one that made an existing cluster.
pg_bin() { # [MAJOR]
    local bin
    while read -r bin; do
        [ -x "$bin/initdb" ] && [ -x "$bin/postgres" ] && echo "$bin" && return
    done < <(printf '%s\n' /usr/lib/postgresql/${1:-*}/bin | sort -rV)
    return 1
}

# PostgreSQL refuses root. cd /: its user may be barred from the current folder.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && exec runuser -u postgres -- "$@")
    else
        (cd / && exec "$@")
    fi
}

# A socket path is short (107 bytes), and postgres must be able to reach the folder:
# otherwise the cluster lives in /var/tmp. cluster_place notes where it is; when the
# note is gone .local was deleted, and a cluster left in /var/tmp is stale.
cluster_place() { # KIND
    local note=$STATE/pg-$1.place near=$LOCAL/pg-$1 far
    far=/var/tmp/odoo-pg-$1-$(printf %s "$LOCAL" | sha256sum | cut -c1-12)
    if [ ! -e "$note" ]; then
        mkdir -p "$near"
        if [ ${#near} -gt 85 ] || ! as_postgres test -x "$near"; then
            as_postgres "$(pg_bin)/pg_ctl" -D "$far/data" -m immediate stop >/dev/null 2>&1
            rm -rf "$far"
            near=$far
        fi
        echo "$near" >"$note"
    fi
    cat "$note"
}

cluster_settings() { # KIND PLACE
    cat <<C
listen_addresses = ''
unix_socket_directories = '$2'
unix_socket_permissions = 0700
shared_buffers = 256MB
max_connections = 100
log_min_messages = fatal
C
    [ "$1" = demo ] && return
    cat <<C
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = 2GB
# It would note tables as empty that a test is filling, and plans would go by that.
autovacuum = off
C
}

# Made in data.new and renamed: an interrupted initdb leaves nothing that counts.
create_cluster() { # KIND PLACE
    local kind=$1 place=$2 bin
    bin=$(pg_bin) || die "PostgreSQL's server is missing: apt-get install postgresql"
    mkdir -p "$place"
    rm -rf "$place/data.new"
    [ "$(id -u)" = 0 ] && chown postgres "$place"
    logged "$LOGS/initdb.log" as_postgres "$bin/initdb" -D "$place/data.new" -U odoo -A trust -E UTF8 --locale=C.UTF-8 \
        || die "PostgreSQL's initdb failed: see $LOGS/initdb.log"
    cluster_settings "$kind" "$place" | as_postgres tee -a "$place/data.new/postgresql.conf" >/dev/null
    as_postgres mv "$place/data.new" "$place/data"
}

cluster_ctl() { # PLACE PG_CTL-ARGUMENTS...
    local place=$1
    shift
    as_postgres "$PGBIN/pg_ctl" -D "$place/data" -l "$place/log" -w "$@" >/dev/null 2>&1
}

# A server that inherited our lock files would hold the locks for as long as it runs.
close_locks() {
    local fd
    for fd in "/proc/$BASHPID/fd/"*; do
        fd=${fd##*/}
        [ "$fd" -le 2 ] || eval "exec $fd>&-"
    done
}

start_cluster() { # KIND: start unless it runs, and count us among its users
    local kind=$1 place major
    place=$(cluster_place "$kind")
    [ -e "$place/data/PG_VERSION" ] || create_cluster "$kind" "$place"
    major=$(as_postgres cat "$place/data/PG_VERSION")
    PGBIN=$(pg_bin "$major") || die "PostgreSQL $major is gone, which made $place: delete $place and $LOCAL/data-$kind to begin anew"
    exec {PG_USERS}>"$STATE/pg-$kind.users"
    flock -s "$PG_USERS"
    cluster_ctl "$place" status && return
    (close_locks && cluster_ctl "$place" start </dev/null) \
        || die "PostgreSQL did not start: see $place/log; if it is damaged delete $place and $LOCAL/data-$kind"
    : >"$STATE/pg-$kind.ours"
}

# The last user stops a server that some ./dev started; one that ran before stays.
leave_cluster() { # KIND
    local kind=$1
    flock -u "$PG_USERS"
    if [ -e "$STATE/pg-$kind.ours" ] && flock -xn "$PG_USERS"; then
        cluster_ctl "$(cluster_place "$kind")" -m fast stop
        rm -f "$STATE/pg-$kind.ours"
        flock -u "$PG_USERS"
    fi
}

cluster_locked() { # FUNCTION KIND: starting and stopping exclude each other
    exec {CLUSTER_LOCK}>"$STATE/pg-$2.lock"
    flock "$CLUSTER_LOCK"
    "$@"
    flock -u "$CLUSTER_LOCK"
    exec {CLUSTER_LOCK}>&-
}

use_cluster() { # KIND: everything after this talks to that cluster
    CLUSTER=$1
    cluster_locked start_cluster "$CLUSTER"
    trap 'cluster_locked leave_cluster "$CLUSTER"' EXIT
    PGHOST=$(cluster_place "$CLUSTER")
    export PGHOST PGUSER=odoo PGDATABASE=postgres PATH="$VENV/bin:$PGBIN:$PATH"
    DATA=$LOCAL/data-$CLUSTER
    CONF=$LOCAL/$CLUSTER.conf
    write_conf
}

# The sample addons are for tests, never for a demo.
sample_addons_path() { [ "$CLUSTER" != test ] || echo ",$ROOT/tests/addons"; }

write_conf() {
    cat >"$CONF.$$" <<C
[options]
db_host = $PGHOST
db_user = odoo
data_dir = $DATA
addons_path = $(odoo_addons_path),$ROOT$(sample_addons_path)
http_interface = 127.0.0.1
admin_passwd = $(head -c 18 /dev/urandom | base64)
list_db = False
without_demo = True
C
    mv "$CONF.$$" "$CONF"
}
