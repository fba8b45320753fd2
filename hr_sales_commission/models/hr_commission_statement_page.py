# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What stands on the statement, on screen and printed, in groups that explain themselves."""

from odoo import api, fields, models

from ..pipeline.pay_parts import part_of

#: kinds of lines that are printed with the reason behind them
UNUSUAL_KINDS = ("adjustment", "clawback", "manual", "draw")


class HrCommissionStatement(models.Model):
    _inherit = "hr.commission.statement"

    month_line_ids = fields.One2many(
        "hr.commission.line",
        compute="_compute_line_groups",
        string="This Month",
        help="What was earned on the events of this month.",
    )
    earlier_line_ids = fields.One2many(
        "hr.commission.line",
        compute="_compute_line_groups",
        string="From Earlier Months",
        help="What was computed or decided later than in its own month.",
    )
    held_line_ids = fields.One2many(
        "hr.commission.line",
        compute="_compute_line_groups",
        string="Held, Not Part of This Statement",
        help="Waits for a verified source or the decision of a dispute.",
    )

    @api.depends("date_from", "line_ids.state", "line_ids.is_disputed", "line_ids.date")
    def _compute_line_groups(self):
        for statement in self:
            lines = statement.line_ids.filtered(lambda line: line.state != "cancelled")
            held = lines.filtered(
                lambda line: part_of(line.state, line.is_disputed) == "held"
            )
            earlier = (lines - held).filtered(
                lambda line, first=statement.date_from: line.date < first
            )
            statement.month_line_ids = lines - held - earlier
            statement.earlier_line_ids = earlier
            statement.held_line_ids = held

    def _get_line_groups(self):
        """Return the lines of the month, of earlier months, and what is held, apart.

        :return: list of dicts with ``title``, ``lines``, their sum ``amount``, and
            which of them are ``unusual`` and need their reason beside them
        :rtype: list[dict]
        """
        self.ensure_one()
        groups = [
            (self.env._("This month"), self.month_line_ids),
            (self.env._("From earlier months"), self.earlier_line_ids),
            (self.env._("Held, not part of this statement"), self.held_line_ids),
        ]
        return [
            {
                "title": title,
                "lines": found.sorted(lambda line: (line.date, line.id)),
                "amount": sum(found.mapped("amount")),
                "unusual": found.filtered(
                    lambda line: line.kind in UNUSUAL_KINDS or line.origin_line_id
                ),
            }
            for title, found in groups
            if found
        ]

    def _get_print_department(self):
        """Return the department of the employee in the month of the statement."""
        self.ensure_one()
        # sudo: hr.version - whoever may read a statement may read whose it is
        version = self.employee_id.sudo()._get_version(self.date_to)
        return version.department_id.name or ""

    def _get_print_number(self):
        """Return what human resources identify the employee by; empty without."""
        self.ensure_one()
        # sudo: hr.employee - whoever may read a statement may read whose it is
        return self.employee_id.sudo().barcode or ""

    def _get_print_day(self):
        """Return today in the time zone of the statement's company."""
        self.ensure_one()
        return self.company_id._commission_local_date(fields.Datetime.now())
