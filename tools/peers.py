"""What Odoo's own tests say without our addons and with them, from the two logs.

peers.py LOG_WITHOUT LOG_WITH
"""

import re
import sys
from pathlib import Path

OUTCOME = re.compile(r" (?:FAIL|ERROR): (?:Subtest )?(\w+\.\w+)")
TOTAL = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")


def read(path):
    """Return the tests that failed, and how many ran."""
    text = Path(path).read_text(errors="replace")
    totals = TOTAL.findall(text)
    if not totals:
        sys.exit(f"{path} does not say how many tests ran")
    return set(OUTCOME.findall(text)), sum(int(total[2]) for total in totals)


def main(without, with_ours):
    before, count_before = read(without)
    after, count_after = read(with_ours)
    print(f"| | tests | failed |\n|---|---|---|\n| without | {count_before} |", end="")
    print(f" {len(before)} |\n| with | {count_after} | {len(after)} |")
    for title, names in (
        ("only with our addons", after - before),
        ("only without our addons", before - after),
    ):
        print(f"\n{title}: {len(names)}", *sorted(names), sep="\n- ")
    return bool(after - before)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
