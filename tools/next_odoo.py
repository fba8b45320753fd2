"""next_odoo.py SOURCE: what our addons use of Odoo that another source of it does not have.

SOURCE is a folder with `odoo/` and `addons/` (a clone), or Odoo as a package installs it.
Looks at imports, inherited models, external ids of data and views, and imports of scripts.
Runs nothing: what is there under the same name may still work otherwise.
"""

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: not Odoo's: OCA's payroll, and what our addons are to each other
FOREIGN = ("payroll", "hr_sales_commission")
PAYROLL = ("hr.payslip", "hr.payroll", "hr.salary")
IDS = re.compile(
    r"""(?:inherit_id"?\s+ref=|\sref=|parent=|action=|ref\(|groups=)["']([^"')]+)"""
)
RECORD = re.compile(
    r"""<(?:record|template|menuitem|report|act_window)\b[^>]*?\sid=["']([\w.]+)"""
)
SCRIPT = re.compile(r"""^import .*?from ["'](@[^"']+)["']""", re.MULTILINE | re.DOTALL)


class Source:
    """A source of Odoo: its modules, models and external ids."""

    def __init__(self, folder):
        root = Path(folder)
        self.package = next(
            (path for path in (root / "odoo", root) if (path / "release.py").is_file()),
            None,
        )
        if not self.package:
            sys.exit(f"{folder} is no source of Odoo")
        self.addons = [
            path for path in (self.package / "addons", root / "addons") if path.is_dir()
        ]
        files = [file for path in self.addons for file in path.glob("*/**/*.py")]
        files += self.package.glob("orm/**/*.py")
        self.models = {
            name
            for file in files
            for name in re.findall(
                r"\b_name\s*=[^\n\"']*[\"']([\w.]+)[\"']", file.read_text()
            )
        }
        self.has_ids = {}

    def find(self, dotted):
        """Return the file or folder of a module, None if there is none."""
        parts = dotted.split(".")
        if parts[:2] == ["odoo", "addons"]:
            starts = [path / parts[2] for path in self.addons if len(parts) > 2]
            parts = parts[3:]
        else:
            starts, parts = [self.package], parts[1:]
        for start in starts:
            path = start.joinpath(*parts)
            if path.with_suffix(".py").is_file() and parts:
                return path.with_suffix(".py")
            if path.is_dir():
                return path
        return None

    def defines(self, dotted, name):
        """Whether a module has a name, be it defined, imported or a module in it."""
        if self.find(f"{dotted}.{name}"):
            return True
        place = self.find(dotted) or self.package
        if place.is_dir():
            # the package itself has no file of its own, but one that fills it
            place = place / ("init.py" if place == self.package else "__init__.py")
        if not place.is_file():
            return False
        text = place.read_text()
        return bool(re.search(rf"\b{re.escape(name)}\b", text)) or " import *" in text

    def get_ids(self, module):
        """Return the external ids that the files of an addon give."""
        if module not in self.has_ids:
            found = set()
            for path in self.addons:
                for file in [*path.glob(f"{module}/**/*.xml")]:
                    found |= set(RECORD.findall(file.read_text()))
            self.has_ids[module] = {name.rpartition(".")[2] for name in found}
        return self.has_ids[module]

    def has_script(self, name):
        """Whether `@module/path` is a script; libraries are files of their own."""
        module, _slash, path = name[1:].partition("/")
        tail = path.removeprefix("../tests/")
        folder = "static/tests" if tail != path else "static/src"
        return any(
            (addons / module / folder / f"{tail}{ending}").is_file()
            for addons in self.addons
            for ending in (".js", ".ts")
        )


def look_at_python(path, source):
    """Yield what a module of ours imports and inherits that is not there."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("odoo"):
            addon = node.module.split(".")[2:3]
            if not node.level and not (addon and addon[0].startswith(FOREIGN)):
                for alias in node.names:
                    if not source.defines(node.module, alias.name):
                        yield f"from {node.module} import {alias.name}"
        if isinstance(node, ast.Assign) and "_inherit" in [
            getattr(target, "id", "") for target in node.targets
        ]:
            for value in ast.walk(node.value):
                if isinstance(value, ast.Constant):
                    yield f"_inherit {value.value}"


def look_at(path, source, ours):
    """Yield what one file of ours uses that is not there."""
    text = path.read_text()
    if path.suffix == ".py":
        for use in look_at_python(path, source):
            name = use.removeprefix("_inherit ")
            is_known = name in source.models | ours or name.startswith(PAYROLL)
            if name == use or not is_known:
                yield use
    elif path.suffix == ".js":
        for name in SCRIPT.findall(text):
            if not name.startswith(("@odoo/", "@hr_")) and not source.has_script(name):
                yield name
    else:
        named = ",".join(IDS.findall(text)).replace("!", "").split(",")
        for module, name in re.findall(r"\b(\w+)\.(\w+)(?=\s|$)", "\n".join(named)):
            is_made = name.startswith("model_")  # for each model, by Odoo itself
            if not is_made and not module.startswith(FOREIGN):
                if name not in source.get_ids(module):
                    yield f"{module}.{name}"


def main(folder):
    """Print what is missing by file, and return whether anything is."""
    source = Source(folder)
    version = (source.package / "release.py").read_text()
    print("Odoo", re.search(r"version_info = \(([^)]*)\)", version).group(1))
    files = [
        path
        for path in sorted(ROOT.glob("hr_sales_commission*/**/*"))
        if path.suffix in {".py", ".js", ".xml"} and "migrations" not in path.parts
    ]
    ours = {
        name
        for path in files
        if path.suffix == ".py"
        for name in re.findall(r"_name = \"([\w.]+)\"", path.read_text())
    }
    missing = {}
    for path in files:
        for use in look_at(path, source, ours):
            missing.setdefault(use, set()).add(str(path.relative_to(ROOT)))
    for use, places in sorted(missing.items()):
        print(f"- {use}: {', '.join(sorted(places))}")
    print(f"{len(files)} files looked at, {len(missing)} uses are not there")
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
