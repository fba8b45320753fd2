"""results.py skips RESULT.json   exit 1 if a test was skipped without an excuse
results.py total RESULT.json...   the slowest files and the closing line; a run without
                                  result is a failure
results.py all RESULT.json...     exit 1 if a file of tests ran in none of these
"""

import json
import subprocess
import sys
from pathlib import Path

from allow_list import AllowList

ROOT = Path(__file__).parents[1]


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


def not_run(paths):
    """Name the files of tests that no run has come by."""
    listed = subprocess.run(
        ["git", "ls-files", "test_*.py", "*/test_*.py"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    ran = set()
    for path in filter(Path.exists, map(Path, paths)):
        ran |= json.loads(path.read_text())["seconds"].keys()
    forgotten = sorted(set(listed.stdout.split()) - ran)
    for path in forgotten:
        print(f"no run has its tests: {path}")
    return bool(forgotten)


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
    if command == "skips":
        sys.exit(unexpected_skips(files[0]))
    sys.exit(not_run(files) if command == "all" else total(files))
