"""The whole bench: every instance in every exact way, continued where it was, then the result."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from r2c.archetypes.card import Paradigm
from r2c.solve.process import SolverProcess
from r2c_benchmarks.paradigms.agreement import require_agreement
from r2c_benchmarks.paradigms.instances import archetypes, instances_of
from r2c_benchmarks.paradigms.lines import Lines, Start
from r2c_benchmarks.paradigms.measure import Subject, measure, picked, subject
from r2c_benchmarks.paradigms.measurement import Case, Measurement, Place
from r2c_benchmarks.paradigms.report import document

Teller = Callable[[str], None]


@dataclass(frozen=True)
class Wish:
    """What is to be measured.

    Attributes:
        archetypes: Those asked for; all that have instances if there are none.
        seeds: Instances of each size.
        limit: Seconds of one solve.
        first: The seed of the first instance of each size.
        orders: In how many orders of rows and variables each model is solved.
    """

    archetypes: tuple[str, ...] = ()
    seeds: int = 5
    limit: float = 30.0
    first: int = 0
    orders: int = 1

    def places(self) -> tuple[Place, ...]:
        """The instances, small ones first within an archetype.

        Raises:
            InputError: R2C-B080, an archetype without instances.
        """
        return tuple(
            Place(archetype, size, seed)
            for archetype in self.archetypes or archetypes()
            for size in instances_of(archetype).SIZES
            for seed in range(self.first, self.first + self.seeds)
        )


def run(wish: Wish, path: Path, start: Start, tell: Teller) -> dict[str, JsonValue]:
    """Measure what the file does not hold yet; the result over all that it holds then.

    Measurements of an instance, a paradigm, a solver or a limit that are not those of today are
    left out and made anew where they are asked for.

    Args:
        wish: What is to be measured.
        path: The file of measurements.
        start: Command, versions and machine, from `provenance.start_note`.
        tell: Told of each measurement.

    Raises:
        InputError: R2C-B080.
        ModelError: R2C-B081 or R2C-B082, the paradigms do not agree.
        StoreError: R2C-B033, R2C-B083 or R2C-B084.
    """
    places = wish.places()
    with Lines(path) as lines, SolverProcess() as process:
        bench = _Bench(wish, lines, process, start, tell)
        cases = bench.asked(places)
        cases += bench.others(set(places))
        return document(sorted(cases, key=lambda case: case.place), lines.starts, wish.limit)


class _Bench:
    """A bench at work."""

    def __init__(
        self, wish: Wish, lines: Lines, process: SolverProcess, start: Start, tell: Teller
    ) -> None:
        self._wish, self._lines, self._process = wish, lines, process
        self._start, self._tell = start, tell
        self._begun = False
        # Of several measurements of the same the last one counts.
        self._kept = {(item.place, item.paradigm): item for item in lines.measurements}

    def asked(self, places: Iterable[Place]) -> list[Case]:
        """The instances asked for, measured where they are not yet."""
        subjects = [subject(place, self._wish.limit, self._wish.orders) for place in places]
        total = sum(len(item.paradigms) for item in subjects)
        done = sum(
            self._known(item, way) is not None for item in subjects for way in item.paradigms
        )
        if done:
            self._tell(f"continuing: {done} of {total} measurements are there")
        cases = []
        for item in subjects:
            found = []
            for paradigm in item.paradigms:
                known = self._known(item, paradigm)
                if known is None:
                    known = self._measured(item, paradigm)
                    done += 1
                    self._tell(f"[{done}/{total}] {_told(known)}")
                found.append(known)
            cases.append(_case(item, found))
        return cases

    def others(self, asked: set[Place]) -> list[Case]:
        """Further instances that the file holds and that have been measured in every way."""
        cases = []
        for place in sorted({place for place, _ in self._kept} - asked):
            if place.archetype not in archetypes():
                continue
            if place.size not in instances_of(place.archetype).SIZES:
                continue
            item = subject(place, self._wish.limit, self._wish.orders)
            known = [found for way in item.paradigms if (found := self._known(item, way))]
            if len(known) == len(item.paradigms):
                cases.append(_case(item, known))
        return cases

    def _known(self, item: Subject, paradigm: Paradigm) -> Measurement | None:
        found = self._kept.get((item.place, paradigm.name))
        return found if found is not None and found.digest == item.digest(paradigm) else None

    def _measured(self, item: Subject, paradigm: Paradigm) -> Measurement:
        if not self._begun:
            self._lines.begin(self._start)
            self._begun = True
        found = measure(item, paradigm, self._process)
        found = found.model_copy(update={"start": len(self._lines.starts) - 1})
        self._lines.keep(found)
        return found


def _case(item: Subject, found: list[Measurement]) -> Case:
    case = Case(item.place, picked(item), tuple(found))
    require_agreement(case.possible)
    return case


def _told(item: Measurement) -> str:
    where = f"{item.place} {item.paradigm}"
    if not item.possible:
        return f"{where}: not possible; {item.reason}"
    how = "" if item.finished else f", {item.status}"
    nodes = "" if item.nodes is None else f", {item.nodes} nodes"
    value = "no plan" if item.objective is None else f"{item.objective:g}"
    return f"{where}: {value} in {item.seconds:.2f} s{nodes}{how}"
