# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""How much a rule pays on a credit that satisfies it, before caps and clawback."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from . import tiers
from .conditions import satisfying
from .context import Context, period_key
from .facts import HUNDRED, ONE, RATE_STEP, ZERO, Credit, Rule
from .measures import (
    MEASURES,
    Reading,
    bonus_of,
    boundary_of,
    counted_as,
    is_attainment,
    is_of_sale,
    is_refund,
    measure_of,
    read_measure,
    running_quantity,
    sales_in_order,
    target_of,
)
from .periods import has_event_limit, is_on_score
from .rounding import allot, round_half_up
from .trace import number_text, slices_trace


@dataclass(slots=True)
class Earning:
    """What one rule pays on one credit.

    :param amount: rounded to the currency
    :param rate: percentage, or money per event or unit; of several slices the average
    :param base: what ``rate`` is a percentage of, zero if it is money
    :param trace: see :mod:`trace`
    :param zero_reason: a code of ``explain.REASONS``, when no bracket was reached
    :param unlimited: the amount before cap and floor, None where they changed nothing
    :param before: what earlier parts of the same whole, or period, were paid: parts of
        the amount are rounded on the running sum, as the amount is
    """

    amount: Decimal
    rate: Decimal
    trace: dict
    base: Decimal = ZERO
    zero_reason: str = ""
    unlimited: Decimal | None = None
    before: Decimal = ZERO

    def change_amount(self, amount: Decimal, step: str, **how: str):
        """Note in the trace how a cap, floor or clawback changed the amount."""
        self.trace[step] = {**how, "amount": str(amount)}
        self.amount = amount
        self.before = ZERO
        if self.base:
            self.rate = average_rate(amount, self.base)

    def move(self, before: Decimal, after: Decimal):
        """Pay what a rounded sum moves by; note the cent that keeps it exact."""
        self.before, amount = before, after - before
        if amount != self.amount:
            known = Decimal(self.trace.get("rounding", ZERO))
            self.trace["rounding"] = str(known + amount - self.amount)
            self.trace["amount"] = str(amount)
            self.amount = amount


def lone_earner(
    rule: Rule, bands: Sequence[tiers.Band], context: Context
) -> Callable[[Credit], Earning]:
    """The function that pays a credit by a rule for which its event alone suffices."""
    if rule.tier_mode == "none":
        rate = rule.rate if rule.amount_type == "percent" else rule.amount
        return _flat_earner(rule, rate, context)
    is_sliced = rule.tier_mode == "marginal" and rule.tier_measure == "amount"
    if is_sliced and rule.amount_type == "percent" and not is_of_wage(rule):
        return partial(_earn_in_slices, bands, context)
    return partial(_earn_by_bracket, rule, bands, context)


def _flat_earner(
    rule: Rule, rate: Decimal, context: Context
) -> Callable[[Credit], Earning]:
    """The function that pays a credit by one rate."""
    if is_of_wage(rule):
        return _wage_earner(rate)
    shown_rate = six_decimals(rate)
    rate_text = number_text(shown_rate)

    def earn_percent(credit: Credit) -> Earning:
        alone = round_half_up(credit.amount * rate / HUNDRED, credit.rounding)
        trace = context.has_traces and {
            "type": "percent",
            "base": str(credit.amount),
            "rate": rate_text,
            "amount": str(alone),
        }
        earning = Earning(alone, shown_rate, trace or {}, credit.amount)
        earning.move(*_percentages(rule, credit, rate, context, alone))
        return earning

    def earn_money(credit: Credit) -> Earning:
        is_by_unit = rule.amount_type == "unit"
        before, after = _units_way(credit) if is_by_unit else (ZERO, counted_as(credit))
        units = after - before
        alone = own_part(rate * units, credit, context)
        trace = {"type": rule.amount_type, "rate": rate_text, "amount": str(alone)}
        if is_by_unit:
            trace["quantity"] = number_text(units)
        if credit.share != ONE:
            trace["share"] = number_text(six_decimals(credit.share))
        zero_reason = "" if units else "sale_stands"
        earning = Earning(alone, shown_rate, trace, zero_reason=zero_reason)
        if before:
            places = (before, after)
            earning.move(*(own_part(rate * each, credit, context) for each in places))
        return earning

    return earn_percent if rule.amount_type == "percent" else earn_money


