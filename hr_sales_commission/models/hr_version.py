"""Versions of an employee: a change computes again what it concerns."""

from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

#: what a target in proportion looks at
TARGET_FIELDS = {
    "date_version",
    "active",
    "contract_date_start",
    "contract_date_end",
    "departure_date",
    "job_id",
}


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

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        versions.filtered("commission_plan_id")._check_own_plan()
        if versions._concern_plans():
            versions._reprocess_commissions()
        versions._reprocess_targets()
        return versions

    def write(self, vals):
        moved = not {"date_version", "active"}.isdisjoint(vals)
        has_plan = "commission_plan_id" in vals or (moved and self._concern_plans())
        if has_plan:
            self._check_own_plan()
            self._reprocess_commissions()
        is_moved = not TARGET_FIELDS.isdisjoint(vals)
        if is_moved:
            self._reprocess_targets()
        result = super().write(vals)
        if has_plan:
            self._check_own_plan()
            self._reprocess_commissions()
        if is_moved:
            self._reprocess_targets()
        return result

    def _check_own_plan(self):
        """Refuse to choose by what plan oneself is paid.

        :raises AccessError: for one's own employee record
        """
        if self.env.su:
            return
        # sudo: whose employee record that is
        if self.env.user in self.sudo().employee_id.user_id:
            raise AccessError(
                self.env._("Somebody else chooses the commission plan you are paid by.")
            )

    def unlink(self):
        if self._concern_plans():
            self._reprocess_commissions()
        self._reprocess_targets()
        return super().unlink()

    def _reprocess_targets(self):
        """Have what the employees are paid by what changed computed again.

        By targets in proportion, and by rules that end with the employment.
        """
        employees = self.sudo().employee_id  # sudo: whose record it is
        self.env["hr.commission.target"]._reprocess_in_part(employees)
        if self.env["hr.commission.plan"]._limits_leavers():
            Event = self.env["hr.commission.event"].sudo()  # sudo: events are technical
            for employee in employees:
                days = filter(None, employee.version_ids.mapped("departure_date"))
                Event._set_pending(
                    Domain("credit_ids.employee_id", "=", employee.id)
                    & Domain("date", ">", min(days, default=date.max))
                )

    def _concern_plans(self):
        """Whether a record of these employees names a plan: it holds until the next."""
        versions = self.sudo().employee_id.version_ids  # sudo: plans are HR's to read
        return any(versions.mapped("commission_plan_id"))

    def _reprocess_commissions(self):
        """Have the employees' events from these versions on computed again."""
        Event = self.env["hr.commission.event"].sudo()  # sudo: events are technical
        Event._set_credited_pending(
            Domain.OR(
                Domain("employee_id", "=", version.employee_id.id)
                & Domain("date", ">=", version.date_version)
                # sudo: hr.version - of an employee who was changed
                for version in self.sudo()
                if version.employee_id
            )
        )

    @api.model
    def _get_departures(self, employee_ids):
        """Return the day on which people left, of those who did and did not return.

        :rtype: dict[int, datetime.date]
        """
        self.flush_model(["employee_id", "departure_date", "contract_date_start"])
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT employee_id, MAX(departure_date) FROM hr_version
                        WHERE employee_id = ANY(%s) AND active
                        GROUP BY employee_id
                       HAVING MAX(departure_date) >= COALESCE(
                              MAX(contract_date_start), MAX(departure_date))""",
                    employee_ids,
                )
            )
        )

    @api.model
    def _get_commission_plans(self, employees):
        """Return a function (employee id, day) → personal plan id, or None.

        Before the first record of an employee none holds. One query for all.
        """
        versions = defaultdict(list)
        for version in self.search(
            [("employee_id", "in", employees.ids)],
            order="date_version desc",
        ):
            versions[version.employee_id.id].append(version)

        def get_plan(employee_id, day):
            for version in versions[employee_id]:
                if version.date_version <= day:
                    return version.commission_plan_id.id or None
            return None

        return get_plan

    def _get_whitelist_fields_from_template(self):
        return [*super()._get_whitelist_fields_from_template(), "commission_plan_id"]
