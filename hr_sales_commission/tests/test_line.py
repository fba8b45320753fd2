# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from ..pipeline.pay_parts import (
    EARNED_DOMAIN,
    PART_DOMAINS,
    UNPAID_DOMAIN,
    held_sql,
    part_of,
)
from ..pipeline.refusals import describe
from .common import CommissionCommon


@tagged("post_install", "-at_install", "commission_core")
@freeze_time("2026-05-20 12:00:00")
class TestLine(CommissionCommon):
    """What people may do to the ledger: approve, and add manual lines."""

    def setUp(self):
        super().setUp()
        self.lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        self.line = self._lines(self.lead)

    def _line_as(self, employee, *companies):
        return self._as(employee, *companies)["hr.commission.line"].browse(self.line.id)

    def _manual_vals(self, employee=None, **vals):
        employee = employee or self.sales_north
        return {
            "employee_id": employee.id,
            "company_id": employee.company_id.id,
            "kind": "manual",
            "date": "2026-05-20",
            "amount": 10,
            "note": "Best idea of the month",
            **vals,
        }

    # ------------------------------------------------------------------
    # Writing by hand
    # ------------------------------------------------------------------

    def test_nobody_writes_computed_lines(self):
        for employee in (
            self.sales_north,
            self.team_manager,
            self.manager_north,
            self.officer_hq,
            self.administrator,
        ):
            with self.subTest(user=employee.name):
                line = self._line_as(employee)
                for vals in (
                    {"amount": 1000},
                    {"state": "paid"},
                    {"date_due": "2026-05-01"},
                    {"employee_id": employee.id},
                ):
                    with self.assertRaises(UserError):
                        line.write(vals)
                with self.assertRaises(UserError):
                    line.unlink()
        self.assertRecordValues(self.line, [{"amount": 100, "state": "draft"}])

    def test_only_officers_add_manual_lines(self):
        for employee in (
            self.sales_north,
            self.team_manager,
            self.manager_north,
        ):
            with self.subTest(user=employee.name), self.assertRaises(AccessError):
                self._as(employee)["hr.commission.line"].create(self._manual_vals())
        line = self._as(self.officer_north)["hr.commission.line"].create(
            self._manual_vals()
        )
        self.assertEqual((line.state, line.amount), ("draft", 10))

    def test_manual_line_is_nothing_else(self):
        Line = self._as(self.officer_hq)["hr.commission.line"]
        for vals in (
            {"kind": "commission"},
            {"state": "approved"},
            {"state": "paid"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                Line.create(self._manual_vals(**vals))

    def test_manual_line_needs_a_reason(self):
        Line = self._as(self.officer_hq)["hr.commission.line"]
        with self.assertRaisesRegex(UserError, "needs a reason"):
            Line.create(self._manual_vals(note=False))

    def test_manual_draft_may_change_and_go(self):
        line = self._as(self.officer_hq)["hr.commission.line"].create(
            self._manual_vals()
        )
        line.amount = 20
        self.assertEqual(line.amount, 20)
        line.unlink()
        self.assertFalse(line.exists())

    def test_approved_manual_line_is_frozen(self):
        line = self._as(self.officer_hq)["hr.commission.line"].create(
            self._manual_vals()
        )
        self._as(self.administrator)["hr.commission.line"].browse(
            line.id
        ).action_approve()
        for change in (
            lambda: line.write({"amount": 20}),
            lambda: line.sudo().write({"amount": 20}),
            line.unlink,
            line.action_cancel,
        ):
            with self.assertRaises(UserError):
                change()
        self.assertEqual(line.amount, 10)

    def test_manual_line_cannot_approve_itself_by_write(self):
        line = self._as(self.officer_hq)["hr.commission.line"].create(
            self._manual_vals(self.officer_hq)
        )
        for state in ("approved", "in_payroll", "paid"):
            with self.subTest(state=state), self.assertRaises(UserError):
                line.write({"state": state})

    def test_manual_line_is_cancelled_not_computed(self):
        line = self._as(self.officer_hq)["hr.commission.line"].create(
            self._manual_vals()
        )
        line.action_cancel()
        self.assertEqual(line.state, "cancelled")
        with self.assertRaisesRegex(UserError, "follows its deal"):
            self._line_as(self.officer_hq).action_cancel()

    def test_processing_leaves_manual_lines_alone(self):
        manual = self.env["hr.commission.line"].create(
            self._manual_vals(lead_id=self.lead.id)
        )
        self.lead.expected_revenue = 3000
        self._process()
        self.assertRecordValues(manual, [{"amount": 10, "state": "draft"}])

    # ------------------------------------------------------------------
    # Approval
    # ------------------------------------------------------------------

    def test_who_approves(self):
        for employee, companies in (
            (self.manager_north, ()),
            (self.officer_north, ()),
            (self.officer_hq, ()),
            (self.administrator, ()),
        ):
            with self.subTest(user=employee.name):
                self._line_as(employee, *companies).action_approve()
                self.assertRecordValues(
                    self.line,
                    [{"state": "approved", "approver_id": employee.user_id.id}],
                )
                self.line.action_reset_to_draft()
        for employee in (
            self.sales_north,
            self.team_manager,
            self.manager_south,
            self.area_manager,
        ):
            with self.subTest(user=employee.name), self.assertRaises(AccessError):
                self._line_as(employee).action_approve()
        self.assertEqual(self.line.state, "draft")

    def test_nobody_approves_their_own_money(self):
        for employee in (self.manager_north, self.officer_hq, self.administrator):
            with self.subTest(user=employee.name):
                lead = self._lead_won(employee, 1000, "2026-05-04")
                own = self._lines(lead).with_user(employee.user_id)
                with self.assertRaisesRegex(UserError, "your own commission"):
                    own.action_approve()
                self.assertEqual(own.state, "draft")

    def test_of_a_selection_what_cannot_go_through_is_named_with_its_reason(self):
        """Approving and paying: the others go through."""
        day = "2026-05-04"
        own = self._lines(self._lead_won(self.officer_hq, 1000, day, name="Own"))
        lead = self._lead_won(self.sales_north, 1000, day, name="Held", verified=False)
        held = self._lines(lead)
        disputed = self._lines(self._lead_won(self.sales_south, 70, day))
        disputed.sudo().is_disputed = True
        lines = own + self.line + held + disputed
        mine = self._as(self.officer_hq, *self.branches)[lines._name].browse(lines.ids)
        action = mine.action_approve()["params"]
        self.assertEqual(lines.mapped("state"), ["draft", "approved", "held", "draft"])
        self.assertEqual(action["title"], "1 of 4 approved")
        self.assertTrue(action["sticky"])
        for text in ("is your own commission", "is held until", "is disputed"):
            self.assertIn(text, action["message"])
        action = mine.action_mark_paid()["params"]
        self.assertEqual(lines.mapped("state"), ["draft", "paid", "held", "draft"])
        self.assertEqual(action["title"], "1 of 4 paid")
        self.assertEqual(action["message"].count("is not approved"), 3)

    def test_an_approval_is_taken_back_where_that_is_offered(self):
        mine = self._line_as(self.manager_north)
        self.assertIs(mine.action_approve(), True)
        mine.action_reset_to_draft()
        action = mine.with_context(commission_undo=True).action_approve()
        self.assertEqual(action["tag"], "commission_approved")
        undo = action["params"]["undo"]
        self.assertEqual((undo["model"], undo["ids"]), (mine._name, mine.ids))
        self.assertEqual(self.line.state, "approved")

    def test_many_reasons_are_cut(self):
        reasons = {number: f"Reason {number}" for number in range(10)}
        self.assertEqual(
            describe(self.env, {**reasons, 10: "Reason 0"}).split("\n")[-2:],
            ["Reason 7", "And 2 more."],
        )

    def test_held_line_cannot_be_approved(self):
        lead = self._lead_won(self.sales_north, 1000, "2026-05-04", verified=False)
        line = self._lines(lead).with_user(self.officer_hq.user_id)
        with self.assertRaisesRegex(UserError, "is held"):
            line.action_approve()

    def test_whoever_is_paid_sees_what_it_waits_for(self):
        lead = self._lead_won(self.sales_north, 1000, "2026-01-05", verified=False)
        [line] = self._lines(lead)
        mine = self._as(self.sales_north)["hr.commission.line"].browse(line.id)
        expected = [
            ({"state": "held"}, "The customer's source is verified."),
            (
                {"state": "draft"},
                "A branch manager or a commission officer approves it.",
            ),
            (
                {"first_approver_id": self.officer_hq.user_id.id},
                "A second person approves it: officer_hq did already. Large amounts, "
                "and those of one's own manager, take two.",
            ),
            ({"state": "approved"}, "The next payroll."),
            ({"date_due": "2999-01-31"}, "It is due on 01/31/2999."),
            (
                {"is_disputed": True},
                "The decision of the dispute. It is due on 01/31/2999.",
            ),
            ({"state": "in_payroll"}, "The payslip that holds it is confirmed."),
            ({"state": "paid"}, False),
        ]
        for vals, text in expected:
            with self.subTest(**vals):
                if vals.get("state") == "in_payroll":
                    vals = {**vals, "is_disputed": False}
                values = SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in vals.items()
                )
                self.env.cr.execute(
                    SQL(
                        "UPDATE hr_commission_line SET %s WHERE id = %s",
                        values,
                        line.id,
                    )
                )
                self.env.invalidate_all()
                self.assertEqual(mine.waiting_for, text)

    def test_approval_taken_back_follows_the_deal_again(self):
        self._line_as(self.manager_north).action_approve()
        self.lead.expected_revenue = 3000
        self._process()
        self._line_as(self.manager_north).action_reset_to_draft()
        self._process()
        lines = self._lines(self.lead)
        self.assertEqual(lines.mapped("amount"), [150, 0])
        self.assertEqual(lines.mapped("state"), ["draft", "cancelled"])
        self.assertLedgerExact(self.lead)

    def test_an_approved_correction_taken_back_stands_for_what_came_after(self):
        """Of two open corrections the one of the line that is approved still."""
        self.line.action_approve()
        self.lead.expected_revenue = 3000
        self._process()
        correction = self._lines(self.lead) - self.line
        correction.action_approve()
        self.lead.expected_revenue = 3400
        self._process()
        correction.action_reset_to_draft()
        self._process()
        lines = self._lines(self.lead)
        self.assertEqual(lines.mapped("amount"), [100, 70, 0])
        self.assertEqual(lines.mapped("state"), ["approved", "draft", "cancelled"])
        self.assertLedgerExact(self.lead)

    def test_who_has_another_role_in_the_deal_is_corrected_in_the_first(self):
        self.line.action_approve()
        self._correct_credit(self.lead, {self.team_manager: 100})
        self._correct_credit(self.lead, {self.sales_north: 100}, "marketing")
        self._process()
        correction = self._lines(self.lead).filtered("origin_line_id")
        self.assertEqual((correction.amount, correction.role), (-100, "sales"))
        self.assertEqual(correction.credit_id, self.line.credit_id)
        self.assertIn("Somebody else is credited now.", correction.explanation)
        self.assertLedgerExact(self.lead)

    def test_approval_of_a_locked_month_stays(self):
        self._line_as(self.manager_north).action_approve()
        self.north.commission_lock_date = "2026-05-31"
        with self.assertRaisesRegex(UserError, "can no longer go back"):
            self._line_as(self.manager_north).action_reset_to_draft()
        self.lead.expected_revenue = 3000
        self._process()
        correction = self._lines(self.lead) - self.line
        self.assertEqual(str(correction.date), "2026-06-01")

    # ------------------------------------------------------------------
    # What payroll bridges call
    # ------------------------------------------------------------------

    def _payable(self, until="2026-05-31", employees=None, companies=None):
        return self.env["hr.commission.line"]._payroll_payable(
            employees or self.sales_north, companies or self.north, until
        )

    def test_payable_is_approved_due_and_of_the_company(self):
        self.assertFalse(self._payable())
        self.line.action_approve()
        self.assertEqual(self._payable(), self.line)
        self.assertFalse(self._payable(until="2026-05-03"))
        self.assertFalse(self._payable(employees=self.team_manager))
        self.assertFalse(self._payable(companies=self.south))

    def test_reserved_line_is_payable_no_more(self):
        self.line.action_approve()
        self.line._payroll_reserve()
        self.assertEqual(self.line.state, "in_payroll")
        self.assertFalse(self._payable())
        with self.assertRaises(UserError):
            self.line._payroll_reserve()

    def test_released_line_is_payable_again(self):
        self.line.action_approve()
        self.line._payroll_reserve()
        self.line._payroll_release()
        self.assertEqual(self._payable(), self.line)

    def test_paid_line_is_paid_once(self):
        self.line.action_approve()
        self.line._payroll_reserve()
        self.line._payroll_paid("2026-05-31", "SLIP/7")
        self.assertRecordValues(
            self.line, [{"state": "paid", "payment_ref": "SLIP/7", "amount": 100}]
        )
        self.assertEqual(str(self.line.date_paid), "2026-05-31")
        with self.assertRaises(UserError):
            self.line._payroll_paid("2026-06-30", "SLIP/8")

    def test_cancelled_payslip_gives_paid_lines_back(self):
        self.line.action_approve()
        self.line._payroll_paid("2026-05-31", "SLIP/7")
        self.line._payroll_release()
        self.assertRecordValues(
            self.line,
            [{"state": "approved", "payment_ref": False, "date_paid": False}],
        )

    def test_payroll_takes_all_or_none(self):
        other = self._lines(self._lead_won(self.sales_north, 500, "2026-05-04"))
        self.line.action_approve()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            (self.line + other)._payroll_reserve()
        self.env.invalidate_all()
        self.assertEqual((self.line + other).mapped("state"), ["approved", "draft"])

    def test_line_in_payroll_gets_corrections_beside_it(self):
        self.line.action_approve()
        self.line._payroll_reserve()
        self.lead.expected_revenue = 3000
        users = self.env.registry["res.users"]
        with patch.object(users, "_bus_send", autospec=True) as bus_send:
            self._process()
        told = [call.args[:2] for call in bus_send.mock_calls]
        owner = self.sales_north.user_id
        self.assertIn((owner, "hr_commission/lines_changed"), told)
        self.assertLines(
            self.lead,
            [
                (self.sales_north, "SAL_OWN", 100, "in_payroll"),
                (self.sales_north, "SAL_OWN", 50, "draft"),
            ],
        )
        correction = self._lines(self.lead) - self.line
        self.assertTrue(correction.is_notice_due)
        self._events(self.lead)._set_pending([("lead_id", "=", self.lead.id)])
        self._process()
        self.assertTrue(correction.is_notice_due, "nobody was told yet")

    def test_a_line_is_in_one_part_however_it_is_asked(self):
        line = self._lines(self._lead_won(self.sales_north, 1000, "2026-03-05"))
        for state, _label in line._fields["state"]._description_selection(self.env):
            for is_disputed in (False, True):
                with self.subTest(state=state, is_disputed=is_disputed):
                    self._check_part(line, state, is_disputed)

    def _check_part(self, line, state, is_disputed):
        with self.env.cr.savepoint() as savepoint:
            self.env.cr.execute(
                "UPDATE hr_commission_line SET state = %s, is_disputed = %s"
                " WHERE id = %s",
                (state, is_disputed, line.id),
            )
            line.invalidate_recordset()
            found = [
                part
                for part, domain in PART_DOMAINS.items()
                if line.filtered_domain(domain) and line.search_count(domain)
            ]
            sums = [
                bool(line.filtered_domain(domain))
                for domain in (EARNED_DOMAIN, UNPAID_DOMAIN)
            ]
            held = self.env.execute_query(
                SQL(
                    "SELECT id FROM hr_commission_line line WHERE id = %s AND %s",
                    line.id,
                    held_sql("line"),
                )
            )
            savepoint.rollback()
        line.invalidate_recordset()
        part = part_of(state, is_disputed)
        self.assertEqual(found, [part] if part else [])
        self.assertEqual(bool(held), part == "held")
        unpaid = part in ("open", "in_payroll")
        self.assertEqual(sums, [unpaid or part == "paid", unpaid])
