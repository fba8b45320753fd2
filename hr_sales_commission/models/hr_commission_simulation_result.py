# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Results of simulations: per person, and by everything else."""

from decimal import Decimal

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, formatLang

from ..pipeline.reader_numbers import format_percent
from ..pipeline.titles import labelled, listed
from ..pipeline.words import COMMISSION_SOURCES

#: deals that are shown of one person, those with the largest differences first
DEALS_SHOWN = 200
#: what adds up the rows of a group
SUMS = ("sum", "sum_currency")


class HrCommissionSimulationResult(models.Model):
    """What somebody would earn under a plan, beside what it is compared with."""

    _name = "hr.commission.simulation.result"
    _description = "Commission Simulation Result"
    _inherit = ["hr.commission.guard"]
    _order = "simulation_id desc, plan_id, difference desc, id"
    _rec_name = "employee_id"
    _log_access = False

    simulation_id = fields.Many2one(
        "hr.commission.simulation",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    employee_id = fields.Many2one("hr.employee", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, string="Branch"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    plan_id = fields.Many2one(
        "hr.commission.plan", required=True, readonly=True, ondelete="cascade"
    )
    amount_before = fields.Monetary(
        string="Before",
        readonly=True,
        help="Under what the plan is compared with. Of several plans it counts once.",
    )
    amount = fields.Monetary(
        string="With This Plan", readonly=True, help="What this plan would pay."
    )
    difference = fields.Monetary(
        compute="_compute_difference",
        store=True,
        help="What this plan pays more; below zero: less.",
    )
    paid_before = fields.Monetary(
        string="Paid Out Before",
        readonly=True,
        help="What the months pay, with draws and guaranteed minimums.",
    )
    paid = fields.Monetary(
        string="Paid Out",
        readonly=True,
        help="What the months would pay, with draws and guaranteed minimums.",
    )
    reason_data = fields.Json(readonly=True)
    reasons = fields.Text(
        compute="_compute_reasons", help="What makes the difference, the most first."
    )

    @api.depends("amount", "amount_before")
    def _compute_difference(self):
        for result in self:
            result.difference = result.amount - result.amount_before

    def _read_group_select(self, aggregate_spec, query):
        """Add no plans up: only what was before, which counts once for all of them."""
        total = super()._read_group_select(aggregate_spec, query)
        name, _mark, function = aggregate_spec.partition(":")
        if function not in SUMS:
            return total
        simulations, variants = _count_alternatives(self, query, "plan_id")
        if name in ("amount_before", "paid_before"):
            return SQL("%s * %s / %s", total, simulations, variants)
        return _leave_out_alternatives(total, simulations, variants)

    # ------------------------------------------------------------------
    # Reasons
    # ------------------------------------------------------------------

    @api.depends("reason_data")
    @api.depends_context("lang")
    def _compute_reasons(self):
        labels = self._get_reason_labels()
        for result in self:
            result.reasons = (
                "\n".join(
                    result._describe_reason(reason, labels)
                    for reason in result.reason_data or ()
                )
                or False
            )

    def _get_reason_labels(self):
        rule = self.env["hr.commission.rule"]
        return {
            name: dict(rule._fields[name]._description_selection(self.env))
            for name in ("event_type", "commission_source")
        }

    def _describe_reason(self, reason, labels):
        """Say how much one way of paying instead of another makes.

        ``−919.00: own customers, 1,200.00 to 48,000.00: 3 % instead of 5 %``

        :rtype: str
        """
        difference = float(reason["difference"])
        money = self._format_money
        sign = "+" if difference > 0 else "−"
        return self.env._(
            "%(difference)s: %(what)s: %(after)s instead of %(before)s",
            difference=f"{sign}{money(abs(difference))}",
            what=self._describe_events(reason, labels),
            after=self._describe_rates(reason["after"]),
            before=self._describe_rates(reason["before"]),
        )

    def _describe_events(self, reason, labels):
        texts = {
            "marketing": self.env._("marketing customers"),
            "own": self.env._("own customers"),
            "referral": self.env._("referral customers"),
        }
        label = labels["commission_source"].get(reason["source"])
        parts = [texts.get(reason["source"]) or label or self.env._("customers")]
        if reason["event_type"] != "deal_won":
            parts.append(labels["event_type"].get(reason["event_type"], ""))
        least, most = Decimal(reason["least"]), Decimal(reason["most"])
        if most and reason["count"] > 1 and least != most:
            parts.append(
                self.env._(
                    "%(least)s to %(most)s",
                    least=self._format_money(float(least)),
                    most=self._format_money(float(most)),
                )
            )
        elif most:
            parts.append(self._format_money(float(most)))
        return listed(self.env, parts)

    def _describe_rates(self, labels):
        """Name the rates of the rules that paid: percentages add up, money too."""
        percent, fixed = Decimal(0), Decimal(0)
        for _rule_id, amount_type, rate in labels:
            if amount_type == "percent":
                percent += Decimal(rate)
            else:
                fixed += Decimal(rate)
        parts = []
        if percent:
            parts.append(format_percent(self.env, percent))
        if fixed:
            parts.append(
                self.env._("%(amount)s each", amount=self._format_money(float(fixed)))
            )
        return " + ".join(parts) or self.env._("nothing")

    def _format_money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    # ------------------------------------------------------------------
    # Down to the deals
    # ------------------------------------------------------------------

    def action_view_deals(self):
        """Show the deals of this person, each with both explanations side by side."""
        self._ensure_one_given()
        self.check_access("read")
        deals = self._create_deals()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "%(person)s: %(plan)s",
                person=self.employee_id.sudo().name,  # sudo: of a readable result
                plan=self.plan_id.display_name,
            ),
            "res_model": "hr.commission.simulation.deal",
            "view_mode": "list,kanban,form",
            "mobile_view_mode": "kanban",
            "domain": [("id", "in", deals.ids)],
        }

    def _create_deals(self):
        """Replay this person's events under both plans, with explanations.

        :rtype: hr.commission.simulation.deal
        """
        simulation = self.simulation_id
        if not simulation.has_access("read"):
            raise UserError(
                self.env._("Select the company of the simulation to see its deals.")
            )
        comparison = simulation._get_person_comparison(self)
        before, after = comparison.explain()
        rows = []
        for key in before.keys() | after.keys():
            old, new = before.get(key), after.get(key)
            some = new or old
            amounts = [float(part.amount) if part else 0.0 for part in (old, new)]
            rows.append(
                {
                    "result_id": self.id,
                    "title": some.title,
                    "lead_id": some.lead_id,
                    "date": some.date,
                    "commission_source": some.commission_source,
                    "base": float(some.base),
                    "amount_before": amounts[0],
                    "amount": amounts[1],
                    "difference": amounts[1] - amounts[0],
                    "explanation_before": self._render_part(old),
                    "explanation": self._render_part(new),
                }
            )
        rows += self._get_rows_by_hand()
        readable = self._find_readable_leads(rows)
        for (
            row
        ) in rows:  # deals of branches that one does not work for have their title
            row["lead_id"] = row["lead_id"] in readable and row["lead_id"]
        rows.sort(key=lambda row: (-abs(row["difference"]), row["date"]))
        Deal = self.env["hr.commission.simulation.deal"]
        Deal.search([("result_id", "=", self.id)]).unlink()
        return Deal.create(rows[:DEALS_SHOWN])

    def _find_readable_leads(self, rows):
        """Return the ids of the leads of rows that the reader may open."""
        leads = self.env["crm.lead"].browse(
            {row["lead_id"] for row in rows if row["lead_id"]}
        )
        return set(leads._filtered_access("read").ids)

    def _get_rows_by_hand(self):
        """Return the rows of what no rule pays: the same under both plans."""
        lines = self.simulation_id._find_lines_by_hand().filtered(
            lambda line: (
                line.employee_id == self.employee_id
                and line.company_id == self.company_id
            )
        )
        why = self.env._(
            "Entered by hand, imported or awarded in a dispute: it counts the same under "
            "every plan."
        )
        return [
            {
                "result_id": self.id,
                "title": line.display_name,
                "lead_id": line.lead_id.id,
                "date": line.date,
                "commission_source": line.commission_source,
                "amount_before": line.amount,
                "amount": line.amount,
                "difference": 0.0,
                "explanation_before": Markup("<p>%s</p>") % why,
                "explanation": Markup("<p>%s</p>") % why,
            }
            for line in lines
        ]

    def _render_part(self, part):
        """Say how a plan pays a person for an event, or why it does not."""
        if part is None:
            return Markup("<p>%s</p>") % self.env._(
                "Nothing like it was recorded under this plan."
            )
        Line = self.env["hr.commission.line"]
        rules = self.env["hr.commission.rule"].sudo()  # sudo: names of what pays
        items = [
            Markup("<li><b>%s</b><br/>%s</li>")
            % (
                labelled(
                    self.env,
                    rules.browse(award.rule_id).name,
                    self._format_money(float(award.amount)),
                ),
                Line._explain_trace(award.trace, self.currency_id),
            )
            for award in part.awards
        ]
        items += [
            Markup('<li class="o_commission_note">%s</li>')
            % labelled(
                self.env,
                rules.browse(refusal.rule_id or ()).name or self.env._("No plan"),
                Line._explain_refusal(refusal, self.currency_id),
            )
            for refusal in part.refusals
        ]
        return Markup("<ul>%s</ul>") % Markup().join(items)


