# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from collections import defaultdict

from odoo import models
from odoo.fields import Domain

from ..pipeline.sold_documents import INVOICES


class HrCommissionHandover(models.TransientModel):
    """Customers who still owe money are handed over too: what they pay from the day on
    is credited to the successor.
    """

    _inherit = "hr.commission.handover"

    def _get_customers(self):
        rows = super()._get_customers()
        user = self.employee_id.user_id
        if not user:
            return rows
        groups = self.env["account.move"]._read_group(
            Domain("invoice_user_id", "=", user.id)
            & Domain("move_type", "in", INVOICES)
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", ("not_paid", "partial")),
            ["commercial_partner_id", "company_id"],
            ["amount_residual_signed:sum"],
        )
        currency = self.employee_id.company_id.currency_id
        owed = defaultdict(float)
        for customer, company, amount in groups:
            owed[customer] += company.currency_id._convert(
                amount, currency, company, self.date
            )
        known = {
            self.env["hr.commission.assignment"].browse(row["res_id"]).partner_id
            for row in rows
        }
        return rows + [
            {
                "kind": "customer",
                "res_model": customer._name,
                "res_id": customer.id,
                "name": self.env._(
                    "%(customer)s – owes", customer=customer.display_name
                ),
                "amount": amount,
                "currency_id": currency.id,
            }
            for customer, amount in owed.items()
            if customer not in known
        ]

    def _hand_over_customer(self, records, successor):
        if records._name != "res.partner":
            return super()._hand_over_customer(records, successor)
        sales = self.env.ref("hr_sales_commission.hr_commission_role_sales")
        note = self.env._("Handed over by %(person)s", person=self.employee_id.name)
        return self.env["hr.commission.assignment"].create(
            [
                {
                    "partner_id": customer.id,
                    "role_id": sales.id,
                    "employee_id": successor.id,
                    "date_from": self.date,
                    "company_id": self.employee_id.company_id.id,
                    "note": note,
                }
                for customer in records
            ]
        )
