# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The plans on documents of docs/cookbook.md pay what its tables say."""

from odoo.tests import tagged

from odoo.addons.hr_sales_commission.tests.cookbook import read_number, read_recipes

from .common import CommissionAccountCommon


@tagged("post_install", "-at_install")
class TestCookbook(CommissionAccountCommon):
    def _pay_part(self, invoice, row, day):
        amount = invoice.amount_total * read_number(row["Part of the invoice"]) / 100
        self._pay(invoice, amount, date=row[day])

    def test_only_collected_money(self):
        money = {"event_type": "payment_received", "rate": 10}
        plan = self._make_plan(money, {**money, "fully_paid_only": True})
        invoice = self._invoice(1000)
        for row in read_recipes()["Only collected money"]:
            self._pay_part(invoice, row, "Paid on")
            self._process()
            of_day = self._lines().filtered(
                lambda line, row=row: str(line.date) == row["Paid on"]
            )
            pays = [
                sum(
                    of_day.filtered(
                        lambda line, rule=rule: line.rule_id == rule
                    ).mapped("amount")
                )
                for rule in plan.rule_ids.sorted("id")
            ]
            expected = [read_number(row[name]) for name in ("Pays", "Fully paid only")]
            self.assertEqual(pays, expected, row)

    def test_paid_in_two_steps(self):
        self._make_plan(
            {"event_type": "order_confirmed", "rate": 10, "signing_percent": 40}
        )
        signing, *payments = read_recipes()["Paid in two steps"]
        invoice = self._invoice_order(self._order(1000, date=signing["Day"]))
        earned = read_number(signing["Pays"])
        self.assertEarned(earned)
        for row in payments:
            self._pay_part(invoice, row, "Day")
            earned += read_number(row["Pays"])
            self.assertEarned(earned)

    def test_late_costs(self):
        self._make_plan(
            {"event_type": "invoice_posted", "rate": 10, "base": "margin"},
            cost_basis="open",
        )
        self.assertEqual(self.product.standard_price, 600)
        self._invoice(1000, tax=False)
        rows = read_recipes()["Late costs"]
        for row in rows:
            self.product.standard_price = read_number(row["Costs"])
            self._process()
            self._lines().filtered(lambda line: line.state == "draft")._approve()
        self.assertEqual(
            self._lines().sorted("id").mapped("amount"),
            [read_number(row["Pays"]) for row in rows],
        )
