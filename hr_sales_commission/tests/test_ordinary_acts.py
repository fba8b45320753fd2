# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What people do every day goes on beside sealed facts; refusals say what to do."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .cast import LEADERS
from .test_attack_approval import AttackCommon


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-06-20 12:00:00")
class TestOrdinaryActs(AttackCommon):
    """Acts of human resources, sales managers and administrators on people of a deal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hr = cls._create_person(
            "hr", cls.hq, cls.branches, groups="hr.group_hr_manager"
        )
        cls.sales_manager = cls._create_person(
            "sales_manager",
            cls.north,
            groups="base.group_partner_manager,sales_team.group_sale_manager",
        )
        cls.system = cls._create_person(
            "system",
            cls.hq,
            cls.branches,
            groups=f"base.group_system,hr.group_hr_manager,{LEADERS}",
        )
        cls.customer = cls.env["res.partner"].create({"name": "C", "email": "c@c.test"})
        cls.team = cls.env["crm.team"].create(
            {"name": "T", "company_id": cls.north.id, "user_id": False}
        )
        cls.department = cls.env["hr.department"].create(
            {"name": "D", "company_id": cls.north.id}
        )
        cls.sales_north.department_id = cls.department
        cls.deal.write({"partner_id": cls.customer.id, "team_id": cls.team.id})
        cls.open_deal = cls._lead_open(cls.sales_north, 5)

    def _amounts(self):
        self._process()
        return sorted(
            (line.employee_id.id, line.amount)
            for line in self.env["hr.commission.line"].search([])
        )

    def _acts(self):
        """Return (who, record, method, arguments) by what is done."""
        write, leaver = "write", self.sales_north
        seller, meeting = self.sales_manager, self.env["calendar.event"]
        at_ten = {"start": "2026-06-21 10:00:00", "stop": "2026-06-21 11:00:00"}
        return {
            "leaver archived": (self.hr, leaver, write, {"active": False}),
            "leaver's login gone": (self.hr, leaver, write, {"user_id": False}),
            "login archived": (self.system, leaver.user_id, write, {"active": False}),
            "forgotten": (self.hr, leaver, write, {"name": "X", "work_email": False}),
            "another manager": (
                self.hr,
                leaver,
                write,
                {"parent_id": self.manager_north.id, "department_id": False},
            ),
            "department gone": (self.hr, self.department, "unlink"),
            "customer archived": (seller, self.customer, write, {"active": False}),
            "customer forgotten": (
                seller,
                self.customer,
                write,
                {"name": "Pseudonym", "email": False},
            ),
            "team archived": (seller, self.team, write, {"active": False}),
            "team gone": (seller, self.team, "unlink"),
            "deal archived": (seller, self.deal, write, {"active": False}),
            "deal handed on": (
                seller,
                self.deal,
                write,
                {"user_id": seller.user_id.id},
            ),
            "deal of no team": (seller, self.deal, write, {"team_id": False}),
            "deal copied": (seller, self.deal, "copy"),
            "lead gone": (seller, self.open_deal, "unlink"),
            "lead lost": (seller, self.open_deal, "action_set_lost"),
            "a note": (seller, self.deal, "message_post"),
            "a meeting": (
                seller,
                meeting,
                "create",
                {"name": "M", "opportunity_id": self.deal.id, **at_ten},
            ),
            "branch renamed": (self.system, self.north, write, {"name": "N"}),
        }

    def test_they_go_on(self):
        """None is refused, and none changes what anybody earns."""
        before = self._amounts()
        for label, (person, record, method, *arguments) in self._acts().items():
            with self.subTest(label), self.env.cr.savepoint() as savepoint:
                getattr(self._by(person, record), method)(*arguments)
                self.env.flush_all()
                self.assertEqual(self._amounts(), before)
                savepoint.rollback()
                self.env.invalidate_all()

    @mute_logger("odoo.sql_db", "odoo.models.unlink")
    def test_two_customers_become_one(self):
        before = self._amounts()
        twin = self.customer.copy()
        wizard = self._by(self.system, self.env["base.partner.merge.automatic.wizard"])
        wizard.create(
            {
                "state": "selection",
                "partner_ids": [Command.set((self.customer | twin).ids)],
                "dst_partner_id": twin.id,
            }
        ).action_merge()
        self.assertFalse(self.customer.exists())
        self.assertEqual(self.deal.partner_id, twin)
        self.assertEqual(self._amounts(), before)

    def test_refusals_say_what_to_do(self):
        refused = (
            (self.hr, self.sales_north, "unlink", "Archive the employee instead"),
            (self.sales_manager, self.deal, "unlink", "Archive it instead"),
            (self.sales_manager, self.deal, "action_set_lost", "another stage first"),
        )
        for person, record, method, words in refused:
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                getattr(self._by(person, record), method)()
        nobody = self._by(self.hr, self.env["hr.employee"]).create({"name": "Typo"})
        nobody.unlink()
        self.assertFalse(nobody.exists())
