# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Which part of a document a rule pays on: its name, its base, and trying it out."""

from dataclasses import dataclass

from odoo.fields import Command
from odoo.tests import Form, tagged

from ..pipeline.commission_scope import Scope
from ..pipeline.invoice_amounts import InvoiceAmounts
from ..pipeline.order_amounts import OrderAmounts
from .common import CommissionAccountCommon


@tagged("post_install", "-at_install")
class TestScope(CommissionAccountCommon):
    def test_the_rate_by_payment_terms(self):
        """At once 10 %, above 30 days 4 %; a credit note has the terms of its invoice."""
        rates = ((0, 10), (30, 4))
        tiers = [Command.create({"from_value": days, "rate": r}) for days, r in rates]
        by_terms = {"tier_mode": "whole", "tier_measure": "terms_days"}
        self._make_plan({"event_type": "invoice_posted", "tier_ids": tiers, **by_terms})
        self._invoice(1000, invoice_date_due="2026-01-10")
        self.assertEarned(100)
        late = self._invoice(1000, invoice_date_due="2026-02-20")
        self.assertEarned(140)
        self._refund(late, price=250)
        self.assertEarned(130)
        self._pay(late)
        self.assertEarned(130)
        late.invoice_date_due = "2026-01-20"  # as was agreed after all
        self.assertEarned(100 + 100 - 25)

    def test_a_condition_added_later_leaves_the_names_of_scopes(self):
        """A name that changes would take back what every recorded event pays."""

        @dataclass(frozen=True, slots=True)
        class LaterScope(Scope):
            country: str = ""

        @dataclass(frozen=True, slots=True)
        class ReorderedScope:
            customer_kind: str = ""
            base: str = "amount"
            key = Scope.key

        for values in (
            {},
            {"base": "margin"},
            {"base": "margin", "customer_kind": "first"},
        ):
            with self.subTest(values):
                self.assertEqual(LaterScope(**values).key, Scope(**values).key)
                self.assertEqual(ReorderedScope(**values).key, Scope(**values).key)
        self.assertNotEqual(LaterScope(country="BE").key, Scope().key)
        self.assertEqual(Scope(base="margin").key, "bfccbca672")

    def test_an_unknown_base_never_pays_on_the_full_amount(self):
        for amounts in (OrderAmounts, InvoiceAmounts):
            with self.assertRaisesRegex(KeyError, "list_price_of_last_year"):
                amounts(self.env, [1]).get(Scope(base="list_price_of_last_year"))

    def test_documents_can_be_tried_on_the_form(self):
        form = Form(self.env["hr.commission.plan"])
        form.name = "Draft"
        for name, values in (
            ("Invoices", {"event_type": "invoice_posted", "rate": 2}),
            ("Margins", {"event_type": "invoice_posted", "rate": 10, "base": "margin"}),
            ("Deals", {"event_type": "deal_won", "rate": 4, "signing_percent": 25}),
        ):
            with form.rule_ids.new() as rule:
                rule.name = name
                for field, value in values.items():
                    rule[field] = value
        form.example_amount = 1000
        form.example_event_type = "invoice_posted"
        shown = str(form.example_result)
        self.assertIn("20.00", shown)
        self.assertIn("100.00", shown)
        self.assertNotIn("|", shown)
        self.assertIn("Deals: The rule pays on", shown)
        form.example_event_type = "deal_won"
        shown = str(form.example_result)
        self.assertIn("10.00", shown)
        self.assertIn("30.00", shown)
        self.assertIn("Deals (Payment received, by the conditions", shown)
        self.assertNotIn("|", shown)
        form.example_event_type = "payment_received"
        self.assertIn("30.00", str(form.example_result))
