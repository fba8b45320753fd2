# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The rule read back as one sentence, built while it is chosen."""

import re

from odoo import api, fields, models
from odoo.tools import LazyTranslate
from odoo.tools.misc import format_date

from ..engine.measures import MEASURES
from ..engine.periods import SCORED
from ..pipeline.reader_numbers import format_number
from ..pipeline.sentences import EXPLANATIONS, RULE_CONDITIONS
from ..pipeline.titles import clauses, listed, phrases

_lt = LazyTranslate(__name__)

#: what a rule pays on, as the sentence says it; addons add their event types
EVENTS_IN_WORDS = {
    "lead_qualified": _lt("valid leads"),
    "deal_won": _lt("deals won"),
    "target_scored": _lt("settled targets"),
}
CUSTOMERS_IN_WORDS = {
    "marketing": _lt("marketing customers"),
    "own": _lt("own customers"),
    "referral": _lt("referral customers"),
}
#: how brackets pay
TIERS_IN_WORDS = {
    "marginal": _lt("each slice at its own rate"),
    "whole": _lt("everything at the rate reached"),
    "interpolated": _lt("the rate in a straight line between the bounds"),
    "proportional": _lt("times what was attained"),
}
#: when what a rule pays is due, where it says so itself
PAYOUTS_IN_WORDS = {
    "immediate": _lt("due on the day of the event"),
    "days": _lt("due %(days)s days after the event"),
    "months": _lt("due %(days)s months after the event"),
    "month_end": _lt("due %(days)s days after the end of the month"),
    "after_next_month": _lt("due %(days)s days after the end of the next month"),
    "after_quarter": _lt("due %(days)s days after the end of the quarter"),
    "working_days": _lt("due %(days)s working days after the event"),
    "working_days_after_month": _lt(
        "due %(days)s working days after the end of the month"
    ),
}

#: what the sentence reads; addons add the fields of their conditions
SENTENCE_FIELDS = (
    "event_type",
    "role",
    "manager_level",
    "commission_source",
    "domain",
    "employee_ids",
    "branch_ids",
    "date_start",
    "date_end",
    "min_amount",
    "min_quantity",
    "customer_months_from",
    "customer_months_to",
    "season_from",
    "season_to",
    "once",
    "requires_verification",
    "amount_type",
    "base",
    "rate",
    "amount",
    "tier_mode",
    "tier_measure",
    "target_measure",
    "tier_period",
    "tier_summary",
    "is_differential",
    "score_period",
    "score_min",
    "score_max",
    "cap",
    "floor",
    "cap_period",
    "holdback_percent",
    "holdback_days",
    "holdback_until",
    "is_leaver_limited",
    "leaver_days",
    "holdback_date",
    "is_final",
    "payout",
    "payout_days",
)

#: marks around a part of the sentence; no text has them
LINK, LINK_TEXT, LINK_END = "\ue000", "\ue001", "\ue002"
LINKS = re.compile(f"({LINK}[^{LINK_END}]*){LINK_END}")


