"""How much would have to give: the least relaxation of rules that makes a model feasible."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from r2c.cir.members import Key
from r2c.solve.ask import ask
from r2c.solve.compiled import Compiled
from r2c.solve.data_sign import DataSigns
from r2c.solve.limits import Limits
from r2c.solve.matrix import Goal, Matrix
from r2c.solve.process import SolverProcess

Side = Literal["lower", "upper"]

_OPPOSITE: dict[Side, Side] = {"lower": "upper", "upper": "lower"}
_NOTHING = 1e-7


@dataclass(frozen=True)
class Relaxation:
    """One row that gives way: its upper end raised or its lower end lowered by `amount`.

    `side` and `end` are those of the number as the rule states it.
    """

    rule: str
    row: str
    key: Key
    side: Side
    amount: float
    end: float


def least_relaxation(
    model: Compiled,
    process: SolverProcess,
    limits: Limits,
    rules: Collection[str] | None = None,
) -> tuple[Relaxation, ...] | None:
    """The smallest total relaxation, in proportion to each row's limit, that makes plans possible.

    Rows give way whose rule states one number; others have nothing that could be raised or lowered.

    Args:
        model: The model; its bounds and whole numbers stay hard.
        process: The solver process.
        limits: What the search may cost.
        rules: The rules that may give way; all if None.

    Returns:
        The rows that give way, largest share first; empty if the model is feasible; None if
        relaxing these rules does not help or no optimum was found in time.
    """
    matrix = model.matrix
    entries = model.map.rows
    found = DataSigns(model.plain)
    signs = [found.of(entry.row, entry.part) for entry in entries]
    places: list[tuple[int, Side]] = []
    for row, entry in enumerate(entries):
        if not signs[row] or (rules is not None and entry.rule not in rules):
            continue
        if np.isfinite(matrix.row_lower[row]):
            places.append((row, "lower"))
        if np.isfinite(matrix.row_upper[row]):
            places.append((row, "upper"))
    elastic, goal = _elastic(matrix, places)
    answer = ask(process, elastic, goal, limits, seconds=limits.seconds)
    if answer.reading != "optimal" or answer.point is None:
        return None
    amounts = answer.point[matrix.shape[1] :]
    given = [
        Relaxation(
            entries[row].rule,
            entries[row].name,
            entries[row].key,
            side if signs[row] > 0 else _OPPOSITE[side],
            float(amount),
            signs[row] * _end(matrix, row, side) + 0.0,
        )
        for (row, side), amount in zip(places, amounts, strict=True)
        if amount > _NOTHING * max(1.0, abs(_end(matrix, row, side)))
    ]
    return tuple(sorted(given, key=lambda item: -item.amount / max(1.0, abs(item.end))))


def _end(matrix: Matrix, row: int, side: Side) -> float:
    ends = matrix.row_lower if side == "lower" else matrix.row_upper
    return float(ends[row])


def _elastic(matrix: Matrix, places: list[tuple[int, Side]]) -> tuple[Matrix, Goal]:
    """The matrix with a slack column for each open end, and the goal to use little of them."""
    size, count = matrix.shape[1], len(places)
    rows = np.concatenate([matrix.row_numbers, np.array([row for row, _ in places], np.int32)])
    columns = np.concatenate([matrix.columns, np.arange(size, size + count)])
    signs = [1.0 if side == "lower" else -1.0 for _, side in places]
    values = np.concatenate([matrix.values, np.array(signs, np.float64)])
    order = np.argsort(rows, kind="stable")
    counts = np.bincount(rows, minlength=matrix.shape[0])
    weights = [1.0 / max(1.0, abs(_end(matrix, row, side))) for row, side in places]
    none = np.zeros(0, np.int32)
    goal = Goal("min", 0.0, np.concatenate([np.zeros(size), weights]), none, none, np.zeros(0))
    elastic = replace(
        matrix,
        lower=np.concatenate([matrix.lower, np.zeros(count)]),
        upper=np.concatenate([matrix.upper, np.full(count, np.inf)]),
        integer=np.concatenate([matrix.integer, np.zeros(count, np.bool_)]),
        starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        columns=columns[order].astype(np.int32),
        values=values[order],
    )
    return elastic, goal
