# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The conditions of a scope as SQL."""

from odoo.tools import SQL

from odoo.addons.hr_sales_commission.pipeline.purchases import (
    AskedPurchase,
    has_bought_before,
)

from .commission_scope import WHOLE
from .sold_documents import INVOICES


def line_condition(env, scope, line):
    """Return the condition on the lines of orders or invoices.

    :param str line: alias of the line in the statement
    """
    conditions = [SQL("TRUE")]
    if scope.product_domain:
        conditions.append(
            SQL(
                "%s IN %s",
                SQL.identifier(line, "product_id"),
                _matching(env, "product.product", scope.product_domain),
            )
        )
    if (
        scope.min_discount > WHOLE.min_discount
        or scope.max_discount < WHOLE.max_discount
    ):
        discount = SQL("COALESCE(%s, 0)", SQL.identifier(line, "discount"))
        is_open = scope.max_discount in (WHOLE.max_discount, scope.min_discount)
        conditions += [
            SQL("%s >= %s", discount, scope.min_discount),
            # bands meet in a bound, which belongs to the upper one
            SQL("%s <= %s", discount, scope.max_discount)
            if is_open
            else SQL("%s < %s", discount, scope.max_discount),
        ]
    return SQL(" AND ").join(conditions)


def is_discount_line(scope, line, quantity):
    """Return whether a line takes something off the whole document.

    Such a line is no sale of its own: where only some lines count, it is shared out
    over the lines of the document in proportion to their amounts.

    :param str line: alias of the line
    :param str quantity: its column with the quantity
    """
    if not scope.chooses_lines:
        return SQL("FALSE")
    return SQL(
        "(%s < 0 AND %s > 0)",
        SQL.identifier(line, "price_unit"),
        SQL.identifier(line, quantity),
    )


def customer_condition(env, scope, customer):
    """Return the condition on the customer.

    :param SQL customer: the id of the commercial partner
    """
    if not scope.customer_domain:
        return SQL("TRUE")
    return SQL(
        "%s IN %s", customer, _matching(env, "res.partner", scope.customer_domain)
    )


def _matching(env, model, domain_text):
    # sudo: asked for the ledger, whoever computes
    records = env[model].sudo().with_context(active_test=False)
    domain = env["hr.commission.condition"]._parse(domain_text, model)
    return records._search(domain).subselect()


def taken_back_on(invoice):
    """Return the day on which all of an invoice was credited, NULL if it was not.

    :param str invoice: alias of the invoice
    """
    return SQL(
        """(SELECT MAX(note.invoice_date) FROM account_move note
             WHERE note.reversed_entry_id = %s
               AND note.move_type = 'out_refund' AND note.state = 'posted'
            HAVING SUM(note.amount_untaxed) >= %s)""",
        SQL.identifier(invoice, "id"),
        SQL.identifier(invoice, "amount_untaxed"),
    )


def sealed_deal(orders):
    """Return the deal that counts for an order: that of its confirmation, if any.

    :param str orders: name of the orders in a query
    """
    return SQL(
        """CASE WHEN %(orders)s.commission_date IS NULL THEN %(orders)s.opportunity_id
                ELSE %(orders)s.commission_lead_id END""",
        orders=SQL.identifier(orders),
    )


def sealed_day(orders):
    """Return the day that counts for an order: that of its confirmation, if any.

    One confirmed before commissions were is of its company's local day.

    :param str orders: name of the orders in a query
    """
    return SQL(
        """COALESCE(%(orders)s.commission_date, (
               SELECT (%(orders)s.date_order AT TIME ZONE 'UTC' AT TIME ZONE
                       COALESCE(calendar.tz, own.tz, 'UTC'))::date
                 FROM res_company company
                 JOIN res_partner own ON own.id = company.partner_id
            LEFT JOIN resource_calendar calendar
                   ON calendar.id = company.resource_calendar_id
                WHERE company.id = %(orders)s.company_id))""",
        orders=SQL.identifier(orders),
    )


def is_repeat_order(env, order, contact):
    """Return whether the customer of an order had bought before.

    :param str order: alias of the order
    :param str contact: alias of the partner of the order
    """
    return has_bought_before(
        env,
        AskedPurchase(
            customer=SQL.identifier(contact, "commercial_partner_id"),
            company=SQL.identifier(order, "company_id"),
            day=sealed_day(order),
            lead=sealed_deal(order),
            res_model=SQL("'sale.order'"),
            res_id=SQL.identifier(order, "id"),
        ),
    )


def is_repeat_invoice(env, invoice):
    """Return whether the customer of an invoice without order had bought before.

    :param str invoice: alias of the invoice
    """
    return has_bought_before(
        env,
        AskedPurchase(
            customer=SQL.identifier(invoice, "commercial_partner_id"),
            company=SQL.identifier(invoice, "company_id"),
            day=SQL.identifier(invoice, "invoice_date"),
            lead=SQL("NULL::int"),
            res_model=SQL("'account.move'"),
            res_id=SQL.identifier(invoice, "id"),
        ),
    )


def select_ordered():
    """Return the confirmed orders of the customer ``asked`` as purchases."""
    return SQL(
        """SELECT orders.company_id, %s, NULL, %s, 'sale.order', orders.id
             FROM (SELECT id FROM res_partner
                    WHERE commercial_partner_id = asked.customer_id OFFSET 0) person
       CROSS JOIN LATERAL (
                  SELECT * FROM sale_order
                   WHERE partner_id = person.id OFFSET 0) orders
            WHERE orders.state = 'sale'""",
        sealed_day("orders"),
        sealed_deal("orders"),
    )


def select_invoiced():
    """Return the posted invoices of the customer ``asked`` as purchases.

    What is invoiced of a confirmed order was bought with the order.
    """
    return SQL(
        """SELECT invoice.company_id, invoice.invoice_date, %s, NULL,
                  'account.move', invoice.id
             FROM (SELECT id FROM res_partner
                    WHERE commercial_partner_id = asked.customer_id OFFSET 0) person
       CROSS JOIN LATERAL (
                  SELECT * FROM account_move
                   WHERE partner_id = person.id OFFSET 0) invoice
            WHERE invoice.state = 'posted'
              AND invoice.move_type IN %s
              AND NOT EXISTS (
                  SELECT FROM account_move_line line
                    JOIN sale_order_line_invoice_rel rel
                      ON rel.invoice_line_id = line.id
                    JOIN sale_order_line item ON item.id = rel.order_line_id
                    JOIN sale_order orders ON orders.id = item.order_id
                   WHERE line.move_id = invoice.id AND orders.state = 'sale')""",
        taken_back_on("invoice"),
        INVOICES,
    )
