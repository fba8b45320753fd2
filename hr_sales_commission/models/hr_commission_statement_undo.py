# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""An approval of statements is taken back, as long as nothing was built on it."""

from odoo import models
from odoo.tools import SQL

from ..pipeline.closed_days import is_closed
from ..pipeline.isolation import lock_quietly
from ..pipeline.refusals import name_each, refuse_any
from ..pipeline.states import HANDED_STATES, SETTLED_STATEMENTS


class HrCommissionStatement(models.Model):
    _inherit = "hr.commission.statement"

    def action_take_back_approval(self):
        """Set approved statements back to confirmed, with the lines approved on them.

        What the approval left for a later month, because it was held, returns; a draw
        is cancelled. A first approval of two stays.

        :raises UserError: for one's own statement, if it is not approved, paid or being
            paid in part, of a closed month, or if a later month is approved already
        """
        self._check_may_manage()
        lock_quietly(self.sudo())  # sudo: checked above
        refuse_any(self._find_not_undoable())
        statements = self.sudo()  # sudo: checked above
        statements._reopen_lines()
        statements.write({"state": "confirmed", "approver_id": False})
        statements._attach_lines()
        statements._log_in_chatter(
            self.env._("%(name)s took the approval back.", name=self.env.user.name)
        )
        return True

    def _reopen_lines(self):
        """Set what was approved with these statements back to approval."""
        lines = self.line_ids.filtered(lambda line: line.state == "approved")
        draws = lines.filtered(lambda line: line.kind == "draw")
        (lines - draws)._reopen()
        draws._reopen("cancelled")  # the next approval posts it again

    def _find_not_undoable(self):
        """Say of which statements the approval cannot be taken back, and why.

        :return: (statement, reason) pairs
        """
        yield from self._find_own()
        yield from name_each(
            self.filtered(lambda each: each.state != "approved"),
            self.env._("“%(statement)s” is not approved, or paid already."),
        )
        # sudo: all lines and the lock date, whoever may approve
        statements = self.sudo()
        for line, reason in statements.line_ids.sudo(False)._find_stakes():
            yield line.sudo().statement_id, reason  # sudo: which statement it is on
        yield from name_each(
            statements.filtered(
                lambda each: (
                    not set(HANDED_STATES).isdisjoint(each.line_ids.mapped("state"))
                )
            ),
            self.env._("Part of “%(statement)s” is on a payslip, exported or paid."),
        )
        yield from name_each(
            statements.filtered(
                lambda each: is_closed(
                    each.company_id.commission_lock_date, each.date_to
                )
            ),
            self.env._("The month of “%(statement)s” is closed."),
        )
        yield from name_each(
            self._filter_built_on(),
            self.env._("A later month than “%(statement)s” is approved already."),
        )

    def _filter_built_on(self):
        """Return the statements whose balance another, approved month carries on."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT now.id
                     FROM hr_commission_statement now
                     JOIN hr_commission_statement later
                       ON later.employee_id = now.employee_id
                      AND later.company_id = now.company_id
                      AND later.date_from > now.date_from
                      AND later.state IN %s
                      AND later.id != ALL(%s)
                    WHERE now.id = ANY(%s)""",
                SETTLED_STATEMENTS,
                self.ids,
                self.ids,
            )
        )
        return self.browse({statement_id for (statement_id,) in rows})
