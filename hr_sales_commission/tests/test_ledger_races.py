# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import threading
from datetime import date
from functools import partial
from unittest.mock import patch

import psycopg2

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from .committed import CommittedDeals


class RaceCase(CommittedDeals):
    def setUp(self):
        super().setUp()
        # the thread that runs the tests may hold this lock, as while modules load
        self.enterContext(patch.object(Registry, "_lock", DummyRLock()))
        self.enterContext(mute_logger("odoo.sql_db", "odoo.service.model"))
        # the pause before trying again; there is nobody else here to wait for
        self.enterContext(patch("odoo.service.model.random.uniform", return_value=0.01))

    def _retry(self, function, env):
        """Run a request as the server does: again, after a conflict."""
        return retrying(function, env)


@tagged("post_install", "-at_install", "commission_long")
class TestTwoAtOnce(RaceCase):
    """One of two was faster; the other one's view of the database is old."""

    def test_approved_while_it_is_computed(self):
        self._compute()
        with self._connection() as env:
            self._leads(env).expected_revenue = 3000
        with self._connection() as worker:
            self._lines(worker).read(["amount"])
            with self._connection() as manager:
                self._lines(manager).action_approve()
            self._retry(lambda: self._events(worker)._process(), worker)
        self.assertEqual(self._ledger(), [(20.0, "approved"), (40.0, "draft")])

    def test_computed_while_it_is_approved(self):
        self._compute()
        with self._connection() as manager:
            lines = self._lines(manager)
            lines.read(["amount"])
            with self._connection() as worker:
                self._leads(worker).expected_revenue = 3000
                self._events(worker)._process()
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                lines.action_approve()
            manager.cr.rollback()
        self.assertEqual(self._ledger(), [(60.0, "draft")])

    def test_approved_twice(self):
        self._compute()
        with self._connection() as second:
            lines = self._lines(second)
            lines.read(["state"])
            with self._connection() as first:
                self._lines(first).action_approve()
                approved = self._lines(first).date_approved
            self._retry(lines.action_approve, second)
            self.assertEqual(lines.date_approved, approved)
        self.assertEqual(self._ledger(), [(20.0, "approved")])

    def _approved(self):
        self._compute()
        with self._connection() as env:
            self._lines(env).action_approve()

    def test_two_payers_on_one_line(self):
        self._approved()
        pay = {"date": date(2026, 6, 1)}
        with self._connection() as second:
            lines = self._lines(second)
            lines.read(["state"])
            with self._connection() as first:
                self._lines(first)._payroll_paid(ref="FIRST", **pay)
            with self.assertRaisesRegex(UserError, "any more"):
                self._retry(partial(lines._change_state, "approved", "paid"), second)
            second.cr.rollback()
        with self._connection() as env:
            self.assertEqual(self._lines(env).payment_ref, "FIRST")

    def test_taken_back_while_it_is_paid(self):
        self._approved()
        with self._connection() as manager:
            lines = self._lines(manager)
            lines.read(["state"])
            with self._connection() as payer:
                self._lines(payer)._payroll_paid(date(2026, 6, 1), "PAY")
            with self.assertRaisesRegex(UserError, "no longer"):
                self._retry(lines.action_reset_to_draft, manager)
            manager.cr.rollback()
        self.assertEqual(self._ledger(), [(20.0, "paid")])

    def test_paid_while_it_is_taken_back(self):
        self._approved()
        with self._connection() as payer:
            lines = self._lines(payer)
            lines.read(["state"])
            with self._connection() as manager:
                self._lines(manager).action_reset_to_draft()
            with self.assertRaisesRegex(UserError, "any more"):
                self._retry(lines._payroll_reserve, payer)
            payer.cr.rollback()
        self.assertEqual(self._ledger(), [(20.0, "draft")])

    def test_lost_while_it_is_paid(self):
        self._approved()
        with self._connection() as env:
            self._leads(env).won_status  # noqa: B018 - the deal is there
            self._leads(env).active = False
        with self._connection() as worker:
            self._lines(worker).read(["state"])
            with self._connection() as payer:
                self._lines(payer)._payroll_paid(date(2026, 6, 1), "PAY")
            self._retry(lambda: self._events(worker)._process(), worker)
        ledger = self._ledger()
        self.assertEqual(ledger[0], (20.0, "paid"))
        with self._connection() as env:
            undone = self._events(env).date_reversed
        self.assertEqual(ledger[1:], [(-20.0, "draft")] if undone else [])


