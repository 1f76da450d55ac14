"""What a plain variable or row becomes on an instance: its members, told one by one if asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from r2c.cir.arrays.evaluate import Looped
from r2c.cir.members import Key
from r2c.model.model_map import RowEntry, Skipped, VariableEntry
from r2c.model.names import Names
from r2c.model.plain import PlainRow, PlainVariable

KEPT, SKIPPED, FALSE = 0, 1, 2
"""A row of the model, one that always holds, and one that never does."""
Fates = NDArray[np.int8]


@dataclass(frozen=True)
class VariableFamily:
    """The columns of one plain variable, beginning with `first`."""

    variable: PlainVariable
    members: Looped | Sequence[Key]
    first: int
    size: int

    def keys(self) -> Iterator[Key]:
        """The key of each column."""
        return iter(self.members)

    def entries(self, names: Names) -> Iterator[VariableEntry]:
        """The entries of the map, one for each column."""
        variable = self.variable
        for key in self.keys():
            name = names.name(variable.name, key)
            yield VariableEntry(name, variable.name, key, variable.domain, variable.rule)


@dataclass(frozen=True)
class RowFamily:
    """The scalar rows of one plain row and what became of each.

    They are the `parts` of each member, or listed with key and part.
    """

    row: PlainRow
    members: Looped | Sequence[tuple[Key, int]]
    fates: Fates
    parts: int = 1

    def places(self) -> Iterator[tuple[Key, int]]:
        """The key and the part of each row."""
        if not isinstance(self.members, Looped):
            yield from self.members
            return
        for key in self.members:
            for part in range(self.parts):
                yield key, part

    def told(self, names: Names) -> Iterator[RowEntry | Skipped]:
        """The entries of the map, in order; rows that never hold have none, but take up a name."""
        row = self.row
        for (key, part), fate in zip(self.places(), self.fates.tolist(), strict=True):
            if fate == SKIPPED:
                yield Skipped(row.rule, row.name, key, "it holds for every decision")
                continue
            base = row.name if part == 0 else f"{row.name}_{part + 1}"
            name = names.name(base, key)
            if fate == KEPT:
                yield RowEntry(name, row.name, row.rule, key, part)
