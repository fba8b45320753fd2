# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import fields, models


class CrmLeadShare(models.Model):
    """How a role's credit for a deal is shared between people."""

    _name = "crm.lead.share"
    _description = "Commission Share"
    _inherit = "hr.commission.share.mixin"
    _order = "lead_id, role, id"
    _shared_fields = ("lead_id",)

    lead_id = fields.Many2one("crm.lead", required=True, ondelete="cascade")
    is_automatic = fields.Boolean(
        string="Computed",
        readonly=True,
        copy=False,
        help="Shared by the attribution model of the plan.",
    )

    _person_unique = models.UniqueIndex(
        "(lead_id, role, employee_id)", "Each person has one share per role."
    )

    def write(self, vals):
        """What somebody writes is no longer what the attribution model computed."""
        return super().write({"is_automatic": False, **vals})
