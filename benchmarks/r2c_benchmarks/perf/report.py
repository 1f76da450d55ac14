"""The measured ways as a result: seconds and memory, and R2C's in proportion to the others'."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from r2c_benchmarks.measured_lines import Start
from r2c_benchmarks.perf.measurement import Measurement

OWN = "r2c"
Figure = Callable[[Measurement], float]


@dataclass(frozen=True)
class Series:
    """All repeats of one model at one size in one way, with those of R2C beside them."""

    items: tuple[Measurement, ...]
    own: tuple[Measurement, ...]

    @property
    def name(self) -> str:
        """The series in words."""
        first = self.items[0]
        return f"{first.model} {first.variables} {first.way}"

    def ratios(self, figure: Figure) -> list[float]:
        """How many times R2C's figure this one is, repeat by repeat."""
        own = {item.repeat: figure(item) for item in self.own}
        return [
            figure(item) / own[item.repeat] for item in self.items if own.get(item.repeat, 0.0) > 0
        ]


def document(found: Sequence[Measurement], starts: Sequence[Start]) -> dict[str, JsonValue]:
    """Everything that the results file holds.

    Args:
        found: What was measured, in all ways.
        starts: Command, versions and machine of each start; measurements refer to them by number.
    """
    listed = series(found)
    measurements: list[JsonValue] = [entry for item in listed for entry in _measured(item)]
    return {
        "summary": [_row(item) for item in listed],
        "note": " ".join(_sentences(found, starts)),
        "measurements": measurements,
        "starts": list(starts),
    }


def series(found: Sequence[Measurement]) -> list[Series]:
    """The measurements by model, size and way, in the order they come."""
    groups: dict[tuple[str, int, str], list[Measurement]] = {}
    for item in found:
        groups.setdefault((item.model, item.variables, item.way), []).append(item)
    return [
        Series(tuple(items), tuple(groups.get((model, variables, OWN), ())))
        for (model, variables, _), items in groups.items()
    ]


def _seconds(item: Measurement) -> float:
    return item.seconds


def _memory(item: Measurement) -> float:
    return float(item.added)


def _row(item: Series) -> dict[str, JsonValue]:
    first = item.items[0]
    return {
        "model": first.model,
        "variables": first.columns,
        "rows": first.rows,
        "entries": first.entries,
        "way": first.way,
        "s": _short(statistics.median(map(_seconds, item.items))),
        "times R2C's": _shown(item.ratios(_seconds)),
        "MB": _short(statistics.median(map(_memory, item.items)) / 1e6),
        "times R2C's MB": _shown(item.ratios(_memory)),
        "repeats": len(item.items),
    }


def _shown(ratios: Sequence[float]) -> str:
    """The median with the smallest and the largest."""
    if not ratios:
        return ""
    parts = [f"{value:.3g}" for value in (statistics.median(ratios), min(ratios), max(ratios))]
    return f"{parts[0]} ({parts[1]} to {parts[2]})"


def _short(value: float) -> float:
    return float(f"{value:.3g}")


def _measured(item: Series) -> Iterable[dict[str, JsonValue]]:
    """The seconds and bytes of a series, and both in proportion to R2C's."""
    figures: list[tuple[str, str, list[float]]] = [
        ("seconds", "s", [_seconds(one) for one in item.items]),
        ("processor time", "s", [one.processor for one in item.items]),
        ("peak memory added", "bytes", [_memory(one) for one in item.items]),
        ("peak memory of the process", "bytes", [float(one.peak) for one in item.items]),
        ("seconds as times R2C's", "ratio", item.ratios(_seconds)),
        ("peak memory added as times R2C's", "ratio", item.ratios(_memory)),
    ]
    for name, unit, values in figures:
        if values:
            yield {
                "name": f"{item.name} {name}",
                "unit": unit,
                "value": statistics.median(values),
                "spread": [min(values), max(values)],
                "values": list(values),
                "seed": item.items[0].seed,
                "starts": [*sorted({one.start for one in item.items})],
            }


def _sentences(found: Sequence[Measurement], starts: Sequence[Start]) -> list[str]:
    largest = max(item.variables for item in found)
    told = [
        "From a CIR and arrays in memory to the model that HiGHS holds, without solving; each "
        "measurement in a fresh process that has imported everything and written a small model "
        "before. R2C binds the data, chooses the paradigms and holds the model to its size limits "
        "on the way; highspy is NumPy by hand and `passModel`; Pyomo's model is compiled by its "
        "own standard form compiler. Medians, with the smallest and largest in brackets; memory "
        "is what the peak adds to the process. Ratios are taken repeat by repeat.",
    ]
    for way in dict.fromkeys(item.way for item in found):
        ratios = [
            statistics.median(values)
            for one in series(found)
            if one.items[0].way == way
            and one.items[0].variables == largest
            and (values := one.ratios(_seconds))
        ]
        if way != OWN and ratios:
            told.append(
                f"At {largest:,} variables {way} takes {min(ratios):.2g} to {max(ratios):.2g} "
                "times the time of R2C."
            )
    used = [starts[number] for number in sorted({item.start for item in found})]
    machines = {str(start["machine"]): None for start in used}
    commits = {str(start["commit"]) or "unknown": None for start in used}
    told.append(f"One thread; {' and '.join(machines)}; commit {' and '.join(commits)}.")
    return told
