# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import SQL, html2plaintext, mute_logger

from .test_statement import StatementCommon


class ClosingCommon(StatementCommon):
    def _wizard(self, date_to, employee=None, company=None, **vals):
        """Open the assistant as an officer and fill it in."""
        employee = employee or self.officer_north
        env = self._as(employee, *(company or employee.company_id))
        form = Form(env["hr.commission.closing"])
        form.date_to = date_to
        for name, value in vals.items():
            setattr(form, name, value)
        return form.save()

    def _fail(self, lead):
        with mute_logger("odoo.addons.hr_sales_commission.models.hr_commission_event"):
            self._events(lead)._set_error(UserError("No exchange rate"))

    def _close(self, date_to="2026-01-31"):
        self._wizard(date_to).action_close()

    def _approve_month(self, month):
        statements = self._statement(self.sales_north, month)
        statements = statements.search(
            [("company_id", "=", self.north.id), ("state", "=", "draft")]
        )
        statements.action_confirm()
        statements.action_approve()
        return statements


@tagged("post_install", "-at_install", "commission_core")
@freeze_time("2026-03-20 12:00:00")
class TestClosing(ClosingCommon):
    def test_what_is_open(self):
        self._lead_won(self.sales_north, 1000, "2026-01-10")
        self._lead_won(self.sales_north, 1000, "2026-01-11", verified=False)
        self._manual_line(10, "2026-01-12").is_disputed = True
        self._lead_won(self.sales_north, 1000, "2026-01-13", process=False)
        broken = self._lead_won(self.sales_north, 1000, "2026-01-14", process=False)
        self._fail(broken)
        self._statement(self.sales_north, "2026-01")
        self._lead_won(self.sales_north, 1000, "2026-02-01", process=False)
        wizard = self._wizard("2026-01-31")
        self.assertEqual(
            [
                wizard[f"{name}_count"]
                for name in (
                    ("pending", "error", "held", "disputed", "draft", "statement")
                )
            ],
            [1, 1, 1, 1, 2, 1],
        )
        self.assertIn(
            "Before it can be closed: Not computed yet (1), In error (1), Disputed (1), "
            "To approve (2), and Statements not approved (1).",
            wizard.summary,
        )
        with self.assertRaisesRegex(
            UserError, "1 events to compute, 1 events in error"
        ):
            wizard.action_close()
        self.assertFalse(self.north.commission_lock_date)

    def test_each_open_item_alone_keeps_the_month_open(self):
        def pending():
            self._lead_won(self.sales_north, 1000, "2026-01-13", process=False)

        def error():
            lead = self._lead_won(self.sales_north, 1000, "2026-01-13", process=False)
            self._fail(lead)

        def unapproved():
            self._manual_line(10, "2026-01-12")

        def statement():
            self._manual_line(10, "2026-01-12").action_approve()
            self._statement(self.sales_north, "2026-01")

        def held_and_disputed():
            lead = self._lead_won(self.sales_north, 1000, "2026-01-13", verified=False)
            self._lines(lead).sudo().is_disputed = True

        for make in (pending, error, unapproved, statement, held_and_disputed):
            with self.subTest(make.__name__):
                savepoint = self.env.cr.savepoint()
                make()
                with self.assertRaisesRegex(UserError, "not finished"):
                    self._close()
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)

    def test_closing_a_month(self):
        self._lead_won(self.sales_north, 1000, "2026-01-10")
        self._lead_won(self.sales_north, 1000, "2026-01-11", verified=False)
        january = self._approve_month("2026-01")
        self._lead_won(self.sales_north, 1000, "2026-02-10")
        self._close("2026-01-15")  # any day of the month
        self.assertEqual(str(self.north.commission_lock_date), "2026-01-31")
        self.assertFalse(january.is_stored)
        self.env["res.lang"]._activate_lang("zh_CN")
        self.sales_north.user_id.lang = "zh_CN"
        with self.enter_registry_test_mode():
            self.env.ref(
                "hr_sales_commission.ir_cron_commission_store"
            ).method_direct_trigger()
        self.assertTrue(january.is_stored)
        attachment = january.message_ids.attachment_ids
        self.assertEqual(len(attachment), 1)
        self.assertEqual(
            (attachment.res_model, attachment.res_id), (january._name, january.id)
        )
        self.assertIn("Commission Statement", attachment.raw.decode())
        self.assertIn("本月", attachment.raw.decode(), "as its reader reads")
        self.assertIn("关账", january.message_ids[0].body)
        self.assertIn("sales_north", attachment.raw.decode())
        with self.enter_registry_test_mode():
            self.env["hr.commission.statement"]._cron_store_reports()
        self.assertEqual(len(january.message_ids.attachment_ids), 1)

    def test_it_says_beforehand_what_approving_the_statements_makes(self):
        Statement = self.env["hr.commission.statement"]
        self._lead_won(self.sales_north, 1000, "2026-01-10")
        self._statement(self.sales_north, "2026-01")
        self._lead_won(self.sales_north, 3000, "2026-01-12")  # on no statement yet
        self._manual_line(10, "2025-12-30")
        there = Statement.search([("company_id", "=", self.north.id)])
        wizard = self._wizard("2026-01-31")
        self.assertRegex(wizard.summary, r"statements are frozen.*\b210\.00 to be paid")
        self.assertEqual(Statement.search([("company_id", "=", self.north.id)]), there)
        self.assertEqual(there.paid, 50, "looking changes nothing")
        wizard.action_approve_statements()
        self.assertEqual(sum(wizard._get_statements().mapped("paid")), 210)

    def test_it_says_what_closing_does_and_what_is_next(self):
        self._lead_won(self.sales_north, 1000, "2026-01-10")
        self._lead_won(self.sales_north, 1000, "2026-01-11", verified=False)
        wizard = self._wizard("2026-01-15")
        self.assertEqual(wizard.close_label, "Close January 2026")
        self.assertFalse(wizard.is_ready)
        for name, (model, count) in {
            "draft_count": ("hr.commission.line", 1),
            "held_count": ("hr.commission.line", 1),
            "pending_count": ("hr.commission.event", 0),
            "statement_count": ("hr.commission.statement", 0),
        }.items():
            action = wizard.with_context(commission_open=name).action_view_open()
            found = wizard.env[action["res_model"]].search_count(action["domain"])
            self.assertEqual((action["res_model"], found), (model, count), name)
            self.assertEqual(wizard[name], found, "a count opens what it counts")
        self.assertFalse(
            wizard.with_context(commission_open="write_uid").action_view_open()
        )
        january = self._approve_month("2026-01")
        wizard = self._wizard("2026-01-15")
        self.assertTrue(wizard.is_ready)
        self.assertRegex(wizard.summary, r"1 statements are frozen.*50\.00 to be paid")
        self.assertRegex(wizard.summary, r"1 commissions stay held .*February 2026")
        self.assertNotIn("Before it can be closed", wizard.summary)
        action = wizard.action_close()
        self.assertEqual((action["res_id"], wizard.is_done), (wizard.id, True))
        again = self._wizard("2026-01-31")
        self.assertIn("January 2026 is closed", again.summary)
        self.assertFalse(self._wizard("2026-02-28").is_done)
        self.assertIn("January 2026 is closed", wizard.summary)
        shown = wizard.action_view_statements()
        self.assertEqual(
            self.env["hr.commission.statement"].search(shown["domain"]), january
        )
        printed = wizard.action_print_statements()
        self.assertEqual(printed["report_type"], "qweb-pdf")
        export = wizard.action_export()
        fresh = wizard.env[export["res_model"]].with_context(**export["context"]).new()
        self.assertEqual(fresh.company_id, self.north)
        self.assertEqual(
            str(fresh.date_until), "2026-03-31", "what January earned, too"
        )

    def test_the_statements_are_approved_in_one_go_but_ones_own(self):
        self._lead_won(self.sales_north, 1000, "2026-01-10")
        self._manual_line(20, "2026-01-12", self.team_manager)
        self._manual_line(30, "2026-01-12", self.officer_north)
        wizard = self._wizard("2026-01-31")
        self.assertTrue(wizard.can_approve)
        action = wizard.action_approve_statements()
        statements = self.env["hr.commission.statement"].search(
            [("company_id", "=", self.north.id)]
        )
        states = {each.employee_id: each.state for each in statements}
        self.assertEqual(states.pop(self.officer_north), "draft")
        self.assertEqual(set(states.values()), {"approved"})
        self.assertEqual(action["params"]["title"], "2 of 3 approved")
        self.assertIn("officer_north", action["params"]["message"])
        self.assertEqual(action["params"]["next"]["res_id"], wizard.id)
        self.assertFalse(wizard.is_ready)

    def test_what_came_after_a_statement_was_approved_is_named(self):
        self._lead_won(self.sales_north, 1000, "2026-01-10")
        self._approve_month("2026-01")
        self._manual_line(20, "2026-01-12", self.sales_north)
        wizard = self._wizard("2026-01-31")
        self.assertFalse(wizard.can_approve, "no statement is left to approve")
        said = "came after their statement was approved: 1."
        self.assertIn(said, wizard.summary)
        message = wizard.action_approve_statements()["params"]["message"]
        self.assertIn(said, message)
        self.assertFalse(wizard.is_ready)
        wizard.env["hr.commission.line"].search(
            wizard.with_context(commission_open="draft_count").action_view_open()[
                "domain"
            ]
        ).action_approve()
        message = wizard.action_approve_statements()["params"]["message"]
        self.assertIn("can be closed", message)

    def test_statements_of_the_closed_month_stay(self):
        self._lead_won(self.sales_north, 1000, "2026-01-10")
        january = self._approve_month("2026-01")
        self._close()
        with self.assertRaises(UserError):
            january.action_reset_to_draft()
        with self.assertRaises(UserError):
            january.line_ids.action_reset_to_draft()

    def test_only_months_that_are_over_once(self):
        with self.assertRaisesRegex(UserError, "is over"):
            self._close("2026-03-10")
        with freeze_time("2026-01-31"), self.assertRaisesRegex(UserError, "is over"):
            self._close()
        self._close()
        with self.assertRaisesRegex(UserError, "closed already"):
            self._close()

    def test_the_month_that_is_over_where_the_company_is(self):
        self.north.resource_calendar_id.tz = "Asia/Shanghai"
        self.officer_north.user_id.tz = "Pacific/Honolulu"
        closing = self._as(self.officer_north)["hr.commission.closing"]
        for moment, day in (
            ("2026-01-31 15:30", "2025-12-31"),
            ("2026-01-31 16:30", "2026-01-31"),
        ):
            with self.subTest(moment), freeze_time(moment):
                proposed = closing.default_get(["date_to"])["date_to"]
                self.assertEqual(str(proposed), day)

    def test_nobody_closes_their_own_month(self):
        """Money of the last day is of the month, and of no later one."""
        nothing = self._manual_line(0, "2025-12-31", self.officer_north)
        nothing.with_user(self.officer_hq.user_id).action_approve()
        self._close("2025-12-31")
        own = self._manual_line(10, "2026-01-31", self.officer_north)
        own.with_user(self.officer_hq.user_id).action_approve()
        with self.assertRaises(UserError):
            self._close()
        self._wizard("2026-01-31", self.officer_hq, self.north).action_close()
        self._close("2026-02-28")
        self.assertEqual(str(self.north.commission_lock_date), "2026-02-28")

    def test_who_closes(self):
        env = self._as(self.manager_north)
        with self.assertRaises(AccessError):
            env["hr.commission.closing"].create({"date_to": "2026-01-31"})
        wizard = self._wizard("2026-01-31", self.officer_hq, self.hq)
        self._check_branch_is_selected(
            wizard,
            "action_print_statements",
            "action_export",
            "action_generate_statements",
            "action_approve_statements",
            "action_close",
        )

    def _check_branch_is_selected(self, wizard, *actions):
        wizard.write({"company_id": self.north.id, "reason": "Mistake"})
        for action in actions:
            with (
                self.subTest(action),
                self.assertRaisesRegex(AccessError, "Select the branch"),
            ):
                getattr(wizard, action)()

    def test_a_branch_that_is_not_selected_counts_all_the_same(self):
        self._manual_line(10, "2026-01-12")
        wizard = self._wizard("2026-01-31", self.officer_hq, self.hq)
        wizard.company_id = self.north
        self.assertEqual(wizard.draft_count, 1)

    def test_the_assistant_makes_the_statements(self):
        self._lead_won(self.sales_north, 1000, "2026-01-10")
        action = self._wizard("2026-01-31").action_generate_statements()
        found = self.env["hr.commission.statement"].search(action["domain"])
        self.assertEqual(found.employee_id, self.sales_north)
        self.assertEqual(found.paid, 50)

    def test_branches_are_closed_one_by_one(self):
        self._close()
        self.assertFalse(self.south.commission_lock_date)
        self.assertFalse(self.hq.commission_lock_date)

    # ------------------------------------------------------------------
    # Opening again
    # ------------------------------------------------------------------

    def test_only_the_administrator_opens_again_and_says_why(self):
        self._close()
        self._close("2026-02-28")
        for employee, company in (
            (self.officer_north, self.north),
            (self.officer_hq, self.north),
        ):
            wizard = self._wizard("2026-01-31", employee, company)
            wizard.reason = "Mistake"
            with self.subTest(employee.name), self.assertRaises(AccessError):
                wizard.action_reopen()
        wizard = self._wizard("2026-02-15", self.administrator, self.north)
        for reason in (False, "  "):
            wizard.reason = reason
            with self.subTest(reason=reason), self.assertRaisesRegex(UserError, "why"):
                wizard.action_reopen()
        wizard.reason = "The bank sent February's rates late"
        told = wizard.action_reopen()["params"]
        self.assertEqual(told["message"], "February 2026 is open again.")
        self.assertEqual(told["next"]["res_id"], wizard.id)
        self.assertEqual(str(self.north.commission_lock_date), "2026-01-31")
        log = self.north.partner_id.message_ids[:1]
        self.assertIn("The bank sent February", log.body)
        self.assertIn("were opened from 02/01/2026 on", html2plaintext(log.body))
        self.assertEqual(log.author_id, self.administrator.user_id.partner_id)
        elsewhere = self._wizard("2026-01-15", self.administrator, self.hq)
        self._check_branch_is_selected(elsewhere, "action_reopen")

    def test_an_open_month_is_not_opened(self):
        """Nor does opening a later month close the earlier ones."""
        self._close()
        wizard = self._wizard("2026-02-28", self.administrator, self.north)
        wizard.reason = "Mistake"
        with self.assertRaisesRegex(UserError, "open already"):
            wizard.action_reopen()
        self.assertEqual(str(self.north.commission_lock_date), "2026-01-31")

    def test_the_lock_date_is_not_written_by_hand(self):
        self._close()
        for employee in (self.officer_north, self.officer_hq, self.administrator):
            employee.user_id.group_ids += self.env.ref("base.group_erp_manager")
            north = self.north.with_env(self._as(employee, self.north))
            with self.subTest(employee.name), self.assertRaises(AccessError):
                north.commission_lock_date = False


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20 12:00:00")
class TestAfterClosing(ClosingCommon):
    """Whatever happens later is a difference in the open month."""

    def _closed_deal(self, amount=1000, source="own", **vals):
        lead = self._lead_won(self.sales_north, amount, "2026-01-10", source, **vals)
        self._approve_month("2026-01")
        self._close()
        return lead

    def assertDifference(
        self, lead, amount, kind="adjustment", texts=(), employee=None
    ):
        """The last line corrects the first one, in the open month."""
        first, *_others, last = self._lines(lead)
        self.assertEqual(
            (last.amount, last.kind, str(last.date), last.state),
            (amount, kind, "2026-03-20", "draft"),
        )
        self.assertEqual(last.origin_line_id, first)
        for text in texts:
            self.assertIn(text, last.explanation)
        self.assertLedgerExact(lead)

    def test_corrected_amount(self):
        lead = self._closed_deal()
        with self.assertLinesFrozen():
            lead.expected_revenue = 1500
            self._process()
        cause = "The amount of the deal was changed."
        self.assertDifference(lead, 25, texts=(cause, "50.00", "75.00"))

    def test_lost_deal(self):
        lead = self._closed_deal()
        with self.assertLinesFrozen():
            lead.stage_id = self.stage_new
            self._process()
        self.assertDifference(lead, -50, "clawback", ("03/20/2026", "50.00", "0.00"))

    def test_decided_source(self):
        lead = self._closed_deal()
        with self.assertLinesFrozen():
            self._decide_source(lead, "marketing", self.marketer)
            self._process()
        own = self._lines(lead).filtered(lambda line: line.rule_id.name == "SAL_OWN")
        self.assertEqual(own.mapped("amount"), [50, -50])
        self.assertEqual(own[1].origin_line_id, own[0])
        self.assertIn("The source of the customer was changed.", own[1].explanation)
        fresh = self._lines(lead) - own
        self.assertEqual(
            sorted(fresh.mapped(lambda line: (line.rule_id.name, line.amount))),
            [("MKT_DEAL", 20), ("SAL_MKT", 30), ("SAL_SYN", 10)],
        )
        # North's month is closed, headquarters' is not
        self.assertEqual(
            {(line.company_id.name, str(line.date)) for line in fresh},
            {("Commission North", "2026-02-01"), ("Commission HQ", "2026-01-10")},
        )
        self.assertLedgerExact(lead)

    def test_a_late_deal_is_booked_in_the_first_open_month(self):
        self._closed_deal()
        late = self._lead_won(self.sales_north, 2000, "2026-01-20")
        line = self._lines(late)
        self.assertEqual(
            (str(line.date), line.amount, line.kind), ("2026-02-01", 100, "commission")
        )
        with self.assertLedgerUntouched():
            self._events(late)._set_pending([("lead_id", "=", late.id)])
            self._process()
        february = self._statement(self.sales_north, "2026-02")
        self.assertEqual(february.paid, 100)

    def test_backdated_plan(self):
        lead = self._closed_deal()
        self.plan.action_change()
        draft = self.plan.next_ids
        draft.date_start = "2026-01-01"
        draft.rule_ids.filtered(lambda rule: rule.name == "SAL_OWN").rate = 6
        with self.assertLinesFrozen():
            draft.action_activate()
            self._process()
        amounts = self._lines(lead).mapped("amount")
        self.assertEqual(sum(amounts), 60)
        self.assertEqual(amounts[0], 50)
        taken_back = self._lines(lead).filtered("origin_line_id")
        self.assertEqual(taken_back.amount, -50)
        self.assertIn("The rule no longer applies.", taken_back.explanation)
        self.assertLedgerExact(lead)

    def test_held_line_of_a_closed_month(self):
        lead = self._closed_deal(verified=False)
        line = self._lines(lead)
        self.assertEqual((line.state, line.amount), ("held", 50))
        lead.action_verify_source()
        self._process()
        self.assertEqual((line.state, line.amount), ("draft", 50))
        self.assertEqual(self._lines(lead), line)
        self.assertEqual(self._statement(self.sales_north, "2026-02").paid, 50)

    def test_held_line_of_a_closed_month_decided_otherwise(self):
        lead = self._closed_deal(verified=False)
        self._decide_source(lead, "referral", self.marketer)
        self._process()
        self.assertLedgerExact(lead)
        mine = self._lines(lead).filtered(
            lambda line: line.employee_id == self.sales_north
        )
        payable = mine.filtered(lambda line: line.state == "draft")
        self.assertEqual(sum(payable.mapped("amount")), 30)
        self.assertFalse(mine.filtered(lambda line: line.state == "held"))

    def assertLinesFrozen(self):
        """Nothing of the closed month moves in the block, not even in its place."""
        return _Frozen(self)


