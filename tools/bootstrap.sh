# Everything an Odoo 19 addon repository needs on a fresh Debian 12 or 13, made below
# .local/. Each step checks first and finishes with a rename or a stamp, so a second
# run costs nothing and an interrupted one goes on where it stopped.
# shellcheck shell=bash

PACKAGE=odoo-19
# What the package links to; without them pages lack jQuery, icons and fonts.
LINKED_PACKAGES=(libjs-jquery libjs-jquery-form libjs-underscore fonts-font-awesome
    fonts-roboto-unhinted fonts-inconsolata)
NETWORK_HINT="check the network and run again (what was fetched is kept)"

set_up() { # for: demo | test
    local for=$1
    with_lock set-up set_up_locked "$for"
    export PATH=$PATH:$VENV/bin:$NODE/node_modules/.bin # rtlcss, for Odoo's pages
    export AXE_CORE=$NODE/node_modules/axe-core/axe.min.js # for the accessibility test
}

set_up_locked() {
    if [ -x "$VENV/bin/odoo" ]; then need_free_space 700; else need_free_space 3000; fi
    system_packages "$1"
    find_odoo
    make_venv
    [ "$1" = demo ] && return
    python_tools
    node_tools
}

# --- the distribution's packages ---------------------------------------------------

# Odoo's pinned requirements have wheels for these. The distribution's own comes first:
# one that somebody compiled (pyenv does without optimisation) may be half as slow again.
find_python() {
    local python
    for python in ${DEV_PYTHON:-/usr/bin/python3 python3 python3.13 python3.12 python3.11}; do
        "$python" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
            && command -v "$python" && return
    done
    return 1
}

has_browser() { command -v chromium || command -v google-chrome || command -v chromium-browser || command -v google-chrome-stable; }
has_library() { /sbin/ldconfig -p | grep "$1" >/dev/null; }

