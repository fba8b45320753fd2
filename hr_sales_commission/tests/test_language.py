"""What plans can say: weeks, limits over all rules."""

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .common import CommissionCommon


@tagged("post_install", "-at_install")
class TestLanguage(CommissionCommon):
    def _amounts(self, *leads):
        """Return what each lead pays in all, cancelled lines left out."""
        return [
            sum(
                self._lines(lead)
                .filtered(lambda line: line.state != "cancelled")
                .mapped("amount")
            )
            for lead in leads
        ]

    def test_r41_limits_over_all_rules(self):
        rules = {
            "SALE": {"rate": 30},
            "BONUS": {"rate": 10, "is_bonus": True},
            "MANAGER": {"role": "manager", "rate": 1},
        }
        self._replace_plan(rules, cap=20000, cap_period="month")
        january = [
            self._lead_won(self.sales_north, 30000, f"2026-01-{day:02}")
            for day in (5, 20)
        ]
        february = self._lead_won(self.sales_north, 30000, "2026-02-03")
        # the manager's one percent is another person's
        self.assertEqual(self._amounts(*january, february), [12300, 8300, 12300])
        line = self._lines(january[1]).filtered(
            lambda line: line.employee_id == self.sales_north
        )[:1]
        self.assertIn("20,000.00 per month over all rules", line.explanation)
        outcome = self._events(january[1])._explain()
        reasons = {refusal.reason for refusal in outcome.refusals}
        self.assertIn("plan_cap_reached", reasons)
        # an earlier deal takes its part of the month, later ones get what is left
        first = self._lead_won(self.sales_north, 25000, "2026-01-02")
        self.assertEqual(self._amounts(first, *january), [10250, 10300, 300])
        self.assertLedgerExact(first + january[0] + january[1])

    def test_r41_floor_and_threshold(self):
        cases = [
            ({"floor": 5000}, [5000, 1000]),
            ({"threshold": 5000}, [0, 6000]),
            ({"threshold": 5000, "cap": 5500}, [0, 5500]),
        ]
        plan = self.plan
        for number, (limits, expected) in enumerate(cases):
            with self.subTest(**limits):
                plan.write({"active": False, "state": "closed"})
                plan.date_end = "2020-01-01" if number == 0 else plan.date_start
                year = 2030 + number
                plan = self._create_plan(
                    {"SALE": {"rate": 10}}, date_start=f"{year}-01-01", **limits
                )
                deals = [
                    self._lead_won(self.sales_north, amount, f"{year}-01-{day:02}")
                    for amount, day in ((20000, 5), (40000, 20))
                ]
                self.assertEqual(self._amounts(*deals), expected)

    def test_r44_weeks(self):
        self._replace_plan({"SALE": {"rate": 10, "cap": 150, "cap_period": "week"}})
        # Saturday, Sunday, Monday
        deals = [
            self._lead_won(self.sales_north, 1000, f"2026-01-{day:02}")
            for day in (3, 4, 5)
        ]
        self.assertEqual(self._amounts(*deals), [100, 50, 100])

    def test_r20_draw_by_the_days_of_the_contract(self):
        self._replace_plan({"SALE": {"rate": 10}}, draw_amount=2000)
        version = self.sales_north.version_id
        version.sudo().write(
            {"contract_date_start": "2026-06-16", "contract_date_end": "2026-08-10"}
        )
        self.assertEqual(
            [self._draw(month) for month in (5, 6, 7, 8, 9)],
            [0, 1000, 2000, 645.16, 0],
        )

    def _draw(self, month, **terms):
        """Return the draw of a month without any commission."""
        if terms:
            plan = self.env["hr.commission.plan"].browse(
                self.env["hr.commission.plan"]
                ._get_plan(self.north, fields.Date.to_date("2026-06-01"))
                .id
            )
            for name, value in terms.items():  # a frozen plan, for the test only
                self.env.cr.execute(
                    SQL(
                        "UPDATE hr_commission_plan SET %s = %s WHERE id = %s",
                        SQL.identifier(name),
                        value,
                        plan.id,
                    )
                )
            self.env.invalidate_all()
        first = fields.Date.to_date(f"2026-{month:02}-01")
        last = fields.Date.end_of(first, "month")
        pair = (self.sales_north, self.north)
        found = self.env["hr.commission.statement"]._get_terms_of([pair], first, last)
        return float(found[pair].get("draw", 0))

    def test_r20_other_draws(self):
        self._replace_plan({"SALE": {"rate": 10}}, draw_amount=2000)
        self.assertEqual(self._draw(6), 2000)  # no contract on record: from ever
        self.sales_north.version_id.sudo().contract_date_start = "2026-06-16"
        # Tuesday 16 June: 11 of 22 working days
        self.assertEqual(self._draw(6, draw_working_days=True), 1000)
        self.assertEqual(self._draw(6, draw_prorata=False), 2000)
        self.assertEqual(self._draw(7, draw_period="week"), 8857.14)
        self.assertEqual(
            [
                self._draw(month, draw_period="month", draw_ramp="100, 50")
                for month in (6, 7, 8)
            ],
            [2000, 1000, 0],
        )
