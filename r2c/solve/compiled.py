"""A plain model on an instance as the solver is given it, with the way home.

It is written as arrays; Pyomo (`r2c.model.build`) is the reference, and makes the same matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from r2c.cir.instance import Instance
from r2c.errors import Fault
from r2c.model.arrays.model import ArrayModel
from r2c.model.arrays.write import array_model
from r2c.model.convexity import require_convex
from r2c.model.model_map import ModelMap
from r2c.model.plain import PlainModel
from r2c.model.size import SizeLimits, estimate
from r2c.solve.matrix import Matrix, matrix_of_arrays


@dataclass(frozen=True)
class Compiled:
    """The model as arrays; the matrix and the way home are made when they are asked for."""

    arrays: ArrayModel

    @property
    def plain(self) -> PlainModel:
        """The model that was compiled."""
        return self.arrays.plain

    @cached_property
    def matrix(self) -> Matrix:
        """What the solver is given."""
        return matrix_of_arrays(self.arrays)

    @property
    def map(self) -> ModelMap:
        """The rule and the member of every row and variable of the matrix."""
        return self.arrays.map

    @property
    def contradictions(self) -> tuple[Fault, ...]:
        """Rows and bounds that fail whatever is decided."""
        return self.arrays.contradictions


def compiled(plain: PlainModel, instance: Instance, limits: SizeLimits | None = None) -> Compiled:
    """Write a plain model on an instance for the solver.

    Raises:
        R2CError: as `r2c.model.build.build`.
    """
    instance.require()
    estimate(plain, instance).check(limits or SizeLimits())
    arrays = array_model(plain, instance)
    require_convex(plain, arrays.squares, lambda: arrays.map.variables)
    return Compiled(arrays)
