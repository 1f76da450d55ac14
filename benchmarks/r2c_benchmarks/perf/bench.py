"""The whole bench: every model at every size in every way, continued where it was, then the result.

The ways take turns within a repeat, so that what else the machine does falls on all of them.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import math
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from pydantic import JsonValue

import r2c
from r2c.errors import InputError, ModelError, StoreError, declare
from r2c_benchmarks.measured_lines import MeasuredLines, Start
from r2c_benchmarks.perf.measurement import Measurement, Place
from r2c_benchmarks.perf.models import find_model, model_names
from r2c_benchmarks.perf.report import document
from r2c_benchmarks.perf.ways import WAYS, Way

NO_PACKAGE = declare(
    "R2C-B100",
    InputError,
    what="The package {package!r} is not installed.",
    why="R2C is measured against it.",
    remedy="Set up the development environment with `make setup`, or install the extra `bench`.",
)
UNKNOWN_MODEL = declare(
    "R2C-B101",
    InputError,
    what="{model!r} is no model of this bench.",
    why="Each has a module of its own that writes it in every way.",
    remedy="Choose among {known}.",
)
FAILED = declare(
    "R2C-B102",
    StoreError,
    what="{model} with {variables} variables cannot be measured for {way}: {reason}.",
    why="It ended with: {words}",
    remedy="Choose a smaller size with --size, or free memory, and start the same command again.",
)
OTHER_MODEL = declare(
    "R2C-B103",
    ModelError,
    what="{one} and {other} do not pass the same {model} with {variables} variables.",
    why="Times of different models cannot be compared: {difference}.",
    remedy="Mend the module of the model in r2c_benchmarks/perf/models.",
)
NOTHING_KEPT = declare(
    "R2C-B120",
    InputError,
    what="The file {path!r} holds no repeat that was measured in all ways.",
    why="There is nothing that a table could be made of.",
    remedy="Leave out --again to measure, or name the result beside whose .jsonl they lie.",
)

SIZES = (10_000, 100_000, 1_000_000)
LIMIT = 1800.0
"""Seconds after which a measurement is given up."""
LAYERS = ("cir", "archetypes", "model", "solve")
"""The parts of R2C that take a CIR to the solver."""
PACKAGES = ("linopy", "pyomo", "highspy", "numpy")
Teller = Callable[[str], None]


@dataclass(frozen=True)
class Wish:
    """What is to be measured.

    Attributes:
        models: Those asked for; all if there are none.
        sizes: About how many variables.
        repeats: How often each measurement is made.
        seed: Of the data; the same in all repeats.
    """

    models: tuple[str, ...] = ()
    sizes: tuple[int, ...] = SIZES
    repeats: int = 5
    seed: int = 0

    def places(self) -> tuple[Place, ...]:
        """The measurements, small ones first.

        Raises:
            InputError: R2C-B101.
        """
        for name in self.models:
            if name not in model_names():
                raise UNKNOWN_MODEL(model=name, known=list(model_names()))
        return tuple(
            Place(model, size, repeat)
            for size in sorted(self.sizes)
            for model in self.models or model_names()
            for repeat in range(self.repeats)
        )


def run(wish: Wish, path: Path, start: Start, tell: Teller) -> dict[str, JsonValue]:
    """Measure what the file does not hold yet; the result over all that it holds then.

    A repeat counts only with all ways in one start of the bench, by the code, the packages and the
    seed of today; others are made anew.

    Args:
        wish: What is to be measured.
        path: The file of measurements.
        start: Command, versions and machine, from `provenance.start_note`.
        tell: Told of each measurement.

    Raises:
        InputError: R2C-B100 or R2C-B101.
        ModelError: R2C-B103, the ways do not pass the same model.
        StoreError: R2C-B033, R2C-B083, R2C-B084 or R2C-B102.
    """
    places = wish.places()
    for package in PACKAGES:
        if importlib.util.find_spec(package) is None:
            raise NO_PACKAGE(package=package)
    with MeasuredLines(path, Measurement) as lines:
        kept = {(item.place, item.way): item for item in lines.measurements}
        found = {place: same for place in places if (same := _complete(kept, place, wish.seed))}
        if found:
            tell(f"continuing: {len(found)} of {len(places)} repeats are there")
        if len(found) < len(places):
            lines.begin(start)
        for place in places:
            if place in found:
                continue
            same = []
            for way in WAYS:
                measured = measure(place, way, wish.seed, len(lines.starts) - 1)
                lines.keep(measured)
                tell(f"[{len(found) + 1}/{len(places)}] {told(measured)}")
                same.append(measured)
            require_same(same)
            found[place] = same
        for place in {place for place, _ in kept} - set(places):
            if place.model in model_names() and (same := _complete(kept, place, wish.seed)):
                found[place] = same
        listed = [item for place in sorted(found) for item in found[place]]
        return document(listed, lines.starts)


def told_again(path: Path) -> dict[str, JsonValue]:
    """The result of what a file holds, by whatever code it was measured; nothing is measured.

    Raises:
        InputError: R2C-B120.
        StoreError: R2C-B033, R2C-B083 or R2C-B084.
    """
    if not path.exists():
        raise NOTHING_KEPT(path=str(path))
    with MeasuredLines(path, Measurement) as lines:
        kept = {(item.place, item.way): item for item in lines.measurements}
        listed = [
            item
            for place in sorted({place for place, _ in kept})
            for item in _same_start(kept, place)
        ]
        if not listed:
            raise NOTHING_KEPT(path=str(path))
        return document(listed, lines.starts)


def _complete(
    kept: Mapping[tuple[Place, str], Measurement], place: Place, seed: int
) -> list[Measurement]:
    """The measurements of a repeat if all ways are there, of today's code and from one start."""
    found = _same_start(kept, place)
    pairs = zip(found, WAYS, strict=False)  # no pairs without measurements
    valid = all(item.digest == digest(place.model, way, seed) for item, way in pairs)
    return found if valid else []


