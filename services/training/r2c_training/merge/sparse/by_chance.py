"""Options and rescaling of operators that drop elements at random."""

from __future__ import annotations

from typing import ClassVar, Generic, Literal, TypeVar

from pydantic import Field

from r2c_training.merge.operators.options import Options
from r2c_training.merge.sparse.family import SP, SparseOperator, SparseOptions


class DrawnOptions(SparseOptions):
    """What seeds the draws, and what makes up for the dropped."""

    rescale: bool = Field(default=True, description="Make up for what was left out.")
    rescale_by: Literal["norm", "density"] = Field(
        default="norm",
        description=(
            "`norm` restores the sum of magnitudes of the tensor as mergekit does, which takes a "
            "pass more; `density` divides by the density as the paper does."
        ),
    )
    seed: int = Field(default=0, ge=0, description="Seed of the draws.")


DM = TypeVar("DM", bound=DrawnOptions)


class ChanceOperator(SparseOperator[DM, SP], Generic[DM, SP]):
    """Drops at random; what is dropped depends on seed, expert, tensor and index alone."""

    random: ClassVar = True

    def rescales_by_norm(self, options: Options[DM, SP]) -> bool:
        """Only if asked to."""
        return options.merge.rescale_by == "norm" and super().rescales_by_norm(options)

    def factor(self, expert: int, options: Options[DM, SP]) -> float:
        """One over the density."""
        density = options.models[expert].density
        if not options.merge.rescale or options.merge.rescale_by == "norm" or density <= 0:
            return 1.0
        return 1.0 / density
