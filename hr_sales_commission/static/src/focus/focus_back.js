import { onPatched, useExternalListener } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { KeptSearchModel, useKeptSearch } from "../search/kept_search";

const ROWS = ".o_data_row";

/**
 * Whoever works by keyboard is back at the button that opened a dialog once it is closed,
 * and at that of the next row when their own is done.
 */
export function useFocusBack(ref) {
    let place = null;
    const rows = () => [...ref.el.querySelectorAll(ROWS)];
    useExternalListener(
        window,
        "click",
        ({ target }) => {
            const button = ref.el?.contains(target) && target.closest("button[name]");
            if (button) {
                place = { name: button.name, row: rows().indexOf(button.closest(ROWS)) };
            }
        },
        { capture: true }
    );
    function goBack() {
        const isTaken = document.activeElement !== document.body;
        if (!place || !ref.el || isTaken || document.querySelector(".modal")) {
            return;
        }
        const all = rows();
        const root = place.row < 0 ? ref.el : all[Math.min(place.row, all.length - 1)];
        root?.querySelector(`button[name="${place.name}"]:not(:disabled)`)?.focus();
    }
    // buttons are disabled until what they do is done
    onPatched(() => browser.setTimeout(goBack, 100));
}

export class CommissionListController extends ListController {
    setup() {
        super.setup();
        useFocusBack(this.rootRef);
        useKeptSearch();
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
    SearchModel: KeptSearchModel,
});
