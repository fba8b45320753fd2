from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.hr_sales_commission.tests.common import CommissionCommon


@tagged("post_install", "-at_install")
class TestRenewal(CommissionCommon):
    """Everything that the addon adds, working together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.env["sample.contract"].create(
            {
                "name": "Maintenance",
                "partner_id": cls.env["res.partner"].create({"name": "Customer"}).id,
                "user_id": cls.sales_north.user_id.id,
                "company_id": cls.north.id,
                "date_start": "2025-01-01",
            }
        )
        tiers = [(0, 1), (2000, 3)]
        cls._replace_plan(
            {
                "RENEWAL": {
                    "event_type": "contract_renewed",
                    "role": "account_manager",
                    "contract_months_min": 12,
                    "tier_mode": "marginal",
                    "tier_measure": "renewed",
                    "tier_period": "year",
                    "tier_ids": [
                        Command.create({"from_value": bound, "rate": rate})
                        for bound, rate in tiers
                    ],
                }
            }
        )

    def _renew(self, date, amount):
        self.contract.action_renew(date, amount)
        self._process()
        return self.env["hr.commission.event"].search(
            [("res_model", "=", "sample.contract"), ("res_part", "=", date)]
        )

    def test_tiers_run_over_the_renewals_of_the_year(self):
        first, second = self._renew("2026-02-01", 1500), self._renew("2026-03-01", 1500)
        lines = (first + second).credit_ids.line_ids
        self.assertEqual(lines.employee_id, self.sales_north)
        self.assertEqual(sorted(lines.mapped("amount")), [15, 35])

    def test_rule_says_the_condition(self):
        rule = self.env["hr.commission.rule"].search([("name", "=", "RENEWAL")])
        self.assertIn("on contracts from 12 months on", rule.sentence)
        rule.plan_id.copy().rule_ids.contract_months_min = 24
        drafted = (
            self.env["hr.commission.rule"].search([("name", "=", "RENEWAL")]) - rule
        )
        self.assertIn("on contracts from 24 months on", drafted.sentence)
        self.assertIn(
            ["on contracts from 24 months on", "contract_months_min"],
            drafted.sentence_parts,
        )

    def test_tried_as_if_the_condition_held(self):
        draft = self.env["hr.commission.rule"].search([("name", "=", "RENEWAL")])
        with Form(draft.plan_id.copy()) as form:
            form.example_event_type = "contract_renewed"
            form.example_amount = 1000
            self.assertIn("1 % = $&nbsp;10.00", form.example_result)

    def test_zero_is_explained(self):
        [refusal] = self._renew("2025-06-01", 1500)._explain().refusals
        text = self.env["hr.commission.line"]._explain_refusal(
            refusal, self.north.currency_id
        )
        self.assertEqual(text, "The contract is 5 months old, the rule pays from 12.")

    def test_target_counts_renewals(self):
        self.sales_north.commission_role = "account_manager"
        target = self.env["hr.commission.target"].create(
            {
                "employee_id": self.sales_north.id,
                "company_id": self.north.id,
                "measure": "renewed",
                "date_from": "2026-02-01",
                "amount": 3000,
            }
        )
        self._renew("2026-02-01", 1500)
        target.invalidate_recordset()
        self.assertEqual((target.achieved, target.attainment), (1500, 50))
