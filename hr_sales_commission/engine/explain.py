# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Sentences for what was paid, and for what was not.

The texts are templates with a code each. The models hold a translatable copy of
:data:`TEMPLATES` and pass ``translate``; without it the sentences are English.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .measures import MEASURES
from .trace import number_text

REASONS = {
    "no_plan": "No commission plan applies to this person on this day.",
    "no_share": "This person has no share in the event any more.",
    "other_event": (
        "The rule pays on “%(expected_event_type)s”, and this is “%(event_type)s”."
    ),
    "other_role": "The rule is for %(expected_role)s, and this is for %(role)s.",
    "other_level": (
        "The rule is for managers of level %(expected_level)s, and this is for level "
        "%(level)s."
    ),
    "other_source": ("The rule is for %(expected_source)s, and this is %(source)s."),
    "other_lead": "The lead does not satisfy the filter of the rule.",
    "other_employee": "The rule names other people.",
    "other_company": "The rule is for other branches.",
    "not_started": "The rule pays from %(date_start)s on, and this is of %(date)s.",
    "ended": "The rule paid until %(date_end)s, and this is of %(date)s.",
    "below_amount": (
        "The amount of %(amount)s is below the least amount of %(min_amount)s."
    ),
    "below_quantity": (
        "The quantity of %(quantity)s is below the least quantity of %(min_quantity)s."
    ),
    "collected_late": (
        "It was collected %(days)s days after the %(collected_from)s; the rule pays "
        "what is collected within %(collected_within)s days."
    ),
    "other_customer_age": (
        "The rule pays from month %(months_from)s to %(months_to)s after the first sale "
        "to the customer, and this is month %(months)s."
    ),
    "other_season": (
        "The rule pays in months %(months_from)s to %(months_to)s of the year, and this "
        "is month %(month)s."
    ),
    "left_before": (
        "The person left %(days)s days before; the rule pays up to %(leaver_days)s days "
        "after leaving."
    ),
    "never_taken_back": "What the rule paid is never taken back.",
    "below_margin": (
        "The margin of %(margin)s %% is below the least margin of "
        "%(margin_percent_min)s %%."
    ),
    "not_fully_paid": "The customer has not paid everything yet.",
    "unpaid": (
        "The customer has not paid %(days)s days after the invoice; it is paid again "
        "when the money is collected."
    ),
    "unpaid_due": (
        "The customer has not paid %(days)s days after the due date; it is paid again "
        "when the money is collected."
    ),
    "sale_stands": "A part of the sale is left, and the rule pays for any part of it.",
    "not_first": "The rule pays only once, and an earlier event has been paid.",
    "below_first_tier": (
        "The measure “%(measure)s” does not reach the first bracket, from "
        "%(first_bound)s."
    ),
    "not_known": "“%(measure)s” is not known here.",
    "nothing_attained": (
        "Nothing of the target for “%(target_measure)s” was attained in this "
        "%(period)s."
    ),
    "no_target_bonus": (
        "The target for “%(target_measure)s” in this %(period)s has no target bonus."
    ),
    "no_place": (
        "Nothing counted for “%(target_measure)s” in this %(period)s, so there is no "
        "place."
    ),
    "earned_below": (
        "The people below earned %(amount)s of it, and the rule pays no more than that."
    ),
    "zero_score": "The person's score of the %(period)s is zero, and multiplies the pay.",
    "no_target": "There is no target for “%(target_measure)s” in this %(period)s.",
    "cap_reached": "The cap of %(limit)s per %(period)s is used up.",
    "floor_reached": "The floor of %(limit)s per %(period)s already covers it.",
    "plan_cap_reached": (
        "The cap of the plan, %(limit)s per %(period)s over all rules, is used up."
    ),
    "plan_floor_reached": (
        "The floor of the plan, %(limit)s per %(period)s over all rules, already covers "
        "it."
    ),
    "below_threshold": (
        "The %(period)s earned less than the %(limit)s from which the plan pays."
    ),
    "reversed": "The event was undone on %(reversed_on)s.",
    "zero_rate": "The rate is zero.",
    "zero_base": "The amount it is a percentage of is zero.",
    "rounds_to_zero": "It comes to less than half of the smallest unit of money.",
}

