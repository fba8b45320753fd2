# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Doubts about plans that pay on documents."""

from itertools import combinations

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.hr_sales_commission.engine.measures import MEASURES
from odoo.addons.hr_sales_commission.pipeline.reader_numbers import FULL, format_number

from .hr_commission_event import DOCUMENT_EVENTS, SALE_EVENTS

#: the events that tell the measure of brackets
KNOWN_OF = {
    "days_to_collect": ("payment_received",),
    "days_overdue": ("payment_received",),
    "terms_days": ("invoice_posted", "payment_received"),
    "margin_percent": tuple(DOCUMENT_EVENTS),
}
#: points of one sale, each of which may pay a part of it
POINTS_OF_SALE = {"deal_won", *DOCUMENT_EVENTS}
#: the measure of the days to the money, by where they are counted from
DAYS_FROM = {"invoice": "days_to_collect", "due": "days_overdue"}


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    @api.depends(
        "rule_ids.product_domain",
        "rule_ids.customer_domain",
        "rule_ids.customer_kind",
        "rule_ids.min_discount",
        "rule_ids.max_discount",
        "rule_ids.collected_within",
        "rule_ids.collected_from",
        "rule_ids.unpaid_clawback_days",
        "rule_ids.margin_percent_min",
        "rule_ids.base",
        "rule_ids.fully_paid_only",
        "cost_basis",
    )
    def _compute_checks(self):
        return super()._compute_checks()

    @api.model
    def _get_audience(self, rule):
        return [
            *super()._get_audience(rule),
            *(
                (name, rule[name] or False)
                for name in (
                    "product_domain",
                    "customer_domain",
                    "customer_kind",
                    "min_discount",
                    "max_discount",
                    "collected_within",
                    "margin_percent_min",
                )
            ),
        ]

    def _find_warnings(self):
        return [
            *super()._find_warnings(),
            *self._find_sales_paid_twice(),
            *self._find_bands(
                "min_discount", "max_discount", self.env._("discount in %"), end=None
            ),
        ]

    def _find_sales_paid_twice(self):
        """Two percentages for the same people of one sale, at different points of it."""
        rules = self.rule_ids.filtered(
            lambda rule: (
                rule.event_type in POINTS_OF_SALE
                and rule.amount_type == "percent"
                and rule.base != "wage"
                and not rule.is_bonus
                and not rule._is_split()
            )
        )
        for first, second in combinations(rules, 2):
            is_same_person = (first.role, first._get_level()) == (
                second.role,
                second._get_level(),
            )
            if first.event_type == second.event_type or not is_same_person:
                continue
            if self._get_people(first) == self._get_people(second):
                if self._meet(first, second):
                    yield self.env._(
                        "“%(first)s” pays a percentage of “%(one)s” and “%(second)s” of "
                        "“%(other)s”: one sale pays both. Remove one, if both was not "
                        "meant.",
                        first=first.name,
                        second=second.name,
                        one=first._choice("event_type"),
                        other=second._choice("event_type"),
                    )

    @staticmethod
    def _get_people(rule):
        return rule.employee_ids, rule.branch_ids, rule.customer_kind

    def _find_vain_settings(self):
        yield from super()._find_vain_settings()
        if self.cost_basis == "open" and not any(map(_looks_at_costs, self.rule_ids)):
            yield self.env._(
                "“Costs” are taken again, and no rule looks at margins: choose those of "
                "the day, or pay on margins."
            )

    def _find_vain_terms(self, rule):
        yield from super()._find_vain_terms(rule)
        is_kept_until_paid = rule.holdback_percent and rule.holdback_until == "settled"
        if is_kept_until_paid and rule.fully_paid_only:
            yield self.env._(
                "“%(rule)s” pays once everything is paid, and holds a part back until "
                "then: nothing is held back. Remove one of the two.",
                rule=rule.name,
            )

    @api.model
    def _find_contradiction(self, rule):
        name = {"rule": rule.name}
        if rule.base == "wage" and rule.tier_mode == "none" and not rule.once:
            return self.env._(
                "“%(rule)s” pays a part of the wage for each single event. Add brackets "
                "of a period, or pay it only once.",
                **name,
            )
        if rule.fully_paid_only and rule.tier_measure in DAYS_FROM.values():
            return self.env._(
                "“%(rule)s” counts the days to the last payment only, because it pays "
                "when everything is paid.",
                **name,
            )
        return super()._find_contradiction(rule)

    def _get_rule_conditions(self, rule):
        return [
            *super()._get_rule_conditions(rule),
            (rule.product_domain, "product.product", Domain.TRUE),
            (rule.customer_domain, "res.partner", Domain.TRUE),
        ]

    def _find_impossibilities(self, rule):
        yield from super()._find_impossibilities(rule)
        if rule.min_discount == rule.max_discount:
            yield self.env._(
                "“%(rule)s” can never pay: no discount lies from %(bound)s %% to below "
                "%(bound)s %%.",
                rule=rule.name,
                bound=format_number(self.env, rule.min_discount),
            )
        if rule.margin_percent_min > FULL:
            yield self.env._(
                "“%(rule)s” can never pay: no margin is above 100 %% of the amount.",
                rule=rule.name,
            )
        if rule.customer_kind == "first" and rule.customer_months_from:
            yield self.env._(
                "“%(rule)s” can never pay: a first sale comes in no later month of the "
                "customer.",
                rule=rule.name,
            )
        known_of = KNOWN_OF.get(rule.tier_measure)
        if rule.tier_mode != "none" and known_of and rule.event_type not in known_of:
            yield self.env._(
                "“%(rule)s” can never pay: its brackets go by “%(measure)s”, which "
                "“%(event)s” does not tell.",
                rule=rule.name,
                measure=rule._choice("tier_measure"),
                event=rule._choice("event_type"),
            )

    def _is_part_of_amount(self, rule):
        return rule.base != "wage" and super()._is_part_of_amount(rule)

    def _find_strange_terms(self, rule):
        yield from super()._find_strange_terms(rule)
        days = rule.unpaid_clawback_days
        terms = rule if rule.payout else self
        is_early = terms.payout == "immediate" or terms.payout_days < days
        if days and is_early and not rule.holdback_percent:
            yield self.env._(
                "“%(rule)s” is due before the customer is late: what was paid out may "
                "have to come back after %(days)s days.",
                rule=rule.name,
                days=days,
            )
        if rule._is_never_taken_back():
            yield from self._find_taken_back_all_the_same(rule)
        is_timed = rule.holdback_percent and rule.holdback_until == "days"
        if is_timed and 0 < rule.holdback_days < days:
            yield self.env._(
                "“%(rule)s” releases its holdback after %(holdback)s days, before an "
                "unpaid invoice is taken back after %(days)s.",
                rule=rule.name,
                holdback=rule.holdback_days,
                days=days,
            )
        is_paid_at_once = terms.payout == "immediate" and not rule.holdback_percent
        if rule.event_type in SALE_EVENTS and is_paid_at_once and not days:
            yield self.env._(
                "“%(rule)s” is due before the customer has paid, and nothing takes it "
                "back when they never do.",
                rule=rule.name,
            )
        yield from self._find_unreached_days(rule)

    def _find_taken_back_all_the_same(self, rule):
        """What lowers a rule that is never taken back, which no loss or refund does."""
        if rule.base == "margin" and self.cost_basis == "open":
            yield self.env._(
                "“%(rule)s” is never taken back, and costs are taken again until the "
                "month is closed: higher costs lower it all the same.",
                rule=rule.name,
            )
        if rule.unpaid_clawback_days:
            yield self.env._(
                "“%(rule)s” takes back what is unpaid after %(days)s days, and is never "
                "taken back: only what is unpaid is. Remove one of the two.",
                rule=rule.name,
                days=rule.unpaid_clawback_days,
            )
        if rule.fully_paid_only:
            yield self.env._(
                "“%(rule)s” pays when everything is paid, and is never taken back: money "
                "that goes back to the customer later changes nothing.",
                rule=rule.name,
            )

    def _find_unreached_days(self, rule):
        is_asked = rule._asks_when_collected()
        if is_asked and rule.tier_measure == DAYS_FROM[rule.collected_from]:
            bounds = [
                tier.from_value
                for tier in rule.tier_ids
                if tier.from_value >= max(rule.collected_within, 1)
            ]
            if bounds and rule.tier_mode != "none":
                yield self.env._(
                    "The bracket of “%(rule)s” from %(bound)s days on is never reached: "
                    "only money that comes within %(days)s days counts.",
                    rule=rule.name,
                    bound=format_number(self.env, min(bounds)),
                    days=rule.collected_within,
                )

    def _find_strange_days(self):
        yield from super()._find_strange_days()
        documents = set(self.rule_ids.mapped("event_type")) & set(DOCUMENT_EVENTS)
        if not (documents and self.company_id):
            return
        Currency = self.env["res.currency"].with_company(self.company_id.root_id)
        own = self.company_id.sudo().currency_id  # sudo: a branch's parent company
        for currency in Currency.search([("id", "!=", own.id)]):
            if not currency.sudo().rate_ids:  # sudo: exchange rates are no secret
                yield self.env._(
                    "%(currency)s has no exchange rate: Odoo would book its documents "
                    "one to one, and so they would count.",
                    currency=currency.name,
                )


def _looks_at_costs(rule):
    """Whether a margin decides what a rule pays."""
    facts = set()
    if rule.tier_mode != "none":
        facts.update(MEASURES[rule.tier_measure].facts)
        facts.update(MEASURES[rule.target_measure].facts)
    return rule.base == "margin" or rule.margin_percent_min or "margin" in facts
