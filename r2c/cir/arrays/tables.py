"""Parameters as arrays over the product of their sets, or as their entries where they are few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from r2c.cir.arrays.codes import (
    Codes,
    Finder,
    Floats,
    Ints,
    Place,
    finder,
    mixed,
    product_size,
)
from r2c.cir.arrays.form import Number
from r2c.cir.arrays.frame import Level, level_of
from r2c.cir.arrays.index import Part
from r2c.cir.arrays.space import Space
from r2c.cir.arrays.unvectorised import Unvectorised
from r2c.cir.members import Values

_SPARSE = 4
"""A table that is so many times larger than what is written of it is not written out."""
_SMALL = 1 << 20


@dataclass(frozen=True)
class Table:
    """The values by position in the product, or the written ones with a default for the rest."""

    parts: tuple[Part, ...]
    values: Floats
    finder: Finder | None = None
    default: float = 0.0

    def at(self, places: Codes) -> Number:
        """The values at positions in the product."""
        if self.finder is not None:
            found = np.asarray(self.finder.find(places))
            picked = np.where(found < 0, self.default, self.values[np.maximum(found, 0)])
        else:
            picked = self.values[places]
        return float(picked) if np.ndim(picked) == 0 else picked


def table_of(space: Space, values: Values) -> Table:
    """The table of a parameter; made once."""
    if values.table is None:
        parts = tuple(map(space.part, values.over))
        values.table = _table(parts, values)
    table = values.table
    assert isinstance(table, Table)
    return table


def _table(parts: tuple[Part, ...], values: Values) -> Table:
    size = product_size([len(part.members) for part in parts])
    array = values.array
    if array is not None:
        return Table(parts, array.reshape(-1))
    written = np.fromiter(values.entries.values(), np.float64, len(values.entries))
    places = _places(parts, values)
    if size > max(_SMALL, _SPARSE * len(written)):
        if values.default is None:
            raise Unvectorised("a parameter with missing values")
        return Table(parts, written, finder(places, size), values.default)
    if values.default is None and len(written) < size:
        raise Unvectorised("a parameter with missing values")
    dense = np.full(size, 0.0 if values.default is None else values.default)
    dense[places] = written
    return Table(parts, dense)


def _places(parts: tuple[Part, ...], values: Values) -> Ints:
    """The position in the product of each written entry."""
    keys = list(values.entries)
    start = 0
    found: list[Codes] = []
    for part in parts:
        dim = part.members.dim
        if dim == 1:
            own = part.members.places
            positions = [own[key[start]] for key in keys]
        else:
            known = part.members.positions
            positions = [known[key[start : start + dim]] for key in keys]
        found.append(np.array(positions, np.int64))
        start += dim
    combined = mixed(found, [len(part.members) for part in parts])
    return np.broadcast_to(np.asarray(combined, np.int64), (len(keys),))


def nonzero_members(space: Space, values: Values) -> Level:
    """The members of a parameter's index with a value other than 0, in order."""
    table = table_of(space, values)
    sizes = [len(part.members) for part in table.parts]
    if table.finder is not None and table.default:
        raise Unvectorised("the members of a large parameter with a default")
    if table.finder is None:
        chosen = np.flatnonzero(table.values)
    else:
        written = np.asarray(_places(table.parts, values))
        chosen = np.sort(written[table.values != 0])
    places: list[Place] = []
    rest = chosen
    for part, size in reversed(list(zip(table.parts, sizes, strict=True))):
        position = rest % size
        rest = rest // size
        places[:0] = [Place(place.members, np.asarray(place.at(position))) for place in part.places]
    shape = tuple(own for part in table.parts for own in part.shape)
    return level_of(tuple(places), shape, len(chosen))
