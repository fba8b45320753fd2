# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""No job of ours stops at a bad record, whichever job and whichever record."""

from datetime import date
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..pipeline.day_sums import LEDGER
from .common import CommissionCommon

LOGGERS = tuple(
    f"odoo.addons.hr_sales_commission.{name}"
    for name in ("models", "pipeline", "models.crm_lead_capture")
)
TODAY = "2026-07-15 09:00:00"
#: what each job does about its records: model, method, and which records, if it is
#: told them
STEPS = {
    "_cron_process": ("crm.lead", "_record_commission_facts", None),
    "_cron_settle": ("hr.commission.target", "_capture_settled", None),
    "_cron_sum_up": ("hr.commission.day", "_sum_up", 1),
    "_cron_store_reports": ("hr.commission.statement", "_store_report", None),
    "_cron_run": ("hr.commission.simulation", "_run_in_steps", None),
    "_cron_shadow": ("hr.commission.simulation", "action_run", None),
    "_cron_close_ended": ("hr.commission.plan", "_check_state_change", None),
    "_cron_remind_approvers": ("hr.commission.line", "_remind_approvers", None),
    "_cron_mail_commissions": ("mail.notification", "_mail_together", None),
    "_cron_log_meetings": ("calendar.event", "_log_touchpoints", None),
    "_cron_update_qualification": ("crm.lead", "_verify_by_proof", None),
    "_cron_watch": ("hr.commission.health", "_check", 0),
    "_cron_check": ("hr.commission.alert", "_ask_responsible", None),
    "_cron_take_back": ("hr.commission.import", "_take_back_batch", None),
}


