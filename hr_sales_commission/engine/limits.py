# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Caps, floors and thresholds: the most and the least that is paid."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .context import Context, period_key
from .earning import Earning, own_part
from .facts import ONE, ZERO, Credit, Plan, Rule
from .measures import sold
from .periods import has_plan_limit
from .rounding import round_half_up
from .trace import number_text


def clamp(
    amount: Decimal,
    cap: Decimal | None,
    floor: Decimal | None,
    direction: Decimal | None = None,
) -> Decimal:
    """``amount`` between floor and cap; the cap is stronger.

    A refund is limited like its opposite, so that the refund of everything leaves
    nothing. Nothing earned stays nothing, unless a sale is known behind it: a sale
    with a thin, no or a negative margin pays the floor, and is never turned against
    the person.

    :param direction: 1 for a sale, -1 for a refund, 0 where nothing is sold; None: by
        the sign of the amount
    """
    if direction is None:
        direction = ONE.copy_sign(amount) if amount else ZERO
    if not direction:
        return ZERO
    gained = amount * direction
    if floor is not None:
        gained = max(gained, floor)
    if cap is not None:
        gained = max(min(gained, cap), -cap)
    return gained * direction


def limit_alone(
    rule: Rule,
    earning: Earning,
    credit: Credit,
    context: Context,
    earn: Callable[[Credit], Earning] | None = None,
):
    """Apply cap and floor of an event to the part that one person has in it.

    :param earn: what the rule pays on a credit before its limits: whose part comes to
        nothing has a part in the floor where the whole pays something
    """
    cap, floor = _own_limits(rule, credit, context)
    direction = None if earning.zero_reason else direction_of(sold(credit))
    if direction is None and earn:
        direction = _direction_of_whole(earning, credit, context, earn)
    limited = clamp(earning.amount, cap, floor, direction)
    limited = round_half_up(limited, credit.rounding)
    is_capped = cap is not None and (floor is None or abs(earning.amount) > cap)
    _change(rule, earning, limited, is_capped, "event")
    earning.before = ZERO  # each sale stands alone


def _direction_of_whole(
    earning: Earning,
    credit: Credit,
    context: Context,
    earn: Callable[[Credit], Earning],
) -> Decimal | None:
    """Whether the whole pays, of which a person's part comes to nothing.

    None where the part pays something, and says it itself.
    """
    if credit.share == ONE or earning.amount or earning.zero_reason:
        return None
    return direction_of(earn(context.whole(credit)).amount)


def limit_refund(
    rule: Rule,
    earning: Earning,
    credit: Credit,
    context: Context,
    earn: Callable[[Credit], Earning],
):
    """Take back what the limited pay of a sale falls by, when a part of it is refunded.

    :param earn: what the rule pays on a credit before its limits
    """
    paid, due = (
        _pay_of_rest(rule, _as_sale_of(credit, amount, part), context, earn)
        for amount, part in zip(
            (credit.sale.before, credit.sale.after), credit.own_way, strict=True
        )
    )
    is_capped = rule.cap is not None and abs(earning.amount) > abs(due - paid)
    _change(rule, earning, due - paid, is_capped, "event")
    earning.before = paid


def _as_sale_of(credit: Credit, amount: Decimal, part: Decimal) -> Credit:
    """The sale of a refund, if only ``amount`` of it had been sold."""
    sale = credit.sale
    known = {"untaxed": ONE} if sold(credit) is not None else {}
    return replace(
        credit,
        amount=part - sale.preceding,
        event_amount=amount,
        preceding=sale.preceding,
        event_preceding=None if credit.event_preceding is None else sale.preceding,
        quantity=sale.quantity * amount / sale.amount,
        sale=replace(sale, before=ZERO, after=amount, own=None, units_before=None),
        facts={**credit.facts, **known},
    )


def _pay_of_rest(
    rule: Rule, rest: Credit, context: Context, earn: Callable[[Credit], Earning]
) -> Decimal:
    """What a sale pays within the limits, when only this much of it is left."""
    left = rest.sale.after
    if not left:
        return ZERO
    earning = earn(rest)
    direction = _direction_of_whole(earning, rest, context, earn)
    if sold(rest) is not None:
        direction = ONE if rest.sale.is_left(left) else -ONE
    cap, floor = _own_limits(rule, rest, context)
    pay = clamp(earning.amount, cap, floor, direction)
    return round_half_up(pay, rest.rounding)


