# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..pipeline.pool_shares import PoolShares
from .common import CommissionCommon


@tagged("post_install", "-at_install", "commission_long")
class TestWho(CommissionCommon):
    """Pools, customer assignments and managers by date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.role_marketing = cls.env.ref(
            "hr_sales_commission.hr_commission_role_marketing"
        )
        cls.colleagues = cls.env["hr.employee"]
        for name in ("Ann", "Bob", "Cleo"):
            cls.colleagues += cls._create_person(name.lower(), cls.hq)
        cls.ann, cls.bob, cls.cleo = cls.colleagues

    def _pool(self, **vals):
        return self.env["hr.commission.pool"].create(
            {
                "name": "Marketing",
                "company_id": self.hq.id,
                "member_ids": [Command.set(self.colleagues.ids)],
                **vals,
            }
        )

    def _marketing_amounts(self, lead):
        credits = self._events(lead).credit_ids.filtered(
            lambda credit: credit.role == "marketing" and credit.share
        )
        return {credit.employee_id.name: credit.amount for credit in credits}

    # ------------------------------------------------------------------
    # Pools
    # ------------------------------------------------------------------

    def test_lead_of_nobody_goes_to_the_pool_and_parts_sum_to_the_whole(self):
        lead = self._lead_won(
            self.sales_north, 100, "2026-03-10", source="marketing", marketer=False
        )
        self.assertFalse(self._marketing_amounts(lead))
        self._pool()
        self._process()  # what credited nobody is looked at again
        amounts = self._marketing_amounts(lead)
        self.assertEqual(amounts, {"ann": 33.34, "bob": 33.33, "cleo": 33.33})
        lines = self._lines(lead).filtered(lambda line: line.role == "marketing")
        paid = {line.employee_id.name: line.amount for line in lines}
        self.assertEqual(paid, {"ann": 0.67, "bob": 0.67, "cleo": 0.66})
        self.assertLedgerExact(lead)

    def test_what_a_pool_takes(self):
        pool = self._pool()
        for takes, source, marketer, expected in [
            ("nobody", "marketing", self.marketer, {"marketer"}),
            ("nobody", "own", False, set()),
            ("all", "marketing", self.marketer, {"ann", "bob", "cleo"}),
            ("all", "own", False, set()),
        ]:
            with self.subTest(takes=takes, source=source):
                pool.takes = takes
                lead = self._lead_won(
                    self.sales_north,
                    100,
                    "2026-03-10",
                    source=source,
                    marketer=marketer,
                )
                self.assertEqual(set(self._marketing_amounts(lead)), expected)

    def test_keys(self):
        (self.ann + self.bob).sudo().wage = 1000
        self.cleo.sudo().wage = 2000
        half = self.env["resource.calendar"].create(
            {"name": "Half", "company_id": self.hq.id}
        )
        half.attendance_ids = half.attendance_ids.filtered(
            lambda each: each.day_period == "morning"
        )
        week = self.hq.resource_calendar_id
        self.colleagues.sudo().resource_calendar_id = week
        self.cleo.sudo().resource_calendar_id = half
        hours = half.hours_per_week / week.hours_per_week
        self._lead_won(self.ann, 300, "2025-12-10")  # the ninetieth day
        self._lead_won(self.bob, 100, "2026-03-02")
        self._lead_won(self.bob, 900, "2025-12-09")  # too long ago
        shares = [
            Command.create({"employee_id": self.ann.id, "percent": 70}),
            Command.create({"employee_id": self.bob.id, "percent": 30}),
        ]
        total = 2 + hours
        for vals, expected in [
            ({"key": "equal"}, (33.34, 33.33, 33.33)),
            ({"key": "wage"}, (25, 25, 50)),
            ({"key": "hours"}, (100 / total, 100 / total, 100 * hours / total)),
            ({"key": "result"}, (75, 25, 0)),
            ({"key": "fixed", "share_ids": shares}, (70, 30, 0)),
        ]:
            with self.subTest(key=vals["key"]):
                pool = self._pool(**vals)
                lead = self._lead_won(
                    self.sales_north,
                    100,
                    "2026-03-10",
                    source="marketing",
                    marketer=False,
                )
                amounts = self._marketing_amounts(lead)
                for employee, amount in zip(self.colleagues, expected, strict=True):
                    self.assertAlmostEqual(
                        amounts.get(employee.name, 0), amount, delta=0.0051
                    )
                self.assertAlmostEqual(sum(amounts.values()), 100)
                pool.active = False

    def _takes(self, day="2026-03-10"):
        """Return what members of the pool are credited for a deal won on a day."""
        lead = self._lead_won(
            self.sales_north, 100, day, source="marketing", marketer=False
        )
        return self._marketing_amounts(lead)

    def test_hours_are_those_of_the_month_before(self):
        hours = {
            self.ann.id: [
                (date(2026, 1, 31), Decimal(99)),
                (date(2026, 2, 1), Decimal(10)),
                (date(2026, 2, 28), Decimal(20)),
            ],
            self.bob.id: [
                (date(2026, 2, 14), Decimal(90)),
                (date(2026, 3, 1), Decimal(99)),
            ],
            self.cleo.id: [],
        }
        self._pool(key="hours")
        with patch.object(PoolShares, "_read_hours", return_value=hours):
            self.assertEqual(self._takes(), {"ann": 25, "bob": 75})

    def test_results_until_the_day_and_where_nobody_has_any(self):
        self._pool(key="result")
        self.assertEqual(self._takes(), {"ann": 33.34, "bob": 33.33, "cleo": 33.33})
        self._lead_won(self.ann, 300, "2026-03-11")
        self._lead_won(self.bob, 900, "2026-03-12")
        self.assertEqual(self._takes("2026-03-11"), {"ann": 100})

    def test_results_are_whole_deals_that_were_won(self):
        """Neither what a rule pays on of a deal, nor what else happened with it."""
        self._pool(key="result")
        deal = self._lead_won(self.ann, 100, "2026-03-05")
        self._lead_won(self.bob, 100, "2026-03-06")
        Event = self.env["hr.commission.event"]
        Event._capture(
            [
                Event._prepare_fact(event_type, deal, deal.date_won, 700.0, part)
                | {"lead_id": deal.id}
                for event_type, part in (("deal_won", "//part"), ("lead_qualified", ""))
            ]
        )
        self._process()
        self.assertEqual(
            set(self._events(deal).credit_ids.mapped("amount")), {100, 700}
        )
        self.assertEqual(self._takes(), {"ann": 50, "bob": 50})

    def test_results_are_shared_also_before_they_are_computed(self):
        """Deals that are recorded together pay what they pay one after the other."""
        self._pool(key="result")
        self._lead_won(self.ann, 100, "2026-03-04")  # recorded
        halves = [
            Command.create({"employee_id": person.id, "role": "sales", "percent": 50})
            for person in self.ann + self.bob
        ]
        of = {"commission_share_ids": halves, "marketer": self.ann, "process": False}
        self._lead_won(self.bob, 200, "2026-03-05", source="marketing", **of)
        self._lead_won(self.bob, 200, "2026-03-06", process=False)
        brought = {"source": "marketing", "marketer": self.cleo, "process": False}
        self._lead_won(self.sales_north, 150, "2026-03-07", **brought)
        # of the shared one ann all, who brought it, and bob the half that he sold
        self.assertEqual(self._takes(), {"ann": 40, "bob": 40, "cleo": 20})

    def test_members_are_those_employed_on_the_day(self):
        for employee, vals in (
            (self.ann, {"contract_date_start": "2026-03-11"}),
            (
                self.bob,
                {
                    "contract_date_start": "2020-01-01",
                    "contract_date_end": "2026-03-09",
                },
            ),
            (self.cleo, {"departure_date": "2026-03-11"}),
        ):
            employee.sudo().version_id.write(vals)
        self._pool()
        for day, expected in (
            ("2026-03-09", {"bob", "cleo"}),
            ("2026-03-10", {"cleo"}),
            ("2026-03-11", {"ann", "cleo"}),
            ("2026-03-12", {"ann"}),
        ):
            with self.subTest(day=day):
                self.assertEqual(set(self._takes(day)), expected)

    def test_department_on_the_day(self):
        department = self.env["hr.department"].create(
            {"name": "Marketing", "company_id": self.hq.id}
        )
        for employee in self.ann + self.bob:
            employee.sudo().write(
                {"department_id": department.id, "date_version": "2026-01-01"}
            )
        self.bob.sudo().create_version(
            {"date_version": "2026-04-01", "department_id": False}
        )
        said_by_mistake = {"date_version": "2026-02-01", "department_id": False}
        self.bob.sudo().create_version(said_by_mistake).active = False
        self._pool(member_ids=False, department_id=department.id)
        for day, expected in [
            ("2026-03-10", {"ann", "bob"}),
            ("2026-03-31", {"ann", "bob"}),
            ("2026-04-01", {"ann"}),
        ]:
            with self.subTest(day=day):
                lead = self._lead_won(
                    self.sales_north, 100, day, source="marketing", marketer=False
                )
                self.assertEqual(set(self._marketing_amounts(lead)), expected)

    def test_pool_without_members_is_refused(self):
        for vals in (
            {"member_ids": False},
            {"key": "fixed"},
            {
                "role_id": self.env.ref(
                    "hr_sales_commission.hr_commission_role_manager"
                ).id
            },
        ):
            with self.subTest(**vals), self.assertRaises(ValidationError):
                self._pool(**vals)

    # ------------------------------------------------------------------
    # Assignments
    # ------------------------------------------------------------------

    def _assign(self, customer, employee, role, date_from, date_to=False, **vals):
        return self.env["hr.commission.assignment"].create(
            {
                "partner_id": customer.id,
                "employee_id": employee.id,
                "role_id": role.id,
                "date_from": date_from,
                "date_to": date_to,
                "company_id": self.hq.id,
                **vals,
            }
        )

    def test_assigned_role_follows_the_customer_by_date(self):
        role = self.env["hr.commission.role"].create(
            {"name": "Account Manager", "filled_by": "assignment"}
        )
        customer, other = self.env["res.partner"].create(
            [{"name": "Customer", "is_company": True}, {"name": "Other"}]
        )
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": customer.id}
        )
        self._assign(customer, self.ann, role, "2026-01-01", "2026-03-31")
        self._assign(customer, self.bob, role, "2026-04-01")
        for partner, day, expected in [
            (customer, "2025-12-31", set()),
            (customer, "2026-03-31", {"ann"}),
            (contact, "2026-04-01", {"bob"}),
            (other, "2026-04-01", set()),
        ]:
            with self.subTest(partner=partner.name, day=day):
                lead = self._lead_won(self.sales_north, 100, day, partner_id=partner.id)
                credits = self._events(lead).credit_ids
                managed = credits.filtered(lambda each: each.role == role.code)
                self.assertEqual(set(managed.mapped("employee_id.name")), expected)

    def test_deal_credits_its_salesperson_whoever_looks_after_the_customer(self):
        customer = self.env["res.partner"].create({"name": "Customer"})
        sales = self.env.ref("hr_sales_commission.hr_commission_role_sales")
        self._assign(customer, self.ann, sales, "2026-01-01")
        lead = self._lead_won(
            self.sales_north, 100, "2026-03-10", partner_id=customer.id
        )
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 5, "draft")])

    def test_refused_assignments(self):
        customer = self.env["res.partner"].create({"name": "Customer"})
        sales = self.env.ref("hr_sales_commission.hr_commission_role_sales")
        manager = self.env.ref("hr_sales_commission.hr_commission_role_manager")
        self._assign(customer, self.ann, sales, "2026-01-01", "2026-03-31")
        with self.assertRaisesRegex(ValidationError, "already"):
            self._assign(customer, self.ann, sales, "2026-03-31")
        with self.assertRaisesRegex(ValidationError, "Managers are found"):
            self._assign(customer, self.ann, manager, "2026-01-01")
        with self.assertRaisesRegex(UserError, "yourself"):
            self._as(self.manager_north)["hr.commission.assignment"].create(
                {
                    "partner_id": customer.id,
                    "employee_id": self.manager_north.id,
                    "role_id": sales.id,
                    "company_id": self.north.id,
                }
            )

    # ------------------------------------------------------------------
    # Referrals
    # ------------------------------------------------------------------

    def test_r21_marketer_of_the_referrers_first_contact(self):
        """R21: "marketing 1 %, sales 3 %" pays whoever brought the referrer."""
        referrer = self.env["res.partner"].create({"name": "Referrer"})
        self._lead_open(
            self.sales_south,
            10,
            source="marketing",
            marketer=self.ann,
            partner_id=referrer.id,
            first_touch_date="2026-01-01",
        )
        self._lead_open(
            self.sales_south,
            10,
            source="marketing",
            marketer=self.bob,
            partner_id=referrer.id,
            first_touch_date="2026-02-01",
        )
        lead = self._lead_won(
            self.sales_north,
            1000,
            "2026-03-10",
            source="referral",
            marketer=False,
            referrer_id=referrer.id,
        )
        self.assertLines(
            lead,
            [
                (self.ann, "REF_MKT", 10, "draft"),
                (self.sales_north, "REF_SAL", 30, "draft"),
            ],
        )

    # ------------------------------------------------------------------
    # Managers by date
    # ------------------------------------------------------------------

    def test_manager_of_the_day_also_for_deals_entered_later(self):
        self._replace_plan(
            {
                "LEVEL1": {"role": "manager", "manager_level": 1, "rate": 2},
                "LEVEL2": {"role": "manager", "manager_level": 2, "rate": 1},
            }
        )
        with freeze_time("2026-04-01 12:00:00"):
            self.sales_north.parent_id = self.area_manager
        with freeze_time("2026-06-01 12:00:00"):
            self.area_manager.parent_id = self.officer_hq
        for day, first, second in [
            ("2026-03-31", self.team_manager, self.manager_north),
            ("2026-04-01", self.area_manager, self.manager_south),
            ("2026-05-31", self.area_manager, self.manager_south),
            ("2026-06-01", self.area_manager, self.officer_hq),
        ]:
            with self.subTest(day=day):
                lead = self._lead_won(self.sales_north, 100, day)
                self.assertLines(
                    lead,
                    [(first, "LEVEL1", 2, "draft"), (second, "LEVEL2", 1, "draft")],
                )

    # ------------------------------------------------------------------
    # Nobody, and handing over
    # ------------------------------------------------------------------

    def test_event_that_credits_nobody_says_why(self):
        user = self.env["res.users"].create(
            {
                "name": "Nora New",
                "login": "nora",
                "company_id": self.north.id,
                "company_ids": [Command.set(self.north.ids)],
            }
        )
        cases = [
            ({"user_id": False}, "no salesperson"),
            ({"user_id": user.id}, "Nora New has no employee record"),
        ]
        for vals, reason in cases:
            with self.subTest(reason=reason):
                lead = self._lead_won(self.sales_north, 10, "2026-03-10", **vals)
                event = self._events(lead)
                self.assertFalse(event.is_credited)
                self.assertIn(reason, event.nobody_reason)
                found = event.search([("is_credited", "=", False)])
                self.assertIn(event, found)
        credited = self._events(self._lead_won(self.sales_north, 10, "2026-03-10"))
        self.assertTrue(credited.is_credited)
        self.assertFalse(credited.nobody_reason)

    def test_hand_over(self):
        deal = self._lead_open(self.sales_north, 500)
        won = self._lead_won(self.sales_north, 100, "2026-03-10")
        customer = self.env["res.partner"].create({"name": "Customer"})
        sales = self.env.ref("hr_sales_commission.hr_commission_role_sales")
        assignment = self._assign(customer, self.sales_north, sales, "2026-01-01")
        target, other = self.env["hr.commission.target"].create(
            [
                {
                    "employee_id": employee.id,
                    "company_id": self.north.id,
                    "date_from": "2026-07-01",
                    "amount": 1000,
                }
                for employee in (self.sales_north, self.team_manager)
            ]
        )
        handover = (
            self._as(self.officer_north)["hr.commission.handover"]
            .sudo()  # sudo: the customer assignment is headquarters'
            .create(
                {
                    "employee_id": self.sales_north.id,
                    "successor_id": self.team_manager.id,
                    "date": "2026-06-01",
                }
            )
        )
        self.assertEqual(
            sorted(handover.line_ids.mapped("kind")), ["customer", "deal", "target"]
        )
        money = self.north.currency_id
        self.assertEqual(
            {line.kind: line.currency_id for line in handover.line_ids},
            {"customer": money.browse(), "deal": money, "target": money},
        )
        self.assertEqual(
            handover.summary,
            "team_manager – Open deals: 1, Customers: 1, Targets: 1",
        )
        told = handover.action_hand_over()["params"]["message"]
        self.assertEqual(told, "Handed over: 3")
        self.env.invalidate_all()
        self.assertEqual(deal.user_id, self.team_manager.user_id)
        self.assertEqual(won.user_id, self.sales_north.user_id)
        self.assertEqual(str(assignment.date_to), "2026-05-31")
        following = assignment.search(
            [("partner_id", "=", customer.id), ("id", "!=", assignment.id)]
        )
        self.assertEqual(following.employee_id, self.team_manager)
        self.assertEqual(str(following.date_from), "2026-06-01")
        self.assertFalse(target.exists())
        self.assertEqual(other.amount, 2000)