def _wage_earner(rate: Decimal) -> Callable[[Credit], Earning]:
    """The function that pays a credit a percentage of the person's wage."""

    def earn_of_wage(credit: Credit) -> Earning:
        # neither wage nor rate are shown: who may see the amount need not know them
        times = counted_as(credit)
        wage = credit.facts.get("wage", ZERO) * times
        amount = round_half_up(wage * rate / HUNDRED, credit.rounding)
        trace = {"type": "wage", "amount": str(amount)}
        return Earning(amount, ZERO, trace, zero_reason="" if times else "sale_stands")

    return earn_of_wage


def _units_way(credit: Credit) -> tuple[Decimal, Decimal]:
    """From where to where an event moves the units that are sold of a sale.

    Refunds take back no more units than were sold, and all of them where nothing is
    left to pay: a price can be lowered by several credit notes of one unit each.
    """
    units, sale = abs(credit.quantity), credit.sale
    if not is_refund(credit):
        return ZERO, units
    if sale is None or sale.units_before is None or sale.quantity <= ZERO:
        return ZERO, -units
    before = max(sale.units_before, ZERO)
    return before, ZERO if sale.is_taken_back else max(before - units, ZERO)


def is_of_wage(rule: Rule) -> bool:
    """Whether the rule pays a percentage of the person's wage."""
    return rule.amount_type == "percent" and rule.base == "wage"


def is_of_bonus(rule: Rule) -> bool:
    """Whether the rule pays a percentage of the person's target bonus."""
    return rule.amount_type == "percent" and rule.base == "bonus"


def _percentages(
    rule: Rule, credit: Credit, rate: Decimal, context: Context, alone: Decimal
) -> tuple[Decimal, Decimal]:
    """The rounded percentage of the whole that the credit is a part of, before and
    after it.

    :param alone: of the credit alone
    """
    if not _is_paid_as_one(rule, credit, context):
        credit = _by_its_own_sale(credit)
    if credit.event_preceding is not None:
        return _part_of_pool(rule, credit, rate, context)
    if credit.preceding or rule.rate_before:
        return _part_of_whole(rule, credit, rate)
    return ZERO, alone


def _is_paid_as_one(rule: Rule, credit: Credit, context: Context) -> bool:
    """Whether the person has all parts of the whole that a refund takes back from, by
    this rule: then they are rounded as one. Otherwise each part that is taken back
    takes back what it paid: it may have been another person's, or of another rate.
    """
    if credit.sale is None or not credit.sale.parts:
        return True
    like = {
        each.event_id
        for each in satisfying(rule, credit.employee_id, context)
        if each.event_id in credit.sale.parts
        and (each.share, each.plan_id, each.manager_level)
        == (credit.share, credit.plan_id, credit.manager_level)
    }
    return len(like) == len(credit.sale.parts)


def _by_its_own_sale(credit: Credit) -> Credit:
    """A refund, rounded as the part of the whole that it takes back was."""
    of_pool = credit.event_preceding
    if of_pool is not None:
        of_pool = credit.sale.preceding + credit.sale.before
    return replace(credit, preceding=credit.own_way[0], event_preceding=of_pool)


def _part_of_whole(
    rule: Rule, credit: Credit, rate: Decimal
) -> tuple[Decimal, Decimal]:
    """From where to where the credit moves the rounded percentage of its whole."""
    before, after = credit.preceding, credit.preceding + credit.amount
    round_money = partial(round_half_up, step=credit.rounding)
    return (
        _rounded(rule, rate, before, round_money),
        _rounded(rule, rate, after, round_money),
    )


