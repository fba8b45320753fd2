# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import CommissionCommon


@tagged("post_install", "-at_install", "commission_core")
@freeze_time("2026-05-20 12:00:00")
class TestPipeline(CommissionCommon):
    """Deals that are won, lost, changed and won again end with the right money."""

    def test_won_marketing_deal_pays_marketing_and_sales(self):
        lead = self._lead_won(
            self.sales_north,
            10000,
            "2026-05-04",
            source="marketing",
            date_qualified="2026-04-02",
        )
        self.assertLines(
            lead,
            [
                (self.marketer, "MKT_LEAD", 100, "draft"),
                (self.marketer, "MKT_DEAL", 200, "draft"),
                (self.sales_north, "SAL_MKT", 300, "draft"),
                (self.sales_north, "SAL_SYN", 100, "draft"),
            ],
        )
        lines = self._lines(lead)
        bonus = lines.filtered(lambda line: line.kind == "bonus")
        self.assertEqual(bonus.rule_id, self.rules["SAL_SYN"])
        self.assertEqual(
            {(line.rule_id.name, str(line.date)) for line in lines},
            {
                ("MKT_LEAD", "2026-04-02"),
                ("MKT_DEAL", "2026-05-04"),
                ("SAL_MKT", "2026-05-04"),
                ("SAL_SYN", "2026-05-04"),
            },
        )

    def test_each_line_belongs_to_the_company_of_its_employee(self):
        lead = self._lead_won(self.sales_north, 10000, "2026-05-04", source="marketing")
        self.assertEqual(
            {(line.employee_id, line.company_id) for line in self._lines(lead)},
            {(self.marketer, self.hq), (self.sales_north, self.north)},
        )

    def test_win_in_the_client_is_captured_and_dated_today(self):
        lead = self._lead_open(self.sales_north, 2000)
        self.assertFalse(self._events(lead))
        lead.with_user(self.sales_north.user_id).action_set_won()
        self._process()
        self.assertEqual(str(lead.date_won), "2026-05-20")
        self.assertEqual(lead.won_amount, 2000)
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 100, "draft")])

    def test_open_lead_pays_nothing(self):
        lead = self._lead_open(self.sales_north, 2000)
        self._process()
        self.assertFalse(self._lines(lead))

    def test_lead_without_salesperson_or_marketer_pays_nobody(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04", user_id=False)
        self.assertEqual(self._events(lead).mapped("state"), ["done"])
        self.assertFalse(self._lines(lead))

    def test_reverted_win_cancels_open_lines(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        line = self._lines(lead)
        lead.stage_id = self.stage_new
        self._process()
        self.assertEqual(line.state, "cancelled")
        self.assertEqual(line.amount, 0)
        self.assertIn("100.00", line.explanation)
        self.assertLines(lead, [])
        self.assertFalse(lead.date_won)
        self.assertFalse(lead.won_amount)

    def test_lost_deal_cancels_open_lines(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        lead.stage_id = self.stage_new
        lead.action_set_lost()
        self._process()
        self.assertLines(lead, [])

    def test_archived_deal_stays_won(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        lead.action_archive()
        lead.action_unarchive()
        self._process()
        self.assertEqual(str(lead.date_won), "2026-05-04")
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 100, "draft")])

    def test_deal_won_again_pays_once(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        lead.stage_id = self.stage_new
        self._process()
        lead.action_set_won()
        self._process()
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 100, "draft")])
        self.assertEqual(len(self._lines(lead)), 1)
        self.assertEqual(str(self._lines(lead).date), "2026-05-04")

    def test_won_and_undone_before_processing_pays_nothing(self):
        lead = self._lead_open(self.sales_north, 2000)
        lead.action_set_won()
        lead.stage_id = self.stage_new
        self._process()
        self.assertFalse(self._lines(lead).filtered("amount"))

    def test_changed_amount_replaces_open_lines(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        line = self._lines(lead)
        lead.expected_revenue = 3000
        self._process()
        self.assertEqual(self._lines(lead), line)
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 150, "draft")])

    def test_corrected_credit_moves_the_money(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        lead.user_id = self.team_manager.user_id
        self._process()
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 100, "draft")])
        self._correct_credit(lead, {self.team_manager: 100})
        self._process()
        self.assertLines(lead, [(self.team_manager, "SAL_OWN", 100, "draft")])
        shares = self._events(lead).credit_ids.mapped(
            lambda credit: (credit.employee_id, credit.share)
        )
        self.assertEqual(
            set(shares), {(self.sales_north, 0.0), (self.team_manager, 1.0)}
        )

    def test_shares_split_a_deal_exactly(self):
        lead = self._lead_won(
            self.sales_north,
            100,
            "2026-05-04",
            commission_share_ids=[
                Command.create(
                    {"employee_id": employee.id, "role": "sales", "percent": percent}
                )
                for employee, percent in (
                    (self.sales_north, 33.333333),
                    (self.team_manager, 33.333333),
                    (self.manager_north, 33.333334),
                )
            ],
        )
        credits = self._events(lead).credit_ids
        self.assertEqual(sorted(credits.mapped("amount")), [33.33, 33.33, 33.34])
        self.assertAlmostEqual(sum(credits.mapped("share")), 1.0, 12)
        self.assertLines(
            lead,
            [
                (self.sales_north, "SAL_OWN", 1.67, "draft"),
                (self.team_manager, "SAL_OWN", 1.67, "draft"),
                (self.manager_north, "SAL_OWN", 1.67, "draft"),
            ],
        )

    def test_corrected_shares_move_the_money(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        self._correct_credit(lead, {self.sales_north: 75, self.team_manager: 25})
        self._process()
        self.assertLines(
            lead,
            [
                (self.sales_north, "SAL_OWN", 75, "draft"),
                (self.team_manager, "SAL_OWN", 25, "draft"),
            ],
        )
        self._correct_credit(lead, {self.sales_north: 100})
        self._process()
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 100, "draft")])

    def test_second_run_writes_nothing(self):
        for source in ("marketing", "own", "referral"):
            self._lead_won(
                self.sales_north, 999, "2026-05-04", source=source, verified=False
            )
        with self.assertLedgerUntouched():
            self.assertEqual(self._process(), 0)

    def test_recomputing_everything_writes_nothing(self):
        leads = self.env["crm.lead"]
        for source in ("marketing", "own", "referral"):
            leads += self._lead_won(
                self.sales_north, 999, "2026-05-04", source=source, verified=False
            )
        events = self._events(leads)
        events._set_pending([("id", "in", events.ids)])
        with self.assertLedgerUntouched():
            self.assertEqual(self._process(), 3)

    def test_fact_captured_twice_is_one_event(self):
        lead = self._lead_won(self.sales_north, 999, "2026-05-04")
        lead._commission_capture({"stage_id"})
        lead.write({"stage_id": self.stage_won.id})
        self.assertEqual(len(self._events(lead)), 1)
        self.assertEqual(self._events(lead).state, "done")

    def test_manager_is_paid_by_the_reporting_line(self):
        self._replace_plan(
            {
                "Direct": {"role": "manager", "manager_level": 1, "rate": 1},
                "Above": {"role": "manager", "manager_level": 2, "rate": 0.5},
            }
        )
        lead = self._lead_won(self.sales_north, 10000, "2026-05-04")
        self.assertLines(
            lead,
            [
                (self.team_manager, "Direct", 100, "draft"),
                (self.manager_north, "Above", 50, "draft"),
            ],
        )

    def test_new_manager_earns_on_later_deals_only(self):
        self._replace_plan({"Direct": {"role": "manager", "rate": 1}})
        early = self._lead_won(self.sales_north, 10000, "2026-05-04")
        self.sales_north.parent_id = self.manager_north
        events = self._events(early)
        events._set_pending([("id", "in", events.ids)])
        later = self._lead_won(self.sales_north, 10000, "2026-05-20")
        self.assertLines(early, [(self.team_manager, "Direct", 100, "draft")])
        self.assertLines(later, [(self.manager_north, "Direct", 100, "draft")])

    def test_a_deal_that_is_deleted_counts_for_no_bracket(self):
        """Only one that paid nothing can be, by a merge or the like."""
        bounds = ((0, 0), (1000, 10))
        tiers = [Command.create({"from_value": v, "rate": r}) for v, r in bounds]
        self._replace_plan(
            {
                "TIER": {
                    "role": "sales",
                    "tier_mode": "marginal",
                    "tier_measure": "cumulative",
                    "tier_period": "month",
                    "tier_ids": tiers,
                }
            }
        )
        early = self._lead_won(self.sales_north, 1000, "2026-05-04")
        later = self._lead_won(self.sales_north, 1000, "2026-05-11")
        past = self._lead_won(self.sales_north, 1000, "2026-04-06")
        self.assertFalse(self._lines(early))
        self.assertLines(later, [(self.sales_north, "TIER", 100, "draft")])
        early.sudo().unlink()
        self.assertEqual(self._events(later).state, "pending")
        self.assertEqual(self._events(past).state, "done", "of another month")
        self._process()
        self.assertLines(later, [])

    def test_employee_who_changes_branch_keeps_earlier_lines_there(self):
        early = self._lead_won(self.sales_north, 1000, "2026-05-04")
        self._move_to_south(self.sales_north)
        events = self._events(early)
        events._set_pending([("id", "in", events.ids)])
        later = self._lead_won(self.sales_north, 1000, "2026-05-11")
        self.assertEqual(self._lines(early).company_id, self.north)
        self.assertEqual(self._lines(later).company_id, self.south)