@tagged("post_install", "-at_install", "commission_core")
@freeze_time(TODAY)
class TestJobs(CommissionCommon):
    """Of two records of each job the first one is broken; the other is dealt with."""

    def _two_leads(self, **vals):
        return self.env["crm.lead"].create(
            [
                self._lead_vals(self.sales_north, amount, verified=False, **vals)
                for amount in (100, 200)
            ]
        )

    def _make__cron_process(self):
        leads = self._two_leads()
        leads._write_facts({"is_commission_pending": True})
        return leads

    def _make__cron_settle(self):
        targets = self.env["hr.commission.target"].create(
            [
                {
                    "company_id": employee.company_id.id,
                    "employee_id": employee.id,
                    "period": "month",
                    "date_from": "2026-06-01",
                    "amount": 100,
                }
                for employee in (self.sales_north, self.sales_south)
            ]
        )
        self._create_plan(
            {
                "settled": {
                    "event_type": "target_scored",
                    "role": "scored",
                    "target_measure": "won_amount",
                    "tier_mode": "whole",
                    "tier_measure": "attainment",
                    "tier_period": "month",
                    "amount_type": "fixed",
                    "tier_ids": [Command.create({"from_value": 0, "rate": 5})],
                }
            },
            company_id=self.north.id,
        )
        return targets

    def _make__cron_sum_up(self):
        days = [date(2026, 5, 4), date(2026, 5, 5)]
        self.env["hr.commission.stale"].search([]).unlink()
        self.env["hr.commission.day"]._set_stale(LEDGER, days)
        return days

    def _make__cron_store_reports(self):
        self.env["hr.commission.statement"].search([]).write({"is_stored": True})
        statements = self.env["hr.commission.statement"].create(
            [
                {
                    "employee_id": employee.id,
                    "company_id": self.north.id,
                    "date_from": "2026-05-01",
                    "date_to": "2026-05-31",
                }
                for employee in (self.sales_north, self.team_manager)
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hr_commission_statement SET state = 'approved' WHERE id = ANY(%s);"
            "UPDATE res_company SET commission_lock_date = '2026-06-30' WHERE id = %s",
            [statements.ids, self.north.id],
        )
        self.env.invalidate_all()
        return statements

    def _two_simulations(self, **vals):
        return self.env["hr.commission.simulation"].create(
            [
                {
                    "name": "What if",
                    "company_id": self.hq.id,
                    "plan_ids": [Command.set(self.plan.ids)],
                    "date_from": "2026-05-01",
                    "date_to": "2026-05-31",
                    **vals,
                }
            ]
            * 2
        )

    def _make__cron_run(self):
        simulations = self._two_simulations()
        simulations.state = "waiting"
        return simulations

    def _make__cron_shadow(self):
        return self._two_simulations(shadow_plan_id=self.plan.id)

    def _make__cron_close_ended(self):
        return self._create_plan(
            company_id=self.north.id, date_end="2026-06-30"
        ) + self._create_plan(company_id=self.south.id, date_end="2026-06-30")

    def _make__cron_remind_approvers(self):
        lines = self.env["hr.commission.line"].create(
            [
                {
                    "employee_id": employee.id,
                    "company_id": employee.company_id.id,
                    "kind": "manual",
                    "date": "2026-05-04",
                    "amount": 5,
                    "note": "Best idea",
                }
                for employee in (self.sales_north, self.sales_south)
            ]
        )
        self._date_due(lines)
        return lines

    def _date_due(self, lines):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hr_commission_line SET date_due = '2026-07-01' WHERE id = ANY(%s)",
            [lines.ids],
        )
        self.env.invalidate_all()

    def _make__cron_mail_commissions(self):
        message = self.env["mail.message"].create({"body": "x"})
        return self.env["mail.notification"].create(
            [
                {
                    "mail_message_id": message.id,
                    "res_partner_id": person.user_id.partner_id.id,
                    "is_commission_mail_due": True,
                }
                for person in (self.sales_north, self.sales_south)
            ]
        )

    def _make__cron_log_meetings(self):
        guest = self.env["res.partner"].create({"name": "Guest"})
        return self.env["calendar.event"].create(
            [
                {
                    "name": name,
                    "start": "2026-07-14 08:00:00",
                    "stop": "2026-07-14 09:00:00",
                    "partner_ids": [Command.set(guest.ids)],
                }
                for name in ("bad", "good")
            ]
        )

    def _make__cron_update_qualification(self):
        leads = self._two_leads()
        leads._write_facts({"is_source_fixed": False})
        return leads

    def _make__cron_watch(self):
        return self.north + self.south

    def _make__cron_check(self):
        return self.env["hr.commission.alert"].create(
            [
                {
                    "name": name,
                    "company_id": self.north.id,
                    "user_id": self.officer_north.user_id.id,
                    "figure": "signed",
                    "condition": "above",
                    "threshold": -1,
                }
                for name in ("bad", "good")
            ]
        )

    def _make__cron_take_back(self):
        return self.env["hr.commission.import"].create(
            [
                {
                    "model_id": self.env["ir.model"]._get_id("crm.lead"),
                    "user_id": self.officer_north.user_id.id,
                    "undone_by_id": self.officer_north.user_id.id,
                    "company_id": self.north.id,
                    "state": "undoing",
                    "record_ids": [0],
                }
            ]
            * 2
        )

    def _run(self, job, records):
        """Run a job whose step fails for the first record; return what it dealt with."""
        name, method, place = STEPS[job]
        done = []

        def step(these, *args):
            mine = these if place is None else args[place]
            if records[0] in mine:
                raise ValueError("no such thing")
            done.extend(each for each in mine if each in records)
            if job == "_cron_take_back":
                these.sudo().state = "undone"
            return these if job == "_cron_watch" else None

        runner = self.env[name if job != "_cron_process" else "hr.commission.event"]
        with (
            patch.object(type(self.env[name]), method, step),
            patch.object(type(self.env["ir.cron"]), "_commit_progress"),
            patch.object(self.env.cr, "rollback"),
            mute_logger(*LOGGERS),
        ):
            getattr(runner, job)()
        return done

    def test_every_job_goes_on_after_a_bad_record(self):
        jobs = self.env["hr.commission.health"]._get_jobs()
        names = {job.code.removeprefix("model.").removesuffix("()") for job in jobs}
        self.assertEqual(names, set(STEPS))
        for job in STEPS:
            with self.subTest(job), self.env.cr.savepoint() as savepoint:
                records = getattr(self, f"_make_{job}")()
                self.env.flush_all()
                self.assertEqual(self._run(job, records), [records[1]])
                savepoint.rollback()
            self.env.invalidate_all()

    def test_every_job_meets_other_users_quietly(self):
        for job, (name, _method, _place) in STEPS.items():
            model = name if job != "_cron_process" else "hr.commission.event"
            with self.subTest(job):
                function = getattr(type(self.env[model]), job)
                self.assertTrue(hasattr(function, "__wrapped__"))
