# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import gc
from collections import Counter
from datetime import date
from functools import partial
from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.service.model import retrying
from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import SQL, mute_logger

from ..models import hr_commission_event
from ..pipeline.double_sales import find_near_days, near_sales
from ..pipeline.of_events import of_events
from .common import CommissionCommon


@tagged("post_install", "-at_install", "commission_core")
@freeze_time("2026-05-20 12:00:00")
class TestProcessing(CommissionCommon):
    """Computing is set-based: statements do not depend on the number of events."""

    def _won_leads(self, number):
        sources = ("marketing", "own", "referral")
        return self.env["crm.lead"].create(
            [
                self._lead_vals(
                    self.sales_north,
                    1000 + index,
                    sources[index % 3],
                    stage_id=self.stage_won.id,
                    date_won="2026-05-04",
                    won_amount=1000 + index,
                )
                for index in range(number)
            ]
        )

    def _count_statements(self, expected_events):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(self._process(), expected_events)
        return self.env.cr.sql_log_count - before

    def test_statements_do_not_depend_on_the_number_of_events(self):
        self._won_leads(1)
        self._process()
        few = self._won_leads(10)
        statements = self._count_statements(10)
        many = self._won_leads(200)
        with self.assertQueryCount(statements):
            self.assertEqual(self._process(), 200)
        # three lines for a marketing customer, one for an own, two for a referral
        self.assertEqual(len(self._lines(few)), 4 * 3 + 3 + 3 * 2)
        self.assertEqual(len(self._lines(many)), 67 * 3 + 67 + 66 * 2)
        self.assertLessEqual(statements, 42)

    def test_a_full_batch_leaves_nothing_in_memory(self):
        leads = self._won_leads(10)
        with patch.object(hr_commission_event, "BATCH_SIZE", 5):
            self.assertEqual(self._process(), 10)
        remembered = self.env.transaction.field_data
        self.assertEqual(
            [
                len(remembered.get(leads._fields[name], ()))
                for name in ("name", "phone")
            ],
            [0, 0],
        )
        self.assertEqual(len(self._lines(leads)), 4 * 3 + 3 + 3 * 2)

    def test_garbage_is_looked_for_after_a_batch(self):
        """Also where the batch fails, and not where that was switched off before."""
        leads, seen = self._won_leads(1), []
        Event = type(self.env["hr.commission.event"])
        reason = ValueError("in vain")

        def fail(events):
            seen.append(gc.isenabled())
            raise reason

        self.addCleanup(gc.enable)
        for is_enabled in (True, False):
            with (
                patch.object(Event, "_compute_and_post", fail),
                mute_logger(hr_commission_event.__name__),
            ):
                (gc.enable if is_enabled else gc.disable)()
                self._process()
            self.assertEqual(gc.isenabled(), is_enabled)
            self.assertEqual(seen.pop(), False)
            events = self._events(leads)
            self.assertIn("in vain", events.error)
            events._set_pending([("id", "in", events.ids)])

    def test_events_are_rewritten_in_their_page(self):
        """Every event of a full page has room for one more of itself, some lines have."""
        settings = self.env.execute_query(
            SQL(
                """SELECT reloptions FROM pg_class
                    WHERE relname IN ('hr_commission_event', 'hr_commission_line')
                    ORDER BY relname"""
            )
        )
        self.assertEqual(settings, [(["fillfactor=50"],), (["fillfactor=70"],)])

    def test_events_are_found_by_id_where_the_table_was_noted_as_empty(self):
        """As it is while an import is going on: by no index that has all of them."""
        events = self._events(self._won_leads(3))
        self.cr.execute(
            """UPDATE pg_class SET relpages = 1, reltuples = 0
                WHERE relname = 'hr_commission_event' OR oid IN (
                      SELECT indexrelid FROM pg_index
                       WHERE indrelid = 'hr_commission_event'::regclass);
               SET LOCAL enable_seqscan = off"""
        )
        near = find_near_days([(1000, date(2026, 5, 4))])
        for query, index in (
            (SQL("hr_commission_event WHERE id = ANY(%s)", events.ids), "_pkey"),
            (SQL("%s event", near_sales(near)), "_double_idx"),
        ):
            plan = self.env.execute_query(SQL("EXPLAIN SELECT * FROM %s", query))
            self.assertIn(f"hr_commission_event{index}", str(plan))

    def test_lines_and_credits_are_found_by_id_where_tables_were_noted_as_empty(self):
        leads = self._won_leads(3)
        self._process()
        lines = self._lines(leads)
        for records in (lines, lines.credit_id):
            table = records._table
            self.cr.execute(
                SQL(
                    """UPDATE pg_class SET relpages = 1, reltuples = 0
                        WHERE relname = %(table)s OR oid IN (
                              SELECT indexrelid FROM pg_index
                               WHERE indrelid = %(table)s::regclass);
                       SET LOCAL enable_seqscan = off""",
                    table=table,
                )
            )
            plan = self.env.execute_query(
                SQL(
                    "EXPLAIN SELECT * FROM %s WHERE id = ANY(%s)",
                    SQL.identifier(table),
                    records.ids,
                )
            )
            self.assertIn(f"{table}_pkey", str(plan))

    def test_second_look_at_changed_events_is_set_based_too(self):
        few, many = self._won_leads(10), self._won_leads(200)
        self._process()
        for leads in (few, many):
            leads.sudo().write({"source_state": "open", "expected_revenue": 500})
        statements = self._count_statements(210)
        self.assertLessEqual(statements, 38)

    def test_period_rules_are_set_based(self):
        self._replace_plan(
            {
                "Tiers": {
                    "tier_mode": "marginal",
                    "tier_measure": "cumulative",
                    "tier_period": "month",
                    "tier_ids": [
                        Command.create({"from_value": 0, "rate": 3}),
                        Command.create({"from_value": 50000, "rate": 4}),
                    ],
                }
            }
        )
        self._won_leads(1)
        self._process()
        self._won_leads(10)
        statements = self._count_statements(10)
        self._won_leads(200)
        with self.assertQueryCount(statements):
            self._process()

    def test_nothing_to_do_costs_next_to_nothing(self):
        self._won_leads(10)
        self._process()
        with self.assertQueryCount(10):
            self.env["hr.commission.event"]._process()

    def test_no_statement_of_a_batch_is_compiled(self):
        """Guessed to be dear, each would be compiled for longer than it runs."""
        self._won_leads(1)
        self.cr.execute("SET LOCAL jit = on")
        self._process()
        self.cr.execute("SHOW jit")
        self.assertEqual(self.cr.fetchone(), ("off",))

    def test_rows_of_events_are_looked_up_by_an_index(self):
        """Also where PostgreSQL knows nothing of the tables yet."""
        leads = self._won_leads(5)
        self._process()
        event_ids = self._events(leads).ids
        for name in ("hr.commission.credit", "hr.commission.line"):
            model = self.env[name]
            found = self.env.execute_query(
                SQL("SELECT id FROM %s", of_events(self.env, name, event_ids))
            )
            known = model.sudo().search([("event_id", "in", event_ids)])
            self.assertEqual({row_id for (row_id,) in found}, set(known.ids))
            [(settings,)] = self.env.execute_query(
                SQL(
                    "SELECT proconfig FROM pg_proc WHERE proname = %s",
                    f"{model._table}_of_events",
                )
            )
            self.assertIn("enable_seqscan=off", settings)

    def test_what_waits_is_kept_apart(self):
        Event = self.env["hr.commission.event"]
        lead, *others = self._won_leads(3)
        event = self._events(lead)
        self.assertWaiting({"pending": 3})
        self._process()
        self.assertWaiting({})
        with mute_logger(hr_commission_event.__name__):
            event._set_error(ValueError("in vain"))
        self._events(others[0]).write({"state": "pending", "date": "2026-05-05"})
        self.assertWaiting({"pending": 1, "error": 1})
        in_error = [("state", "=", "error"), ("id", "=", event.id)]
        self.assertEqual(Event.search(in_error), event)
        self.assertEqual(Event.search(["!", *in_error]) & event, Event)
        for states, is_narrow in (("pending",), True), (("error", "done"), False):
            query = str(Event._search([("state", "in", states)]).select())
            self.assertEqual("hr_commission_waiting" in query, is_narrow, states)
        three = [("lead_id", "in", [lead.id, *(other.id for other in others)])]
        for state, number in (("pending", 1), ("error", 1), ("done", 1)):
            self.assertEqual(
                Event.search_count([*three, ("state", "=", state)]), number
            )
            self.assertEqual(
                Event.search_count([*three, ("state", "!=", state)]), 3 - number
            )
        self.env.cr.execute("DELETE FROM hr_commission_event WHERE id = %s", [event.id])
        self.assertWaiting({"pending": 1})

    def assertWaiting(self, expected):
        """Check how many events wait, and that these are kept apart as they are."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT id, state, company_id, date FROM hr_commission_event"
                " WHERE state != 'done' ORDER BY id"
            )
        )
        kept = self.env.execute_query(
            SQL(
                "SELECT id, state, company_ref, date FROM hr_commission_waiting"
                " ORDER BY id"
            )
        )
        self.assertEqual(kept, rows)
        self.assertEqual(Counter(state for _id, state, *_place in kept), expected)

    def test_batches_give_the_same_result_as_one(self):
        leads = self._won_leads(23)
        with patch.object(hr_commission_event, "BATCH_SIZE", 5):
            self.assertEqual(self._process(), 23)
        self.assertEqual(set(self._events(leads).mapped("state")), {"done"})
        self.assertLedgerExact(leads)
        before = self._lines(leads).mapped("amount")
        events = self._events(leads)
        events._set_pending([("id", "in", events.ids)])
        with self.assertLedgerUntouched():
            self._process()
        self.assertEqual(self._lines(leads).mapped("amount"), before)

    def test_cron_works_in_batches_and_finishes(self):
        leads = self._won_leads(23)
        cron = self.env.ref("hr_sales_commission.ir_cron_commission_process")
        with (
            patch.object(hr_commission_event, "BATCH_SIZE", 5),
            self.enter_registry_test_mode(),
        ):
            cron.method_direct_trigger()
        self.assertEqual(set(self._events(leads).mapped("state")), {"done"})
        self.assertLedgerExact(leads)

    def test_records_are_processed_alone(self):
        first, second = self._won_leads(2)
        self.assertEqual(self._events(first)._process(), 1)
        self.assertEqual(self._events(first).state, "done")
        self.assertEqual(self._events(second).state, "pending")

    def test_company_trees_are_separate(self):
        other = self._create_company(name="Elsewhere")
        employee = self._create_person("elsewhere", other)
        self._create_plan({"Own": {"rate": 10}}, company_id=other.id)
        here = self._lead_won(self.sales_north, 1000, "2026-05-04", process=False)
        there = self._lead_won(employee, 1000, "2026-05-04", process=False)
        self._process()
        self.assertLines(here, [(self.sales_north, "SAL_OWN", 50, "draft")])
        self.assertLines(there, [(employee, "Own", 100, "draft")])

    def test_other_currency_is_converted_at_the_day_of_the_event(self):
        euro = self.setup_other_currency("EUR")
        other = self._create_company(name="Euroland", currency_id=euro.id)
        self.env["res.currency.rate"].create(
            [
                {
                    "name": day,
                    "rate": rate,
                    "currency_id": euro.id,
                    "company_id": self.hq.id,
                }
                for day, rate in (("2026-01-01", 0.5), ("2026-05-10", 0.25))
            ]
            + [
                {
                    "name": "2026-01-01",
                    "rate": rate,
                    "currency_id": currency.id,
                    "company_id": other.id,
                }
                for currency, rate in ((self.hq.currency_id, 2.0), (euro, 1.0))
            ]
        )
        foreigner = self._create_person("euro", other, role="marketing")
        self._create_plan(
            {"Referral": {"role": "marketing", "rate": 10}}, company_id=other.id
        )
        lead = self._lead_won(
            self.sales_north, 1000, "2026-05-04", "referral", marketer=foreigner
        )
        line = self._lines(lead).filtered(lambda line: line.employee_id == foreigner)
        self.assertEqual(line.company_id, other)
        self.assertEqual(line.currency_id, euro)
        self.assertEqual((line.base, line.amount), (500, 50))


@tagged("post_install", "-at_install")
class TestTwoConnections(TransactionCase):
    """Two workers at once, on real connections: no line is posted twice.

    What is made here is committed and deleted again. The deal belongs to the main
    company and pays by a personal plan, so that nobody else is concerned.
    """

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.sql_db", "odoo.service.model"))
        with self._connection() as env:
            self._create(env)
        self.addCleanup(self._delete)

    def _connection(self):
        return _Connection(self.registry)

    def _create(self, env):
        plan = env["hr.commission.plan"].create(
            {
                "name": "Two connections",
                "company_id": env.ref("base.main_company").id,
                "date_start": "2020-01-01",
                "is_personal": True,
                "rule_ids": [
                    Command.create({"name": "All", "role": "marketing", "rate": 2})
                ],
            }
        )
        plan.action_activate()
        employee = env["hr.employee"].create(
            {
                "name": "Two connections",
                "company_id": plan.company_id.id,
                "date_version": "2020-01-01",
                "commission_plan_id": plan.id,
            }
        )
        won = env["crm.stage"].search([("is_won", "=", True)], limit=1)
        lead = env["crm.lead"].create(
            {
                "name": "Two connections",
                "type": "opportunity",
                "company_id": plan.company_id.id,
                "user_id": False,
                "stage_id": won.id,
                "expected_revenue": 1000,
                "commission_source": "marketing",
                "source_state": "verified",
                "marketer_id": employee.id,
                "date_won": "2026-05-04",
                "won_amount": 1000,
            }
        )
        self.plan_id, self.employee_id, self.lead_id = plan.id, employee.id, lead.id
        self.queue_was_there = bool(
            env["hr.commission.queue"].search_count(
                [("company_id", "=", plan.company_id.root_id.id)]
            )
        )
        env["hr.commission.queue"]._acquire(plan.company_id.root_id.ids)

    def _delete(self):
        with self._connection() as env:
            for state in ("approved", "draft"):  # the ledger lets go of drafts only
                env.cr.execute(
                    "UPDATE hr_commission_line SET state = %s WHERE lead_id = %s",
                    [state, self.lead_id],
                )
            for table, column in (
                ("hr_commission_line", "lead_id"),
                ("crm_touchpoint", "lead_id"),
                ("hr_commission_event", "lead_id"),
            ):
                env.cr.execute(
                    f"DELETE FROM {table} WHERE {column} = %s",  # pylint: disable=sql-injection
                    [self.lead_id],
                )
            env["crm.lead"].browse(self.lead_id).unlink()
            employee = env["hr.employee"].browse(self.employee_id)
            contact = employee.work_contact_id
            employee.unlink()
            contact.unlink()
            env.cr.execute(
                "UPDATE hr_commission_plan SET state = 'draft' WHERE id = %s",
                [self.plan_id],
            )
            env["hr.commission.plan"].browse(self.plan_id).unlink()
            if not self.queue_was_there:
                env["hr.commission.queue"].search(
                    [("company_id", "=", env.ref("base.main_company").root_id.id)]
                ).unlink()

    def _event(self, env):
        return env["hr.commission.event"].search([("lead_id", "=", self.lead_id)])

    def _lines(self):
        with self._connection() as env:
            return (
                env["hr.commission.line"]
                .search([("lead_id", "=", self.lead_id)])
                .mapped(lambda line: (line.amount, line.state))
            )

    def test_second_worker_leaves_the_tree_alone(self):
        with self._connection() as one, self._connection() as two:
            self.assertEqual(self._event(one)._process(), 1)
            self.assertEqual(self._event(two)._process(), 0)
        self.assertEqual(self._lines(), [(20.0, "draft")])

    def test_worker_on_an_older_view_is_run_again(self):
        with self._connection() as two:
            event = self._event(two)
            self.assertEqual(event.state, "pending")
            with self._connection() as one:
                self.assertEqual(self._event(one)._process(), 1)
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                event._process()
            two.cr.rollback()
        self.assertEqual(self._lines(), [(20.0, "draft")])

    def test_odoo_retries_and_finds_nothing_left(self):
        with self._connection() as two:
            event = self._event(two)
            event.read(["state"])
            with self._connection() as one:
                self._event(one)._process()
            with patch("time.sleep") as sleep:
                self.assertEqual(retrying(partial(event._process), two), 0)
            self.assertEqual(sleep.call_count, 1)
        self.assertEqual(self._lines(), [(20.0, "draft")])

    def test_deal_changed_while_it_is_computed(self):
        with self._connection() as user, self._connection() as worker:
            self._event(worker).read(["amount"])
            user["crm.lead"].browse(self.lead_id).write({"expected_revenue": 3000})
            user.cr.commit()  # the salesperson saved while the worker was computing
            with patch("time.sleep"):
                retrying(partial(self._event(worker)._process), worker)
        self.assertEqual(self._lines(), [(60.0, "draft")])

    def test_payroll_reserves_a_line_once(self):
        with self._connection() as env:
            self._event(env)._process()
        with self._connection() as env:
            self._line(env).action_approve()
        with self._connection() as two:
            self._line(two).read(["state"])
            with self._connection() as one:
                self._line(one)._payroll_reserve()
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                self._line(two)._payroll_reserve()
            two.cr.rollback()
        self.assertEqual(self._lines(), [(20.0, "in_payroll")])

    def _line(self, env):
        return env["hr.commission.line"].search([("lead_id", "=", self.lead_id)])


class _Connection:
    """An environment on a connection of its own, committed at the end."""

    def __init__(self, registry):
        self.cursor = registry.cursor()

    def __enter__(self):
        self.cursor.__enter__()
        # a wait for the other connection would never end
        self.cursor.execute("SET LOCAL lock_timeout = '10s'")
        context = {"tracking_disable": True, "lang": "en_US"}
        return api.Environment(self.cursor, SUPERUSER_ID, context)

    def __exit__(self, *exception):
        return self.cursor.__exit__(*exception)
