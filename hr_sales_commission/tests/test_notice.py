# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time, tagged

from odoo.addons.mail.tests.common import MailCase

from .source_common import SourceCommon

AGREEMENT = "hr_sales_commission.mail_activity_type_agreement"
NOTICE_LOG = "odoo.addons.hr_sales_commission.pipeline.notices"


class NoticeCommon(SourceCommon, MailCase):
    def setUp(self):
        super().setUp()
        people = self.sales_north + self.marketer + self.sales_south
        people.user_id.notification_type = "inbox"

    def _told(self, person, since):
        """Return what a person was told, in private or as a follower, since a point."""
        messages = self.env["mail.message"].search(
            [
                ("id", ">", since),
                ("notified_partner_ids", "in", person.user_id.partner_id.ids),
            ],
            order="id",
        )
        return [message.preview for message in messages]

    def _last_message(self):
        return self.env["mail.message"].search([], order="id desc", limit=1).id

    def _run_cron(self):
        """Let the cron tell; return the number of the last message before."""
        self.env.flush_all()
        since = self._last_message()
        with self.enter_registry_test_mode():
            self.env.ref(
                "hr_sales_commission.ir_cron_commission_process"
            ).method_direct_trigger()
        self.env.invalidate_all()
        return since


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-05-20 12:00:00")
class TestNotice(NoticeCommon):
    """Who counted on money is told what changed and why, once and alone."""

    def test_approvers_are_reminded_before_due_days_pass(self):
        for person in (self.manager_north, self.officer_north, self.officer_hq):
            person.user_id.notification_type = "inbox"
        self._lead_won(self.sales_north, 1000, "2026-05-14")
        self._lead_won(self.officer_north, 500, "2026-05-01")
        later = self._lead_won(self.sales_north, 9000, "2026-05-24")
        since = self._last_message()
        self.env["hr.commission.line"]._cron_remind_approvers()
        [told] = self._told(self.manager_north, since)
        self.assertIn("2 commissions", told)
        # nobody is reminded of the own money
        [told] = self._told(self.officer_north, since)
        self.assertIn("1 commissions", told)
        self.assertFalse(self._told(self.officer_hq, since))
        self.assertFalse(self._told(self.sales_north, since))
        lines = self.env["hr.commission.line"].search([("state", "=", "draft")])
        (lines - self._lines(later))._approve()
        since = self._last_message()
        self.env["hr.commission.line"]._cron_remind_approvers()
        self.assertFalse(self._told(self.manager_north, since))

    def _approved_deals(self, number=1, employee=None):
        leads = self.env["crm.lead"].concat(
            *(
                self._lead_won(
                    employee or self.sales_north,
                    1000,
                    "2026-05-04",
                    name=f"Deal {count}",
                )
                for count in range(number)
            )
        )
        self._lines(leads).sudo().write({"state": "approved"})
        return leads

    def test_correction_of_approved_money_is_told_once_with_its_reason(self):
        leads = self._approved_deals(3)
        for lead in leads[:2]:
            lead.expected_revenue = 400
        since = self._run_cron()
        (told,) = self._told(self.sales_north, since)
        self.assertRegex(told, r"Deal 0: .*-30\.00")
        self.assertIn("Deal 1", told)
        self.assertNotIn("Deal 2", told)
        self.assertIn("The amount of the deal was changed.", told)
        self.assertFalse(self._told(self.sales_north, self._run_cron()), "only once")

    def test_correction_nobody_was_told_of_is_none(self):
        lead = self._approved_deals()
        lead.expected_revenue = 400
        self._process()
        lead.expected_revenue = 1000
        self.assertFalse(self._told(self.sales_north, self._run_cron()))

    def test_correction_taken_back_is_told(self):
        lead = self._approved_deals()
        lead.expected_revenue = 400
        self._run_cron()
        lead.expected_revenue = 1000
        (told,) = self._told(self.sales_north, self._run_cron())
        self.assertIn("is taken back", told)

    def test_history_and_open_commissions_are_told_to_nobody(self):
        lead = self._lead_won(self.sales_north, 1000, "2026-05-04", process=False)
        self._lead_won(self.sales_north, 700, "2026-04-04", process=False)
        since = self._run_cron()
        lead.expected_revenue = 400
        self._run_cron()
        self.assertFalse(self._told(self.sales_north, since))

    def test_released_commission_is_told(self):
        lead = self._lead_won(
            self.sales_north, 1000, "2026-05-04", verified=False, name="Held deal"
        )
        self.assertEqual(self._lines(lead).state, "held")
        lead.with_user(self.manager_north.user_id).action_verify_source()
        (told,) = self._told(self.sales_north, self._run_cron())
        self.assertIn("Held deal", told)
        self.assertIn("no longer held", told)

    def test_everybody_reads_their_own_only(self):
        lead = self._lead_won(
            self.sales_north, 1000, "2026-05-04", source="marketing", name="Joint"
        )
        self._lines(lead).sudo().write({"state": "approved"})
        lead.expected_revenue = 2000
        since = self._run_cron()
        amounts = {self.sales_north: ("30", "10"), self.marketer: ("20",)}
        for person, own in amounts.items():
            (told,) = self._told(person, since)
            self.assertEqual(told.count("Joint"), len(own))
            message = self.env["mail.message"].search([("id", ">", since)])
            seen = self._as(person)["mail.message"].search([("id", "in", message.ids)])
            self.assertEqual(len(seen), 1)

    def test_long_lists_are_cut(self):
        leads = self._approved_deals(25)
        leads.expected_revenue = 400
        since = self._run_cron()
        message = self.env["mail.message"].search(
            [
                ("id", ">", since),
                ("notified_partner_ids", "in", self.sales_north.user_id.partner_id.ids),
            ]
        )
        self.assertEqual(message.body.count("<li>"), 21)
        self.assertIn("And 5 more.", message.body)

    def _get_mails(self, since):
        """Return the subject and body of the mails to the salesperson since a point."""
        mails = self.env["mail.mail"].search(
            [
                ("mail_message_id", ">", since),
                ("recipient_ids", "in", self.sales_north.user_id.partner_id.ids),
            ]
        )
        return [(mail.subject, str(mail.body_html)) for mail in mails]

    def test_one_mail_a_day_says_all_of_it(self):
        user = self.sales_north.user_id
        user.notification_type = "email"
        leads = self._approved_deals(2)
        with self.mock_mail_gateway(mail_unlink_sent=False):
            since = self._last_message()
            for lead in leads:
                lead.expected_revenue = 400
                self._run_cron()
            self.assertEqual(len(self._told(self.sales_north, since)), 2)
            self.assertFalse(self._get_mails(since), "told in Odoo at once")
            Notification = self.env["mail.notification"]
            Notification._cron_mail_commissions()
            [(subject, body)] = self._get_mails(since)
            self.assertEqual(subject, "Your commissions: what is new")
            self.assertEqual(body.count("<li>"), 2)
            for text in ("Deal 0", "Deal 1", "-30.00"):
                self.assertIn(text, body)
            self.assertEqual(body.count("Open my commissions"), 1)
            Notification._cron_mail_commissions()
            self.assertEqual(len(self._get_mails(since)), 1, "only once")

    def test_one_notice_is_the_subject_and_who_wants_gets_each_at_once(self):
        user = self.sales_north.user_id
        user.notification_type = "email"
        leads = self._approved_deals(2)
        with self.mock_mail_gateway(mail_unlink_sent=False):
            since = self._last_message()
            leads[0].expected_revenue = 400
            self._run_cron()
            self.env["mail.notification"]._cron_mail_commissions()
            self.assertEqual(self._get_mails(since)[0][0], "Your commissions changed")
            user.with_user(user).is_commission_mail_immediate = True
            leads[1].expected_revenue = 400
            since = self._run_cron()
            self.assertEqual(len(self._get_mails(since)), 1)

    def test_a_failing_message_is_sent_later_and_stops_nobody(self):
        (
            self._approved_deals() + self._approved_deals(employee=self.sales_south)
        ).expected_revenue = 400
        Line = type(self.env["hr.commission.line"])
        describe = Line._describe_changes

        def fail_for_the_north(lines):
            if lines.user_id == self.sales_north.user_id:
                raise ValueError("x")
            return describe(lines)

        with (
            patch.object(Line, "_describe_changes", fail_for_the_north),
            self.assertLogs(NOTICE_LOG, "ERROR"),
        ):
            since = self._run_cron()
        self.assertFalse(self._told(self.sales_north, since))
        self.assertEqual(len(self._told(self.sales_south, since)), 1)
        since = self._run_cron()
        self.assertEqual(len(self._told(self.sales_north, since)), 1)
        self.assertFalse(self._told(self.sales_south, since))

    def _count_statements(self, leads):
        """How many statements it takes to compute these deals after a change.

        What Odoo does before a commit is not counted: it logs tracked changes.
        """
        leads.expected_revenue = 400
        self.env.flush_all()
        self.cr.precommit.run()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._process()
        return self.env.cr.sql_log_count - before

    def test_statements_of_a_batch_do_not_depend_on_its_size(self):
        few, many = self._approved_deals(5), self._approved_deals(60)
        statements = self._count_statements(few)
        self.assertLessEqual(self._count_statements(many), statements)
        self.assertEqual(
            len(self._lines(many).filtered("is_notice_due")), 60, "all are to be told"
        )


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-05-20 12:00:00")
class TestStatementNotice(NoticeCommon):
    """A statement that is ready asks its employee to agree."""

    def setUp(self):
        super().setUp()
        self._lead_won(self.sales_north, 1000, "2026-04-04")
        self.statement = self.env["hr.commission.statement"]._generate(
            self.north, fields.Date.to_date("2026-04-01")
        )
        self.statement.with_user(self.officer_hq.user_id).action_confirm()
        self.since = self._run_cron()
        self.activity = self.statement.activity_ids

    def test_employee_is_asked_with_month_and_amount(self):
        self.assertEqual(self.activity.user_id, self.sales_north.user_id)
        self.assertEqual(self.activity.activity_type_id, self.env.ref(AGREEMENT))
        self.assertIn("April 2026", self.activity.summary)
        self.assertNotIn("50.00", self.activity.summary)
        self.assertIn("50.00", self.activity.note)
        self.assertEqual(str(self.activity.date_deadline), "2026-05-27")
        self.assertEqual(len(self._told(self.sales_north, self.since)), 1)
        self._as(self.sales_north)
        mine = self.activity.with_user(self.sales_north.user_id)
        self.assertEqual(mine.res_name, self.statement.display_name)

    def test_templates_are_saved_where_there_are_records(self):
        templates = self.env["mail.template"].search(
            [("model_id.model", "=like", "hr.commission.%")]
        )
        self.assertTrue(templates)
        for template in templates:  # Odoo tries each on a record: an update saves them
            template.write({"subject": template.subject})

    def test_agreeing_does_it(self):
        self._as(self.sales_north)
        self.statement.with_user(self.sales_north.user_id).action_acknowledge()
        self.assertFalse(self.statement.activity_ids)

    def test_taken_back_and_asked_again(self):
        statement = self.statement.with_user(self.officer_hq.user_id)
        statement.action_reset_to_draft()
        self.assertFalse(self.statement.activity_ids)
        self._run_cron()
        self.assertFalse(self.statement.activity_ids, "it is no longer confirmed")
        statement.action_confirm()
        for _ in range(2):
            self._run_cron()
            self.assertEqual(len(self.statement.activity_ids), 1)

    def test_paid_asks_nothing_any_more(self):
        statement = self.statement.with_user(self.officer_hq.user_id)
        statement.action_approve()
        self.assertTrue(self.statement.activity_ids)
        statement.action_mark_paid()
        self.assertEqual(self.statement.state, "paid")
        self.assertFalse(self.statement.activity_ids)


