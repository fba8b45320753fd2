# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The examples panel of the plan form: who would get what, and why."""

from dataclasses import replace
from decimal import Decimal

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import formatLang

from ..engine import facts
from ..engine.compute import compute
from ..engine.periods import SCORED
from ..engine.rounding import to_decimal
from ..pipeline.plan_case import below
from ..pipeline.titles import bracketed, labelled
from ..pipeline.words import COMMISSION_SOURCES


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    example_event_type = fields.Selection(
        "_select_example_event_type",
        string="Example Event",
        store=False,
        default="deal_won",
        help="For trying the plan: what happens.",
    )
    example_amount = fields.Monetary(
        store=False,
        default=10000.0,
        help="For trying the plan: what the made-up event is worth.",
    )
    example_source = fields.Selection(
        COMMISSION_SOURCES,
        string="Example Customer Source",
        store=False,
        default="marketing",
        help="For trying the plan: who brought the customer.",
    )
    example_date = fields.Date(store=False, default=lambda self: self._get_today())
    example_result = fields.Html(compute="_compute_example_result")
    example_ids = fields.One2many(
        "hr.commission.example", "plan_id", string="Examples", copy=True
    )

    @api.depends(
        "example_event_type",
        "example_amount",
        "example_source",
        "example_date",
        "clawback_method",
        "clawback_schedule",
        "tier_boundary",
        "cap",
        "floor",
        "threshold",
        "cap_period",
        "rule_ids",
        "rule_ids.event_type",
        "rule_ids.role",
        "rule_ids.manager_level",
        "rule_ids.commission_source",
        "rule_ids.amount_type",
        "rule_ids.rate",
        "rule_ids.amount",
        "rule_ids.tier_mode",
        "rule_ids.tier_measure",
        "rule_ids.tier_period",
        "rule_ids.tier_ids.from_value",
        "rule_ids.tier_ids.rate",
        "rule_ids.cap",
        "rule_ids.floor",
        "rule_ids.is_bonus",
        "rule_ids.holdback_percent",
    )
    def _compute_example_result(self):
        for plan in self:
            plan.example_result = plan._render_example()

    @api.model
    def _select_example_event_type(self):
        """Return what can be tried: whatever is recorded, but settled targets."""
        recorded = self.env["hr.commission.event"]._fields["event_type"]
        return [
            choice
            for choice in recorded._description_selection(self.env)
            if choice[0] != SCORED
        ]

    def _render_example(self):
        """Compute one invented event with the rules as they stand in the form.

        Nobody else sold anything in its period; conditions on leads, people and
        branches are taken as satisfied.

        :rtype: Markup
        """
        self.ensure_one()
        rules = self._get_case_rules()
        if not rules:
            return Markup()
        plan = self._get_case_plan()
        people = self._get_example_people(rules.values())
        awards, refusals = [], {}
        for event_type in self._get_example_event_types(plan.rules):
            credits = self._get_example_credits(people, event_type)
            outcome = compute(credits, {1: plan}, explain=True)
            awards += [
                (award, event_type) for award in outcome.awards if not award.part
            ]
            for refusal in outcome.refusals:
                role, _level = people[refusal.credit_id]
                is_asked = rules[refusal.rule_id].role == role
                if is_asked and refusal.reason != "other_level":
                    known = refusals.get(refusal.rule_id)
                    # a rule on parts of documents is asked about the wrong part, too
                    if known is None or known.reason == "other_event":
                        refusals[refusal.rule_id] = refusal
        paid_rules = {award.rule_id for award, _event_type in awards}
        paid = Markup().join(
            self._render_example_award(award, event_type, rules, people)
            for award, event_type in awards
        )
        refused = Markup().join(
            self._render_example_refusal(refusal, rules)
            for rule_id, refusal in sorted(refusals.items())
            if rule_id not in paid_rules
        )
        return self._render_overpaid(awards) + paid + refused

    def _render_overpaid(self, awards):
        """Return what stands out if the example pays more than the deal is worth."""
        total = sum(float(award.amount) for award, _event_type in awards)
        is_deal = self.example_event_type != "lead_qualified"
        if not is_deal or not 0 < self.example_amount < total:
            return Markup()
        paid, worth = (
            formatLang(self.env, amount, currency_obj=self.currency_id)
            for amount in (total, self.example_amount)
        )
        return Markup('<div class="alert alert-danger" role="alert">%s</div>') % (
            self.env._(
                "Together that is %(paid)s on a deal of %(worth)s: more than the deal "
                "is worth. Can that be meant?",
                paid=paid,
                worth=worth,
            )
        )

    def _get_case_rules(self):
        """Return the rules by the number that a made-up case knows them by.

        :rtype: dict[int, hr.commission.rule]
        """
        self.ensure_one()
        return {
            number: rule
            for number, rule in enumerate(self.rule_ids, start=1)
            if rule.event_type and rule.role
        }

    def _get_case_plan(self):
        """Return the plan as it stands, saved or not, for events that are made up.

        Conditions on leads, people and branches, and those of addons, are taken as
        satisfied.

        :rtype: facts.Plan
        """
        return facts.Plan(
            id=1,
            rules=tuple(
                replace(each, id=number, employee_ids=None, company_ids=None, terms={})
                for number, rule in self._get_case_rules().items()
                for each in rule._get_engine_rules()
            ),
            clawback_days=self.clawback_days,
            clawback_method=self.clawback_method,
            clawback_months=self.clawback_months,
            clawback_schedule=tuple(self._get_clawback_schedule()),
            **self._get_engine_limits(),
        )

    def _find_changed_examples(self):
        """Return where examples pay other than what was kept, or more than the deal.

        :rtype: list[str]
        """
        return [
            sentence
            for example in self.example_ids
            for sentence in (*example._find_differences(), *example._find_overpaid())
        ]

    def _get_example_event_types(self, engine_rules):
        """Return the events that the example makes, as the engine names them.

        Addons whose rules pay on parts of a document add those parts.

        :param engine_rules: the rules of the plan
        :rtype: list[str]
        """
        return [self.example_event_type or "deal_won"]

    @api.model
    def _get_example_people(self, rules):
        """Return (role, level) by person: one for each that the rules pay."""
        people = sorted(
            {("marketing", 0), ("sales", 0)}
            | {(rule.role, rule._get_level()) for rule in rules}
        )
        return dict(enumerate(people, start=1))

    def _get_example_credits(self, people, event_type):
        is_deal = self.example_event_type != "lead_qualified"
        amount = to_decimal(self.example_amount) if is_deal else Decimal(0)
        step = Decimal(repr(self.currency_id.rounding or 0.01))
        source = self.example_source or "own"
        bringing = self.env["hr.commission.role"]._get_codes_of_marketers()
        company = self.company_id or self.env.company
        credits = [
            facts.Credit(
                id=number,
                event_id=1,
                event_type=event_type,
                date=self.example_date or company._commission_local_date(),
                employee_id=number,
                role=role,
                manager_level=level,
                plan_id=1,
                amount=amount,
                commission_source=source,
                rounding=step,
                year_start=company._get_commission_year_start(),
            )
            for number, (role, level) in people.items()
            # nobody in marketing brought an own customer
            if source != "own" or role not in bringing
        ]
        return [replace(each, below=below(each, credits)) for each in credits]

    def _render_example_award(self, award, event_type, rules, people):
        role, level = people[award.credit_id]
        labels = dict(
            self.env["hr.commission.rule"]
            ._fields["role"]
            ._description_selection(self.env)
        )
        person = labels[role] + (f" {level}" if level else "")
        money = formatLang(self.env, float(award.amount), currency_obj=self.currency_id)
        reason = self.env["hr.commission.line"]._explain_trace(
            award.trace, self.currency_id
        )
        name = rules[award.rule_id].name or ""
        if event_type != self.example_event_type:  # a part, or what follows later
            event = self.env["hr.commission.event"]._describe_event_type(event_type)
            name = bracketed(self.env, name, event)
        return Markup("<p><b>%s</b> – %s<br/>%s</p>") % (
            labelled(self.env, person, money),
            name,
            reason,
        )

    def _render_example_refusal(self, refusal, rules):
        self.env["hr.commission.event"]._name_event_types(refusal)
        reason = self.env["hr.commission.line"]._explain_refusal(
            refusal, self.currency_id
        )
        return Markup('<p class="o_commission_note">%s</p>') % labelled(
            self.env, rules[refusal.rule_id].name or "", reason
        )
