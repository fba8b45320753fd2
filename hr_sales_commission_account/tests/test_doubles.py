# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CommissionAccountCommon


@tagged("post_install", "-at_install")
class TestDoubleDocuments(CommissionAccountCommon):
    """One sale is paid once: orders and invoices of two deals as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._make_plan(
            {"event_type": "order_confirmed", "rate": 10},
            {"event_type": "invoice_posted", "rate": 5},
            {"event_type": "payment_received", "rate": 1},
        )

    def _states(self, *documents):
        """Return the states of the commissions of documents, oldest first."""
        self._process()
        self.assertNoError()
        return [
            line.state
            for document in documents
            for line in self._lines().filtered(
                lambda line, document=document: (
                    line.event_id.res_model == document._name
                    and line.event_id.res_id == document.id
                )
            )
        ]

    def _deal_order(self, price, **vals):
        return self._order(price, lead=self._lead(won=False), **vals)

    def _deal_invoice(self, price, **vals):
        return self._invoice_order(self._deal_order(price), **vals)

    def test_r16_two_orders_of_two_deals(self):
        first = self._deal_order(1000, date="2026-05-04")
        second = self._deal_order(1000, date="2026-05-10")
        self.assertEqual(self._states(first, second), ["draft", "held"])
        line = self._lines().filtered(lambda line: line.state == "held")
        with self.assertRaisesRegex(UserError, f"paid twice: “{first.name}”"):
            line.action_approve()
        first.order_line.price_unit = 1200
        self.assertEqual(self._states(second), ["draft"])

    def test_r16_the_first_order_is_cancelled(self):
        first, second = self._deal_order(1000), self._deal_order(1000)
        self.assertEqual(self._states(first, second), ["draft", "held"])
        first._action_cancel()
        self.assertEqual(self._states(second), ["draft"])

    def test_without_a_deal_equal_orders_are_ordinary(self):
        orders = [self._order(1000, date=f"2026-05-{day}") for day in ("04", "11")]
        self.assertEqual(self._states(*orders), ["draft", "draft"])

    def test_an_order_without_a_deal_beside_a_won_deal(self):
        """Where a plan pays both: one of them is held until it is linked or looked at."""
        self.plan.write({"state": "closed", "date_end": "2020-01-01"})
        self._make_plan(
            {"event_type": "deal_won", "rate": 10},
            {"event_type": "order_confirmed", "rate": 10},
            date_start="2020-01-02",
        )
        order = self._order(1000)
        self.assertEqual(self._states(order), ["draft"])
        lead = self._lead(expected_revenue=1000)
        self.assertEqual(self._states(order, lead), ["draft", "held"])
        order.opportunity_id = lead
        self.assertEqual(self._states(order, lead), ["draft", "draft"])

    def _sold_by(self, person):
        return {"invoice_user_id": person.user_id.id}

    def _states_of(self, person, document):
        self._process()
        self.assertNoError()
        lines = self._lines(person).filtered(
            lambda line: line.event_id.res_id == document.id
        )
        return lines.mapped("state")

    def test_invoiced_again_for_somebody_else(self):
        """Refunded before or after: held until somebody has looked."""
        for number, day in enumerate(("2026-05-20", "2026-05-09")):
            price = 1000 + number
            first = self._invoice(
                price, date="2026-05-04", **self._sold_by(self.seller)
            )
            vals = self._sold_by(self.colleague)
            with self.subTest(refunded=day):
                if number:
                    self._refund(first, date=day)
                self._process()
                again = self._invoice(price, date="2026-05-10", **vals)
                self._pay(again)
                if not number:
                    self.assertEqual(
                        self._states_of(self.colleague, again), ["draft"] * 2
                    )
                    self._refund(first, date=day)
                self.assertEqual(self._states_of(self.colleague, again), ["held"] * 2)
                self._lines(self.colleague).event_id.filtered(
                    "double_id"
                ).action_confirm_single()
                self.assertEqual(self._states_of(self.colleague, again), ["draft"] * 2)

    def test_what_is_invoiced_again_in_order(self):
        """By the same person, of another amount, or long after: not held."""
        first = self._invoice(1000, date="2026-05-04", **self._sold_by(self.seller))
        self._refund(first, date="2026-05-09")
        for price, day, person in (
            (1000, "2026-05-10", self.seller),
            (1001, "2026-05-10", self.colleague),
            (1000, "2026-06-30", self.colleague),
            (1000, "2026-05-03", self.colleague),
        ):
            with self.subTest(price=price, day=day, person=person.name):
                again = self._invoice(price, date=day, **self._sold_by(person))
                self.assertEqual(self._states_of(person, again), ["draft"])

    def test_ordered_again_for_somebody_else(self):
        first = self._order(1000)
        self._process()
        first._action_cancel()
        vals = {"user_id": self.colleague.user_id.id}
        again, other = self._order(1000, **vals), self._order(1001, **vals)
        own = self._order(1000)
        self.assertEqual(self._states_of(self.colleague, again), ["held"])
        self.assertEqual(self._states_of(self.colleague, other), ["draft"])
        self.assertEqual(self._states_of(self.seller, own), ["draft"])

    def test_what_is_a_sale_of_its_own(self):
        self._deal_order(1000, date="2026-05-04")
        other = self.customer.copy({"name": "Other"})
        for price, day, vals in (
            (1001, "2026-05-04", {}),
            (1000, "2026-06-04", {}),
            (1000, "2026-05-04", {"partner_id": other.id}),
        ):
            with self.subTest(price=price, day=day, **vals):
                order = self._deal_order(price, date=day, **vals)
                self.assertEqual(self._states(order), ["draft"])

    def test_the_same_customer_by_mail(self):
        self.customer.email = "buyer@client.test"
        again = self.customer.create({"name": "H. C.", "email": "Buyer@client.test"})
        orders = self._deal_order(1000), self._deal_order(1000, partner_id=again.id)
        self.assertEqual(self._states(*orders), ["draft", "held"])

    def test_two_orders_of_one_deal(self):
        lead = self._lead(partner_id=self.customer.copy().id)
        orders = [self._order(700, lead=lead) for _order in range(2)]
        self.assertEqual(self._states(*orders), ["draft", "draft"])

    def test_r16_two_invoices_with_their_payments(self):
        first, second = self._deal_invoice(1000), self._deal_invoice(1000)
        self._pay(first)
        self._pay(second, date="2026-04-15")
        self.assertEqual(self._states(first, second), ["draft"] * 2 + ["held"] * 2)
        event = self._lines().event_id.filtered("double_id")[0]
        event.action_confirm_single()
        self.assertEqual(self._states(second), ["draft", "draft"])
        told = second.message_ids.filtered(lambda each: "Not a double" in each.body)
        self.assertIn(first.line_ids.sale_line_ids.order_id.name, told.body)

    def test_invoices_of_orders_are_held_with_them(self):
        """Two of one order are parts of one sale; of a double each part is held."""
        first, second = self._deal_order(1000), self._deal_order(1000)
        for order in (first, second):
            order.order_line.product_uom_qty = 2
            part = order._create_invoices(final=True)
            part.invoice_line_ids.quantity = 1
            part.invoice_date = "2026-05-04"
            part.action_post()
            self._invoice_order(order)
        self.assertEqual(self._states(*first.invoice_ids), ["draft", "draft"])
        self.assertEqual(self._states(*second.invoice_ids), ["held", "held"])

    def test_statements_do_not_depend_on_how_many(self):
        orders = self.env["sale.order"].union(
            *(self._deal_order(1000) for _n in range(2))
        )
        event = self._events("order_confirmed").filtered(
            lambda event: event.res_id == orders[-1].id
        )
        self._process()
        rows = self.env["hr.commission.event"]._read_facts(event.ids)
        with self.assertQueryCount(5):
            found = event._find_equal_sales(rows)
        more = orders.union(*(self._deal_order(1000) for _n in range(5)))
        events = self._events("order_confirmed")
        self._process()
        rows = self.env["hr.commission.event"]._read_facts(events.ids)
        with self.assertQueryCount(5):
            all_found = events._find_equal_sales(rows)
        self.assertEqual(len(all_found), len(more) - 1)
        self.assertEqual(all_found[event.id], found[event.id])
