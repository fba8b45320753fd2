"""Lists of excused things: `REGEX  # REASON` per line, the reason is required."""

import re
import sys
from pathlib import Path


class AllowList:
    def __init__(self, name):
        self.name = name
        self.entries = []
        path = Path(__file__).with_name(name)
        for line in path.read_text().splitlines() if path.exists() else []:
            if not line.strip() or line.startswith("#"):
                continue
            pattern, separator, reason = line.partition("  # ")
            if not separator or not reason.strip():
                sys.exit(
                    f"dev: tools/{name}: '{line}' gives no reason (REGEX  # REASON)"
                )
            self.entries.append(re.compile(pattern.strip()))
        self.used = set()

    def excuses(self, text):
        matching = [entry for entry in self.entries if entry.search(text)]
        self.used.update(matching)
        return bool(matching)

    def report_unused(self):
        for entry in self.entries:
            if entry not in self.used:
                print(
                    f"dev: tools/{self.name}: nothing needed the entry {entry.pattern}"
                )
