# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import io
from collections import defaultdict
from datetime import date
from unittest.mock import patch

from psycopg2.errors import CheckViolation
from reportlab.pdfgen.canvas import Canvas

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, freeze_time, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from ..pipeline.page_numbers import number_pages
from .common import CommissionCommon
from .replay import play_lines, read_posted
from .workbook import read_workbook

FIGURES = ("opening", "earned", "bonus", "adjusted", "clawback", "held", "draw") + (
    "draw_debt",
    "paid",
    "closing",
)


def draw_pages(count):
    """Return a PDF of so many empty pages."""
    stream = io.BytesIO()
    canvas = Canvas(stream)
    for _page in range(count):
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


class StatementCommon(CommissionCommon):
    def _statement(self, employee, month, confirm=False):
        """Make a month's statements and return the employee's."""
        day = date.fromisoformat(f"{month}-01")
        statements = self.env["hr.commission.statement"]._generate(
            employee.company_id, day
        )
        statement = statements.filtered(lambda each: each.employee_id == employee)
        if confirm:
            statement.action_confirm()
        return statement

    def _approve(self, employee, month):
        statement = self._statement(employee, month, confirm=True)
        statement.action_approve()
        return statement

    def _manual_line(self, amount, day, employee=None, **vals):
        employee = employee or self.sales_north
        return self.env["hr.commission.line"].create(
            {
                "employee_id": employee.id,
                "company_id": employee.company_id.id,
                "kind": "manual",
                "amount": amount,
                "date": day,
                "note": "Agreed",
                **vals,
            }
        )

    def assertFigures(self, statement, **expected):
        """Compare all figures; those not named are zero."""
        self.assertEqual(
            {name: statement[name] for name in FIGURES},
            {name: float(expected.get(name, 0)) for name in FIGURES},
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-08-20 12:00:00")
class TestStatementFigures(StatementCommon):
    def test_every_figure(self):
        self._lead_won(self.sales_north, 10000, "2026-01-10", "marketing")
        self._lead_won(self.sales_north, 1000, "2026-01-31", "own")
        self._lead_won(self.sales_north, 2000, "2026-01-15", "own", verified=False)
        self._manual_line(25, "2026-01-20")
        statement = self._statement(self.sales_north, "2026-01")
        self.assertFigures(
            statement, earned=450, bonus=100, adjusted=25, held=100, paid=475
        )
        self.assertEqual(statement.line_count, 5)
        self.assertEqual(
            [
                (
                    row["source"],
                    row["rule"],
                    row["is_bonus"],
                    row["count"],
                    row["amount"],
                )
                for row in statement._get_earned_rows()
            ],
            [
                ("Marketing", "SAL_MKT", False, 1, 300),
                ("Marketing", "SAL_SYN", True, 1, 100),
                ("Own customer", "SAL_OWN", False, 1, 50),
            ],
        )
        self.assertEqual(statement.display_name, "sales_north, January 2026")
        marketer = self._statement(self.marketer, "2026-01")
        self.assertFigures(marketer, earned=200, paid=200)

    def test_months_do_not_mix(self):
        self._lead_won(self.sales_north, 1000, "2026-01-31")
        self._lead_won(self.sales_north, 3000, "2026-02-01")
        self.assertFigures(
            self._statement(self.sales_north, "2026-01"), earned=50, paid=50
        )
        self.assertFigures(
            self._statement(self.sales_north, "2026-02"), earned=150, paid=150
        )

    def test_generating_again_refreshes_drafts_only(self):
        self._lead_won(self.sales_north, 1000, "2026-01-10")
        statement = self._statement(self.sales_north, "2026-01")
        self._lead_won(self.sales_north, 1000, "2026-01-11")
        self.assertEqual(self._statement(self.sales_north, "2026-01"), statement)
        self.assertFigures(statement, earned=100, paid=100)
        statement.action_confirm()
        self._lead_won(self.sales_north, 1000, "2026-01-12")
        self._statement(self.sales_north, "2026-01")
        self.assertFigures(statement, earned=100, paid=100)

    def test_only_figures_that_changed_are_written(self):
        self._manual_line(25, "2026-01-20")
        statement = self._statement(self.sales_north, "2026-01")
        write = type(statement).write
        with patch.object(
            type(statement), "write", autospec=True, side_effect=write
        ) as written:
            statement._refresh()
            written.assert_not_called()
            self._manual_line(5, "2026-01-21")
            statement._refresh()
        written.assert_called_once_with(
            statement.sudo(), {"adjusted": 30.0, "paid": 30.0}
        )
        self.assertFigures(statement, adjusted=30, paid=30)

    def test_a_late_line_goes_into_the_next_month(self):
        self._lead_won(self.sales_north, 1000, "2026-01-10")
        self._approve(self.sales_north, "2026-01")
        self._lead_won(self.sales_north, 2000, "2026-01-12")
        self.assertFigures(
            self._statement(self.sales_north, "2026-02"), adjusted=100, paid=100
        )

    def test_held_lines_wait_for_their_month(self):
        lead = self._lead_won(self.sales_north, 1000, "2026-01-10", verified=False)
        january = self._approve(self.sales_north, "2026-01")
        self.assertFigures(january, held=50)
        self.assertEqual(self._lines(lead).state, "held")
        lead.action_verify_source()
        self._process()
        february = self._statement(self.sales_north, "2026-02")
        self.assertFigures(february, adjusted=50, paid=50)
        self.assertFigures(january, held=50)

    def test_disputed_lines_wait_for_the_decision(self):
        lines = self._manual_line(70, "2026-01-10")
        lines += self._lines(self._lead_won(self.sales_north, 1000, "2026-01-11"))
        lines.is_disputed = True
        january = self._approve(self.sales_north, "2026-01")
        self.assertFigures(january, held=120)
        self.assertEqual(january._get_earned_rows(), [], "what is printed agrees")
        self.assertEqual(set(lines.mapped("state")), {"draft"})
        lines.is_disputed = False
        self.assertFigures(
            self._approve(self.sales_north, "2026-02"), adjusted=120, paid=120
        )
        self.assertEqual(set(lines.mapped("state")), {"approved"})

    def test_what_payroll_paid_before_the_first_statement_is_settled(self):
        old = self._manual_line(70, "2026-01-10")
        old.action_approve()
        old._payroll_paid(date(2026, 1, 31), "PAY")
        self._manual_line(30, "2026-02-10")
        statement = self._statement(self.sales_north, "2026-02")
        self.assertFigures(statement, adjusted=30, paid=30)
        self.assertFalse(old.statement_id)

    # ------------------------------------------------------------------
    # Balances
    # ------------------------------------------------------------------

    def _months(self, amounts, year=2026):
        """Earn an amount a month, approve each, and return the statements."""
        statements = self.env["hr.commission.statement"]
        for number, amount in enumerate(amounts, start=1):
            month = f"{year}-{number:02}"
            if amount:
                self._lead_won(self.sales_north, amount, f"{month}-10")
            statements += self._approve(self.sales_north, month)
        return statements

    def _plan_with(self, **vals):
        return self._replace_plan({"All": {"rate": 100}}, **vals)

    def test_w31_recoverable_draw(self):
        self._plan_with(draw_amount=2000)
        statements = self._months([2750, 3000, 1500, 2375, 3000, 2750])
        self.assertEqual(
            statements.mapped("paid"), [2750, 3000, 2000, 2000, 2875, 2750]
        )
        self.assertEqual(statements.mapped("draw_debt"), [0, 0, 500, 125, 0, 0])
        draws = statements.line_ids.filtered(lambda line: line.kind == "draw")
        self.assertEqual(
            [
                (line.statement_id.date_from.month, line.amount)
                for line in draws.sorted("date")
            ],
            [(3, 500), (4, -375), (5, -125)],
        )
        self.assertEqual(set(draws.mapped("state")), {"approved"})
        self._check_lines_pay(statements)

    def test_a_month_without_any_deal_pays_the_draw(self):
        self._plan_with(draw_amount=2000)
        self.sales_north.create_version({"date_version": "2025-01-01"})
        statements = self._months([2500, 0, 3000])
        self.assertEqual(statements.mapped("paid"), [2500, 2000, 2000])
        self.assertEqual(statements.mapped("draw_debt"), [0, 2000, 1000])

    def test_what_is_recovered_is_due_with_the_money_it_is_taken_from(self):
        """Before, it would keep what the month before pays."""
        self._plan_with(draw_amount=2000, payout="month_end", payout_days=10)
        statements = self._months([750, 3000])
        draws = statements.line_ids.filtered(lambda line: line.kind == "draw")
        self.assertEqual(
            [(line.amount, str(line.date_due)) for line in draws.sorted("date")],
            [(1250, "2026-01-31"), (-1000, "2026-03-10")],
        )

    def _check_lines_pay(self, statements):
        """What payroll pays line by line is what each statement says."""
        for statement in statements:
            self.assertAlmostEqual(
                sum(statement.line_ids.mapped("amount")), statement.paid, 2
            )
        if "manual" not in statements.line_ids.mapped("kind"):
            self._check_simulation_pays(statements)

    def _check_simulation_pays(self, statements):
        """What ran, simulated, pays out what the statements did; no plan pays by hand."""
        plans = self.env["hr.commission.plan"].search([("state", "=", "active")])
        simulation = self.env["hr.commission.simulation"].create(
            {
                "name": "As it ran",
                "company_id": self.hq.id,
                "date_from": min(statements.mapped("date_from")),
                "date_to": max(statements.mapped("date_to")),
                "plan_ids": [Command.set(plans.ids)],
            }
        )
        simulation.action_run()
        paid = defaultdict(float)
        for statement in statements:
            paid[statement.employee_id, statement.company_id] += statement.paid
        for result in simulation.result_ids:
            if (place := (result.employee_id, result.company_id)) in paid:
                self.assertAlmostEqual(result.paid_before, paid[place], 2)
                self.assertAlmostEqual(result.paid, paid[place], 2)

    def test_months_paid_one_after_the_other_are_what_is_simulated(self):
        """Pay runs with small months and carried ones, then a deal that was paid shrinks."""
        for terms in (
            {"payout_minimum": 120},
            {"threshold": 120, "cap_period": "month"},
            {"cap": 200, "cap_excess": "carry", "payout_minimum": 60},
        ):
            with self.subTest(terms), self._undone():
                self._plan_with(**terms)
                self.sales_north.create_version({"date_version": "2025-01-01"})
                lead = self._lead_won(self.sales_north, 33.33, "2026-01-09")
                statements = self._months([87.65, 310.01])
                statements.action_mark_paid()
                self._check_simulation_pays(statements)
                lead.won_amount = 12.34
                self._process()
                posted = read_posted(
                    self.env["hr.commission.line"].search([("event_id", "!=", False)])
                )
                days = date(2026, 1, 1), date(2026, 2, 28)
                played, faults = play_lines(
                    self.env, self.hq, None, self.branches, *days
                )
                self.assertEqual((played, faults), (posted, {}))

    def test_what_is_above_a_cap_is_carried(self):
        self._plan_with(cap=2000, cap_excess="carry")
        self.sales_north.create_version({"date_version": "2025-01-01"})
        statements = self._months([5000, 1500, 0, 1000])
        self.assertEqual(statements.mapped("paid"), [2000, 2000, 2000, 1500])
        self.assertEqual(statements.mapped("closing"), [3000, 2500, 500, 0])
        self._check_lines_pay(statements)
        first = statements[0].line_ids.filtered(lambda line: line.kind == "draw")
        self.assertIn("above the cap is carried", first.note)

    def test_what_a_cap_carries_pays_what_is_taken_back(self):
        self._plan_with(cap=2000, cap_excess="carry")
        deal = self._lead_won(self.sales_north, 5000, "2026-01-10")
        january = self._approve(self.sales_north, "2026-01")
        with freeze_time("2026-02-15 12:00:00"):
            deal.stage_id = self.stage_new
            self._process()
        february, march = (
            self._approve(self.sales_north, month) for month in ("2026-02", "2026-03")
        )
        statements = january + february
        self.assertEqual(statements.mapped("paid"), [2000, 0])
        self.assertEqual(february.closing, -2000)
        self.assertEqual(march.closing, -2000)

    def test_what_is_above_the_cap_of_a_longer_period_is_carried(self):
        """A quarter here; periods begin where the company's year does."""
        self.sales_north.create_version({"date_version": "2025-01-01"})
        self.hq.commission_year_month = "3"
        self._plan_with(cap=6000, cap_excess="carry", cap_period="quarter")
        # December to February, then March
        statements = self._months([5000, 2000, 0, 1000], year=2027)
        self.assertEqual(statements.mapped("paid"), [5000, 1000, 1000, 1000])
        self.assertEqual(statements.mapped("closing"), [0, 1000, 0, 0])
        for statement in statements:
            self.assertAlmostEqual(
                sum(statement.line_ids.mapped("amount")), statement.paid, 2
            )

    def test_of_a_weekly_cap_a_month_pays_a_seventh_a_day(self):
        self._plan_with(cap=700, cap_excess="carry", cap_period="week")
        self.sales_north.create_version({"date_version": "2025-01-01"})
        statements = self._months([5000, 1000])
        self.assertEqual(statements.mapped("paid"), [3100, 2800])
        self.assertEqual(statements.mapped("closing"), [1900, 100])

    def _in_two_branches(self, north, south):
        """Return the January of somebody who moves on the 15th."""
        self._lead_won(self.sales_north, north, "2026-01-10")
        self._move_to_south(self.sales_north)
        self._lead_won(self.sales_north, south, "2026-01-20")
        return (
            self.env["hr.commission.statement"]
            ._generate(self.north + self.south, date(2026, 1, 1))
            .filtered(lambda each: each.employee_id == self.sales_north)
        )

    def test_a_carried_cap_is_one_for_two_branches(self):
        self._plan_with(cap=2000, cap_excess="carry")
        statements = self._in_two_branches(1500, 1500)
        self.assertEqual(sum(statements.mapped("paid")), 2000)
        self.assertEqual(sum(statements.mapped("closing")), 1000)

    def test_a_promise_is_one_for_two_branches(self):
        self._plan_with(draw_amount=2000, guaranteed_minimum=1000)
        statements = self._in_two_branches(500, 300)
        self.assertEqual(sum(statements.mapped("paid")), 2000)
        self.assertEqual(sum(statements.mapped("draw_debt")), 1000)
        before = statements.mapped("paid")
        for statement in statements:  # alone, too
            statement._refresh()
        self.assertEqual(statements.mapped("paid"), before)

    def test_a_small_month_is_carried(self):
        """Until it comes to enough, or the person has left."""
        self._plan_with(payout_minimum=50)
        statements = self._months([30, 19.99, 0.01, 49.99])
        self.assertEqual(statements.mapped("paid"), [0, 0, 50, 0])
        self.assertEqual(statements.mapped("closing"), [30, 49.99, 0, 49.99])
        self._check_lines_pay(statements)
        first = statements[0].line_ids.filtered(lambda line: line.kind == "draw")
        self.assertIn("30.00 is carried to the next months", first.note)
        self.sales_north.action_archive()
        self.sales_north.sudo().departure_date = "2026-04-30"
        self.assertEqual(self._approve(self.sales_north, "2026-05").paid, 49.99)

    def test_no_event_carries_what_is_above_its_cap(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self._plan_with(cap=2000, cap_excess="carry", cap_period="event")

    def test_a_cap_that_carries_leaves_room_for_what_is_promised(self):
        for terms in (
            {"cap_period": "year", "guaranteed_minimum": 1000},
            {"cap_period": "month", "draw_amount": 1000, "draw_period": "week"},
        ):
            with (
                self.subTest(**terms),
                self.assertRaisesRegex(ValidationError, "Raise the cap"),
            ):
                self._plan_with(cap=4000, cap_excess="carry", **terms)
        self._plan_with(
            cap=1000,
            cap_excess="carry",
            cap_period="week",
            draw_amount=1000,
            draw_period="week",
        )

    def _promise(self, **vals):
        self.sales_north.version_id.write(
            {
                "date_version": "2025-01-01",
                **{f"commission_{name}": value for name, value in vals.items()},
            }
        )

    def test_a_draw_of_ones_own(self):
        """In the place of the plan's, within its days; by version, week and ramp."""
        self._plan_with(draw_amount=500, is_draw_recoverable=True)
        for vals, expected in (
            ({"draw_amount": 2000}, [2000, 2000, 2000]),
            # from the 16th of January on; before it and after it the plan's
            (
                {
                    "draw_amount": 2000,
                    "draw_from": "2026-01-16",
                    "draw_until": "2026-02-14",
                },
                [1274.19, 1250, 500],
            ),
            ({"draw_amount": 700, "draw_period": "week"}, [3100, 2800, 3100]),
            (
                {
                    "draw_amount": 2000,
                    "draw_from": "2026-01-01",
                    "draw_ramp": "100, 50",
                },
                [2000, 1000, 0],
            ),
        ):
            with self.subTest(**vals):
                self._promise(
                    **{
                        "draw_period": "month",
                        "draw_from": False,
                        "draw_until": False,
                        "draw_ramp": False,
                        **vals,
                    }
                )
                self.assertEqual(
                    [float(self._terms(month)["draw"]) for month in (1, 2, 3)], expected
                )

    def _terms(self, month):
        first = date(2026, month, 1)
        pair = (self.sales_north, self.north)
        Statement = self.env["hr.commission.statement"]
        return Statement._get_terms_of(
            [pair], first, fields.Date.end_of(first, "month")
        )[pair]

    def test_a_draw_of_ones_own_ends_with_the_contract(self):
        self._promise(draw_amount=2000, guaranteed_minimum=310, draw_recoverable=False)
        self.sales_north.version_id.write(
            {"contract_date_start": "2025-01-01", "contract_date_end": "2026-02-10"}
        )
        found = self._terms(2)
        self.assertAlmostEqual(float(found["draw"]), 714.29)
        self.assertAlmostEqual(float(found["minimum"]), 110.71)
        self.assertFalse(found["is_recoverable"])
        self.assertEqual(float(self._terms(3)["draw"]), 0)

    def test_a_new_record_ends_a_draw_of_ones_own(self):
        self._promise(draw_amount=2000)
        self.sales_north.create_version(
            {"date_version": "2026-02-15", "commission_draw_amount": 1000}
        )
        self.sales_north.create_version(
            {"date_version": "2026-03-01", "commission_draw_amount": 0}
        )
        self.assertEqual(
            [float(self._terms(month)["draw"]) for month in (1, 2, 3)], [2000, 1500, 0]
        )

    def test_a_month_without_any_plan_pays_a_draw_of_ones_own(self):
        self.plan.write({"active": False, "state": "closed", "date_end": "2020-01-01"})
        self._promise(draw_amount=2000)
        statements = self._months([0, 0])
        self.assertEqual(statements.mapped("paid"), [2000, 2000])
        self.assertEqual(statements.mapped("draw_debt"), [2000, 4000])

    def test_nobody_promises_themselves_a_draw(self):
        officer = self.officer_north
        officer.user_id.group_ids += self.env.ref("hr.group_hr_manager")
        version = self._as(officer)["hr.version"].browse(officer.version_id.id)
        for vals in (
            {"commission_draw_amount": 100},
            {"commission_guaranteed_minimum": 100},
            {"commission_draw_until": "2030-01-01"},
        ):
            with self.subTest(**vals), self.assertRaises(AccessError):
                version.write(vals)
        other = self._as(officer)["hr.version"].browse(self.sales_north.version_id.id)
        other.commission_draw_amount = 100
        audit = self.env["hr.commission.audit"].search(
            [("res_model", "=", "hr.version"), ("res_id", "=", other.id)]
        )
        self.assertEqual(len(audit), 1)

    def test_a_draw_that_is_not_recovered(self):
        self._plan_with(draw_amount=2000, is_draw_recoverable=False)
        statements = self._months([1500, 3000])
        self.assertEqual(statements.mapped("paid"), [2000, 3000])
        self.assertEqual(statements.mapped("draw"), [500, 0])
        self.assertEqual(statements.mapped("closing"), [0, 0])

    def test_guaranteed_minimum(self):
        self._plan_with(guaranteed_minimum=1000)
        statements = self._months([400, 1600])
        self.assertEqual(statements.mapped("paid"), [1000, 1600])
        self.assertEqual(statements.mapped("closing"), [0, 0])

    def test_the_draw_ends_when_its_plan_does(self):
        plan = self._plan_with(draw_amount=2000)
        first = self._months([1500])
        plan.write({"state": "closed", "date_end": "2026-01-31"})
        self._create_plan({"All": {"rate": 100}}, date_start="2026-02-01")
        self._lead_won(self.sales_north, 900, "2026-02-10")
        second = self._approve(self.sales_north, "2026-02")
        self.assertEqual((first.paid, first.closing), (2000, -500))
        self.assertEqual((second.paid, second.closing), (400, 0))
        self.assertAlmostEqual(sum(second.line_ids.mapped("amount")), 400, 2)

    def test_plans_that_follow_each_other_promise_their_days_of_the_month(self):
        """Draws, and the caps of weeks that carry what is above them."""
        weekly = {"cap_excess": "carry", "cap_period": "week", "draw_period": "week"}
        plan = self._plan_with(draw_amount=700, cap=700, **weekly)
        plan.date_end = "2026-01-15"
        self._create_plan(
            {"All": {"rate": 100}},
            date_start="2026-01-16",
            date_end="2026-02-14",
            draw_amount=1400,
            cap=1400,
            **weekly,
        )
        terms = self._terms(1)
        self.assertEqual((terms["draw"], terms["most"]), (1500 + 3200, 1500 + 3200))
        terms = self._terms(2)
        self.assertEqual((terms["draw"], terms["most"]), (2800, None))

    def test_w36_clawback_of_a_paid_commission(self):
        self._plan_with()
        with freeze_time("2026-02-02 12:00:00"):
            lead = self._lead_won(self.sales_north, 5000, "2026-01-10")
            january = self._approve(self.sales_north, "2026-01")
            january.action_mark_paid()
        self.assertEqual((january.state, january.paid), ("paid", 5000))
        with freeze_time("2026-04-15 12:00:00"):
            lead.stage_id = self.stage_new
            self._lead_won(self.sales_north, 7000, "2026-04-10")
        april = self._approve(self.sales_north, "2026-04")
        self.assertFigures(
            april, earned=7000, adjusted=-5000, clawback=-5000, paid=2000
        )
        april.action_mark_paid()
        lines = self._lines(lead) + april.line_ids
        self.assertEqual(set(lines.mapped("state")), {"paid"})

    def test_negative_months_are_carried_until_they_are_earned(self):
        self._plan_with()
        self._manual_line(-5000, "2026-01-10")
        self._manual_line(1000, "2026-02-10")
        self._manual_line(6000, "2026-03-10")
        statements = self.env["hr.commission.statement"]
        for month in ("2026-01", "2026-02", "2026-03", "2026-04"):
            statements += self._approve(self.sales_north, month)
        self.assertEqual(statements.mapped("paid"), [0, 0, 2000])
        self.assertEqual(statements.mapped("closing"), [-5000, -4000, 0])
        with self.assertRaisesRegex(UserError, "carried on"):
            statements[:2].action_mark_paid()
        statements.action_mark_paid()
        self.assertEqual(set(statements.mapped("state")), {"paid"})
        self.assertEqual(set(statements.line_ids.mapped("state")), {"paid"})
        self.assertEqual(statements.mapped("amount_paid"), [0, 0, 2000])
        self.assertEqual(statements.mapped("amount_open"), [0, 0, 0])

    def test_what_is_to_be_paid_falls_into_paid_on_a_payslip_and_open(self):
        self._plan_with()
        self._manual_line(-50, "2026-01-05")
        self._approve(self.sales_north, "2026-01")
        lines = [self._manual_line(each, "2026-02-10") for each in (300, 200, 100)]
        statement = self._approve(self.sales_north, "2026-02")
        self.assertEqual((statement.paid, statement.amount_open), (550, 550))
        lines[0]._payroll_reserve()
        lines[0]._payroll_paid(date(2026, 2, 20), "PAY-1")
        lines[1]._payroll_reserve()
        statement.invalidate_recordset()
        # what January took back was deducted from what was paid first
        self.assertEqual(
            (statement.amount_paid, statement.amount_in_payroll, statement.amount_open),
            (250, 200, 100),
        )
        arch = self.env["hr.commission.statement"].get_view(view_type="list")["arch"]
        self.assertIn('sum="Still Open"', arch)
        self.assertNotIn('sum="To Pay"', arch)

    def test_w41_a_deduction_leaves_the_minimum(self):
        self._plan_with(guaranteed_minimum=1800)
        self._lead_won(self.sales_north, 3000, "2026-01-10")
        self._manual_line(-1600, "2026-01-15")
        january = self._approve(self.sales_north, "2026-01")
        self.assertEqual((january.paid, january.closing), (1800, -400))
        self._lead_won(self.sales_north, 3000, "2026-02-10")
        february = self._approve(self.sales_north, "2026-02")
        self.assertEqual((february.paid, february.closing), (2600, 0))

    def test_a_whole_draw_ends_with_the_contract(self):
        """Whole months of which a day is under contract, and none outside."""
        self._plan_with(draw_amount=2000, draw_prorata=False, guaranteed_minimum=500)
        self.sales_north.version_id.sudo().write(
            {"contract_date_start": "2026-02-10", "departure_date": "2026-03-05"}
        )
        statements = self.env["hr.commission.statement"]
        promised = []
        for month in (1, 2, 3, 4):
            first = date(2026, month, 1)
            pair = (self.sales_north, self.north)
            last = fields.Date.end_of(first, "month")
            promised.append(statements._get_terms_of([pair], first, last)[pair])
        self.assertEqual([float(each["draw"]) for each in promised], [0, 2000, 2000, 0])
        self.assertEqual(
            [float(each["minimum"]) for each in promised], [0, 500, 500, 0]
        )

    def test_what_a_leaver_owes_lapses(self):
        """An advance of 500; the month after leaving earns 450.25 and owes 200.10."""
        for choice, paid, closing in (
            ("all", 0, -249.85),
            ("last", 0, 0),
            ("lapse", 250.15, 0),
        ):
            with self.subTest(choice), self.env.cr.savepoint() as savepoint:
                self._plan_with(draw_amount=2000, leaver_debt=choice)
                self._lead_won(self.sales_north, 1500, "2026-01-10")
                january = self._approve(self.sales_north, "2026-01")
                self.sales_north.sudo().departure_date = "2026-01-31"
                self.sales_north.active = False
                self._lead_won(self.sales_north, 450.25, "2026-02-10")
                self._manual_line(-200.10, "2026-02-12")
                february = self._approve(self.sales_north, "2026-02")
                self.assertEqual((february.paid, february.closing), (paid, closing))
                self._check_lines_pay(january + february)
                savepoint.rollback()
            self.env.invalidate_all(flush=False)
            self.env.registry.clear_cache()

    def test_a_leavers_balance_is_not_dropped(self):
        self._plan_with(draw_amount=2000, is_draw_recoverable=True)
        self._lead_won(self.sales_north, 1500, "2026-01-10")
        self._approve(self.sales_north, "2026-01")
        self.sales_north.active = False
        february = self._approve(self.sales_north, "2026-02")
        self.assertFigures(february, opening=-500, closing=-500, draw_debt=500)
        # two months later, though nobody made March's
        april = self._statement(self.sales_north, "2026-04")
        self.assertEqual((april.paid, april.closing), (0, -500))
        view = self.env["hr.commission.statement"].get_view(view_type="search")
        self.assertIn('name="leavers"', view["arch"])
        found = self._as(self.officer_hq, *self.branches)[
            "hr.commission.statement"
        ].search([("closing", "!=", 0), ("is_leaver", "=", True)])
        self.assertEqual(found.mapped("closing"), [-500, -500, -500])
        self.assertEqual(found.employee_id.with_env(self.env), self.sales_north)

    def test_bulk_follows_the_months(self):
        self._plan_with()
        self._manual_line(-500, "2026-01-10")
        self._manual_line(300, "2026-02-10")
        january = self._statement(self.sales_north, "2026-01")
        statements = self._statement(self.sales_north, "2026-02") + january
        self._manual_line(-100, "2026-02-11")
        statements.action_confirm()
        self.assertEqual(statements.mapped("closing"), [-300, -500])
        with self.assertRaisesRegex(UserError, "January 2026"):
            statements[0].action_approve()
        statements.action_approve()
        self.assertEqual(set(statements.mapped("state")), {"approved"})

    def test_statements_do_not_cost_queries_each(self):
        people = [self.sales_north, self.team_manager, self.manager_north]
        people += [
            self._create_person(f"many_{number}", self.north) for number in range(27)
        ]
        counts = []
        for month, number in (("2026-01", 3), ("2026-02", 3), ("2026-03", 30)):
            for employee in people[:number]:
                self._manual_line(100, f"{month}-10", employee)
            statements = self.env["hr.commission.statement"]._generate(
                self.north, date.fromisoformat(f"{month}-01")
            )
            self.assertEqual(len(statements), number)
            row = []
            for action in ("action_confirm", "action_approve", "action_mark_paid"):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                getattr(statements, action)()
                self.env.flush_all()
                row.append(self.env.cr.sql_log_count - before)
            counts.append(row)
        _warm, few, many = counts
        for one, other in zip(few, many, strict=True):
            self.assertLessEqual(other, one + 6, counts)


@tagged("post_install", "-at_install", "commission_core")
@freeze_time("2026-08-20 12:00:00")
class TestStatementApproval(StatementCommon):
    def _january(self, amount=1000):
        self._lead_won(self.sales_north, amount, "2026-01-10")
        return self._statement(self.sales_north, "2026-01", confirm=True)

    def _by(self, employee, statement):
        return statement.with_env(self._as(employee, *employee.user_id.company_ids))

    def test_a_branch_manager_approves(self):
        statement = self._january()
        self.env.cr.flush()  # what was changed so far is not tracked
        tracked = {"tracking_disable": False, "mail_notrack": False}
        mine = self._by(self.manager_north, statement).with_context(**tracked)
        mine.action_approve()
        self.env.flush_all()
        self.env.cr.flush()
        self.assertEqual(statement.state, "approved")
        self.assertEqual(statement.approver_id, self.manager_north.user_id)
        self.assertEqual(statement.line_ids.state, "approved")
        self.assertEqual(statement.line_ids.approver_id, self.manager_north.user_id)
        changes = statement.message_ids.tracking_value_ids.field_id.mapped("name")
        self.assertEqual(set(changes), {"state", "approver_id"})

    def test_nobody_approves_own_money(self):
        self._manual_line(100, "2026-01-10", self.manager_north)
        statement = self._statement(self.manager_north, "2026-01", confirm=True)
        with self.assertRaisesRegex(UserError, "your own"):
            self._by(self.manager_north, statement).action_approve()
        with self.assertRaisesRegex(UserError, "your own"):
            self._by(self.manager_north, statement).line_ids.action_approve()
        self._by(self.officer_hq, statement).action_approve()
        self.assertEqual(statement.state, "approved")

    def test_second_approver_from_the_threshold_on(self):
        self.north.commission_second_approval_amount = 50
        statement = self._january()
        action = self._by(self.manager_north, statement).action_approve()
        self.assertEqual(statement.state, "confirmed")
        self.assertEqual(statement.line_ids.state, "draft")
        asked = statement.activity_ids.user_id
        self.assertEqual(asked.company_id, self.north, "the branch's own come first")
        self.assertNotEqual(asked, self.manager_north.user_id)
        self.assertEqual(action["params"]["title"], "0 of 1 approved")
        self.assertIn(asked.name, action["params"]["message"])
        self.assertIn("second person", str(statement.message_ids.mapped("body")))
        with self.assertRaisesRegex(UserError, "second person"):
            self._by(self.manager_north, statement).action_approve()
        self._by(self.officer_north, statement).action_approve()
        self.assertEqual(statement.state, "approved")
        self.assertFalse(statement.activity_ids)

    def test_below_the_threshold_one_is_enough(self):
        self.north.commission_second_approval_amount = 50.01
        statement = self._january()
        self._by(self.manager_north, statement).action_approve()
        self.assertEqual(statement.state, "approved")

    def test_an_approval_is_taken_back_with_all_that_it_did(self):
        self._replace_plan({"All": {"rate": 5}}, draw_amount=2000)
        single = self._lines(self._lead_won(self.sales_north, 1000, "2026-01-10"))
        held = self._lines(
            self._lead_won(self.sales_north, 4000, "2026-01-11", verified=False)
        )
        statement = self._statement(self.sales_north, "2026-01", confirm=True)
        before = {name: statement[name] for name in FIGURES}
        mine = statement.with_env(self._as(self.officer_hq))
        action = mine.with_context(commission_undo=True).action_approve()
        undo = action["params"]["undo"]
        self.assertEqual(
            (undo["model"], undo["ids"], undo["method"]),
            (mine._name, mine.ids, "action_take_back_approval"),
        )
        self.assertFalse(held.statement_id)
        draw = statement.line_ids.filtered(lambda line: line.kind == "draw")
        mine.action_take_back_approval()
        self.assertEqual((statement.state, single.state), ("confirmed", "draft"))
        self.assertEqual((draw.state, held.statement_id), ("cancelled", statement))
        self.assertEqual({name: statement[name] for name in FIGURES}, before)
        self.assertFalse(
            self.env["hr.commission.audit"]._find_broken_seals(self.north.ids)
        )
        mine.action_approve()
        draws = statement.line_ids.filtered(lambda line: line.kind == "draw")
        self.assertEqual(
            draws.sorted("id").mapped(lambda line: (line.state, line.amount)),
            [("cancelled", draw.amount), ("approved", draw.amount)],
        )

    def test_an_approval_on_which_something_was_built_stays(self):
        lead = self._lead_won(self.sales_north, 1000, "2026-01-10")
        first = self._approve(self.sales_north, "2026-01")
        self._manual_line(25, "2026-02-12")
        second = self._approve(self.sales_north, "2026-02")
        officer = self._as(self.officer_hq)
        with self.assertRaisesRegex(UserError, "later month"):
            first.with_env(officer).action_take_back_approval()
        second.with_env(officer).action_take_back_approval()
        self._lines(lead)._payroll_reserve()
        with self.assertRaisesRegex(UserError, "on a payslip"):
            first.with_env(officer).action_take_back_approval()
        self._lines(lead)._payroll_release()
        self.north.commission_lock_date = "2026-01-31"
        with self.assertRaisesRegex(UserError, "is closed"):
            first.with_env(officer).action_take_back_approval()

    def test_second_approver_of_lines(self):
        self.north.commission_second_approval_amount = 100
        lines = self._manual_line(100, "2026-01-10") + self._manual_line(
            1, "2026-01-10", self.team_manager
        )
        action = self._by(self.manager_north, lines).action_approve()
        self.assertEqual(lines.mapped("state"), ["draft", "approved"])
        self.assertEqual(action["params"]["title"], "1 of 2 approved")
        self.assertIn("second person", action["params"]["message"])
        with self.assertRaisesRegex(UserError, "second person"):
            self._by(self.manager_north, lines[0]).action_approve()
        self._by(self.officer_north, lines[0]).action_approve()
        self.assertEqual(lines.mapped("state"), ["approved", "approved"])

    def test_changed_since_it_was_confirmed(self):
        statement = self._january()
        statement.line_ids.lead_id.expected_revenue = 3000
        self._process()
        with self.assertRaisesRegex(UserError, "changed since"):
            statement.action_approve()
        statement.action_reset_to_draft()
        statement.action_confirm()
        statement.action_approve()
        self.assertFigures(statement, earned=150, paid=150)

    def test_a_draft_is_confirmed_first(self):
        self._lead_won(self.sales_north, 1000, "2026-01-10")
        statement = self._statement(self.sales_north, "2026-01")
        with self.assertRaisesRegex(UserError, "Confirm"):
            statement.action_approve()
        with self.assertRaisesRegex(UserError, "Approve .* before paying"):
            statement.action_mark_paid()

    def test_of_a_selection_what_cannot_go_through_is_named_with_its_reason(self):
        """Confirming, approving and paying: the others go through."""
        people = (self.sales_north, self.officer_north, self.team_manager)
        people += (self.manager_north,)
        for employee in people:
            self._manual_line(100, "2026-01-10", employee)
        early = self._manual_line(70, "2025-12-10", self.officer_north)
        made = self._manual_line(30, "2026-01-10", self.team_manager)
        months = ("2025-12", "2026-01")
        for month in months:
            self._statement(self.sales_north, month)
        found = self.env["hr.commission.statement"].search(
            [("company_id", "=", self.north.id)]
        )
        sales, officer, team, own = (
            found.filtered(
                lambda each, who=employee: (
                    each.employee_id == who and str(each.date_from) == "2026-01-01"
                )
            )
            for employee in people
        )
        mine = self._by(self.manager_north, sales + officer + team + own)
        action = mine.action_confirm()
        self.assertEqual(action["params"]["title"], "3 of 4 confirmed")
        self.assertIn("your own", action["params"]["message"])
        self.assertEqual(own.state, "draft")
        made.sudo().maker_id = self.manager_north.user_id
        action = mine.action_approve()
        self.assertEqual(
            mine.mapped("state"), ["approved", "confirmed", "confirmed", "draft"]
        )
        self.assertEqual(action["params"]["title"], "1 of 4 approved")
        reasons = action["params"]["message"].split("\n")
        for text in (
            f"Approve “{early.statement_id.display_name}” first",
            "You made “",
            f"Confirm “{own.display_name}”",
        ):
            self.assertEqual(len([each for each in reasons if text in each]), 1, text)
        payer = self._by(self.officer_hq, sales + officer)
        action = payer.action_mark_paid()
        self.assertEqual(payer.mapped("state"), ["paid", "confirmed"])
        self.assertEqual(action["params"]["title"], "1 of 2 paid")
        self.assertIn("Approve", action["params"]["message"])

    def test_approved_lines_of_a_statement_stay_approved(self):
        statement = self._january()
        statement.action_approve()
        with self.assertRaisesRegex(UserError, "no longer"):
            statement.line_ids.action_reset_to_draft()
        with self.assertRaisesRegex(UserError, "never changes"):
            statement.action_reset_to_draft()
        with self.assertRaisesRegex(UserError, "stays on record"):
            statement.unlink()

    def test_salespeople_only_agree(self):
        statement = self._january()
        mine = self._by(self.sales_north, statement)
        for action in ("action_confirm", "action_approve", "action_mark_paid"):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(mine, action)()
        mine.action_acknowledge()
        self.assertTrue(statement.date_acknowledged)
        self.assertIn("sales_north agrees", str(statement.message_ids.mapped("body")))
        for other in (self.manager_north, self.officer_hq):
            with self.subTest(other.name), self.assertRaises(AccessError):
                self._by(other, statement).action_acknowledge()
        with self.assertRaises(AccessError):
            self._by(self.sales_south, statement).read(["paid"])

    def test_agreeing_starts_anew_after_a_change(self):
        statement = self._january()
        self._by(self.sales_north, statement).action_acknowledge()
        statement.action_reset_to_draft()
        self.assertFalse(statement.date_acknowledged)
        with self.assertRaisesRegex(UserError, "not final"):
            self._by(self.sales_north, statement).action_acknowledge()

    def test_something_is_missing(self):
        statement = self._january()
        action = self._by(self.sales_north, statement).action_dispute()
        self.assertEqual(action["res_model"], "hr.commission.dispute")
        self.assertEqual(action["context"]["default_employee_id"], self.sales_north.id)

    def test_paid_follows_the_lines(self):
        statement = self._january()
        statement.action_approve()
        line = statement.line_ids
        line._payroll_reserve()
        self.assertEqual(statement.state, "approved")
        line._payroll_paid(date(2026, 2, 10), "PAY-1")
        self.assertEqual(statement.state, "paid")
        line._payroll_release()
        self.assertEqual(statement.state, "approved")


@tagged("post_install", "-at_install")
@freeze_time("2026-08-20 12:00:00")
class TestManualLines(StatementCommon):
    def _vals(self, **vals):
        return {
            "employee_id": self.sales_north.id,
            "company_id": self.north.id,
            "kind": "manual",
            "amount": 100,
            "note": "Agreed with the board",
            **vals,
        }

    def _lines_of(self, employee):
        env = self._as(employee, *employee.user_id.company_ids)
        return env["hr.commission.line"]

    def test_an_officer_adds_a_line_with_its_reason_and_proof(self):
        Line = self._lines_of(self.officer_north)
        proof = Line.env["ir.attachment"].create({"name": "mail.txt", "raw": b"yes"})
        form = Form(Line)
        form.employee_id = self.sales_north.with_env(Line.env)
        form.amount = 100
        form.note = "Agreed with the board"
        form.attachment_ids.add(proof)
        line = form.save()
        self.assertEqual(
            (line.kind, line.state, line.amount, line.attachment_ids.sudo().name),
            ("manual", "draft", 100, "mail.txt"),
        )
        self.assertIn("Agreed with the board", line.explanation)

    def test_reason_kind_and_state_are_checked(self):
        Line = self._lines_of(self.officer_north)
        for vals in (
            {"note": False},
            {"note": "  "},
            {"kind": "commission"},
            {"state": "approved"},
            {"state": "paid"},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                Line.create(self._vals(**vals))

    def test_only_officers_add_lines(self):
        for employee in (self.sales_north, self.team_manager, self.manager_north):
            with self.subTest(employee.name), self.assertRaises(AccessError):
                self._lines_of(employee).create(self._vals())
        with self.assertRaises(AccessError):
            self._lines_of(self.officer_north).create(
                self._vals(company_id=self.south.id, employee_id=self.sales_south.id)
            )

    def test_a_closed_month_takes_no_line(self):
        self.north.commission_lock_date = "2026-06-30"
        Line = self._lines_of(self.officer_north)
        with self.assertRaisesRegex(UserError, "closed until"):
            Line.create(self._vals(date="2026-06-30"))
        line = Line.create(self._vals(date="2026-07-01"))
        with self.assertRaisesRegex(UserError, "closed until"):
            line.date = "2026-05-01"

    def test_a_manual_draft_can_be_dropped(self):
        Line = self._lines_of(self.officer_north)
        lines = Line.create([self._vals(), self._vals()])
        lines[0].action_cancel()
        self.assertEqual(lines[0].state, "cancelled")
        lines[1].unlink()
        self.assertFalse(lines[1].exists())

    def test_an_approved_manual_line_stays(self):
        line = self._lines_of(self.officer_north).create(self._vals())
        line.with_env(self._as(self.manager_north)).action_approve()
        for change in ({"amount": 1}, {"employee_id": self.team_manager.id}):
            with (
                self.subTest(change),
                self.assertRaisesRegex(UserError, "never changes"),
            ):
                line.write(change)
        with self.assertRaises(UserError):
            line.unlink()
        with self.assertRaises(UserError):
            line.action_cancel()


@tagged("post_install", "-at_install")
@freeze_time("2026-08-20 12:00:00")
class TestStatementPrinted(StatementCommon):
    def setUp(self):
        super().setUp()
        self._lead_won(
            self.sales_north, 10000, "2026-01-10", "marketing", name="Big Deal"
        )
        self._manual_line(-25, "2026-01-11")
        self.statement = self._statement(self.sales_north, "2026-01", confirm=True)

    def _html(self, statement=None):
        report = self.env.ref(
            "hr_sales_commission.hr_commission_statement_report_action"
        )
        content, _extension = report._render_qweb_html(
            report.report_name, (statement or self.statement).ids
        )
        return content.decode()

    def test_in_english(self):
        html = self._html()
        for text in (
            "Commission Statement",
            "sales_north",
            "01/31/2026",
            "Big Deal",
            "SAL_SYN",
            "To be paid",
            "375.00",
            "Agreed",
        ):
            self.assertIn(text, html)
        self.assertEqual(html.count("Big Deal"), 2)

    def test_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        template = self.env.ref(
            "hr_sales_commission.hr_commission_statement_report_document"
        )
        template.update_field_translations(
            "arch_db",
            {"zh_CN": {"Commission Statement": "提成单", "To be paid": "应发"}},
        )
        self.sales_north.user_id.lang = "zh_CN"
        html = self._html()
        for text in ("提成单", "应发", "Big Deal", "2026/01/31", "375.00"):
            self.assertIn(text, html)
        self.assertNotIn("Commission Statement</h2>", html)

    def test_several_on_pages_of_their_own(self):
        marketer = self._statement(self.marketer, "2026-01")
        html = self._html(self.statement + marketer)
        self.assertIn("sales_north", html)
        self.assertIn("marketer", html)

    def _print(self, statements, prints_heads):
        """Return the streams by statement, and the pages handed to the printer each time."""
        handed = []

        def run(report, bodies, *args, **kwargs):
            handed.append([str(body) for body in bodies])
            return draw_pages(2)

        Report = self.env.registry["ir.actions.report"]
        action = self.env.ref(
            "hr_sales_commission.hr_commission_statement_report_action"
        )
        with (
            patch.object(Report, "_run_wkhtmltopdf", run),
            patch.object(Report, "get_wkhtmltopdf_state", lambda report: "ok"),
            patch.object(Report, "_prints_heads", lambda report: prints_heads),
        ):
            streams = action._render_qweb_pdf_prepare_streams(
                action.report_name, {}, statements.ids
            )
        return {key: each["stream"] for key, each in streams.items()}, handed

    def test_a_printer_without_heads_prints_one_by_one_and_complete(self):
        statements = self.statement + self._statement(self.marketer, "2026-01")
        streams, handed = self._print(statements, prints_heads=False)
        self.assertEqual(list(streams), statements.ids)
        self.assertEqual(list(map(len, handed)), [1, 1])
        for [body] in handed:
            self.assertIn("<address", body.split("Commission Statement</h2>")[0])
        pages = PdfFileReader(streams[self.statement.id]).pages
        self.assertEqual(
            [page.extract_text().strip() for page in pages],
            ["1 / 2", "2 / 2"],
        )

    def test_a_printer_with_heads_gets_them_all_at_once(self):
        _streams, handed = self._print(self.statement, prints_heads=True)
        self.assertNotIn("<address", handed[0][0].split("Commission Statement</h2>")[0])

    def test_one_page_alone_has_no_number(self):
        page = io.BytesIO(draw_pages(1))
        self.assertIs(number_pages(page), page)

    def test_employees_print_their_own(self):
        env = self._as(self.sales_north)
        report = env.ref("hr_sales_commission.hr_commission_statement_report_action")
        content, _extension = report._render_qweb_html(
            report.report_name, self.statement.ids
        )
        self.assertIn("SAL_MKT", content.decode())
        env = self._as(self.sales_south)
        with self.assertRaises(AccessError):
            env["ir.actions.report"]._render_qweb_html(
                report.report_name, self.statement.ids
            )


@tagged("post_install", "-at_install")
class TestStatementDownload(StatementCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self._lead_won(self.sales_north, 10000, "2026-01-10", "marketing", name="=1+1")
        self._lead_won(self.sales_south, 1000, "2026-01-10")
        self.north_statement = self._statement(self.sales_north, "2026-01")
        self.south_statement = self._statement(self.sales_south, "2026-01")

    def _download(self, employee, statements):
        employee.user_id.password = "commission_download"
        self.authenticate(employee.user_id.login, "commission_download")
        action = statements.action_export_xlsx()
        return self.url_open(action["url"])

    def test_officer_downloads_a_workbook(self):
        response = self._download(
            self.officer_hq, self.north_statement + self.south_statement
        )
        self.assertEqual(response.status_code, 200)
        self.assertIn("spreadsheetml", response.headers["Content-Type"])
        sheets = read_workbook(response.content)
        self.assertEqual(list(sheets), ["Statements", "Lines"])
        header, *rows = sheets["Statements"]
        paid = header.index("To Pay")
        self.assertEqual(
            {(row[0], row[paid]) for row in rows},
            {("sales_north", 400.0), ("sales_south", 50.0)},
        )
        header, *rows = sheets["Lines"]
        deal, amount = header.index("Lead"), header.index("Amount")
        rate = header.index("Rate")
        self.assertEqual(
            {row[rate] for row in rows if row[rate]}, {"3 %", "1 %", "5 %"}
        )
        self.assertEqual(
            [(row[deal], row[amount]) for row in rows if row[1] == "sales_north"],
            [("=1+1", 300.0), ("=1+1", 100.0)],
        )

    def test_only_what_one_may_read(self):
        with self.subTest("own"):
            response = self._download(self.sales_north, self.north_statement)
            self.assertEqual(response.status_code, 200)
            self.assertIn("sales_north", response.headers["Content-Disposition"])
        with self.subTest("another's"):
            both = self.north_statement + self.south_statement
            with mute_logger("odoo.http"):
                response = self._download(self.sales_north, both)
            self.assertEqual(response.status_code, 403)

    def test_no_statement(self):
        self._download(self.sales_north, self.north_statement)
        for ids in ("0", "x", "1,x", "99999999"):
            with self.subTest(ids):
                response = self.url_open(f"/commission/statement/{ids}.xlsx")
                self.assertEqual(response.status_code, 404)

    def test_without_login(self):
        self.authenticate(None, None)
        response = self.url_open(
            f"/commission/statement/{self.north_statement.id}.xlsx",
            allow_redirects=False,
        )
        self.assertEqual(response.status_code, 303)


@tagged("post_install", "-at_install")
class TestStatementCompany(StatementCommon):
    def test_officers_see_the_branches_they_selected(self):
        self._manual_line(10, "2026-01-10")
        self._manual_line(10, "2026-01-10", self.sales_south)
        self._statement(self.sales_north, "2026-01")
        self._statement(self.sales_south, "2026-01")
        Statement = "hr.commission.statement"
        for employee, companies, expected in (
            (self.officer_north, self.north, {"sales_north"}),
            (self.officer_hq, self.south, {"sales_south"}),
            (self.officer_hq, self.branches, {"sales_north", "sales_south"}),
            (self.manager_south, self.south, {"sales_south"}),
            (self.sales_north, self.north, {"sales_north"}),
            (self.marketer, self.hq, set()),
        ):
            with self.subTest(employee.name, companies=companies.mapped("name")):
                found = self._as(employee, *companies)[Statement].search([])
                self.assertEqual(set(found.mapped("employee_id.name")), expected)

    def test_commands_of_the_form_cannot_make_statements(self):
        env = self._as(self.officer_hq, *self.branches)
        with self.assertRaises(AccessError):
            env["hr.commission.statement"].create(
                {
                    "employee_id": self.sales_north.id,
                    "company_id": self.north.id,
                    "date_from": "2026-01-01",
                    "date_to": "2026-01-31",
                    "line_ids": [Command.clear()],
                }
            )
