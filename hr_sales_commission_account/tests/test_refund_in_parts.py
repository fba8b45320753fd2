# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from collections import defaultdict

from odoo.fields import Command
from odoo.tests import tagged

from .common import CommissionAccountCommon

IN_PERIOD = {"tier_measure": "cumulative", "tier_period": "month"}
TERMS = {
    "plain": {"rate": 10, "holdback_percent": 12.5, "holdback_days": 400},
    "odd": {"rate": 7.77, "holdback_percent": 33.33},
    "unit": {"amount_type": "unit", "amount": 1.01, "holdback_percent": 12.5},
    "cap": {"rate": 7.77, "cap": 5, "holdback_percent": 12.5},
    "slices": {
        "tier_mode": "marginal",
        "tier_ids": [
            Command.create({"from_value": bound, "rate": rate})
            for bound, rate in ((0, 3), (50, 7))
        ],
        "holdback_percent": 12.5,
        **IN_PERIOD,
    },
}
EVENTS = ("invoice_posted", "payment_received")


@tagged("post_install", "-at_install")
class TestRefundInParts(CommissionAccountCommon):
    """After a full refund in parts nobody keeps or owes a cent, of any kind of line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_plan(
            *(
                {"event_type": event_type, **terms, "name": f"{event_type} {name}"}
                for event_type in EVENTS
                for name, terms in TERMS.items()
            )
        )
        cls.yen = cls.setup_other_currency("JPY", rates=[("2026-01-01", 150.37)])
        cls.people = cls.seller | cls.colleague | cls.marketer

    def test_refunded_in_parts(self):
        for price, currency, shares in (
            (100, self.company.currency_id, []),
            (15037, self.yen, [33.33, 33.33, 33.34]),
        ):
            invoice = self._sell(price, currency, shares)
            self._process()
            self._take_back(invoice, 3)
        self._process()
        self.assertNoError()
        left = defaultdict(float)
        lines = self.env["hr.commission.line"].search(
            [("company_id", "=", self.company.id)]
        )
        for line in lines:
            document = self.env["account.move"].browse(line.event_id.res_id)
            sale = document.reversed_entry_id or document
            left[sale.id, line.rule_id.name, line.employee_id.name, line.part] += (
                line.amount
            )
        # sold by one and by three, ten rules, three kinds of lines
        self.assertEqual(len(left), (1 + 3) * 10 * 3)
        left = {key: round(amount, 3) for key, amount in left.items()}
        self.assertEqual({key: amount for key, amount in left.items() if amount}, {})

    def _sell(self, price, currency, shares):
        invoice = self._invoice(price, currency=currency, tax=False, post=False)
        self.env["hr.commission.share"].create(
            [
                {
                    "move_id": invoice.id,
                    "role": "sales",
                    "employee_id": person.id,
                    "percent": percent,
                }
                for person, percent in zip(self.people, shares, strict=False)
            ]
        )
        invoice.action_post()
        self._pay(invoice, currency.round(price / 3), currency_id=currency.id)
        self._pay(invoice, currency_id=currency.id, date="2026-02-20")
        return invoice

    def _take_back(self, invoice, parts):
        currency = invoice.currency_id
        rest = invoice.amount_total
        for number in range(parts, 0, -1):
            part = currency.round(rest / number)
            note = self._refund(invoice, price=part)
            self._pay(note, currency_id=currency.id, date="2026-03-05")
            rest = currency.round(rest - part)