@tagged("post_install", "-at_install", "commission_long")
class TestTwoStatements(RaceCase):
    plan_vals = {"draw_amount": 50}

    def _generate(self, env):
        company = env["res.company"].browse(self.company_id)
        return env["hr.commission.statement"]._generate(company, date(2026, 5, 1))

    def _only(self, env):
        return self._statements(env)

    def test_approved_twice(self):
        self._compute()
        with self._connection() as env:
            self._generate(env)
            self._only(env).action_confirm()
        with self._connection() as second:
            statement = self._only(second)
            statement.read(["state"])
            with self._connection() as first:
                self._only(first).action_approve()
            with self.assertRaisesRegex(UserError, "approved already"):
                self._retry(statement.action_approve, second)
            second.cr.rollback()
        self.assertEqual(self._ledger(), [(20.0, "approved"), (30.0, "approved")])

    def test_made_twice(self):
        self._compute()
        with self._connection() as second:
            self._lines(second).read(["state"])
            with self._connection() as first:
                self._generate(first)
            with self.assertRaises(psycopg2.errors.UniqueViolation):
                self._generate(second)
            second.cr.rollback()
        with self._connection() as env:
            self.assertEqual(len(self._only(env)), 1)

    def test_line_computed_anew_while_its_statement_is_approved(self):
        self._compute()
        with self._connection() as env:
            self._generate(env)
            self._only(env).action_confirm()
        with self._connection() as manager:
            statement = self._only(manager)
            statement.read(["paid"])
            with self._connection() as worker:
                self._leads(worker).expected_revenue = 9000
                self._events(worker)._process()
            with self.assertRaisesRegex(UserError, "changed since"):
                self._retry(statement.action_approve, manager)
            manager.cr.rollback()
        self.assertEqual(self._ledger(), [(180.0, "draft")])

    def _race_undo(self, slower, faster):
        """Let two act on an approved statement; the slower one has looked at it before.

        :return: what the slower one is told, if it is refused
        """
        self._compute()
        with self._connection() as env:
            self._generate(env)
            self._only(env).action_confirm()
            self._only(env).action_approve()
        with self._connection() as second:
            self._lines(second).read(["state"])
            self._only(second).read(["state"])
            with self._connection() as first:
                faster(first)
            try:
                self._retry(partial(slower, second), second)
                return None
            except UserError as error:
                second.cr.rollback()
                return str(error)

    def _undo(self, env):
        return self._only(env).action_take_back_approval()

    def _reserve(self, env):
        return self._lines(env)._payroll_reserve()

    def test_approval_taken_back_while_it_is_paid(self):
        self.assertIn("on a payslip", self._race_undo(self._undo, self._reserve))
        self.assertEqual({state for _, state in self._ledger()}, {"in_payroll"})

    def test_paid_while_its_approval_is_taken_back(self):
        self.assertIn("any more", self._race_undo(self._reserve, self._undo))
        self.assertEqual(self._ledger(), [(20.0, "draft"), (30.0, "cancelled")])

    def test_approval_taken_back_twice(self):
        self.assertIn("not approved", self._race_undo(self._undo, self._undo))
        self.assertEqual(self._ledger(), [(20.0, "draft"), (30.0, "cancelled")])


