from odoo import fields, models


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    attribution_half_life = fields.Integer(
        string="Half-Life (Days)",
        default=7,
        help="Under time decay a contact weighs half as much for every so many days "
        "it is older.",
    )

    _half_life_positive = models.Constraint(
        "CHECK (attribution_half_life > 0)",
        "The half-life is at least one day.",
    )
