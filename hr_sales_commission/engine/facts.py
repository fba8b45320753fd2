# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The facts and results of the commission engine.

Plain immutable values: the models load them in sets, the engine turns them into
awards, the models store those. Money and percentages are ``Decimal``; a percentage
of 2.0 means 2 %. Dates are local days in the time zone of the company of the event.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)
CENT = Decimal("0.01")
#: rates have six digits, as the fields have
RATE_STEP = Decimal("0.000001")
NOTHING: Mapping[str, object] = MappingProxyType({})


class YearStart(NamedTuple):
    """The day that years begin with; their quarters and months begin on that day, too.

    :param day: of the month, 1 to 31; the last one of months that are shorter
    """

    month: int = 1
    day: int = 1
    weeks = ()


class WeekYear(NamedTuple):
    """Years of 52 or 53 whole weeks, whose months are some of them.

    :param month, day: years begin on the ``weekday`` that is nearest to this day
    :param weeks: of the three months of a quarter, as (4, 4, 5); the last month of a
        year has the 53rd week
    :param weekday: that weeks begin on, 0 for Monday
    """

    month: int
    day: int
    weeks: tuple[int, int, int]
    weekday: int = 0


CALENDAR_YEAR = YearStart()


@dataclass(frozen=True, slots=True)
class Tier:
    """A bracket: from ``from_value`` of the measure on, ``rate`` applies.

    ``rate`` is a percentage for percent rules and an amount of money for fixed and
    per-unit rules. A bracket ends where the next one starts.
    """

    from_value: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a plan: when it pays, and how much.

    :param event_type: the event it pays on (``deal_won``, ``lead_qualified`` …)
    :param role: ``marketing``, ``sales`` or ``manager``
    :param manager_level: 1 = direct manager, 2 = the manager's manager …; 0 otherwise
    :param commission_source: ``marketing``, ``own``, ``referral`` or None for any
    :param lead_ids: leads that satisfy the domain of the rule, None without a domain
    :param employee_ids: the named employees it is for, None for everybody
    :param company_ids: the employees' branches it is for, None for every branch
    :param date_start, date_end: first and last event day it pays, None = open
    :param min_amount, min_quantity: an event below does not pay
    :param once: pay only the first matching event of an employee in the tier period
        (``event``: in the dates of the rule)
    :param requires_verification: pay on an own customer is held until its source is
        verified
    :param amount_type: ``percent`` of the base, ``fixed`` per event, ``unit`` per unit
        of quantity
    :param base: what a percentage is of: ``wage`` (of the person, on the day), ``bonus``
        (what reaching the target is worth to the person, for what is attained of it),
        else the amount of the credit, whatever of a document it is
    :param rate: percent (2.0 = 2 %), used by percent rules without tiers
    :param rate_before: percent that is paid of the same money before (on signing); what
        both pay is rounded as one
    :param amount: money, used by fixed and unit rules without tiers
    :param tier_mode: ``none``, ``marginal`` (each slice at its own rate), ``whole``
        (the rate of the bracket reached applies to everything), ``interpolated`` (the
        rate moves in a straight line from one bound to the next), ``proportional`` (of
        an attainment: the rate of the bracket reached, times what was attained)
    :param tier_measure: a code of :data:`measures.MEASURES`; of one event it looks at
        the whole, whoever shares it
    :param tier_period: ``event``, ``week``, ``month``, ``quarter`` or ``year``
    :param tier_boundary: a value exactly on a bound belongs to the ``lower`` or the
        ``upper`` bracket
    :param target_measure: which target an attainment is measured against, a code of
        :data:`measures.MEASURES`
    :param cap, floor: most and least the rule pays per ``cap_period``; None = none. Per
        event they hold for all who share it together
    :param cap_period: as ``tier_period``
    :param collected_within: pay only what was collected at most this many days after
        the invoice or, with ``collected_from`` ``due``, after its due date
    :param customer_months_from, customer_months_to: whole months since the first sale
        to the customer, the upper bound excluded
    :param season_from, season_to: months of the year, both included, that it pays in; 1
        is the month that years begin with (:attr:`Credit.year_start`). From 11 to 2
        goes over the end of the year
    :param leaver_days: somebody who left is paid for what happens at most this many
        days later; None = always
    :param margin_percent_min: least margin in percent of the amount without tax
    :param unpaid_clawback_days: what the customer has not paid this many days after
        the invoice, or its due date (``collected_from``), is taken back, and given
        again when it is collected
    :param is_final: what was earned is never taken back: by no loss, no refund
    :param is_differential: what the people below earned on the same event is taken off;
        see :mod:`differential`
    :param score_period: what it pays is multiplied by the person's approved score of
        this period, in percent of its target; None: by nothing
    :param score_min, score_max: least and most percent of that; None = none
    :param terms: values of conditions that other addons registered
    :param holdback_percent: part of the award that is held back and released later
    :param holdback_until: what releases it, a code of :data:`payout.RELEASES`
    :param continues: id of the rule that this one replaces in a new version of the plan:
        the cap and floor of a period go on from what that one paid
    """

    id: int
    event_type: str
    role: str
    sequence: int = 10
    manager_level: int = 0
    commission_source: str | None = None
    lead_ids: frozenset[int] | None = None
    employee_ids: frozenset[int] | None = None
    company_ids: frozenset[int] | None = None
    date_start: date | None = None
    date_end: date | None = None
    min_amount: Decimal = ZERO
    min_quantity: Decimal = ZERO
    once: bool = False
    requires_verification: bool = True
    amount_type: str = "percent"
    base: str = "amount"
    rate: Decimal = ZERO
    rate_before: Decimal = ZERO
    amount: Decimal = ZERO
    tier_mode: str = "none"
    tier_measure: str = "amount"
    tier_period: str = "event"
    tier_boundary: str = "lower"
    tiers: tuple[Tier, ...] = ()
    target_measure: str = "won_amount"
    cap: Decimal | None = None
    floor: Decimal | None = None
    cap_period: str = "event"
    is_bonus: bool = False
    holdback_percent: Decimal = ZERO
    holdback_until: str = "days"
    continues: int | None = None
    collected_within: int | None = None
    collected_from: str = "invoice"
    customer_months_from: int | None = None
    customer_months_to: int | None = None
    margin_percent_min: Decimal | None = None
    season_from: int | None = None
    season_to: int | None = None
    leaver_days: int | None = None
    unpaid_clawback_days: int | None = None
    is_final: bool = False
    is_differential: bool = False
    score_period: str | None = None
    score_min: Decimal | None = None
    score_max: Decimal | None = None
    terms: Mapping[str, object] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules that hold for a credit, and what happens when a deal is lost again.

    :param clawback_days: a deal lost at most this many days after its event is clawed
        back; 0 = without limit
    :param clawback_months: the same in calendar months, in the place of the days
    :param clawback_schedule: percent that is taken back of a deal lost in its first
        month, its second month and so on; after them nothing. In the place of both
    :param clawback_method: ``recompute`` (nothing is left; the rest of the period is
        computed without the deal), ``reverse`` (the amount earned on this deal is
        taken back, the rest of the period stands), ``prorata`` (the part of the window
        that has passed is kept), ``none`` (everything is kept: all its rules are final)
    :param cap, floor: most and least a person is paid per ``cap_period`` over all
        rules; the least only where something was earned. None = none
    :param threshold: a period that earned less pays nothing
    :param currency: what the amounts of the plan, and what it pays, are in: any id
    """

    id: int
    rules: tuple[Rule, ...]
    clawback_days: int = 0
    clawback_method: str = "recompute"
    clawback_months: int = 0
    clawback_schedule: tuple[Decimal, ...] = ()
    cap: Decimal | None = None
    floor: Decimal | None = None
    threshold: Decimal | None = None
    cap_period: str = "month"
    currency: int | None = None


