# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Finds sales that look like ones recorded before, in one pass over them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from odoo.tools import SQL

#: how near the days of two equal sales to one customer are to look like one
DOUBLE_DAYS = 14
#: the same customer and amount within so many days is worth a look
NEAR_DAYS = 30
#: sales of some amounts around some days, as a FROM item. Only one index knows amounts
#: and days together: of every condition that another one knows alone, PostgreSQL would
#: take that one while it has no statistics, and read all events for each amount
NEAR_SALES = """
    unnest(%s::numeric[], %s::date[], %s::date[]) AS asked(value, first_day, last_day)
    CROSS JOIN LATERAL (
        SELECT * FROM hr_commission_event
         WHERE event_type IN ('deal_won', 'order_confirmed', 'invoice_posted')
           AND date_reversed IS NULL AND amount = asked.value
           AND (amount, date) >= (asked.value, asked.first_day)
           AND (amount, date) <= (asked.value, asked.last_day) OFFSET 0)
"""
#: the tree of the company of an ``event``, looked up for each
ROOT_OF_EVENT = """
    SELECT split_part(parent_path, '/', 1) AS root
      FROM res_company WHERE id = event.company_id OFFSET 0
"""


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale that may be, or repeat, another one.

    :param deal_id: the deal; its own sales do not repeat each other
    :param sameness: what has to be equal, such as the amount
    :param keys: what tells the customer, as (kind, value); empty values tell nothing
    """

    id: int
    deal_id: int
    day: date
    sameness: tuple
    keys: tuple


def find_near_days(sales):
    """Return the days on which what some sales may repeat is looked for, by amount.

    :param sales: (amount, day) of each
    :return: (amount, first day, last day), no day twice
    """
    reach = timedelta(DOUBLE_DAYS)
    near = []
    for amount, day in sorted(set(sales)):
        if near and near[-1][0] == amount and day - reach <= near[-1][2]:
            near[-1] = amount, near[-1][1], day + reach
        else:
            near.append((amount, day - reach, day + reach))
    return near


def near_sales(near):
    """Return the FROM item with the sales, of any kind, that :data:`NEAR_SALES` finds.

    :param near: (amount, first day, last day), see :func:`find_near_days`
    :rtype: SQL
    """
    return SQL(NEAR_SALES, *map(list, zip(*near, strict=True)))


def find_doubles(ids, sales):
    """Return the first sale that each of some sales may repeat, by its id.

    The same customer by any key, the same sum, at most :data:`DOUBLE_DAYS` apart, and
    recorded before.

    :param ids: of the sales that are asked about
    :param list[Sale] sales: these, and all that are near them
    :rtype: dict[int, int]
    """
    groups = defaultdict(list)
    for sale in sorted(sales, key=lambda sale: sale.id):
        for key in sale.keys:
            if key[1]:
                groups[sale.sameness, key].append(sale)
    doubles = {}
    for group in groups.values():
        if len(group) > 1:
            for sale_id, double_id in _find_in_group(ids, group):
                doubles[sale_id] = min(double_id, doubles.get(sale_id, double_id))
    return doubles


def _find_in_group(ids, group):
    """Yield (sale, the first one it may repeat); the group is in the order of ids."""
    of_day = defaultdict(list)
    reach = [timedelta(days) for days in range(-DOUBLE_DAYS, DOUBLE_DAYS + 1)]
    for sale in group:
        if sale.id in ids:
            found = [
                former.id
                for days in reach
                for former in of_day.get(sale.day + days, ())
                if former.deal_id != sale.deal_id
            ]
            if found:
                yield sale.id, min(found)
        # the first sales of two deals of a day are enough for all later ones
        known = of_day[sale.day]
        if len(known) < 2 and sale.deal_id not in [each.deal_id for each in known]:
            known.append(sale)
