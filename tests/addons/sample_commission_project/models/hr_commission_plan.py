from odoo import fields, models

PAYOUT = [("quarter_end", "At the end of the quarter")]


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    payout = fields.Selection(
        selection_add=PAYOUT, ondelete={"quarter_end": "set default"}
    )
    attribution = fields.Selection(
        selection_add=[("last_month", "Touches of the last month")],
        ondelete={"last_month": "set default"},
    )
