"""Whether two models are one, up to names, orders and ways to write a row.

A model is a graph of columns and rows, whose colours are refined by those of their neighbours
(Weisfeiler and Leman 1968; of models Chen et al. 2023, "On Representing Linear Programs by Graph
Neural Networks", sec. 3). Of columns that stay alike one is picked; what is found is checked.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from r2c.solve.matrix import Matrix

MOST_ENTRIES = 200_000
"""Models with more entries are not compared."""
_MOST_TRIES = 500
_MOST_WORK = 2_000_000
"""Entries that are gone through while columns are tried."""
_DIGITS = 9
_SLACK = 1e-6

Row = tuple[float, tuple[tuple[int, float], ...]]
Colours = list[int]
_IMPOSSIBLE: Row = (-1.0, ())


def correspondence(one: Matrix, other: Matrix) -> NDArray[np.int64] | None:
    """For each column of one model the column of the other that it is.

    Args:
        one: A model.
        other: Another one.

    Returns:
        Shape (columns,), a permutation; None if there is none, or if it was not found within
        bounds of size and of tries.
    """
    if one.shape[1] != other.shape[1] or len(one.goals) != len(other.goals):
        return None
    if max(len(one.values), len(other.values)) > MOST_ENTRIES:
        return None
    left, right = _alike(one), _alike(other)
    if len(left.rows) != len(right.rows):
        return None
    tries = [min(_MOST_TRIES, _MOST_WORK // max(1, len(one.values)))]
    first = _Palette()
    colours = _refined(left, right, first.of(left.columns), first.of(right.columns))
    found = None if colours is None else _matched(left, right, *colours, tries)
    return None if found is None else np.array(found, np.int64)


@dataclass(frozen=True)
class _Graph:
    """A model in the one way of writing; `columns` is what is known of each column alone."""

    columns: tuple[Hashable, ...]
    rows: tuple[Row, ...]
    squares: tuple[dict[tuple[int, int], float], ...]
    """For each goal the weights of products, each pair in order."""


class _Palette:
    """Numbers for what nodes look like: the same number for the same looks."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}

    def of(self, looks: Sequence[Hashable]) -> Colours:
        return [self._numbers.setdefault(look, len(self._numbers)) for look in looks]


def _alike(matrix: Matrix) -> _Graph:
    r"""The model in one way of writing.

    Rows are \(\le\) with entries of at most 1 in magnitude, each once; a row of one variable is its
    bound; whole variables have whole bounds; what is maximized is minimized. So a limit that is
    scaled, turned around or told twice makes no other model; another unit of a variable does.
    """
    lower, upper = matrix.lower.copy(), matrix.upper.copy()
    rows: set[Row] = set()
    for i, (low, high) in enumerate(zip(matrix.row_lower, matrix.row_upper, strict=True)):
        part = slice(matrix.starts[i], matrix.starts[i + 1])
        terms = _terms(matrix.columns[part], matrix.values[part])
        if len(terms) == 1:
            ((column, factor),) = terms
            ends = sorted((low / factor, high / factor))
            lower[column] = max(lower[column], ends[0])
            upper[column] = min(upper[column], ends[1])
            continue
        if not terms:
            rows |= set() if low <= 0 <= high else {_IMPOSSIBLE}
            continue
        scale = max(abs(factor) for _, factor in terms)
        for end, sign in ((high, 1.0), (-low, -1.0)):
            if math.isfinite(end) or end < 0:
                side = tuple((column, _rounded(sign * factor / scale)) for column, factor in terms)
                rows.add((_rounded(end / scale), side))
    lower[matrix.integer] = np.ceil(lower[matrix.integer] - _SLACK)
    upper[matrix.integer] = np.floor(upper[matrix.integer] + _SLACK)
    signs = [1.0 if goal.sense == "min" else -1.0 for goal in matrix.goals]
    costs = [sign * goal.cost for sign, goal in zip(signs, matrix.goals, strict=True)]
    squares = tuple(
        {
            (int(i), int(j)): _rounded(sign * weight)
            for i, j, weight in zip(goal.first, goal.second, goal.weights, strict=True)
            if weight
        }
        for sign, goal in zip(signs, matrix.goals, strict=True)
    )
    constants = tuple(
        _rounded(sign * goal.offset) for sign, goal in zip(signs, matrix.goals, strict=True)
    )
    columns: tuple[Hashable, ...] = tuple(
        (
            _rounded(lower[j]), _rounded(upper[j]), bool(matrix.integer[j]),
            tuple(_rounded(cost[j]) for cost in costs), constants,
        )
        for j in range(matrix.shape[1])
    )  # fmt: skip
    return _Graph(columns, tuple(rows), squares)


