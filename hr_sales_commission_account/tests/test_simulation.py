# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.hr_sales_commission.tests.replay import (
    read_awards,
    read_checksums,
    read_posted,
)

from .common import CommissionAccountCommon

#: documents that no replay may touch
DOCUMENTS = (
    "sale_order",
    "sale_order_line",
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
)
#: rules on every event, with every condition, bracket and limit
CANDIDATE = [
    {"name": "Lead", "event_type": "lead_qualified", "role": "marketing"}
    | {"amount_type": "fixed", "amount": 100},
    {"name": "Deal", "event_type": "deal_won", "rate": 2, "signing_percent": 50},
    {"name": "Order", "event_type": "order_confirmed", "rate": 5},
    {"name": "Signed", "event_type": "order_confirmed", "rate": 6}
    | {"signing_percent": 40},
    {"name": "Invoice", "event_type": "invoice_posted", "rate": 5},
    {"name": "Margin", "event_type": "invoice_posted", "rate": 20}
    | {"base": "margin", "product_domain": "CRANE"},
    {"name": "Good margin", "event_type": "invoice_posted", "rate": 7}
    | {"margin_percent_min": 30},
    {"name": "Unpaid", "event_type": "invoice_posted", "rate": 4}
    | {"unpaid_clawback_days": 30},
    {"name": "Again", "event_type": "invoice_posted", "rate": 1.5}
    | {"customer_kind": "repeat"},
    {"name": "Held", "event_type": "invoice_posted", "rate": 3}
    | {"holdback_percent": 10, "holdback_until": "settled"},
    {"name": "Money", "event_type": "payment_received", "rate": 3.3},
    {"name": "Quick", "event_type": "payment_received", "rate": 2}
    | {"collected_within": 30},
    {"name": "All", "event_type": "payment_received", "rate": 1}
    | {"fully_paid_only": True},
    {"name": "Marketing", "event_type": "payment_received", "rate": 2}
    | {"role": "marketing", "commission_source": "marketing"},
    {"name": "Invoices", "event_type": "invoice_posted"}
    | {"tier_mode": "marginal", "tier_measure": "cumulative"}
    | {"tier_period": "quarter", "tiers": [(0, 1), (2000, 7), (3500, 9)]},
    {"name": "Payments", "event_type": "payment_received"}
    | {"tier_mode": "whole", "tier_measure": "cumulative"}
    | {"tier_period": "month", "tiers": [(0, 1), (500, 7)]},
    {"name": "Capped", "event_type": "order_confirmed", "rate": 5}
    | {"cap": 60, "cap_period": "month"},
    {"name": "Units", "event_type": "invoice_posted", "amount_type": "fixed"}
    | {"tier_mode": "marginal", "tier_measure": "quantity"}
    | {"tier_period": "quarter", "tiers": [(0, 3.33), (2, 7.77), (4, 1.01)]},
]


