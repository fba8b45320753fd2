# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import fields
from odoo.tests import tagged

from .common import CommissionAccountCommon


@tagged("post_install", "-at_install")
class TestWaiting(CommissionAccountCommon):
    """What was signed and not collected, and the commission that waits for it."""

    def _rows(self, employee=None):
        self._process()
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["hr.commission.collection"].search(
            [("employee_id", "=", (employee or self.seller).id)]
        )

    def test_order_waits_until_the_customer_has_paid(self):
        self._make_plan({"event_type": "payment_received", "rate": 10})
        order = self._order(1000, date="2026-01-05")
        self.assertRecordValues(
            self._rows(),
            [
                {
                    "order_id": order.id,
                    "partner_id": self.customer.id,
                    "amount_signed": 1000,
                    "amount_invoiced": 0,
                    "amount_open": 1000,
                    "commission_waiting": 100,
                    "is_overdue": False,
                }
            ],
        )
        invoice = self._invoice_order(order, date="2026-01-10")
        self._pay(invoice, invoice.amount_total / 4)
        self.assertRecordValues(
            self._rows(),
            [
                {
                    "amount_invoiced": 1000,
                    "amount_collected": 250,
                    "amount_open": 750,
                    "commission_waiting": 75,
                    "date_due": fields.Date.to_date("2026-01-10"),
                }
            ],
        )
        self._pay(invoice)
        self.assertFalse(self._rows())

    def test_overdue_is_what_is_due_and_not_paid(self):
        for due in ("2021-01-10", "2100-01-01"):
            self._invoice(1000, date="2021-01-01", invoice_date_due=due)
        self.assertEqual(self._rows().mapped("is_overdue"), [True, False])

    def test_rest_after_signing_waits(self):
        self._make_plan(
            {"event_type": "order_confirmed", "rate": 10, "signing_percent": 30}
        )
        self._order(1000)
        self.assertEqual(self._rows().commission_waiting, 70)

    def test_products_of_the_rule_decide_what_waits(self):
        self._make_plan(
            {
                "event_type": "payment_received",
                "rate": 10,
                "product_domain": f"[('id', '=', {self.product.id})]",
            }
        )
        self._order(
            self._order_line(400), self._order_line(600, product=self.other_product)
        )
        self.assertEqual(self._rows().commission_waiting, 40)

    def test_everybody_sees_their_own(self):
        self._order(1000)
        self._order(500, user_id=self.colleague.user_id.id)
        self._process()
        self.env.flush_all()
        self.env.invalidate_all()
        seen = self.env["hr.commission.collection"].with_user(self.seller.user_id)
        rows = seen.search([])
        self.assertEqual(rows.mapped("amount_signed"), [1000])
        self.assertEqual(rows.mapped("commission_waiting"), [0])
