# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class HrCommissionManager(models.Model):
    """Who somebody's manager was until a day; from then on it is the next one.

    Odoo knows today's manager only. A row is kept whenever the manager of an employee
    changes, so that an event entered later still finds the manager of its day. The
    first manager that is known counts for earlier days too.
    """

    _name = "hr.commission.manager"
    _description = "Former Manager"
    _inherit = [
        "hr.commission.guard",
        "hr.mixin",
    ]  # officers choose employees without reading their records
    _order = "employee_id, date_to desc"
    _rec_name = "employee_id"

    employee_id = fields.Many2one("hr.employee", required=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="employee_id.company_id", store=True, index=True
    )  # stored for the record rules
    manager_id = fields.Many2one("hr.employee", required=True, ondelete="cascade")
    date_to = fields.Date(
        required=True, string="Until", help="Last day on which this was the manager."
    )

    _day_unique = models.UniqueIndex(
        "(employee_id, date_to)", "Somebody has one manager on a day."
    )

    @api.model_create_multi
    def create(self, vals_list):
        managers = super().create(vals_list)
        managers._check_not_own()
        return managers

    def write(self, vals):
        self._check_not_own()
        result = super().write(vals)
        self._check_not_own()
        return result

    def unlink(self):
        self._check_not_own()
        return super().unlink()

    def _check_not_own(self):
        """Nobody says of whom they were the manager: managers earn by their people.

        Nor does whoever would be the manager instead: as the one of today, or of before
        or after.

        :raises AccessError: for oneself as a manager
        """
        rows = self.sudo()  # sudo: who manages whom, whoever enters it
        people = rows.employee_id
        others = rows.search([("employee_id", "in", people.ids)])
        managers = rows.manager_id | others.manager_id | people.parent_id
        if self.env["hr.commission.person"]._is_own(managers):
            raise AccessError(
                self.env._("Somebody else enters of whom you were the manager.")
            )

    @api.model
    def _log_changes(self, employees, manager_id):
        """Keep who the manager of employees was, before they get another one.

        The first manager of a day is the one of the day before, so that counts.

        :param employees: hr.employee
        :param manager_id: the new manager's id, or False
        """
        changed = employees.filtered(
            lambda employee: (
                employee.parent_id and employee.parent_id.id != (manager_id or False)
            )
        )
        if not changed:
            return
        until = {
            company: company._commission_local_date() - timedelta(days=1)
            for company in changed.company_id
        }
        known = {
            (each.employee_id.id, each.date_to)
            for each in self.search([("employee_id", "in", changed.ids)])
        }
        self.create(
            [
                {
                    "employee_id": employee.id,
                    "manager_id": employee.parent_id.id,
                    "date_to": until[employee.company_id],
                }
                for employee in changed
                if (employee.id, until[employee.company_id]) not in known
            ]
        )

    @api.model
    def _read_history(self, employee_ids):
        """Return the former managers of employees, the earliest first.

        :return: rows of (employee id, manager id, last day)
        """
        self.flush_model()
        return self.env.execute_query(
            SQL(
                """SELECT employee_id, manager_id, date_to FROM hr_commission_manager
                    WHERE employee_id = ANY(%s) ORDER BY employee_id, date_to""",
                list(employee_ids),
            )
        )
