"""Merges under byte budgets, beside mergekit, on one family of checkpoints.

    python -m r2c_benchmarks.merging.budgets --place FOLDER [--mergekit ENV/bin/python]

Every merge is a process of its own with a cold page cache. Bytes and CPU are reliable on a machine
that does other things too; wall times are told as ratios within this run.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import JsonValue

from r2c_benchmarks.merging import one_merge
from r2c_benchmarks.merging.families import LARGE, SMALL, STRUCTURES, write_base, write_expert
from r2c_benchmarks.provenance import checkout, command_line, start_note
from r2c_benchmarks.results import write_result
from r2c_training.merge.catalog.analyse import analyse
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.checkpoint.checkpoint import open_checkpoint
from r2c_training.merge.verify import verify

METHODS = {
    "linear": "{weight: 0.3}",
    "task_arithmetic": "{weight: 0.3}",
    "ties": "{weight: 0.3, density: 0.5}",
    "dare_ties": "{weight: 0.3, density: 0.5}",
}
SHARES = (None, 0.52, 0.27, 0.10, 0.05)
SEED = 7
Row = dict[str, JsonValue]


def main() -> int:
    """Measure and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--place", type=Path, required=True, help="where families are made")
    parser.add_argument("--mergekit", help="an interpreter that has mergekit")
    parser.add_argument("--size", choices=("small", "large"), default="small")
    parser.add_argument("--experts", type=int, nargs="+", default=[2, 4, 8, 16])
    parser.add_argument("--methods", nargs="+", default=["task_arithmetic", "ties"])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, help="folder of results; the checkout's unless given")
    given = parser.parse_args()
    bench = Bench(given.place / given.size, given)
    bench.make_family(max(given.experts))
    rows: list[JsonValue] = []
    for experts in given.experts:
        for row in bench.rows(experts):
            rows.append(row)
            sys.stderr.write(json.dumps(row) + "\n")
    out = given.out or (checkout() or Path()) / "benchmarks" / "results"
    note = bench.note()
    document: dict[str, JsonValue] = {
        "summary": rows,
        "note": note,
        "seed": SEED,
        "start": start_note(command_line()),
    }
    name = "merge" if given.size == "small" else "merge_large"
    sys.stdout.write(f"written: {write_result(name, document, out)}\n")
    return 0


