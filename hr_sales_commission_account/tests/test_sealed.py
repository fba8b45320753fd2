# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import CommissionAccountCommon


@tagged("post_install", "-at_install")
class TestSealedDocuments(CommissionAccountCommon):
    """What happened with orders, invoices and payments stays as it happened."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._make_plan(
            {"event_type": "order_confirmed", "rate": 10},
            {"event_type": "invoice_posted", "rate": 10},
            {"event_type": "payment_received", "rate": 10},
        )

    def _hand_over(self, record, name):
        record[name] = self.colleague.user_id

    def test_r5_the_successor_earns_what_happens_from_then_on(self):
        """Before and after what happened is computed."""
        for is_computed in (True, False):
            for document in ("lead", "order", "invoice"):
                with self.subTest(document=document, is_computed=is_computed):
                    savepoint = self.env.cr.savepoint()
                    lead = self._lead() if document == "lead" else None
                    if document == "invoice":
                        record, invoice = self._invoice(1000, tax=False), None
                        invoice, name = record, "invoice_user_id"
                        mine = 100
                    else:
                        order = self._order(1000, lead=lead)
                        invoice = self._invoice_order(order)
                        record, name = lead or order, "user_id"
                        mine = 200
                    if is_computed:
                        self._process()
                    self._hand_over(record, name)
                    self.assertEarned(mine)
                    self.assertEarned(0, self.colleague)
                    self._pay(invoice)
                    self.assertEarned(mine)
                    self.assertEarned(100, self.colleague)
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()

    def test_who_brought_the_customer_of_an_order_without_a_deal(self):
        """The lead that was the customer's latest; its invoice and money follow it."""
        self.plan.write({"state": "closed", "date_end": "2020-01-01"})
        self._make_plan(
            {"event_type": "order_confirmed", "rate": 3, "commission_source": "own"},
            {"event_type": "payment_received", "rate": 3, "commission_source": "own"},
            date_start="2020-01-02",
        )
        marketing = {"commission_source": "marketing", "marketer_id": self.marketer.id}
        self._lead(won=False, **marketing)
        order = self._order(1000)
        self._lead(won=False)
        order._commission_capture(touched=True)
        self.assertEarned(0)
        invoice = self._invoice_order(order, date=order.commission_date)
        self._pay(invoice, date=invoice.invoice_date)
        self.assertEarned(0)
        order.copy().action_confirm()
        self.assertEarned(30)

    def test_correcting_the_credit_of_an_order_from_a_day_on(self):
        order = self._order(1000, date="2026-01-05")
        invoice = self._invoice_order(order, date="2026-02-05")
        self._process()
        self.env["hr.commission.correction"].sudo()._correct_credit(
            order, {"sales": [(self.colleague.id, 100)]}, "Hand-over", "2026-02-01"
        )
        self._pay(invoice, date="2026-03-01")
        self.assertEarned(100)
        self.assertEarned(200, self.colleague)

    def test_r14_the_employee_record_comes_later(self):
        user = self.seller.user_id
        self.seller.user_id = False
        self._order(1000, user_id=user.id)
        self._invoice(1000, tax=False, invoice_user_id=user.id)
        self.assertEarned(0)
        waiting = self.env["hr.commission.event"].search(
            [("waiting_user_id", "=", user.id)]
        )
        self.assertEqual(len(waiting), 2)
        self.seller.user_id = user
        self.assertEarned(200)

    def test_the_day_of_an_order_stays(self):
        order = self._order(1000, date="2026-05-05")
        self._process()
        order.with_user(self.seller.user_id).date_order = "2026-01-01"
        order.order_line.price_unit = 1100
        self._process()
        self.assertEqual(str(self._events("order_confirmed").date), "2026-05-05")
        self.assertEarned(110)

    def test_an_order_confirmed_again_is_the_same_one(self):
        with freeze_time("2026-05-05 12:00:00"):
            order = self._order(1000)
        for day, date in (("2026-05-25", "2026-05-05"), ("2026-12-01", "2026-12-01")):
            with self.subTest(day=day):
                with freeze_time("2026-05-20 12:00:00"):
                    order._action_cancel()
                    self._process()
                    order.action_draft()
                with freeze_time(f"{day} 12:00:00"):
                    order.with_user(self.seller.user_id).action_confirm()
                    self.assertEarned(100)
                self.assertEqual(str(self._events("order_confirmed").date), date)

    def test_totals_written_past_the_lines_do_not_count(self):
        order = self._order(1000)
        order.write({"amount_untaxed": 90_000, "currency_rate": 0.01})
        order.order_line.write({"price_subtotal": 90_000})
        order.order_line.product_uom_qty = 1.0
        order._capture_order()
        self.assertEarned(100)

    def test_a_moved_order_keeps_source_and_people(self):
        lead = self._lead()
        other = self._lead(
            user_id=self.colleague.user_id.id,
            commission_source="marketing",
            marketer_id=self.marketer.id,
        )
        order = self._order(1000, lead=lead)
        order.with_user(self.seller.user_id).opportunity_id = other
        order.with_user(self.seller.user_id).opportunity_id = other.id
        for record in (order, order.sudo().commission_lead_id):
            told = record.message_ids.filtered(lambda each: "moved" in each.body)
            self.assertEqual(len(told), 1)
            self.assertIn("officer corrects them", told.body)
        self._invoice_order(order)
        self.assertEarned(200)
        self.assertEarned(0, self.colleague)
        self.assertEqual(set(self._lines().mapped("commission_source")), {"own"})
        self.assertEqual(self._lines().lead_id, lead)


