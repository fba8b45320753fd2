import { onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { getColor } from "@web/core/colors/colors";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Board } from "./board";

const SOURCES = {
    marketing: _t("Marketing's customers"),
    own: _t("Own customers"),
    referral: _t("Referrals"),
};
const MEASURES = {
    won_amount: _t("Amount of deals won"),
    won_count: _t("Deals won"),
    qualified_count: _t("Qualified leads"),
};
const PAYABLE = ["draft", "approved", "in_payroll", "paid"];

export class MyCommissions extends Board {
    static template = "hr_sales_commission.MyCommissions";
    static boardName = "my_commissions";
    static method = "get_my_board";

    setup() {
        super.setup();
        this.sources = SOURCES;
        this.measures = MEASURES;
        this.chartRef = useRef("chart");
        this.chart = null;
        this.bus = useService("bus_service");
        const refresh = () => this.load();
        this.bus.subscribe("hr_commission/lines_changed", refresh);
        onWillUnmount(() => {
            this.bus.unsubscribe("hr_commission/lines_changed", refresh);
            this.chart?.destroy();
        });
        useEffect(
            (data) => {
                this.drawChart(data?.months);
            },
            () => [this.state.data]
        );
    }

    get isEmpty() {
        const { totals, targets, marketing, upcoming } = this.state.data;
        return (
            !Object.keys(totals).length &&
            !targets.length &&
            !upcoming.length &&
            !marketing.leads
        );
    }

    total(...states) {
        const { totals } = this.state.data;
        return states.reduce((sum, state) => sum + (totals[state]?.amount || 0), 0);
    }

    get cards() {
        const { previous_total, bonus, disputed } = this.state.data;
        const earned = this.total(...PAYABLE);
        const cards = [
            {
                id: "earned",
                label: _t("Earned"),
                amount: earned,
                change: this.change(earned, previous_total),
                domain: [["state", "in", PAYABLE]],
            },
            {
                id: "bonus",
                label: _t("of which bonus"),
                amount: bonus,
                domain: [
                    ["kind", "=", "bonus"],
                    ["state", "in", PAYABLE],
                ],
            },
            {
                id: "paid",
                label: _t("Paid"),
                amount: this.total("paid"),
                domain: [["state", "=", "paid"]],
            },
            {
                id: "held",
                label: _t("Held"),
                amount: this.total("held"),
                hint: _t("Paid once the source of the customer is verified"),
                domain: [["state", "=", "held"]],
            },
        ];
        if (disputed) {
            cards.push({
                id: "disputed",
                label: _t("Disputed"),
                amount: disputed,
                domain: [["is_disputed", "=", true]],
            });
        }
        return cards;
    }

    get hasMarketing() {
        const { role, marketing } = this.state.data;
        return role === "marketing" || marketing.leads > 0;
    }

    day(value) {
        return formatDate(deserializeDate(value));
    }

    openMine(domain, name) {
        return this.openLines([["user_id", "=", user.userId], ...domain], name);
    }

    openMyLeads(domain, name) {
        const { from, to } = this.days;
        return this.actionService.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "crm.lead",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [
                ["marketer_id.user_id", "=", user.userId],
                ["first_touch_date", ">=", from],
                ["first_touch_date", "<=", to],
                ...domain,
            ],
        });
    }

    async drawChart(months) {
        this.chart?.destroy();
        this.chart = null;
        if (!months) {
            return;
        }
        await loadBundle("web.chartjs_lib");
        if (!this.chartRef.el) {
            return;
        }
        this.chart?.destroy(); // drawn by a newer call while the library was loading
        const label = (month) => deserializeDate(month).toFormat("LLL yy");
        this.chart = new Chart(this.chartRef.el, {
            type: "bar",
            data: {
                labels: months.map((each) => label(each.month)),
                datasets: [
                    {
                        label: _t("Commission"),
                        data: months.map((each) => each.commission),
                        backgroundColor: getColor(0, "light", 6),
                    },
                    {
                        label: _t("Bonus"),
                        data: months.map((each) => each.bonus),
                        backgroundColor: getColor(4, "light", 6),
                    },
                ],
            },
            options: {
                maintainAspectRatio: false,
                scales: { x: { stacked: true }, y: { stacked: true, beginAtZero: true } },
            },
        });
    }
}

registry.category("actions").add("hr_sales_commission.my_commissions", MyCommissions);
