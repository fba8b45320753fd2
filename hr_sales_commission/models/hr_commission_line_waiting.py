# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What a commission still waits for, told to whoever may see it."""

from odoo import api, fields, models
from odoo.tools.misc import format_date

from ..pipeline.titles import sentences


class HrCommissionLine(models.Model):
    _inherit = "hr.commission.line"

    waiting_for = fields.Char(
        compute="_compute_waiting_for",
        string="Waits For",
        help="What has to happen before this commission is paid.",
    )

    @api.depends(
        "state", "is_disputed", "source_state", "date_due", "first_approver_id"
    )
    @api.depends_context("uid", "lang")
    def _compute_waiting_for(self):
        self.sudo().event_id.mapped("double_id")  # sudo: read together, told below
        for line in self:
            today = line.company_id._commission_local_date()
            line.waiting_for = sentences(self.env, line._find_waiting(today)) or False

    def _find_waiting(self, today):
        """Yield in sentences what the line waits for; addons add theirs.

        :param date today: local day
        """
        self.ensure_one()
        if self.state in ("paid", "cancelled"):
            return
        if self.is_disputed:
            yield self.env._("The decision of the dispute.")
        if self.state == "held":
            yield self._describe_held()
        elif self.state == "draft":
            yield self._describe_approval()
        if self.state == "in_payroll":
            yield self.env._("The payslip that holds it is confirmed.")
        elif self.date_due and self.date_due > today:
            yield self.env._(
                "It is due on %(day)s.", day=format_date(self.env, self.date_due)
            )
        elif self.state == "approved" and not self.is_disputed:
            yield self.env._("The next payroll.")

    def _describe_held(self):
        """Return why a line is held, without telling what only officers may read."""
        line = self.sudo()  # sudo: that there is a reason, not which deal it is
        if line.event_id.double_id or line.lead_id.odd_reason:
            return self.env._(
                "A commission officer looks whether the deal is in order: it looks odd, "
                "or like another one."
            )
        if line.source_state == "disputed":
            return self.env._("The dispute about the customer's source is decided.")
        return self.env._("The customer's source is verified.")

    def _describe_approval(self):
        if self.first_approver_id:
            return self.env._(
                "A second person approves it: %(user)s did already. Large amounts, and "
                "those of one's own manager, take two.",
                user=self.first_approver_id.sudo().name,  # sudo: a colleague's name
            )
        return self.env._("A branch manager or a commission officer approves it.")