STEPS = {
    "percentage": "%(number)s %%",
    "percent": "%(rate)s %% of %(base)s = %(amount)s",
    "wage": "a part of the base wage = %(amount)s",
    "bonus": "%(rate)s %% of the target bonus of %(of)s = %(amount)s",
    "bonus_part": (
        "%(rate)s %% of the target bonus of %(of)s for %(attained)s %% of the target = "
        "%(amount)s"
    ),
    "fixed": "a fixed amount of %(amount)s",
    "fixed_share": "%(share)s %% of a fixed amount of %(rate)s = %(amount)s",
    "unit": "%(quantity)s × %(rate)s = %(amount)s",
    "units": "%(parts)s = %(amount)s",
    "units_part": "%(quantity)s × %(rate)s",
    "unit_share": "%(share)s %% of %(quantity)s × %(rate)s = %(amount)s",
    "slice": "%(amount)s at %(rate)s %% = %(pay)s",
    "marginal": "together %(amount)s, %(rate)s %% of %(base)s",
    "marginal_share": "of it %(share)s %% = %(amount)s",
    "position": "%(period)s from %(period_start)s, %(before)s to %(after)s",
    "reached": "%(measure)s: %(value)s",
    "reached_period": "%(measure)s, %(period)s from %(period_start)s: %(value)s",
    "reached_target": (
        "%(measure)s, %(period)s from %(period_start)s: %(value)s of %(target)s"
    ),
    "rounding": "including %(rounding)s so that the sum is exact",
    "limit_cap": "%(amount)s by the cap of %(value)s per %(period)s",
    "limit_floor": "%(amount)s by the floor of %(value)s per %(period)s",
    "plan_limit_cap": (
        "%(amount)s by the cap of the plan, %(value)s per %(period)s over all rules"
    ),
    "plan_limit_floor": (
        "%(amount)s by the floor of the plan, %(value)s per %(period)s over all rules"
    ),
    "plan_limit_threshold": (
        "%(amount)s by the threshold of the plan, %(value)s per %(period)s over all rules"
    ),
    "plan_limit_converted": (
        "with %(converted)s of it paid in another currency, at the rates of its days"
    ),
    "below_part": "less %(value)s that the people below earned = %(amount)s",
    "score_part": "× %(percent)s %%, the person's score of the %(period)s = %(amount)s",
    "unpaid_part": (
        "%(kept)s %% kept, the rest is not paid %(days)s days after the invoice = "
        "%(amount)s"
    ),
    "unpaid_part_due": (
        "%(kept)s %% kept, the rest is not paid %(days)s days after the due date = "
        "%(amount)s"
    ),
    "clawback": "%(kept)s %% kept after it was undone on %(reversed_on)s = %(amount)s",
    "holdback": "%(percent)s %% of %(of)s held back = %(amount)s",
    "release": "%(percent)s %% of %(of)s released = %(amount)s",
    "until_accepted": "released once the customer accepted",
    "until_settled": "released once everything is paid",
    "released_accepted": "accepted on %(released_on)s",
    "released_settled": "everything paid on %(released_on)s",
}

