"""pytest plugin: runs tests on changed code; which changes does no test notice?

    ./dev mutants PATH... [TEST...]        see tools/mutants.sh

Python and Odoo are loaded once; each change gets a process forked from this one, that
puts the changed functions in the place of the imported ones and runs the tests that come
by the changed statement, up to the first failure. Nothing is written to the files. Exit code 1 when less than 95 % of the changes are noticed.
"""

import ast
import gc
import os
import pickle
import select
import signal
import sys
import threading
import time
import traceback
import types
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from mutants import Mutant, places, watched

WANTED = 0.95
#: seconds that the tests of a change may take together without any change
ENOUGH = 60
CONSTANTS = (str, int, float, tuple, list, dict, set, frozenset)
HOOK = "__mutants_came_by__"


def now():
    """A clock that tests which freeze the time do not stop."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)


def pytest_addoption(parser):
    parser.addoption("--mutants", action="append", help="file to change")
    parser.addoption("--every", type=int, default=1, help="only each n-th change")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    paths = [Path(path).resolve() for path in session.config.option.mutants]
    sources = {str(path): path.read_text() for path in paths}
    load_everything(session)
    seconds, passed = look_where_tests_pass(session, sources)
    session.exitstatus_of_mutants = any(
        [
            try_changes(session, path, source, seconds, passed[path])
            for path, source in sources.items()
        ]
    )
    return True


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    session.exitstatus = getattr(session, "exitstatus_of_mutants", 2)


def load_everything(session):
    """Load what all tests need; no connection to a database may be open in a fork."""
    if session.config.getoption("--odoo-database", None):
        import odoo

        threading.current_thread().testing = True
        odoo.modules.registry.Registry(odoo.tests.common.get_db_name())
        odoo.sql_db.close_all()


# --- processes ---------------------------------------------------------------------


class Child:
    """A process forked from this one; what ``work`` returns comes back by a pipe."""

    def __init__(self, work):
        self.reader, writer = os.pipe()
        self.pid = os.fork()
        if self.pid:
            os.close(writer)
            return
        os.setsid()
        silence = os.open(os.devnull, os.O_RDWR)
        for number in range(3):
            os.dup2(silence, number)
        with open(writer, "wb") as answer:
            self.answer = lambda value: (pickle.dump(value, answer), answer.flush())
            try:
                self.answer(work(self))
            except BaseException:
                self.answer(traceback.format_exc())
        os._exit(0)

    def result(self, timeout):
        """Return what it answered, None when it died or the time was up."""
        answer = b""
        end = now() + timeout
        while select.select([self.reader], [], [], max(0, end - now()))[0]:
            part = os.read(self.reader, 1 << 16)
            if not part:
                break
            answer += part
        os.close(self.reader)
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(self.pid, 0)
        return pickle.loads(answer) if answer else None


def run_items(session, items, failed, between=None):
    """Run tests; ``failed(nodeid)`` is called at each failure."""
    reports = types.SimpleNamespace(
        pytest_runtest_logreport=lambda report: report.failed and failed(report.nodeid)
    )
    session.config.pluginmanager.register(reports)
    session.config.pluginmanager.unregister(name="terminalreporter")
    for item, after in zip(items, [*items[1:], None]):
        begin = now()
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if between:
            between(item, now() - begin)


# --- code --------------------------------------------------------------------------


def modules_of(path):
    return [
        module
        for module in list(sys.modules.values())
        if getattr(module, "__file__", None)
        and str(Path(module.__file__).resolve()) == path
    ]


def functions_of(module):
    return [
        function
        for function in gc.get_referrers(module.__dict__)
        if isinstance(function, types.FunctionType)
        and function.__globals__ is module.__dict__
    ]


def put_in_place(path, tree, constants=False):
    """Give the functions of the imported file the code of the tree."""
    code = compile(tree, path, "exec")
    for module in modules_of(path):
        new = executed(module, code)
        codes = {key_of(function): function for function in functions_of(new)}
        for function in functions_of(module):
            if changed := codes.get(key_of(function)):
                function.__code__ = changed.__code__
                function.__defaults__ = changed.__defaults__
                function.__kwdefaults__ = changed.__kwdefaults__
        if constants:
            put_constants(module, new)


def key_of(function):
    return function.__qualname__, function.__code__.co_firstlineno


def executed(module, code):
    """Return what a module would be with other code."""
    new = types.ModuleType(module.__name__)
    for name in ("__file__", "__package__", "__spec__", "__loader__"):
        setattr(new, name, getattr(module, name))
    setattr(new, HOOK, lambda line: None)
    sys.modules[module.__name__] = new
    try:
        exec(code, new.__dict__)
    finally:
        sys.modules[module.__name__] = module
    # what the functions name stays what it was, so that its classes are the same
    return new


def put_constants(module, new):
    """Give changed constants to the module, to its classes and to who imported them."""
    for name, value in list(vars(new).items()):
        old = vars(module).get(name)
        if name.startswith("__"):
            continue
        if isinstance(value, type) and isinstance(old, type):
            for attribute, inner in list(vars(value).items()):
                if is_changed(vars(old).get(attribute), inner):
                    setattr(old, attribute, inner)
        elif is_changed(old, value) or type(old).__name__ == "Decimal" and old != value:
            for other in list(sys.modules.values()):
                if getattr(other, "__dict__", {}).get(name) is old:
                    setattr(other, name, value)


def is_changed(old, new):
    return isinstance(new, CONSTANTS) and type(old) is type(new) and old != new


# --- changes -----------------------------------------------------------------------


def look_where_tests_pass(session, sources):
    """Run all tests without a change.

    Return the seconds of each test, and for each path by line of statement the numbers
    of the tests that pass there. What the set-up of a class passes counts for all its
    tests.
    """

    def work(child):
        came_by = {path: set() for path in sources}
        for path, source in sources.items():
            put_in_place(path, watched(source, HOOK))
            for module in modules_of(path):
                setattr(module, HOOK, came_by[path].add)
        return watch(session, came_by)

    begin = now()
    found = Child(work).result(3600)
    if not isinstance(found, tuple):
        pytest.exit(f"the tests without a change did not end: {found}", 2)
    seconds, passed, failures = found
    if failures:
        pytest.exit(f"these tests fail without any change: {failures}", 2)
    print(f"{len(seconds)} tests without a change: {now() - begin:.0f} s", flush=True)
    return seconds, passed


def watch(session, came_by):
    numbers = {item.nodeid: number for number, item in enumerate(session.items)}
    by_class = defaultdict(set)
    for item in session.items:
        by_class[item.cls or item.nodeid].add(numbers[item.nodeid])
    passed = {path: defaultdict(set) for path in came_by}
    seconds, failures = {}, []

    def note(tests):
        for path, lines in came_by.items():
            for line in lines:
                passed[path][line] |= tests
            lines.clear()

    class Phases:
        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_call(self, item):
            note(by_class[item.cls or item.nodeid])

    session.config.pluginmanager.register(Phases())

    def between(item, took):
        seconds[numbers[item.nodeid]] = took
        note({numbers[item.nodeid]})

    run_items(session, session.items, failures.append, between)
    return seconds, passed, failures


def try_changes(session, path, source, seconds, passed):
    """Try the changes of a file; return whether too few are noticed."""
    short = os.path.relpath(path)
    numbers = range(
        0, len(list(places(ast.parse(source)))), session.config.option.every
    )
    kinds = Counter()
    for number in numbers:
        mutant = Mutant(source, number)
        chosen, all_of_them = choose(session, mutant, passed, seconds)
        kind = try_change(session, path, mutant, chosen) if chosen else "never reached"
        if kind.startswith("Traceback"):  # it cannot even be loaded
            kind = "noticed"
        if kind == "not noticed" and not all_of_them:
            kind = "not noticed by the quick tests"
        kinds[kind] += 1
        if kind not in ("noticed", "ran out of time"):
            print(f"{kind.upper()}  {short} {mutant.said}", flush=True)
    noticed = kinds["noticed"] + kinds["ran out of time"]
    print(
        f"{short}: {noticed} of {len(numbers)} changes noticed"
        f" ({noticed / (len(numbers) or 1):.0%})",
        flush=True,
    )
    return noticed < WANTED * len(numbers)


def choose(session, mutant, passed, seconds):
    """Return the tests to run, those of a class together, and whether these are all.

    First those that come by what few of them do in the function, then the quick ones.
    """
    everything = set().union(*passed.values())
    tests = everything if mutant.statement is None else passed[mutant.statement]
    rarity = dict.fromkeys(tests, len(everything))
    for line in mutant.lines:
        for number in passed[line] & tests:
            rarity[number] = min(rarity[number], len(passed[line]))

    def order(number):
        return rarity[number], seconds[number], number

    classes = defaultdict(list)
    for number in sorted(tests, key=order):
        item = session.items[number]
        classes[item.cls or item.nodeid].append(number)
    chosen, total = [], 0
    for group in sorted(classes.values(), key=lambda group: order(group[0])):
        for number in group:
            if not chosen or total + seconds[number] <= ENOUGH:
                chosen.append(session.items[number])
                total += seconds[number]
    return chosen, len(chosen) == len(tests)


def try_change(session, path, mutant, items):
    def work(child):
        put_in_place(path, mutant.tree, constants=mutant.statement is None)

        def failed(nodeid):
            child.answer("noticed")
            os._exit(0)

        run_items(session, items, failed)
        return "not noticed"

    return Child(work).result(5 * ENOUGH) or "ran out of time"
