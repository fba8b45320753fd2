import { getColor } from "@web/core/colors/colors";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useLinesChanged } from "../refresh/lines_changed";
import { showAround } from "../tours/role_tours";
import { Board, joinClauses } from "./board";

const MANAGEMENT = "hr_sales_commission.hr_commission_board_management_action";
const LINES = "hr_sales_commission.hr_commission_line_action";
const CREDITS = "hr_sales_commission.hr_commission_credit_action";
const PERIOD_NAMES = {
    week: _t("this week"),
    month: _t("this month"),
    quarter: _t("this quarter"),
    year: _t("this year"),
};

export class MyCommissions extends Board {
    static template = "hr_sales_commission.MyCommissions";
    static boardName = "my_commissions";
    static method = "get_my_board";

    setup() {
        super.setup();
        this.tourService = useService("tour_service");
        useLinesChanged(() => this.load());
    }

    get isEmpty() {
        const { totals, targets, tiers, marketing, upcoming } = this.state.data;
        return (
            !Object.keys(totals).length &&
            !targets.length &&
            !tiers.length &&
            !upcoming.length &&
            !marketing.leads
        );
    }

    get cards() {
        const { previous_total, bonus, disputed, parts } = this.state.data;
        const earned = parts.open + parts.in_payroll + parts.paid;
        const cards = [
            {
                id: "earned",
                label: _t("Earned"),
                help: _t("Already paid, in payroll and still open. Held ones are apart."),
                amount: earned,
                change: this.change(earned, previous_total),
            },
            {
                id: "bonus",
                label: _t("of which bonus"),
                help: _t("What rules marked as a bonus pay, of what is earned."),
                amount: bonus,
            },
            {
                id: "paid",
                label: _t("Already Paid"),
                help: _t("Earned in these days and paid out by now."),
                amount: parts.paid,
            },
            {
                id: "in_payroll",
                label: _t("In Payroll"),
                help: _t("Earned in these days; on a payslip or an export that is not paid yet."),
                amount: parts.in_payroll,
            },
            {
                id: "open",
                label: _t("Still Open"),
                help: _t("Earned in these days, to be approved or paid with the next payroll."),
                amount: parts.open,
            },
            {
                id: "held",
                label: _t("Held"),
                help: _t("Not part of what is earned, until what it waits for is decided."),
                amount: parts.held,
                hint: parts.held && _t("Open it to see what each waits for"),
            },
        ];
        if (disputed) {
            cards.push({
                id: "disputed",
                label: _t("Disputed"),
                help: _t("Somebody contests these amounts, in whatever state they are."),
                amount: disputed,
            });
        }
        return cards;
    }

    get comparedFigures() {
        return Object.fromEntries(this.cards.map(({ id, amount }) => [id, amount]));
    }

    showAround() {
        return showAround(this.tourService, "own");
    }

    openManagement() {
        return this.actionService.doAction(MANAGEMENT);
    }

    get hasMarketing() {
        const { role, marketing, channels } = this.state.data;
        return role === "marketing" || marketing.leads > 0 || channels.length > 0;
    }

    get hasSales() {
        const { role, sources } = this.state.data;
        return role !== "marketing" || sources.some((row) => row.deals || row.commission);
    }

    /** Say in words what would earn more. */
    get hints() {
        return this.state.data.hints.map((hint) => {
            const perLead = this.money(hint.per_lead);
            if (hint.kind === "channel") {
                return _t(
                    "A lead from %(source)s earns you %(per_lead)s on average, all your leads %(average)s. Bring more from there.",
                    {
                        source: hint.source,
                        per_lead: perLead,
                        average: this.money(hint.average),
                    }
                );
            }
            return _t(
                "%(count)s of your open leads are not qualified yet. One that qualifies earns you %(per_lead)s on average.",
                { count: hint.leads, per_lead: perLead }
            );
        });
    }

    /** What a target counts, and in which period. */
    targetName(target) {
        const { date_from, name, period } = target;
        const day = deserializeDate(date_from);
        const names = {
            week: day.toFormat("'W'W kkkk"),
            month: day.toLocaleString({ month: "short", year: "numeric" }),
            quarter: day.toFormat("'Q'q yyyy"),
            year: day.toFormat("yyyy"),
        };
        return `${name} · ${names[period]}`;
    }

    targetText(target) {
        const [achieved, amount] = [target.achieved, target.amount].map((value) =>
            target.unit === "money" ? this.money(value) : `${Math.round(100 * value) / 100}`
        );
        return _t("%(achieved)s of %(amount)s (%(attainment)s)", {
            achieved,
            amount,
            attainment: this.percent(target.attainment),
        });
    }

