# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import itertools
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import RecordCapturer, freeze_time, tagged

from ..models.crm_lead_capture import CrmLead
from ..models.crm_lead_win import CrmLead as CrmLeadWin
from ..models.hr_commission_event import HrCommissionEvent
from ..models.hr_commission_event_capture import HrCommissionEvent as EventCapture
from .common import CommissionCommon

CAPTURE_LOG = "odoo.addons.hr_sales_commission.models.crm_lead_capture"
EVENT_LOG = "odoo.addons.hr_sales_commission.models.hr_commission_event"
COMPUTE = "odoo.addons.hr_sales_commission.models.hr_commission_event.compute"


@tagged("post_install", "-at_install", "commission_core")
@freeze_time("2026-05-20 12:00:00")
class TestCapture(CommissionCommon):
    """Nothing of ours stops anybody from winning a deal, and nothing is lost."""

    def _run_cron(self):
        cron = self.env.ref("hr_sales_commission.ir_cron_commission_process")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def _win(self, lead):
        lead.with_user(self.sales_north.user_id).action_set_won()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(lead.won_status, "won")

    def assertRecovered(self, lead):
        self._run_cron()
        self.assertFalse(lead.is_commission_pending)
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 100, "draft")])

    def test_error_while_capturing(self):
        lead = self._lead_open(self.sales_north, 2000)
        with (
            patch.object(EventCapture, "_capture", side_effect=ValueError("x")),
            self.assertLogs(CAPTURE_LOG, "ERROR"),
        ):
            self._win(lead)
        self.assertTrue(lead.is_commission_pending)
        self.assertFalse(self._events(lead))
        self.assertRecovered(lead)

    def test_database_error_while_capturing(self):
        lead = self._lead_open(self.sales_north, 2000)
        self.env.cr.execute(
            "ALTER TABLE hr_commission_event ADD CONSTRAINT broken CHECK (id < 0)"
            " NOT VALID"
        )
        with self.assertLogs(CAPTURE_LOG, "ERROR"):
            self._win(lead)
        self.assertTrue(lead.is_commission_pending)
        self.env.cr.execute("ALTER TABLE hr_commission_event DROP CONSTRAINT broken")
        self.assertRecovered(lead)

    def test_a_statement_that_takes_too_long_stops_no_sale(self):
        """The database cuts statements short (``statement_timeout``)."""
        lead = self._lead_open(self.sales_north, 2000)
        self.env.flush_all()
        self.env.cr.execute(
            """CREATE FUNCTION take_long() RETURNS trigger LANGUAGE plpgsql AS $$
                   BEGIN PERFORM pg_sleep(30); RETURN NEW; END $$;
               CREATE TRIGGER take_long BEFORE INSERT ON hr_commission_event
                   FOR EACH ROW EXECUTE FUNCTION take_long();
               SET LOCAL statement_timeout = '1500ms'"""
        )
        with self.assertLogs(CAPTURE_LOG, "ERROR"):
            self._win(lead)
        self.env.cr.execute(
            "SET LOCAL statement_timeout = 0;"
            " DROP TRIGGER take_long ON hr_commission_event"
        )
        self.assertTrue(lead.is_commission_pending)
        self.assertFalse(self._events(lead))
        self.assertRecovered(lead)

    def test_error_while_capturing_a_new_lead(self):
        with (
            patch.object(EventCapture, "_capture", side_effect=ValueError("x")),
            self.assertLogs(CAPTURE_LOG, "ERROR"),
        ):
            lead = self._lead_won(self.sales_north, 2000, "2026-05-04", process=False)
        self.assertTrue(lead.is_commission_pending)
        self.assertRecovered(lead)

    def test_broken_condition_of_a_rule(self):
        lead = self._lead_open(self.sales_north, 2000)
        rule = self.rules["SAL_OWN"]
        self.env.cr.execute(
            "UPDATE hr_commission_rule SET domain = '[(''no_field'', ''='', 1)]'"
            " WHERE id = %s",
            [rule.id],
        )
        self._forget_rules()
        self._win(lead)
        with self.assertLogs(EVENT_LOG, "WARNING"):
            self._run_cron()
        event = self._events(lead)
        self.assertEqual(event.state, "error")
        self.assertIn("no_field", event.error)
        self.env.cr.execute(
            "UPDATE hr_commission_rule SET domain = NULL WHERE id = %s", [rule.id]
        )
        self._forget_rules()
        self.assertRecovered(lead)

    def test_unreadable_conditions(self):
        lead = self._lead_open(self.sales_north, 2000)
        self.env.cr.execute(
            """UPDATE hr_commission_plan SET qualification_domain = '[(,'
                WHERE id = %s""",
            [self.plan.id],
        )
        self._forget_rules()
        self._win(lead)  # what cannot be read never holds, and stops nobody
        self.assertFalse(lead.is_commission_pending)
        self.env.cr.execute(
            "UPDATE hr_commission_plan SET qualification_domain = '[]' WHERE id = %s",
            [self.plan.id],
        )
        self._forget_rules()
        self._run_cron()
        self.assertFalse(lead.is_commission_pending)
        self.assertIn(
            (self.sales_north, self.rules["SAL_OWN"], 100.0),
            self._lines(lead).mapped(
                lambda line: (line.employee_id, line.rule_id, line.amount)
            ),
        )

    def test_broken_engine(self):
        lead = self._lead_open(self.sales_north, 2000)
        with (
            patch(COMPUTE, side_effect=ArithmeticError("broken")),
            self.assertLogs(EVENT_LOG, "WARNING"),
        ):
            self._win(lead)
            self._run_cron()
        self.assertEqual(self._events(lead).state, "error")
        self.assertIn("broken", self._events(lead).error)
        self.assertRecovered(lead)

    def test_retry_says_what_is_still_wrong(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        event = self._events(lead).with_user(self.officer_hq.user_id)
        with (
            patch(COMPUTE, side_effect=ArithmeticError("broken")),
            self.assertLogs(EVENT_LOG, "WARNING"),
        ):
            action = event.action_retry()
        self.assertIn("broken", action["params"]["message"])
        self.assertIs(event.action_retry(), True)
        self.assertEqual(event.state, "done")

    def test_one_bad_event_does_not_stop_the_others(self):
        leads = [
            self._lead_won(self.sales_north, 2000, "2026-05-04", process=False)
            for _number in range(7)
        ]
        bad = self._events(leads[3])
        compute_and_post = HrCommissionEvent._compute_and_post

        def fail_on_bad(events):
            if bad in events:
                raise ValueError("bad event")
            return compute_and_post(events)

        with (
            patch.object(HrCommissionEvent, "_compute_and_post", fail_on_bad),
            self.assertLogs(EVENT_LOG, "WARNING") as logs,
        ):
            self._process()
        self.assertEqual(len(logs.records), 1)
        self.assertEqual(bad.state, "error")
        self.assertFalse(self._lines(leads[3]))
        for lead in leads[:3] + leads[4:]:
            self.assertLines(lead, [(self.sales_north, "SAL_OWN", 100, "draft")])
        self._run_cron()
        self.assertLines(leads[3], [(self.sales_north, "SAL_OWN", 100, "draft")])

    def test_failed_event_leaves_nothing_half_posted(self):
        lead = self._lead_open(self.sales_north, 2000)
        posting = "odoo.addons.hr_sales_commission.pipeline.line_posting.LinePosting"
        with (
            patch(f"{posting}._write", side_effect=ValueError("x")),
            self.assertLogs(EVENT_LOG, "WARNING"),
        ):
            self._win(lead)
            self._process()
        self.assertFalse(self._events(lead).credit_ids)
        self.assertFalse(self._lines(lead))

    def test_cron_wakes_up_after_a_win(self):
        cron = self.env.ref("hr_sales_commission.ir_cron_commission_process")
        self._forget_trigger()
        triggers = RecordCapturer(
            self.env["ir.cron.trigger"].sudo(), [("cron_id", "=", cron.id)]
        )
        with triggers as captured:
            self._win(self._lead_open(self.sales_north, 2000))
        self.assertEqual(len(captured.records), 1)

    def test_a_win_that_is_refused_leaves_nothing(self):
        lead = self._lead_open(self.sales_north, 2000)
        crm = "odoo.addons.crm.models.crm_lead.CrmLead._handle_won_lost"
        with patch(crm, side_effect=UserError("not yet")):
            with self.assertRaises(UserError):
                lead.write({"stage_id": self.stage_won.id})
            self.assertFalse(lead.date_won or lead.won_amount)
        self.assertFalse(self._events(lead))

    def test_a_failure_of_ours_while_winning_is_made_good_after_it(self):
        lead = self._lead_open(self.sales_north, 2000)
        new_win = CrmLeadWin._get_new_win
        with patch.object(CrmLeadWin, "_get_new_win", autospec=True) as get_new_win:
            get_new_win.side_effect = [
                ValueError("x"),
                new_win(lead, fields.Date.today()),
            ]
            self._win(lead)
        self._process()
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 100, "draft")])

    def test_unrelated_change_captures_nothing(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        with patch.object(EventCapture, "_capture") as capture:
            lead.write({"description": "x", "priority": "2", "phone": "123"})
        capture.assert_not_called()

    # ------------------------------------------------------------------
    # What it costs
    # ------------------------------------------------------------------

    def _count_statements(self, function):
        self._forget_trigger()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_what_is_none_of_ours_costs_nothing(self):
        lead = self._lead_open(self.sales_north, 2000).with_context(
            tracking_disable=True
        )
        lead.sudo().date_qualified = "2026-05-04"
        self.assertTrue(self._events(lead))
        for name, value, most in (
            ("name", "x", 1),
            ("description", "x", 1),
            # read, with the currency that rounds it, and written
            ("expected_revenue", 3000, 4),
        ):
            with self.subTest(name):
                statements = self._count_statements(
                    lambda name=name, value=value: lead.write({name: value})
                )
                self.assertLessEqual(statements, most)

    def test_a_win_of_today_looks_for_no_later_ones(self):
        customer = self.env["res.partner"].create({"name": "Again"})
        Event = type(self.env["hr.commission.event"])
        today = fields.Date.context_today(self.env.user)
        for day, expected in ((today, 0), (today - timedelta(days=3), 1)):
            with patch.object(Event, "_update_repurchases") as update:
                self._lead_won(self.sales_north, 10, str(day), partner_id=customer.id)
            self.assertEqual(update.call_count, expected, day)

    def test_lost_deals_are_looked_at_in_sets(self):
        counts = []
        for number in (2, 8):
            leads = self.env["crm.lead"].concat(
                *(
                    self._lead_won(self.sales_north, 2000, "2026-05-04")
                    for _number in range(number)
                )
            )
            with patch.object(
                type(self.env["hr.commission.event"]), "search", autospec=True
            ) as search:
                search.side_effect = lambda events, *args, **kwargs: events.browse()
                leads.action_archive()
            counts.append(search.call_count)
        self.assertEqual(counts, [1, 1])

    def test_what_we_store_tracks_nothing_early(self):
        Message = self.env["mail.message"]
        lead = self.env["crm.lead"].create(
            self._lead_vals(self.sales_north, 2000, "own", email_from="a@client.test")
        )
        lead.write({"email_from": "b@client.test"})
        own = [("model", "=", "crm.lead"), ("res_id", "=", lead.id)]
        tracked = [*own, ("tracking_value_ids", "!=", False)]
        self.assertFalse(Message.search(tracked))

    def test_leads_are_converted_in_one_set(self):
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": f"Convert {number}",
                    "type": "lead",
                    "company_id": self.north.id,
                    "user_id": self.sales_north.user_id.id,
                    "email_from": f"convert{number}@client.test",
                }
                for number in range(4)
            ]
        )
        wizard = self.env["crm.lead2opportunity.partner.mass"].with_context(
            active_model="crm.lead", active_ids=leads.ids
        )
        wizard = wizard.create({"deduplicate": False, "action": "each_exist_or_create"})
        settle = type(leads)._settle_sources_safely
        with patch.object(
            type(leads), "_settle_sources_safely", autospec=True, side_effect=settle
        ) as settled:
            wizard.action_mass_convert()
            self.assertEqual([call.args[0] for call in settled.mock_calls], [leads])
        self.assertEqual(len(leads.partner_id), 4)
        touches = self.env["crm.touchpoint"].search([("lead_id", "in", leads.ids)])
        self.assertEqual(touches.partner_id, leads.partner_id)

    def test_leads_merged_and_assigned_in_sets_are_looked_at_once(self):
        """As teams assign: merged pair by pair, then given to a salesperson each."""
        merged = self.env["crm.lead"].create(
            [
                self._lead_vals(self.sales_north, 2000 + number, "own", user_id=False)
                for number in range(6)
            ]
        )
        self._win(merged[1])
        self._process()
        user = self.sales_north.user_id
        in_sets = merged.with_user(user).sudo(False).with_context(commission_in_sets=1)
        Audit, Chain = self.env["hr.commission.audit"], self.env["crm.touchpoint.chain"]
        record, append = type(merged)._record_commission_facts, type(Chain)._append
        with (
            patch.object(
                type(merged), "_record_commission_facts", autospec=True
            ) as recorded,
            patch.object(type(Chain), "_append", autospec=True) as appended,
        ):
            recorded.side_effect, appended.side_effect = record, append
            heads = in_sets.browse()
            for start in (0, 2, 4):
                pair = in_sets[start : start + 2].sudo()
                heads += pair.merge_opportunity(auto_unlink=False).sudo(False)
            for lead in heads:
                lead.sudo().with_user(user).write({"user_id": user.id})
            self.env["crm.lead"]._capture_aside()
        self.assertEqual(heads.mapped("user_id"), user)
        self.assertLessEqual(recorded.call_count, 2)
        appends = [len(call.args[1]) for call in appended.mock_calls if call.args[1]]
        self.assertEqual(appends, [3])
        self.assertEqual(
            Audit.search([("res_model", "=", "crm.lead")], limit=3).mapped("res_id"),
            heads.sorted("id", reverse=True).ids,
        )
        self.assertEqual(self._events(heads[0]).mapped("event_type"), ["deal_won"])

    def test_what_is_put_aside_is_recorded_with_the_commit_at_the_latest(self):
        in_sets = self.env["crm.lead"].with_context(commission_in_sets=1)
        won = {"stage_id": self.stage_won.id, "won_amount": 2000}
        vals = [
            self._lead_vals(self.sales_north, 2000, date_won=f"2026-05-0{day}", **won)
            for day in (4, 5, 6)
        ]
        leads = in_sets.create(vals)
        leads.write({"user_id": self.sales_north.user_id.id})
        self.assertFalse(self._events(leads))
        self.env["crm.lead"]._capture_aside(leads[1])
        self.assertEqual(self._events(leads).lead_id, leads[1])
        self.env.cr.precommit.run()
        self.assertEqual(self._events(leads).lead_id, leads)

    @contextmanager
    def _without_capture(self):
        """Nothing of what is won is recorded, as without us."""
        with (
            patch.object(CrmLead, "_commission_capture"),
            patch.object(CrmLeadWin, "_filter_plain_wins", return_value=()),
        ):
            yield

    def test_start_that_moves_later_leaves_out_what_was_not_recorded(self):
        with self._without_capture():
            before, on_it = (
                self._lead_won(self.sales_north, 2000, day, process=False)
                for day in ("2026-05-04", "2026-05-05")
            )
        (before + on_it)._write_facts({"is_history_imported": False})
        self.north.commission_start_date = "2026-05-05"
        self.assertEqual((before + on_it).mapped("is_before_start"), [True, False])
        event = self._events(before + on_it)
        self.assertEqual((event.lead_id, event.quantity), (on_it, 1))
        self.assertFalse(event.people.get("marketer_id"))

    def test_won_deal_costs_two_statements_and_who_is_at_work(self):
        """The event, and with orders one look-up of these: the lead is written once.

        Two more read the user and their partner, where crm alone has not by then.
        """
        leads = [self._lead_open(self.sales_north, 2000) for _number in range(8)]
        user = self.sales_north.user_id
        wins = itertools.chain(lead.with_user(user) for lead in leads)

        def win():
            next(wins).write({"stage_id": self.stage_won.id})

        costs = []
        for _round in range(4):  # the first ones fill caches and tables of crm
            with self._without_capture():
                plain = self._count_statements(win)
            costs.append(self._count_statements(win) - plain)
        self.assertEqual(self._events(leads[7]).state, "pending")
        self.assertEqual(costs[2], costs[3])
        self.assertLessEqual(costs[3], 4)

    def test_winning_many_deals_costs_no_statement_per_deal(self):
        def lead_vals(number):
            return [
                self._lead_vals(self.sales_north, 2000 + index)
                for index in range(number)
            ]

        Lead = self.env["crm.lead"]
        few, many = Lead.create(lead_vals(5)), Lead.create(lead_vals(45))

        def cost(leads):
            def win():
                leads.write({"stage_id": self.stage_won.id})

            with_commission = self._count_statements(win)
            leads.write({"stage_id": self.stage_new.id})
            with self._without_capture():
                return with_commission - self._count_statements(win)

        cost(Lead.create(lead_vals(1)))
        self.assertLessEqual(cost(many) - cost(few), 5)

    def _forget_trigger(self):
        """Let the cron be woken up again, as in a new transaction."""
        self.env.cr.precommit.data.pop("hr_commission_triggered", None)

    def _forget_rules(self):
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def test_conditions_that_cannot_be_read_hide_no_change(self):
        """Which fields they look at is unknown then: any of them may matter."""
        self._replace_plan(None, qualification_domain="[('priority', '=', '3')]")
        lead = self._lead_open(self.sales_north, 100, source="marketing")
        plans = self.env.registry["hr.commission.plan"]
        with (
            patch.object(plans, "_get_watched_lead_fields", side_effect=ValueError),
            self.assertLogs(CAPTURE_LOG, "ERROR"),
        ):
            lead.priority = "3"
        self._run_cron()
        self.assertTrue(lead.is_qualified)
