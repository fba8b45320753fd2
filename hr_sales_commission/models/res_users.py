# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""How a user wants to be told about commissions, and whom they manage."""

from odoo import fields, models
from odoo.tools import SQL

#: how many managers up somebody's commissions are seen
LEVELS = 4


class ResUsers(models.Model):
    _inherit = "res.users"

    is_commission_mail_immediate = fields.Boolean(
        string="Mail Each Notice of Commissions",
        help="Each notice about commissions comes as a mail of its own at once. "
        "Otherwise one mail a day says all of them together. Without effect for who "
        "reads notices in Odoo.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "is_commission_mail_immediate"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "is_commission_mail_immediate"]

    def _get_commission_people_below(self):
        """Return the employees whom the user manages, through others too.

        For record rules, which hold the answer until an employee gets another manager
        or user: asked line by line, four joins were half of what a board costs.

        :return: ids of hr.employee
        :rtype: list[int]
        """
        self.ensure_one()
        self.env["hr.employee"].flush_model(["parent_id", "user_id"])
        rows = self.env.execute_query(
            SQL(
                """WITH RECURSIVE below AS (
                       SELECT employee.id, 1 AS level
                         FROM hr_employee manager
                         JOIN hr_employee employee ON employee.parent_id = manager.id
                        WHERE manager.user_id = %s
                        UNION
                       SELECT employee.id, below.level + 1
                         FROM below
                         JOIN hr_employee employee ON employee.parent_id = below.id
                        WHERE below.level < %s
                   )
                   SELECT DISTINCT id FROM below ORDER BY id""",
                self.id,
                LEVELS,
            )
        )
        return [employee_id for (employee_id,) in rows]
