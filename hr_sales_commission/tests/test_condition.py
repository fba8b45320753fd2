# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import CommissionCommon

#: conditions that ask what their writer may not read, or what nobody should
PRYING = """
user_id.employee_ids.version_ids.wage >= 1
user_id.employee_id.version_id.wage > 1
marketer_id.version_ids.wage > 1
marketer_id.private_email ilike "x"
marketer_id.birthday > "2000-01-01"
marketer_id.commission_plan_id ilike "x"
marketer_id.commission_line_ids.amount > 1
marketer_id.department_id.manager_id.pin = "1"
marketer_id.user_id.password ilike "x"
user_id.password ilike "x"
user_id.totp_secret ilike "x"
user_id.api_key_ids.key ilike "x"
user_id.partner_id.bank_ids.acc_number ilike "x"
user_id.login ilike "x"
user_id.employee_ids.name ilike "x"
partner_id.bank_ids.acc_number ilike "x"
partner_id.user_ids.password ilike "x"
partner_id.employee_ids.private_phone ilike "x"
partner_id.signup_type ilike "x"
partner_id.parent_id.user_id.employee_id.barcode ilike "x"
commission_line_ids.amount > 1
commission_line_ids ilike "4821"
commission_dispute_ids.reason ilike "x"
commission_share_ids.percent > 1
message_ids.body ilike "x"
message_partner_ids.email ilike "x"
activity_ids.summary ilike "x"
activity_summary ilike "x"
activity_user_id.password ilike "x"
create_uid.employee_ids.version_ids.wage > 1
write_uid.partner_id.bank_ids != False
team_id.message_ids.body ilike "x"
team_id.member_ids.employee_ids.version_ids.wage > 1
company_id.user_ids.password ilike "x"
company_id.bank_ids != False
referrer_id.employee_ids.version_ids.wage > 1
touchpoint_ids.employee_id.version_ids.wage > 1
touchpoint_ids.create_uid.password ilike "x"
campaign_id.user_id.employee_ids.version_ids.wage > 1
""".strip().splitlines()

#: the same by nested conditions
NESTED = [
    "[('user_id', 'any', [('employee_ids.version_ids.wage', '>', 1)])]",
    "[('user_id', 'any', [('employee_ids', 'any', [('id', '>', 1)])])]",
    "[('user_id', 'not any', [('password', 'ilike', 'x')])]",
    "[('marketer_id', 'any', [('version_ids', 'any', [('wage', '>', 1)])])]",
    "[('marketer_id', 'any!', [('id', '>', 1)])]",
    "['!', ('commission_line_ids', '=', False)]",
    "['|', ('name', '=', 'x'), ('user_id.password', 'ilike', 'x')]",
    "['&', ('name', '=', 'x'), '!', ('marketer_id.pin', '=', '1')]",
    "[('user_id', 'in', [('password', 'ilike', 'x')])]",
]

