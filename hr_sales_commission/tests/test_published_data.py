# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged

from .maven import (
    PUBLISHED,
    SAMPLE,
    MavenCompany,
    expected_totals,
    read_csv,
    totals,
)
from .replay import read_awards, read_checksums, read_posted

#: the codes of the expected totals, by the shipped rule they mean
CODES = {
    "hr_commission_rule_marketing_lead": "MKT_LEAD",
    "hr_commission_rule_marketing_deal": "MKT_DEAL",
    "hr_commission_rule_sales_marketing": "SAL_MKT",
    "hr_commission_rule_sales_synergy": "SAL_SYN",
    "hr_commission_rule_sales_own": "SAL_OWN",
    "hr_commission_rule_sales_referral": "REF_SAL",
    "hr_commission_rule_marketing_referral": "REF_MKT",
}


class PublishedDataCase(TransactionCase):
    """Deals imported the standard way pay what the reference policy says."""

    folder = SAMPLE

    def _import(self):
        """Import as a commission officer does in the Import screen, and compute."""
        rows = read_csv(self.folder / "leads.csv")
        maven = MavenCompany(self.env, rows)
        self.codes = self._activate_reference_policy(maven.headquarters)
        companies = maven.headquarters.union(*maven.branches.values())
        officer = new_test_user(
            self.env,
            login="maven_officer",
            groups="sales_team.group_sale_salesman_all_leads,"
            "hr_sales_commission.group_commission_officer",
            company_id=maven.headquarters.id,
            company_ids=[Command.set(companies.ids)],
        )
        maven.env = maven.env(user=officer.id, su=False)
        leads = maven.import_rows(rows).with_env(self.env)
        self.assertEqual(len(leads), len(rows))
        self.env["hr.commission.event"]._process()
        return leads

    def _activate_reference_policy(self, company):
        plan = self.env.ref("hr_sales_commission.hr_commission_plan_reference").copy(
            {"company_id": company.id, "date_start": "2015-01-01"}
        )
        plan.action_activate()
        names = {
            self.env.ref(f"hr_sales_commission.{xmlid}").name: code
            for xmlid, code in CODES.items()
        }
        return {rule: names[rule.name] for rule in plan.rule_ids}

    def _lines(self, leads):
        return self.env["hr.commission.line"].search([("lead_id", "in", leads.ids)])

    def _check_every_total(self):
        leads = self._import()
        expected = self.folder / "expected" / "reference_policy_totals.csv"
        lines = self._lines(leads)
        actual = {
            key: tuple(round(value, 2) for value in row)
            for key, row in totals(lines, self.codes).items()
        }
        self.assertEqual(actual, expected_totals(expected))
        self.assertEqual({line.kind for line in lines}, {"commission", "bonus"})
        self._check_again(leads, lines)
        return self._check_replay(lines), lines

    def _check_replay(self, lines):
        """What ran, replayed, is the ledger to the cent, and writes none of it."""
        places, sums = self._places(), read_checksums(self.env)
        simulation = self.env["hr.commission.simulation"].create(
            {
                "name": "What ran",
                "company_id": lines.plan_id.company_id.id,
                "date_from": min(lines.mapped("date")),
                "date_to": max(lines.mapped("date")),
                "plan_ids": [Command.set(lines.plan_id.ids)],
            }
        )
        simulation._run()
        self.assertFalse(any(simulation.result_ids.mapped("difference")))
        before = simulation.detail_ids.filtered("is_before")
        for details in (before, simulation.detail_ids - before):
            self.assertEqual(
                read_posted(details, self._sum_by),
                read_posted(lines, self._sum_by),
            )
        self.assertEqual(read_checksums(self.env), sums)
        self.assertEqual(self._places(), places)
        return simulation

    @staticmethod
    def _sum_by(record):
        """By what details of a simulation and lines of the ledger are compared."""
        return (
            *(record.employee_id.id, record.company_id.id, record.rule_id.id),
            *(record.role, record.commission_source, record.kind),
        )

    def _check_again(self, leads, lines):
        """Computing everything once more writes nothing."""
        events = self.env["hr.commission.event"].search([("lead_id", "in", leads.ids)])
        self.assertEqual(set(events.mapped("state")), {"done"})
        before = self._places()
        events._set_pending([("id", "in", events.ids)])
        self.assertEqual(events._process(), len(events))
        self.assertEqual(self._places(), before)

    def _places(self):
        """Where the rows lie: every write moves them."""
        self.env.cr.execute(
            """SELECT id, ctid::text FROM hr_commission_line
                UNION ALL SELECT id, ctid::text FROM hr_commission_credit
                ORDER BY 1, 2"""
        )
        return self.env.cr.fetchall()


@tagged("post_install", "-at_install")
class TestSampleData(PublishedDataCase):
    def test_every_total_of_the_sample(self):
        simulation, lines = self._check_every_total()
        self.assertEqual(read_awards(simulation), read_posted(lines))

    def test_salesperson_may_not_import_facts(self):
        rows = read_csv(self.folder / "leads.csv")
        maven = MavenCompany(self.env, rows)
        user = maven.employees["Sam Cove"].user_id
        user.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        maven.env = maven.env(user=user.id, su=False)
        with self.assertRaisesRegex(AssertionError, "Marketer"):
            maven.import_rows(rows[:1])


if PUBLISHED.is_dir():

    @tagged("post_install", "-at_install", "commission_long")
    class TestPublishedData(PublishedDataCase):
        """The published pipeline of 8,800 deals, where its folder lies."""

        folder = PUBLISHED

        def test_every_total_of_the_published_data(self):
            self._check_every_total()
            own = self.env["hr.commission.line"].search([("state", "=", "held")])
            self.assertEqual(set(own.mapped("commission_source")), {"own"})
