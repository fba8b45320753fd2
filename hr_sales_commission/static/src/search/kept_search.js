import { onWillUnmount, useExternalListener } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { patch } from "@web/core/utils/patch";
import { SearchModel } from "@web/search/search_model";
import { WithSearch } from "@web/search/with_search/with_search";

const KEY = "hr_sales_commission.search";

/** What was searched on the pages left for a record of theirs, by their actions. */
let left = {};
let kept = {};

/**
 * Read once, when the page is loaded: nobody who comes back later finds old filters.
 *
 * @param {boolean} isAgain whether the page was there before
 */
export function readKept(isAgain) {
    const found = JSON.parse(browser.sessionStorage.getItem(KEY) || "null");
    browser.sessionStorage.removeItem(KEY);
    kept = isAgain && found?.path === browser.location.pathname ? found.states : {};
    left = {};
}

const [entry] = browser.performance.getEntriesByType("navigation");
readKept(Boolean(entry) && entry.type !== "navigate");

/** @returns {string | null} the action of ours that is searched: not a record, not a dialog */
function getOwnAction({ config, inDialog }) {
    const action = config?.actionXmlId || "";
    const isOwn = action.startsWith("hr_sales_commission") && !inDialog;
    return isOwn && config.viewType !== "form" ? action : null;
}

/** @returns {string} where the page is: its address is that of its records, shortened */
function getPath({ config }) {
    return config.breadcrumbs?.at(-1)?.url?.split("?")[0] || browser.location.pathname;
}

/** A page of ours that is loaded again, or come back to, shows what it showed. */
patch(SearchModel.prototype, {
    async load(config) {
        const action = getOwnAction(this.env);
        const state = config.state || kept[action];
        delete kept[action];
        return super.load({ ...config, state });
    },
});

patch(WithSearch.prototype, {
    setup() {
        super.setup();
        const action = getOwnAction(this.env);
        const keep = () => {
            if (action) {
                left[action] = { path: getPath(this.env), state: this.searchModel.exportState() };
            }
        };
        onWillUnmount(keep);
        useExternalListener(window, "beforeunload", () => {
            keep();
            const path = browser.location.pathname;
            const above = Object.entries(left).filter(([, page]) => path.startsWith(page.path));
            const states = Object.fromEntries(above.map(([key, page]) => [key, page.state]));
            browser.sessionStorage.setItem(KEY, JSON.stringify({ path, states }));
        });
    },
});
