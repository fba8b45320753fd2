# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .source_common import SourceCommon


@tagged("post_install", "-at_install")
class TestSourceShares(SourceCommon):
    """Marketing's part is shared by the attribution model (W42, W45)."""

    #: first, last, … : what each of five contacts gets of 12,000 (W42)
    CASES = {
        "last": [0, 0, 0, 0, 12000],
        "linear": [2400, 2400, 2400, 2400, 2400],
        "position": [4800, 800, 800, 800, 4800],
        "decay": [175, 287, 575, 3417, 7545],
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marketers = cls.env["hr.employee"].create(
            [
                {
                    "name": f"Marketer {number}",
                    "company_id": cls.hq.id,
                    "commission_role": "marketing",
                }
                for number in range(5)
            ]
        )

    def _win_with_touches(self, model, days, email):
        self.plan.write({"active": False, "state": "closed", "date_end": "2020-01-02"})
        self._create_plan(date_start="2020-01-03", attribution=model)
        for day, marketer in zip(days, self.marketers, strict=False):
            self._touch(38 - day, marketer, kind="event", email_normalized=email)
        lead = self._make(self.sales_north, email_from=email, expected_revenue=12000)
        self._win(lead)
        return lead.sudo()

    def _credited(self, lead):
        credits = self.env["hr.commission.credit"].search(
            [
                ("event_id.lead_id", "=", lead.id),
                ("event_id.event_type", "=", "deal_won"),
                ("role", "=", "marketing"),
                ("share", ">", 0),
            ]
        )
        return {credit.employee_id: credit.amount for credit in credits}

    def _check(self, model, expected, days=(0, 5, 12, 30, 38)):
        lead = self._win_with_touches(model, days, f"{model}@client.test")
        self.assertEqual(lead.commission_source, "marketing")
        credited = self._credited(lead)
        amounts = [round(credited.get(person, 0)) for person in self.marketers]
        self.assertEqual(amounts[: len(expected)], expected)
        self.assertAlmostEqual(sum(credited.values()), 12000, places=2)

    def test_first(self):
        self._check("first", [12000, 0, 0, 0, 0])

    def test_last(self):
        self._check("last", self.CASES["last"])

    def test_linear(self):
        self._check("linear", self.CASES["linear"])

    def test_position(self):
        self._check("position", self.CASES["position"])

    def test_r43_w(self):
        """30/5/30/5/30: without a day of conversion the one in the middle opened it."""
        self._check("w", [3600, 600, 3600, 600, 3600])

    def test_r43_w_by_the_day_of_conversion(self):
        self.plan.write({"active": False, "state": "closed", "date_end": "2020-01-02"})
        self._create_plan(date_start="2020-01-03", attribution="w")
        for day, marketer in zip((0, 5, 12, 30, 38), self.marketers, strict=True):
            self._touch(38 - day, marketer, kind="event", email_normalized="w@c.test")
        lead = self._make(
            self.sales_north, email_from="w@c.test", expected_revenue=12000
        )
        lead.sudo().date_conversion = fields.Datetime.now() - timedelta(days=32)
        self._win(lead)
        credited = self._credited(lead)
        self.assertEqual(
            [round(credited.get(person, 0)) for person in self.marketers],
            [3600, 3600, 600, 600, 3600],
        )

    def test_decay(self):
        self._check("decay", self.CASES["decay"])

    def test_position_with_one_and_two_contacts(self):
        self._check("position", [12000], days=(0,))

    def test_position_with_two_contacts(self):
        self._check("position", [6000, 6000], days=(0, 5))

    def test_shares_made_by_hand_stay(self):
        self.plan.write({"active": False, "state": "closed", "date_end": "2020-01-02"})
        self._create_plan(date_start="2020-01-03", attribution="linear")
        for marketer in self.marketers[:2]:
            self._touch(9, marketer, kind="event", email_normalized="a@client.test")
        lead = self._make(self.sales_north, email_from="a@client.test").sudo()
        lead.commission_share_ids = [
            (0, 0, {"role": "marketing", "employee_id": self.marketers[4].id})
        ]
        self._win(lead)
        self.assertEqual(self._credited(lead), {self.marketers[4]: 1000})

    def test_automatic_shares_are_marked(self):
        lead = self._win_with_touches("linear", (0, 5, 12), "x@client.test")
        shares = lead.commission_share_ids
        self.assertEqual(shares.mapped("is_automatic"), [True] * 3)
        self.assertAlmostEqual(sum(shares.mapped("percent")), 100, places=6)
