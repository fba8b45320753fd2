"""Fail on warnings and errors in Odoo's log.

log_check.py [--unused] LOG...   prints each WARNING, ERROR or CRITICAL that no line of
                                 log_allow.txt excuses; exit code 1 if there is one.
--unused                         also name the excuses that no entry needed
"""

import re
import sys
from pathlib import Path

from allow_list import AllowList

ENTRY = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (\w+) \S+ (.*)$")
BAD = {"WARNING", "ERROR", "CRITICAL"}
SHOWN_LINES = 25


def bad_entries(path):
    """Yield (level, text) with the lines that belong to an entry, tracebacks say."""
    level, text = None, []
    for line in Path(path).read_text(errors="replace").splitlines():
        if match := ENTRY.match(line):
            if level in BAD:
                yield level, "\n".join(text)
            level, text = match[1], [match[2]]
        else:
            text.append(line)
    if level in BAD:
        yield level, "\n".join(text)


def main(arguments):
    allowed = AllowList("log_allow.txt")
    failures = 0
    for path in (argument for argument in arguments if argument != "--unused"):
        for level, text in bad_entries(path):
            if not allowed.excuses(text):
                failures += 1
                lines = text.splitlines()
                print(f"{Path(path).name}: {level} {chr(10).join(lines[:SHOWN_LINES])}")
    if "--unused" in arguments:
        allowed.report_unused()
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
