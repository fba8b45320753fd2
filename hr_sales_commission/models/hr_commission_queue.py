# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models
from odoo.tools import SQL

#: until the end of the transaction
COMPILE_NOTHING = SQL("set_config('jit', 'off', TRUE)")


class HrCommissionQueue(models.Model):
    """One row per company tree: whoever holds it may compute that tree.

    Its counter makes a second worker that started on an older view of the database
    fail with a serialization error (which Odoo retries) instead of computing on it.
    """

    _name = "hr.commission.queue"
    _description = "Commission Processing Queue"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    run_count = fields.Integer(readonly=True)
    last_run = fields.Datetime(readonly=True)

    _company_unique = models.UniqueIndex("(company_id)")

    @api.model
    def _acquire(self, root_company_ids):
        """Take the queues of these company trees until the end of the transaction.

        Until then PostgreSQL compiles no statement: what a batch looks up is guessed to
        be dear and is not, and compiling took ten times as long as running.

        :param root_company_ids: ids of companies without parent
        :return: the ids of those that no other worker holds
        :rtype: list[int]
        """
        if not root_company_ids:
            return []
        roots = list(root_company_ids)
        held = SQL(
            """SELECT id FROM hr_commission_queue WHERE company_id = ANY(%s)
                ORDER BY company_id FOR UPDATE SKIP LOCKED""",
            roots,
        )
        acquired = self.env.execute_query(
            SQL(
                """UPDATE hr_commission_queue
                      SET run_count = run_count + 1, last_run = now() AT TIME ZONE 'UTC'
                    WHERE id IN (%s) RETURNING company_id, %s""",
                held,
                COMPILE_NOTHING,
            )
        )
        self.invalidate_model(flush=False)
        found = [company_id for company_id, _setting in acquired]
        missing = [root for root in roots if root not in found]
        return found + self._create_missing(missing) if missing else found

    @api.model
    def _create_missing(self, root_company_ids):
        created = self.env.execute_query(
            SQL(
                """INSERT INTO hr_commission_queue (company_id, run_count, last_run)
                   SELECT root, 1, now() AT TIME ZONE 'UTC' FROM unnest(%s) AS root
                    WHERE NOT EXISTS (  -- a conflict would wait for the other worker
                        SELECT FROM hr_commission_queue WHERE company_id = root)
                       ON CONFLICT (company_id) DO NOTHING
                RETURNING company_id, %s""",
                root_company_ids,
                COMPILE_NOTHING,
            )
        )
        return [company_id for company_id, _setting in created]
