# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..pipeline.given import check_not_after, to_day, to_ids
from ..pipeline.officers import check_officer
from ..pipeline.titles import bracketed, clauses, phrases


class HrCommissionLine(models.Model):
    """What other payroll systems call, by any of Odoo's external APIs.

    Ask what is due, pay it, acknowledge it with the reference of the payment::

        POST /json/2/hr.commission.line/commission_due
        {"company_id": 1, "date_until": "2026-03-31"}

        POST /json/2/hr.commission.line/commission_acknowledge
        {"line_ids": [7, 8], "reference": "PAY-2026-03", "date": "2026-04-05"}

    What an export (``hr.commission.export``) handed over is no longer due; it is
    acknowledged by the same call, or from the export.
    """

    _inherit = "hr.commission.line"

    export_id = fields.Many2one(
        "hr.commission.export",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="What handed it to another payroll.",
    )

    @api.model
    @api.readonly
    def commission_due(self, company_id, date_until, include_negative=False):
        """Return the approved commissions due up to a day, by employee and kind.

        Who owes more than is due is left out until the balance is positive, as on a
        statement.

        :param int company_id: a line is paid in the company it is booked in
        :param str date_until: last due day, ``YYYY-MM-DD``
        :param bool include_negative: also return who owes more than is due
        :return: list of dicts with ``employee_id``, ``employee_name``, ``work_email``,
            ``company_id``, ``company_name``, ``currency``, ``kind``, ``count``,
            ``amount`` and ``line_ids``, by name of the employee and kind
        :raises AccessError: for anybody but commission officers of the company
        """
        company = self._check_export_company(company_id)
        until = to_day(self.env, date_until)
        return self._get_due_rows(
            company, self._get_payable_domain(company, until), include_negative
        )

    @api.model
    def _get_due_rows(self, company, domain, include_negative):
        """Return what is due by employee and kind; see :meth:`commission_due`.

        :param domain: of the lines that count
        """
        groups = self._read_group(
            domain, ["employee_id", "kind"], ["amount:sum", "id:array_agg"]
        )
        balances = defaultdict(float)
        for employee, _kind, amount, _line_ids in groups:
            balances[employee] += amount
        rows = [
            self._get_due_row(company, employee, kind, amount, line_ids)
            for employee, kind, amount, line_ids in groups
            if include_negative
            or company.currency_id.compare_amounts(balances[employee], 0) >= 0
        ]
        kinds = self._fields["kind"].get_values(self.env)  # also those of addons
        return sorted(
            rows,
            key=lambda row: (
                row["employee_name"],
                row["employee_id"],
                kinds.index(row["kind"]),
            ),
        )

    @api.model
    def commission_acknowledge(self, line_ids, reference, date=False):
        """Record commissions as paid by another payroll system, all or none.

        Calling again with the same reference changes nothing, so that a caller that got
        no answer may repeat the call.

        :param list line_ids: ids of lines, as ``commission_due`` returns them
        :param str reference: reference of the payment in the other system
        :param str date: day of payment, ``YYYY-MM-DD``, from the day on which they were
            earned to today; default today
        :return: dict with the number of lines ``paid`` now and ``already_paid`` with
            this reference
        :raises AccessError: for anybody but commission officers
        :raises UserError: if a line is neither approved nor exported, is disputed or the
            caller's own, or is paid with another reference
        """
        self._check_export_officer()
        reference = str(reference or "").strip()
        line_ids = to_ids(self.env, line_ids)
        if not reference:
            raise UserError(self.env._("Say with which reference they were paid."))
        lines = self.browse(sorted(set(line_ids))).exists()
        lines.check_access("read")
        done = lines.filtered(
            lambda line: line.state == "paid" and line.payment_ref == reference
        )
        waiting = lines - done
        wrong = waiting.filtered(lambda line: not line._is_acknowledgeable())
        if wrong or len(lines) != len(set(line_ids)):
            raise UserError(self._get_wrong_text(wrong, set(line_ids) - set(lines.ids)))
        paid_on = waiting._to_day_of_payment(date)
        waiting._check_payable()
        # sudo: the ledger accepts payment through here only
        waiting.sudo()._payroll_paid(paid_on, reference)
        waiting.export_id._set_paid(reference, paid_on)
        return {"paid": len(waiting), "already_paid": len(done)}

    def _to_day_of_payment(self, day):
        """Return the day on which the other payroll says that it paid these lines.

        :param day: as it came in; empty: today
        :raises ValidationError: for a day to come, or before one of them was earned
        :rtype: date
        """
        # by the days of the companies, wherever the reader is
        today = max(
            (each._commission_local_date() for each in self.company_id),
            default=self.env.company._commission_local_date(),
        )
        if not day:
            return today
        day = to_day(self.env, day)
        check_not_after(self.env, day, today)
        earlier = self.filtered(lambda line: day < min(line.date, today))[:1]
        if earlier:
            raise ValidationError(
                self.env._(
                    "“%(line)s” was not earned yet on %(day)s. Give the day on which "
                    "it was paid.",
                    line=earlier.display_name,
                    day=fields.Date.to_string(day),
                )
            )
        return day

    def _is_acknowledgeable(self):
        """Whether the other payroll may say that it paid this line."""
        self.ensure_one()
        return self.state == "approved" or (
            self.state == "in_payroll" and bool(self.export_id)
        )

    @api.model
    def _get_due_row(self, company, employee, kind, amount, line_ids):
        person = employee.sudo()  # sudo: officers of commissions need not be HR
        return {
            "employee_id": employee.id,
            "employee_name": person.name,
            "work_email": person.work_email or "",
            "company_id": company.id,
            "company_name": company.name,
            "currency": company.currency_id.name,
            "kind": kind,
            "count": len(line_ids),
            "amount": company.currency_id.round(amount),
            "line_ids": sorted(line_ids),
        }

    def _get_wrong_text(self, wrong, missing):
        """Say which lines cannot be acknowledged, and in which state they are."""
        states = dict(self._fields["state"]._description_selection(self.env))
        found = [
            bracketed(
                self.env,
                f"{line.id} {line.display_name}",
                phrases(self.env, (states[line.state], line.payment_ref)),
            )
            for line in wrong[:10]
        ]
        return self.env._(
            "Nothing was recorded. These commissions are not approved and unpaid: "
            "%(lines)s. Ask again what is due.",
            lines=clauses(self.env, found + sorted(missing)[:10]),
        )

    @api.model
    def _check_export_officer(self):
        check_officer(
            self.env,
            self.env._("Commission officers pay commissions in other systems."),
        )

    @api.model
    def _check_export_company(self, company_id):
        """Return a company whose commissions the user may pay.

        :raises AccessError: if the user is no officer, or not of this company
        """
        self._check_export_officer()
        if company_id not in self.env.companies.ids:
            raise AccessError(
                self.env._("Select the company whose commissions you ask for.")
            )
        return self.env["res.company"].browse(company_id)