missing_packages() { # demo | test
    find_python >/dev/null || echo python3-venv
    pg_bin >/dev/null || echo postgresql
    [ -e /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
    if [ "$1" = test ]; then
        has_browser >/dev/null || echo chromium
        command -v git >/dev/null || echo git
    fi
}

# Nice to have: file types, Chinese texts in PDF and screenshots, PDF itself
# (Debian 13 has no wkhtmltopdf; Odoo then shows reports as pages).
missing_niceties() {
    has_library libmagic.so.1 || echo libmagic1t64 libmagic1
    [ -e /usr/share/fonts/truetype/wqy/wqy-microhei.ttc ] || echo fonts-wqy-microhei
    command -v wkhtmltopdf >/dev/null || echo wkhtmltopdf
}

debian_release() { # succeeds on Debian 12 and 13
    # shellcheck disable=SC1091
    (. /etc/os-release 2>/dev/null && [ "$ID" = debian ] && [ "$VERSION_ID" = 12 -o "$VERSION_ID" = 13 ])
}

system_packages() { # demo | test
    local missing nice
    missing=$(missing_packages "$1" | xargs)
    nice=$(missing_niceties | xargs)
    # Niceties that this Debian does not have are asked for once, not at every start.
    [ "$nice" = "$(cat "$STATE/niceties" 2>/dev/null)" ] && nice=
    [ -n "$missing$nice" ] || return 0
    if ! debian_release; then
        [ -z "$missing" ] && return
        die "this set-up knows Debian 12 and 13 only; install these yourself and run again: $missing"
    fi
    [ -z "$missing" ] && [ "$(id -u)" != 0 ] && return # no password prompt for niceties
    say "system packages: $missing $nice"
    no_system_cluster
    logged "$LOGS/apt-update.log" apt_get update \
        || die "apt-get update failed (see $LOGS/apt-update.log): $NETWORK_HINT"
    logged "$LOGS/dpkg.log" as_root dpkg --configure -a || true # an earlier run was interrupted
    if [ -n "$missing" ]; then
        # shellcheck disable=SC2086
        logged "$LOGS/apt-install.log" apt_get install $missing \
            || die "apt-get could not install $missing (see $LOGS/apt-install.log): $NETWORK_HINT"
    fi
    local package
    for package in $nice; do
        apt_get install "$package" >>"$LOGS/apt-install.log" 2>&1 || true
    done
    missing=$(missing_packages "$1" | xargs)
    [ -z "$missing" ] || die "still missing after apt-get install: $missing (set DEV_PYTHON if Python 3.11-3.13 has another name)"
    missing_niceties | xargs >"$STATE/niceties"
}

apt_get() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"; }

# Debian's package would start a cluster of its own; ours are private.
no_system_cluster() {
    local conf=/etc/postgresql-common/createcluster.conf
    [ -e "$conf" ] || pg_bin >/dev/null && return
    as_root mkdir -p "${conf%/*}"
    echo 'create_main_cluster = false' | as_root tee "$conf" >/dev/null
}

# --- Odoo --------------------------------------------------------------------------

# ODOO_ROOT: the folder that holds the Python package odoo/.
# ODOO_KEY: changes when Odoo does (venv and template databases depend on it).
find_odoo() {
    if [ -n "${ODOO_HOME:-}" ]; then
        ODOO_ROOT=$(cd "$ODOO_HOME" 2>/dev/null && pwd) || die "ODOO_HOME=$ODOO_HOME is no folder"
        grep -E '^version_info = \(19, 0,' "$ODOO_ROOT/odoo/release.py" >/dev/null 2>&1 \
            || die "ODOO_HOME=$ODOO_HOME holds no Odoo 19.0 (looked at odoo/release.py)"
        ODOO_KEY=$({ echo "$ODOO_ROOT"; cat "$ODOO_ROOT/odoo/release.py"
            git -C "$ODOO_ROOT" rev-parse HEAD 2>/dev/null || true; } | short_hash)
        return
    fi
    ODOO_ROOT=$LOCAL/odoo-19/usr/lib/python3/dist-packages
    [ -e "$LOCAL/odoo-19/SHA256SUMS" ] || fetch_odoo
    ODOO_KEY=$(short_hash <"$LOCAL/odoo-19/SHA256SUMS")
}

short_hash() { sha256sum | cut -c1-10; }

odoo_addons_path() { # a checkout keeps most addons beside odoo/, the package inside
    if [ -d "$ODOO_ROOT/addons/web" ]; then echo "$ODOO_ROOT/addons"; else echo "$ODOO_ROOT/odoo/addons"; fi
}

fetch_odoo() {
    local stage=$LOCAL/odoo-19.new debs=$LOCAL/apt/debs
    mkdir -p "$debs"
    if [ -n "${ODOO_DEB:-}" ]; then
        cp "$ODOO_DEB" "$debs/${PACKAGE}_local.deb" || die "ODOO_DEB=$ODOO_DEB cannot be read"
    fi
    download_debs "$debs"
    say "unpacking Odoo"
    rm -rf "$stage"
    mkdir -p "$stage"
    unpack_debs "$debs" "$stage" || die "unpacking failed: is the disk full? Delete $LOCAL/apt and run again"
    "$(find_python)" "$TOOLS/mend_odoo.py" "$stage" || die "the package $PACKAGE does not look as expected"
    (cd "$debs" && sha256sum -- *.deb) >"$stage/SHA256SUMS"
    rm -rf "$LOCAL/odoo-19"
    mv "$stage" "$LOCAL/odoo-19"
    rm -rf "$LOCAL/apt"
}

# Where this machine gets Debian from, the main archive first (it alone serves
# CODENAME-updates; third parties also use the codename). Works for every kind of
# apt source, with empty lists and without root.
debian_archives() { # CODENAME
    apt-get update --print-uris 2>/dev/null \
        | sed -n "s#^'\(.*\)/dists/\([^/']*\)/InRelease'.*#\2 \1#p" \
        | awk -v name="$1" '$1 == name"-updates" {print 1, $2} $1 == name {print 2, $2} $1 == "stable" {print 3, $2}' \
        | sort -s -k1,1 | awk '!seen[$2]++ {print $2}'
}

# apt with lists, cache and sources of our own: the machine's configuration stays as
# it is, signatures are checked with Debian's keyring.
own_apt() { # apt-get | apt-cache ARGUMENTS...
    local tool=$1 apt=$LOCAL/apt
    shift
    "$tool" -q \
        -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts="$apt/none" \
        -o Dir::Etc::preferencesparts="$apt/none" -o Dir::Etc::preferences="$apt/none/none" \
        -o Dir::State::lists="$apt/lists" -o Dir::State::status="$apt/status" \
        -o Dir::Cache="$apt/cache" -o Dir::Cache::srcpkgcache= -o Dir::Cache::pkgcache= \
        -o Acquire::Languages=none -o APT::Sandbox::User= \
        -o APT::Get::AllowUnauthenticated=false -o Acquire::AllowInsecureRepositories=false \
        -o APT::Update::Post-Invoke-Success= -o Acquire::Retries=2 "$@"
}

point_apt_at() { # URI CODENAME
    local keyring
    for keyring in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
        [ -e "$keyring" ] && break
    done
    [ -e "$keyring" ] || die "Debian's archive keyring is missing: apt-get install debian-archive-keyring"
    printf "deb [signed-by=$keyring] $1 %s main\n" unstable "$2" >"$LOCAL/apt/sources.list"
}

download_debs() { # FOLDER
    local folder=$1 apt=$LOCAL/apt codename archive found=
    debian_release && command -v apt-get >/dev/null \
        || die "Odoo is fetched on Debian 12 and 13 only: set ODOO_HOME to an Odoo 19 checkout"
    # shellcheck disable=SC1091
    codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/none"
    : >"$apt/status"
    for archive in $(debian_archives "$codename"); do
        point_apt_at "$archive" "$codename"
        say "looking for $PACKAGE in Debian unstable at this machine's mirror"
        own_apt apt-get update >"$LOGS/odoo-update.log" 2>&1
        own_apt apt-cache show "$PACKAGE" >/dev/null 2>&1 && found=1 && break
    done
    [ -n "$found" ] || [ -n "${ODOO_DEB:-}" ] \
        || die "no package source of this machine offers $PACKAGE (see $LOGS/odoo-update.log): $NETWORK_HINT, or set ODOO_HOME to an Odoo 19 checkout"
    if [ -z "${ODOO_DEB:-}" ]; then
        say "downloading Odoo (120 MB)"
        (cd "$folder" && logged "$LOGS/odoo-download.log" own_apt apt-get download "$PACKAGE/unstable") \
            || die "downloading $PACKAGE failed: $NETWORK_HINT, or set ODOO_HOME to an Odoo 19 checkout"
    fi
    local package
    for package in "${LINKED_PACKAGES[@]}"; do
        # From the machine's own release: newer fonts carry other names.
        (cd "$folder" && own_apt apt-get download "$package/$codename" >>"$LOGS/odoo-download.log" 2>&1) \
            || say "without $package"
    done
}

# All catalogues but Chinese are left out: 19,000 files, 850 of 1,200 MB.
unpack_debs() { # FROM TO
    local deb
    for deb in "$1"/*.deb; do
        case ${deb##*/} in
            "$PACKAGE"_*)
                dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$2" --no-same-owner --wildcards \
                    --exclude='*/i18n/[!z]*.po' --exclude='*/i18n/zh_[!C]*.po' \
                    ./usr/lib/python3/dist-packages/odoo ./usr/bin/odoo || return ;;
            *) dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$2" --no-same-owner || return ;;
        esac
    done
}