@tagged("post_install", "-at_install")
class TestOrdersThatJoin(CommissionAccountCommon):
    """Orders and the deals they are attached to once confirmed."""

    def _as_officer(self, person):
        """Let somebody act as a commission officer who may write all orders."""
        user = person.user_id
        user.group_ids += self.env.ref(
            "hr_sales_commission.group_commission_officer"
        ) | self.env.ref("sales_team.group_sale_salesman_all_leads")
        return user

    def test_an_order_of_no_deal_stays_its_own(self):
        """Attached to a deal later, it pays nobody else, nobody twice, and no better."""
        self._make_plan(
            {"event_type": "deal_won", "role": "sales", "rate": 3},
            {"event_type": "order_confirmed", "role": "sales", "rate": 10},
            {
                "event_type": "order_confirmed",
                "role": "sales",
                "rate": 5,
                "commission_source": "own",
                "requires_verification": True,
            },
            {"event_type": "order_confirmed", "role": "marketing", "rate": 20},
        )
        order = self._order(1000, date="2026-05-04")
        deal = self._lead(
            user_id=self.colleague.user_id.id,
            marketer_id=self.marketer.id,
            expected_revenue=100,
        )
        decider = self._as_officer(self._create_person("decider"))
        self._process()
        order.with_user(self.seller.user_id).opportunity_id = deal
        order.order_line.price_unit = 2000
        self._process()
        paid = self._lines().filtered(lambda line: line.state != "held")
        self.assertEqual(sum(paid.mapped("amount")), 200)
        self.assertEarned(3, self.colleague)
        self.assertEarned(0, self.marketer)
        self.assertEqual(deal.won_amount, 100)
        self.assertIn("confirmed without a deal", order.message_ids[0].body)
        self.assertIn("moved here", deal.message_ids[0].body)
        self.assertEqual(order.activity_ids.user_id, self.env.user)
        # who decides lets it join, which is on record
        order.with_user(decider).opportunity_id = False
        order.with_user(decider).opportunity_id = deal
        self._process()
        self.assertEqual(deal.won_amount, 2000)
        self.assertEarned(60, self.colleague)
        self.assertEqual(self._lines().filtered("amount").lead_id, deal)
        log = self.env["hr.commission.correction"].search(
            [("res_id", "=", order.id), ("what", "=", "lead_id")]
        )
        self.assertEqual(
            log.mapped(lambda each: (each.value_from, each.value_to, each.user_id)),
            [("No deal", "Deal", decider)],
        )

    def test_an_order_joins_a_deal_of_the_same_people(self):
        """Nobody is asked, and who sold both is not refused."""
        self._make_plan({"event_type": "order_confirmed", "rate": 10})
        order = self._order(1000)
        self._process()
        order.with_user(self.seller.user_id).opportunity_id = self._lead()
        self.assertFalse(order.activity_ids)
        self.assertEarned(100)

    def test_an_order_of_others_moves_no_won_deal(self):
        """Who reads all leads lowers no colleague's deal: by no order, confirmed under
        it by whatever way, in whosever name."""
        self._make_plan({"event_type": "deal_won", "rate": 10})
        deal, rival = self._lead(expected_revenue=5000), self.colleague.user_id
        self._process()
        rival.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        stranger = self.customer.copy()
        visitor = self.env.ref("base.public_user")
        mine = {"user_id": rival.id}
        theirs = deal.with_user(rival)

        def make(**vals):
            return theirs.env["sale.order"].create(
                {
                    "partner_id": self.customer.id,
                    "opportunity_id": deal.id,
                    "order_line": [self._order_line(1)],
                    **mine,
                    **vals,
                }
            )

        def confirm(by=rival, **vals):
            make(**vals).with_user(by).sudo(by != rival).action_confirm()

        def out_of_won_and_back():
            theirs.stage_id = self.stage_new
            confirm()
            theirs.stage_id = self.stage_won

        def by_taking_it_over():
            theirs.user_id = rival
            confirm()
            theirs.user_id = self.seller.user_id

        def merged():
            other = self._lead(won=False, **mine)
            self._order(1, lead=other, **mine)
            (deal | other).with_user(rival).merge_opportunity(
                user_id=self.seller.user_id.id
            )

        attempts = {
            "one's own": confirm,
            "of nobody": lambda: confirm(user_id=False),
            "signed by a visitor": lambda: confirm(visitor, user_id=False),
            "of a stranger": lambda: confirm(
                user_id=deal.user_id.id, partner_id=stranger.id
            ),
            "confirmed by who sold the deal": lambda: confirm(deal.user_id),
            "made confirmed": lambda: make(state="sale"),
            "by the system": lambda: confirm(self.env.ref("base.user_root")),
            "out of Won and back": out_of_won_and_back,
            "taken over": by_taking_it_over,
            "merged": merged,
        }
        for label, attack in attempts.items():
            with self.subTest(label), self.env.cr.savepoint() as savepoint:
                attack()
                self._process()
                lines = self._lines().exists()
                self.assertEqual(deal.exists().mapped("won_amount") or [5000], [5000])
                self.assertEqual(sum(lines.mapped("amount")), 500)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_an_order_of_the_deal_moves_it(self):
        """One's own, a back office's in one's name, a successor's, an officer's choice."""
        self._make_plan({"event_type": "deal_won", "rate": 10})
        deal, office = self._lead(expected_revenue=5000), self._create_person("office")
        self._process()
        office.user_id.group_ids += self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        contact = self.customer.copy({"parent_id": self.customer.id})
        decider = self._as_officer(self._create_person("decider"))

        def confirm(by, **vals):
            order = self._order(900, lead=deal, confirm=False, **vals)
            order.with_user(by).action_confirm()
            return order

        def hand_over():
            self.env["hr.commission.correction"].sudo()._correct_credit(
                deal, {"sales": [(self.colleague.id, 100)]}, "Hand-over", "2030-01-01"
            )
            confirm(self.colleague.user_id, user_id=self.colleague.user_id.id)

        def decide():
            order = confirm(self.colleague.user_id, user_id=self.colleague.user_id.id)
            self.assertEqual(deal.won_amount, 5000)
            self.assertIn("does not count here", deal.message_ids[0].body)
            self.assertTrue(order.activity_ids)
            order.with_user(decider).opportunity_id = False
            order.with_user(decider).opportunity_id = deal

        attempts = {
            "own": lambda: confirm(self.seller.user_id, partner_id=contact.id),
            "back office": lambda: confirm(office.user_id),
            "nobody's, by an officer": lambda: confirm(decider, user_id=False),
            "successor": hand_over,
            "officer decides": decide,
        }
        for label, act in attempts.items():
            with self.subTest(label), self.env.cr.savepoint() as savepoint:
                act()
                self._process()
                self.assertEqual(deal.won_amount, 900)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_who_earns_corrects_no_sealed_order(self):
        """By credit, share, deal or chain of managers, also of then and not yet paid."""
        self._make_plan({"event_type": "order_confirmed", "rate": 10})
        boss, former = self._create_person("boss"), self._create_person("former")
        self.seller.parent_id = former
        order, mine = self._order(1000), self._lead(user_id=boss.user_id.id)
        fresh = self._order(500, user_id=self.colleague.user_id.id)
        shared = self._order(700)
        shared.commission_share_ids = [
            Command.create({"employee_id": person.id, "percent": 50})
            for person in (self.seller, self.marketer)
        ]
        (order | shared).flush_recordset()
        former_user = self._as_officer(former)
        self.env["hr.commission.event"].search(
            [("res_id", "in", (order | shared).ids)]
        )._process()
        self.seller.parent_id = boss
        seller, boss_user = self._as_officer(self.seller), self._as_officer(boss)
        self.seller.user_id = False
        attempts = (
            (seller, order, {"date_order": "2026-01-01"}),
            (boss_user, order, {"date_order": "2026-01-01"}),
            (former_user, order, {"date_order": "2026-01-01"}),
            (self._as_officer(self.marketer), shared, {"date_order": "2026-01-01"}),
            (self._as_officer(self.colleague), fresh, {"date_order": "2026-01-01"}),
            (boss_user, fresh, {"opportunity_id": mine.id}),
        )
        for user, document, vals in attempts:
            with self.subTest(user=user.name, **vals):
                with self.assertRaisesRegex(UserError, "interest in the pay"):
                    document.with_user(user).write(vals)
        other = self._as_officer(self._create_person("other"))
        order.with_user(other).date_order = "2026-01-01"
        self._process()
        self.assertEqual(
            str(self._events("order_confirmed")[0].date),
            "2026-01-01",
        )