def limit_sales(
    rule: Rule, paid_credits: Iterable[tuple[Credit, Earning]], context: Context
):
    """Apply cap and floor of an event where a period decides what it earns.

    What takes back from a sale becomes what it moves the limited pay of the sale by.
    Where no limit is reached, everything stays as the period decides it.

    :param paid_credits: of one rule and employee, in the order of date and event
    """
    paid_credits = list(paid_credits)
    if not _is_any_limited(rule, paid_credits, context):
        return
    earned, paid = defaultdict(Decimal), {}
    for credit, earning in paid_credits:
        sale_id = credit.event_id if credit.sale is None else credit.sale.event_id
        earned[sale_id] += earning.amount
        if credit.sale is None or sale_id not in paid:
            limit_alone(rule, earning, credit, context)
            paid[sale_id] = earning.amount
            continue
        before = paid[sale_id]
        paid[sale_id] = _pay_of_left(rule, earned[sale_id], credit, context)
        is_capped = abs(earning.amount) > abs(paid[sale_id] - before)
        _change(rule, earning, paid[sale_id] - before, is_capped, "event")
        earning.before = before


def _is_any_limited(
    rule: Rule, paid_credits: Sequence[tuple[Credit, Earning]], context: Context
) -> bool:
    """Whether a sale, or what is left of one, is beyond the limits of an event."""
    if rule.floor is not None:
        return True
    return any(
        abs(earning.amount) > own_part(rule.cap, credit, context)
        for credit, earning in paid_credits
        if credit.sale is None
    )


def _pay_of_left(
    rule: Rule, earned: Decimal, credit: Credit, context: Context
) -> Decimal:
    """What a sale pays within the limits after a refund, of which this is left."""
    left = credit.sale.after
    if not left:
        return ZERO
    direction = None
    if sold(credit) is not None:
        direction = ONE if credit.sale.is_left(left) else -ONE
    cap, floor = _own_limits(rule, credit, context)
    return round_half_up(clamp(earned, cap, floor, direction), credit.rounding)


def _own_limits(
    rule: Rule, credit: Credit, context: Context
) -> tuple[Decimal | None, Decimal | None]:
    """A person's part in cap and floor of an event."""
    cap, floor = (
        None if limit is None else own_part(limit, credit, context)
        for limit in (rule.cap, rule.floor)
    )
    return cap, floor


@dataclass(frozen=True, slots=True)
class PaidBefore:
    """What the version of a rule before paid in a period that goes on.

    :param earned: before its own cap and floor
    :param paid: after them
    """

    earned: Decimal = ZERO
    paid: Decimal = ZERO

    def plus(self, earnings: Iterable[Earning]) -> "PaidBefore":
        """With what one more version paid."""
        earned, paid = self.earned, self.paid
        for earning in earnings:
            paid += earning.amount
            unlimited = earning.unlimited
            earned += earning.amount if unlimited is None else unlimited
        return PaidBefore(earned, paid)


NOTHING_BEFORE = PaidBefore()


def limit_running(
    rule: Rule,
    paid_credits: Iterable[tuple[Credit, Earning]],
    before: PaidBefore = NOTHING_BEFORE,
):
    """Apply cap and floor to the running sum of a period.

    Each amount becomes what it moves the limited sum by. After a new version of the
    plan the sum goes on: a lower cap takes nothing back of what was paid before it, a
    higher one does not pay what was capped before it.

    :param paid_credits: of one rule, employee and period, in the order of date and
        event
    """
    cap, floor = rule.cap, rule.floor
    paid, was_capped = before.paid, abs(before.paid) < abs(before.earned)
    earned = paid if was_capped else before.earned
    if paid:
        cap = None if cap is None else max(cap, abs(paid))
        if not was_capped and paid != earned:
            floor = max(floor or ZERO, abs(paid))
    sales, knows_sales = ZERO, before == NOTHING_BEFORE
    for credit, earning in paid_credits:
        of_credit = sold(credit)
        knows_sales = knows_sales and of_credit is not None
        if not earning.zero_reason:
            earned += earning.amount
            sales += of_credit or ZERO
        direction = direction_of(sales) if knows_sales else None
        payable = round_half_up(clamp(earned, cap, floor, direction), credit.rounding)
        is_capped = cap is not None and (floor is None or abs(earned) > cap)
        _change(rule, earning, payable - paid, is_capped, rule.cap_period)
        earning.before, paid = paid, payable


