from odoo import fields, models


class HrVersion(models.Model):
    _inherit = "hr.version"

    commission_plan_id = fields.Many2one(
        "hr.commission.plan",
        groups="hr.group_hr_user",
        tracking=True,
        index="btree_not_null",
        domain="[('is_personal', '=', True)]",
        help="A plan of the employee's own, from the date of this record on.",
    )

    def _get_whitelist_fields_from_template(self):
        return [*super()._get_whitelist_fields_from_template(), "commission_plan_id"]
