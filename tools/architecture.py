"""The picture of the rooms in docs/architecture.md, from the code's own imports.

architecture.py           write the picture into the page
architecture.py --check   say what is wrong: an arrow upwards, or a picture that is old
"""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/architecture.md"
BEGIN, END = "<!-- rooms -->", "<!-- /rooms -->"
CORE = "hr_sales_commission"
#: from the ground upwards: a room knows only itself and what lies below
FLOORS = ("engine", "pipeline", "models", "report", "wizard", "controllers", "demo")
#: the words of documents that the pipeline of an addon shares with its own models
ROOF = ("models", "report", "wizard", "controllers", "demo")


def rooms():
    """Yield (addon, room, path) of every module."""
    for manifest in sorted(ROOT.glob(f"{CORE}*/__manifest__.py")):
        for path in sorted(manifest.parent.rglob("*.py")):
            room = path.relative_to(manifest.parent).parts[0]
            if room in FLOORS:
                yield manifest.parent.name, room, path


def imported_rooms(addon, path):
    """Yield (addon, room) of everything of ours that a module imports."""
    folder = path.parent.relative_to(ROOT).parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom):
            continue
        module = tuple((node.module or "").split("."))
        if node.level:
            module = folder[: len(folder) - node.level + 1] + module
        elif module[:2] == ("odoo", "addons"):
            module = module[2:]
        if module[0].startswith(CORE) and len(module) > 1 and module[1] in FLOORS:
            yield module[0], module[1]


def arrows():
    """Return the arrows between rooms: {(addon, room): {(addon, room)}}."""
    found = {}
    for addon, room, path in rooms():
        targets = found.setdefault((addon, room), set())
        targets |= {each for each in imported_rooms(addon, path)} - {(addon, room)}
    return found


def upward(found):
    """Yield what knows something above itself."""
    for (addon, room), targets in sorted(found.items()):
        for other, target in sorted(targets):
            same_floor = room in ROOF and target in ROOF
            if FLOORS.index(target) > FLOORS.index(room) and not same_floor:
                yield f"{addon}/{room} must not import {other}/{target}"


def picture(found):
    """Return the arrows as a Mermaid diagram."""
    lines = ["```mermaid", "flowchart BT"]
    for addon in sorted({addon for addon, _room in found}):
        lines.append(f"  subgraph {addon}")
        lines += [
            f"    {addon}.{room}[{room}]" for each, room in found if each == addon
        ]
        lines.append("  end")
    for (addon, room), targets in sorted(found.items()):
        lines += [
            f"  {addon}.{room} --> {other}.{target}"
            for other, target in sorted(targets)
            if (other, target) in found
        ]
    return "\n".join([*lines, "```"])


def main(option=""):
    found = arrows()
    page = PAGE.read_text(encoding="utf-8")
    before, _sep, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    drawn = f"{before}{BEGIN}\n\n{picture(found)}\n\n{END}{after}"
    if option != "--check":
        PAGE.write_text(drawn, encoding="utf-8")
        return 0
    problems = list(upward(found))
    if drawn != page:
        problems.append("docs/architecture.md is old: python tools/architecture.py")
    print(*problems, sep="\n")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