def _part_of_pool(
    rule: Rule, credit: Credit, rate: Decimal, context: Context
) -> tuple[Decimal, Decimal]:
    """From where to where the event moves a member's part of its whole's percentage."""
    before = credit.event_preceding
    after = before + context.event_amount(credit)
    share_out = partial(own_part, credit=credit, context=context)
    return (
        _rounded(rule, rate, before, share_out),
        _rounded(rule, rate, after, share_out),
    )


def _rounded(
    rule: Rule,
    rate: Decimal,
    amount: Decimal,
    round_money: Callable[[Decimal], Decimal],
) -> Decimal:
    """A rounded percentage: with what was paid of the same money before, it is that of
    both together.
    """
    paid_before = rule.rate_before * amount / HUNDRED
    both = paid_before + rate * amount / HUNDRED
    return round_money(both) - (round_money(paid_before) if paid_before else ZERO)


def _earn_in_slices(
    bands: Sequence[tiers.Band], context: Context, credit: Credit
) -> Earning:
    whole = context.event_amount(credit)
    start, end = _way_of(credit, whole)
    parts = tiers.slices(bands, start, end)
    paid, due = (
        own_part(tiers.marginal_pay(bands, amount), credit, context)
        for amount in (start, end)
    )
    earning = _sliced(credit, whole, parts, due - paid, context)
    earning.before = paid
    if credit.share != ONE and context.has_traces:
        earning.trace["whole"] = str(round_half_up(_pay(parts), credit.rounding))
        earning.trace["share"] = number_text(six_decimals(credit.share))
    return earning


def _way_of(credit: Credit, whole: Decimal) -> tuple[Decimal, Decimal]:
    """From where to where an event moves what is sold of a sale in all."""
    if credit.sale is None:
        return ZERO, whole
    return credit.sale.before, credit.sale.after


def _earn_by_bracket(
    rule: Rule, bands: Sequence[tiers.Band], context: Context, credit: Credit
) -> Earning:
    whole = context.whole(credit)
    reached = MEASURES[rule.tier_measure].of_event(whole)
    if reached is None:
        return _nothing("not_known")
    rate = tiers.rate_at(bands, reached, boundary_of(rule), rule.tier_mode)
    if rate is None:
        return _nothing("below_first_tier")
    if credit.sale is not None:  # rounded as the sale was, whose rate it has
        credit = _by_its_own_sale(credit)
    earning = _flat_earner(rule, rate, context)(credit)
    if rule.amount_type == "percent" and credit.share != ONE:
        earning.move(
            *(
                own_part(amount * rate / HUNDRED, credit, context)
                for amount in _way_of(credit, whole.amount)
            )
        )
    earning.trace["tier_mode"] = rule.tier_mode
    earning.trace["measure"] = rule.tier_measure
    earning.trace["value"] = number_text(six_decimals(reached))
    return earning


def earn_in_period(
    rule: Rule,
    bands: Sequence[tiers.Band],
    matching: Sequence[Credit],
    context: Context,
    targets: Mapping[tuple, Decimal],
    plan_id: int,
    scope: Container[int] | None = None,
) -> dict[int, Earning]:
    """Pay by credit id, where the bracket depends on the whole period.

    Percentages are rounded on the running sum: each credit pays what it moves the
    rounded sum by. So the period's total is exact, whatever the order of its events
    and however they are split.

    :param matching: the employee's credits of one period that satisfy the rule, in the
        order of date and event. Those of other plans than ``plan_id`` move the sums
        and are not paid.
    :param scope: ids of the credits to pay, None for all
    """
    reading = read_measure(rule, matching, context)
    period = _Period(rule, bands, reading, context, plan_id, scope)
    if is_attainment(rule):
        period.set_target(target_of(rule, matching[0], targets))
    elif MEASURES[rule.tier_measure].is_place and not reading.final:
        return {credit.id: _nothing("no_place") for credit in matching}
    if rule.once:
        matching = period.of_reaching_event(matching)
    if is_of_bonus(rule):
        return period.target_bonus(matching)
    if period.has_slices_of_units:
        return period.units(matching)
    if rule.amount_type != "percent" or is_of_wage(rule):
        return period.money(matching)
    if rule.tier_mode == "marginal" and period.reading.in_money:
        return period.slices(matching)
    return period.percentages(matching)


