# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.tests import Form, freeze_time, tagged

from .common import CommissionCommon

FIGURES = ("earned", "to_approve", "qualified", "signed", "disputes")


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-05-20 12:00:00")
class TestDigest(CommissionCommon):
    """The figures of the periodic mail, as each reader gets them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Commissions",
                "company_id": False,
                "periodicity": "weekly",
                **{f"kpi_commission_{name}": True for name in FIGURES},
            }
        )
        cls.local_marketer = cls._create_person(
            "local_marketer", cls.north, role="marketing", boss=cls.manager_north
        )
        cls.second_marketer = cls._create_person(
            "second_marketer", cls.north, role="marketing", boss=cls.manager_north
        )

    def _bring(self, date, employee=None, marketer=None, **vals):
        return self._lead_won(
            employee or self.sales_north,
            1000,
            date,
            source="marketing",
            marketer=marketer or self.local_marketer,
            is_qualified=True,
            date_qualified=date,
            **vals,
        )

    def _read(self, employee, company):
        """Return the figures of the last seven days that the mail holds.

        :return: values by figure; those the reader may not see are left out
        """
        self._as(employee)
        columns = self.digest._compute_kpis(company, employee.user_id)
        prefix = "kpi_commission_"
        return {
            column["kpi_name"].removeprefix(prefix): column["kpi_col2"]["value"]
            for column in columns
            if column["kpi_name"].startswith(prefix)
        }

    def test_branch_manager_reads_about_the_branch(self):
        self._bring("2026-05-18")
        self._bring("2026-05-15", employee=self.sales_south, marketer=self.marketer)
        self._bring("2026-04-02")
        disputed = self._lead_won(self.sales_north, 1000, "2026-05-18")
        dispute = self.env["hr.commission.dispute"].create(
            {"lead_id": disputed.id, "claimed_source": "marketing", "reason": "Fair"}
        )
        self.env.cr.execute(  # the database's clock is not frozen
            "UPDATE hr_commission_dispute SET create_date = '2026-05-18' WHERE id = %s",
            [dispute.id],
        )
        self._process()
        figures = self._read(self.manager_north, self.north)
        self.assertEqual(
            {name: figures[name] for name in ("qualified", "signed", "disputes")},
            {"qualified": 1, "signed": 1, "disputes": 1},
        )
        self.assertNotIn("earned", figures, "that is for commission officers")
        # 100 a lead and 2 % of marketing, 3 % and 1 % of sales; what is held waits
        self.assertIn("160", figures["to_approve"])
        figures = self._read(self.manager_south, self.south)
        self.assertEqual(figures["signed"], 0, "its marketer is of headquarters")
        self.assertIn("40", figures["to_approve"])
        self.assertEqual(figures["disputes"], 0)

    def test_officer_reads_what_was_earned_too(self):
        self._bring("2026-05-18", marketer=self.marketer)
        disputed = self._bring("2026-05-19", marketer=self.marketer)
        self._lines(disputed).is_disputed = True
        figures = self._read(self.officer_hq, self.hq)
        self.assertEqual((figures["qualified"], figures["signed"]), (2, 2))
        self.assertIn("120", figures["earned"], "what is disputed is held")

    def test_shared_lead_counts_once(self):
        lead = self._bring("2026-05-18", process=False)
        self.env["crm.lead.share"].create(
            [
                {
                    "lead_id": lead.id,
                    "role": "marketing",
                    "employee_id": person.id,
                    "percent": 50,
                }
                for person in (self.local_marketer, self.second_marketer)
            ]
        )
        self._process()
        figures = self._read(self.manager_north, self.north)
        self.assertEqual((figures["qualified"], figures["signed"]), (1, 1))

    def test_undone_and_approved_do_not_count(self):
        lead = self._bring("2026-05-18")
        self._lines(lead).sudo().write({"state": "approved"})
        lead.stage_id = self.stage_new
        self._process()
        with freeze_time("2026-05-21 12:00:00"):
            figures = self._read(self.manager_north, self.north)
        self.assertEqual((figures["qualified"], figures["signed"]), (1, 0))
        self.assertIn("-60", figures["to_approve"], "what is taken back waits")

    def test_others_get_none_of_it(self):
        self._bring("2026-05-18")
        for person in (self.sales_north, self.team_manager):
            with self.subTest(person.name):
                self.assertEqual(self._read(person, self.north), {})

    def test_figures_are_chosen_in_the_form_and_open_their_records(self):
        digest = self.env["digest.digest"].create({"name": "Weekly"})
        with Form(digest) as form:
            for name in FIGURES:
                form[f"kpi_commission_{name}"] = True
        actions = digest._compute_kpis_actions(self.north, self.manager_north.user_id)
        for name in FIGURES:
            action = actions[f"kpi_commission_{name}"].split("?")[0]
            self.assertEqual(self.env.ref(action)._name, "ir.actions.act_window")
        to_approve = self.env.ref(
            "hr_sales_commission.hr_commission_line_action_to_approve"
        )
        action = actions["kpi_commission_to_approve"].split("?")[0]
        self.assertEqual(self.env.ref(action), to_approve)
