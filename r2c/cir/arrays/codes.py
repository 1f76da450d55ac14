"""Set members as integer codes: their positions, and how positions in several sets correspond.

Everything found out about a set is kept for as long as the set lives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from r2c.cir.arrays.unvectorised import Unvectorised
from r2c.cir.members import Members, label

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Masks = NDArray[np.bool_]
Codes = Ints | int
"""Positions in a set, one a row; a plain number where it is the same in every row."""

T = TypeVar("T")

DENSE = 1 << 22
"""Tables of at most so many entries, or a few for each member, are made for direct look-up."""
LARGEST_CODE = 2**62


def kept(members: Members, key: object, make: Callable[[], T]) -> T:
    """What was found out about a set, computed when first asked for."""
    if key not in members.found:
        members.found[key] = make()
    found: T = members.found[key]
    return found


@dataclass(frozen=True)
class Place:
    """One position of the members of a set: the plain set of its values, and their codes in it.

    `codes` is None for a plain set, whose members are their own codes.
    """

    members: Members
    codes: Ints | None

    def at(self, positions: Codes) -> Codes:
        """The codes of some members of the tuple set."""
        if self.codes is None:
            return positions
        found: Ints = self.codes[positions]
        return found


def places_of(members: Members, components: Sequence[Members | None]) -> tuple[Place, ...]:
    """The positions of a set's members; values of a position without a known set make one."""
    if members.dim == 1:
        return (Place(members, None),)

    def make() -> tuple[Place, ...]:
        coded = members.codes
        if coded is not None:
            return tuple(
                Place(part, column)
                for part, column in zip(components, coded, strict=True)
                if part is not None
            )
        return tuple(
            _place([key[number] for key in members.keys], part)
            for number, part in enumerate(components)
        )

    return kept(members, ("places", *components), make)


def _place(values: list[Any], part: Members | None) -> Place:
    if part is None:
        part = listed(values)
    known = part.places
    try:
        codes = [known[value] for value in values]
    except KeyError:
        raise Unvectorised("a set whose members are not those of its parts") from None
    return Place(part, np.array(codes, np.int64))


def listed(values: Sequence[Any]) -> Members:
    """A set of the distinct values of a list, which no CIR declares."""
    return Members("", tuple((value,) for value in dict.fromkeys(values)))


def crossing(own: Members, other: Members) -> Ints:
    """Where each element of a plain set is found in another one, by label; -1 where it is not."""

    def make() -> Ints:
        places, by_label = other.places, other.element_by_label
        found = []
        for item in own.elements:
            place = places.get(item)
            if place is None:
                same = by_label.get(label(item))
                place = -1 if same is None else places[same]
            found.append(place)
        return np.array(found, np.int64)

    return kept(own, ("crossing", other), make)


def equal_crossing(own: Members, other: Members) -> Ints:
    """As `crossing`, for values that must be equal: `1` is not `"1"`."""

    def make() -> Ints:
        places = other.places
        return np.array([places.get(item, -1) for item in own.elements], np.int64)

    return kept(own, ("equal", other), make)


def crossed(codes: Codes, own: Members, other: Members) -> Codes:
    """Codes in one set as codes in another, -1 where the label is unknown there."""
    if own is other:
        return codes
    found = crossing(own, other)[codes]
    return int(found) if np.ndim(found) == 0 else found


def is_rising(values: Ints) -> bool:
    """Whether no number is smaller than the one before."""
    return bool((values[1:] >= values[:-1]).all())


def stable_order(values: Ints, space: int) -> Ints:
    """The order that sorts numbers from 0 to below `space`, equals as they come.

    Sixteen bits at a time, which NumPy sorts by counting.
    """
    if is_rising(values):
        return np.arange(len(values))
    order = np.argsort((values & 0xFFFF).astype(np.uint16), kind="stable")
    shift = 16
    while space >> shift:
        digits = ((values >> shift) & 0xFFFF).astype(np.uint16)
        order = order[np.argsort(digits[order], kind="stable")]
        shift += 16
    return order


@dataclass(frozen=True)
class Finder:
    """Positions of tuple members by their combined codes."""

    table: Ints | None
    keys: Ints
    order: Ints

    def find(self, combined: Codes) -> Codes:
        """The positions of members; -1 where there is none."""
        if self.table is not None:
            return self.table[combined]
        if not self.keys.size:
            return np.full_like(np.asarray(combined), -1)
        place = np.minimum(np.searchsorted(self.keys, combined), len(self.keys) - 1)
        return np.where(self.keys[place] == combined, self.order[place], -1)


def finder(combined: Ints, space: int) -> Finder:
    """Finds the positions of different numbers from 0 to below `space`."""
    if space <= max(DENSE, 8 * len(combined)):
        table = np.full(space, -1, np.int64)
        table[combined] = np.arange(len(combined))
        return Finder(table, combined[:0], combined[:0])
    order = stable_order(combined, space)
    return Finder(None, combined[order], order)


def member_positions(members: Members, places: tuple[Place, ...], codes: Sequence[Codes]) -> Codes:
    """The positions of tuple members by the codes of their parts; -1 where there is none."""
    sizes = [len(place.members) for place in places]
    space = product_size(sizes)

    def make() -> Finder:
        own = [place.at(np.arange(len(members))) for place in places]
        combined = np.asarray(mixed(own, sizes), np.int64)
        return finder(combined, space)

    if not space:
        return -1
    known = kept(members, ("finder", *(place.members for place in places)), make)
    return found_where(codes, lambda parts: known.find(mixed(parts, sizes)))


def found_where(codes: Sequence[Codes], find: Callable[[Sequence[Codes]], Codes]) -> Codes:
    """What is found for combined codes, -1 where one of them is."""
    if all(lowest(part) >= 0 for part in codes):
        found = find(codes)
        return int(found) if np.ndim(found) == 0 else found
    lost = np.logical_or.reduce(np.broadcast_arrays(*(np.asarray(part) < 0 for part in codes)))
    if lost.all():
        return np.full(lost.shape, -1) if lost.ndim else -1
    return np.where(lost, -1, find([np.maximum(part, 0) for part in codes]))


def sums(groups: Ints, weights: Floats, size: int) -> Floats:
    """The sum of weights in each group, rounded after every one, in order."""
    return np.asarray(np.bincount(groups, weights=weights, minlength=size), np.float64)


def lowest(codes: Codes) -> int:
    """The smallest code; 0 if there are none."""
    return codes if isinstance(codes, int) else int(codes.min(initial=0))


def mixed(codes: Sequence[Codes], sizes: Sequence[int]) -> Codes:
    """Codes of several positions as one number, the last position running fastest."""
    combined: Codes = 0
    for part, size in zip(codes, sizes, strict=True):
        combined = part if isinstance(combined, int) and not combined else combined * size + part
    return combined


def product_size(sizes: Sequence[int]) -> int:
    """The number of combinations.

    Raises:
        Unvectorised: if they cannot be counted by 64-bit numbers.
    """
    space = 1
    for size in sizes:
        space *= size
    if space > LARGEST_CODE:
        raise Unvectorised("a product of sets beyond counting")
    return space
