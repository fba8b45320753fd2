# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Exchange rates on many days with one query."""

from bisect import bisect_right
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..engine.facts import ONE


class ExchangeRates:
    """Answers what an amount is worth in another currency on a day.

    A company uses the rates of its root company, or else the shared ones, as
    ``res.currency`` does: the last one up to the day, before the first one the first.

    :param PlanCalendar calendar: knows the company trees
    """

    def __init__(self, env, calendar):
        self.env = env
        self.calendar = calendar
        self._rates = None

    def is_known(self, source, target, company_id, day):
        """Whether one of two currencies has a rate that says what it is worth."""
        here, there = self._find_both(source, target, company_id, day)
        # the currency that rates are given in has none of its own, or the rate one
        return there is not None or here not in (None, ONE)

    def rate(self, source, target, company_id, day):
        """Return how many units of ``target`` one unit of ``source`` is worth.

        :param source, target: res.currency
        :param company_id: whose rates are used
        :rtype: Decimal
        :raises UserError: if a rate is missing: nobody is paid one to one by chance
        """
        if not self.is_known(source, target, company_id, day):
            raise UserError(
                self.env._(
                    "There is no exchange rate from %(currency)s to %(other)s on "
                    "%(day)s. Enter one under Accounting or Settings, Currencies; the "
                    "commission is computed then.",
                    currency=source.name,
                    other=target.name,
                    day=format_date(self.env, day),
                )
            )
        here, there = self._find_both(source, target, company_id, day)
        return (here or ONE) / (there or ONE)

    def _find_both(self, source, target, company_id, day):
        root_id = self.calendar.root_id(company_id)
        return self._find(target.id, root_id, day), self._find(source.id, root_id, day)

    def _find(self, currency_id, root_id, day):
        """Return the rate of a currency on a day, None if it has none."""
        if self._rates is None:
            self._load()
        for owner_id in (root_id, None):
            days, values = self._rates.get((currency_id, owner_id), ((), ()))
            if days:
                return values[max(bisect_right(days, day) - 1, 0)]
        return None

    def _load(self):
        self.env["res.currency.rate"].flush_model(
            ["currency_id", "company_id", "name", "rate"]
        )
        self._rates = {}
        for currency_id, company_id, day, rate in self.env.execute_query(
            SQL(
                """SELECT currency_id, company_id, name, rate::text
                     FROM res_currency_rate ORDER BY name"""
            )
        ):
            days, values = self._rates.setdefault((currency_id, company_id), ([], []))
            days.append(day)
            values.append(Decimal(rate))
