"""Which tests to try changes of a file with: those that name what only few files define.

    python tools/fitting_tests.py PATH...    prints the best ones, the most fitting first

A name counts the more, the fewer tests name it. Where too few tests name anything of
the file, the names of what uses it count as well.
"""

import ast
import re
import sys
from collections import Counter
from pathlib import Path

#: so many files of tests are enough
MOST = 10
#: with fewer, what uses the file is asked
FEW = 3
#: a name that so many modules define is an override of Odoo's
COMMON = 4
#: what every event comes by is tried by these
OF_PIPELINE = ("test_processing.py", "test_pipeline.py", "test_sealed.py")
#: the addons of the kept database
ADDONS = ("", "_account", "_payroll")
WORD = re.compile(r"\w+")


def words_of(path):
    return set(WORD.findall(path.read_text()))


def names_of(path):
    """Return what a file defines, and the name of its subject."""
    tree = ast.parse(path.read_text())
    kinds = (ast.FunctionDef, ast.ClassDef)
    names = {node.name for node in ast.walk(tree) if isinstance(node, kinds)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            names |= {
                target.id
                for statement in node.body
                if isinstance(statement, ast.Assign)
                for target in statement.targets
                if isinstance(target, ast.Name) and not target.id.startswith("_")
            }
    subject = path.stem.removeprefix("hr_commission_")
    return names | {path.stem, subject}


def rank(names, tests):
    """Return the tests that name something, the most fitting first.

    Rare names count more, and long tests name many things.
    """
    named = Counter(name for words in tests.values() for name in names & words)
    scores = {
        test: sum(1 / named[name] for name in names & words) / len(words)
        for test, words in tests.items()
        if names & words
    }
    return sorted(scores, key=scores.get, reverse=True)


def fitting_tests(path, root):
    """Return the files of tests to try changes of ``path`` with.

    :param Path path: of the code
    :param Path root: the repository
    """
    code = {
        each: names_of(each)
        for each in root.glob("hr_sales_commission*/*/*.py")
        if each.parent.name not in ("tests", "migrations")
    }
    tests = {
        each: words_of(each)
        for addon in ADDONS
        for each in root.glob(f"hr_sales_commission{addon}/tests/test_*.py")
    }
    defined = Counter(name for names in code.values() for name in names)
    own = {name for name in code[path] if defined[name] < COMMON}
    found = rank(own, tests)
    if len(found) < FEW:
        users = [each for each in code if each != path and own & words_of(each)]
        names = {
            name for each in users for name in code[each] if defined[name] < COMMON
        }
        found += [test for test in rank(names, tests) if test not in found]
    if path.parent.name == "pipeline":
        core = root / "hr_sales_commission" / "tests"
        found = found[: MOST // 2] + [core / name for name in OF_PIPELINE]
    return list(dict.fromkeys(found))[:MOST]


if __name__ == "__main__":
    repository = Path(__file__).resolve().parents[1]
    for argument in sys.argv[1:]:
        for test in fitting_tests(Path(argument).resolve(), repository):
            print(test.relative_to(repository))
