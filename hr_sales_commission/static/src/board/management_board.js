import { getColor } from "@web/core/colors/colors";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { Board, joinClauses } from "./board";
import { ConversionTable } from "./conversion_table";
import { Onboarding } from "./onboarding";

const LINES = "hr_sales_commission.hr_commission_line_action";
const CREDITS = "hr_sales_commission.hr_commission_credit_action";
const PATHS = "hr_sales_commission.crm_lead_path_report_action";
const RECORDS = { lines: LINES, credits: CREDITS, paths: PATHS };

/** The tables of conversion: the title, and the field of a credit they group by. */
const CONVERSIONS = [
    { id: "commission_source", label: _t("Conversion by customer source") },
    { id: "deal_company_id", label: _t("Conversion by branch") },
    { id: "team_id", label: _t("Conversion by team") },
    { id: "source_id", label: _t("Conversion by channel") },
];

export class ManagementBoard extends Board {
    static template = "hr_sales_commission.ManagementBoard";
    static components = { ...Board.components, ConversionTable, Onboarding };
    static boardName = "management";
    static method = "get_management_board";

    get figures() {
        return this.state.data.figures;
    }

    setup() {
        super.setup();
        this.state.measures = null;
    }

    async load() {
        this.state.measures = null;
        await super.load();
    }

    /** Read what every deal has to be looked at for: only when asked. */
    async loadMeasures() {
        const { from, to } = this.days;
        this.state.measures = await this.keepLast.add(
            this.orm.call(
                "hr.commission.board",
                "get_sales_measures",
                [from, to],
                this.filterArguments
            )
        );
    }

    measureValue({ unit }, value) {
        if (value === null) {
            return _t("None");
        }
        if (unit === "percent") {
            return this.percent(value);
        }
        const text = formatFloat(value, { digits: [16, 1], trailingZeros: false });
        return unit === "days" ? _t("%(count)s days", { count: text }) : text;
    }

    get comparedFigures() {
        const { current } = this.state.data;
        return Object.fromEntries(this.figures.map(({ id }) => [id, current[id]]));
    }

    get isEmpty() {
        const { commission, signed, qualified } = this.state.data.current;
        return !commission && !signed && !qualified;
    }

    format(figure, value) {
        if (figure.type === "money") {
            return this.money(value);
        }
        if (figure.type === "percent") {
            return this.percent(value);
        }
        const number = formatFloat(value || 0, { digits: [16, 1], trailingZeros: false });
        return figure.type === "days" ? _t("%(count)s days", { count: number }) : number;
    }

    /** Change of a figure against the period before: in points for percentages. */
    trend(figure) {
        const { current, previous } = this.state.data;
        if (figure.type === "percent") {
            return current[figure.id] - previous[figure.id];
        }
        return this.change(current[figure.id], previous[figure.id]);
    }

    trendText(figure) {
        return this.changeText(this.trend(figure), figure.type === "percent");
    }

    trendClass(figure) {
        const direction = Math.sign(this.trend(figure) || 0) * figure.better;
        return (
            { 1: "o_commission_better", "-1": "o_commission_worse" }[direction] ||
            "o_commission_note"
        );
    }

    /** What to change where a figure went the wrong way. */
    get advice() {
        const { current, previous } = this.state.data;
        const advice = [];
        if (previous.qualified && current.synergy_rate < previous.synergy_rate) {
            advice.push(
                _t("Fewer of marketing's leads are signed: raise the synergy bonus for sales.")
            );
        }
        if (previous.qualified && current.qualified < previous.qualified) {
            advice.push(
                _t("Fewer qualified leads: raise what marketing earns per qualified lead.")
            );
        }
        if (previous.cost_ratio && current.cost_ratio > previous.cost_ratio * 1.1) {
            advice.push(_t("Commissions cost more of each signed amount: look at the rates."));
        }
        return advice;
    }

    alertText(alert) {
        const shorten = (number) => formatFloat(number, { digits: [16, 2], trailingZeros: false });
        const values = {
            company: alert.company,
            figure: alert.figure,
            value: shorten(alert.value),
            threshold: shorten(alert.threshold),
        };
        if (alert.condition === "below") {
            return _t("%(company)s: %(figure)s is %(value)s, below %(threshold)s.", values);
        }
        return alert.condition === "above"
            ? _t("%(company)s: %(figure)s is %(value)s, above %(threshold)s.", values)
            : _t("%(company)s: %(figure)s fell to %(value)s.", values);
    }

    /** The tables that say something: one branch alone is no comparison. */
    get shownConversions() {
        const { conversions } = this.state.data;
        return CONVERSIONS.filter(
            ({ id }) => conversions[id].length > (id === "deal_company_id" ? 1 : 0)
        );
    }

    conversionRows({ id }) {
        return this.state.data.conversions[id].map((row) => ({
            ...row,
            name: (id === "commission_source" ? this.sources[row.value] : row.name) || _t("None"),
        }));
    }

    get monthRows() {
        return this.state.data.months.map((row) => ({
            ...row,
            name: this.monthName(row.month),
        }));
    }

    openFigure({ id, label }) {
        const { records, domain } = this.state.data.records[id];
        return this.openRecords(RECORDS[records], label, domain);
    }

    openBranch({ name, domain }) {
        return this.openRecords(LINES, name, domain);
    }

    /** Qualified leads, one group each: a lead credits a marketer and a salesperson. */
    openQualified({ name, domain }) {
        return this.openRecords(CREDITS, name, domain, { group_by: ["lead_id"] });
    }

    /** The conversion by month in words, for those who do not see the chart. */
    get chartLabel() {
        return joinClauses(
            this.state.data.months.map((each) =>
                _t("%(month)s: %(qualified)s qualified, %(won)s of them won", {
                    ...each,
                    month: this.monthName(each.month),
                })
            )
        );
    }

    get chartDatasets() {
        const { months } = this.state.data;
        return [
            {
                label: _t("Qualified"),
                data: months.map((each) => each.qualified),
                backgroundColor: getColor(0, "light", 6),
            },
            {
                label: _t("Won by now"),
                data: months.map((each) => each.won),
                backgroundColor: getColor(4, "light", 6),
            },
        ];
    }

    openHealth() {
        return this.actionService.doAction("hr_sales_commission.hr_commission_health_action");
    }

    openAlert(alert) {
        return this.actionService.doAction({
            type: "ir.actions.act_window",
            res_model: "hr.commission.alert",
            res_id: alert.id,
            views: [[false, "form"]],
        });
    }
}

registry
    .category("actions")
    .add("hr_sales_commission.management_board", ManagementBoard, { force: true });
