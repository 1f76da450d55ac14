"""Where the members of an indexed symbol are among its values: the position of each key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from r2c.cir.arrays.codes import (
    Codes,
    Finder,
    Ints,
    Place,
    finder,
    found_where,
    member_positions,
    mixed,
    product_size,
)
from r2c.cir.closures.scope import Shape
from r2c.cir.members import Members


@dataclass(frozen=True)
class Part:
    """One set of the product that a symbol is indexed over, with the positions of its members.

    `shape` has the plain sets of those positions, None where only equal values are the same.
    """

    members: Members
    places: tuple[Place, ...]
    shape: Shape


@dataclass(frozen=True)
class Index:
    """The members of a symbol: those of a product of sets, or some of them in order.

    `some` finds them in the product where they are not all of it.
    """

    parts: tuple[Part, ...]
    size: int
    some: Finder | None = None

    def find(self, positions: Sequence[Codes]) -> Codes:
        """The places of keys, given as positions in each part; -1 where there is no such member."""
        sizes = [len(part.members) for part in self.parts]
        if not product_size(sizes):
            return -1

        def find(parts: Sequence[Codes]) -> Codes:
            combined = mixed(parts, sizes)
            return combined if self.some is None else self.some.find(combined)

        return found_where(positions, find)

    @classmethod
    def whole(cls, parts: Sequence[Part]) -> Index:
        """All members of the product."""
        return cls(tuple(parts), product_size([len(part.members) for part in parts]))

    @classmethod
    def among(cls, parts: Sequence[Part], positions: Sequence[Ints], size: int) -> Index:
        """The members at these positions, in this order."""
        sizes = [len(part.members) for part in parts]
        combined = np.asarray(mixed(positions, sizes), np.int64)
        if size == product_size(sizes) and bool((combined == np.arange(size)).all()):
            return cls(tuple(parts), size)
        return cls(tuple(parts), size, finder(combined, product_size(sizes)))


def part_positions(part: Part, codes: Sequence[Codes]) -> Codes:
    """The positions of a part's members by the codes of their values."""
    if part.members.dim == 1:
        return codes[0]
    return member_positions(part.members, part.places, codes)