def direction_of(sales: Decimal | None) -> Decimal | None:
    """1 for sales, -1 for refunds, 0 for nothing; None where it is not known."""
    if sales is None:
        return None
    return ONE.copy_sign(sales) if sales else ZERO


def limit_over_rules(earnings: Sequence[tuple[Plan, Credit, Earning]]):
    """Apply the limits of plans to what a person earns by all rules.

    Each amount becomes what it moves the limited sum of its period by; what is above the
    cap lapses. A plan that came in force within its period counts what others paid in it,
    with or without limits of their own: in another currency at the rate of the day. What
    lapsed there is not paid here.

    :param earnings: with their plan and credit, in the order of date, event and rule
    """
    limited = {plan.id: plan for plan, _credit, _ in earnings if has_plan_limit(plan)}
    sums = defaultdict(_Sum)
    for plan, credit, earning in earnings:
        earned = elsewhere = earning.amount
        if not earned:
            continue
        if plan.id in limited:
            own = sums[plan.id, period_key(credit, plan.cap_period)]
            if _limit_by_plan(plan, own, credit, earning) == "cap":
                elsewhere = earning.amount
        for each in limited.values():
            sums[each.id, period_key(credit, each.cap_period)].add(
                earned if each.id == plan.id else elsewhere,
                earning.amount,
                credit.worth.get(each.currency),
            )


@dataclass(slots=True)
class _Sum:
    """A person's period as a plan looks at it, in its currency.

    :param earned: before its limits
    :param paid: after them
    :param converted: the part of ``paid`` that was paid in other currencies
    """

    earned: Decimal = ZERO
    paid: Decimal = ZERO
    converted: Decimal = ZERO

    def add(self, earned: Decimal, paid: Decimal, worth: Decimal | None):
        """Count an amount, with what its money is worth if it is of another currency."""
        if worth is not None:
            earned, paid = earned * worth, paid * worth
            self.converted += paid
        self.earned += earned
        self.paid += paid


def _limit_by_plan(plan: Plan, own: _Sum, credit: Credit, earning: Earning) -> str:
    """Pay what an amount moves the limited sum by.

    :return: the limit that changed the amount: its name as of the fields of a plan
    """
    total = own.earned + earning.amount
    change = round_half_up(_limit_of_plan(plan, total) - own.paid, credit.rounding)
    # another plan's limits never take back what a sale adds, or the reverse
    change = max(change, ZERO) if earning.amount > ZERO else min(change, ZERO)
    if change == earning.amount:
        return ""
    kind = _limiting(plan, total)
    how = {
        "kind": kind,
        "value": number_text(getattr(plan, kind)),
        "period": plan.cap_period,
    }
    if own.converted:
        how["converted"] = str(round_half_up(own.converted, credit.rounding))
    earning.change_amount(change, "plan_limit", **how)
    return kind


def _limit_of_plan(plan: Plan, earned: Decimal) -> Decimal:
    if plan.threshold is not None and earned < plan.threshold:
        return min(earned, ZERO)
    # what is taken back in all is no sale: the least does not turn against the person
    return clamp(earned, plan.cap, plan.floor if earned > ZERO else None)


def _limiting(plan: Plan, earned: Decimal) -> str:
    """The limit that changed the sum: its name as of the fields of a plan."""
    if plan.threshold is not None and earned < plan.threshold:
        return "threshold"
    if plan.cap is None or (plan.floor is not None and earned < plan.cap):
        return "floor" if plan.floor is not None else "threshold"
    return "cap"


def _change(
    rule: Rule, earning: Earning, limited: Decimal, is_capped: bool, period: str
):
    if limited == earning.amount:
        return
    limit = rule.cap if is_capped or rule.floor is None else rule.floor
    earning.unlimited = earning.amount
    earning.change_amount(
        limited,
        "limit",
        kind="cap" if is_capped else "floor",
        value=number_text(limit or ZERO),
        period=period,
    )
