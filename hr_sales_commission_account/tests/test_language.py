# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What plans can say about documents and money, by the reported cases R11 to R42."""

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CommissionAccountCommon


@tagged("post_install", "-at_install")
class TestLanguage(CommissionAccountCommon):
    def _reasons(self, event_type):
        outcome = self._events(event_type)._explain()
        return [refusal.reason for refusal in outcome.refusals]

    def test_r30_collected_within(self):
        self._make_plan(
            {"event_type": "payment_received", "rate": 1, "collected_within": 60},
            {"event_type": "payment_received", "rate": 1, "collected_within": 30},
            {
                "event_type": "payment_received",
                "rate": 10,
                "collected_within": 5,
                "collected_from": "due",
            },
        )
        invoice = self._invoice(1000, date="2026-01-10", invoice_date_due="2026-03-01")
        total = invoice.amount_total
        self._pay(invoice, total / 4, date="2026-02-09")  # 30 days, early
        self.assertEarned(5 + 25)
        self._pay(invoice, total / 4, date="2026-03-06")  # 55 days, 5 after due
        self.assertEarned(30 + 2.5 + 25)
        self._pay(invoice, total / 2, date="2026-04-01")
        self.assertEarned(57.5)
        self.assertIn("collected_late", self._reasons("payment_received"))
        # money paid back was collected when it came, however fast it is paid back
        late, early = (
            self._invoice(1000, date="2026-01-10", invoice_date_due="2026-01-10")
            for _each in range(2)
        )
        self._pay(late, date="2026-04-01")
        self._pay(early, date="2026-02-09")
        self.assertEarned(57.5 + 20)
        for invoice, earned in ((late, 57.5 + 20), (early, 57.5 + 10)):
            note = self._refund(invoice, date="2026-05-01", price=500)
            self._pay(note, date="2026-05-02")
            self.assertEarned(earned)

    def test_r30_as_tiers(self):
        self._make_plan(
            {
                "event_type": "payment_received",
                "tier_mode": "whole",
                "tier_measure": "days_to_collect",
                "tier_ids": [
                    Command.create({"from_value": start, "rate": rate})
                    for start, rate in ((0, 2), (30, 1), (60, 0))
                ],
            }
        )
        for date in ("2026-02-09", "2026-02-10", "2026-03-12"):  # 30, 31 and 61 days
            self._pay(self._invoice(1000, date="2026-01-10"), date=date)
        self.assertPaidByDay({"2026-02-09": 20, "2026-02-10": 10})
        [line] = self._lines().filtered(lambda line: line.amount == 10)
        self.assertIn("days to collect: 31", line.explanation)

    def test_r30_by_the_due_date(self):
        """Paid when due, and by how late it was; invoices are due on 10 February."""
        plan = self._make_plan(
            {"event_type": "payment_received", "rate": 10, "collected_from": "due"},
            {
                "event_type": "payment_received",
                "tier_mode": "whole",
                "tier_measure": "days_overdue",
                "tier_ids": [
                    Command.create({"from_value": start, "rate": rate})
                    for start, rate in ((0, 3), (10, 1.5), (30, 0))
                ],
            },
        )
        for date in ("2026-02-09", "2026-02-10", "2026-02-11", "2026-02-21") + (
            "2026-03-13",
        ):
            invoice = self._invoice(1000, date="2026-01-10")
            invoice.invoice_date_due = "2026-02-10"
            self._pay(invoice, date=date)
        self.assertPaidByDay(
            {"2026-02-09": 130, "2026-02-10": 130, "2026-02-11": 30, "2026-02-21": 15}
        )
        self.assertIn("collected by the due date", plan.rule_ids[0].sentence)
        self.assertIn("collected_late", self._reasons("payment_received"))

    def test_r30_an_instalment_that_is_put_off_afterwards(self):
        """Money is asked again by the due day of the instalment that it settles."""
        self._make_plan(
            {"event_type": "payment_received", "rate": 10, "collected_from": "due"}
            | {"collected_within": 0}
        )
        halves = [
            Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
            for days in (0, 30)
        ]
        terms = self.env["account.payment.term"].create(
            {"name": "Halves", "line_ids": halves}
        )
        invoice = self._invoice(
            1000, date="2026-01-10", invoice_payment_term_id=terms.id
        )
        first, second = self._receivable(invoice).sorted("date_maturity")
        self.assertEqual(str(second.date_maturity), "2026-02-09")
        self._pay(invoice, invoice.amount_total / 2, date="2026-01-10")
        self.assertEarned(50)
        self._pay(invoice, date="2026-02-20")
        self.assertEarned(50)  # eleven days too late
        second.date_maturity = "2026-02-20"
        self.assertEarned(100)
        first.date_maturity = "2026-01-09"
        self.assertEarned(50)

    def test_r31_only_when_fully_paid(self):
        self._make_plan(
            {"event_type": "payment_received", "rate": 10, "fully_paid_only": True}
        )
        invoice = self._invoice(1000)
        self._pay(invoice, invoice.amount_total / 2, date="2026-02-01")
        self.assertEarned(0)
        self.assertIn("not_fully_paid", self._reasons("payment_received"))
        last = self._pay(invoice, date="2026-03-01")
        self.assertPaidByDay({"2026-03-01": 100})
        last.action_draft()  # the invoice still reads as paid
        self.assertEarned(0)
        last.action_post()
        self.assertEarned(100)
        self._receivable(last.move_id).remove_move_reconcile()
        self.assertEarned(0)

    def test_r32_taken_back_while_unpaid(self):
        self._make_plan(
            {"event_type": "invoice_posted", "rate": 10, "unpaid_clawback_days": 90}
        )
        with freeze_time("2026-01-10 10:00:00"):
            invoice = self._invoice(1000, date="2026-01-10")
            self.assertEarned(100)
            self._lines().sudo().write({"state": "approved"})
        with freeze_time("2026-04-10 10:00:00"):  # the 90th day
            self.assertEarned(100)
        with freeze_time("2026-04-11 10:00:00"):
            self.assertEarned(0)
            self.assertIn("unpaid", self._reasons("invoice_posted"))
        with freeze_time("2026-05-01 10:00:00"):
            self._pay(invoice, invoice.amount_total / 4, date="2026-05-01")
            self.assertEarned(25)
            self._pay(invoice, date="2026-05-01")
            self.assertEarned(100)

    def test_never_taken_back(self):
        """Not by a credit note; money that settles another invoice never counted here."""
        self._make_plan(
            {"event_type": "invoice_posted", "rate": 10, "is_final": True},
            {"event_type": "payment_received", "rate": 1},
            clawback_method="none",
        )
        wrong = self._invoice(1000, tax=False)
        right = self._invoice(500.50, tax=False, date="2026-01-11")
        self.assertEarned(150.05)
        self._refund(right, date="2026-05-01", price=400)
        self.assertEarned(150.05)
        self.assertIn("never_taken_back", self._reasons("invoice_posted"))
        self._pay(wrong, date="2026-01-15")
        self.assertEarned(160.05)
        receivable = self._receivable(wrong)
        money = receivable.matched_credit_ids.credit_move_id
        receivable.remove_move_reconcile()
        self.assertEarned(150.05)
        (money | self._receivable(right)).reconcile()
        self.assertEarned(155.06)

    def test_r32_taken_back_while_overdue(self):
        plan = self._make_plan(
            {
                "event_type": "invoice_posted",
                "rate": 10,
                "unpaid_clawback_days": 30,
                "collected_from": "due",
            }
        )
        with freeze_time("2026-01-10 10:00:00"):
            invoice = self._invoice(
                1000, date="2026-01-10", invoice_date_due="2026-02-10"
            )
            self.assertEarned(100)
        with freeze_time("2026-03-12 10:00:00"):  # 30 days overdue
            self.assertEarned(100)
        with freeze_time("2026-03-13 10:00:00"):
            self.assertEarned(0)
            self.assertIn("unpaid_due", self._reasons("invoice_posted"))
            self._pay(invoice, invoice.amount_total / 4, date="2026-03-13")
            self.assertEarned(25)
        line = self._lines().filtered(lambda line: line.amount > 0)[-1:]
        self.assertIn("30 days after the due date", line.explanation)
        self.assertIn("30 days after the due date", plan.rule_ids.sentence)

    def test_r32_a_credit_note_takes_from_what_is_open(self):
        """Matched with its invoice or not."""
        self._make_plan(
            {"event_type": "invoice_posted", "rate": 10, "unpaid_clawback_days": 90}
        )
        invoice = self._invoice(1000, date="2026-01-10", tax=False)
        self._pay(invoice, 250, date="2026-01-11")
        self.assertEarned(25)
        self._refund(invoice, price=500)
        self.assertEarned(25)
        self._refund(invoice, price=250)
        self.assertEarned(25)

    def test_r35_margin_in_percent(self):
        tiers = {
            "tier_mode": "whole",
            "tier_measure": "margin_percent",
            "tier_ids": [
                Command.create({"from_value": start, "rate": rate})
                for start, rate in ((15, 5), (25, 8))
            ],
        }
        self._make_plan(
            {"event_type": "invoice_posted", **tiers},
            {"event_type": "invoice_posted", "rate": 1, "margin_percent_min": 30},
            tier_boundary="upper",
        )
        # the crane costs 600: margins of 14.3, 20, 25 and 40 %
        for price, earned in ((700, 0), (750, 37.5), (800, 64), (1000, 90)):
            with self.subTest(price=price):
                before = self._earned()
                self._invoice(price)
                self.assertEarned(before + earned)
        self.assertIn("below_margin", self._reasons("invoice_posted"))

    def test_r9_floor_on_margins(self):
        self._make_plan(
            {"event_type": "invoice_posted", "rate": 25, "base": "margin", "floor": 150}
        )
        for price, earned in ((1400, 200), (1000, 150), (600, 150), (100, 150)):
            with self.subTest(margin=price - 600):
                before = self._earned()
                self._invoice(price)
                self.assertEarned(before + earned)

    def test_r11_document_discounts_are_shared_out(self):
        rules = [
            {
                "event_type": event_type,
                "rate": 10,
                "product_domain": f"[('id', '=', {self.product.id})]",
            }
            for event_type in ("order_confirmed", "invoice_posted")
        ]
        self._make_plan(*rules)
        order = self._order(
            self._order_line(1000),
            self._order_line(1000, product=self.other_product),
            confirm=False,
        )
        self.env["sale.order.discount"].create(
            {
                "sale_order_id": order.id,
                "discount_type": "so_discount",
                "discount_percentage": 0.2,
            }
        ).action_apply_discount()
        self.assertEqual(order.amount_untaxed, 1600)
        order.action_confirm()
        self.assertEarned(80)
        self._invoice_order(order)
        self.assertEarned(160)

    def test_r12_bands_meet_in_one_bound(self):
        rules = [
            {
                "event_type": "invoice_posted",
                "rate": rate,
                "min_discount": start,
                "max_discount": end,
            }
            for start, end, rate in (
                (0, 10, 10),
                (10, 20, 6),
                (20, 30, 5),
                (30, 100, 1),
            )
        ]
        self._make_plan(*rules)
        for discount, earned in ((0, 100), (10, 54), (20, 40), (30, 7), (100, 0)):
            with self.subTest(discount=discount):
                before = self._earned()
                invoice = self._invoice(1000, post=False)
                invoice.invoice_line_ids.discount = discount
                invoice.action_post()
                self.assertEarned(before + earned)

    def test_r36_months_of_a_customer(self):
        self._make_plan(
            {"event_type": "invoice_posted", "rate": 70, "customer_months_to": 12},
            {
                "event_type": "invoice_posted",
                "rate": 2,
                "customer_months_from": 12,
                "customer_months_to": 84,
            },
            date_start="2010-01-01",
        )
        for date, earned in (
            ("2018-03-31", 70),
            ("2019-03-30", 70),
            ("2019-03-31", 2),
            ("2025-03-30", 2),
            ("2025-03-31", 0),
        ):
            with self.subTest(date=date):
                before = self._earned()
                self._invoice(100, date=date)
                self.assertEarned(before + earned)

    def test_r36_the_first_sale_changes(self):
        """What comes before it, or is credited, changes the age of later sales."""
        self._make_plan(
            {"event_type": "invoice_posted", "rate": 10, "customer_months_to": 12},
            {"event_type": "invoice_posted", "rate": 1, "customer_months_from": 12},
            {"event_type": "deal_won", "rate": 2, "customer_months_from": 12},
            date_start="2010-01-01",
        )
        self._invoice(100, date="2025-02-27")
        self._lead(date_won="2025-04-05", won_amount=1000)
        self.assertEarned(10)
        first = self._invoice(100, date="2024-01-10")
        self.assertEarned(10 + 1 + 20)
        self._refund(first, date="2025-03-01", price=40)
        self.assertEarned(6 + 1 + 20)
        self._refund(first, date="2025-03-02", price=60)
        self.assertEarned(0 + 1 + 0)
        self._lead(date_won="2024-02-05", won_amount=1000)
        self.assertEarned(0 + 1 + 20)

    def test_r36_merged_customers_are_one(self):
        self._make_plan(
            {"event_type": "invoice_posted", "rate": 20, "customer_months_to": 12},
            {"event_type": "invoice_posted", "rate": 2, "customer_months_from": 12},
        )
        other = self.env["res.partner"].create({"name": "Harbour Cranes Ltd."})
        self._invoice(100, date="2024-06-15", partner_id=other.id)
        self._invoice(1000, date="2026-01-10")
        self.assertEarned(20 + 200)
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((self.customer + other).ids, self.customer)
        self.assertEarned(20 + 20)

    def test_r42_of_the_contract_wage(self):
        self._make_plan(
            {
                "event_type": "deal_won",
                "base": "wage",
                "once": True,
                "tier_mode": "whole",
                "tier_measure": "cumulative",
                "tier_period": "month",
                "tier_ids": [
                    Command.create({"from_value": start, "rate": rate})
                    for start, rate in ((5000, 10), (20000, 20))
                ],
            }
        )
        self.seller.sudo().version_id.write(
            {"date_version": "2020-01-01", "wage": 3000}
        )
        self._lead(date_won="2026-01-05", won_amount=4000)
        self.assertEarned(0)
        self._lead(date_won="2026-01-06", won_amount=4000)
        self.assertPaidByDay({"2026-01-06": 300})  # once, when 5,000 were reached
        self._lead(date_won="2026-02-06", won_amount=25000)
        self.assertEarned(900)
        line = self._lines()[0]
        self.assertEqual((line.base, line.rate), (0, 0))
        self.assertNotIn("3,000", line.explanation)
        self.seller.sudo().version_id.wage = 4000
        self.assertEarned(1200)
        raised = {"date_version": "2026-02-01", "wage": 5000}
        later = self.seller.sudo().create_version(raised)
        self.assertEarned(400 + 1000)
        later.unlink()
        self.assertEarned(1200)

    def test_bases_of_a_document(self):
        expected = {"amount": 90, "taxed": 103.5, "list_price": 100, "margin": 30}
        self._make_plan(
            *(
                {"event_type": event_type, "rate": 10, "base": base}
                for base in expected
                for event_type in ("order_confirmed", "invoice_posted")
            )
        )
        order = self._order(self._order_line(1000, discount=10))
        self._invoice_order(order)
        self._process()
        for event_type in ("order_confirmed", "invoice_posted"):
            lines = self._lines().filtered(
                lambda line, event_type=event_type: (
                    line.event_id.event_type == event_type
                )
            )
            amounts = {line.rule_id.base: line.amount for line in lines}
            self.assertEqual(amounts, expected)

    def test_conditions_stand_where_they_mean_something(self):
        for rule in (
            {"event_type": "deal_won", "collected_within": 30},
            {"event_type": "invoice_posted", "fully_paid_only": True},
            {"event_type": "payment_received", "unpaid_clawback_days": 30},
            {"event_type": "deal_won", "margin_percent_min": 10},
            {"event_type": "deal_won", "base": "taxed"},
        ):
            with self.subTest(**rule), self.assertRaises(ValidationError):
                self._make_plan({"rate": 1, **rule})

    def test_r33_attainment_of_documents(self):
        tiers = [
            Command.create({"from_value": start, "rate": rate})
            for start, rate in ((0, 1), (100, 2))
        ]
        self._make_plan(
            *(
                {
                    "name": measure,
                    "event_type": "invoice_posted",
                    "tier_mode": "whole",
                    "tier_measure": "attainment",
                    "target_measure": measure,
                    "tier_period": "year",
                    "tier_ids": tiers,
                }
                for measure in ("invoiced", "collected", "margin", "quantity")
            ),
            tier_boundary="upper",
        )
        targets = self.env["hr.commission.target"].create(
            [
                {
                    "employee_id": self.seller.id,
                    "measure": measure,
                    "period": "year",
                    "date_from": "2026-01-01",
                    "amount": amount,
                }
                for measure, amount in (
                    ("invoiced", 1000),
                    ("collected", 1000),
                    ("margin", 400),
                    ("quantity", 2),
                )
            ]
        )
        invoice = self._invoice(1000)  # costs 600
        self.assertEarned(20 + 10 + 20 + 10)
        self._pay(invoice)
        self.assertEarned(20 + 20 + 20 + 10)
        self.assertEqual(targets.mapped("achieved"), [1000, 1000, 400, 1])
        invoice.team_id = self.env["crm.team"].create({"name": "Cranes"})
        of_team = targets[0].copy(
            {"employee_id": False, "team_id": invoice.team_id.id}
        ) + targets[3].copy({"employee_id": False, "team_id": invoice.team_id.id})
        self.assertEqual(of_team.mapped("achieved"), [1000, 1])
        self._invoice(1)
        self._process()
        targets.invalidate_recordset(["achieved"])
        self.assertEqual(targets[0].achieved, 1001)

    def test_bands_of_discounts_are_checked(self):
        def plan(*bands):
            return self.env["hr.commission.plan"].create(
                {
                    "name": "Bands",
                    "company_id": self.company.id,
                    "date_start": "2040-01-01",
                    "rule_ids": [
                        Command.create(
                            {
                                "name": f"{low}-{high}",
                                "event_type": "invoice_posted",
                                "rate": 1,
                                "min_discount": low,
                                "max_discount": high,
                            }
                        )
                        for low, high in bands
                    ],
                }
            )

        met = plan((0, 10), (10, 20), (20, 100)).check_warnings or ""
        self.assertNotIn("discount", met)
        self.assertIn("overlap", plan((0, 15), (10, 20)).check_warnings)
        self.assertIn("from 10 to 20", plan((0, 10), (20, 100)).check_warnings)

    def test_conditions_that_no_document_meets(self):
        brackets = {"tier_mode": "whole", "tier_ids": [Command.create({"rate": 1})]}
        for rule, text in (
            ({"margin_percent_min": 120}, "no margin is above"),
            ({"customer_kind": "first", "customer_months_from": 1}, "a first sale"),
            ({"tier_measure": "days_to_collect", **brackets}, "does not tell"),
        ):
            plan = self._draft_plan({"event_type": "invoice_posted", "rate": 1, **rule})
            with self.subTest(**rule):
                self.assertIn(text, plan.check_errors or "")

    def test_settings_in_vain(self):
        invoice, payment = (
            {"event_type": each, "rate": 5}
            for each in ("invoice_posted", "payment_received")
        )
        settled = {"holdback_percent": 10, "holdback_until": "settled"}
        for vals, rules, text in (
            ({}, [invoice, payment], "one sale pays both"),
            (
                {},
                [{"event_type": "deal_won", "rate": 1}, payment],
                "one sale pays both",
            ),
            ({"cost_basis": "open"}, [invoice], "no rule looks at margins"),
            (
                {},
                [{**invoice, "product_domain": "[('name', '=', 'No Such Thing')]"}],
                "no record meets the condition on “Product Variant”",
            ),
            ({}, [{**payment, "fully_paid_only": True, **settled}], "is held back"),
        ):
            with self.subTest(text):
                plan = self._draft_plan(*rules, **vals)
                self.assertIn(text, plan.check_warnings or "")
        for vals, rules in (
            (
                {},
                [
                    {**invoice, "commission_source": "own"},
                    payment | {"role": "manager"},
                ],
            ),
            ({"cost_basis": "open"}, [{**invoice, "margin_percent_min": 5}]),
        ):
            plan = self._draft_plan(*rules, **vals)
            for text in ("one sale pays both", "looks at margins"):
                self.assertNotIn(text, plan.check_warnings or "")

    def test_the_sentence_names_how_the_customer_pays(self):
        plan = self._make_plan(
            {
                "event_type": "payment_received",
                "rate": 5,
                "commission_source": "own",
                "collected_within": 30,
                "cap": 20000,
                "cap_period": "month",
            }
        )
        self.assertRegex(
            plan.rule_ids.sentence,
            "^Sales earns 5 % of money collected on own customers, when collected "
            "within 30 days of the invoice, at most .*20,000.00.* per month.$",
        )

    def test_r40_costs_are_taken_again_until_the_month_is_closed(self):
        self._make_plan(
            {"event_type": "invoice_posted", "rate": 10, "base": "margin"},
            cost_basis="open",
        )
        closed = self._invoice(1000, tax=False, date="2025-12-10")
        invoice = self._invoice(1000, tax=False)
        self.assertEarned(40 + 40)
        self.company.sudo().commission_lock_date = "2025-12-31"
        lines = self.env["hr.commission.line"].search(
            [("employee_id", "=", self.seller.id)]
        )
        lines._approve()
        self.product.standard_price = 700
        self.assertEarned(40 + 30)
        self.assertEqual(
            [
                (line.amount, line.date.year)
                for line in self.env["hr.commission.line"].search(
                    [("employee_id", "=", self.seller.id)], order="id"
                )
            ][2:],
            [(-10, 2026)],
        )
        # the refund gives back what is paid by now
        self._refund(invoice)
        self.assertEarned(40)
        self.product.standard_price = 100
        self.assertEarned(40)
        self.assertEqual(closed.invoice_line_ids.sudo().commission_unit_cost, 600)

    def test_r40_costs_of_an_order_and_its_invoice(self):
        self._make_plan(
            {"event_type": "order_confirmed", "rate": 10, "base": "margin"},
            {"event_type": "invoice_posted", "rate": 1, "base": "margin"},
            cost_basis="open",
        )
        order = self._order(self._order_line(1000, product=self.product))
        self._invoice_order(order)
        self.assertEarned(40 + 4)
        self.product.standard_price = 0
        self.assertEarned(100 + 10)
        self.product.standard_price = 900
        self.assertEarned(10 + 1)

    def test_costs_of_the_day_stay(self):
        self._make_plan({"event_type": "invoice_posted", "rate": 10, "base": "margin"})
        self._invoice(1000, tax=False)
        self.assertEarned(40)
        self.product.standard_price = 700
        self.assertEarned(40)

    def test_the_year_is_the_fiscal_year(self):
        company = self.company
        self.assertEqual(company._get_commission_year_start(), (1, 1))
        company.write({"fiscalyear_last_month": "3", "fiscalyear_last_day": 31})
        self.assertEqual(company._get_commission_year_start(), (4, 1))
        company.write({"fiscalyear_last_month": "4", "fiscalyear_last_day": 5})
        self.assertEqual(company._get_commission_year_start(), (4, 6))
        company.write({"fiscalyear_last_month": "1", "fiscalyear_last_day": 28})
        self.assertEqual(company._get_commission_year_start(), (1, 29))
        company.write({"fiscalyear_last_month": "2", "fiscalyear_last_day": 28})
        self.assertEqual(company._get_commission_year_start(), (3, 1))
        company.write({"commission_year_month": "10", "commission_year_day": 26})
        self.assertEqual(company._get_commission_year_start(), (10, 26))

    def test_a_credit_note_is_released_with_its_invoice(self):
        self._make_plan(
            {
                "event_type": "invoice_posted",
                "rate": 10,
                "holdback_percent": 20,
                "holdback_until": "settled",
            }
        )
        invoice = self._invoice(1000, tax=False)
        self._pay(invoice, 500, date="2026-02-01")
        self.assertEarned(80)
        self._refund(invoice, date="2026-02-20", price=500, reconcile=True)
        self.assertEarned(50)

    def test_released_once_everything_is_paid(self):
        holdback = {"holdback_percent": 50, "holdback_until": "settled"}
        self._make_plan(
            {"event_type": "deal_won", "rate": 100, **holdback},
            {"event_type": "order_confirmed", "rate": 10, **holdback},
            {"event_type": "invoice_posted", "rate": 1, **holdback},
        )
        lead = self._lead()
        order = self._order(self._order_line(1000), opportunity_id=lead.id)
        self.assertEarned(500 + 50)
        invoice = self._invoice_order(order)
        self.assertEarned(500 + 50 + 5)
        self._pay(invoice, 100, date="2026-02-01")
        self.assertEarned(500 + 50 + 5)
        self._pay(invoice, date="2026-03-05")
        self.assertEarned(1000 + 100 + 10)
        releases = self.env["hr.commission.line"].search(
            [("employee_id", "=", self.seller.id), ("kind", "=", "release")]
        )
        of_invoice = releases.filtered(
            lambda line: line.event_id.res_model == "account.move"
        )
        self.assertEqual(fields.Date.to_string(of_invoice.date_due), "2026-03-05")
        # more is ordered: of twice as much half is held back, the invoice is paid
        order.order_line.product_uom_qty = 2
        self.assertEarned(1000 + 100 + 10)
