# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What a caller says in the context: nothing that the system goes by."""

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .test_attack_approval import AttackCommon

#: what code of Odoo and of ours looks for in the context, as any caller can give it
GIVEN = {
    "_force_unlink": True,
    "active_test": False,
    "tracking_disable": True,
    "mail_notrack": True,
    "mail_create_nolog": True,
    "import_file": True,
    "install_mode": True,
    "module": "hr_sales_commission",
    "noupdate": True,
    "commission_in_sets": True,
    "commission_new_leads": True,
    "commission_scopes": {},
    "commission_costs": True,
    "commission_by_hand": False,
    "commission_same_name": True,
    "commission_import_screen": True,
    "commission_history": True,
    "commission_notice": True,
    "commission_undo": True,
    "commission_confirm": True,
    "commission_refund": True,
    "default_state": "paid",
    "default_amount": 90000,
    "default_share": 1,
    "default_company_id": 1,
    "su": True,
    "uid": 1,
}


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-06-20 12:00:00")
class TestAttackContext(AttackCommon):
    def _given(self, person, record):
        return self._by(person, record).with_context(**GIVEN)

    def test_nothing_on_record_is_let_go(self):
        """Everything with a guard against deletion, as if it were uninstalled."""
        dispute = self.env["hr.commission.dispute"].create(
            {
                "kind": "source",
                "lead_id": self.held_deal.id,
                "claimed_source": "own",
                "reason": "Mine",
                "user_id": self.first_login.id,
            }
        )
        statement = self._statement(self.sales_north, "approved")
        manual = self._manual()
        self._approve(manual)
        self._correct_credit(
            self.deal, {self.sales_north: 50, self.team_manager: 50}, env=self.env
        )
        self._process()
        for record in (
            self.deal,
            self.held_deal,
            dispute,
            statement,
            manual,
            self.sale,
            self.env["hr.commission.audit"].search([], limit=1),
            self.env["hr.commission.person"].search([], limit=1),
            self.env["hr.commission.correction"].search([], limit=1),
            self.env["crm.touchpoint"].search([], limit=1),
            self.env["hr.commission.role"].search([], limit=1),
            self.plan.search([("state", "=", "active")], limit=1).rule_ids[:1],
            self.plan.search([("state", "=", "active")], limit=1),
        ):
            self.assertTrue(record)
            guards = [guard.__module__ for guard in record._ondelete_methods]
            self.assertTrue(any("hr_sales_commission" in name for name in guards))
            for person in (self.sales_north, self.officer_hq):
                with self.subTest(by=person.name, record=record._name):
                    before = self._ledger()
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        self._given(person, record).unlink()
                    self.env.invalidate_all()
                    self.assertTrue(record.exists())
                    self.assertEqual(self._ledger(), before)

    def test_a_won_deal_pays_the_same(self):
        """Winning, computing again and losing, with all that a caller can say."""
        seller = self.sales_north
        given = self._lead_open(seller, 5000, name="Given")
        plain = self._lead_open(seller, 5000, name="Plain")
        self._given(seller, given).write({"stage_id": self.stage_won.id})
        self._by(seller, plain).write({"stage_id": self.stage_won.id})
        self._flush_commit()
        self._process()
        self.assertEqual(self._amounts(given), self._amounts(plain))
        self.assertTrue(self._amounts(given))
        self._given(self.officer_hq, self._events(given)).action_retry()
        self.assertEqual(self._amounts(given), self._amounts(plain))
        for lead, by in ((given, self._given), (plain, self._by)):
            by(seller, lead).write({"stage_id": self.stage_new.id})
        self._flush_commit()
        self._process()
        self.assertEqual(self._amounts(given), self._amounts(plain))

    def _amounts(self, lead):
        lines = self._lines(lead).filtered(lambda line: line.state != "cancelled")
        return sorted((line.employee_id.id, line.amount, line.state) for line in lines)

    def _flush_commit(self):
        """Run what waits for the commit, which a test never makes."""
        self.env.flush_all()
        self.env.cr.precommit.run()

    def test_acts_are_on_record_all_the_same(self):
        audit = self.env["hr.commission.audit"]
        count = audit.search_count([])
        self._given(self.officer_hq, self.sale.browse()).create(
            {
                "employee_id": self.sales_north.id,
                "company_id": self.north.id,
                "date": "2026-05-20",
                "amount": 5,
                "note": "x",
            }
        )
        self._flush_commit()
        self.assertGreaterEqual(audit.search_count([]), count + 1)
        line = self.env["hr.commission.line"].search([], limit=1, order="id desc")
        self.assertEqual((line.amount, line.maker_id), (5, self.officer_hq.user_id))

    def test_own_money_stays_out_of_reach(self):
        own, me = self.own, self.officer_north
        for act in ("action_approve", "action_mark_paid", "action_cancel"):
            with self.subTest(act=act), self.assertRaises(UserError):
                getattr(self._given(me, own), act)()
        with self.assertRaises(UserError):
            self._given(self.sales_north, self.sale).write({"amount": 90000})
        self.assertEqual(own.state, "draft")