class HrCommissionSimulationDetail(models.Model):
    """What a plan pays, by everything that it can be summed by."""

    _name = "hr.commission.simulation.detail"
    _description = "Commission Simulation Detail"
    _inherit = ["hr.commission.guard", "hr.commission.role.mixin"]
    _order = "simulation_id desc, id"
    _rec_name = "variant"
    _log_access = False

    simulation_id = fields.Many2one(
        "hr.commission.simulation",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    plan_id = fields.Many2one("hr.commission.plan", readonly=True, ondelete="cascade")
    variant = fields.Char(
        string="Under", readonly=True, help="The plan, or what is in force today."
    )
    is_before = fields.Boolean(
        string="Compared With", readonly=True, help="What the plans are compared with."
    )
    employee_id = fields.Many2one("hr.employee", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, string="Branch"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    role = fields.Selection(readonly=True)
    commission_source = fields.Selection(
        COMMISSION_SOURCES, string="Customer Source", readonly=True
    )
    event_type = fields.Char(readonly=True)
    rule_id = fields.Many2one("hr.commission.rule", readonly=True, ondelete="cascade")
    kind = fields.Char(readonly=True)
    deal_company_id = fields.Many2one(
        "res.company", string="Branch of the Deal", readonly=True
    )
    month = fields.Date(string="Earned In", readonly=True)
    month_due = fields.Date(string="Due In", readonly=True)
    amount = fields.Monetary(readonly=True, help="What this plan would pay.")
    base = fields.Monetary(
        readonly=True, help="The amount that the rate is applied to."
    )
    award_count = fields.Integer(string="Payments", readonly=True)

    def _read_group_select(self, aggregate_spec, query):
        """Add no plans up, neither one another nor what they are compared with."""
        total = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec.partition(":")[2] not in SUMS:
            return total
        counts = _count_alternatives(self, query, "plan_id", "is_before")
        return _leave_out_alternatives(total, *counts)


def _count_alternatives(records, query, *names):
    """Return how many simulations the rows are of, and how many alternatives of these.

    :param names: fields that tell alternatives apart
    """
    simulation, *others = (
        records._field_to_sql(records._table, name, query)
        for name in ("simulation_id", *names)
    )
    variant = SQL(", ").join([simulation, *others])
    return (
        SQL("COUNT(DISTINCT %s)", simulation),
        SQL("COUNT(DISTINCT (%s))", variant),
    )


def _leave_out_alternatives(total, simulations, variants):
    """Return a sum, nothing where it would add up alternatives: only one is paid."""
    return SQL("CASE WHEN %s = %s THEN %s END", simulations, variants, total)
