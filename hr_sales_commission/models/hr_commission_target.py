from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

TARGET_MEASURES = [
    ("won_amount", "Amount of deals won"),
    ("won_count", "Number of deals won"),
    ("qualified_count", "Number of qualified leads"),
]


class HrCommissionTarget(models.Model):
    """What an employee is to reach in a month, a quarter or a year."""

    _name = "hr.commission.target"
    _description = "Commission Target"
    _order = "date_from desc, employee_id, measure"
    _check_company_auto = True

    employee_id = fields.Many2one("hr.employee", required=True, check_company=True)
    user_id = fields.Many2one(
        related="employee_id.user_id", store=True, index=True
    )  # stored for the record rules
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    measure = fields.Selection(TARGET_MEASURES, required=True, default="won_amount")
    period = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")],
        required=True,
        default="month",
    )
    date_from = fields.Date(
        string="First Day",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
    )
    amount = fields.Float(required=True, help="Money or a number, as the measure says.")

    _target_unique = models.UniqueIndex(
        "(employee_id, measure, date_from, period)",
        "This employee already has a target for this measure and period.",
    )
    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A target is more than zero."
    )

    @api.depends("employee_id", "measure", "date_from")
    def _compute_display_name(self):
        labels = dict(self._fields["measure"]._description_selection(self.env))
        for target in self:
            target.display_name = (
                f"{target.employee_id.name}: {labels.get(target.measure)}"
                f" ({target.date_from})"
            )

    @api.model
    def _get_amounts(self, windows):
        """Return the targets of employees whose periods start in their windows.

        :param windows: (first day, last day) by employee id
        :return: amount by (employee id, measure, first day)
        :rtype: dict[tuple[int, str, date], Decimal]
        """
        if not windows:
            return {}
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT employee_id, measure, date_from, amount::text
                     FROM hr_commission_target WHERE employee_id = ANY(%s)""",
                list(windows),
            )
        )
        return {
            (employee_id, measure, day): Decimal(amount)
            for employee_id, measure, day, amount in rows
        }
