"""Makes a trial of the whole service: `python -m trials chaos --seed 1 --write`.

Ctrl-C ends it and everything that it started. The status is 1 if a promise was broken.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from r2c.errors import R2CError
from r2c_benchmarks.provenance import start_note
from trials import chaos, full_disk, listeners, overhead, tenants, vanished
from trials.faults import BROKEN
from trials.found import Found, write

RESULTS = Path(__file__).resolve().parents[3] / "benchmarks" / "results"
Trial = Callable[[argparse.Namespace, Path], Found]


def _chaos(given: argparse.Namespace, folder: Path) -> Found:
    return chaos.run(chaos.Plan(given.size or 1000, given.seed), folder)


def _tenants(given: argparse.Namespace, folder: Path) -> Found:
    return asyncio.run(tenants.run(given.seed, folder, given.size or 20))


def _overhead(given: argparse.Namespace, folder: Path) -> Found:
    return overhead.run(given.seed, folder, requests=given.size or 150)


def _full_disk(given: argparse.Namespace, folder: Path) -> Found:
    folder.chmod(0o755)  # Postgres runs as another user
    return full_disk.run(given.seed, folder, given.size or 3)


def _listeners(given: argparse.Namespace, folder: Path) -> Found:
    return asyncio.run(listeners.run(given.seed, folder, given.size or 500))


def _vanished(given: argparse.Namespace, folder: Path) -> Found:
    return asyncio.run(vanished.run(given.seed, folder, given.size or 20))


TRIALS: dict[str, Trial] = {
    "chaos": _chaos,
    "full_disk": _full_disk,
    "listeners": _listeners,
    "overhead": _overhead,
    "tenants": _tenants,
    "vanished": _vanished,
}


def main() -> int:
    """Run the trial that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m trials", description=__doc__)
    parser.add_argument("name", choices=sorted(TRIALS))
    parser.add_argument("--seed", type=int, default=1, help="draws other numbers (1)")
    parser.add_argument("--size", type=int, help="how much of it; each trial has its own")
    parser.add_argument("--write", action="store_true", help="write benchmarks/results")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    start = start_note(" ".join(["python -m trials", *sys.argv[1:]]))
    folder = Path(tempfile.mkdtemp(prefix=f"r2c-{given.name}-"))
    try:
        found = TRIALS[given.name](given, folder)
        for row in found.rows:
            sys.stdout.write("  ".join(str(cell) for cell in row.values()) + "\n")
        if given.write:
            path = write(given.name, found, start, given.seed, RESULTS)
            sys.stdout.write(f"written {path.name}\n")
        if found.broken:
            sys.stderr.write("\n".join(found.broken[:50]) + "\n")
            first, count = found.broken[0], len(found.broken)
            raise BROKEN(name=given.name, first=first, count=count, folder=str(folder))
    except R2CError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    shutil.rmtree(folder)  # the logs stay where something was wrong
    return 0


if __name__ == "__main__":
    sys.exit(main())
