"""What an evaluation on arrays knows: symbols as the scalar one does, and columns of decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from r2c.cir.arrays.codes import Place, places_of
from r2c.cir.arrays.form import Value
from r2c.cir.arrays.index import Index, Part
from r2c.cir.closures.scope import Context
from r2c.cir.members import Members

WIDEST = 4_000_000
"""Rows that a loop within several rows may have; more are evaluated in portions."""


@dataclass
class Space:
    """The symbols, and what is remembered of definitions.

    `columns` finds the columns of decisions, the first one each; where they are none, `decided` has
    no symbols. `merge` adds up the coefficients of columns that occur twice in a sum.
    """

    context: Context
    columns: Mapping[str, tuple[int, Index]]
    merge: bool = False
    known: dict[str, tuple[Index, Value]] = field(default_factory=dict)
    working: list[str] = field(default_factory=list)

    def merging(self) -> Space:
        """The space in which columns may occur twice in a sum."""
        return replace(self, merge=True, known={}, working=[])

    def places(self, members: Members) -> tuple[Place, ...]:
        """The positions of a set's members."""
        return places_of(members, self.context.components(members))

    def part(self, members: Members) -> Part:
        """A set as part of an index."""
        return Part(members, self.places(members), self.context.components(members))
