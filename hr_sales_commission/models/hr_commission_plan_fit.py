# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What in a plan does not fit together: units, periods, bands, sums. Each in a sentence."""

from collections import defaultdict
from datetime import timedelta
from itertools import combinations, pairwise

from odoo import api, models
from odoo.tools import format_date

from ..engine.conditions import is_in_months
from ..engine.measures import MEASURES
from ..engine.periods import period_of
from ..pipeline.reader_numbers import FULL, format_number
from ..pipeline.words import COMMISSION_SOURCES

#: bounds above are in another unit, by the unit of the measure
HIGHEST = {"count": 10_000, "days": 1_000, "months": 600}
#: what a lead has no value of
AMOUNTS = ("amount", "cumulative")
#: days until something is due that were hardly meant
MANY_DAYS = 1_100
SOURCES = [source for source, _name in COMMISSION_SOURCES]
#: a percentage below is a fraction, 1.2 for 120 %
FRACTION = 2
ONE_DAY = timedelta(days=1)


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    @api.depends("floor", "threshold", "rule_ids.once", "rule_ids.score_max")
    def _compute_checks(self):
        return super()._compute_checks()

    def _find_oddities(self, rule):
        oddities = super()._find_oddities(rule)
        if rule.tier_mode != "none" and rule.tier_ids:
            bounds = sorted(rule.tier_ids.mapped("from_value"))
            oddities += self._find_wrong_unit(rule, bounds)
            oddities += self._find_unmet_bounds(rule, bounds)
            if MEASURES[rule.tier_measure].is_place:
                oddities += self._find_endless_places(rule, bounds)
        return [*oddities, *self._find_score_bounds(rule), *self._find_far_days(rule)]

    def _find_warnings(self):
        return [
            *super()._find_warnings(),
            *self._find_vain_floor(),
            *self._find_gaps_of_dates(),
            *self._find_common_months(),
            *self._find_short_plan(),
            *self._find_more_than_all(),
        ]

    # ------------------------------------------------------------------
    # Of one rule
    # ------------------------------------------------------------------

    def _find_wrong_unit(self, rule, bounds):
        measure = MEASURES[rule.tier_measure]
        if not measure.subject and bounds[-1] > HIGHEST.get(measure.unit, bounds[-1]):
            yield self.env._(
                "The brackets of “%(rule)s” go by “%(measure)s”, and one begins at "
                "%(bound)s: that looks like another unit.",
                rule=rule.name,
                measure=rule._choice("tier_measure"),
                bound=format_number(self.env, bounds[-1]),
            )
        is_number = measure.unit == "count" and measure.code != "quantity"
        parted = [bound for bound in bounds if bound != int(bound)]
        if is_number and parted:
            yield self.env._(
                "A bracket of “%(rule)s” begins at %(bound)s, and “%(measure)s” is a "
                "whole number: write one.",
                rule=rule.name,
                measure=rule._choice("tier_measure"),
                bound=format_number(self.env, parted[0]),
            )

    def _find_unmet_bounds(self, rule, bounds):
        """Brackets that the event or the conditions of the rule keep anybody from."""
        is_of_lead = rule.event_type == "lead_qualified"
        if is_of_lead and rule.tier_measure in AMOUNTS and bounds[-1] > 0:
            yield self.env._(
                "The bracket of “%(rule)s” from %(bound)s is never reached: a lead has no "
                "amount yet. Let the brackets go by the number of leads.",
                rule=rule.name,
                bound=rule._format_measure(bounds[-1]),
            )
        last = rule.customer_months_to
        is_old = rule.tier_measure == "customer_months" and 0 < last <= bounds[-1]
        if is_old:
            yield self.env._(
                "The bracket of “%(rule)s” from month %(bound)s on is never reached: the "
                "rule ends with month %(last)s of the customer.",
                rule=rule.name,
                bound=format_number(self.env, bounds[-1]),
                last=last,
            )

    def _find_endless_places(self, rule, bounds):
        if bounds[0] < 1:
            yield self.env._(
                "A bracket of “%(rule)s” begins before the first place: let it begin at 1.",
                rule=rule.name,
            )
        last = rule.tier_ids.sorted("from_value")[-1:]
        if last.rate:
            yield self.env._(
                "“%(rule)s” pays every place from %(bound)s on: add a bracket of 0 behind "
                "the last place that wins.",
                rule=rule.name,
                bound=format_number(self.env, last.from_value),
            )

    def _find_score_bounds(self, rule):
        if not rule.score_period:
            return
        name = {"rule": rule.name}
        if 0 < rule.score_max <= FRACTION:
            yield self.env._(
                "The score counts at most %(most)s %% in “%(rule)s”. Write 120 for 120 %%.",
                most=format_number(self.env, rule.score_max),
                **name,
            )
        elif rule.score_max and rule.score_max == rule.score_min:
            yield self.env._(
                "The score of “%(rule)s” counts %(most)s %% whatever it is: at least as "
                "much as at most. Change one of them.",
                most=format_number(self.env, rule.score_max),
                **name,
            )

    def _find_far_days(self, rule):
        days = max(
            rule.payout_days if rule.payout else 0,
            rule.holdback_days
            if rule.holdback_percent and rule.holdback_until == "days"
            else 0,
        )
        if days > MANY_DAYS:
            yield self.env._(
                "“%(rule)s” pays %(days)s days later, which is more than %(years)s years: "
                "write fewer, if that was not meant.",
                rule=rule.name,
                days=days,
                years=days // 366,
            )
        if rule.customer_months_from > HIGHEST["months"]:
            yield self.env._(
                "“%(rule)s” pays from month %(month)s of a customer on: that looks like "
                "days.",
                rule=rule.name,
                month=rule.customer_months_from,
            )

    # ------------------------------------------------------------------
    # Of the plan
    # ------------------------------------------------------------------

    def _find_vain_floor(self):
        if 0 < self.floor <= self.threshold:
            yield self.env._(
                "The least that the plan pays never counts: what is below %(threshold)s "
                "is not paid at all. Raise the one, or lower the threshold.",
                threshold=self._format_limit(self.threshold),
            )

    def _group_alike(self, *but):
        """Return lists of the rules that differ in nothing but some fields, and pay.

        :param but: names of the conditions, or fields, that may differ
        """
        groups = defaultdict(list)
        for rule in self.rule_ids.filtered(lambda rule: not rule.is_bonus):
            audience = [each for each in self._get_audience(rule) if each[0] not in but]
            key = (rule.event_type, rule.role, rule._get_level())
            groups[key, rule.commission_source, tuple(audience)].append(rule)
        return [rules for rules in groups.values() if len(rules) > 1]

    def _find_gaps_of_dates(self):
        """Days between rules that follow each other on which neither pays."""
        for rules in self._group_alike():
            days = [self._get_days_of(rule) for rule in rules]
            if not all(start for start, _end in days):
                continue
            ordered = sorted(zip(days, rules, strict=True), key=lambda each: each[0][0])
            for ((_start, end), first), ((start, _end), second) in pairwise(ordered):
                if end and end + ONE_DAY < start:
                    yield self.env._(
                        "Between “%(first)s” and “%(second)s” nobody is paid from "
                        "%(start)s to %(end)s.",
                        first=first.name,
                        second=second.name,
                        start=format_date(self.env, end + ONE_DAY),
                        end=format_date(self.env, start - ONE_DAY),
                    )

    def _find_common_months(self):
        """Seasons of rules that overlap: both pay in some months."""
        for rules in self._group_alike("season"):
            seasonal = [rule for rule in rules if rule.season_from or rule.season_to]
            for first, second in combinations(seasonal, 2):
                seasons = [
                    (each.season_from, each.season_to) for each in (first, second)
                ]
                common = [
                    month
                    for month in range(1, 13)
                    if all(is_in_months(month, *season) for season in seasons)
                ]
                if common and seasons[0] != seasons[1] and self._meet(first, second):
                    yield self.env._(
                        "“%(first)s” and “%(second)s” both pay in month %(month)s of the "
                        "year: both amounts add up.",
                        first=first.name,
                        second=second.name,
                        month=common[0],
                    )

    def _find_short_plan(self):
        """Periods of brackets that the plan is over before the end of."""
        company = self.company_id or self.env.company
        year_start = company._get_commission_year_start()
        for rule in self.rule_ids:
            start, end = self._get_days_of(rule)
            is_measured = rule.tier_mode != "none" and rule.tier_period != "event"
            if not (is_measured and start and end and start <= end):
                continue
            _first, last = period_of(start, rule.tier_period, year_start)
            if end < last:
                yield self.env._(
                    "“%(rule)s” ends on %(day)s, within the %(period)s that its brackets "
                    "are for: they count what others pay besides. Choose a shorter one.",
                    rule=rule.name,
                    day=format_date(self.env, end),
                    period=rule._get_period_word("tier_period"),
                )

    def _find_more_than_all(self):
        """Percentages that together are more than what one sale is worth."""
        sums = defaultdict(float)
        Rule = self.env["hr.commission.rule"]
        blank = Rule.new(Rule.default_get(list(Rule._fields)))
        for rule in self.rule_ids:
            is_for_all = self._get_audience(rule) == self._get_audience(blank)
            is_always = not (rule.date_start or rule.date_end or rule.min_amount)
            is_percent = rule.amount_type == "percent" and self._is_part_of_amount(rule)
            if is_for_all and is_always and is_percent and rule._get_rates():
                sources = (
                    [rule.commission_source] if rule.commission_source else SOURCES
                )
                for source in sources:
                    sums[rule.event_type, source] += min(rule._get_rates())
        if sums and max(sums.values()) > FULL:
            yield self.env._(
                "The rules pay %(percent)s %% of one sale together, if not more, which is "
                "more than the whole: lower their rates.",
                percent=format_number(self.env, max(sums.values())),
            )
