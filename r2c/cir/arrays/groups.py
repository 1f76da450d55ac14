"""The members of a set sorted by their values at some positions, for loops that fix those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from r2c.cir.arrays.codes import DENSE, Ints, Place, is_rising, kept, places_of, stable_order
from r2c.cir.arrays.unvectorised import Unvectorised
from r2c.cir.members import Members


@dataclass(frozen=True)
class Groups:
    """Members grouped by their values at some positions.

    The members with the combined value `v` are `order[starts[v] : starts[v + 1]]`, in their own
    order; `keys` holds the combined values that occur where they are too many to be counted all.
    `in_order` says that the members stand in groups already.
    """

    in_order: bool
    order: Ints
    starts: Ints
    keys: Ints | None
    largest: int

    def find(self, values: Ints) -> tuple[Ints, Ints]:
        """Where the groups of combined values (-1 for none) begin in `order`, and their sizes."""
        if not self.order.size:
            return np.zeros_like(values), np.zeros_like(values)
        place = values
        if self.keys is not None:
            place = np.minimum(np.searchsorted(self.keys, values), len(self.keys) - 1)
            place = np.where(self.keys[place] == values, place, -1)
        begin = self.starts[place]
        sizes = np.where(place < 0, 0, self.starts[place + 1] - begin)
        return begin, sizes


def grouped(members: Members, places: tuple[Place, ...], by: tuple[int, ...]) -> Groups:
    """The members of a set grouped by the positions `by`; the order of equals is kept."""

    def make() -> Groups:
        columns = [places[number] for number in by]
        values = np.zeros(len(members), np.int64)
        space = 1
        for place in columns:
            size = len(place.members)
            values = values * size + place.at(np.arange(len(members)))
            space *= size
        return _groups(values, space)

    return kept(members, ("groups", by, *(place.members for place in places)), make)


def largest_group(
    members: Members, components: Sequence[Members | None], by: tuple[int, ...]
) -> int | None:
    """The size of the largest group; None if the members have no codes."""
    try:
        return grouped(members, places_of(members, components), by).largest
    except Unvectorised:
        return None


def _groups(values: Ints, space: int) -> Groups:
    in_order = is_rising(values)
    order = np.arange(len(values)) if in_order else stable_order(values, space)
    if space <= max(DENSE, 4 * len(values)):
        counts = np.bincount(values, minlength=space)
        starts = np.concatenate([[0], np.cumsum(counts)])
        return Groups(in_order, order, starts, None, int(counts.max(initial=0)))
    ordered = values[order]
    heads = np.flatnonzero(np.diff(ordered, prepend=-1))
    starts = np.append(heads, len(values))
    return Groups(in_order, order, starts, ordered[heads], int(np.diff(starts).max(initial=0)))