ROWS = {
    "row_percent": "Percentage",
    "row_wage": "Part of the base wage",
    "row_bonus": "Target bonus",
    "row_bonus_part": "Target bonus, for %(attained)s %% of the target",
    "row_fixed": "Fixed amount",
    "row_unit": "Per unit",
    "row_units": "Per unit",
    "row_slice": "From %(from)s to %(to)s",
    "row_share": "Share of %(share)s %%",
    "row_sum": "Together",
    "row_rounding": "Rounding, so that the sum is exact",
    "row_cap": "Cap of %(value)s per %(period)s",
    "row_floor": "Floor of %(value)s per %(period)s",
    "row_plan_cap": "Cap of the plan, %(value)s per %(period)s",
    "row_plan_floor": "Floor of the plan, %(value)s per %(period)s",
    "row_plan_threshold": "Threshold of the plan, %(value)s per %(period)s",
    "row_below": "Less what the people below earned, %(value)s",
    "row_score": "× %(percent)s %%, the person's score of the %(period)s",
    "row_unpaid": "%(kept)s %% kept, the rest is unpaid after %(days)s days",
    "row_unpaid_due": "%(kept)s %% kept, the rest is overdue for %(days)s days",
    "row_clawback": "%(kept)s %% kept, undone on %(reversed_on)s",
    "row_holdback": "Held back",
    "row_release": "Released",
}

WORDS = {
    "event_type_lead_qualified": "valid lead",
    "event_type_deal_won": "deal won",
    "event_type_target_scored": "target settled",
    "event_type_order_confirmed": "order confirmed",
    "event_type_invoice_posted": "invoice posted",
    "event_type_payment_received": "payment received",
    "role_marketing": "marketing",
    "role_sales": "sales",
    "role_scored": "whoever has the target",
    "role_manager": "managers",
    "source_marketing": "a marketing customer",
    "source_own": "an own customer",
    "source_referral": "a referral customer",
    "source_none": "a customer without a source",
    "measure_amount": "amount",
    "measure_cumulative": "amount so far",
    "measure_won_amount": "amount of deals won",
    "measure_won_count": "deals won",
    "measure_qualified_count": "valid leads",
    "measure_conversion_rate": "conversion rate",
    "measure_attainment": "target attainment",
    "measure_team_attainment": "target attainment of the team",
    "measure_branch_attainment": "target attainment of the branch",
    "measure_invoiced": "amount invoiced",
    "measure_collected": "money collected",
    "measure_margin": "margin",
    "measure_margin_percent": "margin in percent",
    "measure_days_to_collect": "days to collect",
    "measure_days_overdue": "days overdue",
    "measure_quantity": "units sold",
    "measure_referral_count": "deals from referrals",
    "measure_repeat_count": "deals with customers who bought before",
    "measure_joint_count": "deals won together",
    "measure_referral_rate": "part of referrals",
    "measure_repeat_rate": "repurchase rate",
    "measure_score": "score",
    "measure_weighted": "weighted measures",
    "measure_days_to_sign": "days from lead to signing",
    "measure_terms_days": "days of the payment terms",
    "measure_customer_months": "months since the customer's first sale",
    "measure_tenure_months": "months in the company",
    "measure_team_place": "place in the team",
    "measure_branch_place": "place in the branch",
    "period_event": "event",
    "period_week": "week",
    "period_month": "month",
    "period_quarter": "quarter",
    "period_year": "year",
    "collected_from_invoice": "invoice",
    "collected_from_due": "due date",
}
"""Names of the choices of a rule, which the sentences contain."""

TEMPLATES = REASONS | STEPS | ROWS | WORDS
"""Every text of the engine by its code."""

WORD_PREFIXES = {
    "event_type": "event_type",
    "expected_event_type": "event_type",
    "role": "role",
    "expected_role": "role",
    "source": "source",
    "expected_source": "source",
    "measure": "measure",
    "target_measure": "measure",
    "period": "period",
    "collected_from": "collected_from",
}


def register_texts(
    reasons: Mapping[str, str] | None = None, words: Mapping[str, str] | None = None
):
    """Add the sentences of conditions and the words of choices that an addon adds.

    :param reasons: sentences by the code of their condition
    :param words: by prefix and choice, as ``measure_renewed``
    """
    for texts, own in ((reasons, REASONS), (words, WORDS)):
        own.update(texts or {})
        TEMPLATES.update(texts or {})


Translate = Callable[[str, Mapping[str, str]], str]
FormatMoney = Callable[[Decimal], str]


