"""A linear program in which one end of a row is free while the optimum stays on a line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from r2c.solve.matrix import Goal, Matrix
from r2c.solve.stated_numbers import StatedNumber

_ROOM = 1e-10
"""Share by which the line may be missed, so that rounding does not exclude the plan itself."""


def on_the_line(
    matrix: Matrix, number: StatedNumber, goal: Goal, worth: float, slope: float
) -> Matrix:
    """The model with one more column, the shift of the end, and the line as a row.

    `worth` is without the goal's constant. The other end of the row stays where it is.
    """
    size, row = matrix.shape[1], number.row
    span = slice(int(matrix.starts[row]), int(matrix.starts[row + 1]))
    low, high = float(matrix.row_lower[row]), float(matrix.row_upper[row])
    row_lower, row_upper = matrix.row_lower.copy(), matrix.row_upper.copy()
    row_lower[row] = low if number.lower else -np.inf
    row_upper[row] = high if number.upper else np.inf
    scale = max(float(np.abs(goal.cost).max(initial=0.0)), abs(slope)) or 1.0
    used = np.flatnonzero(goal.cost)
    best = worth / scale
    room = _ROOM * max(1.0, abs(best))
    minimal = goal.sense == "min"
    pieces = [
        (np.append(used, size), np.append(goal.cost[used], -slope) / scale,
         -np.inf if minimal else best - room, best + room if minimal else np.inf),
    ]  # fmt: skip
    other = (-np.inf if number.lower else low, np.inf if number.upper else high)
    if np.isfinite(other).any():
        pieces.append((matrix.columns[span], matrix.values[span], *other))
    inserted = span.stop
    columns = np.insert(matrix.columns, inserted, size)
    values = np.insert(matrix.values, inserted, -1.0)
    starts = matrix.starts + (np.arange(len(matrix.starts)) > row)
    for entries, factors, *_ in pieces:
        columns, values = np.append(columns, entries), np.append(values, factors)
        starts = np.append(starts, starts[-1] + len(entries))
    return replace(
        matrix,
        lower=np.append(matrix.lower, -np.inf),
        upper=np.append(matrix.upper, np.inf),
        integer=np.append(matrix.integer, False),
        starts=starts.astype(np.int32),
        columns=columns.astype(np.int32),
        values=values,
        row_lower=np.append(row_lower, [piece[2] for piece in pieces]),
        row_upper=np.append(row_upper, [piece[3] for piece in pieces]),
    )
