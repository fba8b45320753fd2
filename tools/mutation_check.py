"""Removes each record rule and access line of the core addon, one at a time, and shows
that the access tests notice it.

    ./dev db mutants && ./dev shell mutants < tools/mutation_check.py

Everything happens in the transactions of the tests, nothing is committed. Exit code 1
when a change goes unnoticed.
"""

import logging
import sys
import time
import unittest

from odoo.tests.result import OdooTestResult
from odoo.tools import config

from odoo.addons.hr_sales_commission.tests import test_access_matrix, test_leaks

MODULE = "hr_sales_commission"
#: the quick ones first: a change counts as noticed at the first failure
TEST_CASES = [
    test_access_matrix.TestAccessMatrix,
    test_leaks.TestReadLeaks,
    test_leaks.TestWriteLeaks,
]


def first_failure(test_case):
    """Run the tests of a class that is set up; return the first that fails."""
    for test in unittest.defaultTestLoader.loadTestsFromTestCase(test_case):
        result = OdooTestResult()
        test(result)
        if not result.wasSuccessful():
            return f"{test_case.__name__}.{test._testMethodName}"
    return None


def find_mutants(env):
    """Return the names and records of all rules and access lines of stored models."""
    mutants = []
    for model in ("ir.rule", "ir.model.access"):
        for data in env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", model)], order="name"
        ):
            record = env[model].browse(data.res_id)
            if not env[record.model_id.model].is_transient():
                mutants.append((data.name, record))
    return mutants


def failure_without(test_case, record):
    """Return the first test that fails when the record is out of force."""
    savepoint = test_case.cr.savepoint()
    try:
        record.with_env(test_case.env).active = False
        test_case.env.flush_all()
        test_case.env.registry.clear_all_caches()
        test_case.only_model = record.model_id.model
        return first_failure(test_case)
    finally:
        test_case.env.invalidate_all(flush=False)
        savepoint.close(rollback=True)
        test_case.env.registry.clear_all_caches()


def look_for(test_case, mutants):
    """Try mutants on a test case; return those that it did not notice."""
    test_case.setUpClass()
    try:
        if failed := first_failure(test_case):
            raise SystemExit(f"the tests fail without any change: {failed}")
        unnoticed = []
        for name, record in mutants:
            begin = time.monotonic()
            failed = failure_without(test_case, record)
            if failed:
                seconds = time.monotonic() - begin
                print(f"{name:58} {failed} ({seconds:.0f} s)", flush=True)
            else:
                unnoticed.append((name, record))
        return unnoticed
    finally:
        test_case.tearDownClass()
        test_case.doClassCleanups()


def main(env):
    config["test_enable"] = True
    logging.disable(logging.CRITICAL)
    mutants = find_mutants(env)
    number = len(mutants)
    for test_case in TEST_CASES:
        if mutants:
            mutants = look_for(test_case, mutants)
    print(
        f"{number} rules and access lines removed one by one: {len(mutants)} unnoticed"
    )
    for name, _record in mutants:
        print(f"NOT NOTICED: {name}")
    return 1 if mutants else 0


sys.exit(main(env))  # noqa: F821  the shell's env
