# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CommissionAccountCommon


@tagged("post_install", "-at_install")
class TestIdentity(CommissionAccountCommon):
    """Whose customer it is, is asked again when somebody orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rival = cls._create_person("identity_rival", role="marketing")
        cls.known = cls.env["res.partner"].create(
            {"name": "Known Buyer", "is_company": True, "email": "k@known.test"}
        )
        cls._make_plan({"commission_source": "own", "rate": 10})

    def _own_lead(self, partner):
        lead = self.env["crm.lead"].with_user(self.seller.user_id)
        lead = lead.create(
            {
                "name": "Own",
                "type": "opportunity",
                "partner_id": partner.id,
                "expected_revenue": 1000,
            }
        )
        lead = lead.with_env(self.env)
        lead.source_state = "verified"
        return lead

    def _met(self, partner):
        self.env["crm.touchpoint"].create(
            {
                "kind": "event",
                "date": fields.Datetime.now() - timedelta(days=5),
                "partner_id": partner.id,
                "employee_id": self.rival.id,
                "company_id": self.company.id,
            }
        )

    def _sign(self, lead, address, device, colleague=None):
        """Sign an order of a deal from an address, as its customer's link lets one.

        :param device: address from which the salesperson signs in
        """
        users = self.seller.user_id | (colleague or self.env["res.users"])
        self.env["res.device.log"].sudo().create(
            [
                {
                    "session_identifier": f"s{user.id}",
                    "ip_address": device,
                    "user_id": user.id,
                    "last_activity": fields.Datetime.now(),
                }
                for user in users
            ]
        )
        order = self._order(1000, lead=lead, confirm=False)
        visitor = self.env(user=self.env.ref("base.public_user").id, su=True)
        where = patch.object(
            type(order), "_get_visitor_address", lambda _order: address
        )
        with where:
            order.with_env(visitor).message_post(
                body="Order signed",
                author_id=order.partner_id.id,
                message_type="comment",
            )
        self.env.flush_all()
        return order

    def test_signed_in_the_place_of_the_customer(self):
        """From the salesperson's own network address it is no proof, and looks odd."""
        colleague = self.rival.user_id
        for address, device, shared_by, is_odd in (
            ("93.184.216.34", "93.184.216.34", None, True),
            ("93.184.216.34", "93.184.216.34", colleague, True),
            ("93.184.216.34", "93.184.216.35", None, False),
            ("192.168.1.5", "192.168.1.5", None, True),
            ("192.168.1.5", "192.168.1.5", colleague, False),  # a proxy
            ("127.0.0.1", "127.0.0.1", None, False),
            ("2001:db9::1", "2001:db9::1", None, True),
            ("nonsense", "nonsense", None, False),
            (None, "93.184.216.34", None, False),
        ):
            with (
                self.subTest(address=address, device=device, shared_by=shared_by),
                self.env.cr.savepoint() as savepoint,
            ):
                lead = self._own_lead(self.customer)
                with mute_logger("odoo.addons.hr_sales_commission_account"):
                    order = self._sign(lead, address, device, shared_by)
                self.assertEqual(order.commission_is_signed_in_house, is_odd)
                self.assertEqual(bool(lead.odd_reason), is_odd)
                self.assertEqual(lead.id in lead._find_own_proofs(), not is_odd)
                savepoint.rollback()
            self.env.invalidate_all(flush=False)

    def test_signed_by_the_salesperson(self):
        """What the salesperson writes, uploads or confirms in the customer's name."""
        picture = (  # a point
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
            "awAAAABJRU5ErkJggg=="
        )
        signed = {"signed_by": "The Buyer", "signed_on": "2026-01-05 10:00:00"}

        def attach(order):
            order.env["ir.attachment"].create(
                {
                    "name": "signed.pdf",
                    "datas": picture,
                    "res_model": "sale.order",
                    "res_id": order.id,
                }
            )

        def speak(order, **vals):
            order.message_post(
                body="Order signed by The Buyer",
                author_id=order.partner_id.id,
                subtype_xmlid="mail.mt_comment",
                **vals,
            )

        for label, act in {
            "signature": lambda order: order.write({"signature": picture, **signed}),
            "saved": lambda order: order.web_save(signed, {}),
            "by default": lambda order: order.with_context(
                default_signed_by="The Buyer"
            ).copy(),
            "attached": attach,
            "said": speak,
            "said by mail": lambda order: speak(order, message_type="email"),
            "said with a file": lambda order: speak(
                order, attachments=[("signed.pdf", b"x")]
            ),
            "written past the thread": lambda order: order.env["mail.message"].create(
                {
                    "model": "sale.order",
                    "res_id": order.id,
                    "message_type": "comment",
                    "author_id": order.partner_id.id,
                    "body": "Signed",
                }
            ),
            "as paid": lambda order: order.write({"require_payment": False}),
            "confirmed": lambda order: order.action_confirm(),
        }.items():
            with self.subTest(label), self.env.cr.savepoint() as savepoint:
                lead = self._own_lead(self.customer)
                order = self._order(1000, lead=lead, confirm=False)
                with suppress(AccessError):
                    act(order.with_user(self.seller.user_id))
                self.env.flush_all()
                self.assertNotIn(lead.id, lead._find_own_proofs())
                savepoint.rollback()
            self.env.invalidate_all(flush=False)

    def test_order_names_somebody_else(self):
        """A verified customer, and the order is somebody else's, whom marketing met."""
        self._met(self.known)
        for name in ("partner_id", "partner_invoice_id", "partner_shipping_id"):
            with self.subTest(name):
                lead = self._own_lead(self.customer)
                self._order(1000, lead=lead, **{name: self.known.id})
                lead.invalidate_recordset()
                self.assertNotEqual(
                    (lead.commission_source, lead.source_state), ("own", "verified")
                )

    def test_what_is_learnt_later_of_who_is_named_on_an_order(self):
        """Somebody who receives the goods, or their contact, turns out to be known."""
        self._met(self.known)
        self.known.vat = "BE0477472701"
        account = {"acc_number": "BE71096123456769"}
        self.known.bank_ids = [Command.create(account)]
        gate = self.env["res.partner"].create({"name": "Gate", "is_company": True})
        for field in ("partner_invoice_id", "partner_shipping_id"):
            for name, vals in {
                "vat": {"vat": "BE 0477 472 701"},
                "account": {"bank_ids": [Command.create(account)]},
                "contact": {
                    "child_ids": [
                        Command.create({"name": "x", "email": "k@known.test"})
                    ]
                },
                "part": {"parent_id": self.known.id},
            }.items():
                with self.subTest(field, key=name), self.env.cr.savepoint() as undo:
                    lead = self._own_lead(self.customer)
                    order = self._order(1000, lead=lead, **{field: gate.id})
                    lead._write_facts({"source_state": "verified"})
                    gate.write(vals)
                    lead.invalidate_recordset()
                    self.assertNotEqual(
                        (lead.commission_source, lead.source_state), ("own", "verified")
                    )
                    self.assertEqual(order[field], gate)
                    undo.rollback()
                self.env.invalidate_all()

    def test_order_of_the_customer_changes_nothing(self):
        lead = self._own_lead(self.customer)
        self._order(1000, lead=lead)
        lead.invalidate_recordset()
        self.assertEqual(
            (lead.commission_source, lead.source_state), ("own", "verified")
        )

    def test_earlier_invoice_of_the_salesperson_proves(self):
        self._invoice(100, date="2026-01-10", partner_id=self.known.id)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET create_date = create_date - interval '1 day'"
        )
        self.env.invalidate_all()
        lead = self._own_lead(self.known)
        lead.source_state = "open"
        lead._verify_by_proof()
        self.assertEqual(lead.source_state, "verified")
        self.assertIn("bought", lead.source_proof)

    def test_a_former_invoice_is_whose_it_was(self):
        """A colleague's invoice proves nothing once it is given to somebody else."""
        invoice = self._invoice(100, date="2026-01-10", partner_id=self.known.id)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET create_date = create_date - interval '1 day'"
        )
        self.env.invalidate_all()
        self._process()
        successor = self._create_person("identity_successor")
        invoice.invoice_user_id = successor.user_id
        lead = self._own_lead(self.known)
        lead.write({"source_state": "open", "user_id": successor.user_id.id})
        lead._verify_by_proof()
        self.assertEqual(lead.source_state, "open")

    def _make_officer(self, person):
        person.user_id.group_ids += self.env.ref(
            "hr_sales_commission.group_commission_officer"
        ) + self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.env.flush_all()
        return person.user_id

    def test_who_sold_to_a_customer_does_not_verify_them(self):
        """By the documents, not by the salesperson on the contact; by person."""
        self._order(1000, partner_id=self.known.id)
        user = self._make_officer(self.seller)
        for unlink in (False, True):
            with self.subTest(unlink=unlink):
                if unlink:
                    self.seller.user_id = False
                with self.assertRaisesRegex(UserError, "Somebody else verifies"):
                    self.known.with_user(user).action_verify_commission_source()
        self.assertFalse(self.known.is_commission_source_verified)
        other = self._make_officer(self.rival)
        self.known.with_user(other).action_verify_commission_source()
        self.assertEqual(self.known.commission_source_verifier_id, other)

    def test_nobody_shares_an_order_in_their_own_favour(self):
        user = self._make_officer(self.rival)
        order = self._order(1000, confirm=False)
        shares = [
            Command.create({"employee_id": person.id, "percent": percent})
            for person, percent in ((self.rival, 90), (self.seller, 10))
        ]
        refused = self.assertRaisesRegex(UserError, "larger share")
        with refused, self.env.cr.savepoint():
            self.env["hr.commission.share"].with_user(user).create(
                [{"order_id": order.id, **command[2]} for command in shares]
            )
        self.assertFalse(order.commission_share_ids)
