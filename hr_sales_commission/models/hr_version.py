from collections import defaultdict

from odoo import api, fields, models


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

    @api.model
    def _get_commission_plans(self, employees):
        """Return a function (employee id, day) → personal plan id, or None.

        One query for all employees.
        """
        versions = defaultdict(list)
        for version in self.search(
            [("employee_id", "in", employees.ids)],
            order="date_version desc",
        ):
            versions[version.employee_id.id].append(version)
        return lambda employee_id, day: next(
            (
                version.commission_plan_id.id
                for version in versions[employee_id]
                if version.date_version <= day
            ),
            None,
        )

    def _get_whitelist_fields_from_template(self):
        return [*super()._get_whitelist_fields_from_template(), "commission_plan_id"]
