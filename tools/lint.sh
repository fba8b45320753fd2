# ./dev lint: linters and the rules of this house.
# shellcheck shell=bash

cmd_lint() {
    local fix=
    case ${1:-} in
        --fix) fix=1 ;;
        '') ;;
        *) die "usage: ./dev lint [--fix]" ;;
    esac
    set_up test
    [ -z "$fix" ] || format_files
    lint && say "lint: ok"
}

# What git knows or would take in, ignored files are nobody's business; without git
# (an unpacked archive) all files but ours below .local/.
our_files() { # REGEX: existing files, one per line
    { git -c safe.directory='*' ls-files -co --exclude-standard 2>/dev/null \
        || find . -path ./.local -prune -o -type f -printf '%P\n'; } \
        | grep -E "$1" | while read -r file; do [ ! -f "$file" ] || printf '%s\n' "$file"; done
}

prettier() { # OPTION: on the XML, JavaScript and styles of the addons
    local files
    mapfile -t files < <(our_files '^hr_sales_commission.*\.(xml|js|scss)$')
    [ ${#files[@]} = 0 ] || PATH=$VENV/bin:$PATH "$NODE/node_modules/.bin/prettier" \
        --plugin="$NODE/node_modules/@prettier/plugin-xml/src/plugin.js" "$1" "${files[@]}"
}

format_files() {
    our_files '\.py$' | "$VENV/bin/python" "$TOOLS/licences.py" --fix
    "$VENV/bin/ruff" check --no-cache --fix --quiet . || true
    "$VENV/bin/ruff" format --no-cache --quiet .
    prettier --write >/dev/null
}

oca_po() {
    local files
    mapfile -t files < <(our_files '\.pot?$')
    [ ${#files[@]} = 0 ] || "$VENV/bin/oca-checks-po" "${files[@]}"
}

lint() {
    local rc=0 ADDONS
    mapfile -t ADDONS < <(addons names; addons channels)
    lint_step "ruff" "$VENV/bin/ruff" check --no-cache --quiet --output-format=concise . || rc=1
    lint_step "ruff format" "$VENV/bin/ruff" format --no-cache --check --output-format=concise . || rc=1
    lint_step "prettier" prettier --list-different || rc=1
    # Not asked: OCA as author, a README per addon, one file where a model is split by topic.
    lint_step "pylint-odoo" "$VENV/bin/pylint" --rcfile="$ROOT/.pylintrc" \
        --disable=manifest-required-author,missing-readme,consider-merging-classes-inherited "${ADDONS[@]}" || rc=1
    # Plain numbers in data files are Odoo's own way.
    lint_step "oca-checks-odoo-module" "$VENV/bin/oca-checks-odoo-module" \
        --disable=xml-field-numeric-without-eval,xml-tag-position "${ADDONS[@]}" || rc=1
    lint_step "oca-checks-po" oca_po || rc=1
    lint_step "architecture" "$VENV/bin/python" "$TOOLS/architecture.py" --check || rc=1
    lint_step "versions" "$VENV/bin/python" "$TOOLS/versions.py" || rc=1
    lint_step "licences" "$VENV/bin/python" "$TOOLS/licences.py" < <(our_files '\.py$') || rc=1
    lint_step "house rules" "$VENV/bin/python" "$TOOLS/house_rules.py" < <(our_files .) || rc=1
    lint_step "names in the guides" "$VENV/bin/python" "$TOOLS/doc_labels.py" || rc=1
    lint_step "dead code" "$VENV/bin/python" "$TOOLS/dead_code.py" < <(our_files .) || rc=1
    return $rc
}

lint_step() { # NAME COMMAND...: silent when all is well
    local name=$1 output
    shift
    output=$("$@" 2>&1) && return
    printf -- '-- %s\n%s\n' "$name" "$output"
    return 1
}