def english(code: str, values: Mapping[str, str]) -> str:
    """The text of ``code`` as it stands in :data:`TEMPLATES`, or the plain word."""
    return TEMPLATES[code] % values if code in TEMPLATES else split_word(code)[1]


def split_word(code: str) -> tuple[str, str]:
    """The prefix and the plain name of a word that is not in :data:`WORDS`.

    ``role_account_manager`` → ``("role", "account manager")``
    """
    for prefix in sorted(set(WORD_PREFIXES.values()), key=len, reverse=True):
        if code.startswith(f"{prefix}_"):
            return prefix, code.removeprefix(f"{prefix}_").replace("_", " ")
    return "", code.replace("_", " ")


def grouped(amount: Decimal) -> str:
    """An amount of money with separated thousands: ``10,000.00``."""
    return f"{amount:,f}"


def explain_award(
    trace: Mapping,
    translate: Translate | None = None,
    format_money: FormatMoney = grouped,
    chain: Callable[[list[str]], str] = "; ".join,
) -> str:
    """How an amount came about, in one sentence: ``3 % of 10,000.00 = 300.00``.

    :param trace: of an :class:`facts.Award`, see :mod:`trace`
    :param translate: ``(code, values)`` → text in the reader's language
    :param format_money: an amount in the currency of the line
    :param chain: the steps one after the other, as the reader's language writes them
    """
    writer = _Writer(translate or english, format_money)
    steps = [*_reached(trace, writer), *_earned(trace, writer)]
    if "rounding" in trace:
        steps.append(writer.say("rounding", rounding=writer.money(trace["rounding"])))
    steps += _changed(trace, writer)
    return chain(steps)


@dataclass(frozen=True, slots=True)
class FormulaRow:
    """One step of a formula, in the reader's words: ``amount`` at ``rate`` = ``pay``.

    :param amount, rate, pay: texts, empty where the step has none
    :param is_result: ``pay`` is what the steps so far come to
    """

    label: str
    amount: str = ""
    rate: str = ""
    pay: str = ""
    is_result: bool = False


def explain_formula(
    trace: Mapping,
    translate: Translate | None = None,
    format_money: FormatMoney = grouped,
) -> list[FormulaRow]:
    """How an amount came about, step by step: slices, rounding, cap, clawback.

    :param trace, translate, format_money: as of :func:`explain_award`
    """
    writer = _Writer(translate or english, format_money)
    rows = [FormulaRow(text) for text in _reached(trace, writer)]
    rows += _earning_rows(trace, writer)
    if "rounding" in trace and trace["type"] != "marginal":
        rows.append(
            FormulaRow(writer.say("row_rounding"), pay=writer.money(trace["rounding"]))
        )
    return rows + _change_rows(trace, writer)


def explain_refusal(
    reason: str,
    values: Mapping,
    translate: Translate | None = None,
    format_money: FormatMoney = grouped,
) -> str:
    """Why a rule paid nothing, in one sentence.

    :param reason, values: of a :class:`facts.Refusal`
    """
    writer = _Writer(translate or english, format_money)
    written = dict(values)
    for key in written.keys() & {"amount", "min_amount", "limit"}:
        written[key] = writer.money(written[key])
    if "first_bound" in written:
        written["first_bound"] = writer.measured(
            written["measure"], written["first_bound"]
        )
    return writer.say(reason, **written)


class _Writer:
    """Templates filled with words and numbers in the reader's language."""

    def __init__(self, translate: Translate, format_money: FormatMoney):
        self._translate = translate
        self._format_money = format_money

    def say(self, code: str, **values: str) -> str:
        """The text of ``code`` with its values; codes among them become words."""
        words = {
            key: self._word(WORD_PREFIXES[key], value)
            for key, value in values.items()
            if key in WORD_PREFIXES
        }
        return self._translate(code, values | words)

    def money(self, text: str) -> str:
        """An amount, written as in a trace, as the reader writes money."""
        return self._format_money(Decimal(text))

    def percent(self, fraction: str) -> str:
        """A fraction of 1 in percent, without the sign."""
        return number_text(Decimal(fraction) * 100)

    def measured(self, measure: str, text: str) -> str:
        """A value of a measure: money, a percentage or a number of events."""
        known = MEASURES.get(measure)
        if known and known.unit == "money":
            return self.money(text)
        is_percent = known and known.unit == "percent"
        return self.rate(text) if is_percent else text

    def rate(self, text: str) -> str:
        """A percentage with its sign."""
        return self.say("percentage", number=text)

    def _word(self, prefix: str, name: str) -> str:
        """Words of other addons are the translator's to know."""
        return self._translate(f"{prefix}_{name}", {})


