# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import datetime, timedelta

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common import CommissionCommon

OTHERS_AMOUNT = 4321.0  # what the colleague's deal pays; must show up nowhere


class LeakCommon(CommissionCommon):
    """sales_south looks for what sales_north earns; a shared deal pays both sides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spy = cls.sales_south
        cls.deal = cls._lead_won(cls.sales_north, 20 * OTHERS_AMOUNT, "2026-05-04")
        cls.line = cls._lines(cls.deal)
        assert cls.line.amount == OTHERS_AMOUNT
        # marketer of headquarters and salesperson of South: each sees one side
        cls.shared = cls._lead_won(
            cls.sales_south, 1000, "2026-05-04", source="marketing"
        )
        cls.statement = cls.env["hr.commission.statement"].create(
            {
                "employee_id": cls.sales_north.id,
                "company_id": cls.north.id,
                "date_from": "2026-05-01",
                "date_to": "2026-05-31",
                "earned": OTHERS_AMOUNT,
            }
        )
        cls.plan_north = cls._create_plan(
            {"Own": {"rate": 7}}, active=False, company_id=cls.north.id, name="North"
        )
        cls.plan_hq = cls._create_plan({"Own": {"rate": 8}}, active=False, name="HQ 2")


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-05-20 12:00:00")
class TestReadLeaks(LeakCommon):
    def setUp(self):
        super().setUp()
        self.env = self._as(self.spy)
        self.Line = self.env["hr.commission.line"]
        self.stolen = self.Line.browse(self.line.id)

    # ------------------------------------------------------------------
    # The models themselves
    # ------------------------------------------------------------------

    def test_read_by_guessed_id(self):
        for name in ("amount", "explanation", "display_name", "trace", "base"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                self.stolen.read([name])

    def test_whom_one_manages_now(self):
        """Record rules hold who is below whom until somebody gets another manager."""
        boss = self._as(self.team_manager)
        line = boss["hr.commission.line"].browse(self.line.id)
        mine = [("id", "=", line.id)]
        # only of people below: what the branch's members see of it is another rule's
        self.assertEqual(line.search(mine), line)
        below = boss.user._get_commission_people_below
        self.assertIn(self.sales_north.id, below())
        top = self.team_manager.sudo().parent_id.user_id
        self.assertIn(self.sales_north.id, top._get_commission_people_below())
        self.sales_north.sudo().parent_id = self.marketer
        self.assertNotIn(self.sales_north.id, below())
        self.assertFalse(line.search(mine))

    def test_attribute_of_a_guessed_record(self):
        with self.assertRaises(AccessError):
            _amount = self.stolen.amount

    def test_web_read(self):
        with self.assertRaises(AccessError):
            self.stolen.web_read({"amount": {}})

    def test_a_linked_record_tells_no_name(self):
        """Neither a saved nor an unsaved lead says who a guessed contact is."""
        secret = self.env["res.partner"].sudo()  # sudo: of another branch
        given = {
            "referrer_id": secret.create(
                {"name": "Secret", "company_id": self.north.id}
            ).id
        }
        Lead = self.env["crm.lead"]
        mine = Lead.create({"name": "Mine"})
        spec = {"referrer_id": {"fields": {"display_name": {}}}}
        for label, attempt in {
            "form": lambda: Lead.onchange(given, [], spec),
            "default": lambda: Lead.with_context(
                default_referrer_id=given["referrer_id"]
            ).onchange({}, [], spec),
            "create": lambda: Lead.create({"name": "Its", **given}),
            "save": lambda: mine.web_save(given, spec),
        }.items():
            with self.subTest(label), self.assertRaises(AccessError):
                attempt()

    def test_search_by_name(self):
        names = self.Line.name_search(self.deal.name)
        self.assertNotIn(self.line.id, [line_id for line_id, _name in names])

    def test_totals_of_groups(self):
        for groupby in ([], ["employee_id"], ["company_id"], ["date:month"]):
            with self.subTest(groupby=groupby):
                groups = self.Line.formatted_read_group([], groupby, ["amount:sum"])
                self.assertEqual(sum(group["amount:sum"] for group in groups), 40)

    def test_old_totals_of_groups(self):
        ((total, maximum),) = self.Line._read_group(
            [], [], ["amount:sum", "amount:max"]
        )
        self.assertEqual((total, maximum), (40, 30))

    def test_groups_of_everybody(self):
        groups = self.Line.web_read_group([], ["employee_id"], ["amount:sum"])
        self.assertEqual(groups["length"], 1)

    def test_search_on_an_amount(self):
        self.assertFalse(self.Line.search_count([("amount", "=", OTHERS_AMOUNT)]))
        self.assertFalse(
            self.env["hr.commission.credit"].search_count(
                [("amount", "=", 20 * OTHERS_AMOUNT)]
            )
        )

    def test_order_by_an_amount_of_others(self):
        lines = self.Line.search([], order="amount desc")
        self.assertEqual(lines.employee_id.ids, self.spy.ids)

    def test_export(self):
        self.env.user.sudo().group_ids += self.env.ref("base.group_allow_export")
        with self.assertRaises(AccessError):
            self.stolen.export_data(["amount"])
        rows = self.Line.search([]).export_data(["employee_id/name"])["datas"]
        self.assertEqual({name for (name,) in rows}, {self.spy.name})

    def test_export_without_the_right_to_export(self):
        with self.assertRaises(UserError):
            self.Line.search([]).export_data(["amount"])

    def test_companies_that_are_not_allowed(self):
        line = self.stolen.with_context(
            allowed_company_ids=[self.south.id, self.north.id]
        )
        with self.assertRaises(AccessError):
            line.search([])
            self.assertTrue(line.env.companies)

    def test_copy_of_a_line(self):
        with self.assertRaises(AccessError):
            self.stolen.copy()

    def test_queue_and_events(self):
        for model in ("hr.commission.event", "hr.commission.queue"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].search([])

    def test_explanation_of_somebody_elses_deal(self):
        with self.assertRaises(AccessError):
            self.env["hr.commission.explanation"].create({"lead_id": self.deal.id})

    def test_explanation_of_a_shared_deal_shows_one_side(self):
        wizard = self.env["hr.commission.explanation"].create(
            {"lead_id": self.shared.id}
        )
        text = html.fromstring(f"<div>{wizard.explanation}</div>").text_content()
        self.assertIn(self.spy.name, text)
        self.assertNotIn(self.marketer.name, text)

    def test_explanations_of_others(self):
        others = self._as(self.sales_north)["hr.commission.explanation"].create(
            {"lead_id": self.deal.id}
        )
        others.env.flush_all()
        with self.assertRaises(AccessError):
            self._as(self.spy)["hr.commission.explanation"].browse(others.id).read()

    # ------------------------------------------------------------------
    # Around a deal
    # ------------------------------------------------------------------

    def _shared_deal(self, employee):
        env = self._as(employee)
        return env["crm.lead"].browse(self.shared.id)

    def test_lines_of_a_shared_deal(self):
        lead = self._shared_deal(self.spy)
        self.assertEqual(lead.commission_line_ids.employee_id.ids, self.spy.ids)

    def test_smart_button_of_a_shared_deal_counts_own_lines(self):
        self.assertEqual(self._shared_deal(self.spy).commission_line_count, 2)
        self.assertEqual(self._shared_deal(self.officer_hq).commission_line_count, 3)

    def test_smart_button_of_a_shared_deal_opens_own_lines(self):
        action = self._shared_deal(self.spy).action_view_commissions()
        lines = self.Line.search(list(action["domain"]))
        self.assertEqual(lines.employee_id.ids, self.spy.ids)

    def test_lines_of_a_deal_through_read_specification(self):
        lead = self._shared_deal(self.spy)
        (values,) = lead.web_read(
            {"commission_line_ids": {"fields": {"amount": {}, "employee_id": {}}}}
        )
        self.assertEqual(
            {line["employee_id"] for line in values["commission_line_ids"]},
            {self.spy.id},
        )

    def test_estimate_is_the_readers_own(self):
        lead = self._lead_open(self.sales_north, 1000, company_id=False)
        lead = self._as(self.officer_hq)["crm.lead"].browse(lead.id)
        self.assertEqual(lead.commission_estimate, 0)

    def test_search_of_deals_by_amount_of_hidden_lines(self):
        Lead = self.env["crm.lead"]
        for domain in (
            [("commission_line_ids.amount", "=", 20.0)],
            [("commission_line_ids", "any", [("amount", "=", 20.0)])],
            [("commission_line_ids.employee_id", "=", self.marketer.id)],
        ):
            with self.subTest(domain=domain):
                self.assertFalse(Lead.search(domain))
        self.assertTrue(Lead.search([("commission_line_ids.amount", "=", 30.0)]))

    def test_export_of_lines_through_the_deal(self):
        self.env.user.sudo().group_ids += self.env.ref("base.group_allow_export")
        lead = self._shared_deal(self.spy)
        rows = lead.export_data(
            ["commission_line_ids/employee_id/name", "commission_line_ids/amount"]
        )["datas"]
        self.assertEqual({name for name, _amount in rows}, {self.spy.name})

    def test_shares_of_hidden_deals(self):
        self.deal.commission_share_ids = [
            Command.create({"employee_id": self.sales_north.id})
        ]
        spy = self._as(self.spy)
        self.assertFalse(spy["crm.lead.share"].search([]))

    # ------------------------------------------------------------------
    # Around an employee, a plan, a company
    # ------------------------------------------------------------------

    def test_lines_of_an_employee(self):
        employee = self.env["hr.employee"].browse(self.sales_north.id)
        for name in (
            "commission_line_ids",
            "commission_line_count",
            "commission_plan_id",
            "commission_target_ids",
            "commission_role",
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                employee.read([name])

    def test_name_of_an_employee_is_still_readable(self):
        colleague = self._as(self.spy)["hr.employee"].browse(self.area_manager.id)
        self.assertEqual(colleague.name, self.area_manager.name)

    def test_search_of_employees_by_their_lines(self):
        domain = [("commission_line_ids.amount", "=", OTHERS_AMOUNT)]
        for model in ("hr.employee", "hr.employee.public"):
            with self.subTest(model=model), self.assertRaises(ValueError):
                self.env[model].search(domain)

    def test_human_resources_see_no_commissions_of_others(self):
        user = self.area_manager.user_id
        user.group_ids = [
            Command.set(
                [
                    self.env.ref("base.group_user").id,
                    self.env.ref("hr.group_hr_user").id,
                ]
            )
        ]
        employee = self._as(self.area_manager)["hr.employee"].browse(self.spy.id)
        self.assertFalse(employee.commission_line_ids)
        self.assertEqual(employee.commission_line_count, 0)

    def test_personal_plans_of_others(self):
        plan = self._create_plan(
            {"Own": {"rate": 9}}, company_id=self.south.id, is_personal=True
        )
        spy = self._as(self.spy)
        for record in (plan, plan.rule_ids):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_env(spy).read(["name"])
        officer = self._as(self.officer_hq, self.south)
        self.assertEqual(plan.with_env(officer).name, plan.name)

    def test_lock_date_of_the_company(self):
        company = self.env["res.company"].browse(self.south.id)
        with self.assertRaises(AccessError):
            company.read(["commission_lock_date"])

    def test_targets_of_others(self):
        self.env(su=True)["hr.commission.target"].create(
            {
                "employee_id": self.sales_north.id,
                "company_id": self.north.id,
                "date_from": "2026-05-01",
                "amount": 1000,
            }
        )
        self.assertFalse(self._as(self.spy)["hr.commission.target"].search([]))

    # ------------------------------------------------------------------
    # Statements, boards, chatter, messages
    # ------------------------------------------------------------------

    def test_statement_of_somebody_else(self):
        statement = self.statement.with_env(self._as(self.spy))
        for method, arguments in (
            ("read", {"fields": ["earned"]}),
            ("message_post", {"body": "Hello"}),
            ("action_acknowledge", {}),
            ("activity_schedule", {"summary": "x"}),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(statement, method)(**arguments)

    def test_nobody_follows_somebody_elses_statement(self):
        partner = self.spy.user_id.partner_id
        self.statement.with_env(self._as(self.spy)).message_subscribe(partner.ids)
        self.assertNotIn(partner, self.statement.message_partner_ids)

    def test_chatter_of_somebody_elses_statement(self):
        self.statement.message_post(body=f"You earned {OTHERS_AMOUNT}")
        messages = self._as(self.spy)["mail.message"].search(
            [("model", "=", "hr.commission.statement")]
        )
        self.assertNotIn(self.statement.id, messages.mapped("res_id"))

    def test_attachment_of_somebody_elses_statement(self):
        attachment = self.statement.env["ir.attachment"].create(
            {
                "name": "statement.pdf",
                "raw": b"4321",
                "res_model": "hr.commission.statement",
                "res_id": self.statement.id,
            }
        )
        attachment = attachment.with_env(self._as(self.spy))
        with self.assertRaises(AccessError):
            attachment.read(["raw"])
        self.assertFalse(attachment.search([("id", "=", attachment.id)]))

    def test_my_board_is_mine(self):
        board = self._as(self.spy)["hr.commission.board"].get_my_board(
            "2026-05-01", "2026-05-31"
        )
        self.assertEqual(sum(t["amount"] for t in board["totals"].values()), 40)
        self.assertNotIn(str(OTHERS_AMOUNT), str(board))

    def test_board_of_the_management_counts_what_the_reader_sees(self):
        Board = self._as(self.spy)["hr.commission.board"]
        board = Board.get_management_board("2026-05-01", "2026-05-31")
        self.assertEqual(board["current"]["commission"], 40)
        Board = self._as(self.manager_south)["hr.commission.board"]
        board = Board.get_management_board("2026-05-01", "2026-05-31")
        self.assertEqual(board["current"]["commission"], 40)
        Board = self._as(self.officer_hq)["hr.commission.board"]
        board = Board.get_management_board("2026-05-01", "2026-05-31")
        self.assertEqual(board["current"]["commission"], OTHERS_AMOUNT + 60)

    def test_message_of_a_refusal_names_no_money(self):
        for access in (
            lambda: self.stolen.read(["amount"]),
            lambda: self.stolen.action_approve(),
            lambda: self.stolen.write({"note": "x"}),
            lambda: self.stolen.action_mark_paid(),
        ):
            with self.assertRaises(UserError) as refused:
                access()
            text = str(refused.exception)
            self.assertNotIn("4321", text.replace(",", ""))
            self.assertNotIn("SAL_OWN", text)
            self.assertNotIn(self.deal.name, text)


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-05-20 12:00:00")
class TestWriteLeaks(LeakCommon):
    """Nobody reaches into another company, nor pays themselves."""

    def _officer(self, record):
        return record.with_env(self._as(self.officer_north))

    def test_officer_of_a_branch_leaves_headquarters_plan_alone(self):
        for access in (
            lambda: self._officer(self.plan_hq).write({"name": "Mine"}),
            lambda: self._officer(self.plan_hq).action_activate(),
            lambda: self._officer(self.plan).action_close(),
            lambda: self._officer(self.plan).action_change(),
            lambda: self._officer(self.plan_hq).unlink(),
            lambda: self._officer(self.plan_hq.rule_ids).write({"rate": 99}),
            lambda: self._officer(self.plan_hq.rule_ids).unlink(),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                access()

    def test_plan_of_a_branch_never_becomes_headquarters(self):
        for company in (self.hq, self.south):
            with self.assertRaises(UserError), self.cr.savepoint():
                self._officer(self.plan_north).write({"company_id": company.id})
        self.assertEqual(self.plan_north.company_id, self.north)

    def test_plan_is_not_created_elsewhere(self):
        Plan = self._as(self.officer_north)["hr.commission.plan"]
        for company in (self.hq, self.south, self.hq.browse()):
            with self.assertRaises(AccessError), self.cr.savepoint():
                Plan.create({"name": "Elsewhere", "company_id": company.id})

    def test_rule_does_not_slip_into_another_plan(self):
        rule = self._officer(self.plan_north.rule_ids)
        Rule = rule.browse()
        for access in (
            lambda: rule.write({"plan_id": self.plan_hq.id}),
            lambda: Rule.create({"name": "x", "plan_id": self.plan_hq.id, "rate": 9}),
            lambda: rule.copy({"plan_id": self.plan_hq.id}),
            lambda: self._officer(self.plan_hq).write(
                {"rule_ids": [Command.create({"name": "x", "rate": 9})]}
            ),
            lambda: self._officer(self.plan_hq).write(
                {"rule_ids": [Command.link(rule.id)]}
            ),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                access()
        self.env.invalidate_all()
        self.assertEqual(len(self.plan_hq.rule_ids), 1)

    def test_tier_does_not_slip_into_another_plan(self):
        tier = self._as(self.officer_north)["hr.commission.tier"].create(
            {"rule_id": self.plan_north.rule_ids.id, "rate": 1}
        )
        for access in (
            lambda: tier.write({"rule_id": self.plan_hq.rule_ids.id}),
            lambda: tier.create({"rule_id": self.plan_hq.rule_ids.id, "rate": 1}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                access()
        self.env.invalidate_all()
        self.assertFalse(self.plan_hq.rule_ids.tier_ids)

    def test_next_version_of_headquarters_plan(self):
        plan = self._officer(self.plan_north)
        with self.assertRaises(UserError), self.cr.savepoint():
            plan.write({"previous_id": self.plan.id})
            plan.action_activate()
        self.env.invalidate_all()
        self.assertEqual(self.plan.state, "active")

    def test_manual_line_does_not_change_company(self):
        line = self._as(self.officer_north)["hr.commission.line"].create(
            {
                "employee_id": self.sales_north.id,
                "company_id": self.north.id,
                "kind": "manual",
                "date": "2026-05-20",
                "amount": 10,
                "note": "Reason",
            }
        )
        with self.assertRaises(AccessError), self.cr.savepoint():
            line.write({"company_id": self.south.id})
        with self.assertRaises(UserError), self.cr.savepoint():
            line.copy({"company_id": self.south.id, "kind": "manual", "note": "x"})

    def test_target_does_not_change_company(self):
        target = self._as(self.officer_north)["hr.commission.target"].create(
            {
                "employee_id": self.sales_north.id,
                "company_id": self.north.id,
                "date_from": "2026-05-01",
                "amount": 1000,
            }
        )
        with self.assertRaises(UserError), self.cr.savepoint():
            target.write(
                {"company_id": self.south.id, "employee_id": self.sales_south.id}
            )

    def test_simulation_and_alert_do_not_change_company(self):
        env = self._as(self.officer_north)
        records = [
            env["hr.commission.simulation"].create(
                {
                    "name": "x",
                    "company_id": self.north.id,
                    "plan_ids": [Command.set(self.plan_north.ids)],
                }
            ),
            env["hr.commission.alert"].create(
                {"name": "x", "company_id": self.north.id, "threshold": 1}
            ),
        ]
        for record in records:
            with self.subTest(model=record._name):
                with self.assertRaises(UserError), self.cr.savepoint():
                    record.write({"company_id": self.south.id})

    def test_line_cannot_pose_as_computed(self):
        Line = self._as(self.officer_north)["hr.commission.line"]
        vals = {
            "employee_id": self.sales_north.id,
            "company_id": self.north.id,
            "kind": "manual",
            "date": "2026-05-20",
            "amount": 10,
            "note": "Reason",
        }
        for extra in (
            {"event_id": self.line.event_id.id, "rule_id": self.line.rule_id.id},
            {"origin_line_id": self.line.id},
            {"credit_id": self.line.credit_id.id},
            {"approver_id": self.officer_hq.user_id.id},
            {"payment_ref": "SLIP/1"},
        ):
            with self.subTest(extra=extra), self.assertRaises(UserError):
                Line.create({**vals, **extra})

    def test_facts_of_a_deal_are_not_for_salespeople(self):
        lead = self.deal.with_env(self._as(self.sales_north))
        for vals in (
            {"date_won": "2026-01-01"},
            {"won_amount": 1e6},
            {"commission_source": "own"},
            {"source_state": "verified"},
            {"marketer_id": self.sales_north.id},
            {"is_qualified": True},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                lead.write(vals)

    def test_shares_are_not_for_salespeople(self):
        lead = self.deal.with_env(self._as(self.sales_north))
        with self.assertRaises(AccessError):
            lead.write(
                {
                    "commission_share_ids": [
                        Command.create({"employee_id": self.sales_north.id})
                    ]
                }
            )

    def test_ledger_is_not_written_by_managers(self):
        for employee in (self.team_manager, self.manager_north):
            env = self._as(employee)
            line = self.line.with_env(env)
            for access in (
                lambda line=line: line.write({"amount": 1}),
                lambda line=line: line.unlink(),
                lambda env=env: (
                    env["hr.commission.credit"].search([]).write({"amount": 1})
                ),
                lambda env=env: env["hr.commission.event"].create({}),
                lambda env=env: self.statement.with_env(env).write({"paid": 1}),
            ):
                with self.assertRaises(UserError):
                    access()

    def test_new_company_of_a_user_counts_at_once(self):
        manager = self.manager_north
        Line = self._as(manager)["hr.commission.line"]
        self.assertFalse(Line.search([("employee_id", "=", self.sales_south.id)]))
        manager.user_id.company_ids += self.south
        Line = self._as(manager)["hr.commission.line"]
        self.assertTrue(Line.search([("employee_id", "=", self.sales_south.id)]))

    def test_new_people_of_a_manager_count_at_once(self):
        env = self._as(self.team_manager)
        self.assertFalse(
            env["hr.commission.line"].search(
                [("employee_id", "=", self.officer_north.id)]
            )
        )
        self._lead_won(self.officer_north, 100, "2026-05-04")
        self.officer_north.parent_id = self.team_manager
        env = self._as(self.team_manager)
        self.assertTrue(
            env["hr.commission.line"].search(
                [("employee_id", "=", self.officer_north.id)]
            )
        )


@tagged("post_install", "-at_install", "commission_long")
class TestRemoteLeaks(LeakCommon, HttpCase):
    """The same doors from outside: JSON-2, XML-RPC, reports, attachments."""

    def _key(self, employee):
        user = employee.user_id
        return (
            self.env["res.users.apikeys"]
            .with_user(user)
            ._generate("rpc", "leaks", datetime.now() + timedelta(days=1))
        )

    def _json2(self, employee, model, method, **arguments):
        return self.url_open(
            f"/json/2/{model}/{method}",
            json=arguments,
            headers={"Authorization": f"bearer {self._key(employee)}"},
        )

    def _xmlrpc(self, employee, model, method, *arguments, **keywords):
        user = employee.user_id
        return self.xmlrpc_object.execute_kw(
            self.cr.dbname,
            user.id,
            self._key(employee),
            model,
            method,
            arguments,
            keywords,
        )

    def test_json2_reads(self):
        rows = self._json2(
            self.spy, "hr.commission.line", "search_read", domain=[], fields=["amount"]
        ).json()
        self.assertEqual(sorted(row["amount"] for row in rows), [10, 30])
        groups = self._json2(
            self.spy,
            "hr.commission.line",
            "formatted_read_group",
            domain=[],
            groupby=["employee_id"],
            aggregates=["amount:sum"],
        ).json()
        self.assertEqual([group["amount:sum"] for group in groups], [40])

    @mute_logger("odoo.http")
    def test_json2_refuses(self):
        for model, method, arguments in (
            ("hr.commission.line", "read", {"ids": self.line.ids}),
            (
                "hr.commission.line",
                "web_read",
                {
                    "ids": self.line.ids,
                    "specification": {"amount": {}},
                },
            ),
            ("hr.commission.line", "action_approve", {"ids": self.line.ids}),
            ("hr.commission.line", "action_mark_paid", {"ids": self.line.ids}),
            ("hr.commission.line", "_payroll_paid", {"ids": self.line.ids}),
            ("hr.commission.line", "_insert_rows", {"rows": []}),
            ("hr.commission.event", "search_read", {"domain": []}),
            ("hr.commission.event", "_process", {}),
            ("hr.commission.event", "_capture", {"facts": []}),
            ("hr.commission.event", "action_retry", {"ids": self.line.event_id.ids}),
            ("hr.commission.statement", "read", {"ids": self.statement.ids}),
            ("hr.commission.statement", "action_approve", {"ids": self.statement.ids}),
            ("crm.lead", "_commission_capture", {"ids": self.deal.ids}),
            ("crm.lead", "_write_facts", {"ids": self.deal.ids, "vals": {}}),
        ):
            with self.subTest(model=model, method=method):
                response = self._json2(self.spy, model, method, **arguments)
                self.assertGreaterEqual(response.status_code, 400)
                self.assertNotIn("4321", response.text.replace(",", ""))

    @mute_logger("odoo.addons.rpc.controllers.xmlrpc")
    def test_xmlrpc_reads(self):
        rows = self._xmlrpc(
            self.spy, "hr.commission.line", "search_read", [], ["amount"]
        )
        self.assertEqual(sorted(row["amount"] for row in rows), [10, 30])

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.xmlrpc")
    def test_xmlrpc_refuses(self):
        for method in ("read", "action_approve", "_payroll_reserve", "unlink"):
            with self.subTest(method=method), self.assertRaises(Exception) as refused:
                self._xmlrpc(self.spy, "hr.commission.line", method, self.line.ids)
            self.assertNotIn("4321", str(refused.exception).replace(",", ""))

    @mute_logger("odoo.http")
    def test_printed_statement(self):
        reports = self.env["ir.actions.report"].search(
            [("model", "=", "hr.commission.statement")]
        )
        self.assertTrue(reports)
        for employee, expected in ((self.spy, False), (self.sales_north, True)):
            login = employee.user_id.login
            self.authenticate(login, login)
            for report in reports:
                with self.subTest(user=login, report=report.report_name):
                    page = self.url_open(
                        f"/report/html/{report.report_name}/{self.statement.id}"
                    )
                    self.assertEqual(page.status_code == 200, expected)
                    self.assertEqual(
                        self.sales_north.name in page.text and expected, expected
                    )

    @mute_logger("odoo.http")
    def test_routes_of_chatter_and_files(self):
        """Of somebody else's statement nothing is read, said, changed or removed."""
        own = self.statement.create(
            {
                "employee_id": self.spy.id,
                "company_id": self.south.id,
                "date_from": "2026-05-01",
                "date_to": "2026-05-31",
            }
        )
        message = self.statement.message_post(
            body="earned 4321", attachments=[("pay.txt", b"4321")]
        )
        file, number = message.attachment_ids, self.statement.id
        thread = {"thread_model": self.statement._name, "thread_id": number}
        report = "hr_sales_commission.hr_commission_statement_report"
        self.authenticate(self.spy.user_id.login, self.spy.user_id.login)
        for url in (
            f"/report/html/{report}/{own.id},{number}",
            f"/report/text/{report}/{number}",
            f"/commission/statement/{own.id},{number}.xlsx",
            f"/web/content/{self.statement._name}/{number}/earned",
            f"/web/content/{file.id}?access_token=x",
            f"/mail/attachment/zip?file_ids={file.id}&zip_name=x",
            f"/mail/message/{message.id}",
            f"/mail/view?model={self.statement._name}&res_id={number}&access_token=x",
        ):
            with self.subTest(url):
                page = self.url_open(url)
                self.assertNotIn(b"4321", page.content)
                self.assertNotIn("spreadsheet", page.headers["Content-Type"])
        said = {"body": "x", "message_type": "comment"}
        for url, params in (
            ("/mail/thread/messages", thread),
            ("/mail/message/post", {**thread, "post_data": said}),
            (
                "/mail/message/update_content",
                {"message_id": message.id, "update_data": {"body": "x"}},
            ),
            (
                "/mail/message/reaction",
                {"message_id": message.id, "content": "x", "action": "add"},
            ),
            ("/mail/attachment/delete", {"attachment_id": file.id}),
            (
                "/mail/thread/subscribe",
                {
                    "res_model": self.statement._name,
                    "res_id": number,
                    "partner_ids": self.spy.user_id.partner_id.ids,
                },
            ),
        ):
            with self.subTest(url):
                answer = self.url_open(url, json={"params": params})
                self.assertNotIn("4321", answer.text)
        self.env.invalidate_all()
        self.assertIn("earned 4321", message.body)
        self.assertFalse(message.reaction_ids)
        self.assertEqual(file.exists().raw, b"4321")
        self.assertEqual(self.statement.message_ids.ids[0], message.id)
        self.assertNotIn(
            self.spy.user_id.partner_id, self.statement.message_partner_ids
        )

    @mute_logger("odoo.http")
    def test_attachment_route(self):
        attachment = self.env["ir.attachment"].create(
            {
                "name": "statement.txt",
                "raw": b"earned 4321",
                "res_model": "hr.commission.statement",
                "res_id": self.statement.id,
            }
        )
        for employee, expected in ((self.spy, False), (self.sales_north, True)):
            login = employee.user_id.login
            self.authenticate(login, login)
            page = self.url_open(f"/web/content/{attachment.id}")
            self.assertEqual(b"4321" in page.content, expected)
