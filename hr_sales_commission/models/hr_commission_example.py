# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Cases that a plan is tried with; kept ones are checked at every later change."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ..engine.rounding import to_decimal
from ..pipeline.contract_days import PromisedDraw, days_of_month
from ..pipeline.payout_calendar import PayoutCalendar
from ..pipeline.plan_case import PlanCase, Who

#: what is computed of a case
RESULTS = ("total", "differences", "overpaid", "result")


class HrCommissionExample(models.Model):
    """A small table of events, and what the plan has to pay for them."""

    _name = "hr.commission.example"
    _description = "Commission Example"
    _inherit = ["hr.commission.guard"]
    _order = "plan_id, sequence, id"

    plan_id = fields.Many2one(
        "hr.commission.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True
    )  # stored for the record rules
    currency_id = fields.Many2one(related="plan_id.currency_id")
    plan_state = fields.Selection(related="plan_id.state")
    sequence = fields.Integer(default=10)
    name = fields.Char(
        required=True,
        translate=True,
        default=lambda self: self.env._("A month of deals"),
    )
    target = fields.Float(
        help="Target of everybody in every period, in the unit of the target. 0: none."
    )
    bonus = fields.Monetary(
        string="Target Bonus",
        help="What reaching the target is worth to everybody in every period, where rules "
        "pay a percentage of the target bonus.",
    )
    event_ids = fields.One2many("hr.commission.example.event", "example_id", copy=True)
    is_kept = fields.Boolean(
        string="Check at Every Change",
        help="What the case pays now is kept: a later version of the plan that pays "
        "something else says so before it is activated.",
    )
    expected = fields.Json(
        compute="_compute_expected",
        store=True,
        readonly=False,
        copy=True,
        help="What everybody earns in each month, as it was kept: a list of role, "
        "level, person, month and amount.",
    )
    result = fields.Html(compute="_compute_result", sanitize=False)
    total = fields.Monetary(
        compute="_compute_result", help="What the case pays everybody together."
    )
    differences = fields.Text(compute="_compute_result")
    overpaid = fields.Text(
        compute="_compute_result",
        help="Deals that pay more than they are worth: hardly what was meant.",
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    @api.depends(
        "is_kept",
        "target",
        "bonus",
        "event_ids.date",
        "event_ids.kind",
        "event_ids.deal",
        "event_ids.person",
        "event_ids.commission_source",
        "event_ids.amount",
        "event_ids.quantity",
    )
    def _compute_expected(self):
        for example in self:
            example.expected = example.is_kept and [
                [who.role, who.level, who.person, month.isoformat(), str(amount)]
                for (who, month), amount in sorted(
                    example._work_out().get_sums().items(), key=repr
                )
                if amount
            ]

    @api.depends(
        "expected",
        "target",
        "bonus",
        "event_ids.date",
        "event_ids.kind",
        "event_ids.deal",
        "event_ids.person",
        "event_ids.commission_source",
        "event_ids.amount",
        "event_ids.quantity",
        "plan_id.cap",
        "plan_id.floor",
        "plan_id.threshold",
        "plan_id.cap_period",
        "plan_id.tier_boundary",
        "plan_id.clawback_method",
        "plan_id.clawback_days",
        "plan_id.clawback_months",
        "plan_id.clawback_schedule",
        "plan_id.draw_amount",
        "plan_id.draw_ramp",
        "plan_id.guaranteed_minimum",
        "plan_id.payout_minimum",
        "plan_id.rule_ids.sentence",
    )
    def _compute_result(self):
        without_plan = self.filtered(lambda example: not example.plan_id)
        without_plan.update(dict.fromkeys(RESULTS, False))
        for example in self - without_plan:
            case = example._work_out()
            example.total = float(sum(case.get_sums().values()))
            example.differences = "\n".join(example._find_differences(case)) or False
            example.overpaid = "\n".join(example._find_overpaid(case)) or False
            example.result = example._render_result(case) if case.rows else False

    # ------------------------------------------------------------------
    # The case
    # ------------------------------------------------------------------

    def _work_out(self):
        """Compute the case with the rules as they stand, saved or not.

        :rtype: PlanCase
        """
        self.ensure_one()
        plan = self.plan_id.sudo()  # sudo: who reads the plan reads its rules
        engine_plan = plan._get_case_plan()
        engine_rules = engine_plan.rules
        rows = [
            event._to_row(number, engine_rules)
            for number, event in enumerate(self._get_events(), start=1)
        ]
        return PlanCase(
            engine_plan,
            rows,
            target=to_decimal(self.target) if self.target else None,
            bonus=to_decimal(self.bonus) if self.bonus else None,
            step=Decimal(repr(self._get_currency().rounding or 0.01)),
            year_start=(
                self.company_id or self.env.company
            )._get_commission_year_start(),
            bringing=self.env["hr.commission.role"]._get_codes_of_marketers(),
        )

    def _get_events(self):
        return self.event_ids.filtered(lambda event: event.kind and event.date)

    def _get_currency(self):
        return self.currency_id or self.env.company.currency_id

    def _find_differences(self, case=None):
        """Return in sentences where the case pays other than what was kept.

        :rtype: list[str]
        """
        self.ensure_one()
        if not (self.is_kept and self.expected):
            return []
        case = case or self._work_out()
        now = {
            (who, month.isoformat()): amount
            for (who, month), amount in case.get_sums().items()
        }
        kept = {
            (Who(role, level, person), month): Decimal(amount)
            for role, level, person, month, amount in self.expected
        }
        money = self._format_money
        return [
            self.env._(
                "Example “%(example)s”: %(who)s earns %(now)s in %(month)s, and "
                "%(kept)s was kept.",
                example=self.name,
                who=self._describe_who(who),
                month=self._format_month(fields.Date.to_date(month)),
                now=money(now.get((who, month), 0)),
                kept=money(kept.get((who, month), 0)),
            )
            for who, month in sorted(now.keys() | kept.keys(), key=repr)
            if now.get((who, month), 0) != kept.get((who, month), 0)
        ]

    def _find_overpaid(self, case=None):
        """Return in sentences which deals pay more than they are worth.

        :rtype: list[str]
        """
        self.ensure_one()
        case = case or self._work_out()
        worth, paid = defaultdict(Decimal), defaultdict(Decimal)
        for row in case.rows:
            amount = sum((part.amount for part in row.parts), Decimal())
            worth[row.get_deal()] = max(worth[row.get_deal()], amount)
        for pay in case.pays:
            paid[pay.row.get_deal()] += pay.amount
        return [
            self.env._(
                "Example “%(example)s”: “%(deal)s” pays %(paid)s and is worth %(worth)s. "
                "Can that be meant?",
                example=self.name,
                deal=deal,
                paid=self._format_money(amount),
                worth=self._format_money(worth[deal]),
            )
            for deal, amount in paid.items()
            if amount > worth[deal] > 0
        ]

    # ------------------------------------------------------------------
    # In words
    # ------------------------------------------------------------------

    def _describe_who(self, who):
        labels = dict(self.env["hr.commission.role"]._get_choices())
        role = labels.get(who.role, who.role)
        if who.level > 1:
            role = f"{role} {who.level}"
        if who.person:
            return self.env._("%(person)s (%(role)s)", person=who.person, role=role)
        return role

    def _format_month(self, month):
        return format_date(self.env, month, date_format="MMM y")

    def _format_money(self, amount):
        currency = self._get_currency()
        return formatLang(self.env, float(amount), currency_obj=currency)

    def _render_result(self, case):
        """Return the lines, why rows pay nobody, and the sums by person and month."""
        rules = self.plan_id._get_case_rules()
        months = case.get_months()
        table = defaultdict(dict)
        for who, month, settlement in case.settle(self._get_draw_terms):
            table[who][month] = settlement
        sums = case.get_sums()
        return self.env["ir.qweb"]._render(
            "hr_sales_commission.plan_case_result",
            {
                "lines": [self._describe_pay(pay, rules) for pay in case.pays],
                "silent": self._describe_silent_rows(case, rules),
                "months": [self._format_month(month) for month in months],
                "sums": [
                    {
                        "who": self._describe_who(who),
                        "earned": [
                            self._format_money(sums.get((who, month), 0))
                            for month in months
                        ],
                        "paid": [
                            self._format_money(settled[month].paid) for month in months
                        ],
                        "total": self._format_money(
                            sum(sums.get((who, month), 0) for month in months)
                        ),
                    }
                    for who, settled in table.items()
                    if any(each.paid or each.closing for each in settled.values())
                ],
                "has_terms": any(
                    settlement.draw or settlement.closing
                    for settled in table.values()
                    for settlement in settled.values()
                ),
            },
        )

    def _get_draw_terms(self, number, month):
        draw = PromisedDraw(days_of_month(month), self._get_currency())
        draw.add_plan(self.plan_id, month=number)
        return draw.get_terms(self.plan_id, self.company_id)

    def _describe_pay(self, pay, rules):
        rule = rules[pay.rule_id]
        line = {
            "date": format_date(self.env, pay.row.date),
            "deal": pay.row.deal,
            "who": self._describe_who(pay.who),
            "rule": rule.name or "",
            "amount": self._format_money(pay.amount),
            "due": "",
            "why": self.env._("The deal is lost again: taken back."),
        }
        if pay.award:
            company = self.company_id or self.env.company
            due = PayoutCalendar(self.env).award_due_date(
                rule, company.id, pay.award, pay.row.date
            )
            line["due"] = format_date(self.env, due)
            line["why"] = self.env["hr.commission.line"]._explain_trace(
                pay.award.trace, self._get_currency()
            )
        return line

    def _describe_silent_rows(self, case, rules):
        """Return why events pay nobody anything: one reason for each rule."""
        paying = {pay.row.id for pay in case.pays}
        found = {}
        for refusal in case.refusals:
            row, who = case.row_of[refusal.event_id], case.who_of[refusal.credit_id]
            rule = rules.get(refusal.rule_id)
            if row.id in paying or not rule or rule.role != who.role:
                continue
            if refusal.reason != "other_level":
                found.setdefault((row.id, refusal.rule_id), (row, refusal))
        Line, Event = self.env["hr.commission.line"], self.env["hr.commission.event"]
        texts = []
        for (_row_id, rule_id), (row, refusal) in found.items():
            Event._name_event_types(refusal)
            texts.append(
                {
                    "date": format_date(self.env, row.date),
                    "deal": row.deal,
                    "rule": rules[rule_id].name or "",
                    "why": Line._explain_refusal(refusal, self._get_currency()),
                }
            )
        return texts

    # ------------------------------------------------------------------
    # CRUD: the examples of a plan in force stay as they are
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        examples = super().create(vals_list)
        examples.plan_id._check_editable()
        return examples

    def write(self, vals):
        self.plan_id._check_editable()
        result = super().write(vals)
        if "plan_id" in vals:
            self.check_access("write")  # Odoo checks the place before only
            self.plan_id._check_editable()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        self.plan_id._check_editable()
