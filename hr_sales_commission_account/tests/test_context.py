# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import fields
from odoo.tests import tagged

from .common import CommissionAccountCommon

EVENTS = ("order_confirmed", "invoice_posted", "payment_received")


@tagged("post_install", "-at_install")
class TestContext(CommissionAccountCommon):
    """What somebody who sells says in the context of a call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller.user_id.group_ids += cls.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        cls._make_plan({"event_type": "order_confirmed", "rate": 10})

    def _by_seller(self, record, **context):
        self.env.flush_all()
        self.env.invalidate_all()
        return record.with_user(self.seller.user_id).with_context(**context)

    def test_no_part_of_an_order_is_left_out(self):
        for scopes in ({}, dict.fromkeys(EVENTS, []), {"x": [1]}, 5, "x", [[]]):
            with self.subTest(scopes=scopes):
                order = self._order(1000, confirm=False)
                given = self._by_seller(
                    order, commission_scopes=scopes, active_test=False
                )
                given.action_confirm()
                self.env["hr.commission.event"]._process()
                events = self.env["hr.commission.event"].search(
                    [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
                )
                self.assertEqual(events.mapped("amount"), [1000])
                given._action_cancel()
                self.env["hr.commission.event"]._process()
                self.assertTrue(events.date_reversed)

    def test_another_salesperson_is_tracked_whatever_is_said(self):
        order = self._order(1000)
        former = self._create_person("former").user_id
        order.user_id = former
        self.env.flush_all()
        self.env.cr.precommit.run()
        self._by_seller(order, tracking_disable=True, mail_notrack=True).write(
            {"user_id": self.seller.user_id.id}
        )
        self.env.flush_all()
        self.env.cr.precommit.run()
        tracked = (
            self.env["mail.tracking.value"]
            .sudo()
            .search(
                [
                    ("mail_message_id.model", "=", "sale.order"),
                    ("mail_message_id.res_id", "=", order.id),
                    ("old_value_integer", "=", former.id),
                ]
            )
        )
        self.assertEqual(tracked.new_value_integer, self.seller.user_id.id)
        entry = (
            self.env["hr.commission.audit"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "sale.order"),
                    ("res_id", "=", order.id),
                    ("field_name", "=", "user_id"),
                    ("old_ref", "=", former.id),
                ]
            )
        )
        self.assertEqual(len(entry), 1)
        self.assertLess(entry.date, fields.Datetime.add(fields.Datetime.now(), days=1))
