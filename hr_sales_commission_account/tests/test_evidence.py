# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import date

from odoo.tests import tagged

from .common import CommissionAccountCommon


@tagged("post_install", "-at_install")
class TestEvidence(CommissionAccountCommon):
    """A commission on a document that comes from no lead explains itself as well."""

    def _line(self):
        self._make_plan({"event_type": "order_confirmed", "rate": 10})
        self.order = self._order(1000, date="2026-01-05")
        self._process()
        self.env.flush_all()
        self.env.invalidate_all()
        Line = self.env["hr.commission.line"].with_user(self.seller.user_id)
        return Line.search([("employee_id", "=", self.seller.id)]).ensure_one()

    def test_order_without_lead_names_its_document_and_its_customer(self):
        line = self._line()
        self.assertFalse(line.lead_id)
        self.assertIn(self.order.name, line.source_evidence)
        self.assertIn("Own customer", line.source_evidence)
        self.assertIn("Not verified", line.source_evidence)
        self.assertIn("comes from no lead", line.source_evidence)
        self.assertIn("10 %", line.formula)

    def test_order_without_lead_is_named_where_a_deal_would_be(self):
        line = self._line()
        self.assertEqual(line.subject, self.order.name)
        self.assertEqual(line.display_name, f"{self.order.name} – Rule 1")
        event = line.sudo().event_id
        self.assertEqual(event.display_name, f"Order confirmed: {self.order.name}")
        statement = self.env["hr.commission.statement"]._generate(
            self.company, date(2026, 1, 31)
        )
        report = "hr_sales_commission.hr_commission_statement_report"
        page = self.env["ir.actions.report"]._render_qweb_html(report, statement.ids)[0]
        self.assertIn(f"<td>{self.order.name}</td>", page.decode())

    def test_customer_of_an_order_that_was_verified(self):
        line = self._line()
        self.customer.with_env(self.env).action_verify_commission_source()
        line.invalidate_recordset()
        self.assertIn("Verified", line.source_evidence)

    def test_order_without_lead_says_why_nothing_else(self):
        line = self._line()
        Wizard = self.env["hr.commission.explanation"].with_user(self.seller.user_id)
        text = Wizard.create({"line_id": line.id}).explanation
        self.assertIn("Rule 1", text)
        self.assertIn(self.order.name, text)

    def test_own_page_shows_own_documents_only(self):
        self._line()
        self._order(500, date="2026-01-06", user_id=self.colleague.user_id.id)
        self._process()
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.env(user=self.seller.user_id)
        action = env["ir.actions.act_window"]._for_xml_id(
            "hr_sales_commission_account.hr_commission_collection_action_own"
        )
        Collection = env[action["res_model"]]
        views = Collection.get_views([*action["views"], (False, "search")])["views"]
        self.assertLessEqual({"list", "kanban", "pivot", "graph"}, set(views))
        rows = Collection.search([("user_id", "=", env.uid)])
        self.assertEqual(rows.order_id, self.order)
