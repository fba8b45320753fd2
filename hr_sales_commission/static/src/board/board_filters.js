import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { serializeDate } from "@web/core/l10n/dates";

const { DateTime } = luxon;

export const PERIODS = [
    { id: "month", label: _t("This Month"), unit: "month", shift: 0 },
    { id: "last_month", label: _t("Last Month"), unit: "month", shift: 1 },
    { id: "quarter", label: _t("This Quarter"), unit: "quarter", shift: 0 },
    { id: "year", label: _t("This Year"), unit: "year", shift: 0 },
];

/**
 * First and last day of a period, as the server takes them.
 *
 * @param {string} periodId id of one of PERIODS
 * @returns {{from: string, to: string}}
 */
export function periodDays(periodId) {
    const { unit, shift } = PERIODS.find((period) => period.id === periodId);
    const day = DateTime.local().minus({ [unit]: shift });
    return {
        from: serializeDate(day.startOf(unit)),
        to: serializeDate(day.endOf(unit)),
    };
}

/**
 * What was chosen last on a board, kept on this device.
 *
 * @param {string} board name of the board
 * @returns {{period: string, team: number|false, source: string|false}}
 */
export function storedFilters(board) {
    const filters = { period: "month", team: false, source: false };
    try {
        Object.assign(filters, JSON.parse(browser.localStorage.getItem(storageKey(board))));
    } catch {
        // what is stored is no longer readable: start afresh
    }
    if (!PERIODS.some((period) => period.id === filters.period)) {
        filters.period = "month";
    }
    return filters;
}

export function storeFilters(board, filters) {
    browser.localStorage.setItem(storageKey(board), JSON.stringify(filters));
}

function storageKey(board) {
    return `hr_commission.${board}.filters`;
}
