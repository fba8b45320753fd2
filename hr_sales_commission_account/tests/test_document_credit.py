# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CommissionAccountCommon


@tagged("post_install", "-at_install")
class TestDocumentCredit(CommissionAccountCommon):
    """An order or invoice says whom it credits."""

    def _share(self, employee, percent=100, role="sales"):
        return Command.create(
            {"employee_id": employee.id, "role": role, "percent": percent}
        )

    def _rule(self, event_type):
        return {"event_type": event_type, "rate": 10}

    def _sales_credits(self, document, event_type):
        events = self.env["hr.commission.event"].search(
            [
                ("res_model", "=", document._name),
                ("res_id", "=", document.id),
                ("event_type", "=", event_type),
            ]
        )
        self.env["hr.commission.event"]._process()
        return {
            credit.employee_id.name: credit.amount
            for credit in events.credit_ids
            if credit.role == "sales" and credit.share
        }

    def _check_credit(self, setting, expected):
        self._make_plan(self._rule("order_confirmed"), document_credit=setting)
        order = self._order(1000, lead=self._lead(), user_id=self.colleague.user_id.id)
        credited = {expected: 1000}
        self.assertEqual(self._sales_credits(order, "order_confirmed"), credited)
        invoice = self._invoice_order(order)
        self.assertEqual(self._sales_credits(invoice, "invoice_posted"), credited)

    def test_order_credits_the_people_of_its_deal(self):
        self._check_credit("lead", "seller")

    def test_r37_order_credits_its_own_salesperson(self):
        """R37: written by another than the salesperson of the deal."""
        self._check_credit("document", "colleague")

    def test_shares_of_documents_without_deal(self):
        self._make_plan(self._rule("order_confirmed"), self._rule("invoice_posted"))
        order = self._order(
            1000.01,
            commission_share_ids=[
                self._share(self.seller, 50),
                self._share(self.colleague, 50),
            ],
        )
        halves = {"seller": 500.01, "colleague": 500.0}
        self.assertEqual(self._sales_credits(order, "order_confirmed"), halves)
        invoice = self._invoice_order(order, post=False)
        invoice.action_post()
        self.assertEqual(self._sales_credits(invoice, "invoice_posted"), halves)

    def test_invoice_comes_before_its_order(self):
        self._make_plan(self._rule("invoice_posted"))
        order = self._order(1000, commission_share_ids=[self._share(self.colleague)])
        invoice = self._invoice_order(order, post=False)
        invoice.commission_share_ids = [self._share(self.marketer)]
        invoice.action_post()
        self.assertEqual(
            self._sales_credits(invoice, "invoice_posted"), {"marketer": 1000}
        )

    def test_shares_and_assignments_entered_later_move_nothing(self):
        """Whom a document credits is changed by a correction; who is missing is found."""
        self._make_plan(self._rule("order_confirmed"), self._rule("invoice_posted"))
        order = self._order(1000)
        nobody = self._order(500, user_id=False)
        invoice = self._invoice_order(order)
        self.assertEqual(
            self._sales_credits(order, "order_confirmed"), {"seller": 1000}
        )
        order.commission_share_ids = [self._share(self.colleague)]
        invoice.commission_share_ids = [self._share(self.colleague)]
        nobody.commission_share_ids = [self._share(self.colleague)]
        self.env["hr.commission.assignment"].create(
            {
                "partner_id": self.customer.id,
                "employee_id": self.colleague.id,
                "role_id": self.env.ref(
                    "hr_sales_commission.hr_commission_role_sales"
                ).id,
                "date_from": "2026-01-01",
            }
        )
        for document, event_type in (
            (order, "order_confirmed"),
            (invoice, "invoice_posted"),
        ):
            self.assertEqual(
                self._sales_credits(document, event_type), {"seller": 1000}
            )
        self.assertEqual(
            self._sales_credits(nobody, "order_confirmed"), {"colleague": 500}
        )

    def test_role_of_its_own_on_an_order(self):
        specialist = self.env["hr.commission.role"].create({"name": "Specialist"})
        self._make_plan(
            self._rule("order_confirmed"),
            {"event_type": "order_confirmed", "role_id": specialist.id, "rate": 1},
        )
        order = self._order(
            1000,
            commission_share_ids=[
                self._share(self.colleague, role=specialist.code),
            ],
        )
        self.env["hr.commission.event"]._process()
        lines = self.env["hr.commission.line"].search(
            [
                ("event_id.res_model", "=", "sale.order"),
                ("event_id.res_id", "=", order.id),
            ]
        )
        self.assertEqual(
            {line.employee_id.name: line.amount for line in lines},
            {"seller": 100, "colleague": 10},
        )

    def test_shares_sum_to_a_hundred(self):
        with self.assertRaisesRegex(ValidationError, "sum to 60"):
            self._order(1000, commission_share_ids=[self._share(self.colleague, 60)])

    def test_assigned_customer(self):
        """Renewals credit whom the customer is assigned to; deals their own people,
        until the account is handed over after they were won.
        """
        self._make_plan(self._rule("invoice_posted"))
        sales = self.env.ref("hr_sales_commission.hr_commission_role_sales")
        Assignment = self.env["hr.commission.assignment"]
        for date_from, won, deal_expected in [
            ("2026-01-01", "2026-01-05", "seller"),
            ("2026-01-08", "2026-01-05", "colleague"),
        ]:
            assignment = Assignment.create(
                {
                    "partner_id": self.customer.id,
                    "employee_id": self.colleague.id,
                    "role_id": sales.id,
                    "date_from": date_from,
                }
            )
            with self.subTest(date_from=date_from):
                renewal = self._invoice_order(self._order(1000))
                self.assertEqual(
                    self._sales_credits(renewal, "invoice_posted"), {"colleague": 1000}
                )
                lead = self._lead(date_won=won)
                deal = self._invoice_order(self._order(500, lead=lead))
                self.assertEqual(
                    self._sales_credits(deal, "invoice_posted"), {deal_expected: 500}
                )
            assignment.unlink()

    def test_a_credit_note_takes_from_whom_the_customer_was_assigned_to(self):
        """Also where both are computed at once, after the hand-over."""
        self._make_plan(self._rule("invoice_posted"))
        sales = self.env.ref("hr_sales_commission.hr_commission_role_sales")
        self.env["hr.commission.assignment"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "employee_id": person.id,
                    "role_id": sales.id,
                    "date_from": start,
                    "date_to": end,
                }
                for person, start, end in (
                    (self.colleague, "2026-01-01", "2026-03-31"),
                    (self.marketer, "2026-04-01", False),
                )
            ]
        )
        invoice = self._invoice(1000, date="2026-03-20")
        self._refund(invoice, date="2026-05-01", price=400)
        self.assertEarned(60, self.colleague)
        self.assertEarned(0, self.marketer)

    def test_handed_over_customers_pay_the_successor(self):
        self._make_plan(self._rule("payment_received"))
        invoice = self._invoice_order(self._order(1000))
        self._pay(invoice, 575, date="2026-02-01")
        handover = self.env["hr.commission.handover"].create(
            {
                "employee_id": self.seller.id,
                "successor_id": self.colleague.id,
                "date": "2026-03-01",
            }
        )
        customers = handover.line_ids.filtered(lambda line: line.kind == "customer")
        self.assertEqual(customers.mapped("res_id"), self.customer.ids)
        self.assertEqual(customers.amount, 575)
        self.assertEqual(customers.currency_id, self.company.currency_id)
        handover.action_hand_over()
        self._pay(invoice, 575, date="2026-03-02")
        self.assertEqual(
            self._sales_credits(invoice, "payment_received"),
            {"seller": 500, "colleague": 500},
        )

    def test_a_credit_note_takes_from_a_pool_as_from_one_person(self):
        """Parts of payments and credit notes are the pool's, too: they sum to the cent."""
        members = [
            self._create_person(name, role="marketing")
            for name in ("ann", "bob", "cleo")
        ]
        self._make_plan(
            {"event_type": "invoice_posted", "role": "marketing", "rate": 10, "cap": 7}
        )
        self.env["hr.commission.pool"].create(
            {
                "name": "Marketing",
                "company_id": self.company.id,
                "member_ids": [Command.set([each.id for each in members])],
            }
        )
        lead = self._lead(commission_source="marketing")
        invoice = self._invoice_order(self._order(100, lead=lead))
        self.assertEqual([self._earned(each) for each in members], [2.34, 2.33, 2.33])
        self._refund(invoice, price=50)
        self.assertEqual([self._earned(each) for each in members], [1.67, 1.67, 1.66])