class _Period:
    """One rule in one period of one employee."""

    def __init__(self, rule, bands, reading, context, plan_id, scope):
        self.rule = rule
        self.bands = bands
        self.reading = reading
        self.context = context
        self.plan_id = plan_id
        self.scope = scope
        self.target = None
        self.has_target = True
        self.zero_reason = "below_first_tier"
        self._earners = {}

    def set_target(self, target: Decimal | None):
        """Turn bounds in percent of the target into what the target counts."""
        if target is None:
            self.reading = Reading(ZERO)
            self.has_target = False
            self.zero_reason = "no_target"
        else:
            self.target = target
            self.bands = tiers.bands(self.rule.tiers, target)

    def of_reaching_event(self, matching: Sequence[Credit]) -> list[Credit]:
        """Those of the deal that reached the first bracket that pays: paid once.

        Without one, or where only the end of the period counts, the first deal.
        """
        paying = [band.start for band in self.bands if band.rate]
        sales = sales_in_order(matching) or matching
        reaching = None
        if self.reading.steps is not None and paying and self.has_target:
            for credit in sales:
                _before, after = self.reading.steps[credit.id]
                if self._is_reached(after, min(paying)):
                    reaching = credit
                    break
        first = reaching or sales[0]
        return [credit for credit in matching if is_of_sale(credit, first)]

    def _is_reached(self, value: Decimal, bound: Decimal) -> bool:
        if boundary_of(self.rule) == "upper" or not bound:
            return value >= bound
        return value > bound

    def _pays(self, credit: Credit) -> bool:
        in_scope = self.scope is None or credit.id in self.scope
        return in_scope and credit.plan_id == self.plan_id

    def money(self, matching: Sequence[Credit]) -> dict[int, Earning]:
        """What amounts of money (each event, each unit) earn at the bracket reached, by
        credit id.
        """
        earnings = {}
        for credit in matching:
            if self._pays(credit):
                rate = self._rate_of(credit)
                if rate is None:
                    earnings[credit.id] = _nothing(self.zero_reason)
                else:
                    earning = self._earn_at(rate)(credit)
                    earnings[credit.id] = self._with_value(earning, credit)
        return earnings

    def percentages(self, matching: Sequence[Credit]) -> dict[int, Earning]:
        """What percentages of amounts earn at the bracket reached, by credit id; together
        they are rounded as one.
        """
        earnings = {}
        exact = rounded = ZERO
        for credit in matching:
            rate = self._rate_of(credit)
            if rate is None:
                earnings[credit.id] = _nothing(self.zero_reason)
                continue
            exact += credit.amount * rate / HUNDRED
            before, rounded = rounded, round_half_up(exact, credit.rounding)
            if self._pays(credit):
                earning = self._earn_at(rate)(credit)
                if not has_event_limit(self.rule):  # then each sale stands alone
                    earning.move(before, rounded)
                earnings[credit.id] = self._with_value(earning, credit)
        return earnings

    def slices(self, matching: Sequence[Credit]) -> dict[int, Earning]:
        """What the parts of amounts earn, each at the rate of its bracket, by credit id;
        together they are rounded as one.
        """
        earnings = {}
        position = exact = ZERO
        for credit in matching:
            before, after = self.reading.steps[credit.id]
            if before != position:
                exact = tiers.marginal_pay(self.bands, before)
            parts = tiers.slices(self.bands, before, after)
            rounded_before = round_half_up(exact, credit.rounding)
            exact += _pay(parts)
            position = after
            if self._pays(credit):
                amount = round_half_up(exact, credit.rounding) - rounded_before
                earning = _sliced(credit, credit.amount, parts, amount, self.context)
                earning.before = rounded_before
                if self.context.has_traces:
                    earning.trace["before"] = number_text(before)
                    earning.trace["after"] = number_text(after)
                earnings[credit.id] = self._with_period(earning, credit)
        return earnings

    @property
    def has_slices_of_units(self) -> bool:
        """Whether each unit is paid by the bracket that it lies in itself."""
        is_sliced = (self.rule.amount_type, self.rule.tier_mode) == ("unit", "marginal")
        counts_units = measure_of(self.rule).count is running_quantity
        return is_sliced and counts_units and self.reading.steps is not None

    def units(self, matching: Sequence[Credit]) -> dict[int, Earning]:
        """An amount for each unit, by the bracket of the unit."""
        earnings = {}
        position = exact = rounded = ZERO
        for credit in matching:
            taken, left = _units_way(credit)
            start, position = position, position + (left - taken) * credit.share
            parts = tiers.slices(self.bands, start, position)
            exact += HUNDRED * _pay(parts)
            before, rounded = rounded, round_half_up(exact, credit.rounding)
            if self._pays(credit):
                earning = _of_units(parts, credit)
                if not parts:
                    earning.zero_reason = self.zero_reason
                elif not has_event_limit(self.rule):  # then each sale stands alone
                    earning.move(before, rounded)
                earnings[credit.id] = self._with_period(earning, credit)
        return earnings

    def target_bonus(self, matching: Sequence[Credit]) -> dict[int, Earning]:
        """Percentages of the target bonus, for what each credit attains of the target."""
        bonus = bonus_of(self.rule, matching[0], self.context.targets)
        if self.target and not bonus:
            self.zero_reason = "no_target_bonus"
        earnings = {}
        paid = rounded = ZERO
        for credit in matching:
            moved = self._moved_of_target(credit) if self.target and bonus else None
            if moved is None:
                earnings[credit.id] = _nothing(self.zero_reason)
                continue
            paid += moved[0]
            exact = bonus * paid / self.target
            before, rounded = rounded, round_half_up(exact, credit.rounding)
            if self._pays(credit):
                earning = _of_bonus(credit, bonus, *moved, self.target)
                if not has_event_limit(self.rule):  # then each sale stands alone
                    earning.move(before, rounded)
                earnings[credit.id] = self._with_value(earning, credit)
        return earnings

    def _moved_of_target(self, credit: Credit) -> tuple[Decimal, Decimal] | None:
        """What a credit attains of the target, by the rates and in all.

        What is known of the whole period only (a score) pays by its attainment.
        """
        mode, steps = self.rule.tier_mode, self.reading.steps
        if steps is None and not is_on_score(self.rule):
            self.zero_reason = "not_known"
            return None
        before, after = (
            (ZERO, self.reading.final) if steps is None else steps[credit.id]
        )
        if mode == "marginal":
            parts = tiers.slices(self.bands, before, after)
            return (_pay(parts), after - before) if parts else None
        reached = self.reading.reached(credit, mode)
        rate = tiers.rate_at(self.bands, reached, boundary_of(self.rule), mode)
        if rate is None:
            return None
        moved = after - before
        if steps is None and mode != "proportional":
            moved = self.target
        if not moved:
            self.zero_reason = "nothing_attained"
            return None
        return rate * moved / HUNDRED, moved

    def _earn_at(self, rate: Decimal) -> Callable[[Credit], Earning]:
        """The function that pays a credit by a rate; mostly one for the whole period."""
        if rate not in self._earners:
            self._earners[rate] = _flat_earner(self.rule, rate, self.context)
        return self._earners[rate]

    def _rate_of(self, credit: Credit) -> Decimal | None:
        mode = self.rule.tier_mode
        reached = self.reading.reached(credit, mode)
        rate = tiers.rate_at(self.bands, reached, boundary_of(self.rule), mode)
        if rate is None or mode != "proportional":
            return rate
        if self.target and not reached:
            self.zero_reason = "nothing_attained"
        return rate * reached / self.target if self.target and reached else None

    def _with_value(self, earning: Earning, credit: Credit) -> Earning:
        if not self.context.has_traces:
            return earning
        reached = self.reading.reached(credit, self.rule.tier_mode)
        if self.target is not None:
            reached = HUNDRED * reached / self.target
        earning.trace["tier_mode"] = self.rule.tier_mode
        earning.trace["value"] = number_text(six_decimals(reached))
        return self._with_period(earning, credit)

    def _with_period(self, earning: Earning, credit: Credit) -> Earning:
        if not self.context.has_traces:
            return earning
        earning.trace["measure"] = self.rule.tier_measure
        earning.trace["period"] = self.rule.tier_period
        if self.rule.tier_period != "event":
            start = period_key(credit, self.rule.tier_period)
            earning.trace["period_start"] = start.isoformat()
        if self.target is not None:
            earning.trace["target"] = number_text(self.target)
        return earning


