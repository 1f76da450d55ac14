"""The way home: which rule and which member every row and variable of a model belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from r2c.cir.members import Key
from r2c.errors import Fault
from r2c.model.plain import Domain


@dataclass(frozen=True, slots=True)
class VariableEntry:
    """One scalar variable; its place in `ModelMap.variables` is its column number.

    `name` is safe for LP and MPS files; `rule` is the rule that created it, None for a decision.
    """

    name: str
    symbol: str
    key: Key
    domain: Domain
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class RowEntry:
    """One scalar row; its place in `ModelMap.rows` is its row number.

    `row` is the plain row it is a member of and `part` which relation of a chain (0 unless the
    chain had to be split).
    """

    name: str
    row: str
    rule: str
    key: Key
    part: int = 0


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that holds whatever is decided, and was left out."""

    rule: str
    row: str
    key: Key
    reason: str


@dataclass(frozen=True)
class ModelMap:
    """Rows and variables by number, and what was found out while writing them.

    `contradictions` are rows and bounds that fail whatever is decided; a model with one is
    infeasible without solving.
    """

    variables: tuple[VariableEntry, ...]
    rows: tuple[RowEntry, ...]
    skipped: tuple[Skipped, ...] = ()
    contradictions: tuple[Fault, ...] = ()

    @cached_property
    def columns(self) -> dict[tuple[str, Key], int]:
        """Column numbers by symbol and key."""
        return {(entry.symbol, entry.key): j for j, entry in enumerate(self.variables)}

    @cached_property
    def rows_by_rule(self) -> dict[str, list[int]]:
        """Row numbers by rule."""
        found: dict[str, list[int]] = {}
        for number, entry in enumerate(self.rows):
            found.setdefault(entry.rule, []).append(number)
        return found
