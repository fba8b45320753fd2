# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.fields import Command
from odoo.tests import tagged

from .common import CommissionAccountCommon


@tagged("post_install", "-at_install")
class TestPlanCase(CommissionAccountCommon):
    """Documents in cases that plans are tried with, and what plans on them forget."""

    def _sums(self, plan, *rows):
        names = ("date", "kind", "deal", "amount", "margin")
        example = self.env["hr.commission.example"].create(
            {
                "plan_id": plan.id,
                "name": "Case",
                "event_ids": [
                    Command.create(dict(zip(names, row, strict=False))) for row in rows
                ],
            }
        )
        return {
            month.month: float(amount)
            for (_who, month), amount in example._work_out().get_sums().items()
            if amount
        }

    def test_an_invoice_its_money_and_a_refund(self):
        plan = self._draft_plan(
            {"event_type": "invoice_posted", "rate": 10},
            {"event_type": "payment_received", "rate": 1},
        )
        rows = (
            ("2026-01-10", "invoice_posted", "A", 1000),
            ("2026-02-10", "payment_received", "A", 1000),
            ("2026-03-10", "refund", "A", 200),
        )
        self.assertEqual(self._sums(plan, *rows), {1: 100, 2: 10, 3: -22})

    def test_the_same_documents_pay_what_the_case_says(self):
        plan = self._draft_plan(
            {
                "event_type": "invoice_posted",
                "tier_mode": "marginal",
                "tier_measure": "cumulative",
                "tier_period": "month",
                "tier_ids": [
                    Command.create({"from_value": 0, "rate": 1}),
                    Command.create({"from_value": 1500, "rate": 10}),
                ],
            },
            {"event_type": "payment_received", "rate": 2, "collected_within": 40},
            cap=120,
            cap_period="month",
        )
        rows = (
            ("2026-01-10", "invoice_posted", "A", 1000),
            ("2026-01-20", "invoice_posted", "B", 2000),
            ("2026-02-10", "payment_received", "A", 1000),
            ("2026-03-10", "payment_received", "B", 2000),
            ("2026-03-20", "refund", "C", 10),
        )
        sums = self._sums(plan, *rows)
        self.assertEqual(sums, {1: 120, 2: 20})
        plan.action_activate()
        for price, day, paid in (
            (1000, "2026-01-10", "2026-02-10"),
            (2000, "2026-01-20", "2026-03-10"),
        ):
            invoice = self._invoice(price, date=day)
            self._pay(invoice, invoice.amount_total, date=paid)
        self.assertEarned(sum(sums.values()))

    def test_a_refund_keeps_the_bracket_of_its_sale(self):
        rule = {
            "event_type": "invoice_posted",
            "tier_mode": "whole",
            "tier_measure": "cumulative",
            "tier_period": "month",
            "tier_ids": [
                Command.create({"from_value": 0, "rate": 1}),
                Command.create({"from_value": 500, "rate": 10}),
            ],
        }
        rows = (
            ("2026-01-10", "invoice_posted", "A", 1000),
            ("2026-03-10", "refund", "A", 100),
        )
        self.assertEqual(self._sums(self._draft_plan(rule), *rows), {1: 100, 3: -10})
        by_day = self._draft_plan(rule, refund_basis="day")
        self.assertEqual(self._sums(by_day, *rows), {1: 100, 3: -1})

    def test_part_on_signing_part_on_money(self):
        plan = self._draft_plan(
            {"event_type": "deal_won", "rate": 10, "signing_percent": 30}
        )
        rows = (
            ("2026-01-10", "deal_won", "A", 1000),
            ("2026-02-10", "payment_received", "A", 600),
        )
        self.assertEqual(self._sums(plan, *rows), {1: 30, 2: 42})

    def test_doubts_about_documents(self):
        for rule, vals, text in (
            (
                {"event_type": "invoice_posted"},
                {},
                "nothing takes it back",
            ),
            (
                {"event_type": "invoice_posted", "unpaid_clawback_days": 60},
                {},
                "due before the customer is late",
            ),
            (
                {
                    "event_type": "invoice_posted",
                    "unpaid_clawback_days": 60,
                    "holdback_percent": 50,
                    "holdback_days": 30,
                },
                {},
                "before an unpaid invoice is taken back",
            ),
            (
                {
                    "event_type": "payment_received",
                    "collected_within": 30,
                    "tier_mode": "whole",
                    "tier_measure": "days_to_collect",
                    "tier_ids": [
                        Command.create({"from_value": 0, "rate": 3}),
                        Command.create({"from_value": 60, "rate": 1}),
                    ],
                },
                {},
                "from 60 days on is never reached",
            ),
            (
                {
                    "event_type": "invoice_posted",
                    "unpaid_clawback_days": 60,
                    "is_final": True,
                },
                {},
                "only what is unpaid is",
            ),
            (
                {"event_type": "invoice_posted", "base": "margin", "is_final": True},
                {"cost_basis": "open"},
                "higher costs lower it",
            ),
            (
                {
                    "event_type": "payment_received",
                    "fully_paid_only": True,
                    "is_final": True,
                },
                {},
                "later changes nothing",
            ),
        ):
            with self.subTest(text):
                plan = self._draft_plan({"rate": 1, **rule}, **vals)
                self.assertIn(text, plan.check_warnings)

    def test_a_currency_without_rate(self):
        currency = self.env["res.currency"].create({"name": "XQZ", "symbol": "x"})
        plan = self._draft_plan({"event_type": "invoice_posted", "rate": 1})
        self.assertIn("XQZ has no exchange rate", plan.check_warnings)
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": 2, "company_id": False}
        )
        plan.invalidate_recordset(["check_warnings"])
        self.assertNotIn("XQZ", plan.check_warnings or "")

    def test_more_than_the_whole_amount_but_of_the_wage(self):
        plan = self._draft_plan(
            {"event_type": "invoice_posted", "rate": 150, "once": True}
        )
        self.assertIn("more than the whole amount", plan.check_errors)
        plan.rule_ids.base = "wage"
        self.assertNotIn("more than the whole amount", plan.check_errors or "")

    def test_conditions_that_no_document_meets(self):
        for rule, text in (
            (
                {"product_domain": "[('name', '=', 'A'), ('name', '=', 'B')]"},
                "exclude every customer",
            ),
            (
                {
                    "customer_domain": "[('is_company', '=', True), ('is_company', '=', False)]"
                },
                "exclude every customer",
            ),
            ({"min_discount": 10, "max_discount": 10}, "to below 10 %"),
        ):
            with self.subTest(text):
                plan = self._draft_plan(
                    {"event_type": "invoice_posted", "rate": 1, **rule}
                )
                self.assertIn(text, plan.check_errors)
