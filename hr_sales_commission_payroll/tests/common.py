# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from calendar import monthrange
from datetime import date

from odoo.fields import Command

from odoo.addons.base.tests.common import BaseCommon


class PayrollRecords:
    """Makes a salary structure with commissions, employees and their payslips."""

    @classmethod
    def _make_setup(cls):
        cls.company = cls.env.company
        cls.basic = cls._make_category("Basic", "BASIC")
        cls.totals = cls._make_category("Totals", "TOTALS")
        cls.structure = cls._make_structure("Sales")
        cls.structure.action_add_commission_rules()
        cls.ana = cls._make_employee("Ana")

    @classmethod
    def _make_category(cls, name, code):
        return cls.env["hr.salary.rule.category"].create(
            {"name": name, "code": code, "company_id": False}
        )

    @classmethod
    def _make_structure(cls, name, company=None):
        return cls.env["hr.payroll.structure"].create(
            {
                "name": name,
                "code": name.upper(),
                "company_id": (company or cls.company).id,
                "parent_id": False,
                "rule_ids": [
                    Command.create(cls._get_rule("BASIC", 1, "contract.wage")),
                    Command.create(
                        cls._get_rule("NET", 200, "categories.BASIC + categories.ALW")
                    ),
                ],
            }
        )

    @classmethod
    def _get_rule(cls, code, sequence, formula):
        category = cls.basic if code == "BASIC" else cls.totals
        return {
            "name": code,
            "code": code,
            "sequence": sequence,
            "category_id": category.id,
            "company_id": False,
            "amount_select": "code",
            "amount_python_compute": f"result = {formula}",
        }

    @classmethod
    def _make_employee(cls, name, company=None, **contract):
        employee = cls.env["hr.employee"].create(
            {"name": name, "company_id": (company or cls.company).id}
        )
        employee.version_id.write(
            {
                "date_version": date(2025, 1, 1),
                "contract_date_start": date(2025, 1, 1),
                "wage": 1000.0,
                "struct_id": cls.structure.id,
                **contract,
            }
        )
        return employee

    @classmethod
    def _make_line(cls, amount, kind="commission", employee=None, **values):
        """Make a commission line, approved and due in March 2026 unless told."""
        employee = employee or cls.ana
        return cls.env["hr.commission.line"].create(
            {
                "employee_id": employee.id,
                "company_id": employee.company_id.id,
                "date": date(2026, 3, 10),
                "date_due": date(2026, 3, 31),
                "base": amount * 50,
                "rate": 2.0,
                "amount": amount,
                "kind": kind,
                "state": "approved",
                **values,
            }
        )

    @classmethod
    def _make_lead(cls, name, customer=None):
        return cls.env["crm.lead"].create({"name": name, "partner_id": customer})

    @classmethod
    def _make_payslip(cls, employee=None, month=3, **values):
        employee = employee or cls.ana
        return cls.env["hr.payslip"].create(
            {
                "name": f"{employee.name}, 2026-{month}",
                "employee_id": employee.id,
                "company_id": employee.company_id.id,
                "contract_id": employee.version_id.id,
                "struct_id": cls.structure.id,
                "date_from": date(2026, month, 1),
                "date_to": date(2026, month, monthrange(2026, month)[1]),
                **values,
            }
        )

    @classmethod
    def _make_computed_payslip(cls, *args, **kwargs):
        payslip = cls._make_payslip(*args, **kwargs)
        payslip.compute_sheet()
        return payslip


class PayrollCommissionCommon(PayrollRecords, BaseCommon):
    """A salary structure with commissions and Ana, whose wage is 1,000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_setup()

    def assertPays(self, payslip, **amounts):
        """Check salary lines by code, and that no other commission is shown."""
        shown = {
            line.code: line.total
            for line in payslip.line_ids
            if line.commission_kind or line.code in amounts
        }
        self.assertEqual(shown, amounts)
