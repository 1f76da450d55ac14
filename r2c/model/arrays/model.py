"""Plain model and instance as arrays for the solver, without one object for each row or variable.

Where a family cannot be evaluated on arrays the evaluation member by member writes it; both give
the same rows in the same order, and the same faults.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from r2c.cir.arrays.codes import Floats, Ints, Masks
from r2c.cir.arrays.terms import Terms
from r2c.errors import Fault
from r2c.model.arrays.families import RowFamily, VariableFamily
from r2c.model.model_map import ModelMap, RowEntry, Skipped
from r2c.model.names import Names
from r2c.model.plain import PlainModel
from r2c.model.quadratic import Pair, Quadratic


@dataclass(frozen=True)
class ArrayGoal:
    """One objective: `constant + values x[columns] + squares`, each column once."""

    constant: float
    columns: Ints
    values: Floats
    square: Mapping[Pair, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ArrayModel:
    """Variables and rows of a model as arrays.

    `row_terms` has the entries of each row. `singly` says of each family that was written member by
    member why. The way home is found when it is asked for.
    """

    plain: PlainModel
    lower: Floats
    upper: Floats
    integer: Masks
    row_terms: Terms
    row_lower: Floats
    row_upper: Floats
    goals: tuple[ArrayGoal, ...]
    variables: tuple[VariableFamily, ...]
    rows: tuple[RowFamily, ...]
    contradictions: tuple[Fault, ...]
    singly: Mapping[str, str]

    @cached_property
    def map(self) -> ModelMap:
        """The way home from row and column numbers."""
        names = Names()
        variables = [entry for family in self.variables for entry in family.entries(names)]
        names = Names()
        told = [item for family in self.rows for item in family.told(names)]
        return ModelMap(
            tuple(variables),
            tuple(item for item in told if isinstance(item, RowEntry)),
            tuple(item for item in told if isinstance(item, Skipped)),
            self.contradictions,
        )

    @property
    def senses(self) -> tuple[Literal["min", "max"], ...]:
        """Which way each goal wants to go."""
        return tuple(
            item.sense for item in sorted(self.plain.objectives, key=lambda item: item.tier)
        )

    @property
    def squares(self) -> tuple[Quadratic, ...]:
        """The products of decisions in each goal."""
        return tuple(Quadratic(square=dict(goal.square)) for goal in self.goals)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.row_lower), len(self.lower)
