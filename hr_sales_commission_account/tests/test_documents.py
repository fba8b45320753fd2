# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CommissionAccountCommon

CAPTURE = "odoo.addons.hr_sales_commission_account.models.{}._get_commission_facts"
LOGGER = "odoo.addons.hr_sales_commission_account.models.hr_commission_document"


@tagged("post_install", "-at_install")
class TestConditionsOnLeads(CommissionAccountCommon):
    """A document that comes from no lead meets no condition on leads."""

    def test_order_without_lead_is_refused_alone_and_beside_others(self):
        self._make_plan(
            {
                "event_type": "order_confirmed",
                "rate": 10,
                "domain": "[('name', '=', 'Deal')]",
            }
        )
        self._order(1000)
        self.assertEarned(0)
        self._order(2000)
        self._order(500, lead=self._lead())
        self.assertEarned(50)


@tagged("post_install", "-at_install")
class TestOrders(CommissionAccountCommon):
    """Orders as events, and whom they credit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._make_plan(
            {"event_type": "order_confirmed", "rate": 10},
            {
                "event_type": "order_confirmed",
                "role": "marketing",
                "commission_source": "marketing",
                "rate": 2,
            },
        )

    def test_confirmed_order_is_an_event_until_it_is_cancelled(self):
        order = self._order(1000, date="2026-05-05")
        event = self._events("order_confirmed")
        self.assertRecordValues(
            event,
            [{"res_id": order.id, "amount": 1000, "quantity": 1}],
        )
        self.assertEqual(str(event.date), "2026-05-05")
        self.assertEarned(100)
        order.action_cancel()
        self.assertEarned(0)
        order.action_draft()
        order.action_confirm()
        self.assertEarned(100)

    def test_changed_order_changes_the_event(self):
        order = self._order(1000)
        order.order_line.price_unit = 400
        self.assertEarned(40)
        order.write({"order_line": [self._order_line(100)]})
        self.assertEarned(50)
        order.order_line[1].product_uom_qty = 0
        self.assertEarned(40)

    def test_a_lead_handed_over_by_who_reads_no_event(self):
        """Orders of its customer without a deal are computed again all the same."""
        self._order(1000)
        lead = self._lead(won=False)
        self._process()
        lead.with_user(self.seller.user_id).user_id = self.colleague.user_id
        self.assertFalse(lead.is_commission_pending)
        self.assertEqual(self._events("order_confirmed").state, "pending")

    def test_order_of_a_deal_credits_the_people_of_the_deal(self):
        lead = self._lead(user_id=self.colleague.user_id.id)
        self._order(1000, lead=lead)
        self._order(1000, lead=lead, user_id=self.colleague.user_id.id)
        self.assertEarned(0)
        self.assertEarned(200, self.colleague)
        found = self.env["hr.commission.inspection"].search(
            [("finding", "=", "other_seller"), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(found.user_id, self.seller.user_id)
        self.assertEqual((found.employee_id, found.amount), (self.colleague, 100))

    def test_shares_of_the_deal_split_its_orders(self):
        lead = self._lead(
            commission_share_ids=[
                (0, 0, {"employee_id": employee.id, "role": "sales", "percent": 50})
                for employee in (self.seller, self.colleague)
            ]
        )
        self._order(1000, lead=lead)
        self.assertEarned(50)
        self.assertEarned(50, self.colleague)

    def test_order_joins_a_deal_later(self):
        order = self._order(1000)
        lead = self._lead(user_id=self.colleague.user_id.id)
        order.opportunity_id = lead
        self.assertEarned(100)
        self.assertEarned(0, self.colleague)
        self.assertEqual(self._lines().lead_id, lead)

    def test_without_deal_the_customers_latest_lead_gives_the_source(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        self._lead(
            commission_source="marketing",
            marketer_id=self.marketer.id,
            first_touch_date="2026-01-01",
            partner_id=contact.id,
        )
        self._order(1000, date="2026-05-05")
        self.assertEarned(100)
        self.assertEarned(20, self.marketer)
        self.assertEqual(self._lines().mapped("commission_source"), ["marketing"])

    def test_a_lead_that_came_after_the_order_does_not_count(self):
        self._lead(
            commission_source="marketing",
            marketer_id=self.marketer.id,
            first_touch_date="2026-06-01",
        )
        self._order(1000, date="2026-05-05")
        self.assertEarned(0, self.marketer)
        self.assertEqual(self._lines().mapped("commission_source"), ["own"])

    def test_a_customer_known_by_no_lead_is_held_until_verified(self):
        plan = self.plan.copy({"name": "Strict", "date_start": "2026-01-01"})
        plan.rule_ids.requires_verification = True
        self.plan.write({"state": "closed", "date_end": "2025-12-31"})
        plan.action_activate()
        self._order(1000, date="2026-05-05")
        self._process()
        self.assertEqual(self._lines().mapped("state"), ["held"])
        self.customer.action_verify_commission_source()
        self._process()
        self.assertEqual(self._lines().mapped("state"), ["draft"])

    def test_salespeople_do_not_verify_customers(self):
        customer = self.customer.with_user(self.seller.user_id)
        with self.assertRaises(AccessError):
            customer.action_verify_commission_source()

    def test_nobody_verifies_a_customer_of_their_own(self):
        self.customer.user_id = self.env.user
        customer = self.customer.with_user(self.env.user)
        with self.assertRaises(UserError):
            customer.action_verify_commission_source()

    def test_orders_of_other_companies_rates_count_in_their_own_currency(self):
        foreign = self.setup_other_currency(
            "EUR", rates=[("2026-01-01", 2.0), ("2026-06-01", 4.0)]
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": foreign.id}
        )
        self._order(1000, pricelist_id=pricelist.id, date="2026-07-01")
        self.assertEarned(25)

    def test_a_failure_of_ours_does_not_stop_the_order(self):
        with (
            patch(
                CAPTURE.format("sale_order.SaleOrder"), side_effect=KeyError("broken")
            ),
            mute_logger(LOGGER),
        ):
            order = self._order(1000)
        self.assertEqual(order.state, "sale")
        self.assertFalse(self._events("order_confirmed"))
        self.assertTrue(order.is_commission_pending)
        self.env["sale.order"]._recover_commission_capture()
        self.assertFalse(order.is_commission_pending)
        self.assertEarned(100)

    def test_an_order_that_cannot_be_recorded_keeps_no_other_from_it(self):
        bad, good = self._order(1000), self._order(2000)
        (bad + good)._set_commission_pending(True)
        record = type(bad)._record_commission_facts

        def refuse(orders, touched):
            if bad in orders:
                raise KeyError("broken")
            return record(orders, touched)

        with (
            patch.object(type(bad), "_record_commission_facts", refuse),
            mute_logger(LOGGER),
        ):
            self.env["sale.order"]._recover_commission_capture()
        self.assertTrue(bad.is_commission_pending)
        self.assertFalse(good.is_commission_pending)

    def test_a_database_error_of_ours_does_not_stop_the_order(self):
        def divide(orders):
            orders.env.cr.execute("SELECT 1 / 0")

        with (
            patch(CAPTURE.format("sale_order.SaleOrder"), divide),
            mute_logger(LOGGER, "odoo.sql_db"),
        ):
            order = self._order(1000, confirm=False)
            order.client_order_ref = "written in the same transaction"
            order.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.client_order_ref, "written in the same transaction")
        self.assertTrue(order.is_commission_pending)


@tagged("post_install", "-at_install")
class TestInvoices(CommissionAccountCommon):
    """Invoices and credit notes as events."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._make_plan({"event_type": "invoice_posted", "rate": 10})

    def test_posted_invoice_is_an_event_until_it_is_cancelled(self):
        invoice = self._invoice(1000, post=False)
        self.assertEarned(0)
        invoice.action_post()
        self.assertEarned(100)
        invoice.button_draft()
        self.assertEarned(0)
        invoice.action_post()
        self.assertEarned(100)
        invoice.button_draft()
        invoice.button_cancel()
        self.assertEarned(0)

    def test_the_start_says_what_was_sold_before_it(self):
        start = self.env["hr.commission.start"].create({"date": "2019-01-01"})
        orders, invoices = start.order_count, start.invoice_count
        self._invoice(1000, date="2018-06-01")
        self._order(1000, date="2018-06-01")
        start.invalidate_recordset()
        self.assertEqual(start.order_count, orders + 1)
        self.assertEqual(start.invoice_count, invoices + 1)
        start.action_apply()
        found = self.env["hr.commission.board"]._describe_past(self.company)
        self.assertIn(f"orders {orders + 1} · invoices {invoices + 1}", found)

    def test_reposted_invoice_counts_what_it_is_now(self):
        invoice = self._invoice(1000)
        self.assertEarned(100)
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 700
        invoice.action_post()
        self.assertEarned(70)

    def test_foreign_invoice_counts_at_the_rate_of_its_day(self):
        foreign = self.setup_other_currency(
            "EUR", rates=[("2026-01-01", 2.0), ("2026-06-01", 4.0)]
        )
        self._invoice(1000, date="2026-07-01", currency=foreign)
        self.assertEarned(25)

    def test_one_invoice_of_several_salespeople(self):
        first = self._order(1000)
        second = self._order(500, user_id=self.colleague.user_id.id)
        invoice = (first | second)._create_invoices()
        self.assertEqual(len(invoice), 1)
        invoice.invoice_date = "2026-01-10"
        invoice.action_post()
        self.assertEarned(100)
        self.assertEarned(50, self.colleague)

    def test_down_payment_and_its_deduction_sum_to_the_order(self):
        order = self._order(1000, 1000)
        down_payment = self._down_payment(order, 1500 * 1.15)
        down_payment.invoice_date = "2026-01-10"
        down_payment.action_post()
        self.assertEarned(150)
        final = self._invoice_order(order, date="2026-02-10")
        self.assertAlmostEqual(final.amount_untaxed, 500)
        self.assertEarned(200)

    def test_partial_deliveries(self):
        self.product.invoice_policy = "delivery"
        order = self._order(self._order_line(100, quantity=10))
        order.order_line.qty_delivered = 4
        self._invoice_order(order)
        self.assertEarned(40)
        order.order_line.qty_delivered = 10
        self._invoice_order(order)
        self.assertEarned(100)

    def test_vendor_bills_and_entries_are_no_events(self):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-01-10",
                "invoice_line_ids": [(0, 0, {"name": "Steel", "price_unit": 100})],
            }
        )
        bill.action_post()
        self.assertFalse(self._events("invoice_posted", standing=False))

    def test_posting_many_takes_a_constant_number_of_statements(self):
        def capture(number):
            invoices = self.env["account.move"]
            for _count in range(number):
                invoices |= self._invoice(100)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            invoices._commission_capture(touched=True)
            return self.cr.sql_log_count - before

        self.assertLessEqual(capture(20), capture(2) + 2)

    def test_a_failure_of_ours_does_not_stop_the_invoice_or_its_payment(self):
        with (
            patch(
                CAPTURE.format("account_move.AccountMove"),
                side_effect=KeyError("broken"),
            ),
            mute_logger(LOGGER),
        ):
            invoice = self._invoice(1000)
            self._pay(invoice)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertTrue(invoice.is_commission_pending)
        self.env["account.move"]._recover_commission_capture()
        self.assertEarned(100)


