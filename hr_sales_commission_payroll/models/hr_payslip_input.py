"""Inputs of a payslip that hold commissions: not for people to change."""

from odoo import fields, models
from odoo.exceptions import UserError

from .hr_payslip_commission import PAYSLIP_KINDS


class HrPayslipInput(models.Model):
    _inherit = "hr.payslip.input"

    commission_kind = fields.Selection(
        PAYSLIP_KINDS,
        string="Commission",
        readonly=True,
        help="Filled when the sheet is computed, with what the payslip pays.",
    )

    def write(self, vals):
        if not self.env.su and any(line.commission_kind for line in self):
            raise UserError(
                self.env._(
                    "Commissions on a payslip come from approved commissions. To pay "
                    "another amount, add a manual commission line, approve it and "
                    "compute the sheet again."
                )
            )
        return super().write(vals)

    def _commission_update(self, values):
        """Write values that differ, so that a second computation writes nothing."""
        changed = {name: value for name, value in values.items() if self[name] != value}
        if changed:
            self.write(changed)
