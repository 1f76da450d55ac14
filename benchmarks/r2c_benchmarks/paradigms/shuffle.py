"""The same problem with rows and variables in another order.

What a search meets first decides ties, so that its time depends on an order that means nothing; on
hard instances by a factor of two and more (A. Lodi and A. Tramontani, Performance Variability in
Mixed-Integer Programming, 2013). A median over some orders tells more of a paradigm than one run.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np

from r2c.solve.matrix import Goal, Ints, Matrix


def in_order(matrix: Matrix, number: int) -> Matrix:
    """The problem in order `number`; 0 is the one that it is written in."""
    if number == 0:
        return matrix
    random = Random(number)
    rows, columns = (_order(random, count) for count in matrix.shape)
    place = np.argsort(columns).astype(np.int32)
    counts = np.diff(matrix.starts)[rows]
    entries = np.concatenate(
        [np.arange(matrix.starts[row], matrix.starts[row + 1]) for row in rows]
        or [np.zeros(0, dtype=np.int64)]
    )
    return replace(
        matrix,
        lower=matrix.lower[columns],
        upper=matrix.upper[columns],
        integer=matrix.integer[columns],
        starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        columns=place[matrix.columns[entries]],
        values=matrix.values[entries],
        row_lower=matrix.row_lower[rows],
        row_upper=matrix.row_upper[rows],
        goals=tuple(_moved(goal, columns, place) for goal in matrix.goals),
    )


def _order(random: Random, count: int) -> Ints:
    found = list(range(count))
    random.shuffle(found)
    return np.array(found, dtype=np.int32)


def _moved(goal: Goal, columns: Ints, place: Ints) -> Goal:
    ends = place[goal.first], place[goal.second]
    return replace(goal, cost=goal.cost[columns], first=np.minimum(*ends), second=np.maximum(*ends))
