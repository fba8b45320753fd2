import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { serializeDate } from "@web/core/l10n/dates";

const { DateTime } = luxon;

export const PERIODS = [
    { id: "month", label: _t("This Month"), unit: "month", shift: 0 },
    { id: "last_month", label: _t("Last Month"), unit: "month", shift: 1 },
    { id: "quarter", label: _t("This Quarter"), unit: "quarter", shift: 0 },
    { id: "year", label: _t("This Year"), unit: "year", shift: 0 },
    { id: "custom", label: _t("Other Days") },
];

const NO_FILTERS = {
    period: "month",
    from: false,
    to: false,
    company: false,
    team: false,
    source: false,
};

/**
 * First and last day of the period chosen, as the server takes them.
 *
 * @param {{period: string, from: string|false, to: string|false}} filters
 * @returns {{from: string, to: string}}
 */
export function periodDays({ period, from, to }) {
    if (period === "custom") {
        return from <= to ? { from, to } : { from: to, to: from };
    }
    const { unit, shift } = PERIODS.find(({ id }) => id === period);
    const day = DateTime.local().minus({ [unit]: shift });
    return {
        from: serializeDate(day.startOf(unit)),
        to: serializeDate(day.endOf(unit)),
    };
}

/**
 * What was chosen last on a board: in this tab, else on this device.
 *
 * So going back or reloading changes nothing, nor does what another tab looks at.
 *
 * @param {string} board name of the board
 * @returns {{period: string, from: string|false, to: string|false,
 *     company: number|false, team: number|false, source: string|false}}
 */
export function storedFilters(board) {
    const filters = { ...NO_FILTERS };
    const key = storageKey(board);
    try {
        const kept = browser.sessionStorage.getItem(key) ?? browser.localStorage.getItem(key);
        Object.assign(filters, JSON.parse(kept));
    } catch {
        // what is stored is no longer readable: start afresh
    }
    const isKnown = PERIODS.some(({ id }) => id === filters.period);
    if (!isKnown || (filters.period === "custom" && !(filters.from && filters.to))) {
        filters.period = NO_FILTERS.period;
    }
    return filters;
}

export function storeFilters(board, filters) {
    for (const storage of [browser.sessionStorage, browser.localStorage]) {
        storage.setItem(storageKey(board), JSON.stringify(filters));
    }
}

function storageKey(board) {
    return `hr_commission.${board}.filters`;
}