@tagged("post_install", "-at_install")
class TestConditions(CommissionAccountCommon):
    """What a rule may look at on documents, customers and their lines."""

    def test_margin_with_the_cost_of_the_day(self):
        self._make_plan({"event_type": "order_confirmed", "rate": 10, "base": "margin"})
        order = self._order(self._order_line(1000, quantity=2))
        self.assertEarned(80)
        self.product.standard_price = 100
        order.order_line.price_unit = 1100
        self.assertEarned(100)

    def test_margin_of_an_invoice_uses_the_cost_of_its_order(self):
        self._make_plan({"event_type": "invoice_posted", "rate": 10, "base": "margin"})
        order = self._order(self._order_line(1000, quantity=2))
        self.product.standard_price = 100
        invoice = self._invoice_order(order)
        self.assertEarned(80)
        self._refund(invoice)
        self.assertEarned(0)

    def test_margin_collected_in_parts_with_a_down_payment(self):
        self._make_plan(
            {"event_type": "payment_received", "rate": 10, "base": "margin"}
        )
        order = self._order(self._order_line(1000, quantity=2))
        down_payment = self._down_payment(order, 1000 * 1.15)
        down_payment.invoice_date = "2026-01-10"
        down_payment.action_post()
        self._pay(down_payment)
        self.assertEarned(40)
        final = self._invoice_order(order, date="2026-02-10")
        self._pay(final, final.amount_total / 2, date="2026-03-01")
        self.assertEarned(60)
        self._pay(final, date="2026-03-02")
        self.assertEarned(80)

    def test_products_and_discounts(self):
        self._make_plan(
            {
                "event_type": "order_confirmed",
                "rate": 10,
                "product_domain": f"[('id', '=', {self.product.id})]",
            },
            {"event_type": "order_confirmed", "rate": 1, "max_discount": 10},
            {"event_type": "order_confirmed", "rate": 2, "min_discount": 10.5},
        )
        self._order(
            self._order_line(1000),
            self._order_line(1000, product=self.other_product, discount=50),
        )
        self.assertEarned(100 + 10 + 10)

    def test_a_combo_pays_by_its_items(self):
        """A menu of 75: 50 and 25 by list prices of 60 and 30, and 5 extra; twice."""
        self.product.write({"list_price": 60, "taxes_id": False})
        self.other_product.write({"list_price": 30, "taxes_id": False})
        of_side = f"[('id', '=', {self.other_product.id})]"
        ordered = {"event_type": "order_confirmed"}
        self._make_plan(
            {**ordered, "rate": 10},
            {**ordered, "rate": 1, "product_domain": of_side},
            {
                **ordered,
                "amount_type": "unit",
                "amount": 1,
                "product_domain": of_side,
            },
        )
        combos = self.env["product.combo"].create(
            [
                {
                    "name": product.name,
                    "combo_item_ids": [
                        Command.create({"product_id": product.id, "extra_price": extra})
                    ],
                }
                for product, extra in ((self.product, 0), (self.other_product, 5))
            ]
        )
        menu = self.env["product.product"].create(
            {
                "name": "Menu",
                "type": "combo",
                "list_price": 75,
                "combo_ids": [Command.set(combos.ids)],
                "taxes_id": False,
            }
        )
        order = self._order(confirm=False)
        line = {"order_id": order.id, "product_uom_qty": 2}
        head = order.order_line.create({**line, "product_id": menu.id})
        order.order_line.create(
            [
                {
                    **line,
                    "product_id": item.product_id.id,
                    "combo_item_id": item.id,
                    "linked_line_id": head.id,
                }
                for item in combos.combo_item_ids
            ]
        )
        order.action_confirm()
        self.assertEarned(16 + 0.6 + 2)

    def test_a_discount_is_no_unit(self):
        events = ("order_confirmed", "invoice_posted")
        self._make_plan(
            *(
                {"event_type": event, "amount_type": "unit", "amount": 5}
                for event in events
            )
        )
        order = self._order(self._order_line(1000, 3), -100)
        self.assertEarned(15)
        self._invoice_order(order)
        self.assertEarned(30)

    def test_per_unit_of_some_products(self):
        self._make_plan(
            {
                "event_type": "invoice_posted",
                "amount_type": "unit",
                "amount": 3,
                "product_domain": f"[('id', '=', {self.product.id})]",
            }
        )
        order = self._order(
            self._order_line(10, quantity=5),
            self._order_line(10, quantity=7, product=self.other_product),
            self._order_line(
                120, product_uom_id=self.env.ref("uom.product_uom_dozen").id
            ),
        )
        invoice = self._invoice_order(order)
        self.assertEarned(15 + 36)
        self._refund(invoice)
        self.assertEarned(0)
        texts = self._lines().sorted("amount").mapped("rate_text")
        self.assertRegex(texts[0], r"^-17 × .*3\.00")
        self.assertRegex(texts[-1], r"^17 × .*3\.00")

    def test_customers(self):
        self._make_plan(
            {
                "event_type": "order_confirmed",
                "rate": 10,
                "customer_domain": "[('name', 'ilike', 'harbour')]",
            }
        )
        other = self.env["res.partner"].create({"name": "Somebody Else"})
        self._order(1000)
        self._order(1000, partner_id=other.id)
        self.assertEarned(100)

    def test_first_sale_and_repurchase(self):
        self._make_plan(
            {"event_type": "order_confirmed", "rate": 10, "customer_kind": "first"},
            {"event_type": "order_confirmed", "rate": 1, "customer_kind": "repeat"},
        )
        lead = self._lead()
        self._order(1000, lead=lead, date="2026-01-01")
        self._order(500, lead=lead, date="2026-01-02")
        self._order(1000, date="2026-05-01")
        self.assertEarned(100 + 50 + 10)

    def test_first_sale_and_repurchase_of_invoices(self):
        self._make_plan(
            {"event_type": "invoice_posted", "rate": 10, "customer_kind": "first"},
            {"event_type": "invoice_posted", "rate": 1, "customer_kind": "repeat"},
        )
        self._invoice(1000, date="2026-01-10")
        self._invoice(1000, date="2026-02-10")
        self.assertEarned(110)
        early = self._invoice(500, date="2026-01-01")
        self.assertEarned(50 + 10 + 10)
        early.button_draft()
        self.assertEarned(110)
        self._invoice(300, date="2026-01-01", move_type="out_receipt")
        self.assertEarned(30 + 10 + 10)

    def test_repurchase_of_a_deal(self):
        self._make_plan(
            {
                "event_type": "deal_won",
                "rate": 10,
                "domain": "[('is_repeat_customer', '=', False)]",
            },
            {
                "event_type": "deal_won",
                "rate": 1,
                "domain": "[('is_repeat_customer', '=', True)]",
            },
        )
        self._lead(expected_revenue=1000, date_won="2026-01-01", won_amount=1000)
        self._lead(expected_revenue=1000, date_won="2026-02-01", won_amount=1000)
        self.assertEarned(110)
        before = self._lead(
            expected_revenue=1000, date_won="2025-12-01", won_amount=1000
        )
        self.assertEarned(120)
        before.partner_id = self.env["res.partner"].create({"name": "Pier Lifts"})
        self.assertEarned(100 + 100 + 10)

    def test_plan_put_in_force_later_finds_the_documents(self):
        order = self._order(1000, 500, date="2026-01-05")
        self._pay(self._invoice_order(order))
        self._make_plan(
            {"event_type": "order_confirmed", "rate": 1, "base": "margin"},
            {"event_type": "payment_received", "rate": 10, "base": "margin"},
        )
        self.assertEarned(30 + 3)

    def test_share_on_signing_rest_on_collection(self):
        self._make_plan(
            {"event_type": "order_confirmed", "rate": 10, "signing_percent": 30}
        )
        order = self._order(1000, date="2026-01-05")
        invoice = self._invoice_order(order)
        self.assertEarned(30)
        self._pay(invoice, invoice.amount_total / 2, date="2026-02-15")
        self.assertEarned(65)
        self._pay(invoice, date="2026-02-16")
        self.assertEarned(100)
        self._pay(self._invoice(1000), date="2026-02-17")
        self.assertEarned(100)

    def test_share_on_winning_rest_on_collection_of_its_orders(self):
        self._make_plan({"event_type": "deal_won", "rate": 10, "signing_percent": 30})
        order = self._order(1000, lead=self._lead())
        self._pay(self._invoice_order(order))
        self._pay(self._invoice_order(self._order(1000)))
        self.assertEarned(100)

    def test_refusals_name_documents_in_words(self):
        self._make_plan(
            {"event_type": "invoice_posted", "rate": 10, "base": "margin"},
            {"event_type": "order_confirmed", "rate": 10},
        )
        self._invoice(1000)
        self._process()
        whole = self._events("invoice_posted").filtered(
            lambda event: not event.res_part
        )
        explain = self.env["hr.commission.line"]._explain_refusal
        self.assertEqual(
            {
                explain(refusal, self.env.company.currency_id)
                for refusal in whole._explain().refusals
                if refusal.reason == "other_event"
            },
            {
                "The rule pays on “Invoice posted, by the conditions of the rule on"
                " lines and customers”, and this is “invoice posted”.",
                "The rule pays on “order confirmed”, and this is “invoice posted”.",
            },
        )

    def test_ledger_is_what_the_engine_says_part_by_part(self):
        self._make_plan(
            {"event_type": "payment_received", "rate": 3.337, "base": "margin"},
            {"event_type": "payment_received", "rate": 1.113},
        )
        invoice = self._invoice(333.33, 1.01)
        for part in (0.1, 0.37, 0.5, 1):
            self._pay(invoice, round(invoice.amount_residual * part, 2))
        self._process()
        awards = self._events("payment_received")._explain().awards
        self.assertEqual(
            sorted(float(award.amount) for award in awards),
            sorted(self._lines().mapped("amount")),
        )

    def test_conditions_that_cannot_work_are_refused(self):
        for rule in (
            {"event_type": "deal_won", "base": "margin"},
            {"event_type": "order_confirmed", "product_domain": "[('x', '=', 1)]"},
            {"event_type": "order_confirmed", "customer_domain": "[('x', '=', 1)]"},
            {"event_type": "invoice_posted", "signing_percent": 50},
            {"event_type": "deal_won", "signing_percent": 50, "min_amount": 10},
        ):
            with self.subTest(rule=rule), self.assertRaises(ValidationError):
                self._make_plan({"rate": 1, **rule})