@tagged("post_install", "-at_install", "commission_long")
class TestTwoImports(RaceCase):
    """A file of history comes in while somebody else is at work."""

    heads = ("name", "stage_id", "commission_source", "source_state", "marketer_id") + (
        "date_won",
        "won_amount",
    )

    def _upload(self, *names):
        """Upload a file of deals won for 1,000 each, and return its number."""
        rows = [
            f"{name},Won,marketing,verified,Committed,2026-05-05,1000" for name in names
        ]
        with self._connection() as env:
            screen = env["base_import.import"].create(
                {
                    "res_model": "crm.lead",
                    "file": "\n".join([",".join(self.heads), *rows]).encode(),
                    "file_name": "races.csv",
                    "file_type": "text/csv",
                }
            )
            return screen.id

    def _import(self, env, number):
        screen = env["base_import.import"].browse(number)
        options = {"has_headers": True, "quoting": '"', "separator": ","}
        options.update(encoding="utf-8", date_format="%Y-%m-%d")
        heads = list(self.heads)
        return self._retry(
            lambda: screen.execute_import(heads, heads, dict(options)), env
        )

    def _find(self, env):
        """Return the deals that came in; they go when the test is over."""
        found = env["crm.lead"].search([("name", "=like", "Race %")], order="name")
        self.lead_ids = sorted({*self.lead_ids, *found.ids})
        return found

    def _delete(self):
        with self._connection() as env:
            env["hr.commission.import"].search(
                [("file_name", "=", "races.csv")]
            ).unlink()
            self._find(env)
        return super()._delete()

    def test_the_same_file_by_two_at_once(self):
        upload, other = (
            self._upload("Race A", "Race B"),
            self._upload("Race A", "Race B", "Race C"),
        )
        with self._connection() as second:
            second["crm.lead"].search_count([])  # its view of the database is old
            with self._connection() as first:
                self.assertEqual(len(self._import(first, upload)["ids"]), 2)
            result = self._import(second, other)
        self.assertFalse(result["messages"])
        with self._connection() as env:
            self.assertEqual(
                self._find(env).mapped("name"), ["Race A", "Race B", "Race C"]
            )
            made = env["hr.commission.import"].search([("file_name", "=", "races.csv")])
            self.assertEqual(sorted(made.mapped("record_count")), [1, 2])

    def test_a_file_comes_in_while_the_job_computes(self):
        upload, late = self._upload("Race A"), self._upload("Race B")
        with self._connection() as job:
            self._events(job)._process()
            with self._connection() as officer:
                self.assertFalse(self._import(officer, upload)["messages"])
        with self._connection() as officer:
            self._find(officer)
            self.assertFalse(self._import(officer, late)["messages"])
            with self._connection() as job:
                self._retry(lambda: self._events(job)._process(), job)
        with self._connection() as env:
            self._find(env)
        self._compute()
        self.assertEqual(self._ledger(), [(20.0, "draft")] * 3)


