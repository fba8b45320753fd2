# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import CommissionCommon


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-08-20 12:00:00")
class TestConstantStatements(CommissionCommon):
    """What is done to many at once takes as many statements as for two."""

    def _count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _assert_constant(self, prepare, work):
        """Do something for two, which fills the caches, again for two, and for seven.

        :param prepare: makes that many records
        :param work: what is done to them
        """
        counts = []
        for number in (2, 2, 7):
            records = prepare(number)
            counts.append(self._count(lambda records=records: work(records)))
        self.assertLessEqual(counts[2], counts[1], counts)

    def _make_alerts(self, number):
        return self.env["hr.commission.alert"].create(
            [
                {
                    "name": f"Alert {each}",
                    "company_id": self.north.id,
                    "figure": figure,
                    "condition": "below",
                    "threshold": 10_000,
                }
                for each, figure in zip(
                    range(number), ["signed", "cost_ratio"] * 4, strict=False
                )
            ]
        )

    def _make_customers(self, number):
        return self.env["res.partner"].create(
            [{"name": f"Customer {each}"} for each in range(number)]
        )

    def _assign(self, customers, employee=None):
        sales = self.env.ref("hr_sales_commission.hr_commission_role_sales")
        return self.env["hr.commission.assignment"].create(
            [
                {
                    "partner_id": customer.id,
                    "employee_id": (employee or self.sales_north).id,
                    "role_id": sales.id,
                    "date_from": "2026-01-01",
                    "company_id": self.north.id,
                }
                for customer in customers
            ]
        )

    def _make_work(self, number):
        """Make open deals and customers of a salesperson, to be handed over."""
        # of the successor's team: Odoo looks for a team for each lead otherwise
        team = self.env["crm.team"].create(
            {"name": "North", "user_id": self.team_manager.user_id.id}
        )
        customers = self._make_customers(number)
        for customer in customers:
            self._lead_open(
                self.sales_north, 5, partner_id=customer.id, team_id=team.id
            )
        self._assign(customers)
        # sudo: customers of all companies are handed over
        handover = self.env["hr.commission.handover"].sudo()
        return handover.create(
            {
                "employee_id": self.sales_north.id,
                "successor_id": self.team_manager.id,
                "date": "2026-08-01",
            }
        )

    def test_alerts_of_the_same_company_read_its_figures_once(self):
        self._assert_constant(self._make_alerts, lambda each: each.mapped("is_crossed"))

    def test_assigning_and_handing_over(self):
        self._assert_constant(self._make_customers, self._assign)
        self._assert_constant(
            self._make_work, lambda handover: handover.action_hand_over()
        )

    def test_the_log_of_a_set_looks_salespeople_up_once(self):
        sellers = self.env["res.users"].create(
            [
                {
                    "name": f"Seller {number}",
                    "login": f"seller_{number}",
                    "company_id": self.north.id,
                    "company_ids": self.north.ids,
                }
                for number in range(7)
            ]
        )
        employees = self.env["hr.employee"].create(
            [
                {"name": user.name, "user_id": user.id, "company_id": self.north.id}
                for user in sellers
            ]
        )
        Audit = self._as(self.officer_hq, self.hq, self.north)["hr.commission.audit"]

        def hand_over(number):
            leads = self.env["crm.lead"].concat(
                *(self._lead_open(self.sales_north, 100) for _each in range(number))
            )
            in_sets = leads.with_env(Audit.env).with_context(commission_in_sets=True)
            for lead, user in zip(in_sets, sellers, strict=False):
                lead.user_id = user
            return leads

        self._assert_constant(hand_over, lambda leads: Audit._log_aside())
        entries = Audit.sudo().search([("field_name", "=", "user_id")], limit=7)
        self.assertEqual(entries.employee_id, employees[::-1])

    def test_overlaps_are_found_in_sets(self):
        one, other = self._make_customers(2)
        first = self._assign(one | other)[0]
        first.date_to = "2026-02-28"
        first.copy({"date_from": "2026-03-01", "date_to": False})
        for vals in (
            {"date_from": "2026-02-28", "date_to": "2026-02-28"},
            {"date_from": "2025-01-01", "date_to": "2026-01-01"},
            {"date_from": "2025-01-01", "date_to": False},
            {"date_from": "2026-05-01", "date_to": False},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                first.copy(vals)
        earlier = first.copy({"date_from": "2025-01-01", "date_to": "2025-12-31"})
        self.assertEqual(earlier.employee_id, self.sales_north)

    def test_an_alert_that_fails_stops_no_other(self):
        self._lead_won(self.sales_north, 500, "2026-08-10")
        alerts = self._make_alerts(3).filtered(lambda each: each.figure == "signed")
        failing = type(alerts)._get_readings

        def read(alert, known=None):
            if alert == alerts[0]:
                raise ValueError("broken")
            return failing(alert, known)

        self.env.flush_all()
        self.env.invalidate_all()
        with (
            patch.object(type(alerts), "_get_readings", read),
            mute_logger(
                "odoo.addons.hr_sales_commission.models.hr_commission_alert",
            ),
        ):
            self.env["hr.commission.alert"]._cron_check()
        self.assertFalse(alerts[0].activity_ids)
        self.assertTrue(alerts[1].activity_ids)
