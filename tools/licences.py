"""The licence that each Python file of an addon begins with, as OCA's template has it.

Reads the files from standard input and names those without it; with --fix, adds it.
"""

import re
import sys
from pathlib import Path

HEADER = """\
# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""
#: an __init__.py says nothing of its own
CONCERNED = re.compile(r"hr_sales_commission\w*/(?!.*__init__\.py$).*\.py$")
#: who wrote a file, and when, is its author's to say
KNOWN = re.compile(r"# Copyright \d{4}.*\n# License LGPL-3\.0 ")


def main(*options):
    """Return 1 if a file has no licence."""
    rc = 0
    for path in map(Path, filter(CONCERNED.match, sys.stdin.read().splitlines())):
        source = path.read_text()
        if KNOWN.match(source) or not source:
            continue
        if "--fix" in options:
            path.write_text(HEADER + source)
        else:
            print(f"{path}:1: has no licence; ./dev lint --fix adds it")
            rc = 1
    return rc


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
