import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { Board } from "./board";
import { SOURCES } from "./my_commissions";
import { Onboarding } from "./onboarding";

const LINES = "hr_sales_commission.hr_commission_line_action";
const CREDITS = "hr_sales_commission.hr_commission_credit_action";
const EARNED = ["draft", "approved", "in_payroll", "paid", "held"];
const SIGNED = [
    ["event_type", "=", "deal_won"],
    ["date_reversed", "=", false],
    ["share", ">", 0],
];
const QUALIFIED = [
    ["event_type", "=", "lead_qualified"],
    ["date_reversed", "=", false],
    ["role", "=", "marketing"],
    ["share", ">", 0],
];

/** Key figures: where they come from, and whether more is better. */
const FIGURES = [
    {
        id: "signed",
        label: _t("Signed amount"),
        type: "money",
        better: 1,
        records: CREDITS,
        domain: [...SIGNED, ["role", "=", "sales"]],
    },
    {
        id: "commission",
        label: _t("Commissions"),
        type: "money",
        better: 0,
        records: LINES,
        domain: [["state", "in", EARNED]],
    },
    {
        id: "cost_ratio",
        label: _t("Commission cost ratio"),
        type: "percent",
        better: -1,
        records: LINES,
        domain: [["state", "in", EARNED]],
    },
    {
        id: "qualified",
        label: _t("Qualified leads of marketing"),
        type: "count",
        better: 1,
        records: CREDITS,
        domain: QUALIFIED,
    },
    {
        id: "followup_rate",
        label: _t("Marketing leads followed up"),
        type: "percent",
        better: 1,
        records: CREDITS,
        domain: QUALIFIED,
    },
    {
        id: "synergy_rate",
        label: _t("Marketing deals signed per qualified lead"),
        type: "percent",
        better: 1,
        records: CREDITS,
        domain: [...SIGNED, ["role", "=", "marketing"]],
    },
    {
        id: "cost_per_lead",
        label: _t("Cost per qualified lead"),
        type: "money",
        better: -1,
        records: LINES,
        domain: [
            ["state", "in", EARNED],
            ["role", "=", "marketing"],
        ],
    },
    {
        id: "cost_per_deal",
        label: _t("Cost per signed deal"),
        type: "money",
        better: -1,
        records: LINES,
        domain: [
            ["state", "in", EARNED],
            ["role", "=", "marketing"],
        ],
    },
];

/** The tables of conversion: the title, and the field of a lead they group by. */
const CONVERSIONS = [
    { id: "commission_source", label: _t("Conversion by customer source") },
    { id: "team_id", label: _t("Conversion by team") },
    { id: "source_id", label: _t("Conversion by channel") },
];

export class ManagementBoard extends Board {
    static template = "hr_sales_commission.ManagementBoard";
    static components = { ...Board.components, Onboarding };
    static boardName = "management";
    static method = "get_management_board";

    setup() {
        super.setup();
        this.figures = FIGURES;
        this.conversions = CONVERSIONS;
        this.sources = SOURCES;
    }

    get filterArguments() {
        const { team, source } = this.state.filters;
        return [team, source];
    }

    get isEmpty() {
        const { commission, signed, qualified } = this.state.data.current;
        return !commission && !signed && !qualified;
    }

    chooseTeam(ev) {
        return this.choose({ team: Number(ev.target.value) || false });
    }

    chooseSource(ev) {
        return this.choose({ source: ev.target.value || false });
    }

    /** The teams to choose from; the one chosen stays even if it is of other companies. */
    get teams() {
        const { teams } = this.state.data;
        const { team } = this.state.filters;
        return !team || teams.some((each) => each.id === team)
            ? teams
            : [...teams, { id: team, name: _t("Team of another company") }];
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

    trendText(figure) {
        const values = { change: this.signed(this.trend(figure)) };
        return figure.type === "percent"
            ? _t("%(change)s points against the period before", {
                  change: values.change.replace(" %", ""),
              })
            : _t("%(change)s against the period before", values);
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
        const values = {
            company: alert.company,
            figure: alert.figure,
            value: alert.value.toFixed(2),
            threshold: alert.threshold.toFixed(2),
        };
        return alert.condition === "below"
            ? _t("%(company)s: %(figure)s is %(value)s, below %(threshold)s.", values)
            : _t("%(company)s: %(figure)s is %(value)s, above %(threshold)s.", values);
    }

    conversionName(conversion, row) {
        if (conversion.id === "commission_source") {
            return this.sources[row.value] || _t("None");
        }
        return row.name || _t("None");
    }

    /** What the filters say about lines and credits. */
    get leadDomain() {
        const { team, source } = this.state.filters;
        const domain = [["company_id", "in", user.activeCompanies.map(({ id }) => id)]];
        if (team) {
            domain.push(["team_id", "=", team]);
        }
        if (source) {
            domain.push(["commission_source", "=", source]);
        }
        return domain;
    }

    openFigure(figure, domain = [], name = figure.label) {
        return this.openRecords(figure.records, name, [
            ...this.periodDomain,
            ...this.leadDomain,
            ...figure.domain,
            ...domain,
        ]);
    }

    openBranch(branch) {
        const commissions = FIGURES.find((figure) => figure.id === "commission");
        return this.openFigure(commissions, [["company_id", "=", branch.id]], branch.name);
    }

    openConversion(conversion, row) {
        return this.openRecords(CREDITS, this.conversionName(conversion, row), [
            ...this.periodDomain,
            ...this.leadDomain,
            ["event_type", "=", "lead_qualified"],
            ["date_reversed", "=", false],
            ["role", "!=", "manager"],
            ["share", ">", 0],
            [conversion.id, "=", row.value],
        ]);
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

registry.category("actions").add("hr_sales_commission.management_board", ManagementBoard);
