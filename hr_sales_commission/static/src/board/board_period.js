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
 * The period chosen last, kept on this device.
 *
 * @param {string} board name of the board
 * @returns {string} id of one of PERIODS
 */
export function storedPeriod(board) {
    const stored = browser.localStorage.getItem(`hr_commission.${board}.period`);
    return PERIODS.some((period) => period.id === stored) ? stored : "month";
}

export function storePeriod(board, periodId) {
    browser.localStorage.setItem(`hr_commission.${board}.period`, periodId);
}