class HrCommissionRule(models.Model):
    """Sentences of rules; each addon adds the parts of the fields it adds."""

    _inherit = "hr.commission.rule"

    sentence = fields.Char(
        compute="_compute_sentence", help="What the rule says, in one sentence."
    )
    sentence_parts = fields.Json(
        compute="_compute_sentence",
        help="The sentence as a list of text and the field that it reads, if any.",
    )

    @api.depends(lambda self: self._get_sentence_fields())
    def _compute_sentence(self):
        for rule in self:
            parts = [
                rule._say_pay(),
                rule._link("tier_mode", rule._say_tier_mode()),
                rule._link("is_differential", rule._say_differential()),
                rule._link("score_period", rule._say_score()),
                *rule._say_conditions(),
                *rule._say_limits(),
                *rule._say_payment(),
            ]
            text = self.env._("%(parts)s.", parts=phrases(self.env, parts))
            parts = [
                (part, None)
                if not part.startswith(LINK)
                else part[1:].split(LINK_TEXT, 1)[::-1]
                for part in LINKS.split(text)
                if part
            ]
            rule.sentence = "".join(words for words, _name in parts)
            rule.sentence_parts = [list(part) for part in parts]

    @api.model
    def _get_sentence_fields(self):
        """Return the names of the fields that the sentence reads."""
        return [*SENTENCE_FIELDS, *self._get_added_conditions()]

    @api.model
    def _get_added_conditions(self):
        """Return what the sentence says of the conditions of addons installed here."""
        return {
            name: text for name, text in RULE_CONDITIONS.items() if name in self._fields
        }

    @staticmethod
    def _link(name, text):
        """Mark a part of the sentence with the field that it reads.

        :param str name: of the field
        :param str text: empty stays empty
        """
        return f"{LINK}{name}{LINK_TEXT}{text}{LINK_END}" if text else ""

    def _choice(self, name):
        """Return the words of what is chosen in a field."""
        choices = dict(self._fields[name]._description_selection(self.env))
        return choices.get(self[name], "")

    def _get_period_word(self, name):
        """Return the period that is chosen in a field, as the midst of a sentence."""
        return self.env._(EXPLANATIONS[f"period_{self[name]}"])

    def _say_pay(self):
        """Return who earns how much on what."""
        pay = self._say_rate()
        if self.amount_type == "unit":
            pay = self.env._("%(pay)s per unit", pay=pay)
        values = {
            "who": self._link("role", self._say_who()),
            "pay": self._link(self._get_rate_field(), pay),
            "what": self._link("event_type", self._say_base()),
            "customers": self._link("commission_source", self._say_customers()),
        }
        is_percent = self.amount_type == "percent"
        if values["customers"]:
            if is_percent:
                return self.env._(
                    "%(who)s earns %(pay)s of %(what)s on %(customers)s", **values
                )
            return self.env._(
                "%(who)s earns %(pay)s for %(what)s on %(customers)s", **values
            )
        if is_percent:
            return self.env._("%(who)s earns %(pay)s of %(what)s", **values)
        return self.env._("%(who)s earns %(pay)s for %(what)s", **values)

    def _say_customers(self):
        words = CUSTOMERS_IN_WORDS.get(self.commission_source)
        return self.env._(words) if words else ""

    def _get_rate_field(self):
        """Return the field that says how much."""
        if self.tier_mode != "none":
            return "tier_ids"
        return "rate" if self.amount_type == "percent" else "amount"

    def _say_tier_mode(self):
        words = TIERS_IN_WORDS.get(self.tier_mode)
        return self.env._(words) if words else ""

    def _say_differential(self):
        if not self.is_differential:
            return ""
        return self.env._("less what the people below earn on it")

    def _say_score(self):
        if not self.score_period:
            return ""
        values = {
            "period": self._get_period_word("score_period"),
            "least": format_number(self.env, self.score_min),
            "most": format_number(self.env, self.score_max),
        }
        if self.score_max:
            return self.env._(
                "times the person's score of the %(period)s (%(least)s to %(most)s %%)",
                **values,
            )
        if self.score_min:
            return self.env._(
                "times the person's score of the %(period)s (at least %(least)s %%)",
                **values,
            )
        return self.env._("times the person's score of the %(period)s", **values)

    def _say_who(self):
        if self.is_manager_role and self._get_level() > 1:
            return self.env._(
                "%(role)s of level %(level)s",
                role=self._choice("role"),
                level=self._get_level(),
            )
        return self._choice("role")

    def _say_rate(self):
        if self.tier_mode == "none":
            is_percent = self.amount_type == "percent"
            return self._format_rate(self.rate if is_percent else self.amount)
        brackets = clauses(self.env, (self.tier_summary or "").split("\n"))
        values = {
            "measure": self._choice("tier_measure"),
            "period": self._get_period_word("tier_period"),
            "brackets": brackets or "…",
        }
        if MEASURES[self.tier_measure].subject:
            values["measure"] = self.env._(
                "%(attainment)s: %(target)s",
                attainment=values["measure"],
                target=self._choice("target_measure"),
            )
        if self.tier_period == "event":
            return self.env._("by %(measure)s (%(brackets)s)", **values)
        return self.env._("by %(measure)s per %(period)s (%(brackets)s)", **values)

    def _say_base(self):
        """Return what a percentage is of, or what an amount is paid for."""
        words = EVENTS_IN_WORDS.get(self.event_type)
        what = self.env._(words) if words else self._choice("event_type")
        if self._is_of_bonus():
            return self.env._("the person's target bonus, by %(what)s", what=what)
        return what

    def _say_conditions(self):
        """Return when the rule applies; addons add their conditions.

        :rtype: list[str]
        """
        parts = []
        if self.domain and self.domain.strip() != "[]":
            parts.append(
                self._link("domain", self.env._("when the lead meets the condition"))
            )
        if self.min_amount:
            amount = self._format_money(self.min_amount)
            parts.append(
                self._link(
                    "min_amount", self.env._("from %(amount)s on", amount=amount)
                )
            )
        if self.min_quantity:
            text = self.env._(
                "from %(quantity)s units on",
                quantity=format_number(self.env, self.min_quantity),
            )
            parts.append(self._link("min_quantity", text))
        parts.append(self._link("customer_months_from", self._say_customer_months()))
        parts.append(self._link("season_from", self._say_season()))
        if self.once:
            parts.append(self._link("once", self._say_once()))
        parts += self._say_added_conditions()
        return parts + self._say_whose_and_when()

    def _say_added_conditions(self):
        parts = []
        for name, text in self._get_added_conditions().items():
            value = self[name]
            if value:
                is_choice = self._fields[name].type == "selection"
                words = (
                    self._choice(name) if is_choice else format_number(self.env, value)
                )
                pattern = self.env._(text)
                parts.append(self._link(name, pattern % {"value": words}))
        return parts

    def _say_once(self):
        if self.tier_period != "event":
            return self.env._(
                "only once per %(period)s", period=self._get_period_word("tier_period")
            )
        if self.date_start and self.date_end:
            return self.env._("only once")
        return self.env._("only once per year")

    def _say_whose_and_when(self):
        parts = []
        if self.employee_ids:
            names = listed(self.env, self.employee_ids.mapped("name"))
            parts.append(
                self._link(
                    "employee_ids", self.env._("only for %(names)s", names=names)
                )
            )
        if self.branch_ids:
            # sudo: names of branches the reader may not have selected
            names = listed(self.env, self.branch_ids.sudo().mapped("name"))
            parts.append(
                self._link("branch_ids", self.env._("only in %(names)s", names=names))
            )
        if self.date_start:
            day = format_date(self.env, self.date_start)
            parts.append(self._link("date_start", self.env._("from %(day)s", day=day)))
        if self.date_end:
            day = format_date(self.env, self.date_end)
            parts.append(self._link("date_end", self.env._("until %(day)s", day=day)))
        return parts

    def _say_customer_months(self):
        start, end = self.customer_months_from, self.customer_months_to
        if start and end:
            return self.env._(
                "from month %(start)s to %(end)s after the customer's first sale",
                start=start,
                end=end,
            )
        if start:
            return self.env._(
                "from month %(start)s after the customer's first sale", start=start
            )
        if end:
            return self.env._(
                "in the first %(end)s months after the customer's first sale", end=end
            )
        return ""

    def _say_season(self):
        if not self.season_from and not self.season_to:
            return ""
        return self.env._(
            "in months %(start)s to %(end)s of the year",
            start=self.season_from or 1,
            end=self.season_to or 12,
        )

    def _say_limits(self):
        per = self.env._("per %(period)s", period=self._get_period_word("cap_period"))
        parts = []
        if self.cap:
            cap = self._format_money(self.cap)
            text = self.env._("at most %(amount)s %(per)s", amount=cap, per=per)
            parts.append(self._link("cap", text))
        if self.floor:
            floor = self._format_money(self.floor)
            text = self.env._("at least %(amount)s %(per)s", amount=floor, per=per)
            parts.append(self._link("floor", text))
        return parts

    def _say_holdback(self):
        percent = {"percent": format_number(self.env, self.holdback_percent)}
        if self.holdback_until == "days":
            return self.env._(
                "%(percent)s %% of it held back for %(days)s days",
                days=self.holdback_days,
                **percent,
            )
        if self.holdback_until == "date":
            return self.env._(
                "%(percent)s %% of it held back until %(day)s",
                day=format_date(self.env, self.holdback_date),
                **percent,
            )
        return self.env._(
            "%(percent)s %% of it held back (%(until)s)",
            until=self._choice("holdback_until"),
            **percent,
        )

    def _say_payout(self):
        if not self.payout:
            return ""
        if self.payout in PAYOUTS_IN_WORDS:
            words = self.env._(PAYOUTS_IN_WORDS[self.payout])
            return words % {"days": self.payout_days}
        return self.env._(
            "due: %(terms)s (%(days)s)",
            terms=self._choice("payout"),
            days=self.payout_days,
        )

    def _waits_for_source(self):
        """Whether what the rule pays may wait until the source is verified."""
        has_customer = self.event_type != SCORED
        may_be_own = self.commission_source in (False, "own")
        return self.requires_verification and may_be_own and has_customer

    def _say_payment(self):
        parts = []
        if self.is_leaver_limited:
            text = self.env._(
                "up to %(days)s days after leaving", days=self.leaver_days
            )
            parts.append(self._link("is_leaver_limited", text))
        if self.is_final:
            text = self.env._("never taken back")
            parts.append(self._link("is_final", text))
        parts.append(self._link("payout", self._say_payout()))
        if self.holdback_percent:
            parts.append(self._link("holdback_percent", self._say_holdback()))
        if self._waits_for_source():
            parts.append(
                self._link(
                    "requires_verification",
                    self.env._("once the source of an own customer is verified"),
                )
            )
        return parts
