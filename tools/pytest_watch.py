"""pytest plugin: counts for the closing line, Odoo's log, and no silent skips.

DEV_RESULT names a file: NAME.json gets the counts and the skipped tests, NAME*.log what
Odoo logged at WARNING and above, each under the test that was running (one file for
each xdist worker).
"""

import json
import logging
import os
from pathlib import Path

RESULT = os.environ["DEV_RESULT"]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


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


def pytest_sessionstart(session):
    logging.getLogger().addHandler(handler)
    if WORKER:
        keep_files_of_the_other_workers()


def keep_files_of_the_other_workers():
    """Workers have databases of their own but share the files of attachments.

    After each class Odoo deletes the files its own database no longer knows, which
    another worker may be serving.
    """
    from odoo.tests.common import TransactionCase

    TransactionCase._gc_filestore = classmethod(lambda cls: None)


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
    }
    Path(RESULT + ".json").write_text(json.dumps(counts))
