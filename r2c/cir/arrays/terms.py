"""Linear terms of many rows: for each row some columns with their coefficients, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from r2c.cir.arrays.codes import Floats, Ints, sums

Columns = NDArray[np.int32]
Counts = Ints | int


@dataclass(frozen=True)
class Terms:
    """Row by row the entries, `counts` in each; a plain number where all rows have as many.

    `values` is a plain number where all coefficients are the same. `distinct` promises that no
    column occurs twice in a row; it may be so without.
    """

    size: int
    counts: Counts
    columns: Columns
    values: Floats | float
    distinct: bool = False

    @property
    def per_row(self) -> Ints:
        """The number of entries of each row."""
        if isinstance(self.counts, int):
            return np.full(self.size, self.counts, np.int64)
        return self.counts

    @property
    def coefficients(self) -> Floats:
        """The coefficient of each entry."""
        if isinstance(self.values, float):
            return np.full(len(self.columns), self.values)
        return self.values

    @property
    def starts(self) -> Ints:
        """Where each row begins, and where the last one ends."""
        return np.concatenate([[0], np.cumsum(self.per_row)])

    @property
    def rows(self) -> Ints:
        """The row of each entry."""
        return np.repeat(np.arange(self.size), self.counts)

    def times(self, factor: Floats | float) -> Terms:
        """Every row multiplied by a number of its own, or by one for all."""
        if isinstance(factor, float):
            return replace(self, values=self.values * factor)
        if isinstance(self.values, float) and self.values == 1:
            return replace(self, values=self.spread(factor))
        return replace(self, values=self.values * self.spread(factor))

    def spread(self, values: Floats) -> Floats:
        """A number for each row as one for each entry."""
        single = isinstance(self.counts, int) and self.counts == 1
        return values if single else np.repeat(values, self.counts)

    def gathered(self, counts: Counts) -> Terms:
        """Fewer rows: each is so many of the old ones, one behind the other."""
        size = len(counts) if not isinstance(counts, int) else self.size // max(counts, 1)
        if isinstance(counts, int) and isinstance(self.counts, int):
            found = Terms(size, self.counts * counts, self.columns, self.values)
        elif isinstance(self.counts, int):
            found = Terms(size, counts * self.counts, self.columns, self.values)
        else:
            ends = np.cumsum(counts if not isinstance(counts, int) else np.full(size, counts))
            bounds = self.starts[np.concatenate([[0], ends])]
            found = Terms(size, np.diff(bounds), self.columns, self.values)
        side_by_side = self.counts if isinstance(self.counts, int) else 1
        return replace(found, distinct=found.rises(side_by_side))

    def take(self, rows: Ints) -> Terms:
        """Some rows, in any order, also more than once."""
        if isinstance(self.counts, int):
            place = rows[:, None] * self.counts + np.arange(self.counts)
            counts: Counts = self.counts
        else:
            counts = self.counts[rows]
            place = runs(self.starts[rows], counts)
        place = place.ravel()
        values = self.values if isinstance(self.values, float) else self.values[place]
        return Terms(len(rows), counts, self.columns[place], values, self.distinct)

    def keep(self, which: NDArray[np.bool_]) -> Terms:
        """Some of the entries."""
        if which.all():
            return self
        counts = np.bincount(self.rows[which], minlength=self.size)
        kept = self.coefficients[which]
        return Terms(self.size, counts, self.columns[which], kept, self.distinct)

    def without_zeros(self) -> Terms:
        """The entries whose coefficient is not 0."""
        if isinstance(self.values, float):
            return self if self.values else nothing(self.size)
        return self.keep(self.values != 0)

    @cached_property
    def span(self) -> tuple[int, int]:
        """The lowest and the highest column."""
        if not len(self.columns):
            return 0, -1
        return int(self.columns.min()), int(self.columns.max())

    def rises(self, every: int = 1) -> bool:
        """Whether each row runs up through columns, or `every` so manieth entry through its own."""
        columns = self.columns
        if every > _FEW or len(columns) <= every:
            return len(columns) < 2
        rising = columns[every:] > columns[:-every]
        if isinstance(self.counts, int) and self.size == 1:
            pass
        else:
            # The first entries of a row need not go on from those of the row before.
            heads = self.starts[1:-1]
            for place in range(every):
                at = heads + place - every
                rising[at[(at >= 0) & (at < len(rising))]] = True
        if not rising.all():
            return False
        spans = sorted((own.min(), own.max()) for own in (columns[k::every] for k in range(every)))
        return all(first[1] < second[0] for first, second in pairwise(spans))

    def repeats(self) -> bool:
        """Whether a column occurs twice in a row."""
        few = isinstance(self.counts, int) and self.counts <= _FEW
        if self.distinct or len(self.columns) < 2 or self.rises():
            return False
        if few:
            table = self.columns.reshape(self.size, -1)
            pairs = combinations(range(table.shape[1]), 2)
            return any(bool((table[:, i] == table[:, j]).any()) for i, j in pairs)
        entries = self.rows * (self.span[1] + 1) + self.columns
        entries.sort()
        return bool((entries[1:] == entries[:-1]).any())

    def merged(self) -> Terms:
        """Each column once a row, where it came first, with coefficients added as they come."""
        if not self.repeats():
            return self
        width = self.span[1] + 1
        entries = self.rows * width + self.columns
        _, first, group = np.unique(entries, return_index=True, return_inverse=True)
        added = sums(group.ravel(), self.coefficients, len(first))
        order = np.argsort(first)
        place = first[order]
        counts = np.bincount(self.rows[place], minlength=self.size)
        return Terms(self.size, counts, self.columns[place], added[order], distinct=True)


_FEW = 6


def nothing(size: int) -> Terms:
    """Rows without any term."""
    return Terms(size, 0, np.zeros(0, np.int32), 1.0)


def joined(parts: Sequence[Terms]) -> Terms:
    """The rows of several of the same size side by side."""
    parts = [part for part in parts if len(part.columns)] or list(parts[:1])
    if len(parts) == 1:
        return parts[0]
    regular = [part.counts for part in parts if isinstance(part.counts, int)]
    tables = len(regular) == len(parts)
    found = _joined_tables(parts, regular) if tables else _joined_runs(parts)
    return replace(found, distinct=_are_apart(parts))


def _joined_tables(parts: Sequence[Terms], widths: Sequence[int]) -> Terms:
    size, width = parts[0].size, sum(widths)
    columns = np.concatenate([part.columns.reshape(size, -1) for part in parts], axis=1).ravel()
    alike = {part.values for part in parts if isinstance(part.values, float)}
    if len(alike) == 1 and all(isinstance(part.values, float) for part in parts):
        return Terms(size, width, columns, alike.pop())
    values = np.empty((size, width))
    start = 0
    for part, own in zip(parts, widths, strict=True):
        given = part.values
        values[:, start : start + own] = (
            given if isinstance(given, float) else given.reshape(size, own)
        )
        start += own
    return Terms(size, width, columns, values.ravel())


def _joined_runs(parts: Sequence[Terms]) -> Terms:
    per_row = np.stack([part.per_row for part in parts], axis=1)
    total = per_row.sum(axis=1)
    numbers = np.tile(np.arange(len(parts), dtype=np.min_scalar_type(len(parts))), len(total))
    owner = np.repeat(numbers, per_row.ravel())
    columns = np.empty(len(owner), np.int32)
    values = np.empty(len(owner))
    for number, part in enumerate(parts):
        own = owner == number
        columns[own] = part.columns
        values[own] = part.values
    return Terms(parts[0].size, total, columns, values)


def _are_apart(parts: Sequence[Terms]) -> bool:
    """Whether it is easily seen that no column occurs twice in a row of parts side by side."""
    if not all(part.distinct for part in parts):
        return False
    return all(_apart(one, other) for one, other in combinations(parts, 2))


def _apart(one: Terms, other: Terms) -> bool:
    if one.span[1] < other.span[0] or other.span[1] < one.span[0]:
        return True
    if all(isinstance(part.counts, int) and part.counts == 1 for part in (one, other)):
        return not bool((one.columns == other.columns).any())
    owner = np.full(max(one.span[1], other.span[1]) + 1, -1, np.int32)
    rows, others = (
        np.repeat(np.arange(part.size, dtype=np.int32), part.counts) for part in (one, other)
    )
    owner[one.columns] = rows
    once = bool((owner[one.columns] == rows).all())  # else other rows have the columns too
    return once and not bool((owner[other.columns] == others).any())


def stacked(parts: Sequence[Terms]) -> Terms:
    """The rows of several, one below the other."""
    if len(parts) == 1:
        return parts[0]
    columns = np.concatenate([part.columns for part in parts])
    counts = np.concatenate([part.per_row for part in parts])
    alike = {part.values for part in parts if isinstance(part.values, float)}
    values: Floats | float
    if len(alike) == 1 and all(isinstance(part.values, float) for part in parts):
        values = alike.pop()
    else:
        values = np.concatenate([part.coefficients for part in parts])
    distinct = all(part.distinct for part in parts)
    return Terms(sum(part.size for part in parts), counts, columns, values, distinct)


def runs(begin: Ints, counts: Ints) -> Ints:
    """The numbers from each beginning on, so many each."""
    total = int(counts.sum())
    ends = np.cumsum(counts)
    found: Ints = np.arange(total) + np.repeat(begin - (ends - counts), counts)
    return found