@tagged("post_install", "-at_install")
@freeze_time("2026-05-20 12:00:00")
class TestDocumentSimulation(CommissionAccountCommon):
    """A plan on orders, invoices or payments that no plan recorded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})

    def _trade(self):
        """Half a year: orders, invoices, money in parts, credit notes, what was lost."""
        lead = self._lead(
            expected_revenue=5000, date_won="2026-01-05", need_description="Crane"
        )
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
        bounced = self._pay(second, 100, date="2026-04-03")
        bounced.move_id.line_ids.remove_move_reconcile()
        self._trade_of_marketing()
        # taken back in the quarter after
        self._refund(
            self._invoice(1250.25, date="2026-03-20"), "2026-04-05", reconcile=True
        )
        self._invoice(99.99, date="2026-05-10")
        receipt = self._invoice(123.45, date="2026-02-20", move_type="out_receipt")
        self._pay(receipt, date="2026-02-20")
        cancelled = self._order(3000, date="2026-03-15 10:00:00")
        cancelled._action_cancel()
        self._process()

    def _trade_of_marketing(self):
        lead = self._lead(
            name="Fair",
            commission_source="marketing",
            marketer_id=self.marketer.id,
            user_id=self.colleague.user_id.id,
            date_qualified="2026-01-15",
            date_won="2026-03-03",
        )
        order = self._order(
            2500,
            lead=lead,
            date="2026-03-03 10:00:00",
            user_id=self.colleague.user_id.id,
        )
        invoice = self._invoice_order(order, date="2026-03-05")
        self._pay(invoice, date="2026-03-20")
        self._refund(invoice, "2026-04-15", price=400)

    def _forget(self):
        """Nothing was recorded: the documents are older than the addon."""
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM hr_commission_event WHERE res_model != 'crm.lead'"
        )
        self.env.invalidate_all()

    def _candidate(self, rules, **vals):
        rules = [
            {
                **rule,
                "product_domain": rule.get("product_domain", "").replace(
                    "CRANE", f"[('id', '=', {self.product.id})]"
                ),
                "tier_ids": [
                    Command.create({"from_value": bound, "rate": rate})
                    for bound, rate in rule.get("tiers", ())
                ],
            }
            for rule in rules
        ]
        for rule in rules:
            rule.pop("tiers", None)
        return self._draft_plan(
            *rules, **{"name": "Candidate", "date_start": "2026-01-01", **vals}
        )

    def _simulate(self, plan):
        simulation = self.env["hr.commission.simulation"].create(
            {
                "name": plan.name,
                "company_id": self.company.id,
                "date_from": "2026-01-01",
                "date_to": "2026-05-20",
                "plan_ids": [Command.set(plan.ids)],
            }
        )
        simulation.action_run()
        return simulation

    def _read_checksums(self):
        return read_checksums(self.env, DOCUMENTS)

    def test_as_if_the_plan_had_run(self):
        """A database where the plan ran, and one where it is tried: the same money."""
        plan = self._candidate(CANDIDATE)
        ran = self._let_run(plan)
        self._trade()
        self._forget()
        before = self._read_checksums()
        simulation = self._simulate(plan)
        replayed = read_awards(
            simulation,
            lambda award, part: (
                part.title.partition(":")[0],
                part.date,
                self.env["hr.commission.rule"].browse(award.rule_id).name,
                award.employee_id,
            ),
        )
        self.assertEqual(replayed, ran)
        self.assertEqual(
            {row.employee_id.id: row.amount for row in simulation.result_ids},
            self._sum_by_person(simulation.result_ids.employee_id, ran),
        )
        for text in (
            "3 confirmed orders were made from the stored orders",
            "8 invoices were made from the stored invoices",
            "5 payments were made from the stored invoices",
        ):
            self.assertIn(text, simulation.notes)
        self._check_what_is_counted_only()
        self.assertEqual(self._read_checksums(), before)

    def _check_what_is_counted_only(self):
        """Brackets count money that no rule of the plan pays on."""
        bracket = {"tier_mode": "whole", "tier_measure": "collected"}
        simulation = self._simulate(
            self._candidate(
                [
                    {
                        "event_type": "deal_won",
                        "tier_period": "quarter",
                        "tiers": [(0, 1), (1000, 3), (3000, 5)],
                        **bracket,
                    }
                ]
            )
        )
        amounts = {row.employee_id: row.amount for row in simulation.result_ids}
        # 1,000.55 and 2,500 were collected in the quarter
        self.assertEqual((amounts[self.seller], amounts[self.colleague]), (30.02, 75))

    def _sum_by_person(self, employees, amounts):
        sums = dict.fromkeys(employees.ids, 0.0)
        for (*_key, employee_id), amount in amounts.items():
            sums[employee_id] = round(sums[employee_id] + float(amount), 2)
        return sums

    def _let_run(self, plan):
        """Let a plan run while the company trades; what ran is simulated, too.

        :return: what it paid by kind of event, day, rule and employee
        """
        savepoint = self.env.cr.savepoint()
        plan.action_activate()
        self._trade()
        self.assertNoError()
        lines = self.env["hr.commission.line"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertGreater(len(lines), 40)
        before = self._read_checksums()
        simulation = self._simulate(plan)
        self.assertEqual(set(simulation.result_ids.mapped("difference")), {0.0})
        self.assertEqual(read_awards(simulation), read_posted(lines))
        self.assertEqual(self._read_checksums(), before)
        paid = read_posted(
            lines,
            lambda line: (
                line.event_id.display_name.partition(":")[0],
                line.event_id.date,
                line.rule_id.name,
                line.employee_id.id,
            ),
        )
        savepoint.close(rollback=True)
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        return paid

    def test_what_was_recorded_is_not_made_again(self):
        self._make_plan({"event_type": "invoice_posted", "rate": 10})
        self._trade()
        self.env["hr.commission.event"]._process()
        plan = self._candidate([{"event_type": "invoice_posted", "rate": 5}])
        simulation = self._simulate(plan)
        for result in simulation.result_ids:
            self.assertAlmostEqual(result.amount, result.amount_before / 2, delta=0.03)
            self.assertGreater(result.amount, 100)
        self.assertNotIn("made from", simulation.notes or "")

    def test_nobody_reads_wages_by_trying_a_plan(self):
        plan = self._candidate(
            [{"event_type": "deal_won", "base": "wage", "rate": 100}]
        )
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
