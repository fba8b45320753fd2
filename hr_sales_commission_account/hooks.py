# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What installation takes over from before, and what uninstallation takes along."""

from odoo.tools import SQL

from .pipeline.sold_documents import CUSTOMER_DOCUMENTS


def post_init_hook(env):
    """Let companies that have sold before start with commissions today.

    Orders and invoices of the past pay nothing until somebody chooses an earlier day.
    """
    rows = env.execute_query(
        SQL(
            """SELECT company_id FROM (
                   SELECT company_id FROM sale_order WHERE state = 'sale'
                    UNION
                   SELECT company_id FROM account_move
                    WHERE state = 'posted'
                      AND move_type IN %s) sold
                WHERE NOT EXISTS (SELECT FROM hr_commission_event event
                                   WHERE event.company_id = sold.company_id)""",
            CUSTOMER_DOCUMENTS,
        )
    )
    companies = env["res.company"].browse([company_id for (company_id,) in rows])
    companies._start_commissions_today()
