import { Component, onWillStart, useState } from "@odoo/owl";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { periodDays, PERIODS, storedPeriod, storePeriod } from "./board_period";

/** What the boards have in common: a period, loading, errors, opening records. */
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
            period: storedPeriod(this.constructor.boardName),
            data: null,
            failed: false,
        });
        onWillStart(() => this.load());
    }

    get days() {
        return periodDays(this.state.period);
    }

    async load() {
        const { from, to } = this.days;
        try {
            this.state.data = await this.keepLast.add(
                this.orm.call("hr.commission.board", this.constructor.method, [from, to])
            );
            this.state.failed = false;
        } catch (error) {
            this.state.failed = true;
            throw error;
        }
    }

    async choosePeriod(periodId) {
        this.state.period = periodId;
        storePeriod(this.constructor.boardName, periodId);
        await this.load();
    }

    money(amount) {
        return formatMonetary(amount || 0, { currencyId: this.state.data.currency_id });
    }

    percent(value) {
        return `${formatFloat(value || 0, { digits: [16, 1] })} %`;
    }

    /** Change against the period before, in percent; null without one. */
    change(now, before) {
        return before ? (100 * (now - before)) / Math.abs(before) : null;
    }

    /** Open the commission lines of the period that a figure sums. */
    async openLines(domain = [], name = undefined) {
        const { from, to } = this.days;
        const action = await this.actionService.loadAction(
            "hr_sales_commission.hr_commission_line_action"
        );
        return this.actionService.doAction({
            ...action,
            name: name || action.name,
            context: {},
            domain: [["date", ">=", from], ["date", "<=", to], ...domain],
        });
    }
}