def _same_start(kept: Mapping[tuple[Place, str], Measurement], place: Place) -> list[Measurement]:
    """The measurements of a repeat if all ways are there and from one start."""
    found = [kept[place, way] for way in WAYS if (place, way) in kept]
    alike = len(found) == len(WAYS) and len({item.start for item in found}) == 1
    return found if alike else []


def digest(model: str, way: Way, seed: int) -> str:
    """Changes with the model's module, the packages and the seed; for R2C with its code as well."""
    found = hashlib.sha256(Path(str(find_model(model).__file__)).read_bytes())
    found.update(json.dumps([seed, *(version(package) for package in PACKAGES)]).encode())
    if way == "r2c":
        for layer in LAYERS:
            for path in sorted((Path(r2c.__file__).parent / layer).rglob("*.py")):
                found.update(path.read_bytes())
    return found.hexdigest()[:12]


def measure(place: Place, way: Way, seed: int, start: int = 0) -> Measurement:
    """One measurement, in a process of its own with one thread.

    Raises:
        StoreError: R2C-B102.
    """
    words = [place.model, way, str(place.variables), str(seed)]
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")}
    about = {"model": place.model, "variables": place.variables, "way": way}
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "r2c_benchmarks.perf.child", *words],
            env={**os.environ, **threads},
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )
    except subprocess.TimeoutExpired:
        raise FAILED(**about, reason=f"stopped after {LIMIT:g} s", words="no status") from None
    if done.returncode:
        last = " / ".join(done.stderr.strip().splitlines()[-4:])
        raise FAILED(**about, reason=f"status {done.returncode}", words=last[-1000:])
    return Measurement(
        model=place.model,
        variables=place.variables,
        repeat=place.repeat,
        way=way,
        seed=seed,
        digest=digest(place.model, way, seed),
        start=start,
        **json.loads(done.stdout.splitlines()[-1]),
    )


def require_same(found: Sequence[Measurement]) -> None:
    """Hold the models that the ways passed against each other.

    Raises:
        ModelError: R2C-B103.
    """
    first = found[0]
    for other in found[1:]:
        sizes = [(item.columns, item.rows, item.entries) for item in (first, other)]
        room = 1e-9 * max(map(abs, first.sums))
        near = all(
            math.isclose(a, b, rel_tol=1e-6, abs_tol=room)
            for a, b in zip(first.sums, other.sums, strict=True)
        )
        if sizes[0] == sizes[1] and near:
            continue
        difference = f"{sizes[0]} against {sizes[1]} columns, rows and entries"
        if sizes[0] == sizes[1]:
            difference = f"sums {first.sums} against {other.sums}"
        raise OTHER_MODEL(
            one=first.way,
            other=other.way,
            model=first.model,
            variables=first.variables,
            difference=difference,
        )


def told(item: Measurement) -> str:
    """A measurement in words."""
    where = f"{item.model} {item.variables} {item.way} repeat {item.repeat}"
    return f"{where}: {item.seconds:.3f} s, {item.added / 1e6:.0f} MB"
