# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import html2plaintext, mute_logger

from ..pipeline import isolation
from .common import CommissionCommon

LOGGER = "odoo.addons.hr_sales_commission"


@tagged("post_install", "-at_install", "commission_core")
@freeze_time("2026-05-20 12:00:00")
class TestHealth(CommissionCommon):
    """What goes wrong silently is found, told once, and taken back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Health = cls.env["hr.commission.health"]
        cls.deal = cls._lead_won(cls.sales_north, 1000, "2026-05-04")
        cls.env.cr.execute(
            "UPDATE hr_commission_line SET date_due = '2026-06-30' WHERE lead_id = %s",
            [cls.deal.id],
        )

    def _find(self, code, company=None):
        checks = self.Health._check(company or self.north)
        return checks.filtered(lambda check: check.code == code)

    def _break(self, statement, *values):
        self.env.flush_all()
        self.env.cr.execute(statement, values)
        self.env.invalidate_all()

    def _switch_off(self):
        self.env.ref("hr_sales_commission.ir_cron_commission_process").active = False

    def _let_fail(self):
        job = self.env.ref("hr_sales_commission.ir_cron_commission_process")
        self._break("UPDATE ir_cron SET failure_count = 2 WHERE id = %s", job.id)

    def _win_without_employee(self):
        user = self._create_new_internal_user(
            login="commission_unemployed",
            company_id=self.north.id,
            company_ids=[(6, 0, self.north.ids)],
        )
        vals = self._lead_vals(self.sales_north, 500, user_id=user.id)
        vals.update(stage_id=self.stage_won.id, date_won="2026-05-05")
        self.env["crm.lead"].create(vals)
        self._process()

    def _forget_rate(self):
        currency = self.env["res.currency"].create({"name": "QQQ", "symbol": "Q"})
        self._break(
            "UPDATE res_company SET currency_id = %s WHERE id = %s",
            currency.id,
            self.north.id,
        )
        self.env.registry.clear_cache()

    def _spoil_condition(self):
        self._create_plan(active=False, company_id=self.north.id)
        self._break(
            "UPDATE hr_commission_plan SET qualification_domain = %s"
            " WHERE company_id = %s",
            "[('user_id.password', '=', 'x')]",
            self.north.id,
        )

    def test_each_silent_failure_is_found_and_told_once(self):
        event = self._events(self.deal)
        failures = {
            "pending": (
                "error",
                lambda: self._break(
                    "UPDATE hr_commission_event SET state = 'pending' WHERE id = %s;"
                    "UPDATE hr_commission_event SET date_pending = now() AT TIME ZONE"
                    " 'UTC' - interval '2 days' WHERE id = %s",
                    event.id,
                    event.id,
                ),
            ),
            "error": (
                "error",
                lambda: self._break(
                    "UPDATE hr_commission_event SET state = 'error' WHERE id = %s",
                    event.id,
                ),
            ),
            "jobs": ("error", self._switch_off),
            "left": (
                "error",
                lambda: self._break(
                    "UPDATE crm_lead SET is_commission_pending = TRUE,"
                    " write_date = '2026-01-01' WHERE id = %s",
                    self.deal.id,
                ),
            ),
            "overdue": (
                "warning",
                lambda: self._break(
                    "UPDATE hr_commission_line SET date_due = '2026-05-01'"
                    " WHERE lead_id = %s",
                    self.deal.id,
                ),
            ),
            "nobody": ("warning", self._win_without_employee),
            "rates": ("error", self._forget_rate),
            "conditions": ("error", self._spoil_condition),
            "drift": (
                "error",
                lambda: self._break(
                    "UPDATE hr_commission_line SET amount = amount + 1"
                    " WHERE lead_id = %s",
                    self.deal.id,
                ),
            ),
        }
        for code, (state, spoil) in failures.items():
            with self.subTest(code=code), self.env.cr.savepoint() as savepoint:
                self.assertEqual(self._find(code).state, "ok")
                spoil()
                check = self._find(code)
                self.assertEqual(check.state, state)
                self.assertTrue(check.detail)
                self.assertTrue(check.value)
                check._tell()
                self.Health._check(self.north)._tell()
                activity = check.activity_ids
                self.assertEqual(len(activity), 1)
                self.assertEqual(activity.user_id, self.officer_north.user_id)
                board = self.env["hr.commission.board"].with_env(
                    self._as(self.officer_north)
                )
                found = board.get_management_board("2026-05-01", "2026-05-31")
                self.assertIn(check.display_name, [c["name"] for c in found["health"]])
                savepoint.rollback()
                self.env.invalidate_all()
                self.env.registry.clear_cache()

    def test_what_is_good_again_is_taken_back(self):
        self._switch_off()
        check = self._find("jobs")
        check._tell()
        activity = check.activity_ids
        self.assertEqual(activity.summary, check.display_name)
        self.assertIn(check.detail, html2plaintext(activity.note))
        self.assertTrue(check.date_since)
        self.env.ref("hr_sales_commission.ir_cron_commission_process").active = True
        self.Health._check(self.north)._tell()
        self.assertEqual((check.state, check.date_since), ("ok", False))
        self.assertFalse(check.activity_ids)
        self._let_fail()
        self.assertEqual(self._find("jobs").state, "error")

    def test_the_job_looks_at_companies_that_use_commissions(self):
        empty = self._create_company(name="No commissions")
        self.Health._cron_watch()
        checked = self.Health.search([]).company_id
        self.assertIn(self.north, checked)
        self.assertNotIn(empty, checked)

    def test_a_look_that_fails_is_an_error_and_stops_no_other(self):
        for failure in (ValueError, psycopg2.errors.QueryCanceled):
            with (
                self.subTest(failure.__name__),
                patch.object(type(self.Health), "_find_overdue", side_effect=failure),
                mute_logger(f"{LOGGER}.models.hr_commission_health"),
            ):
                self.assertEqual(self._find("overdue").state, "error")
                self.assertEqual(self._find("drift").state, "ok")

    def test_for_officers_only(self):
        for person, may in ((self.officer_north, True), (self.manager_north, False)):
            health = self.Health.with_env(self._as(person))
            with self.subTest(person=person.name):
                if may:
                    answer = health.get_health()
                    self.assertEqual(
                        {check["company"] for check in answer["checks"]},
                        {self.north.name},
                    )
                    health.action_check()
                else:
                    with self.assertRaises(AccessError):
                        health.get_health()
                    with self.assertRaises(AccessError):
                        health.action_check()

    def test_in_the_digest(self):
        self._switch_off()
        self.Health._check(self.north)
        digest = self.env["digest.digest"].create(
            {"name": "Digest", "company_id": self.north.id}
        )
        seen = digest.with_env(self._as(self.officer_north))
        self.assertGreaterEqual(seen.kpi_commission_health_value, 1)


@tagged("post_install", "-at_install")
class TestIsolation(CommissionCommon):
    """One bad record never stops a job; a conflict is tried again quietly."""

    def _conflict(self, times):
        """Return a job that meets another user so many times."""
        calls = []

        def job(_self):
            calls.append(1)
            if len(calls) <= times:
                raise psycopg2.errors.SerializationFailure
            return "done"

        return isolation.retried(job), calls

    def test_a_conflict_is_tried_again_without_traceback(self):
        for times, answer, tries in ((0, "done", 1), (2, "done", 3), (9, None, 5)):
            job, calls = self._conflict(times)
            with (
                self.subTest(times=times),
                patch.object(self.env.cr, "rollback"),
                patch.object(type(self.env.transaction), "reset"),
                patch.object(isolation.time, "sleep") as sleep,
                patch.object(isolation, "_logger") as logger,
            ):
                self.assertEqual(job(self), answer)
                self.assertEqual(len(calls), tries)
            self.assertEqual(
                {call[0] for call in logger.method_calls} - {"info"}, set()
            )
            self.assertEqual(len(sleep.mock_calls), min(times, 5))

    def test_what_takes_too_long_is_left_out_and_a_conflict_is_not(self):
        """A record whose statement is cut short stops no other, on every way."""
        plans = self._create_plan(active=False) + self._create_plan(active=False)

        def ways(error):
            def do(some):
                if plans[0] in some:
                    raise error

            def one():
                with isolation.isolated(self.env, isolation._logger, "X", plans) as it:
                    do(plans)
                return it.failed

            return {
                "one": (one, True),
                "each": (
                    lambda: isolation.each_isolated(plans, isolation._logger, "X", do),
                    plans[0],
                ),
                "sets": (
                    lambda: list(
                        isolation.do_without_faults(
                            self.env,
                            plans.ids,
                            lambda ids, _left_out: do(plans.browse(ids)),
                        )[1]
                    ),
                    plans[:1].ids,
                ),
            }

        for name, (act, failed) in ways(psycopg2.errors.QueryCanceled("long")).items():
            with self.subTest(name), mute_logger(LOGGER):
                self.assertEqual(act(), failed)
        for error in (*isolation.CONFLICTS, psycopg2.OperationalError):
            for name, (act, _failed) in ways(error("met")).items():
                with self.subTest(name, error=error), self.assertRaises(error):
                    act()

    def test_what_failed_is_said_and_is_not_tracked(self):
        Lead = self.env["crm.lead"].with_context(
            tracking_disable=False, mail_notrack=False
        )
        known = Lead.create({"name": "Known", "expected_revenue": 5})
        undone = []
        # a conflict stays a conflict, so that the transaction is run again
        for error in (ValueError("the reason"), psycopg2.errors.SerializationFailure()):
            try:  # assertRaises would track what there is
                with isolation.quiet_savepoint(self.env):
                    undone.append(
                        Lead.create({"name": "New", "expected_revenue": 7}).id
                    )
                    known.expected_revenue = 6
                    raise error
            except Exception as raised:
                self.assertIs(raised, error)
        data = self.env.cr.precommit.data
        self.assertIn(f"mail.tracking.create.crm.lead.{known.id}", data)
        for lead_id in undone:
            self.assertNotIn(f"mail.tracking.create.crm.lead.{lead_id}", data)
        self.assertEqual(known.expected_revenue, 5)

    def test_every_job_goes_on_after_a_bad_record(self):
        partner = self.env["res.partner"].create({"name": "Guest"})
        meetings = self.env["calendar.event"].create(
            [
                {
                    "name": name,
                    "start": "2026-05-04 08:00:00",
                    "stop": "2026-05-04 09:00:00",
                    "partner_ids": [(6, 0, partner.ids)],
                }
                for name in ("bad", "good")
            ]
        )
        log = type(meetings)._log_touchpoints

        def log_or_fail(some):
            if "bad" in some.mapped("name"):
                raise ValueError("no meeting")
            log(some)

        with (
            freeze_time("2026-05-05 12:00:00"),
            patch.object(type(meetings), "_log_touchpoints", log_or_fail),
            patch.object(type(meetings), "_prepare_touchpoints", lambda _self: []),
            mute_logger(f"{LOGGER}.models.calendar_event"),
            patch.object(type(self.env["ir.cron"]), "_commit_progress"),
        ):
            self.env["calendar.event"]._cron_log_meetings()
        self.assertEqual(meetings.mapped("is_touchpoint_logged"), [False, True])
        plans = self._create_plan(active=False) + self._create_plan(active=False)
        with mute_logger(LOGGER):
            failed = isolation.each_isolated(
                plans,
                isolation._logger,
                "Trying",
                lambda some: 1 / 0 if plans[0] in some else some.write({"name": "X"}),
            )
        self.assertEqual(failed, plans[0])
        self.assertEqual(plans[1].name, "X")

    def test_a_lead_that_cannot_be_recorded_keeps_no_other_from_it(self):
        leads = self.env["crm.lead"].create(
            [self._lead_vals(self.sales_north, amount) for amount in (100, 200)]
        )
        leads._write_facts({"is_commission_pending": True})
        record = type(leads)._record_commission_facts

        def refuse(some, changed):
            if leads[0] in some:
                raise ValueError("not this one")
            return record(some, changed)

        with (
            patch.object(type(leads), "_record_commission_facts", refuse),
            mute_logger(f"{LOGGER}.models.crm_lead_capture"),
        ):
            leads._recover_commission_capture()
        self.assertEqual(leads.mapped("is_commission_pending"), [True, False])


@tagged("post_install", "-at_install")
class TestMonitoring(CommissionCommon, HttpCase):
    def test_monitoring_reads_it_with_an_api_key(self):
        key = self.env["res.users.apikeys"].with_user(self.officer_north.user_id)
        expires = fields.Datetime.now() + timedelta(days=1)
        token = key.sudo(False)._generate("rpc", "monitoring", expires)
        url = "/commission/health"
        self.assertEqual(self.url_open(url).status_code, 401)
        answer = self.url_open(url, headers={"Authorization": f"Bearer {token}"})
        self.assertIn(answer.status_code, (200, 503))
        self.assertEqual(
            {check["company"] for check in answer.json()["checks"]}, {self.north.name}
        )
