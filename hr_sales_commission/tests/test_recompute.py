# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What moves, goes or is replaced leaves the rest of its period right."""

from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import CommissionCommon


def by_bracket(measure, low, high, bound=1, period="month", **values):
    """A rule with two brackets, the second of which begins above ``bound``."""
    return {
        "role": "sales",
        "tier_mode": "whole",
        "tier_measure": measure,
        "tier_period": period,
        "tier_ids": [
            Command.create({"from_value": 0, "rate": low}),
            Command.create({"from_value": bound, "rate": high}),
        ],
        **values,
    }


SALE = {"event_type": "deal_won", "role": "sales", "requires_verification": False}


@tagged("post_install", "-at_install", "commission_core")
class TestRecompute(CommissionCommon):
    @contextmanager
    def _undone(self):
        """Take back at the end what the block writes."""
        point = self.env.cr.savepoint()
        yield
        self.env.invalidate_all(flush=False)
        point.close(rollback=True)
        self.env.invalidate_all(flush=False)
        self.env.registry.clear_cache()

    def _paid(self, leads):
        self._process()
        self.assertLedgerExact(leads)
        return [round(sum(self._lines(lead).mapped("amount")), 2) for lead in leads]

    def _two_deals(self, day="2026-01-10", **vals):
        return self._lead_won(self.sales_north, 1000, day, process=False, **vals) + (
            self._lead_won(self.sales_north, 1000, day, **vals)
        )

    def test_a_deal_that_moves_away_leaves_its_month_right(self):
        """Its brackets fall: 1,000 at 1 % instead of 2,000 at 10 %."""
        for method in ("recompute", "reverse", "prorata"):
            with self.subTest(method=method), self._undone():
                self._replace_plan(
                    {"TIERS": by_bracket("cumulative", 1, 10, bound=1000)},
                    clawback_method=method,
                )
                deals = self._two_deals()
                self.assertEqual(self._paid(deals), [100, 100])
                deals[0].date_won = "2026-05-10"
                self.assertEqual(self._paid(deals), [10, 10])
                deals[0].date_won = "2026-01-11"
                self.assertEqual(self._paid(deals), [100, 100])
                # undone and done again before anything is computed
                with freeze_time("2026-06-20"):
                    deals[0].stage_id = self.stage_new
                    deals[0].date_won = False
                    deals[0].stage_id = self.stage_won
                    deals[0].date_won = "2026-06-20"
                self.assertEqual(self._paid(deals), [10, 10])

    def test_a_lead_that_moves_away_leaves_its_month_right(self):
        self._replace_plan({"COUNT": by_bracket("qualified_count", 1, 10)})
        deal = self._lead_won(
            self.sales_north, 1000, "2026-01-10", date_qualified="2026-01-05"
        )
        other = self._lead_open(self.sales_north, 1000, date_qualified=date(2026, 1, 6))
        self.assertEqual(self._paid(deal), [100])
        other.date_qualified = date(2026, 2, 6)
        self.assertEqual(self._paid(deal), [10])

    def test_a_deleted_lead_no_longer_counts(self):
        rules = {
            "CONVERSION": by_bracket("conversion_rate", 1, 5, bound=50),
            "COUNT": by_bracket("qualified_count", 1, 5),
        }
        for name, before, after in (("CONVERSION", 10, 50), ("COUNT", 50, 10)):
            with self.subTest(name=name), self._undone():
                self._replace_plan({name: rules[name]})
                deal = self._lead_won(
                    self.sales_north, 1000, "2026-01-10", date_qualified="2026-01-05"
                )
                lost = self._lead_open(
                    self.sales_north, 1000, date_qualified=date(2026, 1, 6)
                )
                self.assertEqual(self._paid(deal), [before])
                lost.unlink()
                self.assertEqual(self._paid(deal), [after])

    def test_the_odd_cent_is_the_same_persons_whatever_is_computed(self):
        self._replace_plan(
            {"ALL": {"role": "sales", "rate": 100, "cap": 99999, "cap_period": "month"}}
        )
        shares = [
            Command.create({"employee_id": each.id, "role": "sales", "percent": 50})
            for each in (self.team_manager, self.sales_north)
        ]
        deal = self._lead_won(
            self.sales_north, 100.01, "2026-01-10", commission_share_ids=shares
        )
        self.assertEqual(self._paid(deal), [100.01])
        lines = self._lines(deal)
        estimate = {line.employee_id: line.amount for line in lines}
        lines.action_approve()
        other = self._lead_won(self.sales_north, 500, "2026-01-11")
        self.assertEqual(self._paid(deal + other), [100.01, 500])
        self.assertEqual(self._lines(deal), lines)
        self.assertEqual(
            {line.employee_id: line.amount for line in self._lines(deal)}, estimate
        )

    def test_the_whole_event_decides(self):
        rules = {
            "TIERS": by_bracket("amount", 1, 5, bound=1000, period="event"),
            "CAP": {"role": "sales", "rate": 5, "cap": 70},
        }
        self._replace_plan(rules)
        alone = self._lead_won(self.sales_north, 2000, "2026-01-10")
        shared = self._lead_won(
            self.sales_north,
            2000,
            "2026-01-10",
            commission_share_ids=[
                Command.create(
                    {"employee_id": each.id, "role": "sales", "percent": part}
                )
                for each, part in (
                    (self.sales_north, 33.33),
                    (self.team_manager, 33.33),
                    (self.manager_north, 33.34),
                )
            ],
        )
        self.assertEqual(self._paid(alone + shared), [170, 170])

    def test_a_new_version_goes_on_with_cap_and_brackets(self):
        """Also where only the new version looks at the period."""
        plan = self._replace_plan({"SALES": {"role": "sales", "rate": 5}})
        early = self._lead_won(self.sales_north, 1000, "2026-01-10")
        plan.action_change()
        draft = plan.next_ids
        draft.date_start = "2026-04-01"
        draft.rule_ids.write({"cap": 70, "cap_period": "year"})
        draft.action_activate()
        late = self._lead_won(self.sales_north, 1000, "2026-05-10")
        self.assertEqual(self._paid(early + late), [50, 20])
        early.write({"expected_revenue": 600, "won_amount": 600})
        self.assertEqual(self._paid(early + late), [30, 40])
        early.date_won = "2026-04-02"
        self.assertEqual(self._paid(early + late), [30, 40])

    def test_who_changed_the_branch_is_paid_by_both_plans(self):
        self._replace_plan(
            {"YEAR": by_bracket("cumulative", 1, 10, bound=1000, period="year")}
        )
        self._create_plan(
            {"PLAIN": {"role": "sales", "rate": 2}}, company_id=self.south.id
        )
        early = self._lead_won(self.sales_north, 1000, "2026-01-10")
        self._move_to_south(self.sales_north)
        late = self._lead_won(self.sales_north, 500, "2026-05-10")
        self.assertEqual(self._paid(early + late), [100, 10])
        late.write(
            {"expected_revenue": 5, "won_amount": 5, "stage_id": self.stage_new.id}
        )
        self.assertEqual(self._paid(early), [10])

    def test_a_personal_plan_holds_from_its_date_on(self):
        personal = self._create_plan(
            {"OWN": {"role": "sales", "rate": 9, "cap": 95, "cap_period": "year"}},
            is_personal=True,
        )
        version = self.sales_north.version_id
        version.date_version = "2026-03-01"
        before = self._lead_won(self.sales_north, 1000, "2026-01-10")
        after = self._lead_won(self.sales_north, 1000, "2026-03-10")
        self.assertEqual(self._paid(before + after), [50, 50])
        version.commission_plan_id = personal
        self.assertEqual(self._paid(before + after), [50, 90])
        before.write({"expected_revenue": 1100, "won_amount": 1100})
        self.assertEqual(self._paid(before + after), [55, 90])
        version.date_version = "2026-01-01"
        self.assertEqual(self._paid(before + after), [95, 0])

    def test_only_what_no_longer_pays_is_archived(self):
        with self.assertRaisesRegex(UserError, "End it before you archive"):
            self.plan.active = False
        draft = self._create_plan(
            {"A": {"rate": 1}}, active=False, date_start="2030-01-01"
        )
        draft.action_archive()
        with self.assertRaises(UserError):
            draft.state = "active"
        draft.unlink()
        self.plan.write({"state": "closed", "date_end": "2026-06-30"})
        self.plan.action_archive()
        # what is archived still holds for its days, and everybody sees it
        with self.assertRaisesRegex(UserError, "holds in the same company"):
            self._create_plan({"B": {"rate": 2}}, date_start="2026-06-30")
        lead = self._lead_won(self.sales_north, 1000, "2026-06-30")
        self.assertEqual(self._paid(lead), [50])

    def test_conditions_of_an_archived_plan_are_watched(self):
        plan = self._replace_plan(
            {"BIG": {"rate": 5, "domain": "[('city', '=', 'Ghent')]"}}
        )
        lead = self._lead_won(self.sales_north, 1000, "2026-01-10", city="Ghent")
        plan.write({"state": "closed", "date_end": "2026-06-30"})
        plan.action_archive()
        self.assertEqual(self._paid(lead), [50])
        lead.city = "Bruges"
        self.assertEqual(self._paid(lead), [0])

    def test_a_missing_exchange_rate_holds_the_event_and_is_named(self):
        euro = self.setup_other_currency("EUR", rates=[])
        other = self._create_company(name="Euroland", currency_id=euro.id)
        foreigner = self._create_person("euro", other, role="marketing")
        self._create_plan(
            {"Referral": {"role": "marketing", "rate": 10}}, company_id=other.id
        )
        open_lead = self._lead_open(
            self.sales_north, 1000, "referral", marketer=foreigner
        )
        card = open_lead.get_commission_estimates()[str(open_lead.id)]
        self.assertEqual(len(card["others"]), 1, "nothing is estimated without a rate")
        with mute_logger("odoo.addons.hr_sales_commission.models.hr_commission_event"):
            lead = self._lead_won(
                self.sales_north, 1000, "2026-05-04", "referral", marketer=foreigner
            )
        event = self._events(lead).filtered(lambda each: each.event_type == "deal_won")
        self.assertEqual(event.state, "error")
        self.assertIn(f"from {self.hq.currency_id.name} to EUR", event.error)
        self.assertFalse(self._lines(lead))
        checks = self.env["hr.commission.health"]._check(self.hq | other)
        said = checks.filtered(lambda check: check.code == "rates").mapped("detail")
        self.assertIn("waits among the events in error", " ".join(filter(None, said)))
        self.env["res.currency.rate"].create(
            {
                "name": "2026-01-01",
                "rate": 4,
                "currency_id": self.hq.currency_id.id,
                "company_id": other.id,
            }
        )
        with patch.object(type(self.env["ir.cron"]), "_commit_progress"):
            event._cron_process()
        self.assertEqual(
            self._lines(lead)
            .filtered(lambda line: line.employee_id == foreigner)
            .mapped("amount"),
            [25],
        )

    def test_one_persons_trouble_does_not_stop_the_statements_of_a_branch(self):
        self._lead_won(self.sales_north, 1000, "2026-05-04")
        self._lead_won(self.team_manager, 1000, "2026-05-05")
        self._move_to_south(self.sales_north)
        self._lead_won(self.sales_north, 500, "2026-05-20")
        self.env["hr.commission.line"].create(
            {
                "kind": "manual",
                "employee_id": self.sales_south.id,
                "company_id": self.north.id,
                "amount": 30,
                "date": "2026-05-21",
                "note": "Helped out",
            }
        )
        Statement = self.env["hr.commission.statement"]
        statements = Statement._generate(self.north + self.south, date(2026, 5, 31))
        self.assertEqual(
            {
                (each.employee_id.name, each.company_id.name): each.earned
                + each.adjusted
                for each in statements
            },
            {
                ("sales_north", "Commission North"): 50,
                ("team_manager", "Commission North"): 50,
                ("sales_south", "Commission North"): 30,
                ("sales_north", "Commission South"): 25,
            },
        )

    @freeze_time("2026-06-30 12:00:00")
    def test_lost_within_the_window_in_other_currencies(self):
        """What is lost is taken back to the unit of the currency: no cents, or mils."""
        days = (date(2026, 1, 10), date(2026, 1, 20))
        for name, sales in (("JPY", (100_001, 70_007)), ("KWD", (1234.567, 700.013))):
            currency = (
                self.env["res.currency"]
                .with_context(active_test=False)
                .search([("name", "=", name)])
            )
            currency.active = True
            self.hq.currency_id = currency
            step = Fraction(repr(currency.rounding))
            bound = 50_000 if name == "JPY" else 500
            for method in ("recompute", "reverse", "prorata"):
                with self.subTest(currency=name, method=method), self._undone():
                    self._check_lost(sales, days, bound, step, method)

    def _check_lost(self, sales, days, bound, step, method):
        plan = self._replace_plan(
            {
                "Flat": {**SALE, "rate": 7.77},
                "Slices": {
                    **SALE,
                    "tier_mode": "marginal",
                    "tier_measure": "cumulative",
                    "tier_period": "month",
                    "tier_ids": [
                        Command.create({"from_value": 0, "rate": 1.25}),
                        Command.create({"from_value": bound, "rate": 3.33}),
                    ],
                },
            },
            clawback_method=method,
            clawback_days=90,
        )
        self.plan = plan
        first, second = (
            self._lead_won(self.sales_north, amount, day)
            for amount, day in zip(sales, days, strict=True)
        )

        def rounded(value):
            return int(value / step + Fraction(1, 2)) * step

        def slices(amount):
            low, rest = min(amount, bound), max(amount - bound, 0)
            return rounded((low * Fraction("1.25") + rest * Fraction("3.33")) / 100)

        one, other = (Fraction(repr(each)) for each in sales)
        flat = [rounded(each * Fraction("7.77") / 100) for each in (one, other)]
        both = slices(one + other)
        self._compare_sum(first + second, sum(flat) + both, step)
        with freeze_time("2026-02-05 12:00:00"):
            first.stage_id = self.stage_new
            self._process()
        kept = Fraction(26, 90) if method == "prorata" else 0
        rest = slices(other) if method == "recompute" else both - slices(one)
        left = rounded(flat[0] * kept) + rounded(slices(one) * kept)
        self._compare_sum(first + second, left + flat[1] + rest, step)

    def _compare_sum(self, leads, expected, step):
        lines = self._lines(leads)
        self.assertEqual(
            sum((Fraction(repr(line.amount)) for line in lines), Fraction(0)), expected
        )
        for line in lines:
            self.assertEqual(Fraction(repr(line.amount)) % step, 0)
        self.assertLedgerExact(leads)