@tagged("post_install", "-at_install", "commission_long")
class TestTwoPlans(RaceCase):
    """Two people change the rules, or whose customers they are, at once."""

    def _make_drafts(self, env):
        drafts = env["hr.commission.plan"].create(
            [
                {
                    "name": name,
                    "company_id": self.company_id,
                    "date_start": "1990-01-01",
                    "date_end": "1990-12-31",
                    "rule_ids": [Command.create({"name": "All", "rate": 1})],
                }
                for name in ("One", "Other")
            ]
        )
        self.draft_ids = drafts.ids
        self.addCleanup(self._remove_drafts)

    def _remove_drafts(self):
        with self._connection() as env:
            env.cr.execute(
                "UPDATE hr_commission_plan SET state = 'draft' WHERE id = ANY(%s)",
                [self.draft_ids],
            )
            env["hr.commission.plan"].browse(self.draft_ids).unlink()

    def test_two_plans_of_the_same_days(self):
        with self._connection() as env:
            self._make_drafts(env)
        with self._connection() as second:
            one, other = second["hr.commission.plan"].browse(self.draft_ids)
            other.read(["state"])
            with self._connection() as first:
                one.with_env(first).action_activate()
            with self.assertRaisesRegex(UserError, "the same days"):
                self._retry(other.action_activate, second)
            second.cr.rollback()
            self.assertEqual((one | other).mapped("state"), ["active", "draft"])

    def _make_customer(self, env):
        people = env["hr.employee"].create(
            [
                {"name": name, "company_id": self.company_id}
                for name in ("Successor", "Another")
            ]
        )
        customer = env["res.partner"].create({"name": "Handed Over"})
        role = env["hr.commission.role"].search([("is_manager", "=", False)], limit=1)
        env["hr.commission.assignment"].create(
            {
                "partner_id": customer.id,
                "employee_id": self.employee_id,
                "role_id": role.id,
                "date_from": "2020-01-01",
                "company_id": self.company_id,
            }
        )
        handovers = env["hr.commission.handover"].create(
            [
                {
                    "employee_id": self.employee_id,
                    "successor_id": person.id,
                    "date": "2026-06-01",
                }
                for person in people
            ]
        )
        self.customer_id, self.people_ids = customer.id, people.ids
        self.addCleanup(self._remove_customer)
        return handovers.ids

    def _remove_customer(self):
        with self._connection() as env:
            self._assignments(env).unlink()
            people = env["hr.employee"].browse(self.people_ids)
            contacts = people.work_contact_id
            people.unlink()
            (contacts | env["res.partner"].browse(self.customer_id)).unlink()

    def _assignments(self, env):
        return env["hr.commission.assignment"].search(
            [("partner_id", "=", self.customer_id)], order="date_from, id"
        )

    def test_a_customer_handed_over_twice(self):
        """One dialog was opened before the other one was closed, or at once."""
        with self._connection() as env:
            ids = self._make_customer(env)
        with self._connection() as second:
            one, other = second["hr.commission.handover"].browse(ids)
            other.line_ids.read(["name"])
            with self._connection() as first:
                one.with_env(first).action_hand_over()
            with self.assertRaisesRegex(UserError, "not open with Committed"):
                self._retry(other.action_hand_over, second)
            second.cr.rollback()
            self.assertEqual(
                self._assignments(second).employee_id.ids,
                [self.employee_id, self.people_ids[0]],
            )


@tagged("post_install", "-at_install", "commission_long")
class TestTwoPayrolls(RaceCase):
    """Other payrolls take, acknowledge and give back the same line at once."""

    def setUp(self):
        super().setUp()
        self._compute()
        with self._connection() as env:
            self._lines(env).action_approve()
        self.addCleanup(self._remove_exports)

    def _remove_exports(self):
        with self._connection() as env:
            exports = self._lines(env).export_id
            self._lines(env).write({"export_id": False})
            exports.with_context(tracking_disable=True).unlink()

    def _export(self, env):
        vals = {"company_id": self.company_id, "date_until": date(2026, 6, 30)}
        return env["hr.commission.export"]._reserve(self._lines(env), vals)

    def _acknowledge(self, env, reference):
        lines = self._lines(env)
        return lines.commission_acknowledge(lines.ids, reference)

    def _race(self, slower, faster):
        """Let two act; the slower one has looked at the line before.

        :return: what the slower one is told, if it is refused
        """
        with self._connection() as second:
            self._lines(second).read(["state", "export_id"])
            with self._connection() as first:
                faster(first)
            try:
                self._retry(partial(slower, second), second)
                return None
            except UserError as error:
                second.cr.rollback()
                return str(error)

    def test_exported_twice(self):
        self.assertIn("any more", self._race(self._export, self._export))
        with self._connection() as env:
            self.assertEqual(len(self._lines(env).export_id), 1)
        self.assertEqual(self._ledger(), [(20.0, "in_payroll")])

    def test_acknowledged_twice(self):
        """With one reference it is paid once; with another the second is refused."""
        again = partial(self._acknowledge, reference="ONE")
        self.assertIsNone(self._race(again, again))
        other = partial(self._acknowledge, reference="TWO")
        self.assertIn("ONE", self._race(other, again))
        with self._connection() as env:
            self.assertEqual(self._lines(env).payment_ref, "ONE")
        self.assertEqual(self._ledger(), [(20.0, "paid")])

    def test_taken_back_while_it_is_acknowledged(self):
        with self._connection() as env:
            export_id = self._export(env).id
        take_back = lambda env: (  # noqa: E731
            env["hr.commission.export"].browse(export_id).action_take_back()
        )
        pay = partial(self._acknowledge, reference="ONE")
        self.assertIn("finished already", self._race(take_back, pay))
        self.assertEqual(self._ledger(), [(20.0, "paid")])

    def test_acknowledged_while_it_is_taken_back_and_exported_again(self):
        with self._connection() as env:
            export = self._export(env)
            export.reference = "ONE"
            export_id = export.id

        def move(env):
            env["hr.commission.export"].browse(export_id).action_take_back()
            self._export(env)

        pay = lambda env: (  # noqa: E731
            env["hr.commission.export"].browse(export_id).action_acknowledge()
        )
        self.assertIn("finished already", self._race(pay, move))
        self.assertEqual(self._ledger(), [(20.0, "in_payroll")])