def _terms(columns: NDArray[np.int32], values: NDArray[np.float64]) -> list[tuple[int, float]]:
    sums: dict[int, float] = {}
    for column, value in zip(columns.tolist(), values.tolist(), strict=True):
        sums[column] = sums.get(column, 0.0) + value
    return sorted((column, value) for column, value in sums.items() if value)


def _rounded(value: float) -> float:
    """Nine digits, for sums are taken in another order elsewhere; never -0."""
    return float(f"{value:.{_DIGITS}g}") + 0.0


def _refined(
    left: _Graph, right: _Graph, ours: Colours, theirs: Colours
) -> tuple[Colours, Colours] | None:
    """The colours of the columns when they change no more; None if the two models part."""
    while True:
        if sorted(ours) != sorted(theirs):
            return None
        fresh = _Palette()
        rows = _Palette()
        next_ours = fresh.of(_looks(left, ours, rows))
        next_theirs = fresh.of(_looks(right, theirs, rows))
        if len(set(next_ours)) == len(set(ours)) and sorted(next_ours) == sorted(next_theirs):
            return next_ours, next_theirs
        ours, theirs = next_ours, next_theirs


def _looks(graph: _Graph, colours: Colours, palette: _Palette) -> list[Hashable]:
    """Each column with its colour, and the rows and products that it is in as they look now."""
    seen: list[list[tuple[float, ...]]] = [[] for _ in colours]
    looks = [
        (end, tuple(sorted((factor, colours[column]) for column, factor in terms)))
        for end, terms in graph.rows
    ]
    for (_, terms), look in zip(graph.rows, palette.of(looks), strict=True):
        for column, factor in terms:
            seen[column].append((look, factor))
    for tier, squares in enumerate(graph.squares):
        for (i, j), weight in squares.items():
            seen[i].append((tier, weight, colours[j], float(i == j)))
            if i != j:
                seen[j].append((tier, weight, colours[i], 0.0))
    return [(colour, tuple(sorted(own))) for colour, own in zip(colours, seen, strict=True)]


def _matched(
    left: _Graph, right: _Graph, ours: Colours, theirs: Colours, tries: list[int]
) -> list[int] | None:
    """A permutation that keeps the colours and turns the one model into the other."""
    classes: dict[int, list[int]] = {}
    for column, colour in enumerate(theirs):
        classes.setdefault(colour, []).append(column)
    several = [colour for colour in classes if len(classes[colour]) > 1]
    if not several:
        found = [classes[colour][0] for colour in ours]
        return found if _moved(left, found) == _whole(right) else None
    picked = min(several, key=lambda colour: (len(classes[colour]), colour))
    column = ours.index(picked)
    for candidate in classes[picked]:
        if tries[0] == 0:
            return None
        tries[0] -= 1
        apart = 1 + max(ours)
        colours = _refined(
            left, right,
            [*ours[:column], apart, *ours[column + 1 :]],
            [*theirs[:candidate], apart, *theirs[candidate + 1 :]],
        )  # fmt: skip
        found_here = None if colours is None else _matched(left, right, *colours, tries)
        if found_here is not None:
            return found_here
    return None


def _moved(graph: _Graph, to: list[int]) -> object:
    """The model with each column in its new place."""
    columns = {to[column]: look for column, look in enumerate(graph.columns)}
    rows = {
        (end, tuple(sorted((to[column], factor) for column, factor in terms)))
        for end, terms in graph.rows
    }
    squares = [
        {(min(to[i], to[j]), max(to[i], to[j])): weight for (i, j), weight in found.items()}
        for found in graph.squares
    ]
    return columns, rows, squares


def _whole(graph: _Graph) -> object:
    return _moved(graph, list(range(len(graph.columns))))
