# Translations: what the sources hold, what zh_CN says.
# shellcheck shell=bash

cmd_i18n() {
    set_up test
    use_cluster test
    mapfile -t ADDONS < <(addons names)
    with_lock "tests-$TEST_DB" kept_database || [ $? = 2 ] || die "the database for the export could not be made"
    export_terms "$TEST_DB" || die "the export failed: see $LOGS/i18n.log"
    "$VENV/bin/python" "$TOOLS/po.py" update "$LOCAL/pot" "${ADDONS[@]}"
}

export_terms() { # DATABASE: .local/pot/ADDON.pot
    rm -rf "$LOCAL/pot"
    mkdir -p "$LOCAL/pot"
    POT_FOLDER=$LOCAL/pot POT_ADDONS=${ADDONS[*]} odoo_shell "$1" <"$TOOLS/export_terms.py" >"$LOGS/i18n.log" 2>&1
}

translations_current() { # DATABASE
    export_terms "$1" || { tail -n 5 "$LOGS/i18n.log"; return 1; }
    "$VENV/bin/python" "$TOOLS/po.py" check "$LOCAL/pot" "${ADDONS[@]}"
}