@tagged("post_install", "-at_install")
class TestCorrectedDocuments(CommissionAccountCommon):
    """Corrections of documents belong to what they correct."""

    def test_r1_the_only_order_is_cancelled(self):
        self._make_plan({"event_type": "deal_won", "rate": 10})
        lead = self._lead(expected_revenue=5000)
        order = self._order(1000, lead=lead)
        self.assertEarned(100)
        self._lines().sudo().write({"state": "approved"})
        order._action_cancel()
        self.assertEarned(0)
        lead.expected_revenue = 7000
        self.assertEarned(0)
        self._order(300, lead=lead)
        self.assertEarned(30)

    def test_a_hand_over_from_a_day_on(self):
        """Money and renewals after it are the successor's; what is taken back of
        before, the predecessor's."""
        self._make_plan(
            {"event_type": "order_confirmed", "rate": 1},
            {"event_type": "invoice_posted", "rate": 5},
            {"event_type": "payment_received", "rate": 10},
        )
        lead = self._lead()
        order = self._order(1000, lead=lead, date="2026-01-05")
        invoice = self._invoice_order(order, date="2026-02-05")
        self._pay(invoice, amount=invoice.amount_total * 0.4, date="2026-02-15")
        self.assertEarned(10 + 50 + 40)
        self.env["hr.commission.correction"].sudo()._correct_credit(
            lead, {"sales": [(self.colleague.id, 100)]}, "Hand-over", "2026-03-01"
        )
        self.assertEarned(100)
        self._pay(invoice, date="2026-03-15")
        self.assertEarned(100)
        self.assertEarned(60, self.colleague)
        renewal = self._order(500, lead=lead, date="2026-04-05")
        renewed = self._invoice_order(renewal, date="2026-04-06")
        self._pay(renewed, date="2026-04-20")
        self.assertEarned(100)
        self.assertEarned(60 + 5 + 25 + 50, self.colleague)
        note = self._refund(invoice, date="2026-05-01", price=200)
        self.assertEarned(100 - 10)
        self.assertEarned(140, self.colleague)
        self._pay(note, date="2026-05-02")  # what came first goes back first
        self.assertEarned(90 - 20)
        self.assertEarned(140, self.colleague)
        self._refund(renewed, date="2026-05-03")
        self.assertEarned(70)
        self.assertEarned(140 - 25, self.colleague)

    def test_r6_first_purchase_credited(self):
        self._make_plan(
            {"event_type": "invoice_posted", "rate": 10, "customer_kind": "first"}
        )
        invoice = self._invoice(1000, tax=False)
        self.assertEarned(100)
        self._refund(invoice, date="2026-01-12")
        self.assertEarned(0)

    def _make_falling_plans(self):
        self._make_plan(
            {"event_type": "invoice_posted", "rate": 10}, date_end="2026-09-30"
        )
        return self._make_plan(
            {"event_type": "invoice_posted", "rate": 5},
            date_start="2026-10-01",
            name="Lower",
        )

    def test_r7_a_refund_at_the_rate_of_its_invoice(self):
        self._make_falling_plans()
        invoice = self._invoice(1000, date="2026-09-10", tax=False)
        self._refund(invoice, date="2026-10-20", price=400)
        self.assertPaidByDay({"2026-09-10": 100, "2026-10-20": -40})
        self._refund(invoice, date="2026-10-21", price=600)
        self.assertEarned(0)

    def test_r7_a_credit_note_follows_its_invoice_to_another_day(self):
        self._make_falling_plans()
        invoice = self._invoice(1000, date="2026-09-30", tax=False)
        self._refund(invoice, date="2026-10-20", price=400)
        self.assertEarned(60)
        invoice.button_draft()
        invoice.invoice_date = "2026-10-01"
        invoice.action_post()
        self.assertEarned(30)

    def test_r7_a_credit_note_that_names_its_invoice_later(self):
        """It pays back at the rate and by the people of the invoice all the same."""
        self._make_falling_plans()
        invoice = self._invoice(1000, date="2026-09-10", tax=False)
        self._process()
        note = self._invoice(
            400,
            tax=False,
            refund=True,
            date="2026-10-20",
            invoice_user_id=self.colleague.user_id.id,
        )
        self._process()
        self.assertEarned(-20, self.colleague)
        for _again in range(2):
            note.reversed_entry_id = invoice
            self._process()
            self.assertPaidByDay({"2026-09-10": 100, "2026-10-20": -40})
            self.assertEarned(0, self.colleague)

    def test_r7_a_refund_takes_its_bracket_back(self):
        self._make_plan(
            {
                "event_type": "invoice_posted",
                "tier_mode": "marginal",
                "tier_measure": "cumulative",
                "tier_period": "month",
                "tier_ids": [
                    Command.create({"from_value": 0, "rate": 1}),
                    Command.create({"from_value": 1000, "rate": 10}),
                ],
            }
        )
        first = self._invoice(1000, date="2026-09-10", tax=False)
        self._invoice(1000, date="2026-09-11", tax=False)
        self.assertEarned(110)
        self._refund(first, date="2026-10-20")
        self.assertEarned(10)

    def test_r7_plan_option_of_the_day_of_the_refund(self):
        plan = self._make_plan(
            {"event_type": "invoice_posted", "rate": 10},
            date_end="2026-09-30",
            refund_basis="day",
        )
        self.assertEqual(plan.refund_basis, "day")
        self._make_plan(
            {"event_type": "invoice_posted", "rate": 5},
            date_start="2026-10-01",
            name="Lower",
        )
        invoice = self._invoice(1000, date="2026-09-10", tax=False)
        self._refund(invoice, date="2026-10-20")
        self.assertEarned(50)

    def test_r7_a_refund_at_the_exchange_rate_of_its_invoice(self):
        foreign = self.setup_other_currency(
            "GBP", rates=[("2026-01-01", 2), ("2026-03-01", 4)]
        )
        self._make_plan({"event_type": "invoice_posted", "rate": 10})
        invoice = self._invoice(333.33, 0.05, currency=foreign, tax=False)
        self.assertEarned(16.67)
        note = self._refund(invoice, date="2026-03-05", price=100)
        self.assertEarned(11.67)
        note.button_draft()
        note.button_cancel()
        self._refund(invoice, date="2026-03-05")
        self.assertEarned(0)

    def test_r7_a_refund_at_the_exchange_rate_of_the_sale_for_people_elsewhere(self):
        foreign = self.setup_other_currency("GBP", rates=[])
        other = self.env["res.company"].create(
            {"name": "Elsewhere", "currency_id": foreign.id}
        )
        self.env["res.currency.rate"].create(
            [
                {
                    "name": day,
                    "rate": rate,
                    "currency_id": self.company.currency_id.id,
                    "company_id": other.id,
                }
                for day, rate in (("2026-01-01", 2), ("2026-03-01", 4))
            ]
        )
        self.colleague.company_id = other
        self._make_plan(
            {"event_type": "invoice_posted", "rate": 10}, company_id=other.id
        )
        invoice = self._invoice(
            1000, tax=False, invoice_user_id=self.colleague.user_id.id
        )
        self._refund(invoice, date="2026-03-05")
        self._process()
        lines = self.env["hr.commission.line"].search(
            [("employee_id", "=", self.colleague.id)]
        )
        self.assertEqual(sorted(lines.mapped("amount")), [-50, 50])

    def test_r7_a_refund_lowers_the_attainment_of_the_branch_in_its_month(self):
        """Of everybody in the branch, in the month of the invoice."""
        self._make_plan(
            {
                "event_type": "invoice_posted",
                "tier_mode": "whole",
                "tier_measure": "branch_attainment",
                "target_measure": "invoiced",
                "tier_period": "month",
                "tier_ids": [
                    Command.create({"from_value": start, "rate": rate})
                    for start, rate in ((0, 1), (100, 10))
                ],
            }
        )
        self.env["hr.commission.target"].create(
            {
                "branch_id": self.company.id,
                "company_id": self.company.id,
                "measure": "invoiced",
                "period": "month",
                "date_from": "2026-01-01",
                "amount": 1500,
            }
        )
        colleague = {"invoice_user_id": self.colleague.user_id.id}
        self._invoice(1000, tax=False)
        invoice = self._invoice(1000, tax=False, **colleague)
        self.assertEarned(100)
        self._refund(invoice, date="2026-05-05")
        self.assertEarned(0, self.colleague)
        self.assertEarned(10)

    def test_what_is_invoiced_instead_is_of_the_same_salesperson(self):
        self._make_plan({"event_type": "invoice_posted", "rate": 10})
        invoice = self._invoice(1000)
        wizard = self.env["account.move.reversal"].create(
            {"journal_id": invoice.journal_id.id, "move_ids": invoice.ids}
        )
        action = wizard.modify_moves()  # by the accountant
        corrected = self.env["account.move"].browse(action["res_id"])
        corrected.invoice_line_ids.price_unit = 900
        self.assertEarned(0)
        corrected.action_post()
        self.assertEarned(90)

    def test_as_much_of_an_award_is_lost_as_of_its_sale(self):
        self._make_plan({"event_type": "invoice_posted", "rate": 3})
        invoice = self._invoice(1000)
        self.assertEarned(30)
        claim = self.env["hr.commission.dispute"].create(
            {
                "kind": "line",
                "line_id": self._lines().id,
                "claimed_amount": 50,
                "reason": "x",
            }
        )
        claim.sudo().action_decide("accepted", "Seen the mails")
        self.assertEarned(50)
        self._refund(invoice, price=400)
        self.assertEarned((30 + 20) * 0.6)
        last = self._refund(invoice, price=600)
        self.assertEarned(0)
        last.button_draft()
        self.assertEarned((30 + 20) * 0.6)

    def _award(self, amount):
        """Claim more for what was earned, and let it be awarded."""
        self._process()
        claim = self.env["hr.commission.dispute"].create(
            {
                "kind": "line",
                "line_id": self._lines().filtered(lambda line: line.amount > 0).id,
                "claimed_amount": amount,
                "reason": "x",
            }
        )
        claim.sudo().action_decide("accepted", "Seen the mails")

    def test_an_award_follows_its_order(self):
        self._make_plan({"event_type": "order_confirmed", "rate": 10})
        order = self._order(1000)
        self._award(150)
        for quantity, earned in ((0.5, 75), (2, 200), (1, 150)):
            order.order_line.product_uom_qty = quantity
            self.assertEarned(earned)
        order._action_cancel()
        self.assertEarned(0)

    def test_an_award_follows_money_paid_back(self):
        self._make_plan({"event_type": "payment_received", "rate": 10})
        invoice = self._invoice(1000, tax=False)
        self._pay(invoice)
        self._award(150)
        self._pay(self._refund(invoice, price=500), date="2026-03-05")
        self.assertEarned(75)

    def test_an_award_follows_what_is_left_of_what_it_was_for(self):
        """An invoice reduced already, in a currency whose rate changed since."""
        self._make_plan({"event_type": "invoice_posted", "rate": 10})
        rates = [("2020-01-01", 2.0), ("2026-07-01", 4.0)]
        francs = self.setup_other_currency("CHF", rates=rates)
        invoice = self._invoice(1000, currency=francs, tax=False)
        self._refund(invoice, price=400)
        self.assertEarned(30)
        self._award(80)  # 50 earned, 20 taken back; 30 more of 60 in all
        earned = self._earned()
        self._refund(invoice, price=300, date="2026-07-20")
        self.assertEarned(earned / 2)

    def test_r8_a_refund_at_the_cost_of_its_invoice(self):
        self._make_plan({"event_type": "invoice_posted", "rate": 10, "base": "margin"})
        self.product.standard_price = 500
        invoice = self._invoice(1000, tax=False)
        self.assertEarned(50)
        self.product.standard_price = 700
        self._refund(invoice)
        self.assertEarned(0)

    def test_refunds_in_parts_take_back_what_the_sale_paid(self):
        """By its bracket, its least amount and its cents; an edited part counts anew."""
        self._make_plan(
            {"event_type": "invoice_posted", "rate": 10, "min_amount": 800},
            {
                "event_type": "invoice_posted",
                "tier_mode": "whole",
                "tier_measure": "amount",
                "tier_ids": [
                    Command.create({"from_value": start, "rate": rate})
                    for start, rate in ((0, 1), (900, 5))
                ],
            },
        )
        invoice = self._invoice(999.99, date="2026-01-10", tax=False)
        self.assertEarned(150)
        first, *_others = [
            self._refund(invoice, date=f"2026-02-0{day}", price=333.33)
            for day in (1, 2, 3)
        ]
        self.assertEarned(0)
        first.button_draft()
        self.assertEarned(50)

    def test_a_refund_of_a_part_leaves_the_floor(self):
        self._make_plan({"event_type": "invoice_posted", "rate": 10, "floor": 150})
        invoice = self._invoice(1000, tax=False)
        self._refund(invoice, price=500)
        self.assertEarned(150)
        self._refund(invoice, price=500)
        self.assertEarned(0)

    def test_r8_one_product_at_two_prices(self):
        self._make_plan({"event_type": "invoice_posted", "rate": 10, "base": "margin"})
        invoice = self._invoice(1000, 300, 1000, tax=False)  # each costs 600
        self.assertEarned(40 - 30 + 40)
        self._refund(invoice, price=300)
        self.assertEarned(80)
        self._refund(invoice, price=500)  # half of one of the dear ones
        self.assertEarned(60)

    def test_r8_a_part_of_the_price_takes_a_part_of_the_margin_back(self):
        self._make_plan({"event_type": "invoice_posted", "rate": 10, "base": "margin"})
        invoice = self._invoice(1000, tax=False)
        self._refund(invoice, price=500)
        self.assertEarned(20)

    def test_r6_what_was_credited_in_full_was_no_purchase(self):
        self._make_plan(
            {"event_type": "invoice_posted", "rate": 10, "customer_kind": "first"}
        )
        wrong = self._invoice(1000, tax=False)
        self._refund(wrong, date="2026-01-12")
        self._invoice(900, tax=False, date="2026-01-13")
        self._invoice(800, tax=False, date="2026-01-14")
        self.assertEarned(90)

    def test_r6_an_order_after_what_was_credited_is_the_first(self):
        self._make_plan(
            {"event_type": "order_confirmed", "rate": 10, "customer_kind": "first"}
        )
        wrong = self._invoice(1000, tax=False)
        self._refund(wrong, date="2026-01-12")
        self._order(900, date="2026-01-13")
        self._order(800, date="2026-01-14")
        self.assertEarned(90)

    def test_r7_a_refund_before_its_invoice_was_computed_is_shared_alike(self):
        self._make_plan({"event_type": "invoice_posted", "rate": 10})
        people = (self.seller, self.colleague)
        invoice = self._invoice(100.01, tax=False, post=False)
        invoice.commission_share_ids = [
            Command.create(
                {"role": "sales", "employee_id": person.id, "percent": percent}
            )
            for person, percent in zip(people, (33.33, 66.67), strict=True)
        ]
        invoice.action_post()
        self._refund(invoice)
        for person in people:
            self.assertEarned(0, person)

    def test_r15_a_typed_credit_note_for_an_ordered_invoice(self):
        self._make_falling_plans()
        order = self._order(1000, date="2026-09-01")
        invoice = self._invoice_order(order, date="2026-09-10")
        self.assertEarned(100)
        self._invoice(
            1000,
            tax=False,
            refund=True,
            date="2026-10-20",
            reversed_entry_id=invoice.id,
            invoice_user_id=self.colleague.user_id.id,
        )
        self.assertEarned(0)
        self.assertEarned(0, self.colleague)

    def test_a_target_counts_a_refund_in_the_month_of_its_sale(self):
        """As the brackets do."""
        self._make_plan({"event_type": "invoice_posted", "rate": 10})
        target = self.env["hr.commission.target"].create(
            {
                "employee_id": self.seller.id,
                "company_id": self.company.id,
                "measure": "invoiced",
                "period": "month",
                "date_from": "2026-01-01",
                "amount": 1000,
            }
        )
        invoice = self._invoice(1000, tax=False)
        self._refund(invoice, date="2026-03-05", price=400)
        self._process()
        self.assertEqual(target.achieved, 600)

    def test_r15_a_typed_credit_note_takes_back_what_its_invoice_paid(self):
        """It names neither the order nor the product, and has no cost."""
        own, marketing = (
            {"commission_source": "own"},
            {"commission_source": "marketing"},
        )
        product = {"product_domain": f"[('id', '=', {self.product.id})]"}
        invoiced = {"event_type": "invoice_posted"}
        self._make_plan(
            {**invoiced, **marketing, "rate": 4},
            {**invoiced, **own, "rate": 50},
            {**invoiced, **product, "rate": 2},
            {**invoiced, "base": "margin", "rate": 10},
        )
        lead = self._lead(**marketing, marketer_id=self.marketer.id)
        other = self._order_line(500, product=self.other_product)
        order = self._order(1500, other, lead=lead, date="2026-01-05")
        invoice = self._invoice_order(order, date="2026-01-10")
        paid = 80 + 30 + 50
        self.assertEarned(paid)
        for day, amount, left in ((1, 500, 0.75), (2, 1500, 0)):
            note = self._invoice(
                amount,
                tax=False,
                refund=True,
                date=f"2026-02-0{day}",
                reversed_entry_id=invoice.id,
                post=False,
            )
            note.invoice_line_ids.write({"product_id": False, "price_unit": amount})
            note.action_post()
            self.assertEarned(paid * left)

    def test_r15_a_credit_note_of_the_accountant(self):
        self._make_plan({"event_type": "invoice_posted", "rate": 10})
        invoice = self._invoice(1000, tax=False)
        self._process()
        invoice.invoice_user_id = False
        self._invoice(
            1000,
            tax=False,
            refund=True,
            date="2026-02-01",
            reversed_entry_id=invoice.id,
            invoice_user_id=self.colleague.user_id.id,
        )
        self.assertEarned(0)
        self.assertEarned(0, self.colleague)

    def test_r10_a_payment_that_settled_the_wrong_invoice(self):
        self._make_plan(
            {"event_type": "payment_received", "rate": 10}, clawback_days=30
        )
        wrong = self._invoice(1000, tax=False)
        right = self._invoice(1000, tax=False, date="2026-01-11")
        self._pay(wrong, date="2026-01-15")
        self.assertEarned(100)
        receivable = self._receivable(wrong)
        money = receivable.matched_credit_ids.credit_move_id
        receivable.remove_move_reconcile()
        self.assertEarned(0)
        (money | self._receivable(right)).reconcile()
        self.assertEarned(100)

    def _withhold(self, invoice, amount, account):
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2026-03-01",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self._receivable(invoice).account_id.id,
                            "partner_id": invoice.partner_id.id,
                            "credit": amount,
                        }
                    ),
                    Command.create({"account_id": account.id, "debit": amount}),
                ],
            }
        )
        entry.action_post()
        (self._receivable(entry) | self._receivable(invoice)).reconcile()

    def test_r13_withheld_tax(self):
        assets = self.company_data["default_account_assets"]
        expenses = self.company_data["default_account_expense"]
        for basis, withheld, written_off in (
            ("withheld", 100, 90),
            ("money", 90, 90),
            ("settled", 100, 100),
        ):
            for account, earned in ((assets, withheld), (expenses, written_off)):
                with self.subTest(basis=basis, account=account.name):
                    savepoint = self.env.cr.savepoint()
                    self._make_plan(
                        {"event_type": "payment_received", "rate": 10},
                        collected_basis=basis,
                    )
                    invoice = self._invoice(1000, tax=False)
                    self._pay(invoice, 900, date="2026-02-01")
                    self._withhold(invoice, 100, account)
                    self.assertEarned(earned)
                    # written off, or discounted, within the payment
                    invoice = self._invoice(1000, tax=False)
                    self._pay(
                        invoice,
                        900,
                        payment_difference_handling="reconcile",
                        writeoff_account_id=account.id,
                    )
                    self.assertEarned(earned + (90 if basis == "money" else 100))
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()
                    self.env.registry.clear_cache()

    def test_r19_money_before_the_invoice_and_before_the_plan(self):
        self._make_plan(
            {"event_type": "payment_received", "rate": 10}, date_start="2026-02-01"
        )
        invoice = self._invoice(1000, tax=False, date="2026-02-10")
        self._pay(invoice, date="2026-01-20")
        self.assertPaidByDay({"2026-02-10": 100})


