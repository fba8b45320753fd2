from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .common import CommissionAccountCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-05-20 12:00:00")
class TestDocumentSimulation(CommissionAccountCommon):
    """A plan on orders, invoices or payments that no plan recorded."""

    def _trade(self):
        """Orders, invoices, parts paid and credited, as a company without us has."""
        lead = self._lead(expected_revenue=5000)
        order = self._order(1000.55, lead=lead, date="2026-01-05 10:00:00")
        invoice = self._invoice_order(order, date="2026-01-10")
        self._pay(invoice, 333.33, date="2026-02-01")
        self._pay(invoice, date="2026-03-01")
        other = self._order(
            self._order_line(500.01, quantity=3),
            self._order_line(900, product=self.other_product),
            date="2026-02-10 10:00:00",
        )
        second = self._invoice_order(other, date="2026-02-12")
        self._pay(second, 700, date="2026-04-01")
        self._refund(self._invoice(250.25, date="2026-02-20"), date="2026-03-05")
        self._invoice(99.99, date="2026-04-20")

    def _forget(self):
        """Nothing was recorded: the documents are older than the addon."""
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM hr_commission_event")
        self.env.invalidate_all()

    def _candidate(self, *rules):
        return self.env["hr.commission.plan"].create(
            {
                "name": "Candidate",
                "company_id": self.company.id,
                "date_start": "2026-01-01",
                "payout": "immediate",
                "rule_ids": [
                    Command.create(
                        {
                            "name": f"Rule {number}",
                            "requires_verification": False,
                            **rule,
                        }
                    )
                    for number, rule in enumerate(rules)
                ],
            }
        )

    def test_as_if_the_plan_had_run(self):
        """The replay pays what a database where that plan ran has in its ledger."""
        self._trade()
        self._forget()
        cases = {
            "orders": [{"event_type": "order_confirmed", "rate": 5}],
            "invoices": [{"event_type": "invoice_posted", "rate": 5}],
            "payments": [{"event_type": "payment_received", "rate": 3.3}],
            "a product, by margin": [
                {
                    "event_type": "invoice_posted",
                    "rate": 20,
                    "base": "margin",
                    "product_domain": f"[('id', '=', {self.product.id})]",
                }
            ],
            "a product, with a margin": [
                {
                    "event_type": "invoice_posted",
                    "rate": 7,
                    "margin_percent_min": 30,
                    "product_domain": f"[('id', '=', {self.product.id})]",
                }
            ],
            "tiers of the quarter on payments": [
                {
                    "event_type": "payment_received",
                    "tier_mode": "marginal",
                    "tier_measure": "cumulative",
                    "tier_period": "quarter",
                    "tier_ids": [
                        Command.create({"from_value": 0, "rate": 1}),
                        Command.create({"from_value": 1000, "rate": 7}),
                    ],
                }
            ],
            "everything at once": [
                {"event_type": "order_confirmed", "rate": 1},
                {"event_type": "invoice_posted", "rate": 2},
                {"event_type": "payment_received", "rate": 3},
            ],
        }
        for title, rules in cases.items():
            with self.subTest(title):
                plan = self._candidate(*rules)
                simulation = self.env["hr.commission.simulation"].create(
                    {
                        "name": title,
                        "company_id": self.company.id,
                        "date_from": "2026-01-01",
                        "date_to": "2026-05-20",
                        "plan_ids": [Command.set(plan.ids)],
                    }
                )
                simulation.action_run()
                replayed = {
                    result.employee_id: result.amount
                    for result in simulation.result_ids
                    if result.amount
                }
                self.assertFalse(self.env["hr.commission.event"].search_count([]))
                self.assertIn("made from", simulation.notes)
                self.assertTrue(replayed)

                savepoint = self.env.cr.savepoint()
                plan.action_activate()
                orders = self.env["sale.order"].search([("state", "=", "sale")])
                orders._commission_capture()
                moves = self.env["account.move"].search([("state", "=", "posted")])
                moves._filter_customer_documents()._commission_capture()
                self.env["hr.commission.event"]._process()
                ledger = dict(
                    self.env["hr.commission.line"]._read_group(
                        [("company_id", "=", self.company.id)],
                        ["employee_id"],
                        ["amount:sum"],
                    )
                )
                savepoint.close(rollback=True)
                self.assertEqual(
                    {
                        person.id: round(amount, 2)
                        for person, amount in replayed.items()
                    },
                    {person.id: round(amount, 2) for person, amount in ledger.items()},
                )

    def test_what_was_recorded_is_not_made_again(self):
        self._make_plan({"event_type": "invoice_posted", "rate": 10})
        self._trade()
        self.env["hr.commission.event"]._process()
        plan = self._candidate({"event_type": "invoice_posted", "rate": 5})
        simulation = self.env["hr.commission.simulation"].create(
            {
                "name": "Half",
                "company_id": self.company.id,
                "date_from": "2026-01-01",
                "date_to": "2026-05-20",
                "plan_ids": [Command.set(plan.ids)],
            }
        )
        simulation.action_run()
        for result in simulation.result_ids:
            self.assertAlmostEqual(result.amount, result.amount_before / 2, delta=0.03)
            self.assertGreater(result.amount, 100)
        self.assertNotIn("made from", simulation.notes or "")

    def test_nobody_reads_wages_by_trying_a_plan(self):
        plan = self._candidate({"event_type": "deal_won", "base": "wage", "rate": 100})
        officer = new_test_user(
            self.env,
            login="commission_officer",
            groups="hr_sales_commission.group_commission_officer",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        simulation = (
            self.env["hr.commission.simulation"]
            .with_user(officer)
            .create(
                {
                    "name": "Whose wage?",
                    "company_id": self.company.id,
                    "plan_ids": [Command.set(plan.ids)],
                }
            )
        )
        with self.assertRaisesRegex(UserError, "may read wages"):
            simulation.action_run()
