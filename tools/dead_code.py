"""What of ours nothing names: functions, classes, constants, methods, fields, XML ids.

Reads the files to look at from standard input. A name is used when it stands anywhere
else: in Python (a text counts, a docstring or comment does not), in XML, JavaScript or
CSV, or among the doors of docs/extending.md. What Odoo calls by itself is told by its
decorator, its ``super()`` or its name; ``f"_find_{code}"`` names all that begins so in
its module.
"""

import ast
import re
import sys
from collections import Counter
from pathlib import Path

ADDON = re.compile(r"hr_sales_commission\w*/(?!tests/|migrations/|static/tests/)")
WORD = re.compile(r"\w+")
#: decorators of methods that somebody else calls
CALLED = {"constrains", "ondelete", "onchange", "autovacuum", "route"}
#: methods and attributes that Odoo or Python itself looks for
KNOWN = re.compile(
    r"__\w+__$|init$|_table_query$|_compute_display_name$|_search_display_name$"
    r"|_(name|description|inherit|inherits|order|rec_name|auto|table|log_access)$"
    r"|_(check_company_auto|parent_name|parent_store|active_name|rec_names_search)$"
    r"|_(mail_post_access|primary_email|custom|register|transient_\w+|translate)$"
    r"|_(check_company_domain|depends)$"
    r"|_(compute_rule|satisfy_condition)_commission$"  # asked for by OCA payroll
)
#: records that do nothing unless something names them
NAMED_MODELS = re.compile(r"ir\.actions\.|mail\.template$|res\.groups$|ir\.sequence$")


def words_of(path, source):
    """Yield every word that may be the use of a name."""
    if path.endswith(".md"):
        yield from (
            word
            for code in re.findall(r"`([^`]+)`", source)
            for word in WORD.findall(code)
        )
        return
    if not path.endswith(".py"):
        yield from WORD.findall(re.sub(r"<!--.*?-->", "", source, flags=re.DOTALL))
        return
    tree = ast.parse(source)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and ast.get_docstring(node) is not None
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.ImportFrom) and not path.endswith("__init__.py"):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in docstrings:  # constants are not named by texts
                words = WORD.findall(node.value)
                yield from (word for word in words if not word.isupper())


def definitions(tree):
    """Yield (line, name) of what a module defines and somebody has to name."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.ClassDef):
            bases = " ".join(map(ast.unparse, node.bases))
            if not re.search(r"\bmodels\b|Controller$", bases):
                yield node.lineno, node.name
            yield from members(node)
        else:
            yield from assigned(node)


def members(node):
    """Yield (line, name) of the methods and attributes of a class."""
    for child in node.body:
        if isinstance(child, ast.FunctionDef):
            if not is_called_from_outside(child):
                yield child.lineno, child.name
        else:
            yield from assigned(child)


def assigned(node):
    """Yield (line, name) of constants, attributes and fields."""
    if isinstance(node, ast.Assign):
        is_constraint = re.match(
            r"models\.(Constraint|\w*Index)\(", ast.unparse(node.value)
        )
        for target in node.targets:
            if isinstance(target, ast.Name) and not is_constraint:
                yield node.lineno, target.id
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.lineno, node.target.id


def is_called_from_outside(function):
    called = {
        part
        for each in function.decorator_list
        for part in WORD.findall(ast.unparse(each).partition("(")[0])
    }
    return CALLED & called or re.search(
        rf"super\(\)\.{function.name}\b", ast.unparse(function)
    )


def prefixes(tree):
    """Return how names begin that the module puts together."""
    return tuple(
        node.values[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        and isinstance(node.values[0], ast.Constant)
        and re.fullmatch(r"_\w+_", node.values[0].value)
    )


def xml_definitions(source):
    """Yield (line, name) of actions, groups, mails and templates."""
    for match in re.finditer(r"<(record|template)\b([^>]*)>", source):
        kind, attributes = match.groups()
        values = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        rest = source[match.end() : source.find(f"</{kind}>", match.end())]
        is_named = kind == "template" or NAMED_MODELS.match(values.get("model", ""))
        if not is_named or "inherit_id" in values or "binding_model_id" in rest:
            continue
        name = values.get("id", "").rpartition(".")[2]
        yield source.count("\n", 0, match.start()) + 1, name
    for match in re.finditer(r't-name="([\w.]+)"', source):
        yield source.count("\n", 0, match.start()) + 1, match[1].rpartition(".")[2]


def main(paths):
    """Return a sentence for each name that nothing uses."""
    uses, found = Counter(), []
    for path in paths:
        try:
            source = Path(path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        uses.update(words_of(path, source))
        if not ADDON.match(path):
            continue
        if path.endswith(".py") and not path.endswith("__manifest__.py"):
            tree = ast.parse(source)
            found += [
                (path, line, name, 0)
                for line, name in definitions(tree)
                if not name.startswith(prefixes(tree) or ("\0",))
            ]
        elif path.endswith(".xml"):
            found += [(path, *each, 1) for each in xml_definitions(source)]
    return [
        f"{path}:{line}: nothing names “{name}”"
        for path, line, name, own in found
        if uses[name] <= own and not KNOWN.match(name)
    ]


if __name__ == "__main__":
    unused = main(
        [
            path
            for path in sys.stdin.read().splitlines()
            if path.endswith((".py", ".xml", ".js", ".csv", "docs/extending.md"))
        ]
    )
    print(*unused, sep="\n")
    sys.exit(bool(unused))
