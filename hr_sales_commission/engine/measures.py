"""Where an employee stands in a period: the value that brackets are looked up with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .context import Context, period_key
from .facts import HUNDRED, ONE, ZERO, Credit, Rule

EVENT_TYPE_OF = {
    "won_amount": "deal_won",
    "won_count": "deal_won",
    "qualified_count": "lead_qualified",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure over one period of one employee.

    :param final: its value at the end of the period
    :param steps: by credit id, its value before and after the credit; None when it has
        no value but the final one (a conversion rate)
    :param in_money: the steps are amounts, which can be cut into slices
    """

    final: Decimal
    steps: Mapping[int, tuple[Decimal, Decimal]] | None = None
    in_money: bool = False

    def reached(self, credit: Credit, mode: str) -> Decimal:
        """The value whose bracket gives the rate of ``credit``.

        ``marginal`` rates follow the running value; a refund walks back through the
        bracket it leaves. Other modes look at the end of the period.
        """
        if mode != "marginal" or self.steps is None:
            return abs(self.final)
        before, after = self.steps[credit.id]
        return max(abs(before), abs(after))


def read_measure(rule: Rule, matching: Sequence[Credit], context: Context) -> Reading:
    """The tier measure of ``rule`` over one period.

    - ``cumulative``: amount of the credits that satisfy the rule
    - ``won_count``, ``qualified_count``: events. Of the rule's own event type those
      that satisfy the rule; otherwise all of the employee in the same role
    - ``conversion_rate``: ``100 × deals won / leads qualified`` of the employee in the
      same role, 0 without leads
    - ``attainment``: what the target counts (:attr:`Rule.target_measure`), of all deals
      or leads of the employee in the same role, whatever the conditions of the rule

    :param matching: the employee's credits of the period that satisfy the rule, in the
        order of date and event
    """
    if rule.tier_measure == "cumulative":
        return running_amount(matching)
    if rule.tier_measure == "conversion_rate":
        return Reading(_conversion_rate(rule, matching[0], context))
    if rule.tier_measure == "attainment":
        return _achieved(rule, matching, context)
    return _count(rule, matching, context)


def target_of(
    rule: Rule, credit: Credit, targets: Mapping[tuple, Decimal]
) -> Decimal | None:
    """The target that ``credit`` works towards; None without one above zero.

    :param targets: by ``(employee, measure, first day, period)``. The period
        (``month`` …) may be left out where no two periods start on the same day.
    """
    first_day = period_key(credit, rule.tier_period)
    key = credit.employee_id, rule.target_measure, first_day
    target = targets.get((*key, rule.tier_period)) or targets.get(key)
    return target if target and target > ZERO else None


def running_amount(credits: Iterable[Credit]) -> Reading:
    """The sum of amounts before and after each credit."""
    steps, total = {}, ZERO
    for credit in credits:
        before, total = total, total + credit.amount
        steps[credit.id] = before, total
    return Reading(total, steps, in_money=True)


def running_count(credits: Iterable[Credit]) -> Reading:
    """The number of events before and after each credit; a refund takes one off."""
    steps_of_event, steps, count = {}, {}, ZERO
    for credit in credits:
        if credit.event_id not in steps_of_event:
            before, count = count, count + (-ONE if is_refund(credit) else ONE)
            steps_of_event[credit.event_id] = before, count
        steps[credit.id] = steps_of_event[credit.event_id]
    return Reading(count, steps)


def is_refund(credit: Credit) -> bool:
    """Whether the event takes back what another one gave."""
    return credit.amount < ZERO or credit.quantity < ZERO


def _conversion_rate(rule: Rule, credit: Credit, context: Context) -> Decimal:
    won = running_count(_of_role(rule, credit, context, "deal_won")).final
    leads = running_count(_of_role(rule, credit, context, "lead_qualified")).final
    return HUNDRED * won / leads if leads > ZERO else ZERO


def _achieved(rule: Rule, matching: Sequence[Credit], context: Context) -> Reading:
    event_type = EVENT_TYPE_OF[rule.target_measure]
    counted = _of_role(rule, matching[0], context, event_type)
    if rule.target_measure != "won_amount":
        achieved = running_count(counted)
        own = event_type == rule.event_type
        return achieved if own else Reading(achieved.final)
    achieved = running_amount(counted)
    if event_type == rule.event_type:
        return achieved
    return Reading(achieved.final, running_amount(matching).steps, in_money=True)


def _count(rule: Rule, matching: Sequence[Credit], context: Context) -> Reading:
    event_type = EVENT_TYPE_OF[rule.tier_measure]
    if event_type == rule.event_type:
        return running_count(matching)
    counted = _of_role(rule, matching[0], context, event_type)
    return Reading(running_count(counted).final)


def _of_role(
    rule: Rule, credit: Credit, context: Context, event_type: str
) -> list[Credit]:
    return context.of_period(credit, event_type, rule.role, rule.tier_period)
