# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import os
import random
import signal
import time
import warnings

from odoo import sql_db
from odoo.modules.registry import DummyRLock, Registry
from odoo.tests import tagged

from .committed import CommittedDeals

#: how often a worker is killed; tools/fault.py asks for more
RUNS = int(os.environ.get("COMMISSION_FAULT_RUNS", "5"))
SEED = int(os.environ.get("COMMISSION_FAULT_SEED", "19"))


@tagged("post_install", "-at_install", "commission_long")
class TestFault(CommittedDeals):
    """A worker is killed (-9) anywhere between event and lines: nothing is lost.

    A real process does the work, with a connection of its own. It is killed right
    before a statement or a commit, chosen at random; whoever comes next goes on.
    """

    rate = 3
    amounts = tuple(100 + 37 * number for number in range(12))
    batch = 3

    def test_killed_workers_change_nothing(self):
        undisturbed = self._run_history(killed=False)
        self._delete()
        with self._connection() as env:
            self._create(env)
        self.assertEqual(self._run_history(killed=True), undisturbed)

    def _run_history(self, killed):
        """Change, compute and approve again and again; return the ledger."""
        chance = random.Random(SEED)
        kills = 0
        for run in range(RUNS):
            self._change_amounts(run)
            if killed:
                kills += self._kill_a_worker(chance)
            with self._connection() as env:
                self._work(env)
            self._approve_some(run)
        if killed:
            self.assertEqual(kills, RUNS, "every worker was killed while it worked")
        return self._read_ledger()

    def _change_amounts(self, run):
        with self._connection() as env:
            for lead, amount in zip(self._leads(env), self.amounts, strict=True):
                lead.expected_revenue = amount + 11 * run

    def _approve_some(self, run):
        with self._connection() as env:
            drafts = self._lines(env).filtered(lambda line: line.state == "draft")
            by_deal = drafts.sorted(lambda line: (line.lead_id.id, line.amount))
            by_deal[run % 3 :: 3].action_approve()

    def _read_ledger(self):
        with self._connection() as env:
            self.assertEqual(set(self._events(env).mapped("state")), {"done"})
            return sorted(
                self._lines(env).mapped(
                    lambda line: (
                        line.lead_id.expected_revenue,
                        line.amount,
                        line.kind,
                        line.state,
                        line.origin_line_id.amount,
                    )
                )
            )

    # ------------------------------------------------------------------
    # The worker
    # ------------------------------------------------------------------

    def _work(self, env):
        """Compute what waits, batch by batch, as the cron does."""
        while waiting := self._events(env).filtered(
            lambda each: each.state == "pending"
        ):
            if not waiting[: self.batch]._process():
                time.sleep(0.01)  # the killed worker still holds the queue
            env.cr.commit()
            env.invalidate_all()

    def _kill_a_worker(self, chance):
        """Let a process work until it is killed.

        :return: 1 if it was, 0 if it finished before
        """
        deadline = chance.randint(1, self._count_steps())
        process_id = self._fork(lambda: self._work_until(deadline))
        _process_id, status = os.waitpid(process_id, 0)
        self.assertTrue(os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0)
        return int(os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL)

    def _count_steps(self):
        """Count the statements and commits of all the work, and take it back."""
        reader, writer = os.pipe()

        def work():
            steps = self._work_until(None)
            os.write(writer, str(steps).encode())

        process_id = self._fork(work)
        os.waitpid(process_id, 0)
        os.close(writer)
        with os.fdopen(reader) as counted:
            return int(counted.read())

    def _fork(self, work):
        with warnings.catch_warnings():
            # the other threads of the server are not needed in the worker
            warnings.simplefilter("ignore", DeprecationWarning)
            process_id = os.fork()
        if process_id:
            return process_id
        failed = 1
        try:
            # what the parent has open stays the parent's
            self._parents_pools = (sql_db._Pool, sql_db._Pool_readonly)
            sql_db._Pool = sql_db._Pool_readonly = None
            self.registry._db = sql_db.db_connect(self.registry.db_name)
            self.registry._db_readonly = None
            Registry._lock = DummyRLock()
            work()
            failed = 0
        finally:
            os._exit(failed)

    def _work_until(self, deadline):
        """Work; be killed before the given step. Without one, count the steps.

        :return: number of statements and commits
        """
        steps = 0

        def step():
            nonlocal steps
            steps += 1
            if steps == deadline:
                os.kill(os.getpid(), signal.SIGKILL)

        execute, commit = sql_db.Cursor.execute, sql_db.Cursor.commit

        def counting_execute(cursor, *args, **kwargs):
            step()
            return execute(cursor, *args, **kwargs)

        def counting_commit(cursor):
            step()
            if deadline is not None:
                return commit(cursor)
            return cursor.flush()  # only counted: nothing is kept

        sql_db.Cursor.execute = counting_execute
        sql_db.Cursor.commit = counting_commit
        with self._connection() as env:
            self._work(env)
        return steps