#: what is no condition, or fails when it is asked
BROKEN = [
    "[",
    "]",
    "()()",
    "x",
    "1",
    "'name'",
    "{}",
    "None",
    "[1]",
    "[None]",
    "['&']",
    "['|', ('name', '=', 'x')]",
    "[('name',)]",
    "[('name', '=')]",
    "[('name', '=', 'x', 'y')]",
    "[('name', 'is', 'x')]",
    "[('name', '=', ('x',)), '&']",
    "[('nothing', '=', 1)]",
    "[('name.nothing', '=', 1)]",
    "[('user_id.nothing', '=', 1)]",
    "[('', '=', 1)]",
    "[(1, '=', 2)]",
    "[('name', '>', 5)]",
    "[('name', 'ilike', 5)]",
    "[('name', 'ilike', None)]",
    "[('name', '=', 'a\\0b')]",
    "[('name', 'in', 'abc')]",
    "[('name', 'in', 5)]",
    "[('name', 'child_of', 5)]",
    "[('expected_revenue', '>', 'much')]",
    "[('expected_revenue', '>', 1e300)]",
    "[('expected_revenue', '>', -1e999)]",
    "[('expected_revenue', 'ilike', '5')]",
    "[('expected_revenue', '>', [1])]",
    "[('expected_revenue', '>', {})]",
    "[('expected_revenue', 'in', [1, 'x'])]",
    "[('probability', '=', True)]",
    "[('color', '=', 99999999999999999999)]",
    "[('id', '=', 'x')]",
    "[('date_deadline', '>', 'soon')]",
    "[('date_deadline', '>', '2026-02-31')]",
    "[('date_deadline', '>', '0001-01-01')]",
    "[('date_deadline', '>', '9999-12-31')]",
    "[('date_deadline', '>', 5)]",
    "[('date_deadline', 'ilike', '2026')]",
    "[('date_deadline.month_number', '=', 'x')]",
    "[('create_date', '>', 'never')]",
    "[('create_date', '>', True)]",
    "[('active', '=', 'yes')]",
    "[('active', '>', 1)]",
    "[('need_fit', '=', 'unheard of')]",
    "[('need_fit', 'in', ['full', 'unheard of'])]",
    "[('type', '=', 5)]",
    "[('stage_id', '=', 'x\\0')]",
    "[('stage_id', '=', 1.5)]",
    "[('stage_id', '>', 1)]",
    "[('stage_id', '=', -1)]",
    "[('stage_id', '=', 99999999999)]",
    "[('stage_id', 'any', 'x')]",
    "[('stage_id', 'any', [('name', '>', 5)])]",
    "[('commission_estimate', '>', 1)]",
    "[('duration_tracking', '=', 1)]",
    "[" * 500 + "]" * 500,
    "[" + "('name', '=', 'x')," * 400 + "]",
    "[('name', '=', __import__('os'))]",
    "[('name', '=', uid)]",
]

#: what people ask
WELL = [
    False,
    "[]",
    "[('need_description', '!=', False)]",
    "[('touchpoint_ids.kind', 'in', ['web_form', 'demo'])]",
    "['|', ('need_fit', '=', 'full'), ('expected_revenue', '>=', 1000)]",
    "[('stage_id.is_won', '=', True)]",
    "[('stage_id', 'in', [1, 2])]",
    "[('stage_id.name', 'ilike', 'won')]",
    "[('partner_id.country_id.code', '=', 'DE')]",
    "[('partner_id.category_id', 'child_of', 1)]",
    "[('partner_id.industry_id.name', '=', 'Energy')]",
    "[('partner_id', 'any', [('is_company', '=', True)])]",
    "[('source_id.name', 'not ilike', 'news')]",
    "[('user_id.name', '=', 'x')]",
    "[('user_id', '=', 2)]",
    "[('marketer_id', '!=', False)]",
    "[('tag_ids', 'ilike', 'x')]",
    "[('team_id', '=', False)]",
    "[('create_date', '>=', '2026-01-01 00:00:00')]",
    "[('date_deadline', '>=', 'today -30d')]",
    "[('date_deadline.month_number', '=', 5)]",
    "[('lang_id.code', '=', 'zh_CN')]",
    "[('company_id', 'child_of', 1)]",
    "['!', ('email_from', '=', False)]",
    "[('active', 'in', [True, False])]",
]


