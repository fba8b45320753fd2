"""What the benchmarks measure with; tools/bench/*.py import it (./dev bench)."""

import csv
import json
import os
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

#: how much worse than the committed figure a ratio may be
TOLERANCE = 1.15
FIGURES = Path(__file__).parent / "bench" / "figures.json"


class Meter:
    """Measures blocks of work in a cold environment.

    CPU is of the client plus its PostgreSQL backend, because the machine may be busy
    with other things.
    """

    def __init__(self, env):
        self.env = env
        env.cr.execute("SELECT pg_backend_pid()")
        self.backend = env.cr.fetchone()[0]

    def backend_seconds(self):
        """CPU seconds of our PostgreSQL backend, 0 when it is not on this machine.

        By the scheduler, in nanoseconds: the clock of processes ticks a hundred times a
        second. Parallel workers are processes of their own and not seen.
        """
        try:
            with open(f"/proc/{self.backend}/schedstat", encoding="ascii") as file:
                return int(file.read().split()[0]) / 1e9
        except OSError:
            return 0.0

    @contextmanager
    def measured(self):
        """Yield what will have wall seconds, CPU seconds and statements of a block.

        ``server`` is the part of ``cpu`` that PostgreSQL spent.
        """
        env, result = self.env, SimpleNamespace()
        env.flush_all()
        env.invalidate_all()
        server, statements = self.backend_seconds(), env.cr.sql_log_count
        wall, cpu = time.monotonic(), time.process_time()
        yield result
        env.flush_all()
        result.wall = time.monotonic() - wall
        client = time.process_time() - cpu
        result.server = self.backend_seconds() - server
        result.cpu = client + result.server
        result.statements = env.cr.sql_log_count - statements


class Peak:
    """Watches how much memory this process has, while a block runs.

    ``megabytes``: the most it had of its own and shared, in pages that are present.
    """

    def __enter__(self):
        self.megabytes, self._done = 0, threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()
        return self

    def __exit__(self, *failure):
        self._done.set()
        self._watcher.join()

    def _watch(self):
        page = os.sysconf("SC_PAGE_SIZE") / 2**20
        while True:
            with open("/proc/self/statm", encoding="ascii") as file:
                present = int(file.read().split()[1]) * page
            self.megabytes = max(self.megabytes, present)
            if self._done.wait(0.02):
                return


def show(what, value):
    print(f"{what:58} {value}", flush=True)


def ratio(what, value):
    """Show how often a measure is its baseline's of the same run, and keep it.

    What got worse than the figure in ``bench/figures.json`` by more than the tolerance
    is marked, and ``./dev bench`` fails. A figure is changed by whoever knows why.

    :param str what: names the ratio, in the history and among the figures
    :param float value: measure / baseline
    """
    committed = json.loads(FIGURES.read_text(encoding="utf-8")).get(what)
    is_worse = committed is not None and value > committed * TOLERANCE
    verdict = f"  WORSE than {committed}" if is_worse else ""
    show(what, f"{value:.2f}×{verdict}")
    history = os.environ.get("BENCH_HISTORY")
    if history:
        with open(history, "a", encoding="utf-8", newline="") as file:
            day = time.strftime("%Y-%m-%d %H:%M")
            commit = os.environ.get("BENCH_COMMIT", "")
            csv.writer(file).writerow([day, commit, what, f"{value:.3f}"])
