"""What stands on the printed statement, in groups that explain themselves."""

from odoo import fields, models

#: kinds of lines that are printed with the reason behind them
UNUSUAL_KINDS = ("adjustment", "clawback", "manual", "draw")


class HrCommissionStatement(models.Model):
    _inherit = "hr.commission.statement"

    def _get_line_groups(self):
        """Return the lines of the month, of earlier months, and what is held, apart.

        :return: list of dicts with ``title``, ``lines``, their sum ``amount``, and
            which of them are ``unusual`` and need their reason beside them
        :rtype: list[dict]
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.state != "cancelled")
        held = lines.filtered(lambda line: line.state == "held")
        earlier = (lines - held).filtered(lambda line: line.date < self.date_from)
        groups = [
            (self.env._("This month"), lines - held - earlier),
            (self.env._("From earlier months"), earlier),
            (self.env._("Held, not part of this statement"), held),
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
