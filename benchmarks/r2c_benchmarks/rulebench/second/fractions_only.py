"""Small linear models in exact fractions: the simplex method and branching, in plain Python.

Slow on purpose: nothing is rounded, so an optimum that it finds is one.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Literal

from r2c.solve.matrix import Matrix
from r2c_benchmarks.rulebench.optimum import Answer

COLUMNS = 40
ROWS = 60
"""Rows of a model that is tried, at most, bounds from above included."""
PIVOTS = 250
"""Steps, at most, over all branches."""
_ZERO = Fraction(0)

Row = tuple[dict[int, Fraction], Fraction]
"""Factors by column and what their sum must not exceed."""


class TooMuch(Exception):
    """More steps than there is time for."""


def exact_answer(matrix: Matrix) -> Answer | None:
    """The answer of a model; None if it is too large for fractions."""
    if len(matrix.goals) != 1 or matrix.goals[0].quadratic or matrix.shape[1] > COLUMNS:
        return None
    rows = _rows(matrix)
    if len(rows) > ROWS:
        return None
    try:
        return _Branching(matrix, rows).answer()
    except TooMuch:
        return None


def _exact(value: float) -> Fraction:
    return Fraction(repr(float(value))).limit_denominator(10**9)


def _rows(matrix: Matrix) -> list[Row]:
    found: list[Row] = []
    for i in range(matrix.shape[0]):
        part = slice(int(matrix.starts[i]), int(matrix.starts[i + 1]))
        factors: dict[int, Fraction] = {}
        for column, value in zip(
            matrix.columns[part].tolist(), matrix.values[part].tolist(), strict=True
        ):
            factors[column] = factors.get(column, _ZERO) + _exact(value)
        low, high = float(matrix.row_lower[i]), float(matrix.row_upper[i])
        if math.isfinite(high):
            found.append((factors, _exact(high)))
        if math.isfinite(low):
            found.append(({k: -value for k, value in factors.items()}, -_exact(low)))
    return found


class _Branching:
    def __init__(self, matrix: Matrix, rows: list[Row]) -> None:
        goal = matrix.goals[0]
        self._sign = 1 if goal.sense == "max" else -1
        self._offset = _exact(goal.offset)
        self._cost = [self._sign * _exact(value) for value in goal.cost.tolist()]
        self._rows = rows
        self._whole = [k for k, one in enumerate(matrix.integer.tolist()) if one]
        ends = zip(matrix.lower.tolist(), matrix.upper.tolist(), strict=True)
        self._ends: list[tuple[Fraction | None, Fraction | None]] = [
            tuple(_exact(end) if math.isfinite(end) else None for end in pair)  # type: ignore[misc]
            for pair in ends
        ]
        self._left = [PIVOTS]

    def answer(self) -> Answer | None:
        best: Fraction | None = None
        todo = [self._ends]
        while todo:
            ends = todo.pop()
            status, value, point = linear(self._cost, self._rows, ends, self._left)
            if status == "unbounded":
                return None if self._whole else Answer("unbounded")
            if status == "infeasible" or (best is not None and value <= best):
                continue
            split = next((k for k in self._whole if point[k].denominator != 1), None)
            if split is None:
                best = value
                continue
            floor = Fraction(math.floor(point[split]))
            low, high = ends[split]
            up = [(floor + 1, high) if k == split else end for k, end in enumerate(ends)]
            down = [(low, floor) if k == split else end for k, end in enumerate(ends)]
            todo += [up, down]
        if best is None:
            return Answer("infeasible")
        return Answer("optimal", float(self._sign * best + self._offset))


def linear(
    cost: list[Fraction],
    rows: list[Row],
    ends: list[tuple[Fraction | None, Fraction | None]],
    left: list[int],
) -> tuple[Literal["optimal", "infeasible", "unbounded"], Fraction, list[Fraction]]:
    """The largest cost under the rows; every column is moved to begin at 0, free ones are parted.

    Args:
        cost: By column.
        rows: What must hold.
        ends: The range of each column, None where it has no end.
        left: How many steps may still be taken; lowered.

    Raises:
        TooMuch: if they are used up.
    """
    if any(low is not None and high is not None and low > high for low, high in ends):
        return "infeasible", _ZERO, []
    parts: list[tuple[int, int]] = []
    shift = [low if low is not None else _ZERO for low, _ in ends]
    for k, (low, _) in enumerate(ends):
        parts.append((k, 1))
        if low is None:
            parts.append((k, -1))
    moved: list[Row] = []
    for factors, limit in rows:
        moved.append((factors, limit - sum(v * shift[k] for k, v in factors.items())))
    for k, (_, high) in enumerate(ends):
        if high is not None:
            moved.append(({k: Fraction(1)}, high - shift[k]))
    table = [[factors.get(k, _ZERO) * sign for k, sign in parts] for factors, _ in moved]
    status, found = _simplex(
        [cost[k] * sign for k, sign in parts], table, [limit for _, limit in moved], left
    )
    point = list(shift)
    for (k, sign), value in zip(parts, found, strict=False):
        point[k] += sign * value
    return status, sum((c * x for c, x in zip(cost, point, strict=True)), _ZERO), point


def _simplex(
    cost: list[Fraction], table: list[list[Fraction]], limits: list[Fraction], left: list[int]
) -> tuple[Literal["optimal", "infeasible", "unbounded"], list[Fraction]]:
    """Maximise `cost x` with `table x <= limits` and `x >= 0`, a helping column first if needed."""
    m, n = len(table), len(cost)
    one = Fraction(1)
    # Columns: x, slacks, the helping column, the limit.
    body = [
        [*row, *(one if i == k else _ZERO for k in range(m)), -one, limit]
        for i, (row, limit) in enumerate(zip(table, limits, strict=True))
    ]
    basis = [n + i for i in range(m)]
    aid = n + m
    if m and min(limits) < 0:
        worst = min(range(m), key=lambda i: limits[i])
        goal = [*([_ZERO] * aid), -one, _ZERO]
        _pivot(body, goal, basis, worst, aid, left)
        _climb(body, goal, basis, aid + 1, left)
        if goal[-1] != 0:
            return "infeasible", []
        if aid in basis:
            row = basis.index(aid)
            column = next((k for k in range(aid) if body[row][k] != 0), None)
            if column is not None:
                _pivot(body, goal, basis, row, column, left)
    goal = [*cost, *([_ZERO] * (m + 2))]
    for i, k in enumerate(basis):
        if k < n and goal[k] != 0:
            factor = goal[k]
            goal = [g - factor * b for g, b in zip(goal, body[i], strict=True)]
    if not _climb(body, goal, basis, aid, left):
        return "unbounded", []
    found = [_ZERO] * n
    for i, k in enumerate(basis):
        if k < n:
            found[k] = body[i][-1]
    return "optimal", found


def _climb(
    body: list[list[Fraction]], goal: list[Fraction], basis: list[int], width: int, left: list[int]
) -> bool:
    """Step until nothing is gained; False if there is no end.

    The first column and the first row that help are taken, so that no step is taken twice.
    """
    while True:
        column = next((k for k in range(width) if goal[k] > 0), None)
        if column is None:
            return True
        steps = [
            (row[-1] / row[column], basis[i], i) for i, row in enumerate(body) if row[column] > 0
        ]
        if not steps:
            return False
        _pivot(body, goal, basis, min(steps)[2], column, left)


def _pivot(
    body: list[list[Fraction]],
    goal: list[Fraction],
    basis: list[int],
    row: int,
    column: int,
    left: list[int],
) -> None:
    left[0] -= 1
    if left[0] < 0:
        raise TooMuch
    factor = body[row][column]
    body[row] = [value / factor if value else value for value in body[row]]
    used = [(k, value) for k, value in enumerate(body[row]) if value]
    for other in (*body[:row], *body[row + 1 :], goal):
        factor = other[column]
        if factor:
            for k, value in used:
                other[k] -= factor * value
    basis[row] = column
