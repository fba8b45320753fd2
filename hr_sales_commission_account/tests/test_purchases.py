# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import date

from odoo.tests import tagged

from ..pipeline.commission_scope import Scope
from ..pipeline.invoice_amounts import InvoiceAmounts
from ..pipeline.order_amounts import OrderAmounts
from .common import CommissionAccountCommon


@tagged("post_install", "-at_install")
class TestPurchases(CommissionAccountCommon):
    """Whether a customer had bought before: one answer, whoever asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.commission_start_date = "2020-01-01"
        cls.plan = cls._make_plan(
            {"event_type": "deal_won", "rate": 1},
            {"event_type": "order_confirmed", "rate": 1},
            {"event_type": "invoice_posted", "rate": 1},
        )

    def setUp(self):
        super().setUp()
        self._deal("2026-01-01")  # of another customer
        self.customer = self.env["res.partner"].create({"name": "Pier Lifts"})

    def _deal(self, day, **vals):
        vals = {"partner_id": self.customer.id, "expected_revenue": 100, **vals}
        return self._lead(date_won=day, won_amount=100, **vals)

    def _sold(self, day, lead=None):
        return self._order(100, lead=lead, date=day, partner_id=self.customer.id)

    def _billed(self, day):
        return self._invoice(100, date=day, partner_id=self.customer.id)

    def assertRepeats(self, expected):
        """Compare the answers for purchases, of all that know one.

        :param dict expected: whether the customer had bought before, by record
        """
        # as where a rule asks for it
        self.env["hr.commission.event"]._touch_customers(self.customer, date.min)
        self._process()
        self.assertNoError()
        self.env.invalidate_all()
        for record, is_repeat in expected.items():
            answers = {**self._ask_event(record), **self._ask_record(record)}
            self.assertGreater(len(answers), 1, record)
            self.assertEqual(answers, dict.fromkeys(answers, is_repeat), record)

    def _ask_event(self, record):
        event = self.env["hr.commission.event"].search(
            [
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("event_type", "in", ("deal_won", "order_confirmed", "invoice_posted")),
                ("date_reversed", "=", False),
            ],
            limit=1,
        )
        repeats = event._find_repeat_events(event._read_facts(event.ids))
        return {"event": event.id in repeats} if event else {}

    def _ask_record(self, record):
        if record._name == "crm.lead":
            repeat = [("is_repeat_customer", "=", True), ("id", "=", record.id)]
            return {
                "condition": record.is_repeat_customer,
                "search": bool(record.search(repeat)),
                "figure": record.is_repurchase,
            }
        of_model = {"sale.order": OrderAmounts, "account.move": InvoiceAmounts}
        amounts = of_model[record._name](self.env, record.ids)
        return {
            "first": not amounts.get(Scope(customer_kind="first")),
            "repeat": bool(amounts.get(Scope(customer_kind="repeat"))),
        }

    def test_days_and_kinds(self):
        deal = self._deal("2026-01-05")
        order = self._sold("2026-01-05")
        self.assertRepeats({deal: False, order: False})
        other = self._sold("2026-01-05")
        again = self._deal("2026-01-05")
        self.assertRepeats({other: True, again: True, deal: False, order: False})
        early = self._sold("2026-01-04")
        self.assertRepeats({early: False, order: True, other: True})

    def test_what_belongs_to_a_deal_is_one_sale(self):
        deal = self._deal("2026-01-05")
        signed = self._sold("2026-01-03", lead=deal)
        more = self._sold("2026-02-03", lead=deal)
        self.assertRepeats({deal: False, signed: False, more: False})
        next_deal = self._deal("2026-03-01")
        self.assertRepeats({next_deal: True, self._sold("2026-03-02", next_deal): True})

    def test_a_document_of_no_deal_may_be_of_any(self):
        self._deal("2026-01-05")
        self._deal("2026-01-06")
        billed = self._billed("2026-01-10")
        self.assertRepeats({billed: False, self._billed("2026-02-10"): True})

    def test_what_was_undone_never_was_a_purchase(self):
        deal = self._deal("2026-01-05")
        order = self._sold("2026-01-06")
        later = self._deal("2026-02-01")
        self.assertRepeats({later: True})
        deal.stage_id = self.stage_new
        self.assertRepeats({later: True})
        order._action_cancel()
        self.assertRepeats({later: False})

    def test_what_was_credited_was_one_until_then(self):
        billed = self._billed("2026-01-05")
        before, after = self._deal("2026-01-09"), self._deal("2026-01-10")
        before_note = self._sold("2026-01-08", lead=after)
        self._refund(billed, date="2026-01-10")
        self.assertRepeats({before: True, before_note: True})
        before.stage_id = self.stage_new
        self.assertRepeats({after: False, before_note: True})

    def test_in_all_companies_of_the_tree(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids += branch + elsewhere
        self._deal("2026-01-05", company_id=elsewhere.id, user_id=False)
        stranger = self.env["res.users"].create(
            {
                "name": "Stranger",
                "login": "stranger",
                "company_id": elsewhere.id,
                "company_ids": elsewhere.ids,
            }
        )
        of_nobody = {"company_id": False, "team_id": False, "user_id": stranger.id}
        unnamed = self._deal("2026-01-04", **of_nobody)
        self.assertFalse(unnamed.company_id)
        deal = self._deal("2026-02-01")
        self.assertRepeats({deal: False})
        self._deal("2026-01-06", company_id=branch.id, user_id=False)
        order = self._sold("2026-02-02", lead=deal)
        self.assertRepeats({deal: True, order: True})

    def test_an_older_order_is_of_its_local_day(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        order = self._sold("2026-03-31 17:30:00")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET commission_date = NULL WHERE id = %s", [order.id]
        )
        self.env.invalidate_all()
        first, later = self._deal("2026-04-01"), self._deal("2026-04-02")
        self.assertRepeats({first: False, later: True})
