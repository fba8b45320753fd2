"""Exchange rates on many days with one query."""

from bisect import bisect_right
from decimal import Decimal

from odoo.tools import SQL

ONE = Decimal(1)


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

    def rate(self, source, target, company_id, day):
        """Return how many units of ``target`` one unit of ``source`` is worth.

        :param source, target: res.currency
        :param company_id: whose rates are used
        :rtype: Decimal
        """
        root_id = self.calendar.root_id(company_id)
        return self._get(target.id, root_id, day) / self._get(source.id, root_id, day)

    def _get(self, currency_id, root_id, day):
        if self._rates is None:
            self._load()
        for owner_id in (root_id, None):
            days, values = self._rates.get((currency_id, owner_id), ((), ()))
            if days:
                return values[max(bisect_right(days, day) - 1, 0)]
        return ONE

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
