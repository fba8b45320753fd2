# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What customers bought, and whether they had bought before: known here and only here.

A *purchase* is a deal that is won, and what addons know customers to buy by: confirmed
orders, and posted invoices of no confirmed order.

- It is one of its customer's commercial partner, in its company and in all others of the
  same tree; what has no company counts in every tree.
- It is of its local day. What was undone (a deal no longer won, a cancelled order, an
  invoice set back to draft) never was a purchase. An invoice that was credited in full
  was one until the day of the last credit note.
- It comes before another one on an earlier day, or on the same day as one of the same
  kind with a lower number; different documents of one day may be one sale.
- What belongs to the same deal is one sale: nothing of it comes before it. A document
  that names no deal may belong to any, so that no deal comes before it.
"""

from dataclasses import dataclass

from odoo.tools import SQL

#: what the customer of a purchase, ``asked``, bought until its day
BOUGHT = """
    (SELECT %(customer)s AS customer_id, %(company)s AS company_id, %(day)s AS day,
            %(lead)s AS lead_id, %(res_model)s AS res_model, %(res_id)s AS res_id
    ) AS asked
    CROSS JOIN LATERAL (%(selects)s) AS bought (
            company_id, day, taken_back_on, lead_id, res_model, res_id)
    WHERE bought.day <= asked.day
      AND (bought.taken_back_on IS NULL OR bought.taken_back_on > asked.day)
      AND COALESCE(%(root)s = %(asked_root)s, TRUE)
"""


@dataclass(frozen=True, slots=True)
class AskedPurchase:
    """The expressions, within a statement, of a purchase that is asked about.

    :param customer: id of the commercial partner
    :param company: id of the company, or NULL
    :param day: local day of the purchase
    :param lead: id of its deal, or NULL
    :param res_model: name of its model; NULL for what takes one back
    :param res_id: its number
    """

    customer: SQL
    company: SQL
    day: SQL
    lead: SQL
    res_model: SQL
    res_id: SQL


def won_deal(lead):
    """Return a lead that is won as a purchase.

    :param str lead: alias of the lead, with its company, day and partner
    """
    lead_id = SQL.identifier(lead, "id")
    return AskedPurchase(
        customer=SQL(
            "(SELECT commercial_partner_id FROM res_partner WHERE id = %s)",
            SQL.identifier(lead, "partner_id"),
        ),
        company=company_of_deal(lead),
        day=SQL.identifier(lead, "date_won"),
        lead=lead_id,
        res_model=SQL("'crm.lead'"),
        res_id=lead_id,
    )


def company_of_deal(lead):
    """Return the company that a won deal belongs to: its own, else that of its event.

    :param str lead: alias of the lead
    """
    return SQL(
        """COALESCE(%s, (
               SELECT company_id FROM hr_commission_event
                WHERE event_type = 'deal_won' AND res_model = 'crm.lead'
                  AND res_id = %s AND res_part = ''))""",
        SQL.identifier(lead, "company_id"),
        SQL.identifier(lead, "id"),
    )


def has_bought_before(env, asked):
    """Return the condition that a customer had bought before a purchase.

    :param AskedPurchase asked: the purchase
    """
    return SQL(
        """EXISTS (
           SELECT FROM %s
              AND (bought.day < asked.day OR bought.res_model = asked.res_model
                   AND bought.res_id < asked.res_id)
              AND CASE WHEN asked.lead_id IS NULL THEN bought.res_model != 'crm.lead'
                       ELSE bought.lead_id IS DISTINCT FROM asked.lead_id END)""",
        _bought(env, asked),
    )


def first_bought_on(env, asked):
    """Return the day of a customer's first purchase, NULL without one by that day.

    :param AskedPurchase asked: the purchase; what belongs to its deal counts
    """
    return SQL("(SELECT MIN(bought.day) FROM %s)", _bought(env, asked))


def _bought(env, asked):
    selects = env["hr.commission.event"]._get_purchase_selects()
    return SQL(
        BOUGHT,
        selects=SQL(" UNION ALL ").join(selects),
        root=_root_of(SQL("bought.company_id")),
        asked_root=_root_of(SQL("asked.company_id")),
        customer=asked.customer,
        company=asked.company,
        day=asked.day,
        lead=asked.lead,
        res_model=asked.res_model,
        res_id=asked.res_id,
    )


def _root_of(company):
    return SQL(
        "(SELECT split_part(parent_path, '/', 1) FROM res_company WHERE id = %s)",
        company,
    )
