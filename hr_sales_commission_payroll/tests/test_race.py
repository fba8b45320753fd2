# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import threading
import time
from contextlib import contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from .common import PayrollRecords


@tagged("post_install", "-at_install")
class TestRace(PayrollRecords, BaseCase):
    """Two people at the same second, each with a connection of their own.

    Everything is committed, so that both see it, and removed in the end.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        # whoever runs the tests may hold this lock, as while modules are installed
        cls.startClassPatcher(patch.object(Registry, "_lock", DummyRLock()))
        cls.addClassCleanup(cls._remove_all)
        with cls._connection() as cls.env:
            cls._make_setup()
            cls.employee_ids = [
                cls._make_employee(f"Racer {number}").id for number in range(6)
            ]
            cls.setup_ids = {
                record._name: record.ids
                for record in (cls.structure, cls.basic + cls.totals)
            }
            own_rules = cls.structure.rule_ids.filtered(
                lambda rule: not rule.commission_kind
            )
            cls.setup_ids["hr.salary.rule"] = own_rules.ids
            cls.employee_ids.append(cls.ana.id)

    def setUp(self):
        super().setUp()
        self.addCleanup(self._remove_payslips)

    @classmethod
    @contextmanager
    def _connection(cls):
        """Yield an environment with a connection of its own; commit in the end."""
        with cls.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    @classmethod
    def _remove_payslips(cls):
        with cls._connection() as env:
            payslips = env["hr.payslip"].search(
                [("employee_id", "in", cls.employee_ids)]
            )
            env["mail.message"].search(
                [("model", "=", "hr.payslip"), ("res_id", "in", payslips.ids)]
            ).unlink()
            for table, column in (
                ("hr_payslip_commission", "payslip_id"),
                ("hr_payslip", "id"),
            ):
                env.cr.execute(
                    f"DELETE FROM {table} WHERE {column} IN"
                    " (SELECT id FROM hr_payslip WHERE employee_id = ANY(%s))",
                    [cls.employee_ids],
                )
            # the ledger lets go of lines that are not approved, one step at a time
            for statement in (
                "UPDATE hr_commission_line SET state = 'approved'",
                "UPDATE hr_commission_line SET state = 'draft'",
                "DELETE FROM hr_commission_line",
            ):
                env.cr.execute(
                    f"{statement} WHERE employee_id = ANY(%s)", [cls.employee_ids]
                )

    @classmethod
    def _remove_all(cls):
        with cls._connection() as env:
            employees = env["hr.employee"].browse(cls.employee_ids)
            contacts = employees.work_contact_id
            env["mail.message"].search(
                [
                    ("model", "=", "hr.version"),
                    ("res_id", "in", employees.version_ids.ids),
                ]
            ).unlink()
            employees.unlink()
            contacts.unlink()
            for model, ids in cls.setup_ids.items():
                if model != "hr.salary.rule.category":
                    env[model].browse(ids).unlink()
            env["hr.salary.rule.category"].browse(
                cls.setup_ids["hr.salary.rule.category"]
            ).unlink()

    def _prepare(self, *employee_lists):
        """Make a line for every employee, and a payslip for each in the lists.

        :return: one list of payslip ids for each list of employees
        """
        with self._connection() as env:
            type(self).env = env
            type(self).structure = env["hr.payroll.structure"].browse(self.structure.id)
            people = env["hr.employee"].browse(self.employee_ids)
            for employee in people:
                self._make_line(100.0, employee=employee)
            return [
                [self._make_payslip(people[index]).id for index in indexes]
                for indexes in employee_lists
            ]

    @contextmanager
    def _meanwhile(self, function, *args):
        """Run a function in a second connection that saw the world before the block.

        It starts with its own snapshot; what it then waits for, the block decides.
        """
        started, go = threading.Event(), threading.Event()
        self.outcome = None

        def run():
            with self._connection() as env:
                env.cr.execute("SELECT 1")  # takes the snapshot
                started.set()
                go.wait(10)
                try:
                    self.outcome = retrying(lambda: function(env, *args), env)
                except Exception as error:
                    env.cr.rollback()
                    self.outcome = error

        thread = threading.Thread(target=run)
        with patch("odoo.service.model.random.uniform", return_value=0.05):
            thread.start()
            started.wait(10)
            yield go
            go.set()
            thread.join(30)
        self.assertFalse(thread.is_alive())

    @staticmethod
    def _compute(env, payslip_ids):
        payslips = env["hr.payslip"].browse(payslip_ids)
        payslips.compute_sheet()
        env.flush_all()
        return payslips.mapped("commission_total")

    def _wait_for_lock(self, env):
        """Wait until another connection to the database waits for a lock of ours."""
        for _attempt in range(100):
            env.cr.execute(
                """SELECT 1 FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock'"""
            )
            if env.cr.fetchone():
                return True
            time.sleep(0.05)
        return False

    def _get_paid(self, payslip_ids):
        with self._connection() as env:
            return env["hr.payslip"].browse(payslip_ids).mapped("commission_total")

    @mute_logger("odoo.sql_db")
    def test_two_officers_compute_at_the_same_second(self):
        mine, theirs = self._prepare([0], [0])
        with self._meanwhile(self._compute, theirs) as go:
            with self._connection() as env:
                self.assertEqual(self._compute(env, mine), [100.0])
                go.set()
                self.assertTrue(self._wait_for_lock(env))
        self.assertEqual(self.outcome, [0.0])
        self.assertEqual(self._get_paid(mine + theirs), [100.0, 0.0])

    @mute_logger("odoo.sql_db")
    def test_old_snapshot_does_not_pay_what_was_taken_since(self):
        mine, theirs = self._prepare([0], [0])
        with self._meanwhile(self._compute, theirs):
            with self._connection() as env:
                self._compute(env, mine)
        self.assertEqual(self.outcome, [0.0])
        self.assertEqual(self._get_paid(mine + theirs), [100.0, 0.0])

    @mute_logger("odoo.sql_db")
    def test_two_batches_in_opposite_order(self):
        order = list(range(6))
        mine, theirs = self._prepare(order, order[::-1])
        with self._meanwhile(self._compute, theirs) as go:
            go.set()
            with self._connection() as env:
                retrying(lambda: self._compute(env, mine), env)
        self.assertEqual(sum(self._get_paid(mine + theirs)), 600.0)

    @mute_logger("odoo.sql_db")
    def test_two_users_confirm_one_payslip(self):
        ((payslip_id,),) = self._prepare([0])
        with self._connection() as env:
            self._compute(env, [payslip_id])

        def confirm(env):
            return env["hr.payslip"].browse(payslip_id).action_payslip_done()

        with self._meanwhile(confirm):
            with self._connection() as env:
                confirm(env)
        self.assertRegex(str(self.outcome), "is closed")
        with self._connection() as env:
            payslip = env["hr.payslip"].browse(payslip_id)
            self.assertEqual(payslip.state, "done")
            self.assertEqual(payslip.commission_ids.line_id.state, "paid")
