# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CommissionCommon


@tagged("post_install", "-at_install", "commission_core")
class TestRole(CommissionCommon):
    """Roles are data: each has 100 % of its own, and says who fills it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Role = cls.env["hr.commission.role"]
        cls.specialist = cls.Role.create({"name": "Product Specialist"})
        cls.expert = cls._create_person("expert", cls.north)

    def _share(self, employee, role, percent=100):
        return Command.create(
            {"employee_id": employee.id, "role": role, "percent": percent}
        )

    def test_r38_overlay_pays_the_specialist_beside_the_salesperson(self):
        plan = self._replace_plan(
            {
                "SALES": {"role": "sales", "rate": 10},
                "OVERLAY": {"role_id": self.specialist.id, "rate": 2},
            }
        )
        rule = self._rules_by_code(plan)["OVERLAY"]
        self.assertEqual(
            (rule.role, rule.role_id), (self.specialist.code, self.specialist)
        )
        lead = self._lead_won(
            self.sales_north,
            1000,
            "2026-03-10",
            commission_share_ids=[self._share(self.expert, "product_specialist")],
        )
        self.assertLines(
            lead,
            [
                (self.sales_north, "SALES", 100, "draft"),
                (self.expert, "OVERLAY", 20, "draft"),
            ],
        )
        credits = self._events(lead).credit_ids
        self.assertEqual(credits.mapped("amount"), [1000, 1000])
        lines = self._lines(lead)
        self.assertEqual(
            sorted(lines.mapped("role_id.code")), sorted(credits.mapped("role"))
        )

    def test_shares_of_a_role_sum_to_the_whole(self):
        with self.assertRaisesRegex(ValidationError, "Product Specialist shares"):
            self._lead_open(
                self.sales_north,
                1000,
                commission_share_ids=[
                    self._share(self.expert, "product_specialist", 60)
                ],
            )

    def test_who_fills_a_role(self):
        team = self.env["crm.team"].create(
            {"name": "Team", "user_id": self.team_manager.user_id.id}
        )
        customer = self.env["res.partner"].create(
            {"name": "Customer", "user_id": self.expert.user_id.id}
        )
        cases = [
            ({"filled_by": "salesperson"}, self.sales_north),
            ({"filled_by": "marketer"}, self.marketer),
            ({"filled_by": "team_leader"}, self.team_manager),
            (
                {"filled_by": "field", "field_path": "crm.lead:partner_id.user_id"},
                self.expert,
            ),
            (
                {"filled_by": "field", "field_path": "crm.lead:user_id"},
                self.sales_north,
            ),
            (
                {"filled_by": "field", "field_path": "crm.lead:marketer_id"},
                self.marketer,
            ),
            ({"filled_by": "shares"}, self.env["hr.employee"]),
            ({"is_manager": True, "level": 2}, self.manager_north),
            ({"is_manager": True, "level": 1}, self.team_manager),
        ]
        roles = [
            self.Role.create({"name": f"Case {number}", **vals})
            for number, (vals, _employee) in enumerate(cases)
        ]
        lead = self._lead_won(
            self.sales_north,
            1000,
            "2026-03-10",
            source="marketing",
            team_id=team.id,
            partner_id=customer.id,
        )
        credits = self._events(lead).credit_ids
        for role, (vals, employee) in zip(roles, cases, strict=True):
            with self.subTest(**vals):
                found = credits.filtered(lambda each, role=role: each.role == role.code)
                self.assertEqual(found.employee_id, employee)
                self.assertEqual(found.manager_level, vals.get("level", 0))

    def test_managers_of_another_role_are_paid_by_level(self):
        director = self.Role.create(
            {
                "name": "Specialists' Lead",
                "is_manager": True,
                "manages_id": self.specialist.id,
            }
        )
        self.expert.parent_id = self.team_manager
        self._replace_plan({"LEAD": {"role_id": director.id, "rate": 1}})
        lead = self._lead_won(
            self.sales_south,
            1000,
            "2026-03-10",
            commission_share_ids=[self._share(self.expert, "product_specialist")],
        )
        self.assertLines(lead, [(self.team_manager, "LEAD", 10, "draft")])

    def test_role_of_a_branch_is_in_place_there_only(self):
        self.Role.create(
            {
                "name": "Northern",
                "company_id": self.north.id,
                "filled_by": "salesperson",
            }
        )
        for employee, roles in [
            (self.sales_north, {"sales", "northern"}),
            (self.sales_south, {"sales"}),
        ]:
            lead = self._lead_won(employee, 1000, "2026-03-10")
            self.assertEqual(set(self._events(lead).credit_ids.mapped("role")), roles)

    def test_code(self):
        for name, code in [
            ("Account Manager", "account_manager"),
            ("Account manager!", "account_manager_2"),
            ("产品专家", "role"),
            ("None", "role_none"),
            ("2nd level", "role_2nd_level"),
        ]:
            with self.subTest(name=name):
                self.assertEqual(self.Role.create({"name": name}).code, code)
        for code in ("Sales", "a b", "none", "x" * 99):
            with self.subTest(code=code), self.assertRaises(ValidationError):
                self.Role.create({"name": "Bad", "code": code})
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.Role.create({"name": "Twice", "code": "sales"})
        with self.assertRaisesRegex(UserError, "never changes"):
            self.specialist.code = "expert"

    def test_unknown_codes_are_refused(self):
        for records, vals in [
            (self.env["hr.commission.rule"], {"plan_id": None}),
            (self.env["crm.lead.share"], {"employee_id": self.expert.id}),
        ]:
            with self.subTest(model=records._name):
                if records._name == "hr.commission.rule":
                    vals = {
                        "plan_id": self._create_plan({}, active=False).id,
                        "name": "X",
                    }
                else:
                    vals |= {"lead_id": self._lead_open(self.sales_north, 10).id}
                with self.assertRaisesRegex(
                    ValidationError, "no commission role|does not fit"
                ):
                    records.create({**vals, "role": "nonsense"})
        with self.assertRaisesRegex(ValidationError, "no commission role"):
            self.expert.commission_role = "nonsense"

    def test_used_role_is_archived_and_still_named(self):
        lead = self._lead_won(
            self.sales_north,
            1000,
            "2026-03-10",
            commission_share_ids=[self._share(self.expert, "product_specialist")],
        )
        with self.assertRaisesRegex(UserError, "Archive it"):
            self.specialist.unlink()
        self.specialist.active = False
        credit = self._events(lead).credit_ids.filtered(
            lambda each: each.employee_id == self.expert
        )
        self.assertEqual(credit._get_role_name(), "Product Specialist")

    def test_explanation_names_the_role(self):
        self._replace_plan({"OVERLAY": {"role_id": self.specialist.id, "rate": 2}})
        lead = self._lead_won(self.sales_north, 1000, "2026-03-10")
        [refusal] = self._events(lead)._explain().refusals
        text = self.env["hr.commission.line"]._explain_refusal(
            refusal, self.north.currency_id
        )
        self.assertEqual(
            text, "The rule is for Product Specialist, and this is for sales."
        )

    def test_officers_make_roles_for_their_branches(self):
        Role = self._as(self.officer_north)["hr.commission.role"]
        self.assertEqual(Role.create({"name": "Collector"}).company_id, self.north)
        shared = Role.search([("code", "=", "sales")])
        with self.assertRaises(AccessError):
            shared.filled_by = "shares"
        with self.assertRaises(AccessError):
            Role.create({"name": "Everybody", "company_id": False})
