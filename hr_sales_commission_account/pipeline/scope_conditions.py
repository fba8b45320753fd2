"""The conditions of a scope as SQL."""

from odoo.tools import SQL

from .commission_scope import WHOLE


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

    :param str orders: name of the orders in a query
    """
    return SQL(
        "COALESCE(%(orders)s.commission_date, %(orders)s.date_order::date)",
        orders=SQL.identifier(orders),
    )


def is_repeat_order(order, contact):
    """Return whether the customer of an order had bought before.

    Another order of the same deal is not another sale, nor is an invoice that was
    credited in full by then.

    :param str order: alias of the order
    :param str contact: alias of the partner of the order
    """
    names = {
        "date": sealed_day(order),
        "id": SQL.identifier(order, "id"),
        "lead": sealed_deal(order),
        "other_date": sealed_day("other"),
        "other_lead": sealed_deal("other"),
        "company": SQL.identifier(order, "company_id"),
        "customer": SQL.identifier(contact, "commercial_partner_id"),
    }
    return SQL(
        """(EXISTS (
            SELECT FROM sale_order other
              JOIN res_partner buyer ON buyer.id = other.partner_id
             WHERE buyer.commercial_partner_id = %(customer)s
               AND other.company_id = %(company)s AND other.state = 'sale'
               AND (%(other_date)s, other.id) < (%(date)s, %(id)s)
               AND (%(other_lead)s IS NULL OR %(lead)s IS NULL
                    OR %(other_lead)s != %(lead)s))
         OR EXISTS (
            SELECT FROM account_move invoice
              JOIN res_partner payer ON payer.id = invoice.partner_id
             WHERE payer.commercial_partner_id = %(customer)s
               AND invoice.company_id = %(company)s AND invoice.state = 'posted'
               AND invoice.move_type = 'out_invoice'
               AND invoice.invoice_date < %(date)s
               AND COALESCE(%(taken_back_on)s > %(date)s, TRUE)))""",
        taken_back_on=taken_back_on("invoice"),
        **names,
    )


def is_repeat_invoice(invoice):
    """Return whether the customer of an invoice without order had bought before.

    What was credited in full by then was no purchase.

    :param str invoice: alias of the invoice
    """
    names = {
        "date": SQL.identifier(invoice, "invoice_date"),
        "id": SQL.identifier(invoice, "id"),
        "company": SQL.identifier(invoice, "company_id"),
        "customer": SQL.identifier(invoice, "commercial_partner_id"),
    }
    return SQL(
        """(EXISTS (
            SELECT FROM account_move other
              JOIN res_partner payer ON payer.id = other.partner_id
             WHERE payer.commercial_partner_id = %(customer)s
               AND other.company_id = %(company)s AND other.state = 'posted'
               AND other.move_type = 'out_invoice'
               AND (other.invoice_date, other.id) < (%(date)s, %(id)s)
               AND COALESCE(%(taken_back_on)s > %(date)s, TRUE))
         OR EXISTS (
            SELECT FROM sale_order sold
              JOIN res_partner buyer ON buyer.id = sold.partner_id
             WHERE buyer.commercial_partner_id = %(customer)s
               AND sold.company_id = %(company)s AND sold.state = 'sale'
               AND %(sold_date)s < %(date)s))""",
        taken_back_on=taken_back_on("other"),
        sold_date=sealed_day("sold"),
        **names,
    )
