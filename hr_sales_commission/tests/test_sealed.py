# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from dataclasses import replace
from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..pipeline.double_sales import Sale, find_doubles, find_near_days
from .common import CommissionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-05-20 12:00:00")
class TestSealedCredit(CommissionCommon):
    """Whom an event credits is what was true when it happened."""

    def _won_and_paid(self, amount=2000, **vals):
        lead = self._lead_won(self.sales_north, amount, "2026-05-04", **vals)
        lines = self._lines(lead).filtered(lambda line: line.state == "draft")
        lines.with_user(self.officer_hq.user_id).action_approve()
        lines._payroll_paid("2026-05-19", "SLIP/1")
        return lead

    def _credited(self, lead):
        credits = self._events(lead).credit_ids.filtered("share")
        return credits.filtered(lambda credit: credit.role == "sales").employee_id

    def test_r5_a_successor_gets_nothing_of_what_happened_before(self):
        """Whatever changes on the deal or of the people, before or after computing."""
        rehired = self.env["hr.employee"].create(
            {"name": "Rehired", "company_id": self.north.id}
        )

        def rehire(lead):
            self.sales_north.user_id = False
            self.env.flush_all()  # no user is two employees of a company
            rehired.user_id = lead.user_id

        changes = {
            "salesperson": lambda lead: lead.write(
                {"user_id": self.team_manager.user_id.id}
            ),
            "nobody": lambda lead: lead.write({"user_id": False}),
            "shares": lambda lead: lead.write(
                {
                    "commission_share_ids": [
                        Command.create({"employee_id": self.team_manager.id})
                    ]
                }
            ),
            "manager": lambda _lead: self.sales_north.write(
                {"parent_id": self.marketer.id}
            ),
            "company": lambda _lead: self._move_to_south(self.sales_north),
            "rehired (R4)": rehire,
            "archived (R3)": lambda _lead: self.sales_north.action_archive(),
        }
        for is_computed in (True, False):
            for name, change in changes.items():
                with self.subTest(change=name, is_computed=is_computed):
                    savepoint = self.env.cr.savepoint()
                    lead = self._lead_won(
                        self.sales_north, 2000, "2026-05-04", process=is_computed
                    )
                    change(lead)
                    events = self._events(lead)
                    events._set_pending([("id", "in", events.ids)])
                    self._process()
                    self.assertLines(
                        lead, [(self.sales_north, "SAL_OWN", 100, "draft")]
                    )
                    credit = events.credit_ids
                    self.assertEqual(credit.company_id, self.north)
                    self.assertEqual(
                        credit.manager_path.split("/")[0], str(self.team_manager.id)
                    )
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()

    def test_r3_the_amount_of_a_leavers_deal_rises(self):
        lead = self._won_and_paid()
        self.sales_north.user_id = False
        self.sales_north.action_archive()
        lead.expected_revenue = 2010
        self._process()
        self.assertLines(
            lead,
            [
                (self.sales_north, "SAL_OWN", 100, "paid"),
                (self.sales_north, "SAL_OWN", 0.5, "draft"),
            ],
        )

    def test_r2_a_win_that_comes_back_keeps_its_day_and_amount(self):
        lead = self._won_and_paid()
        self.plan.action_change()
        change = self.plan.next_ids
        change.date_start = "2026-05-10"
        change.rule_ids.filtered(lambda rule: rule.name == "SAL_OWN").rate = 1
        change.action_activate()
        lead.expected_revenue = 9000
        lead.won_amount = 2000
        for day, won_on, paid in (
            ("2026-05-21", "2026-05-04", 100),
            ("2026-12-24", "2026-12-24", 90),
        ):
            with self.subTest(day=day), freeze_time("2026-05-20 12:00:00"):
                lead.with_user(self.sales_north.user_id).stage_id = self.stage_new
                self._process()
                self.assertFalse(lead.date_won)
                with freeze_time(f"{day} 12:00:00"):
                    lead.with_user(self.sales_north.user_id).stage_id = self.stage_won
                    self._process()
                self.assertEqual(str(lead.date_won), won_on)
                self.assertEqual(sum(self._lines(lead).mapped("amount")), paid)

    def test_nobody_else_moves_a_sealed_day_or_amount(self):
        lead = self._won_and_paid()
        mine = lead.with_user(self.sales_north.user_id)
        mine.write({"expected_revenue": 50_000})
        mine.write({"won_status": "pending"})
        mine.write({"won_status": "won"})
        mine.action_archive()
        mine.action_unarchive()
        self._process()
        self.assertEqual(str(lead.date_won), "2026-05-04")
        self.assertEqual(lead.won_amount, 2000)
        self.assertEqual(sum(self._lines(lead).mapped("amount")), 100)

    def test_officers_corrections_of_days_and_amounts_are_logged(self):
        lead = self._won_and_paid()
        lead.with_user(self.officer_north.user_id).write(
            {"won_amount": 2100, "date_won": "2026-05-05"}
        )
        log = self.env["hr.commission.correction"].search([("lead_id", "=", lead.id)])
        self.assertEqual(set(log.mapped("what")), {"won_amount", "date_won"})
        self.assertEqual(log.user_id, self.officer_north.user_id)
        lead.user_id = self.officer_north.user_id
        own = self._lead_won(self.officer_north, 1000, "2026-05-04")
        with self.assertRaises(UserError):
            own.with_user(self.officer_north.user_id).won_amount = 90_000

    def test_r17_lost_as_a_duplicate_takes_the_commission_back(self):
        """Also when the clawback window has passed."""
        self._replace_plan({"OWN": {"role": "sales", "rate": 5}}, clawback_days=3)
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        reason = self.env.ref("hr_sales_commission.crm_lost_reason_duplicate")
        mine = lead.with_user(self.sales_north.user_id)
        mine.stage_id = self.stage_new
        mine.action_set_lost(lost_reason_id=reason.id)
        self._process()
        self.assertEqual(sum(self._lines(lead).mapped("amount")), 0)

    def test_a_copy_is_no_win(self):
        lead = self._lead_won(
            self.sales_north, 2000, "2026-05-04", date_qualified="2026-05-01"
        )
        copy = lead.copy()
        self._process()
        self.assertFalse(self._events(copy))
        self.assertFalse(copy.date_won or copy.won_amount or copy.date_qualified)

    def test_managers_of_a_later_plan_are_those_of_the_day(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        self.sales_north.parent_id = self.marketer
        self._replace_plan({"MGR": {"role": "manager", "manager_level": 1, "rate": 1}})
        self._process()
        self.assertLines(lead, [(self.team_manager, "MGR", 20, "draft")])

    def test_r14_the_employee_record_comes_later(self):
        user = self.sales_north.user_id
        self.sales_north.user_id = False
        lead = self._lead_won(
            self.sales_north, 2000, "2026-05-04", user_id=user.id, process=False
        )
        self._process()
        event = self._events(lead)
        self.assertIn(user.name, event.waiting_for)
        lead.user_id = self.team_manager.user_id  # who is not the one who won it
        self.sales_north.user_id = user
        self._process()
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 100, "draft")])
        self.assertFalse(event.waiting_for)


