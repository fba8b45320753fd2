#!/usr/bin/env python3
"""Kill a worker many times at random points: tools/fault.py --runs 50 [--seed N].

Runs the fault test of the core addon through ./dev; the ledger has to end up as after
an undisturbed run.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=50, help="workers to kill")
    parser.add_argument("--seed", type=int, default=19, help="of the random points")
    arguments = parser.parse_args()
    environment = {
        **os.environ,
        "COMMISSION_FAULT_RUNS": str(arguments.runs),
        "COMMISSION_FAULT_SEED": str(arguments.seed),
    }
    command = [ROOT / "dev", "test", "hr_sales_commission/tests/test_fault.py"]
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
