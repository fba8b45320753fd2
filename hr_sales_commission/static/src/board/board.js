import { Component, onWillStart, useState } from "@odoo/owl";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate, serializeDate } from "@web/core/l10n/dates";
import { Layout } from "@web/search/layout";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { BoardChart } from "./board_chart";
import { visitBefore } from "./board_visit";
import { periodDays, PERIODS, storedFilters, storeFilters } from "./board_filters";

const { DateTime } = luxon;
/** A longer table shows so many rows until all are asked for. */
const MOST_ROWS = 10;

/** Parts of a sentence one after the other, as the language writes them. */
export function joinClauses(texts) {
    return texts.length
        ? texts.reduce((clauses, next) => _t("%(clauses)s; %(next)s", { clauses, next }))
        : "";
}

/** What the boards have in common: filters, loading, errors, opening records. */
export class Board extends Component {
    static components = { BoardChart, Layout };
    static props = { ...standardActionServiceProps };

    /** Name of the board, and of the server's method that gives its figures. */
    static boardName = "";
    static method = "";

    setup() {
        this.orm = useService("orm");
        this.actionService = useService("action");
        this.periods = PERIODS;
        this.display = { controlPanel: {} };
        this.keepLast = new KeepLast();
        this.state = useState({
            filters: storedFilters(this.constructor.boardName),
            data: null,
            isLoading: false,
            error: null,
            visit: null, // what the figures were at the visit before
            isLong: {}, // tables that show all their rows
        });
        onWillStart(() => {
            this.load(); // not awaited: the page is there at once, figures follow
        });
    }

    get days() {
        return periodDays(this.state.filters);
    }

    /** What the server's method takes besides the period. */
    get filterArguments() {
        const { company, team, source } = this.state.filters;
        return { company_id: company, team_id: team, source };
    }

    /** The selections to filter by: what each chooses from. */
    get selections() {
        const { companies, teams, customer_sources } = this.state.data;
        return [
            {
                id: "company",
                label: _t("Company"),
                all: _t("All companies"),
                choices: this.withChosen("company", companies, _t("Another company")),
            },
            {
                id: "team",
                label: _t("Team"),
                all: _t("All teams"),
                choices: this.withChosen("team", teams, _t("Team of another company")),
            },
            {
                id: "source",
                label: _t("Customer source"),
                all: _t("All customers"),
                choices: customer_sources,
            },
        ].filter(({ id, choices }) => choices.length > (id === "company" ? 1 : 0));
    }

    /** What the sources of customers are called, by code. */
    get sources() {
        const { customer_sources } = this.state.data;
        return Object.fromEntries(customer_sources.map(({ id, name }) => [id, name]));
    }

    /** Choices, and the one chosen even if it is no longer among them. */
    withChosen(filter, choices, unknownName) {
        const chosen = this.state.filters[filter];
        return !chosen || choices.some(({ id }) => id === chosen)
            ? choices
            : [...choices, { id: chosen, name: unknownName }];
    }

    select(selection, ev) {
        const value = ev.target.value;
        const chosen = selection.choices.find(({ id }) => `${id}` === value);
        return this.choose({ [selection.id]: chosen ? chosen.id : false });
    }

    /** Choose a period; the days of one's own start as those shown until now. */
    choosePeriod(period) {
        return this.choose(period === "custom" ? { period, ...this.days } : { period });
    }

    /** Choose the first or last day of the period; an emptied one changes nothing. */
    chooseDay(name, ev) {
        return ev.target.value ? this.choose({ [name]: ev.target.value }) : this.render();
    }

    async load() {
        const { from, to } = this.days;
        this.state.isLoading = true;
        try {
            this.state.data = await this.keepLast.add(
                this.orm.silent.call(
                    "hr.commission.board",
                    this.constructor.method,
                    [from, to],
                    this.filterArguments
                )
            );
            this.state.error = null;
            this.state.visit = visitBefore(
                this.constructor.boardName,
                { from, to, ...this.filterArguments },
                this.comparedFigures
            );
        } catch (error) {
            if (!(error instanceof RPCError || error instanceof ConnectionLostError)) {
                throw error;
            }
            this.state.error =
                error instanceof ConnectionLostError
                    ? _t("The server cannot be reached: is the device online?")
                    : error.data?.message || error.message;
        }
        this.state.isLoading = false;
    }

    async choose(filters) {
        Object.assign(this.state.filters, filters);
        storeFilters(this.constructor.boardName, this.state.filters);
        await this.load();
    }

    /** The figures of which the board says what they were at the visit before. */
    get comparedFigures() {
        return {};
    }

    /** What a figure was at the visit before, if it was another; empty if not. */
    visitText(id, format) {
        const before = this.state.visit?.figures[id];
        const now = this.comparedFigures[id];
        if (before === undefined || Math.abs(now - before) < 0.005) {
            return "";
        }
        return _t("%(before)s at your visit on %(day)s", {
            before: format(before),
            day: formatDate(deserializeDate(this.state.visit.day)),
        });
    }

    /** The rows of a table that are shown: all of them once asked for. */
    shownRows(id, rows) {
        return this.state.isLong[id] ? rows : rows.slice(0, MOST_ROWS);
    }

    /** What the button below a table says; empty where all is shown. */
    showAllText(id, rows) {
        return this.shownRows(id, rows).length < rows.length ? _t("Show all %s", rows.length) : "";
    }

    money(amount, currencyId = this.state.data.currency_id) {
        return formatMonetary(amount || 0, { currencyId });
    }

    monthName(month) {
        return deserializeDate(month).toLocaleString({ month: "short", year: "2-digit" });
    }

    percent(value) {
        return _t("%(number)s %", { number: formatFloat(value || 0, { digits: [16, 1] }) });
    }

    /** Change against the period before, in percent; null without one. */
    change(now, before) {
        return before ? (100 * (now - before)) / Math.abs(before) : null;
    }

    /** A change in words: in percent, or in points for figures that are percentages. */
    changeText(change, isInPoints = false) {
        const sign = change < 0 ? "" : "+";
        const values = { change: sign + formatFloat(change, { digits: [16, 1] }) };
        if (this.days.to > serializeDate(DateTime.local())) {
            return isInPoints
                ? _t("%(change)s points against the same days before", values)
                : _t("%(change)s % against the same days before", values);
        }
        return isInPoints
            ? _t("%(change)s points against the period before", values)
            : _t("%(change)s % against the period before", values);
    }

    /** Open the list of what a figure counts, as the server says it. */
    async openRecords(xmlid, name, domain, context = {}) {
        const action = await this.actionService.loadAction(xmlid);
        return this.actionService.doAction({
            ...action,
            display_name: name || action.display_name || action.name,
            context,
            domain,
        });
    }
}
