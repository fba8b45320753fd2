"""Removes each record rule and access line of the core addon, one at a time, and shows
that the access tests notice it.

    ./dev db mutants && ./dev shell mutants < tools/mutation_check.py

It commits each change to that scratch database, and takes it back. Exit code 1 when a
change goes unnoticed.
"""

import logging
import sys
import time
import unittest

from odoo.tests.result import OdooTestResult
from odoo.tests.suite import OdooSuite
from odoo.tools import config

from odoo.addons.hr_sales_commission.tests import test_access_matrix, test_leaks

MODULE = "hr_sales_commission"
TEST_CASES = [
    test_access_matrix.TestAccessMatrix,
    test_leaks.TestReadLeaks,
    test_leaks.TestWriteLeaks,
]


class FirstFailure(OdooTestResult):
    """Stops at the first test that fails and remembers its name."""

    first = None

    def _note(self, test):
        self.first = self.first or str(test).split(" ")[0]
        self.shouldStop = True

    def addError(self, test, err):
        super().addError(test, err)
        self._note(test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._note(test)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._note(subtest)


def tests_of(test_case):
    return unittest.defaultTestLoader.loadTestsFromTestCase(test_case)


def run_tests():
    """Run the access tests; return the first that fails, None if all pass."""
    for test_case in TEST_CASES:
        result = FirstFailure()
        OdooSuite(tests_of(test_case))(result)
        if not result.wasSuccessful():
            return result.first or test_case.__name__
    return None


def mutations(env):
    """Yield (name, record) of each rule and access line of the addon."""
    for model in ("ir.rule", "ir.model.access"):
        for data in env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", model)], order="name"
        ):
            record = env[model].browse(data.res_id)
            if not env[record.model_id.model].is_transient():
                yield data.name, record


def set_active(env, record, active):
    record.active = active
    env.flush_all()
    env.registry.clear_all_caches()
    env.cr.commit()  # the tests look at the database on their own connection


def main(env):
    config["test_enable"] = True
    logging.disable(logging.CRITICAL)
    if failed := run_tests():
        print(f"the tests fail without any change: {failed}")
        return 1
    survivors = []
    for name, record in mutations(env):
        begin = time.monotonic()
        set_active(env, record, False)
        try:
            noticed = run_tests()
        finally:
            set_active(env, record, True)
        seconds = time.monotonic() - begin
        print(f"{name:60} {noticed or 'NOT NOTICED'} ({seconds:.0f} s)", flush=True)
        if not noticed:
            survivors.append(name)
    print(f"{len(survivors)} changes not noticed: {', '.join(survivors) or 'none'}")
    return 1 if survivors else 0


sys.exit(main(env))  # noqa: F821  the shell's env
