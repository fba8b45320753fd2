# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What of an invoice is still to be paid."""

from odoo.tools import SQL


def open_amount(invoice):
    """Return what of an invoice is open, in its currency.

    Odoo's residual leaves out what a payment settled that is a draft again: no money
    came.

    :param str invoice: alias of the invoice
    """
    return SQL(
        """(%(residual)s + COALESCE((
            SELECT SUM(match.amount)
              FROM account_move_line owed
        CROSS JOIN LATERAL (
                   SELECT credit_move_id AS money_id, debit_amount_currency AS amount
                     FROM account_partial_reconcile WHERE debit_move_id = owed.id
                UNION ALL
                   SELECT debit_move_id, credit_amount_currency
                     FROM account_partial_reconcile WHERE credit_move_id = owed.id
                   OFFSET 0) match
              JOIN account_move_line money ON money.id = match.money_id
             WHERE owed.move_id = %(id)s AND owed.display_type = 'payment_term'
               AND money.parent_state != 'posted'), 0))""",
        residual=SQL.identifier(invoice, "amount_residual"),
        id=SQL.identifier(invoice, "id"),
    )