@dataclass(frozen=True, slots=True)
class Sale:
    """What a refund takes back from: whole amounts, in the currency of the credit.

    :param event_id: of the sale
    :param amount, quantity: of the sale: its conditions and its bracket are the refund's
    :param before, after: what of the amount is left before and after the refund
    :param preceding: of what came before the sale, where it is one part of several
        (payments of one invoice), this person's part
    :param own: this person's part of what is left before and after the refund, with what
        came before the sale; None: as the refund itself says
    :param parts: events of all the parts of the whole that the sale is one of; empty
        where it is all of it
    :param units_before: units of the sale that are left before the refund, None where
        that is not known
    """

    event_id: int
    amount: Decimal
    quantity: Decimal
    before: Decimal
    after: Decimal
    preceding: Decimal = ZERO
    own: tuple[Decimal, Decimal] | None = None
    parts: tuple[int, ...] = ()
    units_before: Decimal | None = None

    @property
    def is_taken_back(self) -> bool:
        """Whether it is this refund after which nothing of the sale is left."""
        if not self.amount:
            return True
        return self.is_left(self.before) and not self.is_left(self.after)

    def is_left(self, amount: Decimal) -> bool:
        """Whether ``amount`` is a part of the sale, and not of more than that."""
        return bool(amount) and (amount > ZERO) == (self.amount > ZERO)