# --- Python ------------------------------------------------------------------------

# A venv cannot be moved, so each state of the requirements gets a folder of its own
# and .local/venv is a link that changes when the new one is complete.
make_venv() {
    local python key folder
    python=$(find_python) || die "Python 3.11, 3.12 or 3.13 with venv is needed: apt-get install python3-venv"
    key=$({ "$python" -VV; command -v "$python"; echo "$ODOO_ROOT $ODOO_KEY"; cat "$TOOLS/requirements.txt" "$TOOLS/link_odoo.py"; } | short_hash)
    folder=$LOCAL/venv-$key
    # pip interrupted half-way leaves packages that it can neither use nor replace
    [ -e "$folder/tools-begun" ] && [ ! -e "$folder/tools-complete" ] && rm -f "$folder/complete"
    if [ ! -e "$folder/complete" ]; then
        say "Python packages"
        logged "$LOGS/venv.log" "$python" -m venv --clear "$folder" \
            || die "python -m venv failed: see $LOGS/venv.log"
        "$folder/bin/python" "$TOOLS/link_odoo.py" "$ODOO_ROOT" || die "cannot link Odoo into $folder"
        logged "$LOGS/pip.log" "$folder/bin/python" -m pip install -r "$TOOLS/requirements.txt" \
            || die "pip could not install tools/requirements.txt (see $LOGS/pip.log): $NETWORK_HINT"
        touch "$folder/complete"
    fi
    [ "$(readlink "$VENV")" = "${folder##*/}" ] && return
    [ -L "$VENV" ] || rm -rf "$VENV"
    ln -sfn "${folder##*/}" "$VENV"
    find "$LOCAL" -maxdepth 1 -name 'venv-*' ! -path "$folder" -exec rm -rf {} +
}

python_tools() {
    local stamp
    stamp=$(short_hash <"$TOOLS/requirements-dev.txt")
    [ "$(cat "$VENV/tools-complete" 2>/dev/null)" = "$stamp" ] && return
    say "test tools"
    rm -f "$VENV/tools-complete"
    touch "$VENV/tools-begun"
    logged "$LOGS/pip-dev.log" "$VENV/bin/python" -m pip install -r "$TOOLS/requirements-dev.txt" \
        || die "pip could not install tools/requirements-dev.txt (see $LOGS/pip-dev.log): $NETWORK_HINT"
    echo "$stamp" >"$VENV/tools-complete"
}

# --- Node, for prettier, rtlcss and axe-core (node comes with requirements-dev.txt) -----------

node_tools() {
    local stamp
    stamp=$(cat "$ROOT/package.json" "$ROOT/package-lock.json" | short_hash)
    [ "$(cat "$NODE/complete" 2>/dev/null)" = "$stamp" ] && return
    say "prettier, rtlcss, axe-core"
    rm -rf "$NODE.new"
    mkdir -p "$NODE.new"
    cp "$ROOT/package.json" "$ROOT/package-lock.json" "$NODE.new/"
    PATH=$VENV/bin:$PATH logged "$LOGS/npm.log" npm ci --prefix "$NODE.new" --ignore-scripts --no-audit --no-fund \
        || die "npm ci failed (see $LOGS/npm.log): $NETWORK_HINT"
    echo "$stamp" >"$NODE.new/complete"
    rm -rf "$NODE"
    mv "$NODE.new" "$NODE"
}
