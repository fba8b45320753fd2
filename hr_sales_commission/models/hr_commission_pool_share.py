# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models


class HrCommissionPoolShare(models.Model):
    """The fixed part of a member in a pool, in proportion to the other members."""

    _name = "hr.commission.pool.share"
    _description = "Fixed Share of a Commission Pool"
    _inherit = [
        "hr.commission.guard",
        "hr.mixin",
    ]  # officers choose employees without reading their records
    _order = "pool_id, id"
    _rec_name = "employee_id"

    pool_id = fields.Many2one("hr.commission.pool", required=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="pool_id.company_id", store=True
    )  # stored for the record rules
    employee_id = fields.Many2one("hr.employee", required=True, ondelete="restrict")
    percent = fields.Float(
        string="Share (%)",
        required=True,
        default=100.0,
        digits=(16, 6),
        help="The part of the pool; together they are 100 %.",
    )

    _person_unique = models.UniqueIndex(
        "(pool_id, employee_id)", "Each member has one share of a pool."
    )
    _percent_positive = models.Constraint(
        "CHECK (percent > 0)", "A share of a pool is above zero."
    )

    @api.model_create_multi
    def create(self, vals_list):
        shares = super().create(vals_list)
        shares.pool_id._check_not_own()
        self.env.registry.clear_cache()
        return shares

    def write(self, vals):
        self.pool_id._check_not_own()
        result = super().write(vals)
        self.pool_id._check_not_own()
        if "pool_id" in vals:
            self.check_access("write")  # Odoo checks the place before only
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.pool_id._check_not_own()
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