@dataclass(slots=True)
class Credit:
    """One person's part in one event: what rules pay on.

    Never changed once it is made. It is not frozen, because one is made for every
    credit and every plan, and refusing changes takes four times as long as making it.

    :param amount: this person's part of the amount of the event, in the currency of
        the employee's company; the parts of a role sum to the whole
    :param share: part of the role in the event, 1 = all of it
    :param preceding: amounts of earlier parts of the same whole, where an event is one
        part of several (payments of one invoice, its credit notes): percentages are
        rounded on their sum, so that the parts pay what the whole would
    :param event_preceding: of a pool, which is paid together: the same of the whole
        event, so that percentages of the whole are shared out; None: by the own amount
    :param sale: of a refund: what it takes back from, None where that is not known
    :param quantity: units of the whole event (1 for a deal or a lead)
    :param reversed_on: the day the event was undone (deal lost, order cancelled)
    :param rounding: smallest unit of the currency (0.01)
    :param event_amount: amount of the whole event in the currency of ``amount``; None
        where the parts of all who share it sum to it
    :param team_id: the sales team of the deal or document
    :param year_start: where the years of the employee's company begin
    :param worth: what one unit of its money was worth on its day in other currencies,
        by :attr:`Plan.currency`, as far as plans in these look at it
    :param below: of a manager, as far as a rule asks: ids of the credits of the same
        event whose people work for the manager, those of lower managers included
    :param facts: what else is known of the event, as far as a rule asks: numbers by
        name. ``untaxed`` and ``margin`` of the document, ``invoice_days`` and
        ``due_days`` from invoice and due date to the money, ``customer_months`` since
        the customer's first sale, ``unpaid_days`` since the invoice,
        ``overdue_days`` since its due date and ``unpaid_share`` (0 to 1) of an invoice that is not settled, ``wage`` of the
        person
    """

    id: int
    event_id: int
    event_type: str
    date: date
    employee_id: int
    role: str
    plan_id: int | None
    amount: Decimal
    share: Decimal = ONE
    quantity: Decimal = ONE
    manager_level: int = 0
    company_id: int | None = None
    lead_id: int | None = None
    commission_source: str | None = None
    source_verified: bool = True
    source_disputed: bool = False
    reversed_on: date | None = None
    rounding: Decimal = CENT
    preceding: Decimal = ZERO
    event_preceding: Decimal | None = None
    sale: Sale | None = None
    event_amount: Decimal | None = None
    team_id: int | None = None
    year_start: YearStart = CALENDAR_YEAR
    worth: Mapping[int, Decimal] = field(default_factory=lambda: NOTHING)
    below: tuple[int, ...] = ()
    facts: Mapping[str, Decimal] = field(default_factory=lambda: NOTHING)

    @property
    def own_way(self) -> tuple[Decimal, Decimal]:
        """From where to where a refund moves this person's part of its sale."""
        if self.sale is not None and self.sale.own is not None:
            return self.sale.own
        return self.preceding, self.preceding + self.amount


@dataclass(slots=True)
class Award:
    """What one rule pays on one credit. Never changed, as a :class:`Credit`.

    :param part: ``""``, or ``holdback`` (negative) and ``release`` (positive) for the
        part that is paid later
    :param kind: ``commission``, ``bonus``, ``holdback`` or ``release``
    :param base: what the rate was applied to
    :param rate: effective percentage (2.0 = 2 %), or money per event or unit
    :param held: earned, but payable only once the source of the customer is verified
    :param trace: how the amount came about, as plain JSON values (numbers as text)
    """

    credit_id: int
    event_id: int
    employee_id: int
    rule_id: int
    plan_id: int
    part: str
    kind: str
    base: Decimal
    rate: Decimal
    amount: Decimal
    held: bool
    date: date
    trace: dict


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a rule paid nothing on a credit: its first condition that failed.

    :param reason: a code of ``explain.REASONS``
    :param values: what the sentence of that reason names, as plain JSON values
    """

    credit_id: int
    event_id: int
    employee_id: int
    rule_id: int | None
    plan_id: int | None
    reason: str
    values: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of :func:`compute.compute`."""

    awards: list[Award]
    refusals: list[Refusal]
