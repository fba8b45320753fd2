from odoo import fields, models


class HrCommissionLine(models.Model):
    _inherit = "hr.commission.line"

    kind = fields.Selection(
        selection_add=[("prize", "Prize")], ondelete={"prize": "set default"}
    )

    def _get_kinds_by_hand(self):
        return super()._get_kinds_by_hand() | {"prize"}
