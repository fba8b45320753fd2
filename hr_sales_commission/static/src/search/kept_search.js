import { useEnv, useExternalListener } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { SearchModel } from "@web/search/search_model";

const KEY = "hr_sales_commission.search";

let kept = null;

/**
 * Read once, when the page is loaded: nobody who comes back later finds old filters.
 *
 * @param {boolean} isAgain whether the page was there before
 */
export function readKept(isAgain) {
    const found = JSON.parse(browser.sessionStorage.getItem(KEY) || "null");
    browser.sessionStorage.removeItem(KEY);
    kept = isAgain && found?.path === browser.location.pathname ? found : null;
}

const [entry] = browser.performance.getEntriesByType("navigation");
readKept(Boolean(entry) && entry.type !== "navigate");

/** A page that is loaded again shows what it showed. */
export class KeptSearchModel extends SearchModel {
    async load(config) {
        const found = kept?.resModel === config.resModel ? kept.state : undefined;
        kept = null;
        return super.load({ ...config, state: config.state || found });
    }
}

/** To be called where a view of that search model is set up. */
export function useKeptSearch() {
    const { searchModel } = useEnv();
    useExternalListener(window, "beforeunload", () => {
        const place = { path: browser.location.pathname, resModel: searchModel.resModel };
        const state = searchModel.exportState();
        browser.sessionStorage.setItem(KEY, JSON.stringify({ ...place, state }));
    });
}