def average_rate(amount: Decimal, base: Decimal) -> Decimal:
    """The percentage of ``base`` that ``amount`` is, with at most six decimals."""
    return six_decimals(HUNDRED * amount / base) if base else ZERO


def own_part(money: Decimal, credit: Credit, context: Context) -> Decimal:
    """Of money for a whole event, the part of this person; all parts sum to it."""
    if credit.share == ONE:
        return round_half_up(money, credit.rounding)
    sharers = context.sharers(credit)
    shares = [sharer.share for sharer in sharers]
    parts = allot(money, shares, credit.rounding)
    position = [sharer.id for sharer in sharers].index(credit.id)
    return parts[position]


def _pay(parts: list[tiers.Slice]) -> Decimal:
    """What slices pay together, not rounded."""
    return sum((part.pay for part in parts), ZERO)


def _sliced(
    credit: Credit,
    base: Decimal,
    parts: list[tiers.Slice],
    amount: Decimal,
    context: Context,
) -> Earning:
    """An amount put together from slices of ``base`` at different rates."""
    rate = average_rate(_pay(parts), base)
    trace = context.has_traces and {
        "type": "marginal",
        "base": str(base),
        "rate": number_text(rate),
        "amount": str(amount),
        "slices": slices_trace(parts),
    }
    zero_reason = "" if parts else "below_first_tier"
    return Earning(amount, rate, trace or {}, credit.amount, zero_reason)