    /** A value of a tier in its unit. */
    tierValue(tier, value) {
        if (tier.unit === "money") {
            return this.money(value, tier.currency_id);
        }
        return tier.unit === "percent" ? this.percent(value) : `${value}`;
    }

    /** A rate: percent of the amount, or money for rules that pay an amount. */
    tierRate(tier, rate) {
        return tier.amount_type === "percent"
            ? this.percent(rate)
            : this.money(rate, tier.currency_id);
    }

    tierText(tier) {
        const values = {
            reached: this.tierValue(tier, tier.reached),
            period: PERIOD_NAMES[tier.period],
            rate: this.tierRate(tier, tier.rate),
        };
        if (tier.missing === null) {
            return _t("%(reached)s %(period)s: the last tier, %(rate)s", values);
        }
        return _t("%(reached)s %(period)s at %(rate)s. %(missing)s more for %(next_rate)s", {
            ...values,
            missing: this.tierValue(tier, tier.missing),
            next_rate: this.tierRate(tier, tier.next_rate),
        });
    }

    tierProgress(tier) {
        return tier.next_from ? Math.min((100 * tier.reached) / tier.next_from, 100) : 100;
    }

    day(value) {
        return formatDate(deserializeDate(value));
    }

    /** What a payment still waits for, and whom to ask; empty when only for its day. */
    paymentNote(payment) {
        const { date, amount, approved, in_payroll } = payment;
        const notes = [];
        if (in_payroll) {
            notes.push(
                this.isAll(in_payroll, amount)
                    ? _t("in payroll")
                    : _t("%s of it in payroll", this.money(in_payroll))
            );
        }
        if (!this.isAll(approved, amount)) {
            notes.push(this.approvalNote(payment));
        } else if (!date && !this.isAll(in_payroll, amount)) {
            notes.push(_t("approved, with the next payroll"));
        }
        return joinClauses(notes);
    }

    isAll(part, amount) {
        return Math.abs(amount - part) < 0.005;
    }

    approvalNote({ amount, approved, ask }) {
        const waiting = { amount: this.money(amount - approved), name: ask };
        if (ask) {
            return approved
                ? _t("%(amount)s of it not approved yet: ask %(name)s", waiting)
                : _t("not approved yet: ask %(name)s", waiting);
        }
        return approved ? _t("%(amount)s of it not approved yet", waiting) : _t("not approved yet");
    }

    paymentDay({ date, since }) {
        if (date) {
            return this.day(date);
        }
        return since ? _t("Due since %(day)s", { day: this.day(since) }) : _t("Due now");
    }

    channelName(channel) {
        return [channel.campaign, channel.source].filter(Boolean).join(" · ") || _t("No channel");
    }

    openLines(domain, name) {
        return this.openRecords(LINES, name, domain);
    }

    /** A number alone says nothing to those who hear it. */
    dealsLabel({ deals, source }) {
        return _t("%(source)s: deals, %(count)s", { source: this.sources[source], count: deals });
    }

    /** Deals by their lead: of one deal there may be a part as marketer and as seller. */
    openDeals(row) {
        return this.openRecords(CREDITS, this.sources[row.source], row.deals_domain, {
            group_by: ["lead_id"],
        });
    }

    openMyLeads({ id, label }) {
        return this.actionService.doAction({
            type: "ir.actions.act_window",
            name: label,
            res_model: "crm.lead",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: this.state.data.marketing.domains[id],
            context: { active_test: false },
        });
    }

    /** Only where the list shows all that is counted. */
    get canOpenMyLeads() {
        const { leads, readable } = this.state.data.marketing;
        return this.state.data.can_open_leads && leads === readable;
    }

    get leadRows() {
        const { leads, qualified, won, qualified_rate, conversion_rate } =
            this.state.data.marketing;
        return [
            { id: "leads", label: _t("Leads"), count: leads },
            {
                id: "qualified",
                label: _t("Qualified"),
                count: qualified,
                rate: qualified_rate,
            },
            {
                id: "won",
                label: _t("Won"),
                count: won,
                rate: conversion_rate,
            },
        ];
    }

    /** The chart in words, for those who do not see it. */
    get chartLabel() {
        return joinClauses(
            this.state.data.months.map((each) =>
                _t("%(month)s: commission %(commission)s, bonus %(bonus)s", {
                    month: this.monthName(each.month),
                    commission: this.money(each.commission),
                    bonus: this.money(each.bonus),
                })
            )
        );
    }

    get chartDatasets() {
        const { months } = this.state.data;
        return [
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
        ];
    }
}

registry
    .category("actions")
    .add("hr_sales_commission.my_commissions", MyCommissions, { force: true });
