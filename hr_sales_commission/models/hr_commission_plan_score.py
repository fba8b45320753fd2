"""What in rules on approved scores cannot be meant: each in a sentence."""

from odoo import api, models

from ..engine.measures import MEASURES
from ..engine.periods import SCORED

#: the role of whoever has a target
ROLE = "scored"


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    @api.depends("rule_ids.target_measure", "rule_ids.tier_period")
    def _compute_checks(self):
        return super()._compute_checks()

    def _find_impossibilities(self, rule):
        yield from super()._find_impossibilities(rule)
        yield from self._find_impossible_scores(rule)

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
        measure = MEASURES[rule.target_measure]
        is_by_score = (
            rule.tier_mode != "none"
            and rule.tier_measure == "attainment"
            and (measure.is_given or measure.is_weighted)
        )
        if not is_by_score:
            yield self.env._(
                "“%(rule)s” can never pay: on approved scores the brackets go by the "
                "target attainment of a score, or of a weighted target.",
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
                "the period: pay on approved scores instead.",
                **name,
            )

    def _get_score_role_name(self):
        choices = dict(self.env["hr.commission.role"]._get_choices())
        return choices.get(ROLE, ROLE)
