from odoo import fields, models

from .hr_commission_rule import MEASURE


class HrCommissionTarget(models.Model):
    _inherit = "hr.commission.target"

    measure = fields.Selection(selection_add=MEASURE, ondelete={"renewed": "cascade"})
