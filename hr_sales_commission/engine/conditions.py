# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Does a rule apply to a credit?

The conditions stand in the order in which they are checked; the first that fails is
the reason given for paying nothing. ``once`` comes after all of them, because it needs
to know which other events satisfy them (:func:`satisfying`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .context import Context
from .facts import ZERO, Credit, Plan, Rule
from .measures import (
    MEASURES,
    days_to_collect,
    is_of_sale,
    is_refund,
    margin_percent,
    measure_of,
    sale_amount,
    sales_in_order,
)
from .payout import RELEASES
from .periods import has_period_tiers, month_number, once_window
from .trace import number_text


@dataclass(frozen=True, slots=True)
class Condition:
    """One reason for which a rule may not apply.

    :param reason: a code of ``explain.REASONS``
    :param is_set: whether the rule makes this condition at all
    :param holds: whether the credit satisfies it
    :param values: what the sentence of the reason names
    :param facts: names of ``credit.facts`` that it reads: they are loaded only then
    """

    reason: str
    is_set: Callable[[Rule], bool]
    holds: Callable[[Rule, Credit, Context], bool]
    values: Callable[[Rule, Credit, Context], dict]
    facts: tuple[str, ...] = ()


KIND = (
    Condition(
        "other_event",
        lambda rule: True,
        lambda rule, credit, context: rule.event_type == credit.event_type,
        lambda rule, credit, context: {
            "event_type": credit.event_type,
            "expected_event_type": rule.event_type,
        },
    ),
    Condition(
        "other_role",
        lambda rule: True,
        lambda rule, credit, context: rule.role == credit.role,
        lambda rule, credit, context: {
            "role": credit.role,
            "expected_role": rule.role,
        },
    ),
    Condition(
        "other_level",
        lambda rule: True,
        lambda rule, credit, context: rule.manager_level == credit.manager_level,
        lambda rule, credit, context: {
            "level": credit.manager_level,
            "expected_level": rule.manager_level,
        },
    ),
    Condition(
        "other_source",
        lambda rule: rule.commission_source is not None,
        lambda rule, credit, context: (
            rule.commission_source is None
            or rule.commission_source == credit.commission_source
        ),
        lambda rule, credit, context: {
            "source": credit.commission_source or "none",
            "expected_source": rule.commission_source,
        },
    ),
)
"""What credits of one kind have in common: found once per kind, not per credit."""

CONDITIONS: list[Condition] = [
    Condition(
        "other_lead",
        lambda rule: rule.lead_ids is not None,
        lambda rule, credit, context: credit.lead_id in rule.lead_ids,
        lambda rule, credit, context: {},
    ),
    Condition(
        "other_employee",
        lambda rule: rule.employee_ids is not None,
        lambda rule, credit, context: credit.employee_id in rule.employee_ids,
        lambda rule, credit, context: {},
    ),
    Condition(
        "other_company",
        lambda rule: rule.company_ids is not None,
        lambda rule, credit, context: credit.company_id in rule.company_ids,
        lambda rule, credit, context: {},
    ),
    Condition(
        "not_started",
        lambda rule: rule.date_start is not None,
        lambda rule, credit, context: credit.date >= rule.date_start,
        lambda rule, credit, context: {
            "date": credit.date.isoformat(),
            "date_start": rule.date_start.isoformat(),
        },
    ),
    Condition(
        "ended",
        lambda rule: rule.date_end is not None,
        lambda rule, credit, context: credit.date <= rule.date_end,
        lambda rule, credit, context: {
            "date": credit.date.isoformat(),
            "date_end": rule.date_end.isoformat(),
        },
    ),
    Condition(
        "below_amount",
        lambda rule: rule.min_amount > 0,
        lambda rule, credit, context: (
            abs(sale_amount(credit, context.event_amount(credit))) >= rule.min_amount
        ),
        lambda rule, credit, context: {
            "amount": str(sale_amount(credit, context.event_amount(credit))),
            "min_amount": str(rule.min_amount),
        },
    ),
    Condition(
        "below_quantity",
        lambda rule: rule.min_quantity > 0,
        lambda rule, credit, context: abs(sale_quantity(credit)) >= rule.min_quantity,
        lambda rule, credit, context: {
            "quantity": str(sale_quantity(credit)),
            "min_quantity": str(rule.min_quantity),
        },
    ),
    Condition(
        "collected_late",
        lambda rule: rule.collected_within is not None,
        lambda rule, credit, context: _is_collected_in_time(rule, credit),
        lambda rule, credit, context: {
            "days": number_text(days_to_collect(credit, rule.collected_from) or ZERO),
            "collected_within": rule.collected_within,
            "collected_from": rule.collected_from,
        },
        facts=("invoice_days", "due_days"),
    ),
    Condition(
        "other_customer_age",
        lambda rule: (
            rule.customer_months_from is not None or rule.customer_months_to is not None
        ),
        lambda rule, credit, context: _is_customer_of_age(rule, credit),
        lambda rule, credit, context: {
            "months": number_text(customer_months(credit)),
            "months_from": rule.customer_months_from or 0,
            "months_to": (
                "∞" if rule.customer_months_to is None else rule.customer_months_to
            ),
        },
        facts=("customer_months",),
    ),
    Condition(
        "other_season",
        lambda rule: rule.season_from is not None or rule.season_to is not None,
        lambda rule, credit, context: _is_in_season(rule, credit),
        lambda rule, credit, context: {
            "month": month_of_year(credit),
            "months_from": rule.season_from or 1,
            "months_to": rule.season_to or 12,
        },
    ),
    Condition(
        "left_before",
        lambda rule: rule.leaver_days is not None,
        lambda rule, credit, context: _is_left_in_time(rule, credit),
        lambda rule, credit, context: {
            "days": number_text(days_since_left(credit)),
            "leaver_days": rule.leaver_days,
        },
        facts=("left_days",),
    ),
    Condition(
        "never_taken_back",
        lambda rule: rule.is_final,
        lambda rule, credit, context: not is_refund(credit),
        lambda rule, credit, context: {},
    ),
    Condition(
        "below_margin",
        lambda rule: rule.margin_percent_min is not None,
        lambda rule, credit, context: _has_margin(rule, credit),
        lambda rule, credit, context: {
            "margin": number_text(round(margin_percent(credit) or ZERO, 2)),
            "margin_percent_min": number_text(rule.margin_percent_min),
        },
        facts=("untaxed", "margin"),
    ),
]
"""In the order in which they are checked; addons add theirs behind."""


def register_condition(condition: Condition):
    """Let rules make a further condition; it reads ``rule.terms`` and ``credit.facts``.

    Its sentence is added with ``explain.register_texts``.
    """
    if condition.reason not in {each.reason for each in CONDITIONS}:
        CONDITIONS.append(condition)


def asked_facts(plan: Plan) -> set[str]:
    """The names of ``credit.facts`` that the rules of a plan look at."""
    names = set()
    for rule in plan.rules:
        for condition in CONDITIONS:
            if condition.is_set(rule):
                names.update(condition.facts)
        if rule.tier_mode != "none":
            names |= MEASURES[rule.tier_measure].asked_facts
            names |= measure_of(rule).asked_facts
        if rule.unpaid_clawback_days is not None:
            names.update(("unpaid_days", "overdue_days", "unpaid_share"))
        if rule.base == "margin":
            names.add("untaxed")
        if rule.base == "wage":
            names.add("wage")
        if rule.holdback_percent:
            names.update(RELEASES[rule.holdback_until].facts)
    return names


def sale_quantity(credit: Credit) -> Decimal:
    """Of a refund the units of the whole sale, of a sale its own."""
    return credit.quantity if credit.sale is None else credit.sale.quantity


def customer_months(credit: Credit) -> Decimal:
    """Whole months since the first sale to the customer; 0 for a new customer."""
    return Decimal(credit.facts.get("customer_months", ZERO))


def days_since_left(credit: Credit) -> Decimal:
    """Days since the person left the company; 0 for who is there."""
    return max(Decimal(credit.facts.get("left_days", ZERO)), ZERO)


def _is_left_in_time(rule: Rule, credit: Credit) -> bool:
    """What is taken back is taken back whenever somebody left."""
    return is_refund(credit) or days_since_left(credit) <= rule.leaver_days


def _is_collected_in_time(rule: Rule, credit: Credit) -> bool:
    days = days_to_collect(credit, rule.collected_from)
    return days is not None and days <= rule.collected_within


def _is_customer_of_age(rule: Rule, credit: Credit) -> bool:
    months = customer_months(credit)
    return (rule.customer_months_from or ZERO) <= months and (
        rule.customer_months_to is None or months < rule.customer_months_to
    )


def month_of_year(credit: Credit) -> int:
    """Which month of the company's year the day of the credit is in, 1 to 12."""
    return month_number(credit.date, credit.year_start)


def _is_in_season(rule: Rule, credit: Credit) -> bool:
    return is_in_months(month_of_year(credit), rule.season_from, rule.season_to)


def is_in_months(month: int, first: int | None, last: int | None) -> bool:
    """Whether a month of the year lies between two others, or over the year's end."""
    first, last = first or 1, last or 12
    if first <= last:
        return first <= month <= last
    return month >= first or month <= last


def _has_margin(rule: Rule, credit: Credit) -> bool:
    percent = margin_percent(credit)
    return percent is not None and percent >= rule.margin_percent_min


def satisfying(rule: Rule, employee_id: int, context: Context) -> list[Credit]:
    """The employee's counting credits that satisfy ``rule``, whatever their plan.

    In the order of date, event and id. Of a ``once`` rule only those of the first event
    in each :func:`periods.once_window`; with brackets of a period all, because the one
    that reaches a bracket is paid.
    """
    conditions = [each for each in (*KIND, *CONDITIONS) if each.is_set(rule)]

    def find(candidates: Sequence[Credit]) -> list[Credit]:
        return [
            credit
            for credit in candidates
            if all(condition.holds(rule, credit, context) for condition in conditions)
        ]

    credits = context.conforming(rule, employee_id, find)
    is_first_only = rule.once and not has_period_tiers(rule)
    return of_first_events(rule, credits) if is_first_only else credits


def of_first_events(rule: Rule, credits: Sequence[Credit]) -> list[Credit]:
    """Those of the first event in each :func:`periods.once_window`."""
    first = {}
    for credit in sales_in_order(credits):
        first.setdefault(_once_window(rule, credit), credit)
    return [
        credit
        for credit in credits
        if is_of_sale(credit, first.get(_once_window(rule, credit)))
    ]


def _once_window(rule: Rule, credit: Credit) -> tuple[date, date]:
    return once_window(rule, credit.date, credit.year_start)
