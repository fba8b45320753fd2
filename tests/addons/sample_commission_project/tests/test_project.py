from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.hr_sales_commission.engine.attribution import attribute
from odoo.addons.hr_sales_commission.engine.measures import MEASURES, amount_measure
from odoo.addons.hr_sales_commission.tests.common import CommissionCommon


@tagged("post_install", "-at_install")
class TestProject(CommissionCommon):
    """Everything that the addon adds, working together."""

    def _deliver(self, base):
        self._replace_plan(
            {"RULE": {"event_type": "project_delivered", "base": base, "rate": 10}},
            payout="quarter_end",
        )
        project = self.env["sample.project"].create(
            {
                "name": "Warehouse",
                "user_id": self.sales_north.user_id.id,
                "company_id": self.north.id,
                "price": 1000,
                "cost": 700,
            }
        )
        project.action_deliver("2026-02-10")
        self._process()
        return self.env["hr.commission.event"].search(
            [("res_model", "=", "sample.project"), ("res_id", "=", project.id)]
        )

    def _check_line(self, base, amount):
        event = self._deliver(base)
        self.assertEqual(
            set(event.mapped("display_name")), {"Project delivered: Warehouse"}
        )
        [line] = event.credit_ids.line_ids
        self.assertEqual((line.amount, line.employee_id), (amount, self.sales_north))
        self.assertEqual(line.subject, "Warehouse")
        self.assertEqual(line.date_due, date(2026, 3, 31))

    def test_paid_on_the_price(self):
        self._check_line("amount", 100)

    def test_paid_on_the_margin(self):
        self._check_line("project_margin", 30)

    def test_refusal_names_the_event(self):
        refusals = self._deliver("project_margin")._explain().refusals
        texts = {
            self.env["hr.commission.line"]._explain_refusal(
                refusal, self.north.currency_id
            )
            for refusal in refusals
        }
        self.assertEqual(
            texts,
            {
                "The rule pays on “Project delivered, a part of it”, and this is "
                "“Project delivered”."
            },
        )

    def test_delivery_counts_once(self):
        self._deliver("project_margin")
        board, delivered = self.env["hr.commission.board"], "project_delivered"
        measure = {"delivered": amount_measure("delivered", delivered)}
        with patch.dict(MEASURES, measure):
            found = board._read_measures(
                ["delivered"],
                *(date(2026, 2, 1), date(2026, 2, 28)),
                self.north,
                board._read_filter(False, False),
            )
        self.assertEqual(found["delivered"], (1000.0, 1))

    def test_tried_in_the_plan(self):
        self._deliver("project_margin")
        draft = self.env["hr.commission.plan"].search([("state", "=", "active")]).copy()
        with Form(draft) as form:
            form.example_event_type = "project_delivered"
            self.assertIn("Project delivered, a part of it", form.example_result)

    def test_attribution(self):
        days = [date(2026, 1, 1), date(2026, 2, 20), date(2026, 3, 1)]
        shares = attribute(days, date(2026, 3, 10), "last_month")
        self.assertEqual([float(share) for share in shares], [0, 0.5, 0.5])

    def test_line_of_an_added_kind(self):
        officer = self.officer_north.user_id
        line = (
            self.env["hr.commission.line"]
            .with_user(officer)
            .create(
                {
                    "employee_id": self.sales_north.id,
                    "company_id": self.north.id,
                    "kind": "prize",
                    "date": "2026-02-10",
                    "amount": 10,
                    "note": "Best team",
                }
            )
        )
        self.assertEqual(line.display_name, "Best team")
        with self.assertRaisesRegex(UserError, "You made “Best team” yourself"):
            line.action_approve()
        line.with_user(self.officer_hq.user_id).action_approve()
        [due] = line.commission_due(self.north.id, "2026-02-28")
        self.assertEqual((due["kind"], due["line_ids"]), ("prize", line.ids))
        statement = self.env["hr.commission.statement"]._generate(
            self.north, date(2026, 2, 28)
        )
        self.assertEqual(
            [(row["rule"], row["amount"]) for row in statement._get_earned_rows()],
            [("Prize", 10)],
        )
