"""What the shell scripts want to know about our addons.

addons.py names              our addons, the ones others depend on first
addons.py channels           small addons between ours and Odoo's that bring leads, which
                             are installed in a database of their own tests only
addons.py foreign [ADDON..]  the modules they need that are not ours
addons.py hash [ADDON..]     "ADDON HASH" of what an update (-u) would load
"""

import ast
import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Changes in these need no -u: they are read at run time, texts on GitHub never.
NOT_LOADED = {"__pycache__", "tests", "readme", "engine", "pipeline", "controllers"}
NOT_LOADED |= {"static"}
#: methods that an update runs
UPDATING = {"init", "_auto_init"}
#: they need a website, events and mailings, which take long to install
CHANNELS = ("automation", "event", "livechat", "mailing", "survey", "website")


def channels():
    return [f"hr_sales_commission_{name}" for name in CHANNELS]


def manifests():
    wanted = os.environ.get("DEV_ADDONS", "").replace(",", " ").split()
    found = {
        path.parent.name: ast.literal_eval(path.read_text())
        for path in sorted(ROOT.glob("hr_sales_commission*/__manifest__.py"))
        if path.parent.name not in channels()
    }
    unknown = set(wanted) - set(found)
    if unknown:
        sys.exit(f"dev: DEV_ADDONS names no addon of ours: {', '.join(unknown)}")
    return {name: found[name] for name in found if not wanted or name in wanted}


def in_load_order(addons):
    ordered = []

    def visit(name):
        for dependency in addons[name].get("depends", []):
            if dependency in addons:
                visit(dependency)
        if name not in ordered:
            ordered.append(name)

    for name in addons:
        visit(name)
    return ordered


def foreign(addons, names):
    needed = {module for name in names for module in addons[name]["depends"]}
    return sorted(
        needed - {path.parent.name for path in ROOT.glob("*/__manifest__.py")}
    )


def content_hash(name):
    digest = hashlib.sha256()
    for path in sorted((ROOT / name).rglob("*")):
        parts = path.relative_to(ROOT / name).parts
        if path.is_file() and not NOT_LOADED & set(parts) and path.suffix != ".pot":
            digest.update("/".join(parts).encode() + b"\0" + loaded(path) + b"\0")
    return digest.hexdigest()[:16]


def loaded(path):
    """What an update reads of a file: of models the declarations, not the methods."""
    content = path.read_bytes()
    if path.parent.name not in ("models", "report", "wizard") or path.suffix != ".py":
        return content
    tree = ast.parse(content)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name not in UPDATING:
            node.body = []
    return ast.dump(tree).encode()


def main(command, *names):
    addons = manifests()
    names = [name for name in in_load_order(addons) if not names or name in names]
    if command == "names":
        print(*names, sep="\n")
    elif command == "channels":
        print(*channels(), sep="\n")
    elif command == "foreign":
        print(*foreign(addons, names), sep="\n")
    elif command == "hash":
        for name in names:
            print(name, content_hash(name))


if __name__ == "__main__":
    main(*sys.argv[1:])
