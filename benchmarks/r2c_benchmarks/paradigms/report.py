"""The measured paradigms as a result: a table by archetype and size, and how good the picks are."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from pydantic import JsonValue

from r2c_benchmarks.paradigms.lines import Start
from r2c_benchmarks.paradigms.measurement import Case, Measurement
from r2c_evaluation.intervals import wilson

NEAR = 1.2
"""A pick is good if it takes at most this many times what the fastest paradigm takes,"""
FLOOR = 0.1
"""or so many seconds more; what is less than that nobody notices."""


@dataclass(frozen=True)
class Group:
    """One paradigm on the instances of one archetype and size; `cases` are those it can write."""

    archetype: str
    size: int
    paradigm: str
    cases: tuple[tuple[Case, Measurement], ...]

    @property
    def name(self) -> str:
        """The group in words."""
        return f"{self.archetype} {self.size} {self.paradigm}"

    @property
    def seconds(self) -> list[float]:
        """Seconds of each instance, the limit where the solver did not finish."""
        return [item.spent for _, item in self.cases]

    @property
    def nodes(self) -> list[int]:
        """Nodes of each search that told them."""
        return [item.nodes for _, item in self.cases if item.nodes is not None]

    @property
    def gaps(self) -> list[float]:
        """Percent between relaxation and best known plan, where both are known."""
        found = [gap(case, item) for case, item in self.cases]
        return [value for value in found if value is not None]


def document(cases: Sequence[Case], starts: Sequence[Start], limit: float) -> dict[str, JsonValue]:
    """Everything that the results file holds.

    Args:
        cases: What was measured, by archetype and size.
        starts: Command, versions and machine of each start; measurements refer to them by number.
        limit: Seconds that a solve was given.
    """
    found = groups(cases)
    return {
        "summary": [_row(group) for group in found],
        "note": " ".join(_sentences(cases, starts, limit)),
        "measurements": [
            _share(cases, FLOOR),
            _share(cases, 0.0),
            *(_measured(group) for group in found),
        ],
        "limit": limit,
        "starts": list(starts),
    }


def groups(cases: Sequence[Case]) -> list[Group]:
    """The cases by archetype, size and paradigm, in the order they come."""
    found = []
    for (archetype, size), several in groupby(cases, lambda case: case.place[:2]):
        by_name: dict[str, list[tuple[Case, Measurement]]] = {}
        for case in several:
            for item in case.possible:
                by_name.setdefault(item.paradigm, []).append((case, item))
        found += [Group(archetype, size, name, tuple(own)) for name, own in by_name.items()]
    return found


def gap(case: Case, item: Measurement) -> float | None:
    """Percent between the relaxation of a paradigm and the best known plan of the instance."""
    if case.best is None or item.relaxed is None:
        return None
    return 100 * abs(case.best - item.relaxed) / max(abs(case.best), 1e-9)


def is_good(case: Case, floor: float = FLOOR) -> bool | None:
    """Whether the paradigm that R2C picks is about as fast as the fastest; None without a pick.

    Args:
        case: What was measured on an instance.
        floor: Seconds that are no difference.
    """
    if case.picked not in {item.paradigm for item in case.possible}:
        return None
    return case.picked in good_paradigms(case, floor)


def good_paradigms(case: Case, floor: float = FLOOR) -> set[str]:
    """The paradigms that are about as fast as the fastest on an instance."""
    spent = {item.paradigm: item.spent for item in case.possible}
    fastest = min(spent.values(), default=0.0)
    most = max(NEAR * fastest, fastest + floor)
    return {name for name, seconds in spent.items() if seconds <= most}


def good_and_all(cases: Sequence[Case], floor: float = FLOOR) -> tuple[int, int]:
    """On how many instances the pick is good, and on how many there is one."""
    judged = [good for case in cases if (good := is_good(case, floor)) is not None]
    return sum(judged), len(judged)


def where_it_matters(cases: Sequence[Case]) -> list[Case]:
    """The instances on which some paradigm would not have been a good pick."""
    return [case for case in cases if len(good_paradigms(case)) < len(case.possible)]


def best_constant(cases: Sequence[Case]) -> int:
    """Good picks if each archetype had one paradigm, the best of those measured, in hindsight."""
    found = 0
    for _, several in groupby(cases, lambda case: case.place.archetype):
        own = list(several)
        names = {item.paradigm for case in own for item in case.possible}
        found += max(sum(name in good_paradigms(case) for case in own) for name in names)
    return found


def _row(group: Group) -> dict[str, JsonValue]:
    items = [item for _, item in group.cases]
    count = len(items)
    picked = sum(case.picked == group.paradigm for case, _ in group.cases)
    return {
        "archetype": group.archetype,
        "size": group.size,
        "paradigm": group.paradigm,
        "picked": f"{picked} of {count}" if picked else "",
        "variables": round(statistics.median(item.variables for item in items)),
        "rows": round(statistics.median(item.rows for item in items)),
        "LP gap %": round(statistics.median(group.gaps), 2) if group.gaps else "",
        "nodes": round(statistics.median(group.nodes)) if group.nodes else "",
        "s": float(f"{statistics.median(group.seconds):.3g}"),
        "finished": f"{sum(item.finished for item in items)} of {count}",
    }


def _share(cases: Sequence[Case], floor: float) -> dict[str, JsonValue]:
    good, count = good_and_all(cases, floor)
    by_archetype: dict[str, JsonValue] = {}
    for archetype, several in groupby(cases, lambda case: case.place.archetype):
        by_archetype[archetype] = list(good_and_all(list(several), floor))
    return {
        "name": (
            "instances on which the pick is within 20% "
            f"{f'or {floor} s ' if floor else ''}of the fastest paradigm"
        ),
        "floor": floor,
        "unit": "share",
        "value": good / count if count else None,
        "spread": list(wilson(good, count)),
        "count": count,
        "by_archetype": by_archetype,
        "seed": _distinct(case.place.seed for case in cases),
        "starts": _distinct(_starts(cases)),
    }


def _measured(group: Group) -> dict[str, JsonValue]:
    return {
        "name": group.name,
        "unit": "s",
        "value": statistics.median(group.seconds),
        "spread": [min(group.seconds), max(group.seconds)],
        "values": list(group.seconds),
        "finished": [item.finished for _, item in group.cases],
        "nodes": [item.nodes for _, item in group.cases],
        "lp_gaps": [gap(case, item) for case, item in group.cases],
        "by_order": [list(item.by_order) for _, item in group.cases],
        "relaxed_seconds": [item.relaxed_seconds for _, item in group.cases],
        "seed": [case.place.seed for case, _ in group.cases],
        "starts": _distinct(item.start for _, item in group.cases),
    }


def _sentences(cases: Sequence[Case], starts: Sequence[Start], limit: float) -> list[str]:
    good, count = good_and_all(cases)
    low, high = wilson(good, count)
    strict, _ = good_and_all(cases, 0.0)
    told = [
        f"The paradigm that R2C picks is within 20% of the fastest one on {good} of {count} "
        f"instances ({100 * good / max(1, count):.0f}%, 95% interval {100 * low:.0f} to "
        f"{100 * high:.0f}%); less than {FLOOR} s is no difference, and a solve that did not "
        f"finish counts as {limit:g} s. Were every hundredth of a second a difference, it would be "
        f"{strict} of {count}.",
        "LP gap is the distance from the relaxation to the best known plan. All figures are "
        "medians over the instances of a size.",
    ]
    deciding = where_it_matters(cases)
    told.append(
        f"On {len(deciding)} instances it matters what is picked; there "
        f"{good_and_all(deciding)[0]} picks are good. One paradigm for each archetype, the best of "
        f"those measured as it turned out, would be good on {best_constant(cases)} of {count}."
    )
    if worse := _worse(cases):
        told.append(f"Good picks by archetype, where not all are good: {worse}.")
    if orders := max((len(item.by_order) for case in cases for item in case.possible), default=0):
        told.append(
            f"Each model was solved in up to {orders} orders of its rows and variables; its time "
            "is the median."
        )
    if none := sum(is_good(case) is None for case in cases):
        told.append(f"On {none} instances R2C picks no single exact paradigm.")
    if hopeless := sum(not any(item.finished for item in case.possible) for case in cases):
        told.append(f"On {hopeless} instances no paradigm finished; there every pick is good.")
    used = [starts[number] for number in sorted(_starts(cases))]
    machines = {str(start["machine"]).rpartition(", load ")[0]: None for start in used}
    commits = {str(start["commit"]) or "unknown": None for start in used}
    told.append(f"HiGHS with one thread; {' and '.join(machines)}; commit {' and '.join(commits)}.")
    return told


def _worse(cases: Sequence[Case]) -> str:
    """The archetypes on which some pick is not good."""
    parts = []
    for archetype, several in groupby(cases, lambda case: case.place.archetype):
        good, count = good_and_all(list(several))
        if good < count:
            parts.append(f"{archetype} {good} of {count}")
    return ", ".join(parts)


def _starts(cases: Sequence[Case]) -> set[int]:
    return {item.start for case in cases for item in case.measurements}


def _distinct(numbers: Iterable[int]) -> list[JsonValue]:
    return [*sorted(set(numbers))]
