import { browser } from "@web/core/browser/browser";
import { serializeDate } from "@web/core/l10n/dates";
import { user } from "@web/core/user";

const { DateTime } = luxon;
/** How many choices of period and filters are remembered of a board. */
const MOST = 20;

function read(storage, key) {
    try {
        return JSON.parse(storage.getItem(key)) || {};
    } catch {
        return {}; // what is stored is no longer readable: nothing is known
    }
}

/**
 * What the figures were at the visit before this one, and remember what they are.
 *
 * A visit is a tab: reloading it, or coming back from a list, still compares with the same.
 *
 * @param {string} board name of the board
 * @param {Object} choice period and filters: only what was chosen alike is compared
 * @param {Object<string, number>} figures as they are now
 * @returns {{day: string, figures: Object<string, number>}|null} null at the first visit
 */
export function visitBefore(board, choice, figures) {
    const key = `hr_commission.${board}.seen.${user.userId}`;
    const chosen = JSON.stringify([choice, user.activeCompanies.map(({ id }) => id)]);
    const seen = read(browser.localStorage, key);
    const visit = read(browser.sessionStorage, key);
    visit[chosen] ??= seen[chosen] || { figures: null };
    browser.sessionStorage.setItem(key, JSON.stringify(visit));
    delete seen[chosen]; // written again at the end: the oldest go first
    const latest = Object.entries(seen).slice(1 - MOST);
    const now = { day: serializeDate(DateTime.local()), figures };
    browser.localStorage.setItem(
        key,
        JSON.stringify(Object.fromEntries([...latest, [chosen, now]]))
    );
    return visit[chosen].figures ? visit[chosen] : null;
}
