from datetime import date

from odoo.tests import tagged

from odoo.addons.hr_sales_commission.engine.attribution import attribute
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
        [line] = self._deliver(base).credit_ids.line_ids
        self.assertEqual((line.amount, line.employee_id), (amount, self.sales_north))
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
            {"The rule pays on “Project delivered”, and this is “Project delivered”."},
        )

    def test_attribution(self):
        days = [date(2026, 1, 1), date(2026, 2, 20), date(2026, 3, 1)]
        shares = attribute(days, date(2026, 3, 10), "last_month")
        self.assertEqual([float(share) for share in shares], [0, 0.5, 0.5])

    def test_line_of_an_added_kind(self):
        line = self.env["hr.commission.line"].create(
            {
                "employee_id": self.sales_north.id,
                "company_id": self.north.id,
                "kind": "prize",
                "date": "2026-02-10",
                "amount": 10,
            }
        )
        self.assertEqual(line.display_name, "Prize")
        line.action_approve()
        [due] = line.with_user(self.officer_north.user_id).commission_due(
            self.north.id, "2026-02-28"
        )
        self.assertEqual((due["kind"], due["line_ids"]), ("prize", line.ids))
        statement = self.env["hr.commission.statement"]._generate(
            self.north, date(2026, 2, 28)
        )
        self.assertEqual(
            [(row["rule"], row["amount"]) for row in statement._get_earned_rows()],
            [("Prize", 10)],
        )
