import { Component, onWillStart, useState } from "@odoo/owl";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { periodDays, PERIODS, storedFilters, storeFilters } from "./board_filters";

/** What the boards have in common: filters, loading, errors, opening records. */
export class Board extends Component {
    static components = { Layout };
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
        });
        onWillStart(() => {
            this.load(); // not awaited: the page is there at once, figures follow
        });
    }

    get days() {
        return periodDays(this.state.filters.period);
    }

    /** What the server's method takes besides the period. */
    get filterArguments() {
        return [];
    }

    async load() {
        const { from, to } = this.days;
        this.state.isLoading = true;
        try {
            this.state.data = await this.keepLast.add(
                this.orm.silent.call("hr.commission.board", this.constructor.method, [
                    from,
                    to,
                    ...this.filterArguments,
                ])
            );
            this.state.error = null;
        } catch (error) {
            if (!(error instanceof RPCError || error instanceof ConnectionLostError)) {
                throw error;
            }
            this.state.error = error.data?.message || error.message;
        }
        this.state.isLoading = false;
    }

    async choose(filters) {
        Object.assign(this.state.filters, filters);
        storeFilters(this.constructor.boardName, this.state.filters);
        await this.load();
    }

    money(amount, currencyId = this.state.data.currency_id) {
        return formatMonetary(amount || 0, { currencyId });
    }

    percent(value) {
        return `${formatFloat(value || 0, { digits: [16, 1] })} %`;
    }

    /** Change against the period before, in percent; null without one. */
    change(now, before) {
        return before ? (100 * (now - before)) / Math.abs(before) : null;
    }

    /** A change with its sign. */
    signed(change) {
        return `${change < 0 ? "" : "+"}${this.percent(change)}`;
    }

    /** Open the commission lines of the period that a figure sums. */
    openLines(domain = [], name = undefined) {
        return this.openRecords("hr_sales_commission.hr_commission_line_action", name, [
            ...this.periodDomain,
            ...domain,
        ]);
    }

    get periodDomain() {
        const { from, to } = this.days;
        return [
            ["date", ">=", from],
            ["date", "<=", to],
        ];
    }

    async openRecords(xmlid, name, domain) {
        const action = await this.actionService.loadAction(xmlid);
        return this.actionService.doAction({
            ...action,
            display_name: name || action.display_name || action.name,
            context: {},
            domain,
        });
    }
}
