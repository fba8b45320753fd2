#!/usr/bin/env bash
# tools/plain_odoo.sh folders|pip|zip [MODULE ...]: the addons on an Odoo 19 that is there.
#
# Nothing of ./dev: needs `odoo`, `pip` and a database server (PGHOST, PGUSER, PGPASSWORD). Installs
# in the way named, MODULEs beside, serves with two workers, and looks at a few pages.
#
# ODOO=command            Odoo (odoo)
# ODOO_ADDONS=/path       where its own addons are (where Python finds them)
# PIP="pip install ..."   how to install packages (pip install)
# REPLICA_PORT=port       a read replica on PGHOST
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
way=${1:?folders, pip or zip}
shift
ODOO=${ODOO:-odoo} PIP=${PIP:-pip install}
work=$(mktemp -d) db=plain_$way port=${PORT:-8999} server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; wait; rm -rf "$work"' EXIT

started=$(date +%s)
say() { printf '[%4ss] %s: %s\n' "$(($(date +%s) - started))" "$way" "$*"; }

$PIP --quiet -r requirements.txt
case $way in
    folders) mkdir "$work/addons" && cp -r hr_sales_commission* "$work/addons" ;;
    zip)
        python3 - "$work" <<'PY'
import pathlib, shutil, sys, zipfile
work = pathlib.Path(sys.argv[1])
with zipfile.ZipFile(work / "addons.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    for path in sorted(pathlib.Path().glob("hr_sales_commission*/**/*")):
        if path.is_file() and "__pycache__" not in path.parts:
            archive.write(path)
shutil.unpack_archive(work / "addons.zip", work / "addons")
PY
        ;;
    pip)
        $PIP --quiet whool
        for addon in hr_sales_commission*; do cp -r "$addon" "$work" && $PIP --quiet --no-deps "$work/$addon"; done
        ;;
    *) echo "folders, pip or zip, not $way" >&2; exit 2 ;;
esac
say "packages are there"

paths=
[ -z "${ODOO_ADDONS:-}" ] || paths=$ODOO_ADDONS
[ ! -d "$work/addons" ] || paths=${paths:+$paths,}$work/addons
options=(-d "$db" --data-dir "$work/data" --without-demo=True)
[ -z "${PGHOST:-}" ] || options+=(--db_host "$PGHOST" --db_user "${PGUSER:-odoo}" --db_password "${PGPASSWORD:-False}")
[ -z "$paths" ] || options+=(--addons-path "$paths")
dropdb --if-exists "$db"
createdb "$db"
modules=$(IFS=,; echo "hr_sales_commission${*:+,$*}")
"$ODOO" "${options[@]}" -i "$modules" --no-http --stop-after-init --log-level=warn --logfile "$work/install.log"
found=$(psql -XAtqc "SELECT string_agg(name, ' ' ORDER BY name) FROM ir_module_module WHERE state = 'installed' AND name LIKE 'hr\_sales%'" "$db")
say "installed $modules: $found"
left=$(psql -XAtqc "SELECT count(*) FROM ir_module_module WHERE state IN ('to install', 'to upgrade')" "$db")
case $found:$left in
    hr_sales_commission*:0) ;;
    *) say "it is not installed"; exit 1 ;;
esac

[ -z "${REPLICA_PORT:-}" ] || options+=(--db_replica_host "$PGHOST" --db_replica_port "$REPLICA_PORT")
"$ODOO" "${options[@]}" --workers=2 --http-port "$port" --log-level=warn --logfile "$work/serve.log" &
server=$!
for _try in $(seq 120); do
    sleep 2
    curl -fs "http://127.0.0.1:$port/web/health" >/dev/null && break
    kill -0 "$server"
done
python3 tools/plain_odoo_look.py "http://127.0.0.1:$port" "$db"
say "two workers served its pages"
# what Odoo itself says of a plain installation: no license, no wkhtmltopdf, a package it can do without
if grep -hE ' (WARNING|ERROR|CRITICAL) ' "$work"/*.log | grep -E 'hr_sales_commission|hr_commission|crm_touchpoint| (ERROR|CRITICAL) '; then exit 1; fi
kill "$server"; wait "$server" || true; server=
dropdb "$db"
say "ok"
