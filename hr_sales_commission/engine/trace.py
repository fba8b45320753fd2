# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""How an amount came about, as plain JSON values with numbers as text.

A trace is stored with every line, so the plain cases stay small. Its keys:

- ``type``: ``percent``, ``wage`` (of the person, whose wage is not told), ``fixed``, ``unit``, ``units`` (slices of a quantity), ``marginal`` (a percentage of each slice),
  ``bonus`` (a percentage of the target bonus), ``bonus_part`` (for a part of the
  target), ``holdback`` or ``release``
- ``base``, ``rate``, ``amount``: ``amount = base × rate / 100`` for percentages;
  ``rate`` is money per event or unit otherwise
- ``quantity`` of unit rules; ``share``: part in the event, where money is shared;
  ``whole``: what all who share get together, where their slices are those of the event
- ``slices``: the parts of the amount that lie in different brackets; ``before``,
  ``after``: running amount of the period that they are cut from
- ``tier_mode``, ``measure``, ``value``: how the rate was found, and the value its
  bracket was looked up with; ``target``: what an attainment is a percentage of
- ``period``, ``period_start``: where the measure is taken over a period
- ``rounding``: the cent that keeps the sum of the period or of the shares exact
- ``limit``: what a cap or floor made of it: ``kind``, ``value``, ``period``, ``amount``
- ``unpaid``: what the customer's not paying left: ``kept`` (0 to 1), ``days``, ``amount``
- ``plan_limit``: what a limit over all rules of the plan made of it, as ``limit``;
  ``converted``: the part of the sum that was paid in other currencies
- ``clawback``: what a reversal left: ``kept`` (0 to 1), ``reversed_on``, ``amount``
- ``percent``, ``of``: of a holdback or its release; ``of``, ``attained``: the target
  bonus, and the part of the target (1 = all) that it is paid for
- ``until``, ``released_on``: what a holdback waits for, and when it came
"""

from collections.abc import Iterable
from decimal import Decimal

from .tiers import Slice


def number_text(value: Decimal) -> str:
    """A rate or quantity without trailing zeros: ``"1.6"``."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def slices_trace(slices: Iterable[Slice]) -> list[dict[str, str]]:
    """Slices as a trace keeps them: bounds, amount, rate in percent and pay, as text."""
    return [
        {
            "from": number_text(part.start),
            "to": number_text(part.end),
            "amount": number_text(part.end - part.start),
            "rate": number_text(part.rate),
            "pay": number_text(part.pay),
        }
        for part in slices
    ]