@tagged("post_install", "-at_install")
class TestListPriceSealed(CommissionAccountCommon):
    """What old documents pay does not follow the price list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._make_plan(
            {"event_type": "order_confirmed", "rate": 10, "base": "list_price"},
            {"event_type": "invoice_posted", "rate": 1, "base": "list_price"},
        )

    def test_a_later_price_list_moves_nothing(self):
        order = self._order(800, date="2026-01-05")
        self.assertEarned(100)
        self.product.list_price = 3000
        invoice = self._invoice_order(order)
        order.order_line.price_unit = 700
        self.assertEarned(110)
        self._refund(invoice, price=400)
        self.assertEarned(105)
        order.order_line.product_uom_qty = 2
        self.assertEarned(205)
        self._order(800, date="2026-02-25")
        self.assertEarned(505)

    def test_a_list_price_of_nothing_is_sealed_as_well(self):
        self.product.list_price = 0
        order = self._order(800)
        self.product.list_price = 3000
        order.order_line.price_unit = 700
        self.assertEarned(0)

    def test_another_product_has_its_own(self):
        self.other_product.list_price = 500
        order = self._order(800)
        order.order_line.product_id = self.other_product
        self.assertEarned(50)
        self.other_product.list_price = 900
        order._capture_order(touched=True)
        self.assertEarned(50)

    def test_another_product_has_its_own_cost(self):
        self.plan.write({"active": False, "state": "closed", "date_end": "2020-01-02"})
        self._make_plan(
            {"event_type": "order_confirmed", "rate": 10, "base": "margin"},
            date_start="2020-01-03",
        )
        order = self._order(1000)
        self.assertEarned(40)
        order.order_line.product_id = self.other_product
        order.order_line.price_unit = 1000
        self.assertEarned(10)


@tagged("post_install", "-at_install")
class TestMovedByHand(CommissionAccountCommon):
    """What people move on documents is on record, with old and new value."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_plan(
            {"event_type": "order_confirmed", "rate": 10},
            {"event_type": "invoice_posted", "rate": 10},
        )

    def _log_of(self, document, user=None):
        """Return the log of a document and its lines: what, old, new, for oneself."""
        self.env.flush_all()
        items = document.order_line if document._name == "sale.order" else document
        entries = self.env["hr.commission.audit"].search(
            [
                ("res_model", "in", (document._name, items._name)),
                ("res_id", "in", document.ids + items.ids),
                ("user_id", "=", (user or self.seller.user_id).id),
            ],
            order="id",
        )
        return [
            (each.field_name, each.old_value, each.new_value, each.is_self_benefit)
            for each in entries
        ]

    def test_lines_of_a_confirmed_order(self):
        order = self._order(1000)
        self._process()
        item = order.order_line.with_user(self.seller.user_id)
        item.write({"price_unit": 1100})
        item.discount = 50
        item.product_uom_qty = 4
        self.assertEqual(
            self._log_of(order),
            [
                ("amount_untaxed", "1000.0", "1100.0", True),
                ("price_unit", "1000.0", "1100.0", True),
                ("amount_untaxed", "1100.0", "550.0", True),
                ("discount", "0.0", "50.0", True),
                ("amount_untaxed", "550.0", "2200.0", True),
                ("product_uom_qty", "1.0", "4.0", True),
            ],
        )
        item.product_id = self.other_product
        self.assertIn("Hook", self._log_of(order)[-1][2])
        findings = self.env["hr.commission.inspection"].search(
            [("user_id", "=", self.seller.user_id.id), ("new_value", "=", "1100.0")]
        )
        self.assertEqual(set(findings.mapped("finding")), {"by_hand", "self_benefit"})

    def test_a_line_more_and_one_less(self):
        order = self._order(1000)
        mine = order.with_user(self.seller.user_id)
        mine.order_line = [self._order_line(500)]
        self.assertEqual(
            [entry[0] for entry in self._log_of(order)], ["amount_untaxed", False]
        )
        # what Odoo lets nobody delete can be set to nothing
        mine.order_line[-1].product_uom_qty = 0
        self.assertEqual(self._log_of(order)[-1][:3], ("product_uom_qty", "1.0", "0.0"))

    def test_by_whom_it_is_no_matter_of(self):
        """A quotation is nobody's pay; whoever earns nothing by it has no interest."""
        quotation = self._order(1000, confirm=False)
        quotation.with_user(self.seller.user_id).order_line.price_unit = 900
        self.assertEqual(self._log_of(quotation), [])
        order = self._order(1000, user_id=self.colleague.user_id.id)
        self._process()
        leader = self.marketer.user_id
        leader.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        order.with_user(leader).order_line.price_unit = 900
        self.assertEqual({entry[3] for entry in self._log_of(order, leader)}, {False})
        order.sudo().order_line.price_unit = 800
        self.assertEqual(len(self._log_of(order, self.env.user)), 0)

    def test_sharers_gain_as_well(self):
        order = self._order(1000)
        order.commission_share_ids = [
            Command.create({"employee_id": person.id, "percent": 50})
            for person in (self.seller, self.colleague)
        ]
        self._process()
        user = self.colleague.user_id
        user.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        order.with_user(user).order_line.price_unit = 2000
        self.assertEqual({entry[3] for entry in self._log_of(order, user)}, {True})

    def test_an_invoice_posted_again(self):
        """Its day, its amount and whether it counts."""
        invoice = self._invoice(1000, tax=False)
        self._process()
        user = self.seller.user_id
        user.group_ids += self.env.ref("account.group_account_invoice")
        mine = invoice.with_user(user)
        mine.button_draft()
        mine.write({"invoice_date": "2026-02-10"})
        mine.invoice_line_ids.price_unit = 1500
        mine.action_post()
        self.assertEqual(
            [entry for entry in self._log_of(invoice) if entry[0] != "date"],
            [
                ("state", "counted", "draft", True),
                ("state", "undone", "posted", True),
                ("invoice_date", "2026-01-10", "2026-02-10", True),
                ("amount_untaxed", "1000.0", "1500.0", True),
            ],
        )

    def test_a_cancelled_order_and_another_salesperson(self):
        order = self._order(1000)
        mine = order.with_user(self.seller.user_id)
        mine.partner_id = self.customer.copy().id
        mine._action_cancel()
        self.assertEqual(
            [entry[:2] for entry in self._log_of(order)],
            [("partner_id", self.customer.name), ("state", "counted")],
        )
