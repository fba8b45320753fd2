"""Changes code one place at a time and shows which changes no test notices.

    ./dev mutants PATH [TEST...]        see tools/mutants.sh

mutants.py PATH -- COMMAND...           COMMAND runs the tests; 0 means all of them passed

Nothing is written to the files: ``mutant_loader`` hands the changed code to Python's
import when MUTANT names the file and the place. Exit code 1 when less than 95 % of the
changes are noticed.
"""

import ast
import copy
import os
import re
import subprocess
import sys
import time
from pathlib import Path

WANTED = 0.95
OPPOSITES = (
    (ast.Lt, ast.LtE),
    (ast.Gt, ast.GtE),
    (ast.Eq, ast.NotEq),
    (ast.Is, ast.IsNot),
    (ast.In, ast.NotIn),
    (ast.And, ast.Or),
    (ast.Add, ast.Sub),
    (ast.Mult, ast.Div),
    (ast.BitAnd, ast.BitOr),
    (ast.Continue, ast.Break),
)
OPPOSITE = {a: b for pair in OPPOSITES for a, b in (pair, pair[::-1])}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
SQL_WORD = re.compile(r"\b(SELECT|UPDATE|WHERE)\b")
SQL_OPERATOR = re.compile(r"(?<=\s)(<=|>=|<|>|=|AND|OR)(?=\s)")
SQL_OPPOSITE = {"<=": "<", "<": "<=", ">=": ">", ">": ">=", "=": "!="}
SQL_OPPOSITE |= {"AND": "OR", "OR": "AND"}


def changes_of(node):
    """Yield functions that change a node of a tree; each returns what stands there."""
    yield from _changes_of_operator(node)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield lambda n: n.operand
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id in NAMES:
            yield lambda n: _set(n, "func", ast.Name(NAMES[n.func.id], ast.Load()))
    elif isinstance(node, ast.If | ast.IfExp):
        if isinstance(node.test, ast.Name | ast.Attribute | ast.Call):
            yield lambda n: _set(n, "test", ast.UnaryOp(ast.Not(), n.test))
    elif isinstance(node, ast.Continue | ast.Break):
        yield lambda n: OPPOSITE[type(n)]()
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield lambda n: ast.Pass()
    elif isinstance(node, ast.Constant):
        yield from _changes_of_constant(node)


def _changes_of_operator(node):
    if isinstance(node, ast.Compare):
        for number, operator in enumerate(node.ops):
            if type(operator) in OPPOSITE:
                yield lambda n, i=number: _set_item(n.ops, i, n)
    elif isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign):
        if type(node.op) in OPPOSITE and not _is_text(node):
            yield lambda n: _set(n, "op", OPPOSITE[type(n.op)]())


def _changes_of_constant(node):
    if isinstance(node.value, bool):
        yield lambda n: _set(n, "value", not n.value)
    elif isinstance(node.value, int):
        yield lambda n: _set(n, "value", n.value + 1)
    elif isinstance(node.value, str) and SQL_WORD.search(node.value):
        for match in SQL_OPERATOR.finditer(node.value):
            yield lambda n, m=match: _set(
                n,
                "value",
                n.value[: m.start()] + SQL_OPPOSITE[m[1]] + n.value[m.end() :],
            )


def _is_text(node):
    """Whether an addition joins texts."""
    sides = [getattr(node, name, None) for name in ("left", "right", "value")]
    return any(
        isinstance(side, ast.JoinedStr)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in sides
    )


def _set(node, name, value):
    setattr(node, name, value)
    return node


def _set_item(operators, number, node):
    operators[number] = OPPOSITE[type(operators[number])]()
    return node


def places(tree):
    """Yield (node, change) of everything that can be changed, in a fixed order.

    Annotations, docstrings and what stands outside functions but for constants say
    nothing that a test could notice or are noticed by everything.
    """
    skipped = set()
    for node in ast.walk(tree):
        for name in ("annotation", "returns", "decorator_list"):
            inner = getattr(node, name, None) or []
            for part in inner if isinstance(inner, list) else [inner]:
                skipped.update(map(id, ast.walk(part)))
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
            if ast.get_docstring(node) is not None:
                skipped.update(map(id, ast.walk(node.body[0])))
    for node in ast.walk(tree):
        if id(node) not in skipped:
            for change in changes_of(node):
                yield node, change


def replace(tree, old, new):
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list):
                value[:] = [new if part is old else part for part in value]


def mutate(source, number):
    """Return the tree of a source with one place changed, and a line that says what."""
    tree = ast.parse(source)
    node, change = list(places(tree))[number]
    before = _said(node)
    new = change(node)
    if new is not node:
        replace(tree, node, ast.copy_location(new, node))
    ast.fix_missing_locations(tree)
    return tree, f"line {node.lineno}: {before}  →  {_said(new)}"


def _said(node):
    shown = copy.copy(node)
    if isinstance(shown, ast.If):
        return f"if {ast.unparse(ast.fix_missing_locations(shown.test))}"
    text = " ".join(ast.unparse(ast.fix_missing_locations(shown)).split())
    return text if len(text) < 100 else text[:97] + "…"


def sql_difference(said):
    """Show of two long texts of SQL the place where they differ."""
    before, after = said.split("  →  ")
    return f"{before}  →  {after}" if before != after else f"{before} (in its SQL)"


def run(path, number, command, timeout=None):
    environment = {**os.environ, "MUTANT": f"{path}:{number}"}
    try:
        done = subprocess.run(
            command,
            env=environment if number is not None else None,
            timeout=timeout,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def main(path, command):
    begin = time.monotonic()
    if not run(path, None, command):
        sys.exit(f"mutants: the tests fail without any change: {' '.join(command)}")
    timeout = 5 * (time.monotonic() - begin) + 20
    source = Path(path).read_text()
    count = len(list(places(ast.parse(source))))
    survivors = []
    for number in range(count):
        _tree, said = mutate(source, number)
        if run(path, number, command, timeout):
            survivors.append(said)
            print(f"NOT NOTICED  {path} {sql_difference(said)}", flush=True)
    noticed = count - len(survivors)
    print(
        f"{path}: {noticed} of {count} changes noticed ({noticed / (count or 1):.0%})"
    )
    return noticed < WANTED * count


if __name__ == "__main__":
    separator = sys.argv.index("--")
    sys.exit(main(sys.argv[1], sys.argv[separator + 1 :]))
