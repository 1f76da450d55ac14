"""One family of checkpoints, and merges of it by R2C and by mergekit, each in a cold process."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import JsonValue

from r2c_benchmarks.merging import one_merge
from r2c_benchmarks.merging.apart import apart
from r2c_benchmarks.merging.families import (
    Family,
    Shape,
    write_base,
    write_expert,
    write_family,
)
from r2c_benchmarks.merging.methods import METHODS, recipe_lines
from r2c_training.merge.catalog.analyse import analyse
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.checkpoint.checkpoint import open_checkpoint
from r2c_training.merge.execute.allocation import keep_freed_memory
from r2c_training.merge.source import open_source
from r2c_training.merge.verify import verify

SHARES = (None, 0.75, 0.52, 0.50, 0.27, 0.25, 0.10, 0.05)
SEED = 7
Row = dict[str, JsonValue]
Runs = Sequence[dict[str, float]]


class RivalFailed(Exception):
    """mergekit could not make a merge; the last line that it said."""


@dataclass(frozen=True)
class Conditions:
    """What a measurement depends on beside the code.

    Args:
        mergekit: An interpreter that has it; None to do without.
        repeats: Times that each merge is measured.
        threads: The most threads that mergekit computes with; processes of our analysis.
        own_threads: Threads that each take a block of ours; some wait for the disk.
        shares: Budgets, as shares of reading all experts; None for all.
    """

    mergekit: str | None
    repeats: int
    threads: int
    own_threads: int
    shares: tuple[float | None, ...] = SHARES


class FamilyBench:
    """One family and the merges that are measured on it."""

    def __init__(self, place: Path, family: Family, conditions: Conditions) -> None:
        self._place, self._family, self._given = place, family, conditions
        self._analysed: dict[int, list[dict[str, float]]] = {}

    def make(self, experts: int) -> None:
        """Write what is not there yet, and analyse it into a fresh store, cold."""
        shape = self._family.shape
        for number in range(-1, experts):
            folder = self._folder(number)
            adapter = number >= 0 and self._family.adapters
            last = "adapter_config.json" if adapter else "generation_config.json"
            if (folder / last).exists():
                continue
            shutil.rmtree(folder, ignore_errors=True)
            if number < 0:
                write_base(folder, shape, SEED)
            else:
                write_expert(folder, shape, SEED, number, self._family.structure(number))
        shutil.rmtree(self._store, ignore_errors=True)
        keep_freed_memory()
        self._load_compiled()
        self._passes(-1, experts)

    def _passes(self, reference: int, experts: int) -> Runs:
        """What the passes over so many experts took, whose deltas are against one model."""
        known = self._analysed.setdefault(reference, [])
        base = open_checkpoint(self._folder(reference))
        drop_cached(self._place)
        with Catalog(self._store) as catalog:
            for number in range(len(known), experts):
                began, cpu = time.monotonic(), time.process_time()
                expert = open_source(self._folder(number))
                analyse(catalog, base, expert, access="direct", workers=self._given.threads)
                spent = {"seconds": time.monotonic() - began, "cpu": time.process_time() - cpu}
                known.append(spent)
        return known[:experts]

    def _load_compiled(self) -> None:
        """Analyse a small family first: compiled code is loaded as for merges, untimed."""
        with TemporaryDirectory(dir=self._place) as place:
            shape = Shape(hidden=256, layers=1, feed_forward=512, vocabulary=512)
            base, experts = write_family(Path(place), shape, 1)
            with Catalog(Path(place) / "store") as catalog:
                analyse(catalog, open_checkpoint(base), open_checkpoint(experts[0]))

    @property
    def _store(self) -> Path:
        return self._place / "store"

    def _folder(self, number: int) -> Path:
        return self._place / ("base" if number < 0 else f"expert{number}")

    @property
    def weight_bytes(self) -> int:
        """Bytes of the base."""
        return open_checkpoint(self._folder(-1)).weight_bytes

    def rows(self, method: str, experts: int, *, buffered: bool) -> Iterator[Row]:
        """What merges of so many experts take, mergekit's first, by buffered reads too if asked."""
        how, recipe = METHODS[method], self._recipe(method, experts)
        passes = self._passes(-1 if how.base else 0, experts) if how.budgets else ()
        rival = None
        if self._given.mergekit and how.rival:
            try:
                rival = self._rival(recipe)
            except RivalFailed as failure:
                yield {
                    "method": method, "experts": experts, "by": "mergekit", "budget": "all",
                    "failed": str(failure),
                }  # fmt: skip
            else:
                shutil.rmtree(self._rival_out, ignore_errors=True)
                self._out.rename(self._rival_out)
                yield self._row(method, experts, "mergekit", None, rival, rival) | {"load": load()}
        for share in self._given.shares if how.budgets else (None,):
            for access in ("direct", "buffered") if buffered else ("direct",):
                found = self._measured("ours", recipe, share, access)
                row = self._row(method, experts, f"r2c {access}", share, found, rival)
                if passes:
                    row |= _with_analysis(passes, found, rival)
                if access == "direct":
                    row |= self._checked()
                if access == "direct" and share is None and rival:
                    row["apart / update"] = apart(self._out, self._rival_out, self._folder(-1))
                yield row | {"load": load()}

    def _recipe(self, method: str, experts: int) -> Path:
        base = str(self._folder(-1))
        on = f"{base}+" if self._family.adapters else ""
        models = [f"{on}{self._folder(number)}" for number in range(experts)]
        lines = recipe_lines(method, base, models)
        path = self._place / f"{method}{experts}.yaml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def _rival(self, recipe: Path) -> list[dict[str, float]]:
        """The merges of mergekit with one thread or with as many as ours, whichever is faster."""
        tried = {
            threads: self._measured("mergekit", recipe, None, "buffered", threads, 1)
            for threads in sorted({1, self._given.threads})
        }
        best = min(tried, key=lambda threads: tried[threads][0]["seconds"])
        left = self._given.repeats - 1
        return tried[best] + self._measured("mergekit", recipe, None, "buffered", best, left)

    def _measured(
        self,
        side: str,
        recipe: Path,
        share: float | None,
        access: str,
        threads: int | None = None,
        repeats: int | None = None,
    ) -> list[dict[str, float]]:
        """The same merge several times, each cold."""
        threads = threads or self._given.own_threads
        found = []
        for _ in range(self._given.repeats if repeats is None else repeats):
            shutil.rmtree(self._out, ignore_errors=True)
            shutil.rmtree(self._models_of_adapters, ignore_errors=True)
            drop_cached(self._place)
            order = {
                "recipe": str(recipe), "out": str(self._out), "store": str(self._store),
                "models_of_adapters": str(self._models_of_adapters),
                "share": share, "access": access, "threads": threads,
            }  # fmt: skip
            python = self._given.mergekit if side == "mergekit" else None
            path = [] if side == "mergekit" else sys.path
            done = subprocess.run(
                [python or sys.executable, str(one_merge.__file__), side, json.dumps(order)],
                capture_output=True,
                text=True,
                check=False,
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(path),
                    "OMP_NUM_THREADS": str(threads),
                    "OPENBLAS_NUM_THREADS": str(threads),
                    "HF_HUB_OFFLINE": "1",
                },
            )
            if done.returncode and side == "mergekit":
                raise RivalFailed(done.stderr.strip().splitlines()[-1])
            if done.returncode:
                raise SystemExit(f"{side} failed on {recipe.name}:\n{done.stderr[-2000:]}")
            found.append(json.loads(done.stdout.splitlines()[-1]))
        return found

    @property
    def _out(self) -> Path:
        return self._place / "out"

    @property
    def _rival_out(self) -> Path:
        return self._place / "out-mergekit"

    @property
    def _models_of_adapters(self) -> Path:
        """Where mergekit writes the model that each adapter makes before it merges them."""
        return self._place / "models-of-adapters"

    def _row(
        self,
        method: str,
        experts: int,
        who: str,
        share: float | None,
        found: Runs,
        rival: Runs | None,
    ) -> Row:
        def middle(name: str, runs: Runs = found) -> float:
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
            "start s": round(middle("start_seconds"), 2),
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
        update, bound = found.update or 1.0, found.bound  # a copy has no update, and no error
        return {
            "error / update": round(found.error / update, 6),
            "error / weights": float(f"{found.error / found.weights:.3g}"),
            "bound / update": None if bound is None else round(bound / update, 6),
            "bound held": None if bound is None else found.error <= bound,
            "output rounding / update": round(found.rounding / update, 6),
        }


def _with_analysis(passes: Runs, found: Runs, rival: Runs | None) -> Row:
    """The same with the pass over each expert, as a first merge has it."""
    analysis = sum(each["seconds"] for each in passes)
    row: Row = {
        "analysis wall s": round(analysis, 2),
        "analysis CPU s": round(sum(each["cpu"] for each in passes), 2),
    }
    if rival:
        told = statistics.median(run["seconds"] for run in rival)
        wall = analysis + statistics.median(run["seconds"] for run in found)
        row["mergekit wall / ours with analysis"] = round(told / wall, 2)
    return row


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
