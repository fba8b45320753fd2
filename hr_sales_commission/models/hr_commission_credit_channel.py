from odoo import fields, models


class HrCommissionCredit(models.Model):
    """Through which channel the deal of a credit came; see hr.commission.line."""

    _inherit = "hr.commission.credit"

    deal_company_id = fields.Many2one(
        related="event_id.company_id", string="Branch of the Deal"
    )
    team_id = fields.Many2one(related="event_id.lead_id.team_id")
    source_id = fields.Many2one(related="event_id.lead_id.source_id", string="Channel")
    commission_source = fields.Selection(
        related="event_id.lead_id.commission_source", string="Customer Source"
    )
