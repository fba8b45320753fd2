"""What Odoo's own tests say without our addons and with them, from the two logs.

peers.py LOG_WITHOUT LOG_WITH

A run that was ended by its time limit counts as far as it came: only tests that ran in
both are compared.
"""

import re
import sys
from pathlib import Path

STARTED = re.compile(r": Starting (\w+\.\w+)")
OUTCOME = re.compile(r" (?:FAIL|ERROR): (?:Subtest )?(\w+\.\w+|setUpClass \([\w.]+\))")
TOTAL = re.compile(r"\d+ failed, \d+ error\(s\) of \d+ tests")


def read(path):
    """Return the tests that ran, those that failed, and whether the run came to its end."""
    text = Path(path).read_text(errors="replace")
    ran = set(STARTED.findall(text))
    if not ran:
        sys.exit(f"{path} tells of no test")
    return ran, set(OUTCOME.findall(text)), bool(TOTAL.search(text))


def main(without, with_ours):
    runs = {"without": read(without), "with": read(with_ours)}
    print("| | tests | failed | |\n|---|---|---|---|")
    for name, (ran, failed, is_complete) in runs.items():
        note = "" if is_complete else "not to the end"
        print(f"| {name} | {len(ran)} | {len(failed)} | {note} |")
    before, after = (failed for _ran, failed, _complete in runs.values())
    both = runs["without"][0] & runs["with"][0]
    # what failed before any test of it began, as setting a class up
    unstarted = (before | after) - runs["without"][0] - runs["with"][0]
    compared = both | unstarted
    print(f"\nran in both: {len(both)}")
    for title, names in (
        ("fails only with our addons", (after - before) & compared),
        ("fails only without our addons", (before - after) & compared),
    ):
        print(f"\n{title}: {len(names)}", *sorted(names), sep="\n- ")
    return bool((after - before) & compared)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
