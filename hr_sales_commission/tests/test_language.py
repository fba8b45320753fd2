# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What plans can say: weeks, limits over all rules."""

import base64
import io
from zipfile import ZIP_DEFLATED, ZipFile

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.hr_commission_plan_exchange import (
    ROWS,
    _get_exchange_fields,
    _get_values,
    _to_json,
)
from ..pipeline.plan_workbook import write_workbook
from .common import CommissionCommon


@tagged("post_install", "-at_install", "commission_long")
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

    def _in_euroland(self, cap):
        """Return a company of another currency: a euro is worth two of ours."""
        euro = self.setup_other_currency("EUR")
        other = self._create_company(name="Euroland", currency_id=euro.id)
        self.env["res.currency.rate"].create(
            [
                {
                    "name": "2026-01-01",
                    "rate": rate,
                    "currency_id": currency.id,
                    "company_id": company.id,
                }
                for company in (self.hq, other)
                for currency, rate in ((self.hq.currency_id, 2.0), (euro, 1.0))
            ]
        )
        self._create_plan({"EURO": {"rate": 10}}, company_id=other.id, cap=cap)
        return other

    def test_r41_one_limit_over_two_currencies(self):
        self._replace_plan({"SALE": {"rate": 10}, "MORE": {"rate": 5}}, cap=2000)
        other = self._in_euroland(cap=1500)
        here = self._lead_won(self.sales_north, 8000, "2026-01-05")
        self.sales_north.user_id.company_ids += other
        self.sales_north.company_id = other
        there = self._lead_won(self.sales_north, 20000, "2026-01-20")
        # 1,200 of ours are 600 euro: 900 are left of 1,500
        self.assertEqual(self._amounts(here, there), [1200, 900])
        self.assertEqual(self._lines(there).currency_id.name, "EUR")
        self.assertIn("paid in another currency", self._lines(there).explanation)
        self.assertLedgerExact(here + there)
        # an earlier deal takes more of the month: the later one follows
        here.won_amount = 9000
        self._process()
        self.assertEqual(self._amounts(here, there), [1350, 825])
        self.assertLedgerExact(here + there)

    def test_a_personal_plan_is_in_the_currency_of_the_company(self):
        other = self._in_euroland(cap=0)
        plan = self._create_plan(
            {"OWN": {"rate": 1}}, company_id=other.id, is_personal=True
        )
        with self.assertRaisesRegex(ValidationError, "EUR"):
            self.sales_north.version_id.commission_plan_id = plan

    def test_months_of_the_fiscal_year(self):
        self.hq.commission_year_month = "4"
        plan = self._replace_plan(
            {
                "LAST": {"rate": 10, "season_from": 10},
                "REST": {"rate": 5, "season_to": 9},
            }
        )
        # February is the eleventh month of a year that begins in April, May the second
        deals = [
            self._lead_won(self.sales_north, 1000, f"2026-{month}-05")
            for month in ("02", "05")
        ]
        self.assertEqual(self._amounts(*deals), [100, 50])
        self.assertIn("in months 10 to 12 of the year", plan.rule_ids[0].sentence)
        [refusal] = [
            each
            for each in self._events(deals[0])._explain().refusals
            if each.reason == "other_season"
        ]
        self.assertEqual(
            self.env["hr.commission.line"]._explain_refusal(
                refusal, self.hq.currency_id
            ),
            "The rule pays in months 1 to 9 of the year, and this is month 11.",
        )
        self.assertFalse(plan._find_duplicates())

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

    def test_a_plan_is_carried_over_as_json(self):
        plan = self._create_plan(
            {
                "SALE": {
                    "tier_mode": "whole",
                    "tier_measure": "cumulative",
                    "tier_period": "week",
                    "holdback_days": 0,
                    "tier_ids": [
                        Command.create({"from_value": start, "rate": rate})
                        for start, rate in ((0, 1), (500, 2))
                    ],
                }
            },
            active=False,
            date_start="2031-01-01",
            attribution="w",
            cap=500,
        )
        officer = self._as(self.officer_hq, self.hq)["hr.commission.plan"]
        text = officer.browse(plan.id).export_json()
        copy = officer.import_json(text)
        self.assertEqual(copy.state, "draft")
        self.assertEqual(copy.export_json(), text)
        self.assertEqual(copy.rule_ids.tier_ids.mapped("rate"), [1, 2])
        for broken, message in (
            ("[]", "no exported commission plan"),
            ("{", "no exported commission plan"),
            (text.replace('"cap": 500.0', '"cap": 500.0, "tax": 1'), "tax"),
            (text.replace('"format_version": 1', '"format_version": 9'), "version"),
        ):
            with (
                self.subTest(message),
                self.assertRaisesRegex(UserError, message),
            ):
                officer.import_json(broken)
        with self.assertRaises(AccessError):
            self._as(self.sales_north)["hr.commission.plan"].import_json(text)

    def test_a_plan_is_carried_over_as_a_workbook_by_the_page(self):
        officer = self._as(self.officer_hq, self.hq)
        template = self.env.ref("hr_sales_commission.hr_commission_plan_template_store")
        action = template.with_env(officer).action_use_template()
        plan = officer["hr.commission.plan"].browse(action["res_id"])
        plan.rule_ids[0].domain = "[('expected_revenue', '>', 5)]"
        content = plan.export_xlsx()
        page = officer["hr.commission.plan.import"].create(
            {"file": base64.b64encode(content)}
        )
        self.assertFalse(page.fault)
        self.assertIn("by Amount accumulated in the period per month", page.sentences)
        copy = officer["hr.commission.plan"].browse(page.action_import()["res_id"])
        self.assertEqual((copy.state, copy.company_id), ("draft", self.hq))
        self.assertEqual(copy.export_json(), plan.export_json())
        self.assertEqual(copy.example_ids.expected, plan.example_ids.expected)
        self.assertFalse(copy.example_ids.differences)
        text = plan.export_json()
        broken_rules = text.replace('"rules": [', '"rules": 5, "old": [').encode()
        damaged = self._zip({"[Content_Types].xml": b"<a", "xl/workbook.xml": b"<a"})
        for broken in (
            (b"PK nonsense", b"{}", b"\xff\x00", broken_rules, b"1" * 2**21)
            + (content[: len(content) // 2], damaged, b"[" * 100_000)
            + (self._zip({"bomb": bytes(51_000_000)}),)
        ):
            page.file = base64.b64encode(broken)
            self.assertIn("no exported commission plan", page.fault)
        page.file = base64.b64encode(
            text.replace('"rate": 1.0', '"rate": "x"').encode()
        )
        self.assertIn("does not fit", page.fault)

    def test_every_setting_is_carried_over(self):
        """Each choice of each field of plan, rule, bracket and case, by both kinds of files.

        Fields come from the registry: a new one is carried over, or this fails.
        """
        Plan = self.env["hr.commission.plan"]
        fixed = {"name": "=Fees", "date_start": "2031-01-01", "company_id": self.hq.id}
        for settings in self._vary(Plan, fixed):
            rules = self._vary(self.env["hr.commission.rule"], {"name": "Rule's"})
            tiers = [
                Command.create({"from_value": bound, "rate": rate})
                for bound, rate in ((0, 0.000001), (1234.56, 12.5))
            ]
            lines = [Command.create({**rule, "tier_ids": tiers}) for rule in rules]
            events = self._vary(self.env["hr.commission.example.event"], {})
            rows = {"event_ids": [Command.create(event) for event in events]}
            cases = self._vary(self.env["hr.commission.example"], {"name": "Ours"})
            examples = [Command.create({**case, **rows}) for case in cases]
            plan = Plan.new({**settings, "rule_ids": lines, "example_ids": examples})
            values = plan._get_exchange_values()
            for content in (_to_json(values).encode(), write_workbook(values)):
                copy = Plan.new(Plan._read_exchange(content))
                self.assertEqual(_get_values(copy, ROWS), values)
                for rule, copied in zip(plan.rule_ids, copy.rule_ids, strict=True):
                    self.assertEqual(
                        {**rule._get_engine_values(), "id": 0},
                        {**copied._get_engine_values(), "id": 0},
                    )

    def _vary(self, model, fixed):
        """Return values of records that, together, choose everything once."""
        of_type = {
            "boolean": [True, False],
            "char": ["[('name', '!=', '100, 75')]", False, "[]"],
            "text": ["Two\nlines", False],
            "date": [fields.Date.to_date("2031-02-28"), False],
        }
        choices = {"draw_ramp": ["100, 75", False, "100"]}
        choices |= {"clawback_schedule": ["100, 50", False, "100"]}
        choices |= {"expected": [[["sales", 0, "", "2031-02", "280.00"]], False]}
        for name in _get_exchange_fields(model):
            field = model._fields[name]
            is_selection = field.type == "selection"
            values = is_selection and field.get_values(self.env)
            choices.setdefault(name, values or of_type.get(field.type, [1, 0, 2.5]))
        choices = {
            name: values
            for name, values in choices.items()
            if name in model._fields and name not in fixed
        }
        for number in range(max(map(len, choices.values()))):
            yield fixed | {
                name: values[number % len(values)] for name, values in choices.items()
            }

    def test_numbers_of_records_are_not_carried_over(self):
        """Another database would read them as other records."""
        tag = self.env["crm.tag"].create({"name": "VIP"})
        for text, is_refused in (
            (f"[('tag_ids', 'in', [{tag.id}])]", True),
            (f"[('partner_id.country_id', '=', {self.env.ref('base.de').id})]", True),
            (f"[('tag_ids', 'any', [('id', '=', {tag.id})])]", True),
            ("[('tag_ids.name', '=', 'VIP'), ('priority', '=', '1')]", False),
            ("[('user_id', '!=', False), ('expected_revenue', '>', 5)]", False),
        ):
            with self.subTest(text):
                plan = self._create_plan(
                    {"Only": {"rate": 1, "domain": text}}, active=False
                )
                if is_refused:
                    with self.assertRaisesRegex(UserError, "numbers them differently"):
                        plan.export_json()
                    with self.assertRaisesRegex(UserError, "numbers them differently"):
                        plan.rule_ids.export_json()
                else:
                    self.assertIn("Only", plan.rule_ids.export_json())

    @staticmethod
    def _zip(parts):
        stream = io.BytesIO()
        with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return stream.getvalue()

    def test_a_rule_is_carried_over_into_a_draft(self):
        officer = self._as(self.officer_hq, self.hq)
        text = self.plan.rule_ids[0].with_env(officer).export_json()
        with self.assertRaisesRegex(UserError, "holds rules and no plan"):
            officer["hr.commission.plan"].import_json(text)
        draft = self._create_plan({"One": {"rate": 1}}, active=False)
        page = officer["hr.commission.plan.import"].create(
            {"file": base64.b64encode(text.encode()), "plan_id": draft.id}
        )
        page.action_import()
        self.assertEqual(len(draft.rule_ids), 2)
        self.assertEqual(draft.rule_ids[-1].name, self.plan.rule_ids[0].name)

    def test_r39_lost_in_the_fourth_of_nine_months(self):
        self._replace_plan(
            {"SALE": {"rate": 10}}, clawback_method="prorata", clawback_months=9
        )
        lead = self._lead_won(self.sales_north, 9000, "2026-01-15")
        self.assertEqual(self._amounts(lead), [900])
        lead.sudo().write({"date_lost": "2026-05-14", "stage_id": self.stage_new.id})
        self._process()
        self.assertEqual(self._amounts(lead), [300])

    def test_what_is_taken_back_by_a_schedule_of_months(self):
        plan = self._replace_plan(
            {"SALE": {"rate": 10}}, clawback_schedule="100, 75, 50, 25"
        )
        for lost, kept in (("2026-02-14", 0), ("2026-04-15", 675), ("2026-06-01", 900)):
            lead = self._lead_won(self.sales_north, 9000, "2026-01-15")
            vals = {"date_lost": lost, "stage_id": self.stage_new.id}
            lead.sudo().write(vals)
            self._process()
            self.assertEqual(sum(self._amounts(lead)), kept, lost)
        with self.assertRaisesRegex(ValidationError, "more than it paid"):
            plan.copy({"clawback_schedule": "120"})

    def test_r18_a_bonus_is_dated_on_the_day_it_is_reached(self):
        self._replace_plan(
            {
                "BONUS": {
                    "amount_type": "fixed",
                    "once": True,
                    "tier_mode": "whole",
                    "tier_measure": "attainment",
                    "tier_period": "year",
                    "tier_ids": [Command.create({"from_value": 100, "rate": 1000})],
                }
            },
            tier_boundary="upper",
        )
        self.env["hr.commission.target"].create(
            {
                "employee_id": self.sales_north.id,
                "company_id": self.north.id,
                "period": "year",
                "date_from": "2026-01-01",
                "amount": 10000,
            }
        )
        deals = [
            self._lead_won(self.sales_north, amount, day)
            for amount, day in ((4000, "2026-02-01"), (5999, "2026-05-01"))
        ]
        self.assertEqual(self._amounts(*deals), [0, 0])
        deals += [
            self._lead_won(self.sales_north, amount, day)
            for amount, day in ((1, "2026-09-10"), (5000, "2026-10-01"))
        ]
        self.assertEqual(self._amounts(*deals), [0, 0, 1000, 0])
        line = self._lines(deals[2])
        self.assertEqual(fields.Date.to_string(line.date), "2026-09-10")

    def test_due_days_after_the_event(self):
        self._replace_plan({"SALE": {"rate": 10}}, payout="days", payout_days=10)
        lead = self._lead_won(self.sales_north, 1000, "2026-01-25")
        self.assertEqual(
            fields.Date.to_string(self._lines(lead).date_due), "2026-02-04"
        )

    def _attainment_rule(self, measure, **vals):
        return {
            "tier_mode": "whole",
            "tier_measure": measure,
            "tier_period": "month",
            "tier_ids": [
                Command.create({"from_value": start, "rate": rate})
                for start, rate in ((0, 1), (100, 2))
            ],
            **vals,
        }

    def test_r34_everybody_by_the_attainment_of_the_team(self):
        self._replace_plan({"SALE": self._attainment_rule("team_attainment")})
        team, other = self.env["crm.team"].create(
            [{"name": name, "company_id": False} for name in ("Cranes", "Hooks")]
        )
        target = self.env["hr.commission.target"].create(
            {
                "team_id": team.id,
                "company_id": self.hq.id,
                "period": "month",
                "date_from": "2026-01-01",
                "amount": 10000,
            }
        )
        first = self._lead_won(self.sales_north, 4000, "2026-01-05", team_id=team.id)
        apart = self._lead_won(self.sales_north, 9000, "2026-01-06", team_id=other.id)
        self.assertEqual(self._amounts(first, apart), [40, 90])
        # a colleague's deal lifts everybody in the team
        second = self._lead_won(self.sales_south, 8000, "2026-01-20", team_id=team.id)
        self.assertEqual(self._amounts(first, second, apart), [80, 160, 90])
        # the team of a deal is the one it was won in
        second.team_id = other
        self._process()
        self.assertEqual(self._amounts(first, second, apart), [80, 160, 90])
        self.assertEqual(target.achieved, 12000)
        target.amount = 20000
        self._process()
        self.assertEqual(self._amounts(first, second), [40, 80])
        self.assertLedgerExact(first + second + apart)

    def test_managers_by_the_attainment_of_a_team_of_several(self):
        """The deal of another manager's salesperson lifts the override of both."""
        self._replace_plan(
            {"OVERRIDE": self._attainment_rule("team_attainment", role="manager")},
            tier_boundary="upper",
        )
        team = self.env["crm.team"].create({"name": "Cranes", "company_id": False})
        self.env["hr.commission.target"].create(
            {
                "team_id": team.id,
                "company_id": self.hq.id,
                "date_from": "2026-01-01",
                "amount": 10000,
            }
        )
        one = self._lead_won(self.sales_north, 6000, "2026-01-05", team_id=team.id)
        two = self._lead_won(self.sales_south, 4000, "2026-01-06", team_id=team.id)
        self.assertEqual(self._amounts(one, two), [120, 80])
        self.assertLedgerExact(one + two)

    def test_attainment_of_the_branch(self):
        self._replace_plan({"SALE": self._attainment_rule("branch_attainment")})
        target = self.env["hr.commission.target"].create(
            {
                "branch_id": self.north.id,
                "company_id": self.north.id,
                "period": "month",
                "date_from": "2026-01-01",
                "amount": 10000,
            }
        )
        one = self._lead_won(self.sales_north, 4000, "2026-01-05")
        self.assertEqual(self._amounts(one), [40])
        two = self._lead_won(self.team_manager, 6001, "2026-01-20")
        self.assertEqual(self._amounts(one, two), [80, 120.02])
        self.assertEqual(target.achieved, 10001)
        # a deal that turns out to be of another month leaves its colleagues' month
        two.date_won = "2026-02-20"
        self._process()
        self.assertEqual(self._amounts(one, two), [40, 60.01])
        self.assertLedgerExact(one + two)

    def test_years_and_quarters_of_the_company(self):
        self._replace_plan(
            {
                "Quarter": {
                    "tier_mode": "marginal",
                    "tier_measure": "cumulative",
                    "tier_period": "quarter",
                    "tier_ids": [
                        Command.create({"from_value": start, "rate": rate})
                        for start, rate in ((0, 1), (1000, 10))
                    ],
                }
            }
        )
        deals = [
            self._lead_won(self.sales_north, 1000, day)
            for day in ("2026-01-10", "2026-02-10", "2026-04-10")
        ]
        self.assertEqual(self._amounts(*deals), [10, 100, 10])
        self.hq.commission_year_month = "2"
        self._process()
        self.assertEqual(self._amounts(*deals), [10, 10, 100])
        # the tenth of February is of the quarter before
        self.hq.commission_year_day = 11
        self._process()
        self.assertEqual(self._amounts(*deals), [10, 100, 10])
        self.hq.commission_year_day = 1
        target = self.env["hr.commission.target"].create(
            {
                "employee_id": self.sales_north.id,
                "company_id": self.north.id,
                "period": "quarter",
                "date_from": "2026-02-01",
                "amount": 1000,
            }
        )
        self.assertEqual(fields.Date.to_string(target.date_to), "2026-04-30")
        self.assertEqual(target.achieved, 2000)
        # a branch may have a year of its own
        self.north.commission_year_month = "1"
        self.assertEqual(self.north._get_commission_year_start(), (1, 1))
        self.assertEqual(self.south_a._get_commission_year_start(), (2, 1))
        self._process()
        self.assertEqual(self._amounts(*deals), [10, 100, 10])

    def _holdbacks(self, lead):
        return [
            (line.kind, line.amount, fields.Date.to_string(line.date_due))
            for line in self._lines(lead)
            if line.state != "cancelled"
        ]

    def test_years_of_whole_weeks(self):
        """From the Sunday nearest to 1 February: months of four, five and four weeks."""
        self._replace_plan({"SALE": {"rate": 10, "cap": 150, "cap_period": "month"}})
        deals = [
            self._lead_won(self.sales_north, 1000, day)
            for day in ("2026-03-31", "2026-04-04", "2026-04-05")
        ]
        self.assertEqual(self._amounts(*deals), [100, 100, 50])
        self.hq.write(
            {
                "commission_year_month": "2",
                "commission_year_weeks": "454",
                "commission_year_weekday": "6",
            }
        )
        self._process()
        self.assertEqual(self._amounts(*deals), [100, 50, 100])
        target = self.env["hr.commission.target"].create(
            {
                "employee_id": self.sales_north.id,
                "company_id": self.north.id,
                "period": "month",
                "date_from": "2026-03-01",
                "amount": 4000,
            }
        )
        self.assertEqual(str(target.date_to), "2026-04-04")
        self.assertEqual(target.achieved, 2000)
        self.hq.commission_year_weeks = False
        self.assertEqual(str(target.date_to), "2026-03-31")

    def test_released_on_a_date(self):
        rule = {
            "rate": 10,
            "holdback_percent": 20,
            "holdback_until": "date",
            "holdback_date": "2026-12-31",
        }
        plan = self._replace_plan({"SALE": rule})
        self.assertIn("until 12/31/2026", plan.rule_ids.sentence)
        lead = self._lead_won(self.sales_north, 1000, "2026-01-05")
        self.assertEqual(
            self._holdbacks(lead),
            [
                ("commission", 100, "2026-01-05"),
                ("holdback", -20, "2026-01-05"),
                ("release", 20, "2026-12-31"),
            ],
        )

    def test_released_once_the_customer_accepted(self):
        self._replace_plan(
            {
                "SALE": {
                    "rate": 10,
                    "holdback_percent": 20,
                    "holdback_until": "accepted",
                }
            }
        )
        lead = self._lead_won(self.sales_north, 1000, "2026-01-05")
        held = [
            ("commission", 100, "2026-01-05"),
            ("holdback", -20, "2026-01-05"),
        ]
        self.assertEqual(self._holdbacks(lead), held)
        waiting = self._lines(lead, "holdback")
        self.assertIn("once the customer accepted", waiting.explanation)
        with self.assertRaises(AccessError):
            lead.with_env(
                self._as(self.sales_north)
            ).commission_date_accepted = "2026-03-03"
        lead.commission_date_accepted = "2026-03-03"
        self._process()
        self.assertEqual(self._holdbacks(lead), [*held, ("release", 20, "2026-03-03")])
        lead.commission_date_accepted = False
        self._process()
        self.assertEqual(self._holdbacks(lead), held)
        self.assertLedgerExact(lead)

    def test_what_happens_after_leaving(self):
        plan = self._replace_plan(
            {"SALE": {"rate": 10, "is_leaver_limited": True, "leaver_days": 30}}
        )
        self.assertIn("up to 30 days after leaving", plan.rule_ids.sentence)
        deals = [
            self._lead_won(self.sales_north, 1000, day)
            for day in ("2026-01-05", "2026-02-28", "2026-03-03")
        ]
        self.assertEqual(self._amounts(*deals), [100, 100, 100])
        self.sales_north.version_id.sudo().departure_date = "2026-01-31"
        self._process()
        self.assertEqual(self._amounts(*deals), [100, 100, 0])
        events = self._events(deals[2])
        reasons = {refusal.reason for refusal in events._explain().refusals}
        self.assertIn("left_before", reasons)
        # rehired: whoever is back is paid
        self.sales_north.version_id.sudo().contract_date_start = "2026-02-15"
        self._process()
        self.assertEqual(self._amounts(*deals), [100, 100, 100])
