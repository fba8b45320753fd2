# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .source_common import SourceCommon


@tagged("post_install", "-at_install")
class TestDispute(SourceCommon):
    """A claim is decided by somebody without interest; the ledger follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.decider = cls._create_person(
            "decider",
            cls.hq,
            cls.branches,
            "sales_team.group_sale_salesman_all_leads,"
            "hr_sales_commission.group_commission_officer",
        )

    def _collide(self):
        """Win an own customer of the salesperson that marketing met as well."""
        self._touch(20, self.sales_north, email_normalized="bob@client.test")
        self._touch(10, email_normalized="bob@client.test")
        lead = self._make(self.sales_north, email_from="bob@client.test")
        self._win(lead)
        return lead.sudo(), lead.sudo().commission_dispute_ids

    def _contest(self, lead, employee=None, **vals):
        """Contest a source as an employee does, through the form."""
        env = self._as(employee or self.sales_north)
        action = lead.with_env(env).action_contest_source()
        form = Form(env[action["res_model"]].with_context(**action["context"]))
        form.claimed_source = vals.get("claimed_source", "own")
        form.reason = "I met them at the fair"
        return form.save()

    def _decide(self, dispute, decision, employee=None):
        person = employee or self.decider
        self._as(person)
        dispute.with_user(person.user_id).action_decide(decision, "Seen the mails")
        self._process()

    # ------------------------------------------------------------------
    # Opened by the system
    # ------------------------------------------------------------------

    def test_collision_is_given_to_somebody_without_interest(self):
        lead, dispute = self._collide()
        self.assertEqual(dispute.state, "open")
        self.assertTrue(dispute.decider_id)
        interested = dispute._get_interested_employees()
        self.assertLessEqual(
            self.sales_north + self.marketer + self.team_manager + self.officer_hq,
            interested,
        )
        self.assertNotIn(dispute.decider_id, interested.user_id)
        activity = dispute.activity_ids
        self.assertEqual(activity.user_id, dispute.decider_id)
        self.assertEqual(activity.date_deadline, dispute.date_deadline)
        self.assertEqual(activity.summary, f"Decide: {dispute._describe_subject()}")
        self.assertIn(dispute.reason, activity.note)
        self.assertNotIn(lead.name, activity.note, "said in the summary already")
        concerned = (self.sales_north + self.marketer).user_id
        self.assertLessEqual(concerned, dispute.concerned_user_ids)
        self.assertLessEqual(
            concerned.partner_id, dispute.message_follower_ids.partner_id
        )

    def test_the_branch_s_own_decide_first_and_share_the_load(self):
        def employ(login, company, group):
            return self._create_person(
                login, company, company, f"hr_sales_commission.{group}"
            ).user_id

        near = [
            employ("near_manager", self.north, "group_commission_manager_branch"),
            employ("near_officer", self.north, "group_commission_officer"),
        ]
        dispute = self._as(self.sales_north)["hr.commission.dispute"].create(
            {"kind": "missing_line", "claimed_amount": 10, "reason": "One"}
        )
        own = self.env["res.users"].union(*near)
        Person = self.env["hr.commission.person"]
        candidates = Person._get_approvers(self.north)
        distances = [Person._get_distance(each, self.north) for each in candidates]
        self.assertEqual(distances, sorted(distances))
        self.assertLessEqual(own, candidates)
        first = dispute.sudo().decider_id
        self.assertEqual(first.company_id, self.north)
        second = (
            self._as(self.sales_north)["hr.commission.dispute"]
            .create({"kind": "missing_line", "claimed_amount": 20, "reason": "Two"})
            .sudo()
            .decider_id
        )
        self.assertEqual(second.company_id, self.north)
        self.assertNotEqual(second, first, "the load is shared")
        near[0].employee_ids.unlink()  # from now on somebody from outside
        third = self._as(self.sales_north)["hr.commission.dispute"].create(
            {"kind": "missing_line", "claimed_amount": 30, "reason": "Three"}
        )
        self.assertEqual(third.sudo().decider_id, near[1])

    def test_nothing_below_zero_is_claimed(self):
        claims = self._as(self.sales_north)["hr.commission.dispute"]
        line = self._own_line()
        for vals, words in (
            ({"kind": "missing_line"}, "below zero"),
            ({"kind": "line", "line_id": line.id}, "pays .* now"),
        ):
            with (
                self.subTest(vals["kind"]),
                self.assertRaisesRegex(ValidationError, words),
            ):
                claims.create({**vals, "claimed_amount": -50, "reason": "x"})

    def test_a_claim_is_more_than_what_is_paid_now(self):
        line = self._own_line()
        env = self._as(self.sales_north)
        action = line.with_env(env).action_contest()
        claim = env[action["res_model"]].with_context(**action["context"])
        form = Form(claim)
        self.assertEqual(form.claimed_amount, 50, "what it pays now is told")
        form.reason = "The amount was 1,600"
        for amount in (50, 30):
            form.claimed_amount = amount
            with self.assertRaisesRegex(ValidationError, r"pays .*50\.00.* now"):
                form.save()
        form.claimed_amount = 80
        self.assertTrue(form.save().line_id.sudo().is_disputed)

    def test_who_decides_sees_both_outcomes(self):
        _lead, dispute = self._collide()
        person = dispute.decider_id
        before = dispute._get_pay()
        events = self.env["hr.commission.event"].search([])
        states = events.mapped("state")
        seen = dispute.with_user(person).with_context(
            allowed_company_ids=person.company_ids.ids
        )
        text = str(seen.outcomes)
        self.assertIn(self.marketer.name, text)
        self.assertFalse(dispute.with_user(self.sales_north.user_id).outcomes)
        self.assertEqual(dispute._get_pay(), before, "looking changes nothing")
        self.assertEqual(events.mapped("state"), states)
        forecast = dispute._forecast_pay(True, 0)
        self.assertNotEqual(forecast, dispute._forecast_pay(False, 0))
        dispute.with_user(person).action_decide("accepted", "Seen the mails")
        self.assertEqual(dict(dispute._get_pay()), forecast, "what was foretold")

    def test_accepted(self):
        lead, dispute = self._collide()
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 50, "held")])
        self._decide(dispute, "accepted")
        self.assertSource(lead, "marketing", "overruled", self.marketer)
        self.assertLines(
            lead,
            [
                (self.marketer, "MKT_DEAL", 20, "draft"),
                (self.sales_north, "SAL_MKT", 30, "draft"),
                (self.sales_north, "SAL_SYN", 10, "draft"),
            ],
        )
        self.assertEqual(dispute.decision, "accepted")
        self.assertFalse(dispute.activity_ids)
        self.assertIn("Seen the mails", dispute.message_ids[0].body)

    def test_everyone_concerned_sees_the_evidence(self):
        lead, dispute = self._collide()
        for person in (self.sales_north, self.marketer, self.decider):
            with self.subTest(person.name):
                self._as(person)
                seen = dispute.with_user(person.user_id)
                self.assertEqual(len(seen.supporting_touchpoint_ids), 2)
                self.assertEqual(
                    seen.opposing_touchpoint_ids.mapped("commission_source"),
                    ["marketing"],
                )

    def test_rejected(self):
        lead, dispute = self._collide()
        self._decide(dispute, "rejected")
        self.assertSource(lead, "own", "verified")
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 50, "draft")])

    def test_paid_commission_is_corrected_by_differences(self):
        lead = self._make_web_lead(email_from="bob@client.test")
        self._win(lead)
        self._lines(lead).sudo().write({"state": "approved"})
        before = {line.id: line.amount for line in self._lines(lead)}
        dispute = self._contest(lead)
        self._decide(dispute, "accepted")
        lines = self._lines(lead)
        for line in lines.filtered(lambda line: line.id in before):
            self.assertEqual(line.amount, before[line.id])
        totals = {
            person: sum(
                lines.filtered(lambda line, p=person: line.employee_id == p).mapped(
                    "amount"
                )
            )
            for person in (self.sales_north, self.marketer)
        }
        self.assertEqual(totals, {self.sales_north: 50, self.marketer: 0})
        self.assertTrue(lines.filtered("origin_line_id"))
        self.assertLedgerExact(lead)

    def test_customer_of_another_salesperson(self):
        self._touch(20, self.sales_south, email_normalized="bob@client.test")
        lead = self._make(self.sales_north, email_from="bob@client.test")
        self._win(lead)
        dispute = lead.sudo().commission_dispute_ids
        self.assertEqual(dispute.claimed_employee_id, self.sales_south)
        self._decide(dispute, "accepted")
        self.assertLines(lead, [(self.sales_south, "SAL_OWN", 50, "draft")])

    # ------------------------------------------------------------------
    # Opened by people
    # ------------------------------------------------------------------

    def test_contest_a_source(self):
        lead = self._make_web_lead(email_from="bob@client.test")
        self._win(lead)
        dispute = self._contest(lead)
        self.assertEqual(dispute.sudo().user_id, self.sales_north.user_id)
        self.assertEqual(dispute.sudo().employee_id, self.sales_north)
        self.assertSource(lead, "marketing", "disputed", self.marketer)
        self._process()
        self.assertEqual(
            set(self._lines(lead).mapped("state")) - {"cancelled"}, {"held"}
        )

    def test_withdraw(self):
        lead = self._make_web_lead(email_from="bob@client.test")
        dispute = self._contest(lead)
        with self.assertRaises(AccessError):
            dispute.with_user(self.decider.user_id).action_withdraw()
        dispute.action_withdraw()
        self.assertSource(lead, "marketing", "verified", self.marketer)
        with self.assertRaisesRegex(UserError, "not open any more"):
            self._decide(dispute, "accepted")

    def test_one_open_dispute_a_source(self):
        lead = self._make_web_lead(email_from="bob@client.test")
        self._contest(lead)
        with self.assertRaisesRegex(UserError, "already disputed"):
            self._contest(lead)

    def test_claim_a_customer_whose_deal_is_hidden(self):
        partner = self.env["res.partner"].create(
            {"name": "Bob", "email": "bob@client.test"}
        )
        lead = self._make_web_lead(partner_id=partner.id)
        lead.user_id = self.manager_north.user_id
        env = self._as(self.sales_north)
        action = partner.with_env(env).action_claim_customer()
        dispute = env["hr.commission.dispute"].create(
            {
                **{
                    name[8:]: value
                    for name, value in action["context"].items()
                    if name.startswith("default_")
                },
                "claimed_source": "own",
                "reason": "Mine",
            }
        )
        self.assertEqual(dispute.sudo().lead_id, lead)

    def test_claim_says_only_what_is_claimed(self):
        lead = self._make_web_lead(email_from="bob@client.test")
        claim = {"lead_id": lead.id, "reason": "x", "claimed_source": "own"}
        Dispute = self._as(self.sales_north)["hr.commission.dispute"]
        for name, value in (
            ("state", "decided"),
            ("decision", "accepted"),
            ("decider_id", self.sales_north.user_id.id),
            ("awarded_amount", 100),
            ("decision_note", "ok"),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                Dispute.create({**claim, name: value})
        dispute = Dispute.create({**claim, "user_id": False, "employee_id": False})
        self.assertEqual(dispute.sudo().user_id, self.sales_north.user_id)
        with self.assertRaises(UserError):
            dispute.state = "decided"

    def test_hidden_deal_is_not_claimed_by_its_number(self):
        lead = self._make(self.sales_south, email_from="x@y.test")
        with self.assertRaises(AccessError):
            self._as(self.sales_north)["hr.commission.dispute"].create(
                {"lead_id": lead.id, "reason": "x", "claimed_source": "own"}
            )

    # ------------------------------------------------------------------
    # Who decides
    # ------------------------------------------------------------------

    def test_who_may_not_decide(self):
        lead, dispute = self._collide()
        dispute.decision_note = "Because"
        cases = {
            "salesperson": self.sales_north,
            "marketer": self.marketer,
            "their manager": self.team_manager,
            "the manager above": self.manager_north,
            "the top of the chain": self.officer_hq,
            "no right to decide": self.sales_south,
            "another branch": self.manager_south,
        }
        for name, person in cases.items():
            with self.subTest(name), self.assertRaises(UserError):
                self._decide(dispute, "accepted", person)
            self.assertEqual(dispute.state, "open")
        for person in (self.manager_north, self.sales_north):
            with self.assertRaises(ValidationError):
                dispute.decider_id = person.user_id

    def test_claimant_does_not_decide(self):
        lead = self._make_web_lead(email_from="bob@client.test")
        dispute = self._contest(lead, self.decider)
        with self.assertRaises(AccessError):
            self._decide(dispute, "accepted", self.decider)

    def test_decision_needs_grounds(self):
        _lead, dispute = self._collide()
        with self.assertRaisesRegex(UserError, "grounds"):
            dispute.with_user(self.decider.user_id).action_accept()

    def test_nobody_there_to_decide(self):
        lead = self._make_web_lead(email_from="bob@client.test")
        dispute_class = type(self.env["hr.commission.dispute"])
        nobody = self.env["res.users"]
        with patch.object(dispute_class, "_find_decider", return_value=nobody):
            dispute = self._contest(lead).sudo()
        self.assertFalse(dispute.decider_id)
        self.assertFalse(dispute.activity_ids)
        self.assertIn(
            "Nobody without interest", str(dispute.message_ids.mapped("body"))
        )
        dispute.decider_id = self.decider.user_id
        self.assertEqual(dispute.activity_ids.user_id, self.decider.user_id)

    # ------------------------------------------------------------------
    # Commissions
    # ------------------------------------------------------------------

    def _own_line(self):
        lead = self._make(self.sales_north, email_from="bob@client.test")
        self._win(lead)
        return self._lines(lead)

    def test_line(self):
        line = self._own_line()
        env = self._as(self.sales_north)
        dispute = env["hr.commission.dispute"].create(
            {
                "kind": "line",
                "line_id": line.id,
                "claimed_amount": 80,
                "reason": "The amount was 1,600",
            }
        )
        self.assertTrue(line.is_disputed)
        with self.assertRaisesRegex(UserError, "disputed"):
            line.with_user(self.manager_north.user_id).action_approve()
        self._decide(dispute, "accepted")
        line.invalidate_recordset()
        self.assertFalse(line.is_disputed)
        posted = dispute.sudo().posted_line_id
        self.assertEqual(
            (posted.amount, posted.kind, posted.state, posted.employee_id),
            (30, "manual", "draft", self.sales_north),
        )
        self.assertEqual(posted.origin_line_id, line)
        self.assertEqual(posted.display_name, f"{line.lead_id.name} – Manual")

    def test_disputed_line_stays_so_when_computed_again(self):
        line = self._own_line()
        env = self._as(self.sales_north)
        action = line.with_env(env).action_contest()
        form = Form(env[action["res_model"]].with_context(**action["context"]))
        form.claimed_amount = 80
        form.reason = "The amount was 1,600"
        dispute = form.save().sudo()
        self.assertEqual(dispute.lead_id, line.lead_id)
        line.lead_id.sudo().expected_revenue = 1200
        self._process()
        line.invalidate_recordset()
        self.assertEqual((line.amount, line.is_disputed), (60, True))

    def test_a_claim_goes_on_about_what_another_plan_pays(self):
        """What pays in the place of a contested commission waits, and is counted."""
        line = self._own_line()
        dispute = self._as(self.sales_north)["hr.commission.dispute"].create(
            {"kind": "line", "line_id": line.id, "claimed_amount": 80, "reason": "x"}
        )
        own = self._create_plan(
            {"Own": {"rate": 6}}, company_id=self.north.id, is_personal=True
        )
        self.sales_north.version_id.commission_plan_id = own
        self._process()
        self._process()  # it stays so
        now = self._lines(line.lead_id) - line
        self.assertEqual(line.state, "cancelled")
        self.assertEqual((now.amount, now.is_disputed), (60, True))
        self._decide(dispute, "accepted")
        self.assertEqual(sum(self._lines(line.lead_id).mapped("amount")), 80)
        self.assertFalse(now.is_disputed)

    def test_what_was_awarded_is_not_awarded_again(self):
        line = self._own_line()
        claim = {"kind": "line", "line_id": line.id, "reason": "x"}
        Dispute = self._as(self.sales_north)["hr.commission.dispute"]
        self._decide(Dispute.create({**claim, "claimed_amount": 80}), "accepted")
        with self.assertRaisesRegex(ValidationError, "80"):
            Dispute.create({**claim, "claimed_amount": 80})
        second = Dispute.create({**claim, "claimed_amount": 90})
        self._decide(second, "accepted")
        self.assertEqual(second.sudo().posted_line_id.amount, 10)

    def _claim(self, line, amount):
        Dispute = self._as(self.sales_north)["hr.commission.dispute"]
        return Dispute.create(
            {
                "kind": "line",
                "line_id": line.id,
                "claimed_amount": amount,
                "reason": "x",
            }
        )

    def _pay_in_all(self, lead, revenue=None):
        if revenue:
            lead.sudo().expected_revenue = revenue
        self._process()
        return round(sum(self._lines(lead).mapped("amount")), 2)

    def test_what_corrects_a_commission_is_claimed_with_it(self):
        line = self._own_line()
        lead = line.lead_id
        line.sudo().write({"state": "approved"})
        self.assertEqual(self._pay_in_all(lead, 600), 30)
        taken_back = self._lines(lead) - line
        self._decide(self._claim(taken_back, 50), "accepted")
        self.assertEqual(self._pay_in_all(lead), 50)
        award = self._lines(lead).filtered(lambda one: one.kind == "manual")
        with self.assertRaisesRegex(ValidationError, "pays .*50"):
            self._claim(award, 50)
        self._decide(self._claim(award, 60), "accepted")
        self.assertEqual(self._pay_in_all(lead), 60)

    def test_what_the_source_brings_is_paid_instead(self):
        line = self._own_line()
        claim = self._claim(line, 80)
        self._decide_source(line.lead_id.sudo(), "marketing", self.marketer)
        self._process()
        own = self._lines(line.lead_id).filtered(
            lambda one: one.employee_id == self.sales_north
        )
        self.assertEqual(sorted(own.mapped("amount")), [0, 10, 30])
        self.assertEqual(set((own - line).mapped("is_disputed")), {True})
        self._decide(claim, "accepted")
        self.assertEqual(claim.sudo().posted_line_id.amount, 40)

    def test_a_dispute_lets_nothing_go_that_another_holds(self):
        line = self._own_line()
        line.sudo().write({"state": "approved"})
        source = self._as(self.sales_north)["hr.commission.dispute"].create(
            {
                "kind": "source",
                "lead_id": line.lead_id.id,
                "claimed_source": "marketing",
                "reason": "x",
            }
        )
        self._claim(line, 80).action_withdraw()
        self.assertTrue(line.sudo().is_disputed)
        claim = self._claim(line, 80)
        source.action_withdraw()
        self.assertTrue(line.sudo().is_disputed)
        claim.action_withdraw()
        self.assertFalse(line.sudo().is_disputed)

    def test_what_was_awarded_is_paid_in_all_whatever_is_computed_later(self):
        line = self._own_line()
        lead = line.lead_id
        self._decide(self._claim(line, 80), "accepted")
        self.assertEqual(self._pay_in_all(lead, 1600), 80)
        self._lines(lead).sudo().write({"state": "approved"})
        self.assertEqual(self._pay_in_all(lead, 1300), 80)
        self.assertEqual(self._pay_in_all(lead, 2000), 100)
        self.assertEqual(self._pay_in_all(lead, 900), 45 + 27)  # a tenth is lost
        lead.sudo().stage_id = self.stage_new
        self.assertEqual(self._pay_in_all(lead), 0)
        lead.sudo().stage_id = self.stage_won
        self.assertEqual(self._pay_in_all(lead), 45 + 27)

    def test_an_award_of_less_than_one(self):
        line = self._own_line()
        self._decide(self._claim(line, 50.5), "accepted")
        self.assertEqual(self._pay_in_all(line.lead_id), 50.5)
        self.assertEqual(self._pay_in_all(line.lead_id, 1600), 80)
        self.assertEqual(self._pay_in_all(line.lead_id, 1000), 50.5)

    def test_awards_where_the_plan_pays_nothing(self):
        line = self._own_line()
        lead = line.lead_id
        line.sudo().write({"state": "approved"})
        self.assertEqual(self._pay_in_all(lead, 0.02), 0)
        for amount in (30, 40):
            self._decide(self._claim(line, amount), "accepted")
        self.assertEqual(self._pay_in_all(lead), 40)
        self.assertEqual(self._pay_in_all(lead, 400), 40)
        self.assertEqual(self._pay_in_all(lead, 0.02), 40)
        lead.sudo().stage_id = self.stage_new
        self.assertEqual(self._pay_in_all(lead), 0)

    def test_what_was_missing_on_a_deal_without_amount(self):
        lead = self._make(self.sales_north, expected_revenue=0)
        self._win(lead)
        claim = {"kind": "missing_line", "lead_id": lead.id, "claimed_amount": 30}
        Dispute = self._as(self.sales_north)["hr.commission.dispute"]
        self._decide(Dispute.create({**claim, "reason": "x"}), "accepted")
        self.assertEqual(self._pay_in_all(lead), 30)
        self.assertEqual(self._pay_in_all(lead, 500), 30)
        self.assertEqual(self._pay_in_all(lead, 800), 40)

    def test_line_rejected(self):
        line = self._own_line()
        dispute = self._as(self.sales_north)["hr.commission.dispute"].create(
            {"kind": "line", "line_id": line.id, "claimed_amount": 80, "reason": "x"}
        )
        self._decide(dispute, "rejected")
        line.invalidate_recordset()
        self.assertFalse(line.is_disputed)
        self.assertFalse(dispute.sudo().posted_line_id)

    def test_others_line_is_not_contested(self):
        line = self._own_line()
        with self.assertRaises(AccessError):
            self._as(self.sales_south)["hr.commission.dispute"].create(
                {"kind": "line", "line_id": line.id, "claimed_amount": 8, "reason": "x"}
            )

    def test_missing_line_is_awarded_in_part(self):
        dispute = self._as(self.sales_north)["hr.commission.dispute"].create(
            {"kind": "missing_line", "claimed_amount": 100, "reason": "Forgotten"}
        )
        self.assertEqual(dispute.sudo().company_id, self.north)
        dispute.sudo().awarded_amount = 40
        self._decide(dispute, "accepted")
        posted = dispute.sudo().posted_line_id
        self.assertEqual((posted.amount, posted.employee_id), (40, self.sales_north))

    def test_what_was_missing_on_a_deal_is_awarded_once_and_lost_with_it(self):
        lead = self._own_line().lead_id
        claim = {
            "kind": "missing_line",
            "lead_id": lead.id,
            "claimed_amount": 30,
            "reason": "The share of the second visit",
        }
        Dispute = self._as(self.sales_north)["hr.commission.dispute"]
        twice = [Dispute.create(dict(claim)) for _time in range(2)]
        for dispute in twice:
            self._decide(dispute, "accepted")
        self.assertEqual(self._pay_in_all(lead), 50 + 30)
        self.assertFalse(twice[1].sudo().posted_line_id)
        with self.assertRaisesRegex(ValidationError, "30.00 was awarded"):
            Dispute.create(dict(claim))
        self._decide(Dispute.create({**claim, "claimed_amount": 40}), "accepted")
        self.assertEqual(self._pay_in_all(lead), 50 + 40)
        self.assertEqual(self._pay_in_all(lead, 500), 25 + 20)
        lead.sudo().stage_id = self.stage_new
        self.assertEqual(self._pay_in_all(lead), 0)

    def test_what_a_plan_pays_later_comes_off_what_was_missing(self):
        lead = self._own_line().lead_id
        claim = {"kind": "missing_line", "lead_id": lead.id, "reason": "x"}
        Dispute = self._as(self.sales_north)["hr.commission.dispute"]
        for amount in (30, 40):
            award = Dispute.create({**claim, "claimed_amount": amount})
            self._decide(award, "accepted")
        self.assertEqual(self._pay_in_all(lead), 50 + 40)
        award.sudo().posted_line_id.write({"state": "approved"})
        plan = self.plan
        held_back = {"holdback_percent": 50, "holdback_until": "accepted"}
        for start, vals, paid in (
            ("2020-01-03", {"rate": 7}, 90),
            ("2020-01-04", {"rate": 10}, 100),
            ("2020-01-05", {"rate": 4}, 40 + 40),
            ("2020-01-06", held_back, 20 + 40),
        ):
            plan.action_change()
            plan = plan.next_ids.filtered(lambda each: each.state == "draft")
            plan.date_start = start
            rules = plan.rule_ids.filtered(lambda rule: rule.name == "SAL_OWN")
            rules.write(vals)
            plan.action_activate()
            self.assertEqual(self._pay_in_all(lead), paid)
        lead.sudo().commission_date_accepted = "2020-02-01"
        self.assertEqual(self._pay_in_all(lead), 40 + 40)
        lead.sudo().stage_id = self.stage_new
        self.assertEqual(self._pay_in_all(lead), 0)

    # ------------------------------------------------------------------
    # Who sees it
    # ------------------------------------------------------------------

    def test_who_sees_a_dispute(self):
        _lead, dispute = self._collide()
        for person, sees in (
            (self.sales_north, True),
            (self.marketer, True),
            (self.manager_north, True),
            (self.decider, True),
            (self.sales_south, False),
            (self.manager_south, False),
        ):
            with self.subTest(person.name):
                found = self._as(person)["hr.commission.dispute"].search(
                    [("id", "=", dispute.id)]
                )
                self.assertEqual(bool(found), sees)

    def test_disputes_stay_on_record(self):
        _lead, dispute = self._collide()
        with self.assertRaises(UserError):
            dispute.unlink()
