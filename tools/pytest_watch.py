"""pytest plugin: counts for the closing line, Odoo's log, and no silent skips.

DEV_RESULT names a file: NAME.json gets the counts, the skipped tests and the seconds of
each file, NAME*.log what Odoo logged at WARNING and above, each under the test that was
running (one file for each xdist worker).

Every test runs with all addons. Classes with the tag ``commission_core`` run with the
core alone as well (``--core-alone``): what has to hold where none of the others fills in.
Those with ``commission_long`` (tours, generated attacks, published data) are started
first: the last test then keeps no worker waiting for long.
"""

import json
import logging
import os
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

RESULT = os.environ["DEV_RESULT"]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
CORE = "commission_core"
LONG = "commission_long"


class TestLog(logging.FileHandler):
    """Odoo's log format, as log_check.py reads it, with the test's name."""

    test = "outside tests"

    def __init__(self):
        super().__init__(f"{RESULT}{WORKER and '-'}{WORKER}.log", mode="w", delay=False)
        self.setLevel(logging.WARNING)
        self.setFormatter(
            logging.Formatter(
                "%(asctime)s %(process)d %(levelname)s - %(name)s: %(message)s"
            )
        )

    def format(self, record):
        head, *rest = super().format(record).split("\n")
        return "\n".join([head, *rest, f"    in {self.test}"])


handler = TestLog()
seconds = Counter()  # by file


def now():
    """A clock that tests which freeze the time do not stop."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)


def pytest_addoption(parser):
    parser.addoption("--core-alone", action="store_true", help=f"only {CORE}")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--core-alone"):
        config.hook.pytest_deselected(items=[i for i in items if not has_tag(i, CORE)])
        items[:] = [item for item in items if has_tag(item, CORE)]
    items.sort(key=lambda item: not has_tag(item, LONG))


def has_tag(item, tag):
    return tag in getattr(item.cls, "test_tags", ())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    begin = now()
    try:
        return (yield)
    finally:
        seconds[item.nodeid.split("::")[0]] += now() - begin


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Add what a worker counted."""
    seconds.update(getattr(node, "workeroutput", {}).get("seconds", {}))


def pytest_sessionfinish(session):
    if WORKER:
        session.config.workeroutput["seconds"] = dict(seconds)


def pytest_sessionstart(session):
    logging.getLogger().addHandler(handler)
    if session.config.getoption("--odoo-http", False):
        keep_what_browsers_load(session)
    if WORKER:
        keep_files_of_the_other_workers()


def keep_files_of_the_other_workers():
    """Workers have databases of their own but share the files of attachments.

    After each class Odoo deletes the files its own database no longer knows, which
    another worker may be serving.
    """
    from odoo.tests.common import TransactionCase

    TransactionCase._gc_filestore = classmethod(lambda cls: None)


def keep_what_browsers_load(session):
    """Let the browsers of a run share what they loaded and compiled, seconds for each.

    Odoo starts one for each tour, with a new profile; the names of bundles tell what is
    in them.
    """
    from odoo.tests.common import ChromeBrowser

    folder = tempfile.TemporaryDirectory(prefix="browsers-", ignore_cleanup_errors=True)
    session.config.add_cleanup(folder.cleanup)
    spawn = ChromeBrowser._spawn_chrome

    def spawn_with_cache(self, command):
        *options, page = command
        return spawn(self, [*options, f"--disk-cache-dir={folder.name}", page])

    ChromeBrowser._spawn_chrome = spawn_with_cache


def pytest_runtest_logstart(nodeid, location):
    handler.test = nodeid


def reason(report):
    longrepr = report.longrepr
    return str(longrepr[2] if isinstance(longrepr, tuple) else longrepr)


def pytest_terminal_summary(terminalreporter):
    stats = terminalreporter.stats
    skipped = [
        f"{report.nodeid}: {reason(report)}" for report in stats.get("skipped", [])
    ]
    counts = {
        "passed": len(stats.get("passed", [])),
        "failed": sum(
            len(stats.get(key, [])) for key in ("failed", "error", "xpassed")
        ),
        "skipped": skipped,
        "seconds": seconds,
    }
    Path(RESULT + ".json").write_text(json.dumps(counts))
