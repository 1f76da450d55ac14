"""The numbers that rules state and a plan has reached, and models in which one of them is moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from r2c.formulation import RowReport
from r2c.solve.compiled import Compiled
from r2c.solve.matrix import Matrix
from r2c.solve.room import ROOM, room


@dataclass(frozen=True)
class StatedNumber:
    """The end of a row that a plan has reached; `lower` and `upper` say where it stands.

    An equation ends at the same number on both sides. `end` is the row's; the rule states
    `report.data_sign * end`.
    """

    row: int
    report: RowReport
    end: float
    lower: bool
    upper: bool

    @property
    def stated(self) -> float:
        """The number as the rule states it."""
        return self.report.data_sign * self.end + 0.0

    def moved(self, matrix: Matrix, end: float) -> Matrix | None:
        """The model with another end; None if the row's other end then excludes every plan."""
        low, high = matrix.row_lower.copy(), matrix.row_upper.copy()
        if self.lower:
            low[self.row] = end
        if self.upper:
            high[self.row] = end
        if low[self.row] > high[self.row]:
            return None
        return replace(matrix, row_lower=low, row_upper=high)


def reached_numbers(model: Compiled, rows: Iterable[RowReport]) -> list[StatedNumber]:
    """The numbers of the rows that are reached, of rows that state one."""
    places = {entry.name: row for row, entry in enumerate(model.map.rows)}
    found = []
    for report in rows:
        row = places.get(report.row)
        if row is None or not report.data_sign:
            continue
        low, high = float(model.matrix.row_lower[row]), float(model.matrix.row_upper[row])
        lower, upper = (_reached(report.activity, end) for end in (low, high))
        if upper or lower:
            # Of two ends so near to each other that both are reached only one can be moved.
            lower = lower and (low == high or not upper)
            found.append(StatedNumber(row, report, high if upper else low, lower, upper))
    return found


def nearly_reached(model: Compiled, rows: Iterable[RowReport]) -> list[StatedNumber]:
    """Numbers that stop a plan of whole numbers a little before them.

    In such rows all factors are of whole decisions, and the room left is too small for the
    smallest.
    """
    matrix = model.matrix
    places = {entry.name: row for row, entry in enumerate(model.map.rows)}
    found = []
    for report in rows:
        row = places.get(report.row)
        if row is None or not report.data_sign:
            continue
        span = slice(int(matrix.starts[row]), int(matrix.starts[row + 1]))
        if not span.stop > span.start or not matrix.integer[matrix.columns[span]].all():
            continue
        least = float(np.abs(matrix.values[span]).min())
        for upper, end in ((True, report.upper), (False, report.lower)):
            if end is None or _reached(report.activity, end):
                continue
            if abs(report.activity - end) < least * (1 - ROOM):
                found.append(StatedNumber(row, report, end, not upper, upper))
                break
    return found


def spread_over_rules(found: Iterable[StatedNumber], most: int) -> list[StatedNumber]:
    """At most so many, one of each rule before a second of any."""
    given: dict[str, int] = {}
    ranked = []
    for place, item in enumerate(found):
        rank = given[item.report.rule] = given.get(item.report.rule, -1) + 1
        ranked.append((rank > 0, place, item))
    return [item for *_, item in sorted(ranked, key=lambda entry: entry[:2])][:most]


def _reached(activity: float, end: float) -> bool:
    return bool(np.isfinite(end)) and abs(activity - end) <= room(end)


def without_noise(end: float, scale: float) -> float | None:
    """An end without the digits that the solver's tolerance has made; None if it is infinite."""
    if not np.isfinite(end):
        return None
    return 0.0 if abs(end) < 1e-7 * max(1.0, abs(scale)) else float(f"{end:.8g}")
