from odoo import api, models


class HrCommissionRole(models.Model):
    _inherit = "hr.commission.role"

    @api.model
    def _select_filled_by(self):
        way = ("contract", self.env._("The account manager of the contract"))
        return [*super()._select_filled_by(), way]
