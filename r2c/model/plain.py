"""The plain model: a CIR after every rule has been written by its paradigm.

Only variables, linear or convex rows and objectives are left, still in the algebra and still
indexed, each remembering the rule it came from. Pyomo models, LaTeX, standalone scripts and the
way home (row -> rule -> sentence) are all read off it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from r2c.cir.expr import Binder, Compare, Expr, symbols
from r2c.cir.schema import CIR, Definition
from r2c.formulation import Choice

Domain = Literal["continuous", "integer", "binary"]


@dataclass(frozen=True, slots=True)
class PlainVariable:
    """A variable, or one per member of `binder`; keys are the values of the binder's targets.

    `lower`/`upper` are over the binder's loop variables; None means no bound. `rule` is the rule
    whose archetype created it, None for a decision of the CIR.
    """

    name: str
    domain: Domain
    binder: Binder | None = None
    lower: Expr | None = None
    upper: Expr | None = None
    rule: str | None = None
    unit: str | None = None
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class PlainRow:
    """A relation that must hold, for every member of `binder` if there is one.

    `name` is unique and safe for every export; `relation` may be a double-sided chain.
    """

    name: str
    relation: Compare
    rule: str
    binder: Binder | None = None


@dataclass(frozen=True, slots=True)
class PlainObjective:
    """One tier's objective; penalties of soft rules are already part of `expr`."""

    sense: Literal["min", "max"]
    expr: Expr
    tier: int = 0


@dataclass(frozen=True, slots=True)
class PlainModel:
    """Everything an instance needs, in writing order."""

    cir: CIR
    variables: tuple[PlainVariable, ...]
    rows: tuple[PlainRow, ...]
    objectives: tuple[PlainObjective, ...]
    choices: tuple[Choice, ...] = ()

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """The definitions that rows and objectives speak of, and those that these use."""
        decided = {item.name for item in self.variables}
        known = {item.name: item for item in self.cir.definitions if item.name not in decided}
        said = [row.relation for row in self.rows] + [item.expr for item in self.objectives]
        waiting = {name for expr in said for name in symbols(expr)}
        found: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in known and name not in found:
                found.add(name)
                waiting |= symbols(known[name].expr)
        return tuple(item for name, item in known.items() if name in found)
