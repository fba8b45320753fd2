import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Board } from "./board";

/** Key figures: where they come from, and whether more is better. */
const FIGURES = [
    { id: "signed", label: _t("Signed amount"), type: "money", better: 1 },
    { id: "commission", label: _t("Commissions"), type: "money", better: 0 },
    { id: "cost_ratio", label: _t("Commission cost ratio"), type: "percent", better: -1 },
    { id: "qualified", label: _t("Qualified leads of marketing"), type: "count", better: 1 },
    { id: "synergy_rate", label: _t("Marketing leads won"), type: "percent", better: 1 },
    { id: "cost_per_lead", label: _t("Cost per qualified lead"), type: "money", better: -1 },
    { id: "cost_per_deal", label: _t("Cost per signed deal"), type: "money", better: -1 },
];

export class ManagementBoard extends Board {
    static template = "hr_sales_commission.ManagementBoard";
    static boardName = "management";
    static method = "get_management_board";

    setup() {
        super.setup();
        this.figures = FIGURES;
    }

    format(figure, value) {
        if (figure.type === "money") {
            return this.money(value);
        }
        return figure.type === "percent" ? this.percent(value) : `${value || 0}`;
    }

    /** Change of a figure against the period before: in points for percentages. */
    trend(figure) {
        const { current, previous } = this.state.data;
        if (figure.type === "percent") {
            return current[figure.id] - previous[figure.id];
        }
        return this.change(current[figure.id], previous[figure.id]);
    }

    trendClass(figure) {
        const direction = Math.sign(this.trend(figure) || 0) * figure.better;
        return { 1: "text-success", "-1": "text-danger" }[direction] || "text-muted";
    }

    /** What to change where a figure went the wrong way. */
    get advice() {
        const { current, previous } = this.state.data;
        const advice = [];
        if (previous.qualified && current.synergy_rate < previous.synergy_rate) {
            advice.push(
                _t("Fewer of marketing's leads are won: raise the synergy bonus for sales.")
            );
        }
        if (previous.qualified && current.qualified < previous.qualified) {
            advice.push(
                _t("Fewer qualified leads: raise what marketing earns per qualified lead.")
            );
        }
        if (previous.cost_ratio && current.cost_ratio > previous.cost_ratio * 1.1) {
            advice.push(
                _t("Commissions cost more of each signed amount: look at the rates.")
            );
        }
        return advice;
    }

    openBranch(branch) {
        return this.openLines([["company_id", "=", branch.id]], branch.name);
    }
}

registry.category("actions").add("hr_sales_commission.management_board", ManagementBoard);