@tagged("post_install", "-at_install")
@freeze_time("2026-05-20 12:00:00")
class TestHeldLines(CommissionCommon):
    """Own customers pay once it is decided that they are the salesperson's own."""

    def test_unverified_own_customer_is_held(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04", verified=False)
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 100, "held")])
        self.assertIn("Held until", self._lines(lead).explanation)

    def test_held_line_becomes_draft_when_verified(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04", verified=False)
        line = self._lines(lead)
        lead.with_user(self.manager_north.user_id).action_verify_source()
        self._process()
        self.assertEqual(self._lines(lead), line)
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 100, "draft")])

    def test_nobody_verifies_their_own_customer(self):
        lead = self._lead_won(self.manager_north, 2000, "2026-05-04", verified=False)
        with self.assertRaisesRegex(Exception, "Somebody else verifies"):
            lead.with_user(self.manager_north.user_id).action_verify_source()
        self._process()
        self.assertLines(lead, [(self.manager_north, "SAL_OWN", 100, "held")])

    def test_held_line_is_replaced_by_what_the_true_source_pays(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04", verified=False)
        held = self._lines(lead)
        self._decide_source(lead, "marketing", self.marketer)
        self._process()
        self.assertEqual(held.state, "cancelled")
        self.assertLines(
            lead,
            [
                (self.marketer, "MKT_DEAL", 40, "draft"),
                (self.sales_north, "SAL_MKT", 60, "draft"),
                (self.sales_north, "SAL_SYN", 20, "draft"),
            ],
        )

    def test_decided_marketer_is_paid_in_the_place_of_the_one_recorded(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04", source="marketing")
        self._decide_source(lead, "marketing", self.team_manager)
        self._process()
        paid = self._lines(lead).filtered(lambda line: line.state != "cancelled")
        of_marketing = paid.filtered(lambda line: line.role == "marketing")
        self.assertEqual(of_marketing.mapped("employee_id"), self.team_manager)
        self.assertEqual(of_marketing.mapped("amount"), [40])

    def test_rule_without_verification_pays_at_once(self):
        self._replace_plan(
            {"Own": {"rate": 5, "requires_verification": False}},
        )
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04", verified=False)
        self.assertLines(lead, [(self.sales_north, "Own", 100, "draft")])


@tagged("post_install", "-at_install")
@freeze_time("2026-05-20 12:00:00")
class TestSettledLines(CommissionCommon):
    """Approved, paid and locked lines never change: differences are new lines."""

    def _frozen_values(self, lines):
        names = ["amount", "base", "rate", "date", "date_due", "state", "employee_id"]
        return lines.read([*names, "company_id", "rule_id", "kind", "trace"])

    def _approved(self, amount=2000, **vals):
        lead = self._lead_won(self.sales_north, amount, "2026-05-04", **vals)
        lines = self._lines(lead)
        lines.with_user(self.officer_hq.user_id).action_approve()
        return lead, lines

    def test_difference_after_approval_is_a_new_line(self):
        lead, line = self._approved()
        before = self._frozen_values(line)
        lead.expected_revenue = 3000
        self._process()
        self.assertEqual(self._frozen_values(line), before)
        self.assertLines(
            lead,
            [
                (self.sales_north, "SAL_OWN", 100, "approved"),
                (self.sales_north, "SAL_OWN", 50, "draft"),
            ],
        )
        correction = self._lines(lead) - line
        self.assertEqual(correction.kind, "adjustment")
        self.assertEqual(correction.origin_line_id, line)
        self.assertEqual(str(correction.date), "2026-05-20")
        self.assertIn("100.00", correction.explanation)
        self.assertIn("150.00", correction.explanation)

    def test_correction_follows_further_changes(self):
        lead, line = self._approved()
        for amount in (3000, 4000, 1000):
            lead.expected_revenue = amount
            self._process()
        self.assertLines(
            lead,
            [
                (self.sales_north, "SAL_OWN", 100, "approved"),
                (self.sales_north, "SAL_OWN", -50, "draft"),
            ],
        )
        self.assertEqual(self._lines(lead).mapped("kind"), ["commission", "adjustment"])

    def test_correction_disappears_when_the_amount_comes_back(self):
        lead, line = self._approved()
        lead.expected_revenue = 3000
        self._process()
        lead.expected_revenue = 2000
        self._process()
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 100, "approved")])

    def test_reverted_win_after_approval_is_clawed_back(self):
        lead, line = self._approved()
        lead.stage_id = self.stage_new
        self._process()
        self.assertLines(
            lead,
            [
                (self.sales_north, "SAL_OWN", 100, "approved"),
                (self.sales_north, "SAL_OWN", -100, "draft"),
            ],
        )
        clawback = self._lines(lead) - line
        self.assertEqual(clawback.kind, "clawback")
        self.assertIn("Undone", clawback.explanation)

    def test_corrected_credit_after_approval_is_taken_back_and_paid(self):
        lead, line = self._approved()
        self._correct_credit(lead, {self.team_manager: 100})
        self._process()
        self.assertLines(
            lead,
            [
                (self.sales_north, "SAL_OWN", 100, "approved"),
                (self.sales_north, "SAL_OWN", -100, "draft"),
                (self.team_manager, "SAL_OWN", 100, "draft"),
            ],
        )

    def test_chain_of_approved_corrections_sums_to_what_is_due(self):
        lead, line = self._approved()
        for amount in (3000, 2500, 5000):
            lead.expected_revenue = amount
            self._process()
            drafts = self._lines(lead).filtered(lambda line: line.state == "draft")
            drafts.with_user(self.officer_hq.user_id).action_approve()
        lines = self._lines(lead)
        self.assertEqual(lines.mapped("amount"), [100.0, 50.0, -25.0, 125.0])
        self.assertEqual([each.origin_line_id for each in lines[1:]], list(lines[:-1]))
        self.assertLedgerExact(lead)

    def test_paid_line_never_changes(self):
        lead, line = self._approved()
        line._payroll_paid("2026-05-19", "SLIP/1")
        before = self._frozen_values(line)
        lead.stage_id = self.stage_new
        self._process()
        self.assertEqual(self._frozen_values(line), before)
        self.assertEqual(sum(self._lines(lead).mapped("amount")), 0)

    def test_locked_line_never_changes_and_difference_is_dated_after(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-31")
        line = self._lines(lead)
        self.north.commission_lock_date = "2026-05-31"
        before = self._frozen_values(line)
        lead.expected_revenue = 3000
        self._process()
        self.assertEqual(self._frozen_values(line), before)
        correction = self._lines(lead) - line
        self.assertEqual(correction.amount, 50)
        self.assertEqual(str(correction.date), "2026-06-01")
        self.assertEqual(correction.origin_line_id, line)

    def test_lock_of_a_branch_leaves_the_others_open(self):
        self.south.commission_lock_date = "2026-05-31"
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        lead.expected_revenue = 3000
        self._process()
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 150, "draft")])

    def test_held_line_of_a_locked_month_is_released_as_it_is(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04", verified=False)
        line = self._lines(lead)
        self.north.commission_lock_date = "2026-05-31"
        for amount, difference in ((1000, [(-50, "draft")]), (2000, [])):
            # what is too much goes back, whoever brought the customer
            lead.expected_revenue = amount
            self._process()
            later = (self._lines(lead) - line).filtered("amount")
            self.assertEqual(
                later.mapped(lambda each: (each.amount, each.state)), difference
            )
        lead.with_user(self.manager_north.user_id).action_verify_source()
        self._process()
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 100, "draft")])
        self.assertEqual(str(line.date), "2026-05-04")

    def test_branch_change_posts_the_difference_where_the_line_is(self):
        lead, line = self._approved()
        self._move_to_south(self.sales_north)
        lead.expected_revenue = 3000
        self._process()
        correction = self._lines(lead) - line
        self.assertEqual(correction.company_id, self.north)
        self.assertEqual(sum(self._lines(lead).mapped("amount")), 150)

    def test_new_plan_version_corrects_what_was_approved_since_its_start(self):
        lead, line = self._approved()
        draft = self.plan.copy({"date_start": "2026-05-01"})
        draft.previous_id = self.plan
        draft.rule_ids.filtered(lambda rule: rule.name == "SAL_OWN").rate = 6
        draft.action_activate()
        self._process()
        self.assertEqual(str(self.plan.date_end), "2026-04-30")
        self.assertEqual(sum(self._lines(lead).mapped("amount")), 120)
        self.assertEqual(line.amount, 100)
        self.assertLedgerExact(lead)

    def test_lead_with_commissions_cannot_be_deleted(self):
        lead, line = self._approved()
        with self.assertRaisesRegex(Exception, "Archive it"):
            lead.unlink()
        self.assertTrue(line.exists())
