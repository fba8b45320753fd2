"""Changes code one place at a time: which places there are, and what each becomes.

``mutant_run`` puts the changed code in the place of what was imported and runs tests.
"""

import ast
import copy
import re

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
        if not _is_remark(node.value):
            yield _never
    elif isinstance(node, ast.Constant):
        yield from _changes_of_constant(node)


def _never(node):
    """Return a call that is not made: what it closes over stays in the function."""
    return ast.If(ast.Constant(False), [node], [])


def _is_remark(call):
    """Whether a call only tells the log, or says what callers hold to."""
    root = call.func
    if isinstance(root, ast.Attribute) and root.attr == "ensure_one":
        return True
    while isinstance(root, ast.Attribute | ast.Call):
        root = root.value if isinstance(root, ast.Attribute) else root.func
    return isinstance(root, ast.Name) and root.id in ("_logger", "logging")


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

    Annotations, decorators and docstrings say nothing that a test could notice; what a
    class says of its fields is in the database.
    """
    skipped = set(map(id, _silent(tree)))
    for node in ast.walk(tree):
        if id(node) not in skipped:
            for change in changes_of(node):
                yield node, change


def _silent(tree):
    for node in ast.walk(tree):
        for name in ("annotation", "returns", "decorator_list"):
            inner = getattr(node, name, None) or []
            for part in inner if isinstance(inner, list) else [inner]:
                yield from ast.walk(part)
        if isinstance(node, ast.keyword) and node.arg == "strict":
            yield node.value  # of zip: what is said of lengths that are equal anyway
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
            if ast.get_docstring(node) is not None:
                yield from ast.walk(node.body[0])
        if isinstance(node, ast.ClassDef):
            for statement in node.body:
                if isinstance(getattr(statement, "value", None), ast.Call):
                    yield from _outside_functions(statement.value)


def _outside_functions(node):
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.Lambda):
            yield from _outside_functions(child)


def replace(tree, old, new):
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list):
                value[:] = [new if part is old else part for part in value]


class Mutant:
    """The tree of a source with one place changed.

    ``statement`` is the line of the statement of a function where the place is (None
    outside functions), ``lines`` are those of the function, ``said`` tells what became
    of what.
    """

    def __init__(self, source, number):
        self.tree = ast.parse(source)
        node, change = list(places(self.tree))[number]
        self.statement = _statements(self.tree).get(id(node))
        self.lines = _lines_around(self.tree, self.statement)
        before = _said(node)
        new = change(node)
        after = _said(new)
        before, after = _around_difference(before, after)
        if new is not node:
            replace(self.tree, node, ast.copy_location(new, node))
        ast.fix_missing_locations(self.tree)
        self.said = f"line {node.lineno}: {before}  →  {after}"


def _statements(tree):
    """Return for each node in a function the line of the innermost statement."""
    lines = {}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for statement in function.body:
                for outer in ast.walk(statement):
                    if isinstance(outer, ast.stmt):
                        lines.update((id(n), outer.lineno) for n in ast.walk(outer))
    return lines


def _lines_around(tree, line):
    """Return the lines of the innermost function around a line."""
    functions = [
        range(node.lineno, node.end_lineno + 1)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    ]
    around = [lines for lines in functions if line in lines]
    return min(around, key=len, default=range(0))


def watched(source, name):
    """Return the tree of a source whose functions call ``name(line)`` at each statement."""
    tree = ast.parse(source)
    for function in [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]:
        for node in list(ast.walk(function)):
            for field in ("body", "orelse", "finalbody"):
                block = getattr(node, field, None)
                if isinstance(block, list):
                    setattr(node, field, list(_with_calls(block, name)))
    return ast.fix_missing_locations(tree)


def _with_calls(block, name):
    for statement in block:
        if not hasattr(statement, "is_watched") and isinstance(statement, ast.stmt):
            call = ast.Call(
                ast.Name(name, ast.Load()), [ast.Constant(statement.lineno)], []
            )
            added = ast.copy_location(ast.Expr(call), statement)
            added.is_watched = statement.is_watched = True
            yield added
        yield statement


def _said(node):
    shown = copy.copy(node)
    if isinstance(shown, ast.If) and isinstance(shown.test, ast.Constant):
        return "never"
    if isinstance(shown, ast.If):
        return f"if {ast.unparse(ast.fix_missing_locations(shown.test))}"
    text = ast.unparse(ast.fix_missing_locations(shown)).replace("\\n", " ")
    return " ".join(text.split())


def _around_difference(before, after, width=50):
    """Return two texts, of long ones what stands around the first difference."""
    if max(len(before), len(after)) < 2 * width:
        return before, after
    pairs = enumerate(zip(before, after))
    place = next((number for number, (a, b) in pairs if a != b), 0)
    return tuple(
        text[max(0, place - width) : place + width] for text in (before, after)
    )
