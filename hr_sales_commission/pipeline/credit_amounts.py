# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Splits the amounts of events over who is credited, each in the currency of the person."""

from dataclasses import replace

from odoo.exceptions import UserError

from ..engine.context import sharer_order
from ..engine.facts import NOTHING, ZERO
from ..engine.rounding import allot, round_half_up
from .credit_row import group_by
from .exchange_rates import ExchangeRates


class CreditAmounts:
    """Assigns credits their parts of the amounts of events; the parts sum to the whole.

    :param env: of the superuser
    :param PlanCalendar calendar: knows the currencies of companies
    """

    def __init__(self, env, calendar):
        self.calendar = calendar
        self._rates = ExchangeRates(env, calendar)

    def assign(self, rows):
        """Split the amount of each event over the shares of each role, exactly."""
        current = [row for row in rows if row.share]
        for group in group_by(
            current, lambda row: (row.event["id"], row.role, row.manager_level)
        ):
            group.sort(key=sharer_order)
            event = group[0].event
            preceding = event.get("preceding", ZERO)
            is_pool = all(row.pool_id for row in group)
            before = self._share_out(preceding, group)
            after = self._share_out(preceding + event["amount"], group)
            for row, start, end in zip(group, before, after, strict=True):
                row.preceding = self._convert(start, row)
                row.amount = self._convert_way(start, end - start, row)
                if is_pool:
                    row.event_preceding = self._convert(preceding, row)
                self._assign_whole(row)
            sale = event.get("sale")
            if sale and (sale.preceding or sale.before != preceding):
                self._assign_own_way(sale, group)

    def _assign_whole(self, row):
        """Find what the whole event, and the sale that it takes back, are worth."""
        preceding = row.event.get("preceding", ZERO)
        row.event_amount = self._convert_way(preceding, row.event["amount"], row)
        sale = row.event.get("sale")
        row.sale = sale and replace(
            sale,
            amount=self._convert(sale.amount, row),
            before=self._convert(sale.before, row),
            after=self._convert(sale.after, row),
            preceding=ZERO,
        )

    def _assign_own_way(self, sale, group):
        """Find each person's part of a payment of which a part is paid back."""
        places = (
            sale.preceding,
            sale.preceding + sale.before,
            sale.preceding + sale.after,
        )
        parts = zip(*(self._share_out(place, group) for place in places), strict=True)
        for row, of_person in zip(group, parts, strict=True):
            start, *own = (self._convert(part, row) for part in of_person)
            if row.pool_id:  # paid together, by what is of all
                of_all = self._convert(sale.preceding, row)
                own = [of_all + each - start for each in own]
                start = of_all
            row.sale = replace(row.sale, preceding=start, own=tuple(own))

    def get_worth(self, row, currencies):
        """Return what one unit of a credit's money was worth in other currencies.

        :param currencies: of res.currency
        :return: rates by the id of the currency
        """
        if len(currencies) == 1:  # its own
            return NOTHING
        own = self.calendar.currency(row.company_id)
        return {
            other.id: self._rates.rate(own, other, row.company_id, row.day)
            for other in currencies
            if other != own
        }

    def _share_out(self, amount, group):
        """Split an amount over the shares of rows of one event, exactly."""
        if len(group) == 1 or not amount:
            return [amount] * len(group)
        step = self.calendar.rounding(group[0].event["company_id"])
        return allot(amount, [row.share for row in group], step)

    def _convert_way(self, start, amount, row):
        """Convert an amount so that all parts of a whole sum to the converted whole.

        :param start: the parts before it
        """
        if not start:
            return self._convert(amount, row)
        return self._convert(start + amount, row) - self._convert(start, row)

    def _convert(self, amount, row):
        """Convert an amount of an event into the currency of an employee's company.

        At the exchange rate of the day that counts: what takes a sale back is worth
        what the sale was.
        """
        if not amount or row.company_id == row.event["company_id"]:
            return amount
        source = self.calendar.currency(row.event["company_id"])
        target = self.calendar.currency(row.company_id)
        if source == target:
            return amount
        try:
            rate = self._rates.rate(source, target, row.company_id, row.day)
        except UserError:
            if row.event["id"] < 0:
                return ZERO  # nothing is estimated without a rate
            raise
        return round_half_up(amount * rate, self.calendar.rounding(row.company_id))
