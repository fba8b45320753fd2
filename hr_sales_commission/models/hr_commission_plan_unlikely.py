# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What in a plan was hardly meant: far days, sums nobody sells, conditions nobody meets."""

from datetime import timedelta
from itertools import combinations, pairwise

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..engine.periods import SCORED
from ..pipeline.participants import DEAL_EVENTS
from ..pipeline.reader_numbers import format_number

#: a plan that begins longer ago, or later, than that was hardly meant
ONE_YEAR, TWO_YEARS = timedelta(days=366), timedelta(days=731)
#: days of protection, of clawback and after leaving that were hardly meant
TEN_YEARS = 3_660
#: deals from which on it is known how large they get, and how much larger one may be
ENOUGH_DEALS, TIMES_LARGER = 10, 5
#: so many are looked at: the check runs while the plan is typed
LAST_DEALS = 1000
LOWER, UPPER = {">": True, ">=": False}, {"<": True, "<=": False}


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    @api.depends(
        "attribution_half_life",
        "clawback_schedule",
        "own_verification",
        "protection_days",
        "rule_ids.is_bonus",
        "rule_ids.is_differential",
        "rule_ids.is_leaver_limited",
        "rule_ids.leaver_days",
    )
    def _compute_checks(self):
        return super()._compute_checks()

    def _find_warnings(self):
        return [
            *super()._find_warnings(),
            *self._find_far_starts(),
            *self._find_far_windows(),
            *self._find_odd_schedule(),
            *self._find_bonuses_twice(),
        ]

    def _find_oddities(self, rule):
        return [
            *super()._find_oddities(rule),
            *self._find_days_beyond(rule),
            *self._find_early_release(rule),
            *self._find_unmet_conditions(rule),
            *self._find_amount_beyond(rule),
            *self._find_vain_differential(rule),
        ]

    # ------------------------------------------------------------------
    # Days
    # ------------------------------------------------------------------

    def _find_far_starts(self):
        if not self.date_start or self.is_template:
            return
        values = {"day": format_date(self.env, self.date_start)}
        if self._has_old_events():
            yield self.env._(
                "The plan begins on %(day)s, more than a year ago: everything since then "
                "is computed again, and differences are paid. Choose a later day, if that "
                "was not meant.",
                **values,
            )
        if self.date_start > self._get_today() + TWO_YEARS:
            yield self.env._(
                "The plan begins on %(day)s only, in more than two years: is the year "
                "right?",
                **values,
            )

    def _has_old_events(self):
        """Whether the plan would pay anew for what happened more than a year ago."""
        latest = self._get_today() - ONE_YEAR
        # sudo: whether there is one, of any branch
        events = self.env["hr.commission.event"].sudo()
        return self.date_start < latest and bool(
            events.search_count(
                Domain("company_id", "child_of", self.company_id.ids)
                & Domain("date", ">=", self.date_start)
                & Domain("date", "<", latest),
                limit=1,
            )
        )

    def _find_far_windows(self):
        """Windows of years, and such that let nothing through or everything."""
        for name in ("protection_days", "clawback_days"):
            if self[name] > TEN_YEARS:
                yield self.env._(
                    "“%(field)s” is %(days)s days, more than ten years: write fewer, if "
                    "that was not meant.",
                    field=self._fields[name]._description_string(self.env),
                    days=self[name],
                )
        pays_own = any(
            rule.commission_source in (False, "own")
            and rule.requires_verification
            and rule.event_type != SCORED
            for rule in self.rule_ids
        )
        if pays_own and not self.protection_days and self.own_verification == "proof":
            yield self.env._(
                "Own customers are proven whoever met them the day before: there are no "
                "days of protection. Write 90, if that was not meant."
            )
        is_decaying = self.attribution == "decay" and self.protection_days
        if is_decaying and self.attribution_half_life > self.protection_days:
            yield self.env._(
                "A contact weighs half as much only after %(half_life)s days, and those of "
                "%(days)s days count: all weigh nearly the same. Shorten the half-life.",
                half_life=self.attribution_half_life,
                days=self.protection_days,
            )

    def _find_odd_schedule(self):
        """A schedule of taking back that takes more the later, or stands beside a window."""
        percents = self._read_clawback_schedule()
        if percents and (self.clawback_days or self.clawback_months):
            yield self.env._(
                "Clawback goes by the percentages of the months: the days and months of a "
                "lost deal count for nothing. Remove them."
            )
        if any(later > earlier for earlier, later in pairwise(percents)):
            yield self.env._(
                "A deal that is lost later gives more back than one that is lost sooner. "
                "Write the percentages of the months in the order 100, 75, 50, 25."
            )
        if percents and not any(percents):
            yield self.env._(
                "“Taken Back by Month” takes nothing back in any month: choose “Nothing is "
                "taken back”, or write percentages."
            )

    def _find_days_beyond(self, rule):
        name = {"rule": rule.name}
        is_early = rule.date_start and self.date_start
        if is_early and rule.date_start < self.date_start:
            yield self.env._(
                "“%(rule)s” begins before the plan, which pays from %(day)s on only: "
                "remove its first day.",
                day=format_date(self.env, self.date_start),
                **name,
            )
        if rule.date_end and self.date_end and rule.date_end > self.date_end:
            yield self.env._(
                "“%(rule)s” ends after the plan, which pays until %(day)s only: remove "
                "its last day.",
                day=format_date(self.env, self.date_end),
                **name,
            )
        if rule.is_leaver_limited and rule.leaver_days > TEN_YEARS:
            yield self.env._(
                "“%(rule)s” pays people for ten years after leaving: write fewer days, if "
                "that was not meant.",
                **name,
            )

    def _find_early_release(self, rule):
        """Holdbacks that are due before the rest, or never."""
        if not rule.holdback_percent:
            return
        terms = rule if rule.payout else self
        is_timed = rule.holdback_until == "days" and terms.payout == "days"
        if is_timed and 0 < rule.holdback_days < terms.payout_days:
            yield self.env._(
                "“%(rule)s” releases its holdback after %(holdback)s days, before the rest "
                "is due after %(payout)s: nothing is held back. Let it be longer.",
                rule=rule.name,
                holdback=rule.holdback_days,
                payout=terms.payout_days,
            )
        is_deal = rule.event_type not in ("lead_qualified", SCORED)
        if rule.holdback_until == "accepted" and not is_deal:
            yield self.env._(
                "“%(rule)s” holds a part back until the customer accepts, and of “%(event)s” "
                "there may never be anything to accept. Release it after days.",
                rule=rule.name,
                event=rule._choice("event_type"),
            )

    # ------------------------------------------------------------------
    # Conditions and amounts
    # ------------------------------------------------------------------

    def _find_unmet_conditions(self, rule):
        name = {"rule": rule.name}
        for text, model, _more in self._get_rule_conditions(rule):
            if text and not self._is_met(text, model):
                yield self.env._(
                    "“%(rule)s” can pay nothing yet: no record meets the condition on "
                    "“%(model)s”. Change it, if that was not meant.",
                    model=self.env["ir.model"]._get(model).name,
                    **name,
                )

    @api.model
    def _is_met(self, text, model):
        """Whether some record meets a condition; one that cannot be read is said apart.

        Of a model without any record, too: nothing is known of it.
        """
        Condition = self.env["hr.commission.condition"]
        if Condition._find_fault(text, model):
            return True
        # sudo: whether there is one, of any company
        records = self.env[model].sudo().with_context(active_test=False)
        domain = Condition._parse(text, model)
        return bool(
            records.search_count(domain, limit=1)
            or not records.search_count(Domain.TRUE, limit=1)
        )

    def _is_impossible(self, text, model="crm.lead", more=Domain.TRUE):
        """Bounds that exclude each other, too: above 100 and below 50."""
        if super()._is_impossible(text, model, more):
            return True
        try:
            condition = self.env["hr.commission.condition"]._parse(text or "[]", model)
        except ValidationError:
            return False
        return _excludes_everything(condition)

    def _get_rule_conditions(self, rule):
        """What is asked besides of a deal won: that it is not lost."""
        conditions = super()._get_rule_conditions(rule)
        if rule.event_type != "deal_won":
            return conditions
        kept = Domain("won_status", "!=", "lost") & Domain("active", "=", True)
        return [
            (text, model, more & kept if model == "crm.lead" else more)
            for text, model, more in conditions
        ]

    def _find_amount_beyond(self, rule):
        """A least amount, or a bracket, that no deal lately came near."""
        bounds = [rule.min_amount]
        if rule.tier_mode != "none" and rule.tier_measure == "amount":
            bounds += rule.tier_ids.mapped("from_value")
        if rule.event_type not in DEAL_EVENTS or not max(bounds) or not self.company_id:
            return
        # sudo: how large deals get, whoever may read them, is told roughly only
        amounts = (
            self.env["hr.commission.event"]
            .sudo()
            .search_fetch(
                Domain("event_type", "=", rule.event_type)
                & Domain("company_id", "child_of", self.company_id.ids),
                ["amount"],
                order="id desc",
                limit=LAST_DEALS,
            )
            .mapped("amount")
        )
        largest = max(amounts, default=0)
        if len(amounts) >= ENOUGH_DEALS and 0 < largest * TIMES_LARGER < max(bounds):
            yield self.env._(
                "“%(rule)s” looks for amounts from %(bound)s on: none of the last "
                "deals was a fifth as large. Is a zero too much?",
                rule=rule.name,
                bound=rule._format_money(max(bounds)),
            )

    # ------------------------------------------------------------------
    # What is paid twice, or not at all
    # ------------------------------------------------------------------

    def _find_bonuses_twice(self):
        told = ("id", "sequence", "continues")
        values = {
            rule: {
                name: value
                for name, value in rule._get_engine_values().items()
                if name not in told
            }
            | {"domain": rule.domain or ""}
            for rule in self.rule_ids.filtered("is_bonus")
        }
        for first, second in combinations(values, 2):
            if values[first] == values[second]:
                yield self.env._(
                    "“%(first)s” and “%(second)s” are the same bonus, which is paid twice. "
                    "Remove one of the two.",
                    first=first.name,
                    second=second.name,
                )

    def _find_vain_differential(self, rule):
        """Managers who are paid less what nobody below earns, or only what is left."""
        if not rule.is_differential:
            return
        level, name = rule._get_level(), {"rule": rule.name}
        below = self.rule_ids.filtered(
            lambda each: (
                each != rule
                and each.event_type == rule.event_type
                and each.amount_type == "percent"
                and each._get_level() < level
                and (each._get_level() or each.role in ("sales", "marketing"))
                and not each.is_bonus
            )
        )
        if not below:
            yield self.env._(
                "“%(rule)s” takes off what those below earn, and no rule of the plan pays "
                "them for it: it pays its whole rate.",
                **name,
            )
        for each in below:
            if each._depends_on_period():
                yield self.env._(
                    "“%(other)s” depends on a period, so that “%(rule)s” does not take it "
                    "off: both together may pay more than that.",
                    other=each.name,
                    **name,
                )
            elif not each.is_differential and min(each._get_rates()) >= rule.rate:
                yield self.env._(
                    "“%(rule)s” pays %(rate)s %% less what those below earn, which “%(other)s” "
                    "uses up: the manager gets nothing. Raise its rate.",
                    rate=format_number(self.env, rule.rate),
                    other=each.name,
                    **name,
                )


def _excludes_everything(domain):
    """Whether a condition wants a value above and below bounds that exclude each other."""
    bounds = {}
    if getattr(domain, "OPERATOR", "") != "&":
        return False
    for each in domain.children:
        operator = getattr(each, "operator", "")
        is_number = isinstance(getattr(each, "value", None), int | float)
        if is_number and operator in LOWER | UPPER:
            bounds.setdefault(each.field_expr, []).append((operator, each.value))
    return any(_is_empty(of_field) for of_field in bounds.values())


def _is_empty(bounds):
    """Whether no number lies within bounds: pairs of operator and number."""
    lowest = max(
        ((value, LOWER[operator]) for operator, value in bounds if operator in LOWER),
        default=None,
    )
    highest = min(
        (
            (value, not UPPER[operator])
            for operator, value in bounds
            if operator in UPPER
        ),
        default=None,
    )
    if lowest is None or highest is None:
        return False
    is_open = lowest[1] or not highest[1]
    return lowest[0] > highest[0] or (lowest[0] == highest[0] and is_open)