@tagged("post_install", "-at_install", "commission_long")
class TestDisputeNotice(NoticeCommon):
    """A dispute says what is claimed, why it was decided so, and what it changes."""

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

    def setUp(self):
        super().setUp()
        self.lead = self._make_web_lead(name="Pumps", email_from="bob@client.test")
        self._win(self.lead)

    def _contest(self, **vals):
        self._as(self.sales_north)
        return (
            self.env["hr.commission.dispute"]
            .with_user(self.sales_north.user_id)
            .create({"reason": "I met them at the fair", **vals})
            .sudo()
        )

    def _decide(self, dispute, decision):
        since = self._last_message()
        self._as(self.decider)
        dispute.with_user(self.decider.user_id).action_decide(
            decision, "Seen the mails"
        )
        return since

    def test_decider_reads_the_claim(self):
        dispute = self._contest(lead_id=self.lead.id, claimed_source="own")
        activity = dispute.activity_ids
        self.assertEqual(activity.user_id, dispute.decider_id)
        self.assertIn("“Pumps” is claimed as “Own customer”", activity.summary)
        self.assertIn("sales_north", activity.summary)
        self.assertIn("I met them at the fair", activity.note)

    def test_decision_tells_each_what_it_changes_for_them(self):
        dispute = self._contest(lead_id=self.lead.id, claimed_source="own")
        since = self._decide(dispute, "accepted")
        (sales,) = self._told(self.sales_north, since)
        (marketing,) = self._told(self.marketer, since)
        for told in (sales, marketing):
            self.assertIn("Seen the mails", told)
        self.assertRegex(sales, r"were .*40\.00.* and are .*50\.00.* now")
        self.assertRegex(marketing, r"were .*20\.00.* and are .*0\.00.* now")
        self.assertNotIn("40.00", marketing)
        self._process()
        self.assertEqual(
            sum(
                self._lines(self.lead)
                .filtered(lambda line: line.employee_id == self.sales_north)
                .mapped("amount")
            ),
            50,
        )

    def test_rejected_changes_nothing(self):
        dispute = self._contest(lead_id=self.lead.id, claimed_source="own")
        since = self._decide(dispute, "rejected")
        (sales,) = self._told(self.sales_north, since)
        self.assertRegex(sales, r"stay .*40\.00")
        self.assertIn("Rejected", sales)

    def test_award_on_a_commission(self):
        line = self._lines(self.lead).filtered(lambda line: line.amount == 30)
        dispute = self._contest(line_id=line.id, claimed_amount=45)
        self.assertNotIn("45.00", dispute.activity_ids.summary)
        self.assertIn("45.00", dispute.activity_ids.note)
        since = self._decide(dispute, "accepted")
        (sales,) = self._told(self.sales_north, since)
        self.assertRegex(sales, r"were .*30\.00.* and are .*45\.00.* now")
        (marketing,) = self._told(self.marketer, since)
        self.assertNotRegex(marketing, r"\d\.00")

    def test_followers_are_told_once(self):
        dispute = self._contest(lead_id=self.lead.id, claimed_source="own")
        dispute.message_subscribe(self.sales_south.user_id.partner_id.ids)
        since = self._decide(dispute, "rejected")
        (told,) = self._told(self.sales_south, since)
        self.assertNotRegex(told, r"\d\.00")
