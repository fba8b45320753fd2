# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""One bad record never stops a job, and a conflict with another user is no failure."""

import functools
import logging
import random
import time
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg2

from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: what the database says when two users meet: to be tried again
CONFLICTS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.LockNotAvailable,
)
TRIES = 5
#: records left out at most: what fails for more is no matter of these records
MOST_FAULTS = 20
#: seconds waited at most before the second try; twice as long before each other
BACK_OFF = 0.5


def raise_conflict(error):
    """Raise an error again that is no fault of the records at work.

    A conflict with another user, or a lost connection: then everything is run again. A
    statement that the database cut short, as it took too long, is a failure like any
    other: it would again.

    :param Exception error: what was caught
    """
    is_cut_short = isinstance(error, psycopg2.errors.QueryCanceled)
    if isinstance(error, psycopg2.OperationalError) and not is_cut_short:
        raise error


@dataclass(slots=True)
class Attempt:
    """What was tried: afterwards the caller asks whether it failed, to leave a mark."""

    failed: bool = False


@contextmanager
def quiet_savepoint(env):
    """Do something beside a user's work, undone by itself if it fails.

    Odoo's own savepoint finishes at each one what it keeps for the commit: what a user
    changed was then tracked once for each of ours, in messages of its own. Here the
    user's work is stored, and tracked with the commit.

    :param env: of the records
    """
    env.flush_all()
    tracked = _copy_tracked(env)
    with env.cr.savepoint(flush=False):
        try:
            yield
            env.flush_all()
        except Exception:
            env.transaction.clear()
            _forget_tracked_since(env, tracked)
            raise


def _copy_tracked(env):
    """Return what Odoo keeps to track with the commit, by its names."""
    return {
        name: set(value)
        for name, value in env.cr.precommit.data.items()
        if name.startswith("mail.tracking.")
    }


def _forget_tracked_since(env, before):
    """Forget what is to be tracked of changes and records that are undone.

    :param dict before: see :func:`_copy_tracked`
    """
    kept = env.cr.precommit.data
    for name in _copy_tracked(env):
        if name not in before:
            del kept[name]
        elif isinstance(kept[name], dict):  # by record; a new record has a list
            for record_id in set(kept[name]) - before[name]:
                del kept[name][record_id]


@contextmanager
def isolated(env, logger, what, record, savepoint=None):
    """Do something about records, all or nothing; a failure is undone and logged.

    A conflict with another user is raised again: then the whole transaction is run
    again, which is quiet.

    :param env: of the records, whose cache is dropped after a failure
    :param logger: of the module
    :param str what: what is being done, for the log
    :param record: whom it concerns: named in the log by model and id only, because
        logs are read by people who may not know amounts and customers
    :param savepoint: :func:`quiet_savepoint` beside a user's work
    :return: an :class:`Attempt`: whoever has to try again marks the records if it failed
    """
    attempt = Attempt()
    try:
        with savepoint(env) if savepoint else env.cr.savepoint():
            yield attempt
    except Exception as error:
        raise_conflict(error)
        env.invalidate_all(flush=False)
        logger.exception("%s %s%s failed", what, record._name, record.ids)
        attempt.failed = True


def each_isolated(records, logger, what, do):
    """Do something about many records at once, or else about each one alone.

    :param records: recordset
    :param do: function of some of these records
    :return: those for which it failed
    """
    try:
        with records.env.cr.savepoint():
            do(records)
        return records.browse()
    except Exception as error:
        raise_conflict(error)
        records.env.invalidate_all(flush=False)
        logger.warning("%s: one by one, because together: %s", what, error)
    failed = records.browse()
    for record in records:
        with isolated(records.env, logger, what, record) as attempt:
            do(record)
        if attempt.failed:
            failed += record
    return failed


def do_without_faults(env, ids, do):
    """Do something about many records at once, leaving out those that it fails for.

    Nothing of a failed try is left in the database; ``do`` changes nothing else. A
    conflict with another user is raised, and whatever fails for too many.

    :param env: of the records, whose cache is dropped after a failure
    :param list ids: of the records
    :param do: function (ids, ids that are left out)
    :return: what ``do`` returned, and the errors of the records left out, by id
    :raises Exception: what ``do`` raised, where no record or too many are at fault
    """
    env.flush_all()  # what the user did before is kept
    faults = {}
    while True:
        result, error = _attempt(env, do, ids, faults.keys())
        if error is None:
            return result, faults
        found = _find_faults(env, ids, do, faults.keys())
        if not found or len(faults) + len(found) > MOST_FAULTS:
            raise error
        faults |= found
        ids = [each for each in ids if each not in faults]


def _attempt(env, do, ids, left_out):
    """Return what ``do`` returned and None, or None and its error."""
    try:
        with env.cr.savepoint(flush=False):
            return do(ids, set(left_out)), None
    except Exception as error:
        raise_conflict(error)
        env.transaction.clear()
        return None, error


def _find_faults(env, ids, do, left_out):
    """Return why something fails for records without the others, by id."""
    faults, groups = {}, [ids]
    while groups and len(faults) <= MOST_FAULTS:
        group = groups.pop()
        others = set(left_out) | (set(ids) - set(group))
        _result, error = _attempt(env, do, group, others)
        if error is not None and len(group) == 1:
            faults[group[0]] = error
        elif error is not None:
            half = len(group) // 2
            groups += [group[:half], group[half:]]
    return faults


def retried(job):
    """Run a job of a cron again after a conflict with another user, quietly.

    What a job did before the conflict and did not commit is undone. After the last
    try it is left for the next run: nothing is lost, because jobs look for what waits.
    """

    @functools.wraps(job)
    def run(self, *args, **kwargs):
        for attempt in range(1, TRIES + 1):
            try:
                return job(self, *args, **kwargs)
            except CONFLICTS as conflict:
                self.env.cr.rollback()
                self.env.transaction.reset()
                _logger.info(
                    "%s met another user (%s), try %s of %s",
                    job.__name__,
                    type(conflict).__name__,
                    attempt,
                    TRIES,
                )
                time.sleep(random.uniform(0, BACK_OFF * 2 ** (attempt - 1)))
        _logger.info("%s is left for its next run", job.__name__)
        return None

    return run


def lock_quietly(records):
    """Lock records until the end of the transaction, before they are changed.

    If somebody else changed them since it began, the database says so here, once and
    without an entry in its log: Odoo runs the request again.
    """
    if not records.ids:
        return
    records.flush_recordset()
    records.env.cr.execute(
        SQL(
            "SELECT FROM %s WHERE id = ANY(%s) FOR UPDATE",
            SQL.identifier(records._table),
            sorted(records.ids),
        ),
        log_exceptions=False,
    )