@tagged("post_install", "-at_install", "commission_long")
class TestEverybodyAtOnce(RaceCase):
    """Threads that compute, approve and pay the same employee, none waiting."""

    amounts = (1000, 2000, 3000)

    def _until_done(self, stop, work, failures):
        while not stop.is_set():
            try:
                with self._connection() as env:
                    self._retry(partial(work, env), env)
            except (UserError, psycopg2.OperationalError):
                continue  # told to look again: the next round does
            except Exception as error:
                failures.append(error)
                return

    def _approve_some(self, env):
        drafts = self._lines(env).filtered(lambda line: line.state == "draft")
        drafts[:1].action_approve()

    def _pay_some(self, env, ref):
        employee = env["hr.employee"].browse(self.employee_id)
        company = env["res.company"].browse(self.company_id)
        payable = env["hr.commission.line"]._payroll_payable(
            employee, company, date(2026, 12, 31)
        )
        payable._payroll_reserve()
        payable._payroll_paid(date(2026, 12, 31), ref)
        self.paid.extend((line.id, ref) for line in payable)

    def test_money_is_conserved(self):
        self.paid, failures, stop = [], [], threading.Event()
        works = [
            lambda env: self._events(env)._process(),
            lambda env: self._events(env)._process(),
            self._approve_some,
            partial(self._pay_some, ref="ONE"),
            partial(self._pay_some, ref="TWO"),
        ]
        threads = [
            threading.Thread(
                target=self._until_done, args=(stop, work, failures), daemon=True
            )
            for work in works
        ]
        for thread in threads:
            thread.start()
        try:
            for factor in (2, 1, 4, 3):
                with self._connection() as env:
                    self._retry(partial(self._multiply, env, factor), env)
        finally:
            stop.set()
            for thread in threads:
                thread.join(60)
        self.assertFalse([thread for thread in threads if thread.is_alive()])
        self.assertFalse(failures)
        self._compute()
        with self._connection() as env:
            lines = self._lines(env)
            totals = {
                lead.won_amount: round(sum(of_lead.mapped("amount")), 2)
                for lead, of_lead in lines.grouped("lead_id").items()
            }
            self.assertEqual(totals, {3000: 60, 6000: 120, 9000: 180})
            paid = lines.filtered(lambda line: line.state == "paid")
            self.assertEqual(set(paid.mapped("payment_ref")) - {"ONE", "TWO"}, set())

    def _multiply(self, env, factor):
        for lead, amount in zip(self._leads(env), self.amounts, strict=True):
            lead.expected_revenue = amount * factor