class _Frozen:
    def __init__(self, case):
        self.case = case

    def __enter__(self):
        self.before = self._places()

    def __exit__(self, error, *_rest):
        if error is None:
            self.case.assertEqual(self._places(), self.before)

    def _places(self):
        self.case.env.flush_all()
        return self.case.env.execute_query(
            SQL(
                "SELECT id, ctid::text FROM hr_commission_line"
                " WHERE company_id = %s AND date <= '2026-01-31' ORDER BY id",
                self.case.north.id,
            )
        )


@tagged("post_install", "-at_install", "commission_core")
@freeze_time("2026-03-20 12:00:00")
class TestDatabaseGuard(ClosingCommon):
    """The database refuses, whoever asks: also SQL that goes past the models."""

    def _refused(self, statement, *params, text="never"):
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(psycopg2.errors.RestrictViolation, text),
            self.env.cr.savepoint(flush=False),
        ):
            self.env.cr.execute(statement, params)

    def _line(self, state, date="2026-02-10"):
        line = self._lines(self._lead_won(self.sales_north, 1000, date))
        if state != "draft":
            line.action_approve()
        if state in ("in_payroll", "paid"):
            line._payroll_reserve()
        if state == "paid":
            line._payroll_paid("2026-03-01", "PAY")
        self.assertEqual(line.state, state)
        return line

    def test_approved_lines_never_change(self):
        changes = {
            "amount": "amount + 1",
            "base": "base + 1",
            "rate": "rate + 1",
            "date": "date + 1",
            "employee_id": str(self.team_manager.id),
            "company_id": str(self.south.id),
            "rule_id": str(self.rules["SAL_MKT"].id),
            "event_id": "NULL",
            "kind": "'manual'",
            "part": "'x'",
        }
        for state in ("approved", "in_payroll", "paid"):
            line = self._line(state)
            for column, value in changes.items():
                with self.subTest(state, column=column):
                    self._refused(
                        f"UPDATE hr_commission_line SET {column} = {value} WHERE id = %s",
                        line.id,
                        text=f"{line.id} is {state}",
                    )
            with self.subTest(state, change="delete"):
                self._refused("DELETE FROM hr_commission_line WHERE id = %s", line.id)

    def test_locked_lines_never_change(self):
        line = self._line("draft", "2026-01-10")
        self.north.commission_lock_date = "2026-01-31"
        for statement in (
            "UPDATE hr_commission_line SET amount = 0 WHERE id = %s",
            "DELETE FROM hr_commission_line WHERE id = %s",
        ):
            with self.subTest(statement):
                self._refused(statement, line.id, text="closed month")
        line.action_approve()
        self.assertEqual(line.state, "approved")

    def test_open_lines_change(self):
        line = self._line("draft")
        self.env.cr.execute(
            "UPDATE hr_commission_line SET amount = 1 WHERE id = %s", [line.id]
        )
        self.assertEqual(self.env.cr.rowcount, 1)
        self.env.cr.execute("DELETE FROM hr_commission_line WHERE id = %s", [line.id])
        self.assertEqual(self.env.cr.rowcount, 1)
        self.env.invalidate_all(flush=False)

    def test_states_move_on(self):
        line = self._line("approved")
        line._payroll_reserve()
        line._payroll_release()
        line.action_reset_to_draft()
        line.action_approve()
        line._payroll_paid("2026-03-01", "PAY")
        line._payroll_release()
        self.assertEqual(line.state, "approved")

    def test_what_payroll_has_never_becomes_a_draft(self):
        for state in ("in_payroll", "paid"):
            line = self._line(state)
            for after in ("draft", "held", "cancelled"):
                with self.subTest(state, after=after):
                    self._refused(
                        "UPDATE hr_commission_line SET state = %s WHERE id = %s",
                        after,
                        line.id,
                        text="payroll gives it back",
                    )

    def test_the_employees_user_follows(self):
        line = self._line("paid")
        self.sales_north.user_id = self.team_manager.user_id.copy({"login": "other"})
        self.env.flush_all()
        self.assertEqual(line.user_id.login, "other")

    def test_the_same_values_are_no_change(self):
        line = self._line("paid")
        self.env.cr.execute(
            "UPDATE hr_commission_line SET amount = amount WHERE id = %s", [line.id]
        )
        self.assertEqual(self.env.cr.rowcount, 1)

    def test_the_ledger_is_not_deleted_with_its_deal(self):
        line = self._line("draft")
        lead = line.lead_id
        with self.assertRaisesRegex(UserError, "has commissions"):
            lead.unlink()

    def test_a_mass_deletion_stops_at_the_first_such_line(self):
        kept = self._line("approved")
        self._line("draft")
        self._refused("DELETE FROM hr_commission_line")
        self.assertTrue(kept.exists())
