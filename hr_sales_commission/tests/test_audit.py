# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .test_attack_approval import AttackCommon


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-06-20 12:00:00")
class TestAudit(AttackCommon):
    """Acts by hand are on record; what was changed behind Odoo's back is found."""

    def setUp(self):
        super().setUp()
        self.Audit = self.env["hr.commission.audit"]
        self.since = self.Audit.search([], order="id desc", limit=1).id or 0

    def _entries(self, **values):
        domain = [("id", ">", self.since)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.Audit.search(domain, order="id")

    def _verify(self):
        return self._by(
            self.administrator, self.env["crm.touchpoint"]
        ).verify_integrity()

    def _sql(self, query, record):
        """Change a row as somebody does who has the database, guards switched off."""
        self.env.flush_all()
        table = record._table
        self.env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        self.env.cr.execute(query, [record.id])
        self.env.cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        self.env.invalidate_all()

    # ------------------------------------------------------------------
    # The log
    # ------------------------------------------------------------------

    def test_what_money_follows_from_is_logged_old_and_new(self):
        me = self.officer_north
        targets = self._by(me, self.env["hr.commission.target"])
        target = targets.create(
            {"employee_id": self.sales_north.id, "amount": 500}
            | {"date_from": "2026-06-01", "company_id": self.north.id}
        )
        target.amount = 100
        (change,) = self._entries(act="change", field_name="amount")
        self.assertEqual(
            (change.old_value, change.new_value, change.user_id),
            ("500.0", "100.0", me.user_id),
        )
        self.assertFalse(change.is_self_benefit)
        self.assertEqual(change.company_id, self.north)
        line = self._manual(me, amount=501)
        self._by(me, line).write({"note": "Another reason", "date_due": "2026-07-01"})
        self.assertEqual(
            set(self._entries(res_model="hr.commission.line").mapped("field_name")),
            {False, "note", "date_due"},
        )
        self.assertFalse(any(self._entries(res_id=line.id).mapped("is_self_benefit")))
        share = self.shared.commission_share_ids.filtered(
            lambda each: each.employee_id == self.sales_north
        )
        self._by(self.manager_north, share).write({"employee_id": self.team_manager.id})
        (moved,) = self._entries(res_model="crm.lead.share")
        self.assertEqual(
            (moved.field_name, moved.old_value, moved.new_value),
            ("employee_id", "sales_north", "team_manager"),
        )
        self._by(me, self.held_deal).write({"user_id": self.sales_north.user_id.id})
        (lent,) = self._entries(res_model="crm.lead", field_name="user_id")
        self.assertEqual(lent.old_ref, me.user_id.id)

    def test_the_system_itself_is_not_logged(self):
        self.deal.expected_revenue = 7000
        self.deal.won_amount = 7000
        self._process()
        self.assertFalse(self._entries())

    def test_approvals_and_payments_are_logged(self):
        self._by(self.administrator, self.sale).action_approve()
        self._by(self.administrator, self.sale).action_reset_to_draft()
        self._by(self.administrator, self.sale).action_approve()
        self._by(self.officer_hq, self.sale).action_mark_paid()
        self.assertEqual(
            self._entries(res_id=self.sale.id).mapped("act"),
            ["approve", "reset", "approve", "pay"],
        )
        self.assertEqual(set(self._entries().mapped("amount")), {600})

    # ------------------------------------------------------------------
    # Integrity
    # ------------------------------------------------------------------

    def test_every_break_is_named(self):
        override = self._line_of(self.deal, self.manager_north)
        part = self._line_of(self.shared, self.sales_north)
        self._approve(self.sale, override, part)
        self.assertEqual(self._verify(), [])
        forged = self.own
        for query, line in (
            ("UPDATE hr_commission_line SET amount = 9999 WHERE id = %s", self.sale),
            ("UPDATE hr_commission_line SET state = 'draft' WHERE id = %s", override),
            ("DELETE FROM hr_commission_line WHERE id = %s", part),
            ("UPDATE hr_commission_line SET state = 'approved' WHERE id = %s", forged),
        ):
            self._sql(query, line)
        found = self._verify()
        self.assertEqual(
            {each["res_id"]: each["problem"].split()[-1] for each in found},
            {
                self.sale.id: "changed.",
                override.id: "changed.",
                part.id: "deleted.",
                forged.id: "it.",
            },
        )

    def test_figures_of_confirmed_statements_are_sealed(self):
        people = (self.sales_north, self.manager_north, self.officer_north)
        changed, deleted, opened = (self._statement(each) for each in people)
        forged = changed.create(
            {
                "employee_id": self.team_manager.id,
                "company_id": self.north.id,
                "date_from": "2026-05-01",
                "date_to": "2026-05-31",
            }
        )
        self._by(self.administrator, changed + deleted + opened).action_confirm()
        self._by(self.administrator, opened).action_reset_to_draft()
        self.assertEqual(
            [
                (each.act, each.res_id, each.user_id)
                for each in self._entries(res_model=changed._name)
            ],
            [
                ("confirm", statement.id, self.administrator.user_id)
                for statement in changed + deleted + opened
            ]
            + [("unconfirm", opened.id, self.administrator.user_id)],
        )
        self._by(self.administrator, changed).action_approve()
        self.assertEqual(self._verify(), [])
        table = "hr_commission_statement"
        for query, statement in (
            (f"UPDATE {table} SET paid = paid + 1 WHERE id = %s", changed),
            (f"DELETE FROM {table} WHERE id = %s", deleted),
            (f"UPDATE {table} SET state = 'confirmed' WHERE id = %s", opened),
            (f"UPDATE {table} SET state = 'paid' WHERE id = %s", forged),
        ):
            self._sql(query, statement)
        self.assertEqual(
            {
                each["res_id"]: each["problem"].split()[-1]
                for each in self._verify()
                if each["model"] == changed._name
            },
            {
                changed.id: "changed.",
                deleted.id: "deleted.",
                opened.id: "it.",
                forged.id: "it.",
            },
        )

    def test_corrections_are_chained(self):
        first, second, merged = (
            self._correct_credit(lead, {self.team_manager: 100}, env=self.env)
            for lead in (self.deal, self.shared, self.own_deal)
        )
        self.env["hr.commission.event"]._follow_merge(self.own_deal, self.deal)
        found = self._verify()
        self.assertEqual([each["res_id"] for each in found], merged.ids)
        self._sql(
            "UPDATE hr_commission_correction SET reason = 'x' WHERE id = %s", first
        )
        self._sql("DELETE FROM hr_commission_correction WHERE id = %s", second)
        found = self._verify()
        self.assertEqual({each["model"] for each in found}, {first._name})
        self.assertEqual(
            [each["problem"].split()[-1] for each in found],
            ["changed.", "deleted.", "changed."],
        )

    def test_a_forged_entry_hides_no_later_one(self):
        self._approve(self.sale, self._line_of(self.shared, self.sales_north))
        self._approve(self._line_of(self.deal, self.manager_north))
        first, second, third = self._entries(act="approve")
        self._sql("UPDATE hr_commission_audit SET user_ref = 1 WHERE id = %s", first)
        self._sql("UPDATE hr_commission_audit SET amount = 1 WHERE id = %s", third)
        found = self._verify()
        self.assertEqual([each["res_id"] for each in found], [first.id, third.id])
        self.assertEqual({each["model"] for each in found}, {"hr.commission.audit"})
        self.assertNotIn(second.id, [each["res_id"] for each in found])

    def test_what_is_stored_is_hashed(self):
        touches = self._by(self.officer_hq, self.env["crm.touchpoint"])
        vals = {"company_id": self.north.id, "email_normalized": "a@client.test"}
        with self.assertRaises(ValidationError):
            touches.create({**vals, "note": 5})
        made = touches.create({**vals, "note": "5"})
        made += touches.with_context(default_note="by the context").create(vals)
        self.assertEqual(self._verify(), [])
        for touch in made:
            self._sql("UPDATE crm_touchpoint SET note = 'x' WHERE id = %s", touch)
        self.assertEqual([each["res_id"] for each in self._verify()], made.ids)

    # ------------------------------------------------------------------
    # Inspection
    # ------------------------------------------------------------------

    def _findings(self):
        self.env.flush_all()
        self.env.invalidate_all()
        inspection = self._by(self.officer_north, self.env["hr.commission.inspection"])
        return {
            (each.finding, each.record_name)
            for each in inspection.search([])
            if not each.audit_id or each.audit_id.id > self.since
        }

    def test_an_inspector_is_shown_where_to_look(self):
        for number in range(6):
            self._manual(amount=10, note=f"Small {number}")
        self._manual(amount=9000, employee=self.sales_north, note="Huge")
        customer = self.env["res.partner"].create({"name": "Twice"})
        for day in ("2026-05-10", "2026-05-12"):
            self._lead_won(
                self.team_manager, 800, day, name=f"Sale {day}", partner_id=customer.id
            )
        mine = self._manual(self.officer_north, employee=self.officer_north, note="Me")
        self.assertTrue(mine)
        fixed = {"amount_type": "fixed", "amount": 50}
        self._create_plan(
            {"Each": fixed}, company_id=self.north.id, date_start="2026-05-15"
        )
        for part in (700, 500):
            self._lead_won(
                self.team_manager,
                part,
                "2026-05-16",
                name=f"Part {part}",
                partner_id=self.marketer.work_contact_id.id,
            )
        found = self._findings()
        for finding, name in (
            ("large", "Huge"),
            ("duplicate", "Sale 2026-05-10"),
            ("duplicate", "Sale 2026-05-12"),
            ("self_benefit", "Me"),
            ("by_hand", "Huge"),
            ("split", "Part 700"),
            ("split", "Part 500"),
        ):
            with self.subTest(finding=finding, name=name):
                self.assertIn((finding, name), found)
        self.assertNotIn(("large", "Small 1"), found)
        self.assertNotIn(("split", "Sale 2026-05-10"), found)
        row = self.env["hr.commission.inspection"].search(
            [("finding", "=", "large")], limit=1
        )
        action = row.action_open()
        self.assertEqual(action["res_model"], "hr.commission.line")
