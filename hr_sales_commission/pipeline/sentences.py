# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The sentences of the engine, where Odoo finds them to translate.

The texts equal ``engine.explain.TEMPLATES``; a test keeps them so.
"""

from odoo.tools import LazyTranslate

from ..engine import explain
from .reader_numbers import PERCENTAGE

_lt = LazyTranslate(__name__)


#: what the sentence of a rule says of fields that addons add, by their name
RULE_CONDITIONS = {}


def register_texts(reasons=None, words=None, conditions=None):
    """Add sentences and words that an addon brings with its choices and conditions.

    :param reasons: lazy sentences by the code of their condition
    :param words: lazy words by prefix and choice, as ``measure_renewed``
    :param conditions: lazy parts of the sentence of a rule, with ``%(value)s``, by the
        name of the number or choice on the rule that they read
    """
    texts = {**(reasons or {}), **(words or {})}
    EXPLANATIONS.update(texts)
    RULE_CONDITIONS.update(conditions or {})
    explain.register_texts(
        {code: text._source for code, text in (reasons or {}).items()},
        {code: text._source for code, text in (words or {}).items()},
    )


EXPLANATIONS = {
    "no_plan": _lt("No commission plan applies to this person on this day."),
    "no_share": _lt("This person has no share in the event any more."),
    "other_event": _lt(
        "The rule pays on “%(expected_event_type)s”, and this is “%(event_type)s”."
    ),
    "other_role": _lt("The rule is for %(expected_role)s, and this is for %(role)s."),
    "other_level": _lt(
        "The rule is for managers of level %(expected_level)s, and this is for "
        "level %(level)s."
    ),
    "other_source": _lt("The rule is for %(expected_source)s, and this is %(source)s."),
    "other_lead": _lt("The lead does not satisfy the filter of the rule."),
    "other_employee": _lt("The rule names other people."),
    "other_company": _lt("The rule is for other branches."),
    "not_started": _lt(
        "The rule pays from %(date_start)s on, and this is of %(date)s."
    ),
    "ended": _lt("The rule paid until %(date_end)s, and this is of %(date)s."),
    "below_amount": _lt(
        "The amount of %(amount)s is below the least amount of %(min_amount)s."
    ),
    "below_quantity": _lt(
        "The quantity of %(quantity)s is below the least quantity of %(min_quantity)s."
    ),
    "collected_late": _lt(
        "It was collected %(days)s days after the %(collected_from)s; the rule pays "
        "what is collected within %(collected_within)s days."
    ),
    "other_customer_age": _lt(
        "The rule pays from month %(months_from)s to %(months_to)s after the first "
        "sale to the customer, and this is month %(months)s."
    ),
    "other_season": _lt(
        "The rule pays in months %(months_from)s to %(months_to)s of the year, and this "
        "is month %(month)s."
    ),
    "left_before": _lt(
        "The person left %(days)s days before; the rule pays up to %(leaver_days)s days "
        "after leaving."
    ),
    "never_taken_back": _lt("What the rule paid is never taken back."),
    "below_margin": _lt(
        "The margin of %(margin)s %% is below the least margin of "
        "%(margin_percent_min)s %%."
    ),
    "not_fully_paid": _lt("The customer has not paid everything yet."),
    "unpaid": _lt(
        "The customer has not paid %(days)s days after the invoice; it is paid "
        "again when the money is collected."
    ),
    "unpaid_due": _lt(
        "The customer has not paid %(days)s days after the due date; it is paid "
        "again when the money is collected."
    ),
    "sale_stands": _lt(
        "A part of the sale is left, and the rule pays for any part of it."
    ),
    "not_first": _lt("The rule pays only once, and an earlier event has been paid."),
    "below_first_tier": _lt(
        "The measure “%(measure)s” does not reach the first bracket, from "
        "%(first_bound)s."
    ),
    "not_known": _lt("“%(measure)s” is not known here."),
    "nothing_attained": _lt(
        "Nothing of the target for “%(target_measure)s” was attained in this "
        "%(period)s."
    ),
    "no_target_bonus": _lt(
        "The target for “%(target_measure)s” in this %(period)s has no target bonus."
    ),
    "no_place": _lt(
        "Nothing counted for “%(target_measure)s” in this %(period)s, so there is no "
        "place."
    ),
    "earned_below": _lt(
        "The people below earned %(amount)s of it, and the rule pays no more than that."
    ),
    "zero_score": _lt(
        "The person's score of the %(period)s is zero, and multiplies the pay."
    ),
    "no_target": _lt("There is no target for “%(target_measure)s” in this %(period)s."),
    "cap_reached": _lt("The cap of %(limit)s per %(period)s is used up."),
    "floor_reached": _lt("The floor of %(limit)s per %(period)s already covers it."),
    "plan_cap_reached": _lt(
        "The cap of the plan, %(limit)s per %(period)s over all rules, is used up."
    ),
    "plan_floor_reached": _lt(
        "The floor of the plan, %(limit)s per %(period)s over all rules, already "
        "covers it."
    ),
    "below_threshold": _lt(
        "The %(period)s earned less than the %(limit)s from which the plan pays."
    ),
    "reversed": _lt("The event was undone on %(reversed_on)s."),
    "zero_rate": _lt("The rate is zero."),
    "zero_base": _lt("The amount it is a percentage of is zero."),
    "rounds_to_zero": _lt("It comes to less than half of the smallest unit of money."),
    "percentage": PERCENTAGE,
    "percent": _lt("%(rate)s %% of %(base)s = %(amount)s"),
    "wage": _lt("a part of the base wage = %(amount)s"),
    "bonus": _lt("%(rate)s %% of the target bonus of %(of)s = %(amount)s"),
    "bonus_part": _lt(
        "%(rate)s %% of the target bonus of %(of)s for %(attained)s %% of the target = "
        "%(amount)s"
    ),
    "fixed": _lt("a fixed amount of %(amount)s"),
    "fixed_share": _lt("%(share)s %% of a fixed amount of %(rate)s = %(amount)s"),
    "unit": _lt("%(quantity)s × %(rate)s = %(amount)s"),
    "units": _lt("%(parts)s = %(amount)s"),
    "units_part": _lt("%(quantity)s × %(rate)s"),
    "unit_share": _lt("%(share)s %% of %(quantity)s × %(rate)s = %(amount)s"),
    "slice": _lt("%(amount)s at %(rate)s %% = %(pay)s"),
    "marginal": _lt("together %(amount)s, %(rate)s %% of %(base)s"),
    "marginal_share": _lt("of it %(share)s %% = %(amount)s"),
    "position": _lt("%(period)s from %(period_start)s, %(before)s to %(after)s"),
    "reached": _lt("%(measure)s: %(value)s"),
    "reached_period": _lt("%(measure)s, %(period)s from %(period_start)s: %(value)s"),
    "reached_target": _lt(
        "%(measure)s, %(period)s from %(period_start)s: %(value)s of %(target)s"
    ),
    "rounding": _lt("including %(rounding)s so that the sum is exact"),
    "limit_cap": _lt("%(amount)s by the cap of %(value)s per %(period)s"),
    "limit_floor": _lt("%(amount)s by the floor of %(value)s per %(period)s"),
    "plan_limit_cap": _lt(
        "%(amount)s by the cap of the plan, %(value)s per %(period)s over all rules"
    ),
    "plan_limit_floor": _lt(
        "%(amount)s by the floor of the plan, %(value)s per %(period)s over all rules"
    ),
    "plan_limit_threshold": _lt(
        "%(amount)s by the threshold of the plan, %(value)s per %(period)s over all "
        "rules"
    ),
    "plan_limit_converted": _lt(
        "with %(converted)s of it paid in another currency, at the rates of its days"
    ),
    "below_part": _lt("less %(value)s that the people below earned = %(amount)s"),
    "score_part": _lt(
        "× %(percent)s %%, the person's score of the %(period)s = %(amount)s"
    ),
    "unpaid_part": _lt(
        "%(kept)s %% kept, the rest is not paid %(days)s days after the invoice = "
        "%(amount)s"
    ),
    "unpaid_part_due": _lt(
        "%(kept)s %% kept, the rest is not paid %(days)s days after the due date = "
        "%(amount)s"
    ),
    "clawback": _lt(
        "%(kept)s %% kept after it was undone on %(reversed_on)s = %(amount)s"
    ),
    "holdback": _lt("%(percent)s %% of %(of)s held back = %(amount)s"),
    "release": _lt("%(percent)s %% of %(of)s released = %(amount)s"),
    "until_accepted": _lt("released once the customer accepted"),
    "until_settled": _lt("released once everything is paid"),
    "released_accepted": _lt("accepted on %(released_on)s"),
    "released_settled": _lt("everything paid on %(released_on)s"),
    "row_percent": _lt("Percentage"),
    "row_wage": _lt("Part of the base wage"),
    "row_bonus": _lt("Target bonus"),
    "row_bonus_part": _lt("Target bonus, for %(attained)s %% of the target"),
    "row_fixed": _lt("Fixed amount"),
    "row_unit": _lt("Per unit"),
    "row_units": _lt("Per unit"),
    "row_slice": _lt("From %(from)s to %(to)s"),
    "row_share": _lt("Share of %(share)s %%"),
    "row_sum": _lt("Together"),
    "row_rounding": _lt("Rounding, so that the sum is exact"),
    "row_cap": _lt("Cap of %(value)s per %(period)s"),
    "row_floor": _lt("Floor of %(value)s per %(period)s"),
    "row_plan_cap": _lt("Cap of the plan, %(value)s per %(period)s"),
    "row_plan_floor": _lt("Floor of the plan, %(value)s per %(period)s"),
    "row_plan_threshold": _lt("Threshold of the plan, %(value)s per %(period)s"),
    "row_below": _lt("Less what the people below earned, %(value)s"),
    "row_score": _lt("× %(percent)s %%, the person's score of the %(period)s"),
    "row_unpaid": _lt("%(kept)s %% kept, the rest is unpaid after %(days)s days"),
    "row_unpaid_due": _lt("%(kept)s %% kept, the rest is overdue for %(days)s days"),
    "row_clawback": _lt("%(kept)s %% kept, undone on %(reversed_on)s"),
    "row_holdback": _lt("Held back"),
    "row_release": _lt("Released"),
    "event_type_lead_qualified": _lt("valid lead"),
    "event_type_deal_won": _lt("deal won"),
    "event_type_target_scored": _lt("target settled"),
    "event_type_order_confirmed": _lt("order confirmed"),
    "event_type_invoice_posted": _lt("invoice posted"),
    "event_type_payment_received": _lt("payment received"),
    "role_marketing": _lt("marketing"),
    "role_sales": _lt("sales"),
    "role_scored": _lt("whoever has the target"),
    "role_manager": _lt("managers"),
    "source_marketing": _lt("a marketing customer"),
    "source_own": _lt("an own customer"),
    "source_referral": _lt("a referral customer"),
    "source_none": _lt("a customer without a source"),
    "measure_amount": _lt("amount"),
    "measure_cumulative": _lt("amount so far"),
    "measure_won_amount": _lt("amount of deals won"),
    "measure_won_count": _lt("deals won"),
    "measure_qualified_count": _lt("valid leads"),
    "measure_conversion_rate": _lt("conversion rate"),
    "measure_attainment": _lt("target attainment"),
    "measure_team_attainment": _lt("target attainment of the team"),
    "measure_branch_attainment": _lt("target attainment of the branch"),
    "measure_invoiced": _lt("amount invoiced"),
    "measure_collected": _lt("money collected"),
    "measure_margin": _lt("margin"),
    "measure_margin_percent": _lt("margin in percent"),
    "measure_days_to_collect": _lt("days to collect"),
    "measure_days_overdue": _lt("days overdue"),
    "measure_quantity": _lt("units sold"),
    "measure_referral_count": _lt("deals from referrals"),
    "measure_repeat_count": _lt("deals with customers who bought before"),
    "measure_joint_count": _lt("deals won together"),
    "measure_referral_rate": _lt("part of referrals"),
    "measure_repeat_rate": _lt("repurchase rate"),
    "measure_score": _lt("score"),
    "measure_weighted": _lt("weighted measures"),
    "measure_days_to_sign": _lt("days from lead to signing"),
    "measure_terms_days": _lt("days of the payment terms"),
    "measure_customer_months": _lt("months since the customer's first sale"),
    "measure_tenure_months": _lt("months in the company"),
    "measure_team_place": _lt("place in the team"),
    "measure_branch_place": _lt("place in the branch"),
    "period_event": _lt("event"),
    "period_week": _lt("week"),
    "period_month": _lt("month"),
    "period_quarter": _lt("quarter"),
    "period_year": _lt("year"),
    "collected_from_invoice": _lt("invoice"),
    "collected_from_due": _lt("due date"),
}