def _reached(trace: Mapping, writer: _Writer) -> list[str]:
    """Where the measure of the brackets stands."""
    if "before" in trace:
        return [
            writer.say(
                "position",
                period=trace["period"],
                period_start=trace.get("period_start", ""),
                before=writer.money(trace["before"]),
                after=writer.money(trace["after"]),
            )
        ]
    if "value" not in trace:
        return []
    values = {
        "measure": trace["measure"],
        "value": writer.measured(trace["measure"], trace["value"]),
    }
    if "period_start" not in trace:
        return [writer.say("reached", **values)]
    values |= {"period": trace["period"], "period_start": trace["period_start"]}
    if "target" in trace:
        return [writer.say("reached_target", target=trace["target"], **values)]
    return [writer.say("reached_period", **values)]


def _earned(trace: Mapping, writer: _Writer) -> list[str]:
    """The formula."""
    kind = trace["type"]
    if kind == "marginal":
        return _sliced(trace, writer)
    values = {"rate": trace.get("rate"), "amount": writer.money(trace["amount"])}
    if kind == "units":
        parts = _unit_parts(trace, writer)
        return [writer.say(kind, parts=parts, amount=values["amount"])]
    if kind == "percent":
        return [writer.say("percent", base=writer.money(trace["base"]), **values)]
    if kind == "wage":
        return [writer.say(kind, amount=values["amount"])]
    if kind in ("bonus", "bonus_part"):
        values["of"] = writer.money(trace["of"])
        return [writer.say(kind, attained=writer.percent(trace["attained"]), **values)]
    if kind in ("holdback", "release"):
        return _held_back(trace, writer, values)
    values["rate"] = writer.money(trace["rate"])
    if kind == "unit":
        values["quantity"] = trace["quantity"]
    if "share" in trace:
        kind, values["share"] = f"{kind}_share", writer.percent(trace["share"])
    return [writer.say(kind, **values)]


def _held_back(trace: Mapping, writer: _Writer, values: dict) -> list[str]:
    """What was held back, or released, and until when."""
    values |= {"percent": trace["percent"], "of": writer.money(trace["of"])}
    steps = [writer.say(trace["type"], **values)]
    if "released_on" in trace:
        released = f"released_{trace['until']}"
        steps.append(writer.say(released, released_on=trace["released_on"]))
    elif "until" in trace:
        steps.append(writer.say(f"until_{trace['until']}"))
    return steps


def _sliced(trace: Mapping, writer: _Writer) -> list[str]:
    slices = [
        writer.say(
            "slice",
            amount=writer.money(part["amount"]),
            rate=part["rate"],
            pay=writer.money(part["pay"]),
        )
        for part in trace["slices"]
    ]
    together = writer.say(
        "marginal",
        amount=writer.money(trace.get("whole", trace["amount"])),
        rate=trace["rate"],
        base=writer.money(trace["base"]),
    )
    steps = [" + ".join(slices), together]
    if "share" in trace:
        share, amount = writer.percent(trace["share"]), writer.money(trace["amount"])
        steps.append(writer.say("marginal_share", share=share, amount=amount))
    return steps


def _unit_parts(trace: Mapping, writer: _Writer) -> str:
    """What units of several brackets are paid: ``4 × 150.00 + 2 × 200.00``."""
    return " + ".join(
        writer.say(
            "units_part", quantity=part["quantity"], rate=writer.money(part["rate"])
        )
        for part in trace["slices"]
    )


