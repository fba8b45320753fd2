"""What Odoo's own tests say with our addons and without them, from the logs of the runs.

peers.py tags LOG                         the failed tests, as Odoo's --test-tags wants them
peers.py compare LOG [AGAIN WITHOUT]      all tests with us; what failed there once more,
                                          with us and without us

A run that was ended by its time limit counts as far as it came.
"""

import re
import sys
from pathlib import Path

STARTED = re.compile(r": Starting (\w+\.\w+)")
OUTCOME = re.compile(r" (?:FAIL|ERROR): (?:Subtest )?(\w+\.\w+|setUpClass \([\w.]+\))")
TOTAL = re.compile(r"\d+ failed, \d+ error\(s\) of \d+ tests")


class Run:
    """The tests that ran, those that failed, and whether the run came to its end."""

    def __init__(self, path):
        text = Path(path).read_text(errors="replace")
        self.ran = set(STARTED.findall(text))
        self.failed = set(OUTCOME.findall(text))
        self.is_complete = bool(TOTAL.search(text))
        if not self.ran | self.failed:
            sys.exit(f"{path} tells of no test")


def tag(name):
    """Return the tag of one test, or of the class that could not be set up."""
    if name.startswith("setUpClass"):
        name = name.strip(")").rpartition(".")[2]
    return f":{name}"


def compare(path, again=None, without=None):
    """Print what failed, and return whether any of it is ours."""
    first = Run(path)
    note = "" if first.is_complete else ", the run did not come to its end"
    print(f"{len(first.ran)} tests with our addons, {len(first.failed)} failed{note}")
    if not first.failed:
        return False
    with_us, alone = Run(again), Run(without)
    unknown = first.failed - with_us.ran - with_us.failed
    unknown |= (first.failed & with_us.failed) - alone.ran - alone.failed
    repeated = first.failed - unknown
    ours = (repeated & with_us.failed) - alone.failed
    for title, names in (
        ("fails only with our addons", ours),
        ("fails without them too", repeated & with_us.failed & alone.failed),
        ("passed when repeated with them", repeated - with_us.failed),
        ("not repeated: the time was over", unknown),
    ):
        print(f"\n{title}: {len(names)}", *sorted(names), sep="\n- ")
    return bool(ours | unknown)


if __name__ == "__main__":
    command, *paths = sys.argv[1:]
    if command == "tags":
        print(",".join(sorted(map(tag, Run(*paths).failed))))
    else:
        sys.exit(compare(*paths))
