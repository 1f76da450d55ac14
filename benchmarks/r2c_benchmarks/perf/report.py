"""The measured ways as a result: seconds and memory, each way in proportion to R2C.

A ratio is told in the direction in which a target is set: how many times as long as R2C takes who
is to be slower, how many times as long as highspy R2C takes.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from r2c_benchmarks.measured_lines import Start
from r2c_benchmarks.perf.measurement import Measurement

OWN = "r2c"
FLOOR = "highspy"
"""What R2C cannot be faster than: nothing but the copy into the solver."""
TARGET_SIZE = 1_000_000
"""From so many variables on there are targets."""
AT_MOST = {FLOOR: 2.0}
"""How many times as long as these R2C may take."""
AT_LEAST = {"pyomo": 10.0, "linopy": 1.0}
"""How many times as long as R2C these are to take."""
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

    @property
    def compared(self) -> str:
        """What its ratios are; nothing for R2C itself."""
        way = self.items[0].way
        return {OWN: "", FLOOR: f"{OWN} / {FLOOR}"}.get(way, f"{way} / {OWN}")

    def ratios(self, figure: Figure) -> list[float]:
        """How many times R2C's figure this one is, repeat by repeat; for `FLOOR` the other way."""
        if not self.compared:
            return []
        own = {item.repeat: figure(item) for item in self.own}
        pairs = [(figure(item), own.get(item.repeat, 0.0)) for item in self.items]
        if self.items[0].way == FLOOR:
            pairs = [(mine, theirs) for theirs, mine in pairs]
        return [upper / lower for upper, lower in pairs if upper > 0 and lower > 0]


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
        "MB": _short(statistics.median(map(_memory, item.items)) / 1e6),
        "ratio of": item.compared,
        "time": _shown(item.ratios(_seconds)),
        "aimed at": _aimed_at(item),
        "memory": _shown(item.ratios(_memory)),
        "repeats": len(item.items),
    }


def _shown(ratios: Sequence[float]) -> str:
    """The median with the smallest and the largest."""
    if not ratios:
        return ""
    middle, low, high = map(_plain, (statistics.median(ratios), min(ratios), max(ratios)))
    return f"{middle} ({low} to {high})"


def _aimed_at(item: Series) -> str:
    """The target of the ratio of times with whether it is met; nothing where there is none."""
    ratios, way = item.ratios(_seconds), item.items[0].way
    if item.items[0].variables < TARGET_SIZE or not ratios:
        return ""
    middle = statistics.median(ratios)
    if way in AT_MOST:
        return f"at most {_plain(AT_MOST[way])}, {'met' if middle <= AT_MOST[way] else 'missed'}"
    if way in AT_LEAST:
        return f"at least {_plain(AT_LEAST[way])}, {'met' if middle >= AT_LEAST[way] else 'missed'}"
    return ""


def _plain(value: float) -> str:
    """Three digits, never with an exponent."""
    return f"{_short(value):.12g}"


def _short(value: float) -> float:
    return float(f"{value:.3g}")


def _measured(item: Series) -> Iterable[dict[str, JsonValue]]:
    """The seconds and bytes of a series, and both in proportion to R2C's."""
    figures: list[tuple[str, str, list[float]]] = [
        ("seconds", "s", [_seconds(one) for one in item.items]),
        ("processor time", "s", [one.processor for one in item.items]),
        ("peak memory added", "bytes", [_memory(one) for one in item.items]),
        ("peak memory of the process", "bytes", [float(one.peak) for one in item.items]),
        (f"seconds {item.compared}", "ratio", item.ratios(_seconds)),
        (f"peak memory added {item.compared}", "ratio", item.ratios(_memory)),
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


def _who(way: str) -> str:
    return "R2C takes" if way == FLOOR else f"{way} takes"


def _sentences(found: Sequence[Measurement], starts: Sequence[Start]) -> list[str]:
    largest = max(item.variables for item in found)
    told = [
        "From a CIR and arrays in memory to the model that HiGHS holds, without solving; each "
        "measurement in a fresh process that has imported everything and written a small model "
        "before. R2C binds the data, chooses the paradigms and holds the model to its size limits "
        "on the way; highspy is NumPy by hand and `passModel`; Pyomo's model is compiled by its "
        "own standard form compiler. Medians, with the smallest and largest in brackets; memory "
        "is what the peak adds to the process. Ratios are taken repeat by repeat: Pyomo and linopy "
        "over R2C, and R2C over highspy; aimed at are ratios "
        f"from {TARGET_SIZE:,} variables on.",
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
                f"At {largest:,} variables {_who(way)} {_plain(min(ratios))} to "
                f"{_plain(max(ratios))} times the time of {FLOOR if way == FLOOR else 'R2C'}."
            )
    used = [starts[number] for number in sorted({item.start for item in found})]
    machines = {str(start["machine"]): None for start in used}
    commits = {str(start["commit"]) or "unknown": None for start in used}
    told.append(f"One thread; {' and '.join(machines)}; commit {' and '.join(commits)}.")
    return told
