"""results.py skips RESULT.json   exit 1 if a test was skipped without an excuse
results.py total RESULT.json...   the slowest files and the closing line; a run without
                                  result is a failure
"""

import json
import sys
from pathlib import Path

from allow_list import AllowList


def unexpected_skips(path):
    allowed = AllowList("skip_allow.txt")
    bad = [
        skip
        for skip in json.loads(Path(path).read_text())["skipped"]
        if not allowed.excuses(skip)
    ]
    for skip in bad:
        print(f"skipped without an entry in tools/skip_allow.txt: {skip}")
    return bool(bad)


def slowest(runs, count=20):
    """Print the files that took longest, with the run they were part of."""
    files = [
        (seconds, path, run)
        for run, counts in runs.items()
        for path, seconds in counts["seconds"].items()
    ]
    print("slowest files:")
    for seconds, path, run in sorted(files, reverse=True)[:count]:
        print(f"{seconds:7.1f} s  {path} ({run})")


def total(paths):
    passed = failed = skipped = 0
    runs = {}
    for path in map(Path, paths):
        if not path.exists():
            failed += 1
            continue
        counts = runs[path.stem] = json.loads(path.read_text())
        passed += counts["passed"]
        failed += counts["failed"]
        skipped += len(counts["skipped"])
    slowest(runs)
    print(
        f"{passed} passed, {failed} failed"
        + (f", {skipped} skipped" if skipped else "")
    )
    if not passed + failed:
        print("dev: no test ran", file=sys.stderr)
    return failed > 0 or passed == 0


if __name__ == "__main__":
    command, *files = sys.argv[1:]
    sys.exit(unexpected_skips(files[0]) if command == "skips" else total(files))