class Bench:
    """One family and the merges that are measured on it."""

    def __init__(self, place: Path, given: argparse.Namespace) -> None:
        self._place, self._given = place, given
        self._shape = SMALL if given.size == "small" else LARGE
        self._analysed: list[dict[str, float]] = []

    def make_family(self, experts: int) -> None:
        """Write what is not there yet, and analyse it into a fresh store."""
        for number in range(-1, experts):
            folder = self._folder(number)
            if (folder / "generation_config.json").exists():
                continue
            shutil.rmtree(folder, ignore_errors=True)
            if number < 0:
                write_base(folder, self._shape, SEED)
            else:
                write_expert(folder, self._shape, SEED, number, STRUCTURES[number % 4])
        shutil.rmtree(self._store, ignore_errors=True)
        base = open_checkpoint(self._folder(-1))
        with Catalog(self._store) as catalog:
            for number in range(experts):
                began, cpu = time.monotonic(), time.process_time()
                expert = open_checkpoint(self._folder(number))
                analyse(catalog, base, expert, access="direct", workers=self._given.threads)
                spent = {"seconds": time.monotonic() - began, "cpu": time.process_time() - cpu}
                self._analysed.append(spent)

    @property
    def _store(self) -> Path:
        return self._place / "store"

    def _folder(self, number: int) -> Path:
        return self._place / ("base" if number < 0 else f"expert{number}")

    def rows(self, experts: int) -> Iterator[Row]:
        """What merges of so many experts take, mergekit's first."""
        analysis = sum(each["cpu"] for each in self._analysed[:experts])
        for method in self._given.methods:
            recipe = self._recipe(method, experts)
            rival = None
            if self._given.mergekit:
                rival = self._rival(recipe)
                yield self._row(method, experts, "mergekit", None, rival, rival) | {"load": load()}
            for share in SHARES:
                for access in ("direct", "buffered") if share in (None, 0.27) else ("direct",):
                    found = self._measured("ours", recipe, share, access)
                    row = self._row(method, experts, f"r2c {access}", share, found, rival)
                    if access == "direct":
                        row |= self._checked()
                    yield row | {"analysis CPU s": round(analysis, 2), "load": load()}

    def _recipe(self, method: str, experts: int) -> Path:
        lines = [f"merge_method: {method}", "dtype: bfloat16", "models:"]
        if method != "linear":
            lines.insert(1, f"base_model: {self._folder(-1)}")
        for number in range(experts):
            lines += [f"  - model: {self._folder(number)}", f"    parameters: {METHODS[method]}"]
        path = self._place / f"{method}{experts}.yaml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def _rival(self, recipe: Path) -> list[dict[str, float]]:
        """The merges of mergekit with one thread or with as many as ours, whichever is faster."""
        runs = [
            self._measured("mergekit", recipe, None, "buffered", threads)
            for threads in sorted({1, self._given.threads})
        ]
        return min(runs, key=lambda found: statistics.median(run["seconds"] for run in found))

    def _measured(
        self, side: str, recipe: Path, share: float | None, access: str, threads: int | None = None
    ) -> list[dict[str, float]]:
        """The same merge several times, each cold."""
        threads = threads or self._given.threads
        found = []
        for _ in range(self._given.repeats):
            shutil.rmtree(self._out, ignore_errors=True)
            drop_cached(self._place)
            order = {
                "recipe": str(recipe), "out": str(self._out), "store": str(self._store),
                "share": share, "access": access, "threads": threads,
            }  # fmt: skip
            python = self._given.mergekit if side == "mergekit" else sys.executable
            path = [] if side == "mergekit" else sys.path
            done = subprocess.run(
                [python, str(one_merge.__file__), side, json.dumps(order)],
                capture_output=True,
                text=True,
                check=False,
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(path),
                    "OMP_NUM_THREADS": str(threads),
                    "HF_HUB_OFFLINE": "1",
                },
            )
            if done.returncode:
                raise SystemExit(f"{side} failed on {recipe.name}:\n{done.stderr[-2000:]}")
            found.append(json.loads(done.stdout.splitlines()[-1]))
        return found

    @property
    def _out(self) -> Path:
        return self._place / "out"

    def _row(
        self,
        method: str,
        experts: int,
        who: str,
        share: float | None,
        found: Sequence[dict[str, float]],
        rival: Sequence[dict[str, float]] | None,
    ) -> Row:
        def middle(name: str, runs: Sequence[dict[str, float]] = found) -> float:
            return statistics.median(run[name] for run in runs)

        row: Row = {
            "method": method,
            "experts": experts,
            "by": who,
            "budget": "all" if share is None else f"{share:.0%}",
            "kernel MB": round(middle("kernel_bytes") / 1e6, 1),
            "wall s": round(middle("seconds"), 2),
            "wall s, range": f"{min(r['seconds'] for r in found):.2f} to "
            f"{max(r['seconds'] for r in found):.2f}",
            "CPU s": round(middle("cpu_seconds"), 2),
            "memory MiB": round(middle("memory_bytes") / (1 << 20), 1),
        }
        if "issued_bytes" in found[0]:
            issued = middle("issued_bytes")
            row["planned expert MB"] = round(middle("planned_bytes") / 1e6, 1)
            row["kernel / issued"] = round(middle("kernel_bytes") / issued, 4)
            row["within budget"] = all(run["within_budget"] for run in found)
            row["replayed alike"] = len({run["manifest"] for run in found}) == 1
        if rival:
            row["mergekit wall / ours"] = round(middle("seconds", rival) / middle("seconds"), 2)
            row["mergekit CPU / ours"] = round(
                middle("cpu_seconds", rival) / middle("cpu_seconds"), 2
            )
        return row

    def _checked(self) -> Row:
        """Deviation from the full merge before the output's rounding, and its bound."""
        with Catalog(self._store) as catalog:
            found = verify(self._out, catalog, blocks=None)
        return {
            "error / update": round(found.error / found.update, 6),
            "error / weights": float(f"{found.error / found.weights:.3g}"),
            "bound / update": None if found.bound is None else round(found.bound / found.update, 6),
            "bound held": None if found.bound is None else found.error <= found.bound,
            "output rounding / update": round(found.rounding / found.update, 6),
        }

    def note(self) -> str:
        """What the columns mean."""
        base = open_checkpoint(self._folder(-1)).weight_bytes
        return (
            f"Llama-shaped random models of {base / 1e6:.0f} MB in bfloat16; of four experts in "
            "turn two have full deltas, one frozen embeddings and norms, one low-rank deltas in "
            "the upper half. Every merge is a fresh process with a cold page cache, timed until "
            "its output is on the disk, planning included, imports not. A budget is a share of "
            "reading all experts; the base is read beside it. Analysis is one pass over each "
            "expert before the first merge under a budget and is not in the other columns. "
            f"Medians of {self._given.repeats}; {self._given.threads} threads, and for mergekit "
            "one where that is faster; `load` is that of the machine afterwards, and above the "
            "number of cores walls say little."
        )


def drop_cached(folder: Path) -> None:
    """Take the files below a folder out of the page cache."""
    for path in folder.rglob("*"):
        if path.is_file():
            file = os.open(path, os.O_RDONLY)
            os.fsync(file)
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(file)


def load() -> float:
    """Load of the machine over the last minute."""
    return round(os.getloadavg()[0], 1)


if __name__ == "__main__":
    raise SystemExit(main())