def _earning_rows(trace: Mapping, writer: _Writer) -> list[FormulaRow]:
    kind = trace["type"]
    if kind == "marginal":
        return _slice_rows(trace, writer)
    pay = Decimal(trace["amount"]) - Decimal(trace.get("rounding", 0))
    attained = writer.percent(trace.get("attained", "1"))
    label = writer.say(f"row_{kind}", attained=attained)
    row = {"label": label, "pay": writer.money(str(pay))}
    if kind in ("bonus", "bonus_part"):
        row |= {
            "amount": writer.money(trace["of"]),
            "rate": writer.rate(trace["rate"]),
        }
    elif kind == "percent":
        row |= {
            "amount": writer.money(trace["base"]),
            "rate": writer.rate(trace["rate"]),
        }
    elif kind == "units":
        row["amount"] = _unit_parts(trace, writer)
    elif kind == "wage":
        return [FormulaRow(**row)]
    elif kind in ("holdback", "release"):
        row |= {
            "amount": writer.money(trace["of"]),
            "rate": writer.rate(trace["percent"]),
        }
    else:
        row |= {
            "amount": trace.get("quantity", ""),
            "rate": writer.money(trace["rate"]),
        }
    if "share" not in trace:
        return [FormulaRow(**row)]
    share = writer.say("row_share", share=writer.percent(trace["share"]))
    return [FormulaRow(**row | {"pay": ""}), FormulaRow(share, pay=row["pay"])]


def _slice_rows(trace: Mapping, writer: _Writer) -> list[FormulaRow]:
    rows = [
        FormulaRow(
            writer.say(
                "row_slice",
                **{"from": writer.money(part["from"]), "to": writer.money(part["to"])},
            ),
            writer.money(part["amount"]),
            writer.rate(part["rate"]),
            writer.money(part["pay"]),
        )
        for part in trace["slices"]
    ]
    together = FormulaRow(
        writer.say("row_sum"),
        writer.money(trace["base"]),
        writer.rate(trace["rate"]),
        writer.money(trace.get("whole", trace["amount"])),
        is_result=True,
    )
    if "share" not in trace:
        return [*rows, together]
    label = writer.say("row_share", share=writer.percent(trace["share"]))
    share = FormulaRow(label, pay=writer.money(trace["amount"]), is_result=True)
    return [*rows, together, share]


#: sentences of a row and of a text, by what changed the pay; a kind is added
CHANGES = {
    "below": ("row_below", "below_part"),
    "limit": ("row_", "limit_"),
    "score": ("row_score", "score_part"),
    "unpaid": ("row_unpaid", "unpaid_part"),
    "clawback": ("row_clawback", "clawback"),
    "plan_limit": ("row_plan_", "plan_limit_"),
}


def _change_rows(trace: Mapping, writer: _Writer) -> list[FormulaRow]:
    return [
        FormulaRow(
            writer.say(row + kind, **values), pay=values["amount"], is_result=True
        )
        for row, _text, kind, values in _get_changes(trace, writer)
    ]


def _changed(trace: Mapping, writer: _Writer) -> list[str]:
    """What cap, floor and clawback made of it."""
    steps = [
        writer.say(text + kind, **values)
        for _row, text, kind, values in _get_changes(trace, writer)
    ]
    if "converted" in trace.get("plan_limit", {}):
        converted = writer.money(trace["plan_limit"]["converted"])
        steps.append(writer.say("plan_limit_converted", converted=converted))
    return steps


def _get_changes(
    trace: Mapping, writer: _Writer
) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Yield what changed the pay: sentences of row and text, kind and values."""
    formats = {"amount": writer.money, "value": writer.money, "kept": writer.percent}
    for step, (row, text) in CHANGES.items():
        if step in trace:
            values = {
                name: formats[name](value) if name in formats else value
                for name, value in trace[step].items()
            }
            yield row, text, values.pop("kind", ""), values
