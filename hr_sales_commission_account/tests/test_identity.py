from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

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
