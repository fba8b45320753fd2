# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What in a plan has no effect, or another one than it looks like: each in a sentence."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..engine.measures import MEASURES, Measure
from ..engine.periods import SCORED
from ..pipeline.pool_shares import PoolShares


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    @api.depends(
        "attribution",
        "draw_recovery_max",
        "floor",
        "is_draw_recoverable",
        "leaver_debt",
        "payout_minimum",
        "rule_ids.is_final",
        "rule_ids.once",
        "rule_ids.payout",
        "rule_ids.payout_days",
        "rule_ids.score_max",
        "rule_ids.score_min",
        "rule_ids.score_period",
        "rule_ids.target_measure",
        "rule_ids.tier_period",
        "threshold",
    )
    def _compute_checks(self):
        return super()._compute_checks()

    def _find_oddities(self, rule):
        return [
            *super()._find_oddities(rule),
            *self._find_vain_brackets(rule),
            *self._find_vain_limits(rule),
            *self._find_vain_terms(rule),
            *self._find_vain_score(rule),
            *self._find_missing_people(rule),
        ]

    def _find_warnings(self):
        return [
            *super()._find_warnings(),
            *self._find_vain_settings(),
            *self._find_nobody_chosen(),
        ]

    def _find_vain_brackets(self, rule):
        """Brackets that pay otherwise than they look, or make no difference."""
        if rule.tier_mode == "none" or not rule.tier_ids:
            return
        name = {"rule": rule.name}
        bounds, rates = (
            rule.tier_ids.sorted("from_value").mapped(field)
            for field in ("from_value", "rate")
        )
        measure = MEASURES[rule.tier_measure]
        is_percent = rule.amount_type == "percent"
        is_sliced = rule.tier_mode == "marginal" and is_percent
        if is_sliced and not _has_slices(rule) and not rule._is_of_bonus():
            yield self.env._(
                "“%(rule)s” pays each slice at its own rate, and “%(measure)s” has no "
                "slices: everything is paid at the rate reached. Choose that.",
                measure=rule._choice("tier_measure"),
                **name,
            )
        if len(rates) > 1 and len(set(rates)) == 1 and not bounds[0]:
            yield self.env._(
                "The brackets of “%(rule)s” all pay the same: use a rate without "
                "brackets.",
                **name,
            )
        is_many = rule.event_type != SCORED and not rule.once
        if measure.subject and rule.amount_type == "fixed" and is_many:
            yield self.env._(
                "“%(rule)s” pays its amount for every event of a period in which the "
                "target is reached. Choose “Once”, if it is a bonus.",
                **name,
            )
        is_unreached = len(bounds) > 1 and 0 < bounds[1] <= rule.min_amount
        if rule.tier_measure == "amount" and is_unreached:
            yield self.env._(
                "The first bracket of “%(rule)s” ends at %(bound)s, and events below "
                "%(least)s do not pay: nobody reaches it. Remove it.",
                bound=rule._format_measure(bounds[1]),
                least=rule._format_money(rule.min_amount),
                **name,
            )

    def _find_vain_limits(self, rule):
        name = {"rule": rule.name}
        if rule.cap and rule.cap == rule.floor:
            yield self.env._(
                "“%(rule)s” always pays %(amount)s: its cap is its floor. Pay a fixed "
                "amount instead, or change one of them.",
                amount=rule._format_money(rule.cap),
                **name,
            )
        is_fixed = rule.amount_type == "fixed" and rule.tier_mode == "none"
        is_of_event = rule.cap_period == "event"
        if is_fixed and is_of_event and 0 < rule.amount < rule.cap:
            yield self.env._(
                "The cap of “%(rule)s” is never reached: an event pays %(amount)s. "
                "Remove it, or let it be of a longer period.",
                amount=rule._format_money(rule.amount),
                **name,
            )
        if is_fixed and 0 < self.cap < rule.amount and self.cap_excess == "lapse":
            yield self.env._(
                "“%(rule)s” never pays its amount: the plan as a whole pays %(most)s at "
                "most. Raise that cap, or lower the amount.",
                most=rule._format_money(self.cap),
                **name,
            )

    def _find_vain_score(self, rule):
        """A score that multiplies the pay, and is not there or counts twice."""
        name = {"rule": rule.name}
        if not rule.score_period:
            if rule.score_min or rule.score_max:
                yield self.env._(
                    "“%(rule)s” says how much a score counts, and is multiplied by none: "
                    "choose of which period, or remove the percentages.",
                    **name,
                )
            return
        if rule.event_type == SCORED and rule.target_measure == "score":
            yield self.env._(
                "“%(rule)s” pays by a score and is multiplied by the score besides: it "
                "counts twice. Remove one of the two.",
                **name,
            )
        targets = self.env["hr.commission.target"]
        if not targets.search_count(
            Domain("measure", "=", "score")
            & Domain("period", "=", rule.score_period)
            & Domain("employee_id", "!=", False)
            & Domain("whole_id", "=", False)
            & Domain("date_to", ">=", self.date_start or self._get_today()),
            limit=1,
        ):
            yield self.env._(
                "“%(rule)s” is multiplied by the person's score of the %(period)s, and "
                "nobody has a target for one yet: until then it pays in full.",
                period=rule._get_period_word("score_period"),
                **name,
            )

    def _find_vain_terms(self, rule):
        name = {"rule": rule.name}
        if rule.payout_days and not rule.payout:
            yield self.env._(
                "“%(rule)s” says after how many days it is paid, and not from when on: "
                "the terms of the plan hold. Choose its own, or remove the days.",
                **name,
            )
        if (rule.season_from or 1) == 1 and rule.season_to == 12:
            yield self.env._(
                "“%(rule)s” pays in months 1 to 12, which is the whole year: leave the "
                "months empty.",
                **name,
            )
        people, branches = rule.employee_ids.sudo(), rule.branch_ids  # sudo: where
        if people and branches and not (people.company_id & branches):
            yield self.env._(
                "“%(rule)s” names employees, and branches in which none of them is: it "
                "pays nobody. Remove one of the two.",
                **name,
            )
        if branches and self.date_start and not self.is_personal:
            taken = self._find_plans_of_branches(branches)
            if taken and not (branches - taken.company_id):
                yield self.env._(
                    "“%(rule)s” is for branches with a plan of their own, “%(plan)s”: "
                    "that one pays there. Write the rule into it.",
                    plan=taken[0].display_name,
                    **name,
                )

    def _find_plans_of_branches(self, branches):
        """Return the plans that hold from the first day of this one on in its branches."""
        below = branches - self.company_id
        return self._search_in_force(
            Domain("company_id", "in", below.ids)
            & Domain("is_personal", "=", False)
            & Domain("date_start", "<=", self.date_start)
            & Domain("date_end", "=", False)
        )

    def _find_missing_people(self, rule):
        """Roles that nobody fills: assignments or pools that are not there."""
        if not self.company_id:
            return
        name = {"rule": rule.name}
        pools = self._get_pools_of(rule.role)
        members = PoolShares(self.env(su=True), pools, ())
        today = self._get_today()
        day = max(today, self.date_start or today)
        for pool in pools:
            if not members.get(pool, day):
                yield self.env._(
                    "“%(rule)s” pays the pool “%(pool)s”, which has no member on "
                    "%(day)s: nobody gets it. Choose members.",
                    pool=pool.name,
                    day=format_date(self.env, day),
                    **name,
                )
        # sudo: how roles are filled
        role = self.env["hr.commission.role"].sudo()
        role = role.search([("code", "=", rule.role)], limit=1)
        if role.filled_by == "assignment" and not pools:
            # sudo: whether there is one, of any branch
            assignments = self.env["hr.commission.assignment"].sudo()
            if not assignments.search_count([("role_id", "=", role.id)], limit=1):
                yield self.env._(
                    "“%(rule)s” pays whom customers are assigned to as “%(role)s”, and "
                    "nobody is assigned: nobody gets it. Assign customers.",
                    role=role.name,
                    **name,
                )

    def _get_pools_of(self, role):
        """Return the pools of a role in the tree of the plan's company."""
        companies = self.env["res.company"].sudo()  # sudo: which tree they are of
        return [
            pool
            for pool in self.env["hr.commission.pool"]._get_pools()
            if pool.role == role
            and companies.browse(pool.company_id).root_id == self.company_id.root_id
        ]

    def _find_vain_settings(self):
        """Settings of the plan as a whole that change nothing."""
        if self.draw_recovery_max and self.draw_amount and not self.is_draw_recoverable:
            yield self.env._(
                "“Recovered at Most” limits how a draw is taken back, and this one is "
                "not: remove it, or let the draw be recovered."
            )
        is_gift = self.draw_amount and not self.is_draw_recoverable
        if is_gift and 0 < self.guaranteed_minimum <= self.draw_amount:
            yield self.env._(
                "The draw is not recovered and as high as the guaranteed minimum, which "
                "changes nothing: remove one of the two."
            )
        if self.cap and self.cap == self.floor:
            yield self.env._(
                "Whoever earns anything is paid %(amount)s: the cap of the plan is its "
                "floor. Change one of them.",
                amount=self._format_limit(self.cap),
            )
        percents = self._read_ramp()
        if self.draw_amount and percents and not any(percents):
            yield self.env._(
                "“Draw by Month” advances nothing in any month: remove it."
            )
        roles = self.rule_ids.mapped("role")
        if self.rule_ids and self.attribution != "first" and "marketing" not in roles:
            yield self.env._(
                "“Attribution” shares marketing's part of a deal, and no rule pays "
                "marketing: add one, or choose the first touch."
            )
        yield from self._find_vain_threshold()
        yield from self._find_vain_clawback()

    def _find_vain_clawback(self):
        """What is said of taking back where nothing is, and of debts that never are."""
        takes_back = self.clawback_method != "none"
        window = self.clawback_days or self.clawback_months or self.clawback_schedule
        if window and not takes_back:
            yield self.env._(
                "Nothing is taken back: the days and months of a lost deal count for "
                "nothing. Remove them, or choose how it is taken back."
            )
        final = self.rule_ids.filtered("is_final")
        if final and not takes_back:
            yield self.env._(
                "“%(rule)s” is never taken back, and neither is anything else of the "
                "plan: one of the two is enough.",
                rule=final[0].name,
            )
        if window and takes_back and self.rule_ids and final == self.rule_ids:
            yield self.env._(
                "Every rule is never taken back: the days and months of a lost deal "
                "count for nothing. Remove them."
            )
        for rule in self.rule_ids:
            is_timed = rule.holdback_percent and rule.holdback_until == "days"
            if is_timed and rule._is_never_taken_back():
                yield self.env._(
                    "“%(rule)s” holds a part back against losses, and is never taken "
                    "back: the holdback only pays later.",
                    rule=rule.name,
                )
        lends = self.draw_amount and self.is_draw_recoverable
        if lends and self.leaver_debt == "lapse" and not self.draw_prorata:
            yield self.env._(
                "Whoever joins for a day is advanced the whole month, and owes nothing "
                "on leaving: let the draw go by the days of the contract."
            )
        takes_back = takes_back and final != self.rule_ids
        if self.leaver_debt != "all" and not (lends or takes_back):
            yield self.env._(
                "“Owed on Leaving” says what becomes of debts, and nobody ever owes "
                "anything: nothing is advanced or taken back."
            )

    def _find_vain_threshold(self):
        rules = self.rule_ids
        is_fixed = all(
            each.amount_type == "fixed" and each.tier_mode == "none" for each in rules
        )
        most = sum(rules.mapped("amount"))
        if rules and is_fixed and self.cap_period == "event" and most < self.threshold:
            yield self.env._(
                "An event pays %(most)s at most, and below %(threshold)s the plan pays "
                "nothing: lower the threshold, or let it be of a longer period.",
                most=self._format_limit(most),
                threshold=self._format_limit(self.threshold),
            )

    def _find_nobody_chosen(self):
        """A plan for chosen employees that no record names."""
        # sudo: whether there is a record, of whomever
        versions = self.env["hr.version"].sudo()
        plans = (self | self.previous_id)._origin
        if self.is_personal and not versions.search_count(
            [("commission_plan_id", "in", plans.ids)], limit=1
        ):
            yield self.env._(
                "The plan is for chosen employees, and no employee record names it: it "
                "pays nobody yet. Choose it on their records."
            )


def _has_slices(rule):
    """Whether what the brackets go by is an amount or a number that adds up."""
    measure: Measure = MEASURES[rule.tier_measure]
    if measure.subject:
        measure = MEASURES[rule.target_measure]
    is_of_event = measure.of_event and measure.code != "amount"
    is_known_late = measure.ratio or measure.is_given or measure.is_weighted
    return not (is_known_late or is_of_event)
