"""How fast training data are made: `python -m r2c_benchmarks.synth.rate --n 20000 --seed 7`."""

from __future__ import annotations

import argparse
import hashlib
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pydantic import JsonValue

from r2c.settings import load_settings
from r2c_benchmarks.provenance import checkout, command_line, start_note
from r2c_benchmarks.results import write_result
from r2c_benchmarks.synth.compared import problem_files, read_compared
from r2c_benchmarks.synth.suites_at_hand import suites_at_hand
from r2c_benchmarks.synth.write import Counts, write

PART = 250
"""Examples of a part; the spread is that of the parts."""


def main() -> int:
    """Make the examples, count them, write the result."""
    given = _arguments().parse_args()
    about = start_note(command_line())
    files = [path for folder in given.bench for path in problem_files(folder)]
    if not given.no_suites:
        folder = load_settings().cache_dir / "suites"
        files += suites_at_hand(folder, files, _say, given.processes)
    compared = read_compared(files)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "data.jsonl"
        times = [time.monotonic()]

        def tell(counts: Counts) -> None:
            due = min(PART * len(times), given.n)
            if counts.written == due and len(times) <= -(-given.n // PART):
                times.append(time.monotonic())
                rate = 60 * due / (times[-1] - times[0])
                _say(f"{due} of {given.n} examples, {rate:.0f} a minute")

        counts = write(path, given.n, given.seed, compared, processes=given.processes, tell=tell)
        data = path.read_bytes()
    row = measured(counts, times) | {
        "MB": round(len(data) / 1e6, 1),
        "sha256": hashlib.sha256(data).hexdigest()[:16],
    }
    document: dict[str, JsonValue] = {
        "summary": [row],
        "note": (
            "Training data as `r2c synth` writes them, every optimum proved and every conversation "
            f"read again to its optimum; {given.processes} processes. `parts`: examples a minute "
            f"over {PART} at a time, the start of the processes in the first. `unsaid`: examples "
            "left out because the lines of a model do not come to its answer. `shared`: left out "
            "because a sentence has eight words in a row in common with a problem of "
            f"{', '.join(one.file for one in compared.sources) or 'nothing'}."
        ),
        "seed": given.seed,
        "start": about,
    }
    out = given.out or (checkout() or Path()) / "benchmarks" / "results"
    sys.stdout.write(f"written: {write_result('synth', document, out)}\n")
    return 0


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def measured(counts: Counts, times: Sequence[float]) -> dict[str, JsonValue]:
    """What is told of examples that were written, the last part perhaps shorter.

    Args:
        counts: What was written.
        times: When it began and when each part was done, in seconds.
    """
    sizes = [PART] * (counts.written // PART)
    if counts.written % PART:
        sizes.append(counts.written % PART)
    ends = zip(times, times[1:], sizes, strict=False)
    parts = [60 * size / (end - began) for began, end, size in ends]
    kinds = counts.by.get("kind") or Counter[str]()
    return {
        "examples": counts.written,
        "a minute": round(60 * counts.written / (times[-1] - times[0])),
        "parts": f"{statistics.median(parts):.0f} ({min(parts):.0f} to {max(parts):.0f})",
        "repairs": kinds["repair"],
        "questions": kinds["question"],
        "unsaid": counts.unsaid,
        "shared": counts.left_out,
    }


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--bench", type=Path, action="append", default=[], help="public problems")
    parser.add_argument("--no-suites", action="store_true", help="compare with --bench alone")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, help="folder of results; the checkout's unless given")
    return parser


if __name__ == "__main__":
    sys.exit(main())