def _of_units(parts: list[tiers.Slice], credit: Credit) -> Earning:
    """An amount for each unit of slices of a running quantity."""
    exact = HUNDRED * _pay(parts)
    amount = round_half_up(exact, credit.rounding)
    units = sum((part.end - part.start for part in parts), ZERO)
    trace = {
        "type": "units",
        "slices": [
            {
                "quantity": number_text(part.end - part.start),
                "rate": number_text(part.rate),
            }
            for part in parts
        ],
        "amount": str(amount),
    }
    return Earning(amount, six_decimals(exact / units) if units else ZERO, trace)


def _of_bonus(
    credit: Credit, bonus: Decimal, paid: Decimal, moved: Decimal, target: Decimal
) -> Earning:
    """A target bonus, for a part of the target.

    :param moved: of the target
    :param paid: the same, by the rates of its brackets
    """
    amount = round_half_up(bonus * paid / target, credit.rounding)
    rate = average_rate(paid, moved)
    trace = {
        "type": "bonus" if moved == target else "bonus_part",
        "rate": number_text(rate),
        "of": str(bonus),
        "attained": number_text(six_decimals(moved / target)),
        "amount": str(amount),
    }
    return Earning(
        amount, average_rate(amount, credit.amount) or rate, trace, credit.amount
    )


def _nothing(reason: str) -> Earning:
    return Earning(ZERO, ZERO, {}, zero_reason=reason)


def six_decimals(value: Decimal) -> Decimal:
    """As rates are shown and stored."""
    return value.quantize(RATE_STEP, ROUND_HALF_UP)