@tagged("post_install", "-at_install")
@freeze_time("2026-05-20 12:00:00")
class TestCorrectCredit(CommissionCommon):
    """Whoever must be changed is changed by a correction: two people, a reason, a log."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._lead_won(cls.sales_north, 2000, "2026-05-04")
        cls.officer = cls.officer_north.user_id

    def _correct(self, percents, user=None, **values):
        env = self.env(user=user or self.officer)
        return self._correct_credit(
            self.lead.with_user(user or self.officer), percents, env=env, **values
        )

    def test_it_is_logged_said_and_kept(self):
        correction = self._correct({self.sales_north: 60, self.team_manager: 40})
        self._process()
        self.assertLines(
            self.lead,
            [
                (self.sales_north, "SAL_OWN", 60, "draft"),
                (self.team_manager, "SAL_OWN", 40, "draft"),
            ],
        )
        self.assertEqual(correction.user_id, self.officer)
        self.assertIn("sales_north 100", correction.value_from)
        self.assertIn("team_manager 40", correction.value_to)
        body = self.lead.message_ids[0].body
        self.assertIn("Hand-over", body)
        self.assertNotIn("2000", body)
        with self.assertRaises(UserError):
            correction.sudo().unlink()
        with self.assertRaises(UserError):
            correction.sudo().reason = "Other"

    def test_from_a_day_on(self):
        self._correct({self.team_manager: 100}, date_from="2026-05-10")
        self._process()
        self.assertLines(self.lead, [(self.sales_north, "SAL_OWN", 100, "draft")])

    def test_a_correction_that_waits_is_what_the_next_one_starts_from(self):
        self._correct({self.team_manager: 100})
        wizard = self.env["hr.commission.credit.correction"].with_context(
            default_res_model="crm.lead", default_res_id=self.lead.id
        )
        commands = wizard.default_get(["res_model", "res_id", "line_ids"])["line_ids"]
        self.assertEqual(
            [(vals["employee_id"], vals["percent"]) for _c, _i, vals in commands],
            [(self.team_manager.id, 100)],
        )
        own = self.sales_north.user_id
        own.group_ids += self.env.ref(
            "hr_sales_commission.group_commission_manager_branch"
        )
        with self.assertRaisesRegex(UserError, "would gain"):
            self._correct({self.sales_north: 100}, user=own)
        second = self._correct({self.sales_north: 100})
        self.assertIn("team_manager 100", second.value_from)
        self.assertNotIn("sales_north", second.value_from)

    def test_later_events_of_the_deal_follow_it(self):
        self._correct({self.team_manager: 100})
        self.lead.date_qualified = "2026-05-18"
        self.lead.stage_id = self.stage_new
        self.lead.stage_id = self.stage_won
        self._process()
        self.assertLines(self.lead, [(self.team_manager, "SAL_OWN", 100, "draft")])

    def test_who_may(self):
        gains = {self.officer_north: 100}
        managed = {self.team_manager: 100}
        for user, percents, error in (
            (self.sales_north.user_id, managed, AccessError),
            (self.team_manager.user_id, managed, AccessError),
            (self.officer, gains, UserError),
            (self.manager_north.user_id, managed, UserError),
            (self.officer, {self.team_manager: 90}, UserError),
        ):
            with self.subTest(user=user.name), self.assertRaises(error):
                self._correct(percents, user=user)

    def test_a_second_login_or_record_gains_as_the_same_person(self):
        other = self.env["hr.employee"].create(
            {"name": "Other record", "company_id": self.north.id}
        )
        # linked once: the log of persons keeps it
        link = self.officer_north
        for record, user in (
            (link, False),
            (other, self.officer),
            (other, False),
            (link, self.officer),
        ):
            record.user_id = user
            self.env.flush_all()
        with self.assertRaises(UserError):
            self._correct({other: 100})

    def _correct_facts(self, user, lead=None, reason="Signed later", **values):
        action = (lead or self.lead).with_user(user).action_correct_facts()
        wizard = self.env[action["res_model"]].with_user(user)
        dialog = wizard.with_context(**action["context"]).create(
            {"reason": reason, **values}
        )
        self.assertIn("on record", dialog.action_correct()["params"]["message"])

    def test_days_and_amount_are_corrected_by_a_dialog(self):
        lines = self._lines(self.lead)
        lines.with_user(self.officer_hq.user_id).action_approve()
        self._correct_facts(self.officer, date_won="2026-05-06", won_amount=2500)
        self._process()
        self.assertEqual(str(self.lead.date_won), "2026-05-06")
        self.assertEqual(sum(self._lines(self.lead).mapped("amount")), 125)
        self.assertLedgerExact(self.lead)
        log = self.env["hr.commission.correction"].search(
            [("lead_id", "=", self.lead.id)]
        )
        self.assertEqual(set(log.mapped("what")), {"won_amount", "date_won"})
        self.assertEqual(set(log.mapped("reason")), {"Signed later"})
        self.assertEqual(log.user_id, self.officer)
        body = self.lead.message_ids[0].body
        self.assertIn("Signed later", body)
        self.assertNotIn("500", body)

    def test_who_corrects_days_and_amounts(self):
        shared = self._lead_won(self.sales_north, 1000, "2026-05-04", process=False)
        shared.commission_share_ids = [
            Command.create({"employee_id": self.officer_north.id, "percent": 10}),
            Command.create({"employee_id": self.sales_north.id, "percent": 90}),
        ]
        self._process()
        before = self._lines(self.lead | shared).mapped("amount")
        for user, lead, values, error in (
            (self.sales_north.user_id, self.lead, {}, AccessError),
            (self.team_manager.user_id, self.lead, {}, AccessError),
            (self.manager_north.user_id, self.lead, {}, UserError),
            (self.officer, shared, {}, UserError),
            (self.officer, self.lead, {"reason": " "}, UserError),
            (self.officer, self.lead, {"won_amount": 2000}, UserError),
            (self.officer, self.lead, {"date_won": False}, UserError),
        ):
            values = {"won_amount": 90_000, **values}
            with self.subTest(user=user.name, values=values), self.assertRaises(error):
                self._correct_facts(user, lead, **values)
        with self.assertRaises(UserError):
            shared.with_user(self.officer).won_amount = 90_000
        self._process()
        self.assertEqual(self._lines(self.lead | shared).mapped("amount"), before)

    def test_dialog_starts_from_whom_it_credits(self):
        action = self.lead.with_user(self.officer).action_correct_credit()
        wizard = self.env[action["res_model"]].with_user(self.officer)
        dialog = wizard.with_context(**action["context"]).create(
            {"reason": "Hand-over"}
        )
        self.assertEqual(dialog.line_ids.employee_id, self.sales_north)
        dialog.line_ids.employee_id = self.team_manager
        dialog.action_correct()
        self._process()
        self.assertLines(self.lead, [(self.team_manager, "SAL_OWN", 100, "draft")])


@tagged("post_install", "-at_install")
@freeze_time("2026-05-20 12:00:00")
class TestPaidOnce(CommissionCommon):
    """One sale is paid once."""

    def _double(self, **vals):
        vals = {"email_from": "buyer@client.test", **vals}
        return self._lead_won(self.sales_north, 2000, "2026-05-04", **vals)

    def _states(self, leads):
        return self._lines(leads).mapped("state")

    def test_r16_the_same_deals_imported_twice(self):
        names = ["name", "partner_name", "email_from", "stage_id", "user_id"]
        names += ["expected_revenue", "commission_source", "source_state"]
        names += ["date_won", "won_amount", "company_id"]
        row = ["Robot cell", "Example", "buyer@example.test", self.stage_won.name]
        row += [self.sales_north.user_id.login, "2000", "own", "verified"]
        row += ["2026-05-04", "2000", self.north.name]
        Lead = self.env["crm.lead"].with_user(self.administrator.user_id)
        Lead = Lead.with_context(allowed_company_ids=self.branches.ids)
        row[4] = self.sales_north.user_id.name
        ids = []
        for _time in range(2):
            result = Lead.load(names, [row])
            self.assertFalse(result["messages"])
            ids += result["ids"]
        self._process()
        leads = self.env["crm.lead"].browse(ids)
        self.assertEqual(self._states(leads), ["draft", "held"])
        with self.assertRaisesRegex(UserError, "paid twice"):
            self._lines(leads[1]).with_user(self.officer_hq.user_id).action_approve()

    def test_what_looks_like_one_sale(self):
        self._double()
        for vals, state in (
            ({"email_from": "BUYER@client.test"}, "held"),
            ({"date_won": "2026-05-10"}, "held"),
            ({"date_won": "2026-04-01"}, "draft"),
            ({"won_amount": 2001}, "draft"),
            ({"email_from": "other@client.test"}, "draft"),
        ):
            with self.subTest(**vals), self.env.cr.savepoint() as savepoint:
                self.assertEqual(self._states(self._double(**vals)), [state])
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_customer_by_name_is_the_contact_of_that_name(self):
        contact = self.env["res.partner"].create({"name": "Robot Buyers"})
        self._double(email_from=False, partner_id=contact.id)
        again = self._double(email_from=False, partner_name="robot buyers ")
        self.assertEqual(self._states(again), ["held"])

    def test_equal_sales_are_found_in_one_pass(self):
        """Ten thousand of one customer: a comparison of pairs took minutes."""
        first_day = date(2026, 1, 1)
        sales = [
            Sale(number, number, first_day + timedelta(number % 90), (50,), (("k", 1),))
            for number in range(10_000)
        ]
        found = find_doubles(set(range(10_000)), sales)
        self.assertEqual(len(found), 9_999)
        self.assertEqual([found[number] for number in (14, 15, 89)], [0, 1, 75])
        self.assertEqual(find_doubles({1}, sales[:1]), {})
        again = [replace(sale, deal_id=1) for sale in sales[:3]]
        self.assertEqual(find_doubles({0, 1, 2}, again), {})

    def test_equal_sales_are_looked_for_around_the_days_of_a_batch(self):
        days = [date(2026, 1, 1), date(2026, 1, 29), date(2026, 3, 1)]
        asked = [(50, day) for day in days] + [(70, days[0])]
        self.assertEqual(
            find_near_days(reversed(asked)),
            [
                (50, date(2025, 12, 18), date(2026, 2, 12)),
                (50, date(2026, 2, 15), date(2026, 3, 15)),
                (70, date(2025, 12, 18), date(2026, 1, 15)),
            ],
        )
        deals = self.env["crm.lead"].union(
            *(
                self._double(date_won=day)
                for day in ("2026-01-05", "2026-05-04", "2026-01-19", "2026-05-18")
            )
        )
        events = self._events(deals)
        events.double_id = False
        events._set_pending([("id", "in", events.ids)])
        self._process()
        self.assertEqual(self._states(deals), ["draft", "draft", "held", "held"])

    def test_somebody_has_looked(self):
        self._double()
        lead = self._double()
        event = self._events(lead)
        event.with_user(self.officer_north.user_id).action_confirm_single()
        self._process()
        self.assertEqual(self._states(lead), ["draft"])
        with self.assertRaises(AccessError):
            event.with_user(self.sales_north.user_id).action_confirm_single()

    def test_the_first_is_undone(self):
        first, second = self._double(), self._double()
        first.stage_id = self.stage_new
        self._process()
        self.assertEqual(self._states(second), ["draft"])

    def test_r17_archiving_the_double(self):
        first, second = self._double(), self._double()
        second.with_user(self.sales_north.user_id).action_archive()
        self._process()
        self.assertEqual(sum(self._lines(first | second).mapped("amount")), 100)

    def test_r17_merging_keeps_one_commission(self):
        first, second = self._double(), self._double()
        self._lines(first).with_user(self.officer_hq.user_id).action_approve()
        head = (first | second)._merge_opportunity()
        self._process()
        self.assertEqual(head.won_status, "won")
        self.assertEqual(sum(self._lines(head).mapped("amount")), 100)
        self.assertLedgerExact(head)

    def test_r17_merging_a_won_deal_into_an_open_lead(self):
        won = self._double()
        other = self._lead_open(self.sales_north, 50, email_from="buyer@client.test")
        head = (won | other)._merge_opportunity()
        self._process()
        self.assertEqual(sum(self._lines(head).mapped("amount")), 100)
        self.assertEqual(head.won_amount, 2000)

    def test_a_copied_lead_qualifies_only_once(self):
        lead = self._lead_open(
            self.sales_north, 50, source="marketing", date_qualified="2026-05-01"
        )
        copy = lead.copy({"date_qualified": "2026-05-02"})
        copy.write({"commission_source": "marketing", "marketer_id": self.marketer.id})
        self._process()
        self.assertEqual(self._states(lead), ["draft"])
        self.assertEqual(self._states(copy), ["held"])
