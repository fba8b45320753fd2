# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import io
import zipfile
from io import BytesIO

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..controllers.statement_workbook import build_workbook
from .common import CommissionCommon

#: texts that office programs take for something else
DANGEROUS = (
    "=1+1",
    "{=cmd|' /C calc'!A0}",
    "+1",
    "-1+2",
    "@SUM(1)",
    "\t=1",
    "external:c:\\x.xlsx",
    "internal:Sheet1!A1",
    "http://example.com",
    "mailto:x@example.com",
)


@tagged("post_install", "-at_install")
class TestOwnTask(CommissionCommon):
    """Whose task something is does it, and never for themselves."""

    def test_templates_are_used_by_officers(self):
        template = self.env.ref(
            "hr_sales_commission.hr_commission_plan_template_reference"
        )
        for person in (self.sales_south, self.manager_north):
            with self.subTest(person=person.name), self.assertRaises(AccessError):
                template.with_env(self._as(person)).action_use_template()
        template.with_env(self._as(self.officer_hq)).action_use_template()

    def test_nobody_sets_their_own_target(self):
        env = self._as(self.officer_hq)
        common = {"company_id": self.hq.id, "date_from": "2026-05-01", "amount": 1}
        own = {**common, "employee_id": self.officer_hq.id}
        Target = env["hr.commission.target"]
        with self.assertRaises(AccessError):
            Target.create(own)
        theirs = Target.create({**common, "employee_id": self.marketer.id})
        with self.assertRaises(AccessError):
            theirs.employee_id = self.officer_hq.id
        set_by_boss = self.env["hr.commission.target"].create(own)
        for attempt in ({"amount": 0.5}, {"employee_id": self.marketer.id}):
            with self.subTest(attempt=attempt), self.assertRaises(AccessError):
                set_by_boss.with_env(env).write(attempt)
        with self.assertRaises(AccessError):
            set_by_boss.with_env(env).unlink()

    def test_nobody_chooses_the_plan_they_are_paid_by(self):
        self.officer_hq.user_id.group_ids += self.env.ref("hr.group_hr_manager")
        personal = self._create_plan(active=False, is_personal=True)
        env = self._as(self.officer_hq)
        own = self.officer_hq.with_env(env)
        with self.assertRaises(AccessError):
            own.commission_plan_id = personal.id
        with self.assertRaises(AccessError):
            own.version_id.commission_plan_id = personal.id
        self.marketer.with_env(env).commission_plan_id = personal.id

    def test_nobody_enters_the_contract_they_are_paid_by(self):
        """Where plans ask for the time in the company, or a target goes by it."""
        self.officer_hq.user_id.group_ids += self.env.ref("hr.group_hr_manager")
        env = self._as(self.officer_hq)
        own = self.officer_hq.with_env(env)
        own.contract_date_start = "2026-02-01"  # nothing follows from it yet
        target = self.env["hr.commission.target"].create(
            {
                "company_id": self.hq.id,
                "employee_id": self.officer_hq.id,
                "date_from": "2026-05-01",
                "amount": 1000,
                "proration": "contract",
            }
        )
        attempts = {
            "start": lambda: own.write({"contract_date_start": "2020-01-01"}),
            "by the record": lambda: own.version_id.write(
                {"contract_date_start": "2020-01-01"}
            ),
            "saved": lambda: own.web_save({"contract_date_start": "2020-01-01"}, {}),
            "left": lambda: own.version_id.write({"departure_date": "2026-05-02"}),
            "a new record": lambda: own.create_version(
                {"date_version": "2026-03-01", "wage": 90_000}
            ),
        }

        def assertRefused():
            for name, attempt in attempts.items():
                with self.subTest(name), self.assertRaises(AccessError):
                    attempt()
            theirs = self.marketer.with_env(env)
            theirs.contract_date_start = "2020-01-01"
            self.assertEqual(str(self.marketer.contract_date_start), "2020-01-01")

        assertRefused()
        target.unlink()
        tiers = [Command.create({"from_value": n, "rate": n + 1}) for n in (0, 12)]
        by_tenure = {"tier_mode": "whole", "tier_measure": "tenure_months"}
        self._create_plan(
            {"Service": {**by_tenure, "tier_ids": tiers}},
            name="By service",
            company_id=self.hq.id,
            is_personal=True,
        )
        assertRefused()

    def _acts(self, **values):
        """Return what the log says of acts: field, before, after, for oneself."""
        domain = [(name, "=", value) for name, value in values.items()]
        entries = self.env["hr.commission.audit"].search(domain, order="id")
        names = ("field_name", "old_value", "new_value", "is_self_benefit")
        return [tuple(entry[name] for name in names) for entry in entries]

    def test_contracts_of_ones_people_stand_in_corrections(self):
        """Old and new, where pay follows from them; wages are told to nobody."""
        hr = self.env.ref("hr.group_hr_manager")
        self.manager_north.user_id.group_ids += hr
        clerk = self._create_person("clerk", self.north, groups="hr.group_hr_manager")
        clerk.commission_role = "none"
        theirs = self.sales_north.with_env(self._as(self.manager_north))
        theirs.contract_date_start = "2026-02-01"
        of_person = {"res_model": "hr.version", "employee_id": self.sales_north.id}
        self.assertFalse(self._acts(**of_person))  # nothing follows from it yet
        tiers = [Command.create({"from_value": n, "rate": n + 1}) for n in (0, 12)]
        by_tenure = {"tier_mode": "whole", "tier_measure": "tenure_months"}
        self._create_plan(
            {"Service": {**by_tenure, "tier_ids": tiers}},
            name="By service",
            company_id=self.hq.id,
            is_personal=True,
        )
        theirs.contract_date_start = "2020-01-01"
        theirs.version_id.wage = 48_213.77
        moved = ("contract_date_start", "2026-02-01", "2020-01-01", True)
        told = [moved, ("wage", "•••", "•••", True)]
        self.assertLessEqual(set(told), set(self._acts(**of_person)))
        as_clerk = self.sales_north.with_env(self._as(clerk))
        as_clerk.contract_date_start = "2021-01-01"
        moved = ("contract_date_start", "2020-01-01", "2021-01-01", False)
        self.assertIn(moved, self._acts(**of_person))
        theirs.create_version({"date_version": "2026-03-01", "wage": 50_119.33})
        *_before, (_name, _old, entered, by_manager) = self._acts(**of_person)
        self.assertTrue(by_manager)
        self.assertIn("•••", entered)
        log = self.env["hr.commission.audit"].search([]).mapped("new_value")
        self.assertFalse([text for text in log if "48213" in str(text)])
        self.assertFalse([text for text in log if "50119" in str(text)])
        found = self.env["hr.commission.inspection"].search(
            [
                ("finding", "=", "self_benefit"),
                ("employee_id", "=", self.sales_north.id),
            ]
        )
        self.assertEqual(found.user_id, self.manager_north.user_id)

    def test_who_is_in_a_team_with_targets_stands_in_corrections(self):
        team = self.env["crm.team"].create({"name": "Pot", "company_id": False})
        of_team = {"res_model": "crm.team.member"}
        self.manager_north.user_id.group_ids += self.env.ref(
            "sales_team.group_sale_manager"
        )
        theirs = team.with_env(self._as(self.manager_north))
        theirs.member_ids += self.sales_north.user_id
        self.assertFalse(self._acts(**of_team))
        self.env["hr.commission.target"].create(
            {
                "company_id": self.north.id,
                "team_id": team.id,
                "date_from": "2026-05-01",
                "amount": 1000,
            }
        )
        theirs.member_ids += self.team_manager.user_id
        theirs.member_ids += self.manager_north.user_id
        theirs.member_ids -= self.sales_north.user_id
        acts = self.env["hr.commission.audit"].search(
            [("res_model", "=", "crm.team.member")], order="id"
        )
        self.assertEqual(
            [(each.act, each.employee_id, each.is_self_benefit) for each in acts],
            [
                ("create", self.team_manager, False),
                ("create", self.manager_north, True),
                ("change", self.sales_north, True),
            ],
        )

    def test_whose_scores_one_approves_stands_in_corrections(self):
        target = self.env["hr.commission.target"].create(
            {
                "company_id": self.north.id,
                "employee_id": self.sales_north.id,
                "date_from": "2026-05-01",
                "measure": "score",
                "amount": 100,
                "score": 90,
            }
        )
        target.with_env(self._as(self.officer_north)).action_approve_score()
        acts = {"res_model": "hr.commission.target", "act": "approve"}
        self.assertEqual(self._acts(**acts), [("score", False, "90.0", False)])
        target.score = 120
        target.with_env(self._as(self.officer_hq)).action_approve_score()
        self.assertEqual(self._acts(**acts)[1:], [("score", False, "120.0", True)])

    def test_campaigns_with_leads_are_handed_over_by_officers(self):
        campaign = self.env["utm.campaign"].create(
            {"name": "Spring", "user_id": self.marketer.user_id.id}
        )
        self._lead_open(self.sales_north, 100, campaign_id=campaign.id)
        self.sales_south.user_id.group_ids += self.env.ref("base.group_system")
        for person, responsible in (
            (self.sales_south, self.sales_south),
            (self.officer_hq, self.officer_hq),
        ):
            with self.subTest(person=person.name), self.assertRaises(AccessError):
                seen = campaign.with_env(self._as(person)).sudo(False)
                seen._check_responsible(responsible.user_id.id)
        handed = campaign.with_env(self._as(self.officer_hq))
        handed._check_responsible(self.sales_north.user_id.id)

    def test_filters_for_everybody_are_an_officers_task(self):
        vals = {"name": "Mine", "model_id": "hr.commission.line"}
        Filter = self.env["ir.filters"]
        clerk = Filter.with_env(self._as(self.sales_south))
        with self.assertRaises(AccessError):
            clerk.create({**vals, "user_ids": []})
        own = clerk.create(
            {**vals, "user_ids": [Command.set(self.sales_south.user_id.ids)]}
        )
        with self.assertRaises(AccessError):
            own.user_ids = [Command.clear()]
        clerk.create({**vals, "name": "Others", "model_id": "res.partner"})
        Filter.with_env(self._as(self.officer_hq)).create({**vals, "user_ids": []})

    def test_personal_plans_are_for_the_person_and_hr(self):
        personal = self._create_plan(
            {"Personal": {"rate": 13.37}}, company_id=self.north.id, is_personal=True
        )
        self.sales_north.version_id.commission_plan_id = personal
        hr_north, hr_south = (
            self._create_person(
                f"hr_{company.name}", company, groups="hr.group_hr_manager"
            )
            for company in (self.north, self.south)
        )
        for person, may in (
            (self.sales_north, True),
            (hr_north, True),
            (self.officer_north, True),
            (hr_south, False),
            (self.manager_north, False),
            (self.team_manager, False),
            (self.sales_south, False),
        ):
            plan = personal.with_env(self._as(person))
            for records in (plan, plan.sudo().rule_ids.sudo(False)):
                with self.subTest(person=person.name, model=records._name):
                    self.assertEqual(records.has_access("read"), may)

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    def test_no_file_carries_a_formula_or_a_link(self):
        leads = self.env["crm.lead"]
        for name in DANGEROUS:
            leads += self._lead_won(
                self.sales_north, 100, "2026-03-04", name=name, partner_name=name
            )
        self._lines(leads).action_approve()
        statements = self.env["hr.commission.statement"]._generate(
            self.north, self.env["hr.commission.closing"]._default_date_to()
        )
        self.sales_north.name = DANGEROUS[0]
        files = [build_workbook(statements)]
        for file_type in ("xlsx", "csv"):
            wizard = self.env["hr.commission.export.wizard"].create(
                {
                    "company_id": self.north.id,
                    "date_until": "2026-12-31",
                    "file_type": file_type,
                }
            )
            rows = wizard._get_rows()
            ids = [line_id for row in rows for line_id in row["line_ids"]]
            columns = [(key, key) for key in rows[0] if key != "line_ids"]
            write = wizard._write_xlsx if file_type == "xlsx" else wizard._write_csv
            files.append(write(columns, rows, ids))
        for content in files:
            if not zipfile.is_zipfile(io.BytesIO(content)):
                for cell in content.decode("utf-8-sig").replace("\r\n", ";").split(";"):
                    self.assertNotIn(cell.strip('"')[:1], tuple("=+@\t"))
                continue
            with zipfile.ZipFile(BytesIO(content)) as book:
                names = book.namelist()
                self.assertFalse([n for n in names if "externalLink" in n])
                for name in names:
                    if name.startswith("xl/worksheets"):
                        sheet = book.read(name)
                        self.assertNotIn(b"<f>", sheet)
                        self.assertNotIn(b"<f ", sheet)
                        self.assertNotIn(b"hyperlink", sheet)