@tagged("post_install", "-at_install", "commission_core")
class TestCondition(CommissionCommon):
    """Conditions ask what they may, and can be asked, before they are stored."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.draft = cls._create_plan(active=False, name="Draft")
        cls.rule = cls.draft.rule_ids[0].with_env(cls._as(cls.officer_hq))
        cls._lead_open(cls.sales_north, 1000, date_deadline="2026-05-04")

    def _write(self, text):
        """Save a condition of a rule as an officer."""
        self.rule.domain = text
        self.rule.flush_recordset()

    def test_no_condition_asks_for_pay_or_private_life(self):
        for row in PRYING:
            path, operator, value = row.split(" ", 2)
            text = f"[('{path}', '{operator}', {value})]"
            with self.subTest(path=path):
                with self.assertRaisesRegex(ValidationError, "cannot ask"):
                    self._write(text)
        for text in NESTED:
            with self.subTest(text=text), self.assertRaises(ValidationError):
                self._write(text)

    def test_nobody_asks_more_than_the_writer_reads(self):
        """What is asked of models the writer has no access to is refused."""
        self.env["ir.model.access"].search(
            [("model_id.model", "=", "crm.tag")]
        ).unlink()
        with self.assertRaisesRegex(ValidationError, "cannot ask"):
            self._write("[('tag_ids.name', '=', 'x')]")
        fields = self.env["hr.commission.condition"].with_env(self._as(self.officer_hq))
        self.assertNotIn("crm.tag", fields.get_askable_fields())

    def test_broken_conditions_are_refused_in_words(self):
        for text in BROKEN:
            with self.subTest(text=text[:80]):
                with self.assertRaises(ValidationError) as caught:
                    self._write(text)
                self.assertNotRegex(
                    str(caught.exception), "Error|Traceback|psycopg|object"
                )

    def test_conditions_people_ask_are_accepted(self):
        for text in WELL:
            with self.subTest(text=text):
                self._write(text)

    def test_every_way_of_writing(self):
        text = "[('user_id.employee_ids.version_ids.wage', '>', 1)]"
        env = self._as(self.officer_hq)
        Plan, rule = env["hr.commission.plan"], {"name": "X", "domain": text}
        draft = Plan.browse(self.draft.id)
        ways = {
            "create": lambda: Plan.create({"name": "X", "qualification_domain": text}),
            "nested": lambda: Plan.create({"name": "X", "rule_ids": [(0, 0, rule)]}),
            "write": lambda: draft.write(
                {"rule_ids": [(1, draft.rule_ids[0].id, rule)]}
            ),
            "default": lambda: Plan.with_context(
                default_qualification_domain=text
            ).create({"name": "X"}),
            "copy": lambda: draft.copy({"qualification_domain": text}),
            "rule": lambda: env["hr.commission.rule"].create(
                {"plan_id": draft.id, **rule}
            ),
        }
        for way, write in ways.items():
            with (
                self.subTest(way=way),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                write()
                env.flush_all()
        loaded = Plan.load(["name", "qualification_domain"], [["X", text]])
        self.assertFalse(loaded["ids"])
        self.assertIn("cannot ask", loaded["messages"][0]["message"])

    def _store(self, text):
        """Store a condition as if it had been there before."""
        self.env.cr.execute(
            "UPDATE hr_commission_rule SET domain = %s WHERE plan_id = %s",
            [text, self.draft.id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def test_stored_before_it_is_refused_at_activation_and_never_asked(self):
        self._store("[('user_id.employee_ids.version_ids.wage', '>', 1)]")
        plan = self.draft.with_env(self._as(self.officer_hq))
        plan.date_start = "2030-01-01"
        self.assertIn("cannot ask", plan.check_errors)
        with self.assertRaisesRegex(UserError, "cannot ask"):
            plan.action_activate()
        lead = self._lead_won(self.sales_north, 1000, "2026-05-04")
        simulation = plan.env["hr.commission.simulation"].create(
            {
                "name": "Guess the wage",
                "company_id": self.hq.id,
                "plan_ids": [(6, 0, plan.ids)],
                "date_from": "2026-05-01",
                "date_to": "2026-05-31",
            }
        )
        with self.assertRaisesRegex(UserError, "cannot ask"):
            simulation.action_run()
        self.assertTrue(self._lines(lead))

    def test_a_bad_condition_stops_its_own_events_only(self):
        """Events say why; leads are saved, estimated and qualified all the same."""
        self.env.cr.execute(
            "UPDATE hr_commission_rule SET domain = %s WHERE id = %s",
            ["[('user_id.password', 'ilike', 'x')]", self.rules["SAL_OWN"].id],
        )
        self.env.cr.execute(
            "UPDATE hr_commission_plan SET qualification_domain = '[' WHERE id = %s",
            [self.plan.id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        with self.assertLogs("odoo.addons.hr_sales_commission"):
            lead = self._lead_won(self.sales_north, 1000, "2026-05-04")
            self.env["crm.lead"]._cron_update_qualification()
            still_open = self._lead_open(self.sales_north, 500)
        event = self._events(lead)
        self.assertEqual(event.state, "error")
        self.assertIn("cannot ask “user_id.password”", event.error)
        self.assertEqual(lead.unqualified_reason[:8], "The plan")
        as_seller = still_open.with_env(self._as(self.sales_north))
        self.assertEqual(as_seller.commission_estimate, 0)
