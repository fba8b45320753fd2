# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What in a plan cannot be meant: found before it is put in force, each in a sentence."""

from collections import defaultdict

from odoo import models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..engine.conditions import is_in_months
from ..engine.measures import MEASURES
from ..engine.periods import month_number, period_start
from ..pipeline.closed_days import is_closed
from ..pipeline.participants import DEAL_EVENTS
from ..pipeline.reader_numbers import FULL, format_number

#: a percentage below may be a fraction, 0.05 for 5 %
LIKELY_FRACTION = 0.1
#: percentages that nothing exceeds
BOUNDED_MEASURES = {
    "conversion_rate",
    "margin_percent",
    "referral_rate",
    "repeat_rate",
}
#: what a cap may be of, the shorter before the longer
SPANS = ("event", "week", "month", "quarter", "year")
#: of the shortest month that a window of months can have
DAYS_OF_MONTH = 28


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    def _find_doubts(self, rule):
        """Return what is wrong or unusual with one rule, in sentences.

        :rtype: list[str]
        """
        return [*self._find_impossibilities(rule), *self._find_oddities(rule)]

    # ------------------------------------------------------------------
    # What forbids to activate
    # ------------------------------------------------------------------

    def _find_errors(self, *args, **kwargs):
        errors = super()._find_errors(*args, **kwargs)
        if self._pays_leads() and self._is_impossible(self.qualification_domain):
            errors.append(
                self.env._("“Qualified Leads” contradicts itself: no lead can meet it.")
            )
        for rule in self.rule_ids:
            errors += self._find_impossibilities(rule)
        most = self._get_most_by_caps()
        if self.threshold and most is not None and self.threshold > most:
            errors.append(
                self.env._(
                    "The plan can never pay: the caps of its rules allow %(most)s "
                    "together, and below %(threshold)s nothing is paid.",
                    most=self._format_limit(most),
                    threshold=self._format_limit(self.threshold),
                )
            )
        return errors

    def _find_impossibilities(self, rule):
        """Return why a rule cannot be put in force, in sentences."""
        return filter(
            None,
            (
                self._find_impossible_conditions(rule),
                self._find_impossible_rate(rule),
                self._find_impossible_days(rule),
                self._find_impossible_season(rule),
                self._find_foreign_branches(rule),
            ),
        )

    def _pays_leads(self):
        return "lead_qualified" in self.rule_ids.mapped("event_type")

    def _is_impossible(self, text, model="crm.lead", more=Domain.TRUE):
        """Whether nothing can meet a condition, together with another one.

        One that cannot be read is said by the check of conditions.
        """
        if not text:
            return False
        try:
            condition = self.env["hr.commission.condition"]._parse(text, model)
        except ValidationError:
            return False
        return (condition & more).optimize(self.env[model]).is_false()

    def _get_rule_conditions(self, rule):
        """Return the conditions of a rule: text, model and what is asked besides.

        :rtype: list[tuple[str, str, Domain]]
        """
        source = rule.commission_source
        asked = Domain("commission_source", "=", source) if source else Domain.TRUE
        return [(rule.domain, "crm.lead", asked)]

    def _find_impossible_conditions(self, rule):
        if not any(
            self._is_impossible(*each) for each in self._get_rule_conditions(rule)
        ):
            return ""
        return self.env._(
            "“%(rule)s” can never pay: its conditions exclude every customer it is for.",
            rule=rule.name,
        )

    def _find_impossible_rate(self, rule):
        rates = rule._get_rates()
        if rule.amount_type != "percent" or not rates or max(rates) <= FULL:
            return ""
        if not self._is_part_of_amount(rule):
            return ""
        return self.env._(
            "“%(rule)s” pays %(rate)s %%, more than the whole amount. Write 5 for 5 %%.",
            rule=rule.name,
            rate=format_number(self.env, max(rates)),
        )

    def _is_part_of_amount(self, rule):
        """Whether a percentage of the rule is of what the event is worth."""
        return not rule._is_of_bonus()

    def _find_impossible_days(self, rule):
        if rule.payout_days >= 0 and rule.holdback_days >= 0:
            return ""
        return self.env._(
            "“%(rule)s” is due before its event: days cannot be negative.",
            rule=rule.name,
        )

    def _find_impossible_season(self, rule):
        first, last = rule.season_from, rule.season_to
        start, end = self._get_days_of(rule)
        if not (first or last) or not (start and end) or start > end:
            return ""
        year_start = (self.company_id or self.env.company)._get_commission_year_start()
        begin, finish = (period_start(day, "month", year_start) for day in (start, end))
        count = 12 * (finish.year - begin.year) + finish.month - begin.month + 1
        count += bool(year_start.weeks)  # which begin in either calendar month
        month = month_number(start, year_start)
        if any(
            is_in_months((month + number - 1) % 12 + 1, first, last)
            for number in range(min(count, 12))
        ):
            return ""
        return self.env._(
            "“%(rule)s” can never pay: its months of the year lie outside its dates.",
            rule=rule.name,
        )

    def _find_foreign_branches(self, rule):
        branches = rule.branch_ids
        if not branches or not self.company_id or self._reaches(branches):
            return ""
        return self.env._(
            "“%(rule)s” can never pay: none of its branches is below %(company)s.",
            rule=rule.name,
            company=self.company_id.name,
        )

    def _get_most_by_caps(self):
        """Return the most that the rules pay per period of the limits; None: no end."""
        rules = self.rule_ids
        if not rules or any(
            not rule.cap or rule.cap_period != self.cap_period for rule in rules
        ):
            return None
        return sum(rules.mapped("cap"))

    def _format_limit(self, amount):
        return self.rule_ids[:1]._format_money(amount)

    # ------------------------------------------------------------------
    # What is worth a look
    # ------------------------------------------------------------------

    def _find_warnings(self):
        warnings = super()._find_warnings()
        for rule in self.rule_ids:
            warnings += self._find_oddities(rule)
        return [
            *warnings,
            *self._find_strange_limits(),
            *self._find_strange_draws(),
            *self._find_strange_days(),
        ]

    def _find_oddities(self, rule):
        """Return what is unusual about a rule, in sentences."""
        return [
            *self._find_strange_brackets(rule),
            *self._find_strange_rates(rule),
            *self._find_strange_units(rule),
            *self._find_strange_cap(rule),
            *self._find_strange_terms(rule),
            *self._find_strange_people(rule),
        ]

    def _find_strange_percent(self, rule, highest):
        """Brackets in percent that look like another unit.

        :param float highest: where the last bracket begins
        """
        name = {"rule": rule.name}
        bound = format_number(self.env, highest)
        is_percent = MEASURES[rule.tier_measure].unit == "percent"
        if rule.tier_measure in BOUNDED_MEASURES and highest > FULL:
            yield self.env._(
                "The bracket of “%(rule)s” from %(bound)s %% is never reached: %(measure)s "
                "ends at 100 %%.",
                bound=bound,
                measure=rule._choice("tier_measure"),
                **name,
            )
        if is_percent and 0 < highest <= 2:
            yield self.env._(
                "The brackets of “%(rule)s” are in percent and end at %(bound)s %%. Write "
                "80 for 80 %%.",
                bound=bound,
                **name,
            )
        if is_percent and highest > 1000:
            yield self.env._(
                "The brackets of “%(rule)s” are in percent, and one begins at "
                "%(bound)s %%: that looks like an amount.",
                bound=bound,
                **name,
            )

    def _find_strange_brackets(self, rule):
        """Brackets that nobody reaches, or in another unit than the measure's."""
        tiers = rule.tier_ids.sorted("from_value")
        if rule.tier_mode == "none" or not tiers:
            return
        name = {"rule": rule.name}
        bounds = tiers.mapped("from_value")
        yield from self._find_strange_percent(rule, bounds[-1])
        is_place = MEASURES[rule.tier_measure].is_place  # which begin at the first
        if bounds[0] and not rule.is_bonus and not is_place:
            yield self.env._(
                "“%(rule)s” pays nothing below its first bracket, which begins at "
                "%(bound)s.",
                bound=rule._format_measure(bounds[0]),
                **name,
            )
        unreached = self._find_bracket_above_cap(rule, tiers)
        if unreached:
            yield self.env._(
                "The bracket of “%(rule)s” from %(bound)s on changes nothing: the cap is "
                "reached before.",
                bound=rule._format_measure(unreached.from_value),
                **name,
            )

    def _find_bracket_above_cap(self, rule, tiers):
        """Return the first bracket that begins where the cap is reached already."""
        is_sliced = rule.tier_mode == "marginal" and rule.amount_type == "percent"
        in_period = rule.tier_period == rule.cap_period
        if not (rule.cap and is_sliced and in_period):
            return None
        if rule.tier_measure not in ("amount", "cumulative"):
            return None
        paid = 0.0
        for lower, upper in zip(tiers, tiers[1:], strict=False):
            paid += (upper.from_value - lower.from_value) * lower.rate / FULL
            if paid >= rule.cap:
                return upper
        return None

    def _find_strange_rates(self, rule):
        name = {"rule": rule.name}
        small = [rate for rate in rule._get_rates() if 0 < rate < LIKELY_FRACTION]
        if rule.amount_type == "percent" and small:
            yield self.env._(
                "“%(rule)s” pays %(rate)s %%. Write 5 for 5 %%, if that was meant.",
                rate=format_number(self.env, small[0]),
                **name,
            )
        plain = rule.tier_mode == "none" and rule.cap_period == "event"
        if plain and rule.cap and rule.min_amount and rule.amount_type == "percent":
            least = rule.min_amount * rule.rate / FULL
            if least >= rule.cap:
                yield self.env._(
                    "Every event of “%(rule)s” pays its cap: the least amount alone earns "
                    "%(least)s.",
                    least=rule._format_money(least),
                    **name,
                )
        if plain and rule.amount_type != "percent" and 0 < rule.cap < rule.amount:
            yield self.env._(
                "“%(rule)s” never pays its amount: the cap is lower.", **name
            )
        if plain and rule.amount_type != "percent" and rule.floor > rule.amount > 0:
            yield self.env._(
                "“%(rule)s” never pays its amount: the floor is higher.", **name
            )
        most = rule._get_paid_before()
        if most and rule.amount_type == "percent" and rule._get_rates():
            if max(rule._get_rates()) > most:
                yield self.env._(
                    "“%(rule)s” pays up to %(rate)s %%. No plan of this company paid "
                    "more than %(most)s %% for it.",
                    rate=format_number(self.env, max(rule._get_rates())),
                    most=format_number(self.env, most),
                    **name,
                )

    def _find_strange_units(self, rule):
        if rule.amount_type == "unit" and rule.event_type in DEAL_EVENTS:
            yield self.env._(
                "“%(rule)s” pays per unit, and a deal or lead is one unit unless another "
                "addon records more: choose an order or invoice, or an amount per event.",
                rule=rule.name,
            )

    def _find_strange_cap(self, rule):
        """A cap that the limits of the plan do not let anybody reach."""
        is_shorter = SPANS.index(rule.cap_period) <= SPANS.index(self.cap_period)
        if is_shorter and rule.cap > self.cap > 0 and self.cap_excess != "carry":
            yield self.env._(
                "The cap of “%(rule)s” is never reached: the plan as a whole pays "
                "%(most)s at most.",
                rule=rule.name,
                most=rule._format_money(self.cap),
            )

    def _find_strange_terms(self, rule):
        name = {"rule": rule.name}
        if rule.holdback_percent == FULL:
            yield self.env._(
                "“%(rule)s” holds everything back: nothing is due before it is released.",
                **name,
            )
        is_on_a_day = rule.holdback_percent and rule.holdback_until == "date"
        start, _end = self._get_days_of(rule)
        if is_on_a_day and start and rule.holdback_date and rule.holdback_date <= start:
            yield self.env._(
                "“%(rule)s” holds a part back until %(day)s, which is over when it begins "
                "to pay.",
                day=format_date(self.env, rule.holdback_date),
                **name,
            )
        terms = rule if rule.payout else self
        months = len(self._read_clawback_schedule()) or self.clawback_months
        window = DAYS_OF_MONTH * months or self.clawback_days
        if rule._is_never_taken_back():
            window = 0
        due = terms.payout_days * (DAYS_OF_MONTH if terms.payout == "months" else 1)
        if 0 < window < due and terms.payout != "immediate":
            yield self.env._(
                "“%(rule)s” is due %(due)s days later, and only what is lost within "
                "%(window)s days is taken back: nothing that was paid ever is.",
                due=due,
                window=window,
                **name,
            )
        is_timed = rule.holdback_percent and rule.holdback_until == "days"
        if is_timed and window > rule.holdback_days > 0:
            yield self.env._(
                "“%(rule)s” releases its holdback after %(days)s days, and deals can be "
                "taken back for %(window)s days.",
                days=rule.holdback_days,
                window=window,
                **name,
            )

    def _find_strange_people(self, rule):
        name = {"rule": rule.name}
        # sudo: archived roles of any company
        role = self.env["hr.commission.role"].sudo().with_context(active_test=False)
        role = role.search([("code", "=", rule.role)], limit=1)
        if role and not role.active:
            yield self.env._(
                "“%(rule)s” pays a role that is archived: nobody gets it any more.",
                **name,
            )
        yield from self._find_strange_names(rule)
        if self._is_for_nobody_of_marketing(rule, role):
            yield self.env._(
                "“%(rule)s” pays whoever brought the customer, on own customers: nobody "
                "gets it but whom a deal or an assignment names.",
                **name,
            )
        level = rule._get_level()
        if level and self.company_id:
            highest, circle = self._read_manager_levels()
            if highest < level:
                yield self.env._(
                    "“%(rule)s” pays managers %(level)s levels up, and nobody of the "
                    "company has so many above.",
                    level=level,
                    **name,
                )
            if circle:
                yield self.env._(
                    "%(person)s is, over some levels, their own manager: “%(rule)s” "
                    "would pay them for themselves.",
                    person=circle,
                    **name,
                )

    def _is_for_nobody_of_marketing(self, rule, role):
        """Whether a rule pays who brought customers on those that sales found alone."""
        return rule.commission_source == "own" and role.filled_by == "marketer"

    def _find_strange_names(self, rule):
        """Employees whom a rule names, and who are not there to be paid."""
        people = rule.employee_ids.sudo()  # sudo: who is still there, and where
        name = {"rule": rule.name}
        if people and not any(people.mapped("active")):
            yield self.env._("“%(rule)s” is only for employees who have left.", **name)
        elif people and self.company_id and not self.is_personal:
            if not self._reaches(people.company_id):
                yield self.env._(
                    "“%(rule)s” is only for employees of companies that the plan does "
                    "not hold for.",
                    **name,
                )

    def _reaches(self, companies):
        """Whether the plan holds for one of these companies."""
        below = self.env["res.company"].sudo()  # sudo: which branches there are
        return bool(companies & below.search([("id", "child_of", self.company_id.ids)]))

    def _read_manager_levels(self):
        """Return how many managers people have above them, and who is above themselves.

        :rtype: tuple[int, str]
        """
        Employee = self.env["hr.employee"].sudo()  # sudo: levels only
        people = Employee.search_fetch(
            [("company_id", "child_of", self.company_id.root_id.ids)],
            ["parent_id", "name"],
        )
        manager_of = {person.id: person.parent_id.id for person in people}
        highest, circle = 0, ""
        for person in people:
            seen, manager_id = {person.id}, person.parent_id.id
            while manager_id and manager_id not in seen:
                seen.add(manager_id)
                manager_id = manager_of.get(manager_id)
            if manager_id == person.id:
                circle = circle or person.name
            highest = max(highest, len(seen) - 1)
        return highest, circle

    def _find_strange_limits(self):
        """Limits over all rules that cannot hold together."""
        if self.cap and self.cap_period == "month":
            for name in ("guaranteed_minimum", "draw_amount"):
                if self[name] > self.cap:
                    yield self.env._(
                        "“%(field)s” is above the cap of the month.",
                        field=self._fields[name]._description_string(self.env),
                    )
        if self.cap_period == "month" and 0 < self.cap < self.payout_minimum:
            yield self.env._(
                "A month pays at most %(most)s, and nothing below %(least)s: what is "
                "earned waits until people leave. Lower “Paid From”.",
                most=self._format_limit(self.cap),
                least=self._format_limit(self.payout_minimum),
            )
        most = self._get_most_by_caps()
        if most is not None and self.cap > most:
            yield self.env._(
                "The cap of the plan is never reached: its rules allow %(most)s together.",
                most=self._format_limit(most),
            )
        if self.clawback_days and self.clawback_months:
            yield self.env._(
                "Clawback goes by %(months)s months: its %(days)s days count for "
                "nothing.",
                months=self.clawback_months,
                days=self.clawback_days,
            )

    def _find_strange_draws(self):
        """Advances, and what is carried, that nothing makes use of."""
        if any(percent > FULL for percent in self._read_ramp()):
            yield self.env._(
                "“Draw by Month” advances more than the draw in some months."
            )
        if self.cap_excess == "carry" and not self.cap:
            yield self.env._("What is above the cap is carried, and there is no cap.")
        if self.draw_working_days and not self.draw_prorata:
            yield self.env._(
                "Draws count working days only, and are not by the days of the contract: "
                "every month pays the whole."
            )
        if self.draw_recovery_max and not self.draw_amount:
            yield self.env._("“Recovered at Most” limits a draw, and there is none.")

    def _read_clawback_schedule(self):
        try:
            return self._get_clawback_schedule()
        except ValidationError:
            return []  # refused where it is written

    def _read_ramp(self):
        try:
            return self._get_draw_ramp()
        except ValidationError:
            return []  # refused where it is written

    def _find_strange_days(self):
        """Days of the plan that are over, or closed already."""
        today = self._get_today()
        if self.date_end and self.date_end < today:
            yield self.env._(
                "The plan ended on %(day)s already.",
                day=format_date(self.env, self.date_end),
            )
        # sudo: a branch's parent company
        locked = self.company_id.sudo().commission_lock_date
        if is_closed(locked, self.date_start):
            yield self.env._(
                "Everything up to %(day)s is closed: what the plan changes before is "
                "posted as differences in the open period.",
                day=format_date(self.env, locked),
            )
        for rules in self._group_equal_rules():
            yield self.env._(
                "“%(name)s” is the name of %(count)s rules: nobody can tell them apart.",
                name=rules[0].name,
                count=len(rules),
            )

    def _group_equal_rules(self):
        named = defaultdict(self.env["hr.commission.rule"].browse)
        for rule in self.rule_ids:
            named[(rule.name or "").strip()] |= rule
        return [rules for rules in named.values() if len(rules) > 1]
