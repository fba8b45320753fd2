# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CommissionCommon

KEPT = (
    "res.company",
    "res.partner",
    "res.users",
    "resource.calendar",
    "resource.resource",
    "hr.employee",
    "hr.version",
    "crm.lead",
    "crm.team",
    "crm.touchpoint",
    "crm.touchpoint.chain",
    "hr.commission.plan",
    "hr.commission.rule",
    "hr.commission.event",
    "hr.commission.credit",
    "hr.commission.line",
    "hr.commission.statement",
    "hr.commission.dispute",
    "hr.commission.target",
    "hr.commission.alert",
    "mail.activity",
)


@tagged("post_install", "-at_install", "commission_core")
class TestSample(CommissionCommon):
    """Sample data has a company of its own and leaves nothing behind."""

    def setUp(self):
        super().setUp()
        self.real = self._lead_won(self.sales_north, 1000, "2026-05-04")
        self.before = self._count()

    def _sample(self, employee=None):
        return self._as(employee or self.officer_hq)["hr.commission.sample"]

    def _count(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return {
            name: self.env[name].with_context(active_test=False).search([]).ids
            for name in KEPT
        }

    def _create(self):
        company = self.env["res.company"].browse(self._sample().action_create())
        self.env.invalidate_all()
        return company

    def _find(self, model, company):
        return (
            self.env[model]
            .with_context(active_test=False)
            .search([("company_id", "=", company.id)])
        )

    def test_boards_lists_and_statements_show_something(self):
        company = self._create()
        self.assertIn(company, self.officer_hq.user_id.company_ids)
        lines = self._find("hr.commission.line", company)
        self.assertLessEqual({"held", "draft"}, set(lines.mapped("state")))
        self.assertLessEqual({"commission", "bonus"}, set(lines.mapped("kind")))
        self.assertEqual(
            set(self._find("hr.commission.event", company).mapped("state")), {"done"}
        )
        self.assertTrue(self._find("hr.commission.statement", company))
        leads = self._find("crm.lead", company)
        self.assertLessEqual(
            {"won", "lost", "pending"}, set(leads.mapped("won_status"))
        )
        self.assertTrue(all(name.startswith("Sample") for name in leads.mapped("name")))
        disputes = self._find("hr.commission.dispute", company)
        self.assertEqual(set(disputes.mapped("kind")), {"source", "line"})
        self.assertEqual(disputes.decider_id, self.officer_hq.user_id)
        undone = self._find("hr.commission.event", company).filtered("date_reversed")
        self.assertTrue(undone.line_ids)
        self.assertFalse(sum(undone.line_ids.mapped("amount")), "taken back")
        alerts = self._find("hr.commission.alert", company)
        self.assertEqual(alerts.mapped("is_crossed"), [True, False])
        plans = self._find("hr.commission.plan", company)
        self.assertEqual(sorted(plans.mapped("state")), ["active", "draft"])
        self.assertEqual(
            sum(plans.rule_ids.mapped("rate")),
            2 * sum(plans.previous_id.rule_ids.mapped("rate")) + 0.5,
        )
        self.assertFalse(self._find("hr.employee", company).user_id)
        board = self._as(self.officer_hq, company)["hr.commission.board"]
        today = company._commission_local_date()
        figures = board.get_management_board(today.replace(month=1, day=1), today)
        self.assertTrue(figures["sample"]["is_current"])
        self.assertTrue(
            figures["current"]["signed"] and figures["current"]["qualified"]
        )
        self.assertTrue(figures["current"]["won_marketing"])
        steps = {step["id"]: step["done"] for step in figures["onboarding"]}
        self.assertTrue(steps["plan"] and steps["roles"] and steps["history"])

    def test_nothing_is_mixed_into_real_companies(self):
        board = self._as(self.officer_hq, self.north)["hr.commission.board"]
        before = board.get_management_board("2020-01-01", "2035-12-31")
        self._create()
        board = self._as(self.officer_hq, self.north)["hr.commission.board"]
        self.assertEqual(board.get_management_board("2020-01-01", "2035-12-31"), before)
        self.assertEqual(
            self._as(self.officer_hq, self.north)["hr.commission.line"].search([]).ids,
            self._lines(self.real).ids,
        )

    def test_removed_completely(self):
        self._create()
        self.assertTrue(self._sample().action_remove())
        for name, ids in self._count().items():
            self.assertEqual(ids, self.before[name], name)
        messages = self.env["mail.message"].search_count(
            [("model", "=", "crm.lead"), ("body", "ilike", "Sample:")]
        )
        self.assertFalse(messages)
        with self.assertRaises(UserError):
            self._sample().action_remove()

    def test_made_once_and_given_to_who_asks(self):
        company = self._create()
        leads = self._find("crm.lead", company)
        again = self._sample(self.administrator).action_create()
        self.assertEqual(again, company.id)
        self.assertEqual(self._find("crm.lead", company), leads)
        self.assertIn(company, self.administrator.user_id.company_ids)
        self.assertNotIn(company, self.officer_north.user_id.company_ids)

    def test_an_approved_commission_is_kept_with_its_archived_company(self):
        company = self._create()
        lines = self._as(self.officer_hq, company)["hr.commission.line"].search(
            [("state", "=", "draft"), ("company_id", "=", company.id)]
        )
        lines[:1].action_approve()
        ledger = self._find("hr.commission.line", company)
        self.assertFalse(self._sample().action_remove())
        self.assertFalse(company.active)
        self.assertEqual(self._find("hr.commission.line", company), ledger)
        self.assertNotIn(
            company.id, self._as(self.officer_hq)["res.company"].search([]).ids
        )
        self.assertEqual(self._sample().action_create(), company.id)
        self.assertTrue(company.active)
        self.assertEqual(self._find("hr.commission.line", company), ledger)

    def test_what_other_apps_keep_stays_in_an_archived_company(self):
        company = self._create()
        branch = self.env["res.company"].create(
            {"name": "Branch of the sample", "parent_id": company.id}
        )
        with mute_logger("odoo.sql_db"):
            self.assertFalse(self._sample().action_remove())
        self.assertTrue(branch.exists())
        self.assertFalse(company.active)
        self.assertFalse(self._find("hr.commission.line", company))
        self.assertFalse(self._find("hr.employee", company))
        self._sample().action_create()
        self.assertTrue(self._find("hr.commission.line", company), "filled again")

    def test_not_while_somebody_lives_in_it(self):
        company = self._create()
        user = self.officer_north.user_id
        user.write({"company_ids": [(4, company.id)], "company_id": company.id})
        with self.assertRaisesRegex(UserError, "default company"):
            self._sample().action_remove()
        self.assertTrue(self._find("hr.commission.line", company))

    def test_only_officers(self):
        for person in (self.sales_north, self.manager_north):
            sample = self._sample(person)
            with self.subTest(person.name), self.assertRaises(AccessError):
                sample.action_create()
            with self.subTest(person.name), self.assertRaises(AccessError):
                sample.action_remove()

    def test_no_real_company_becomes_a_sample(self):
        with self.assertRaises(AccessError):
            self.north.is_commission_sample = True
        with self.assertRaises(UserError):
            self._sample().action_remove()
        self.assertEqual(self._count(), self.before)
