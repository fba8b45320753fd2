# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Pays what is due between two payslips: a batch that holds commissions only."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from odoo.addons.hr_sales_commission.pipeline.titles import listed


class HrCommissionPayRun(models.TransientModel):
    """The due day, the company and the structure of a payslip batch of commissions.

    What it pays is reserved like on any payslip: the monthly payslip finds it taken.
    """

    _name = "hr.commission.pay.run"
    _description = "Pay Run of Due Commissions"
    _inherit = ["hr.commission.guard"]

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="The company that pays.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        string="Due Until",
        required=True,
        default=lambda self: self.env.company._commission_local_date(),
        help="Approved commissions that are due up to this day and on no payslip yet.",
    )
    struct_id = fields.Many2one(
        "hr.payroll.structure",
        string="Structure",
        domain="[('company_id', '=', company_id)]",
        help="Salary rules of these payslips. Empty: the commissions and nothing else.",
    )
    employee_count = fields.Integer(
        string="People",
        compute="_compute_amounts",
        help="How many people get a payslip.",
    )
    amount = fields.Monetary(
        compute="_compute_amounts",
        help="Of people whose balance is not above zero the monthly payslip decides.",
    )

    @api.depends("company_id", "date")
    def _compute_amounts(self):
        for run in self:
            amounts = run._read_due()
            run.employee_count = len(amounts)
            run.amount = sum(amounts.values())

    def _read_due(self):
        """Return what is due to people above zero, by employee.

        :rtype: dict[hr.employee, float]
        """
        self.ensure_one()
        if not (self.date and self.company_id in self.env.companies):
            return {}
        # sudo: who runs payroll sees sums of commissions without a right on them
        Line = self.env["hr.commission.line"].sudo()
        sums = Line._read_group(
            Line._get_payable_domain(self.company_id, self.date),
            ["employee_id"],
            ["amount:sum"],
        )
        return {
            employee: amount
            for employee, amount in sums
            if self.currency_id.compare_amounts(amount, 0) > 0
        }

    def action_make(self):
        """Make the batch with a payslip for everybody, computed and ready to confirm.

        :return: window action that shows the batch
        :raises AccessError: for a company that is not selected
        :raises UserError: if nothing is due
        """
        self._ensure_one_given()
        self.check_access("write")
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._(
                    "Select %(company)s at the top first, to pay its commissions.",
                    # sudo: a company's name is no secret
                    company=self.company_id.sudo().name,
                )
            )
        employees = self.env["hr.employee"].union(*self._read_due())
        if not employees:
            raise UserError(
                self.env._(
                    "No approved commission is due until %(day)s that is on no payslip "
                    "yet. Approve commissions first, or choose a later day.",
                    day=format_date(self.env, self.date),
                )
            )
        batch = self._make_batch()
        # sudo: who runs payroll may know the contracts
        contracts = employees.sudo()._get_contracts(self.date, self.date)
        slips = self.env["hr.payslip"].create(
            [
                self._prepare_payslip(batch, employee, contracts[employee.id])
                for employee in employees
            ]
        )
        slips.compute_sheet()
        return {
            "type": "ir.actions.act_window",
            "res_model": batch._name,
            "res_id": batch.id,
            "views": [(False, "form")],
        }

    def _make_batch(self):
        structure = self.struct_id or self.env[
            "hr.payroll.structure"
        ]._get_commissions_only(self.company_id)
        return self.env["hr.payslip.run"].create(
            {
                "name": self._get_name(),
                "company_id": self.company_id.id,
                "struct_id": structure.id,
                "date_start": self.date,
                "date_end": self.date,
            }
        )

    def _get_name(self):
        return self.env._(
            "Commissions due until %(day)s", day=format_date(self.env, self.date)
        )

    def _prepare_payslip(self, batch, employee, contracts):
        """Return the payslip of one person, of the last day under contract."""
        day = self.date
        if not contracts:
            version = employee.sudo()._get_version(day)  # sudo: contracts, as above
            day = min(version.contract_date_end or day, day)
            contracts = version
        return {
            "name": listed(self.env, (employee.name, batch.name)),
            "employee_id": employee.id,
            "company_id": self.company_id.id,
            "contract_id": contracts[-1:].id,
            "struct_id": batch.struct_id.id,
            "payslip_run_id": batch.id,
            "date_from": day,
            "date_to": day,
            "commission_date_to": self.date,
            "commission_negative_policy": "carry",
        }
