"""The loop variables of many evaluations at a time, one row for each.

A frame is made from another one by running a loop in each of its rows, or by leaving rows out. The
values of a variable are worked out only if somebody asks for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from r2c.cir.arrays.codes import Codes, Ints, Masks, Place
from r2c.cir.closures.scope import Shape
from r2c.cir.members import Key, LazyKeys, Members


@dataclass(frozen=True, eq=False)
class Counted:
    """So many rows from each row of the frame before, in order."""

    counts: Ints

    @cached_property
    def rows(self) -> Ints:
        """The number of the row before, for each row."""
        return np.repeat(np.arange(len(self.counts)), self.counts)


Rows = Ints | Counted | int | None
"""Which row of the frame before each row comes from: its number, each one so often, or the same."""


@dataclass(frozen=True, eq=False)
class Level:
    """What one loop runs over: `size` members with values at several places.

    `shape` has the plain sets of the places that are known by name. `members` is the set behind it,
    or one made for it; a loop variable may stand for a whole member.
    """

    size: int
    places: tuple[Place, ...]
    shape: Shape
    members: Members


def level_of(places: tuple[Place, ...], shape: Shape, size: int) -> Level:
    """A level without a set behind it, with one made for it."""

    def keys() -> list[Key]:
        columns = []
        for place in places:
            elements, codes = place.members.elements, np.asarray(place.at(np.arange(size)))
            columns.append([elements[code] for code in codes.tolist()])
        return list(zip(*columns, strict=True))

    names = tuple(None if part is None else part.name for part in shape)
    return Level(
        size, places, shape, Members("", LazyKeys(size, keys), len(places), components=names)
    )


class Frame:
    """The rows; `Frame(1)` is the evaluation outside all loops."""

    def __init__(self, size: int, before: Frame | None = None, rows: Rows = None) -> None:
        self.size = size
        self.before = before
        self.rows = rows
        self._slots: dict[int, tuple[Level, int | None]] = {}
        self._positions: dict[Level, Ints] = {}

    def run(self, level: Level, slots: dict[int, int | None], positions: Ints, rows: Rows) -> Frame:
        """The frame in which a loop has run in each row.

        Args:
            level: What it runs over.
            slots: Which place of a member each variable takes; None for the whole.
            positions: The member in each row of the new frame.
            rows: Where those rows come from.
        """
        inner = Frame(len(positions), self, rows)
        inner._slots = {slot: (level, place) for slot, place in slots.items()}
        inner._positions = {level: positions}
        return inner

    def take(self, which: Masks | Ints) -> Frame:
        """The frame with some of its rows."""
        rows: Ints = np.asarray(np.flatnonzero(which) if which.dtype == np.bool_ else which)
        return Frame(len(rows), self, rows)

    def level(self, slot: int) -> tuple[Level, int | None]:
        """The loop that a variable belongs to, and which place of its members it is."""
        frame: Frame | None = self
        while frame is not None:
            if slot in frame._slots:
                return frame._slots[slot]
            frame = frame.before
        raise KeyError(slot)

    def positions(self, level: Level) -> Ints:
        """The member that a loop is at, in each row."""
        if level not in self._positions:
            assert self.before is not None
            self._positions[level] = spread(self.before.positions(level), self.rows)
        return self._positions[level]

    def codes(self, slot: int) -> tuple[Codes, Members]:
        """The values of a variable in each row, and the set that they belong to."""
        level, place = self.level(slot)
        positions = self.positions(level)
        if place is None:
            return positions, level.members
        own = level.places[place]
        return own.at(positions), own.members

    def rows_in(self, outer: Frame) -> Rows:
        """Which row of an earlier frame each row comes from."""
        found: Rows = None
        frame = self
        while frame is not outer:
            found = _composed(frame.rows, found)
            assert frame.before is not None
            frame = frame.before
        return found


def _composed(first: Rows, second: Rows) -> Rows:
    """Two steps as one: `first` leads from the outer frame, `second` from the one between."""
    if first is None:
        return second
    if second is None:
        return first
    if isinstance(first, int) and isinstance(second, int):
        return first * second
    numbers = _numbers(second)
    if isinstance(first, int):
        return numbers // first if numbers is not None else None
    outer = first.rows if isinstance(first, Counted) else first
    return np.repeat(outer, second) if isinstance(second, int) else outer[numbers]


def _numbers(rows: Rows) -> Ints | None:
    if isinstance(rows, Counted):
        return rows.rows
    return rows if isinstance(rows, np.ndarray) else None


def spread(values: Ints, rows: Rows) -> Ints:
    """Values of the rows before as values of the rows that come from them."""
    if rows is None:
        return values
    if isinstance(rows, Counted):
        return np.repeat(values, rows.counts)
    return np.repeat(values, rows) if isinstance(rows, int) else values[rows]
