"""Chooses for every delta block how finely it is read: not at all, in 4 or 8 bits, or in full.

Deltas of different experts are close to orthogonal, so the squared error of the merge is close to
the sum of the squared weighted errors of the blocks. That sum is lowered step by step, the step
with the most reduction a byte first, along the lower convex hull of each block's (bytes, error).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Level(IntEnum):
    """How finely a block is read."""

    SKIP = 0
    FOUR = 1
    EIGHT = 2
    FULL = 3


@dataclass(frozen=True)
class Offers:
    """What reading each block costs and what error is left, by level.

    Args:
        costs: Bytes, shape (blocks, 4); infinite where a level does not exist. Column 0 is 0.
        errors: Norm of what is left out times its coefficient, shape (blocks, 4).
    """

    costs: NDArray[np.float64]
    errors: NDArray[np.float64]


def choose(offers: Offers, budget: int | None) -> NDArray[np.int64]:
    """The level of each block; their costs add up to no more than `budget`.

    Blocks of no error are skipped. Ties go to the earlier block, so equal offers make equal plans.
    """
    levels = np.zeros(len(offers.costs), np.int64)
    wanted = offers.errors[:, 0] > 0
    if budget is None:
        levels[wanted] = Level.FULL
        return levels
    full = float(offers.costs[wanted, Level.FULL].sum())
    if full <= budget:
        levels[wanted] = Level.FULL
        return levels
    left = float(budget)
    for block, start, stop in _steps(offers):
        if levels[block] != start:
            continue
        cost = offers.costs[block, stop] - offers.costs[block, start]
        if cost <= left:
            left -= cost
            levels[block] = stop
    return levels


def choose_by_error(offers: Offers, good: Callable[[NDArray[np.int64]], bool]) -> NDArray[np.int64]:
    """The levels after the fewest steps that make a plan `good`; all in full if none does.

    `good` must stay true once it is.
    """
    steps = _steps(offers)
    low, high = 0, len(steps)
    while low < high:
        middle = (low + high) // 2
        if good(_after(offers, steps[:middle])):
            high = middle
        else:
            low = middle + 1
    return _after(offers, steps[:low])


def _after(offers: Offers, steps: list[tuple[int, int, int]]) -> NDArray[np.int64]:
    levels = np.zeros(len(offers.costs), np.int64)
    for block, _, stop in steps:
        levels[block] = stop
    return levels


def _steps(offers: Offers) -> list[tuple[int, int, int]]:
    """(block, from level, to level), the best first; the steps of one block are in order."""
    count = len(offers.costs)
    blocks = np.arange(count)
    squares = offers.errors**2
    current = np.zeros(count, np.int64)
    found = []
    for _ in range(Level.FULL):
        cost = offers.costs - offers.costs[blocks, current][:, None]
        gain = squares[blocks, current][:, None] - squares
        possible = np.isfinite(cost) & (gain > 0)
        # A level that is better for no more bytes comes at once.
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = np.where(possible, gain / np.maximum(cost, 0), -1.0)
        slope[np.isnan(slope)] = np.inf
        best = np.argmax(slope, axis=1)
        some = slope[blocks, best] > 0
        found.append((slope[blocks, best][some], blocks[some], current[some], best[some]))
        current = np.where(some, best, current)
    slope, block, start, stop = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((start, block, -slope))
    return list(
        zip(block[order].tolist(), start[order].tolist(), stop[order].tolist(), strict=True)
    )
