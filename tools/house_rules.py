"""Rules no linter knows. Reads the files to check from standard input.

1. The engine is pure: no import of odoo, money is never a float.
2. Nothing that is committed names a package registry or a folder of one machine.
3. A module says in a sentence what it is: in its docstring, or in its classes'.
4. A ``sudo()`` has its reason beside it, in a comment or in the function's docstring.
5. A function has 40 lines at most, its docstring apart; ruff sees to its complexity.
6. Methods of one name that meet on one model know of each other: all but the first call
   ``super()``, or say in their docstring what they replace.
"""

import ast
import re
import sys
from pathlib import Path

ENGINE = "hr_sales_commission/engine/"
#: tests and data say it by their names
MODULE = re.compile(
    r"(hr_sales_commission\w*/(?!tests/|migrations/)|tools/\w+\.py$)(?!.*__\w+__\.py$).*(?<=\.py)$"
)
# Patterns, so that this file does not match itself.
REGISTRY = re.compile(
    r"files\.pythonhosted|registry\.(npmjs|yarnpkg)|pypi\.org/simple|(deb|ftp|archive)\.debian\.org"
    r'|--(extra-)?index-url|--find-links|"resolved":'
)
SUPERUSER = re.compile(r"\bsudo\b|superuser")
SUDO_COMMENT = re.compile(r"#.*\bsudo:")
#: lines of a function, its docstring apart
LONGEST = 40
MACHINE_PATH = re.compile(r"(?<![\w./$}])/(work|root|home/\w+|opt/\w+)/\w")
#: the name of an XML language is no host
URL_IN_SCRIPT = re.compile(
    r'(?<!xmlns=")\b(https?|ftp)://(?!127\.0\.0\.1|localhost|\$|\{)'
)


def impure(path, source):
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module]
        if any(name.split(".")[0] == "odoo" for name in names):
            yield f"{path}:{node.lineno}: the engine must not import odoo"
        called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if called and node.func.id == "float":
            yield f"{path}:{node.lineno}: the engine computes in Decimal, not float"


def unsaid(path, source):
    tree = ast.parse(source)
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    said = [ast.get_docstring(node) for node in (tree, *classes)]
    if tree.body and not any(said):
        yield f"{path}:1: say in a docstring what this module is"


def functions(tree):
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def unexplained_sudo(path, source):
    """Yield every ``sudo()`` without a comment on its line, above it or its statement."""
    tree, lines = ast.parse(source), source.splitlines()
    explained = {
        number
        for function in functions(tree)
        if SUPERUSER.search(ast.get_docstring(function) or "")
        for number in range(function.lineno, function.end_lineno + 1)
    }
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    for node in ast.walk(tree):
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if not is_call or node.func.attr != "sudo" or node.args:
            continue
        number = node.func.end_lineno
        start = max(
            each.lineno
            for each in statements
            if each.lineno <= number <= each.end_lineno
        )
        beside = lines[number - 1] + above(lines, number) + above(lines, start)
        if number not in explained and not SUDO_COMMENT.search(beside):
            yield f"{path}:{number}: say in a comment why this needs sudo()"


def above(lines, number):
    """Return the comment right above a line."""
    comment = ""
    while number > 1 and lines[number - 2].lstrip().startswith("#"):
        number -= 1
        comment = lines[number - 1] + comment
    return comment


def too_long(path, source):
    for function in functions(ast.parse(source)):
        size = function.end_lineno - function.lineno + 1
        if ast.get_docstring(function) is not None:
            said = function.body[0]
            size -= said.end_lineno - said.lineno + 1
        if size > LONGEST:
            yield f"{path}:{function.lineno}: {function.name} has {size} lines, {LONGEST} at most"


def models_of(node):
    """Return the names of the models that a class defines or extends."""
    names = {
        target.id: ast.literal_eval(statement.value)
        for statement in node.body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Constant | ast.List)
        for target in statement.targets
        if isinstance(target, ast.Name) and target.id in ("_name", "_inherit")
    }
    name = names.get("_name") or names.get("_inherit") or []
    return [name] if isinstance(name, str) else name


def knows_of_others(function):
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return "replaces" in (ast.get_docstring(function) or "").lower() or any(
        isinstance(called, ast.Name) and called.id == "super" for called in calls
    )


def met_by_chance(paths):
    """Yield the methods that replace one of their name without saying so."""
    first = {}
    for path in paths:
        for node in ast.parse(Path(path).read_text(encoding="utf-8")).body:
            models = models_of(node) if isinstance(node, ast.ClassDef) else ()
            for function in node.body if models else ():
                if not isinstance(function, ast.FunctionDef) or knows_of_others(
                    function
                ):
                    continue
                place = f"{path}:{function.lineno}"
                for model in models:
                    other = first.setdefault((model, function.name), place)
                    if other != place:
                        yield (
                            f"{place}: {function.name} of {model} is at {other} too: call"
                            " super() or say in its docstring that it replaces it"
                        )


def is_script(path):
    return (
        path in ("dev", ".ci/run") or path.endswith(".sh") or path.startswith("tools/")
    )


def names_a_place(path, source):
    for number, line in enumerate(source.splitlines(), 1):
        if REGISTRY.search(line):
            yield f"{path}:{number}: names a package registry"
        if MACHINE_PATH.search(line):
            yield f"{path}:{number}: names a folder of one machine"
        if is_script(path) and URL_IN_SCRIPT.search(line):
            yield f"{path}:{number}: a script names a host"


def problems(path):
    try:
        source = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return  # a picture
    if path.startswith(ENGINE) and path.endswith(".py"):
        yield from impure(path, source)
    if MODULE.match(path):
        yield from unsaid(path, source)
        yield from unexplained_sudo(path, source)
        yield from too_long(path, source)
    if path != "tools/house_rules.py":
        yield from names_a_place(path, source)


if __name__ == "__main__":
    files = sys.stdin.read().splitlines()
    found = [problem for path in files for problem in problems(path)]
    found += met_by_chance(path for path in files if MODULE.match(path))
    print(*found, sep="\n")
    sys.exit(bool(found))
