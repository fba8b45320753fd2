import { onMounted, onPatched, useExternalListener } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

const ROWS = ".o_data_row";
/** Where one goes on when an act on a record is done and its button is gone. */
const NEXT = [".o_pager_next:not(:disabled)", ".o_statusbar_buttons button:not(:disabled)"];
const PAGER = [".o_pager_next", ".o_pager_previous"];
/** Milliseconds in which a page is loaded again after an act. */
const SOON = 10000;

/** @returns {string} selector of a button, as it will be there again */
function getOwn(button) {
    const pager = PAGER.find((each) => button.matches(each));
    return pager ? `${pager}:not(:disabled)` : `button[name="${button.name}"]`;
}

/** The button pressed last: a page that is loaded again after the act goes on from there. */
let place = null;

/**
 * Whoever works by keyboard is back at the button that opened a dialog once it is closed,
 * and at that of the next row when their own is done; on a record at the next record.
 */
export function useFocusBack(ref, resModel) {
    const rows = () => [...ref.el.querySelectorAll(ROWS)];
    useExternalListener(
        window,
        "click",
        ({ target }) => {
            if (ref.el?.contains(target)) {
                const button = target.closest(["button[name]", ...PAGER].join());
                const row = button && rows().indexOf(button.closest(ROWS));
                const until = Date.now() + SOON;
                place = button && { own: getOwn(button), row, ref, resModel, until };
            }
        },
        { capture: true }
    );
    function goBack() {
        const isAgain = place?.resModel === resModel && Date.now() < place.until;
        const isTaken = document.activeElement !== document.body;
        if (
            !(place?.ref === ref || isAgain) ||
            !ref.el ||
            isTaken ||
            document.querySelector(".modal")
        ) {
            return;
        }
        const all = rows();
        const root = place.row < 0 ? ref.el : all[Math.min(place.row, all.length - 1)];
        const places = place.row < 0 ? [place.own, ...NEXT] : [place.own];
        const found = places.map((each) => root?.querySelector(each)).find(Boolean);
        if (found?.disabled && Date.now() < place.until) {
            goBackSoon();
        }
        found?.focus();
    }
    // buttons are disabled until what they do is done
    const goBackSoon = () => browser.setTimeout(goBack, 100);
    onMounted(goBackSoon);
    onPatched(goBackSoon);
}

export class CommissionListController extends ListController {
    setup() {
        super.setup();
        useFocusBack(this.rootRef, this.props.resModel);
    }
}

export class CommissionListRenderer extends ListRenderer {
    /** Enter on the button of a row presses it; elsewhere it opens the row. */
    onCellKeydown(ev) {
        if (ev.key !== "Enter" || !ev.target.closest("button")) {
            super.onCellKeydown(...arguments);
        }
    }
}

registry.category("views").add("commission_list", {
    ...listView,
    Controller: CommissionListController,
    Renderer: CommissionListRenderer,
});
