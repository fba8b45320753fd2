from datetime import timedelta

from odoo import fields
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
