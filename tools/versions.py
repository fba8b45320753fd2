"""Versions say that there is something to update.

1. All addons have one version, 19.0.x.y.z.
2. It is above that of the last release (tag 19.0.…) as soon as anything differs that an
   update loads, so that nobody runs new code on tables of old.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSION = re.compile(r"19\.0(\.\d+){3}")
#: what no update loads
ASIDE = re.compile(r"[^/]+/(tests|i18n|readme|static/description|README|pyproject)")


def git(root, *command):
    answer = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", root, *command],
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.split()


def number(version):
    return [int(part) for part in version.split(".")]


def problems(root):
    manifests = sorted(Path(root).glob("hr_sales_commission*/__manifest__.py"))
    versions = {
        path.parent.name: ast.literal_eval(path.read_text())["version"]
        for path in manifests
    }
    [version, *others] = sorted(set(versions.values()))
    if others:
        yield f"one version for all addons, not {version} and {', '.join(others)}"
    if not VERSION.fullmatch(version):
        yield f"{version} is no version 19.0.x.y.z"
        return
    tags = [tag for tag in git(root, "tag", "--list") if VERSION.fullmatch(tag)]
    last = max(tags, key=number, default=None)
    if last is None or number(version) > number(last):
        return
    files = git(root, "diff", "--name-only", last, "--", *versions)
    changed = [name for name in files if not ASIDE.match(name)]
    if changed:
        yield f"{changed[0]} and {len(changed) - 1} more changed since {last}: raise the version"


if __name__ == "__main__":
    found = list(problems(ROOT))
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(bool(found))
