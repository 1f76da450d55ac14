"""Options of an operator: some for the merge as a whole, some for each model.

Names and defaults are mergekit's, so that its recipes mean the same here. What an operator takes is
declared by pydantic models; what a recipe gives is resolved for each tensor before it comes here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from r2c.errors import InputError, declare

NO_SUM = declare(
    "R2C-T124",
    InputError,
    what="Merge method {operator!r} divides the weights {weights} by their sum, which is 0.",
    why="There is no mean with such weights.",
    remedy="Change the weights, or turn off that they are divided, if the method lets you.",
)
_NO_SUM = 1e-8
LARGEST_FACTOR = 1e15
"""What is multiplied with two such factors and a weight is a number in float32 still."""


class _Numbers(BaseModel):
    """Options whose numbers leave room for products of them."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False
    )

    @model_validator(mode="after")
    def _require_room(self) -> Self:
        for name, value in self:
            if isinstance(value, float) and abs(value) > LARGEST_FACTOR:
                raise ValueError(f"{name} is {value:g}, beyond {LARGEST_FACTOR:g}")
        return self


class MergeOptions(_Numbers):
    """Options for the merge as a whole; an operator adds its fields."""


class ModelOptions(_Numbers):
    """Options for one model; an operator adds its fields."""


class Weighted(ModelOptions):
    """A model with a weight that must be given."""

    weight: float = Field(description="Factor of this model.")


def require_sum(operator: str, weights: Sequence[float]) -> None:
    """See that weights can be divided by their sum.

    Raises:
        InputError: R2C-T124.
    """
    if abs(sum(weights)) < _NO_SUM:
        raise NO_SUM(operator=operator, weights=list(weights))


M = TypeVar("M", bound=MergeOptions)
P = TypeVar("P", bound=ModelOptions)


@dataclass(frozen=True)
class Options(Generic[M, P]):
    """What was chosen for one tensor: for the merge, and for each expert in order."""

    merge: M
    models: tuple[P, ...]
