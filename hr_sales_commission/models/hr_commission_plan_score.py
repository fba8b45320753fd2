# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What in rules on settled targets cannot be meant: each in a sentence."""

from odoo import api, models

from ..engine.conditions import is_in_months
from ..engine.measures import MEASURES
from ..engine.periods import MONTHS_OF, SCORED, period_of

#: what scores may be of
SCORED_PERIODS = ("week", *MONTHS_OF)
#: the role of whoever has a target
ROLE = "scored"


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    @api.depends(
        "rule_ids.date_end",
        "rule_ids.date_start",
        "rule_ids.once",
        "rule_ids.target_measure",
        "rule_ids.tier_period",
    )
    def _compute_checks(self):
        return super()._compute_checks()

    def _find_impossibilities(self, rule):
        yield from super()._find_impossibilities(rule)
        yield from self._find_impossible_scores(rule)
        yield from self._find_impossible_bonus(rule)

    def _find_impossible_bonus(self, rule):
        """Target bonuses paid by events that move nothing of the target."""
        if not rule._is_of_bonus() or rule.event_type == SCORED:
            return
        measure = MEASURES[rule.target_measure]
        is_moved = measure.event_type == rule._get_engine_event_type()
        adds_up = measure.count and not (measure.of_event or measure.ratio)
        if not adds_up or not (is_moved or measure.unit == "money"):
            yield self.env._(
                "“%(rule)s” can never pay: “%(event)s” is no part of “%(target)s”. Let it "
                "pay when the target is settled.",
                rule=rule.name,
                event=rule._choice("event_type"),
                target=rule._choice("target_measure"),
            )

    def _find_impossible_scores(self, rule):
        """Rules on scores that nothing of a score fits."""
        name = {"rule": rule.name}
        if (rule.event_type == SCORED) != (rule.role == ROLE):
            yield self.env._(
                "“%(rule)s” can never pay: scores are approved for “%(role)s”, who earns "
                "on nothing else.",
                role=self._get_score_role_name(),
                **name,
            )
        if rule.event_type != SCORED:
            return
        if rule.tier_mode == "none" or not MEASURES[rule.tier_measure].subject:
            yield self.env._(
                "“%(rule)s” can never pay: on settled targets the brackets go by a target "
                "attainment.",
                **name,
            )
        if rule.amount_type == "percent" and self._is_part_of_amount(rule):
            yield self.env._(
                "“%(rule)s” pays a percentage of nothing: a score has no amount. Choose "
                "an amount, or the base wage.",
                **name,
            )
        if conditions := self._find_conditions_of_deals(rule):
            yield self.env._(
                "“%(rule)s” can never pay: a score has no deal, and the rule asks for "
                "“%(conditions)s”.",
                conditions=self.env._("”, “").join(conditions),
                **name,
            )

        yield from self._find_scores_out_of_time(rule)

    def _find_scores_out_of_time(self, rule):
        """Scores are paid on the last day of their period: one the rule pays on."""
        if rule.tier_period not in SCORED_PERIODS:
            return
        start, end = self._get_days_of(rule)
        year_start = (self.company_id or self.env.company)._get_commission_year_start()
        name = {"rule": rule.name, "period": rule._get_period_word("tier_period")}
        if start and end and start <= end:
            if period_of(start, rule.tier_period, year_start)[1] > end:
                yield self.env._(
                    "“%(rule)s” can never pay: scores are paid on the last day of their "
                    "%(period)s, and none is within its dates.",
                    **name,
                )
        months = rule.season_from or rule.season_to
        step = MONTHS_OF.get(rule.tier_period)
        if (
            months
            and step
            and not any(
                is_in_months(month, rule.season_from, rule.season_to)
                for month in range(step, 13, step)
            )
        ):
            yield self.env._(
                "“%(rule)s” can never pay: no %(period)s ends within its months of the "
                "year, and scores are paid on its last day.",
                **name,
            )

    def _find_conditions_of_deals(self, rule):
        """Return the labels of what a rule asks of deals, which no score has."""
        asked = ["commission_source", "min_amount", "customer_months_from"]
        fields = [name for name in asked if rule[name]]
        if (rule.domain or "[]").strip() != "[]":
            fields.append("domain")
        if rule.min_quantity > 1:
            fields.append("min_quantity")
        return [rule._fields[name]._description_string(self.env) for name in fields]

    def _find_oddities(self, rule):
        return [*super()._find_oddities(rule), *self._find_odd_scores(rule)]

    def _find_odd_scores(self, rule):
        name = {"rule": rule.name}
        is_proportional = rule.tier_mode == "proportional"
        measure = MEASURES[rule.target_measure]
        is_on_score = rule.event_type == SCORED
        if is_proportional and is_on_score and not (rule.cap or self.cap):
            yield self.env._(
                "“%(rule)s” pays twice its amount to whoever attains 200 %%: set a cap, "
                "if that is not meant.",
                **name,
            )
        yield from self._find_odd_amounts(rule)
        if rule._is_of_bonus() and is_proportional and not is_on_score:
            yield self.env._(
                "“%(rule)s” pays each deal for its part of the target already: choose "
                "slices, or everything at the rate reached.",
                **name,
            )
        if is_on_score and rule.once:
            yield self.env._(
                "“%(rule)s” pays once a period, and a period has one score: leave it out.",
                **name,
            )
        if is_on_score and rule.amount_type == "unit":
            yield self.env._(
                "“%(rule)s” pays per unit, and a score is one: choose an amount.",
                **name,
            )
        if is_on_score and rule.holdback_percent and rule.holdback_until == "accepted":
            yield self.env._(
                "“%(rule)s” holds a part back until the customer accepts, and a score has "
                "no customer: it is never released.",
                **name,
            )
        if not is_on_score and measure.is_weighted and rule.once:
            yield self.env._(
                "“%(rule)s” pays once, by a weighted target that is known at the end of "
                "the period: pay when the target is settled instead.",
                **name,
            )

    def _find_odd_amounts(self, rule):
        """Amounts that are never paid, and people for whom nobody set a target."""
        name = {"rule": rule.name}
        least = min(filter(None, rule.tier_ids.mapped("rate")), default=0.0)
        is_amount = rule.amount_type != "percent"
        if rule.event_type == SCORED and is_amount and 0 < rule.cap < least:
            yield self.env._(
                "“%(rule)s” never pays its amount: the cap is lower.", **name
            )
        if rule.event_type == SCORED and rule.employee_ids:
            targets = self.env["hr.commission.target"]
            if not targets.search_count(
                [
                    ("employee_id", "in", rule.employee_ids.ids),
                    ("measure", "=", rule.target_measure),
                    ("period", "=", rule.tier_period),
                ],
                limit=1,
            ):
                yield self.env._(
                    "“%(rule)s” names employees, none of whom has such a target.",
                    **name,
                )

    def _get_score_role_name(self):
        choices = dict(self.env["hr.commission.role"]._get_choices())
        return choices.get(ROLE, ROLE)
