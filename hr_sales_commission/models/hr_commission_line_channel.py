from odoo import fields, models


class HrCommissionLine(models.Model):
    """Through which channel the deal of a line came.

    Fields of their own: whoever may see a line may filter by them, even marketers who
    cannot read the salesperson's lead.
    """

    _inherit = "hr.commission.line"

    team_id = fields.Many2one(related="lead_id.team_id")
    campaign_id = fields.Many2one(related="lead_id.campaign_id")
    source_id = fields.Many2one(related="lead_id.source_id", string="Channel")
