"""DELLA: drop elements at random, the small ones of a row more often than the large ones."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from r2c_training.merge.compiled import compiled
from r2c_training.merge.operators.block import Array, Block, Wide
from r2c_training.merge.operators.operator import Reach
from r2c_training.merge.operators.options import Options
from r2c_training.merge.sparse.by_chance import ChanceOperator, DrawnOptions
from r2c_training.merge.sparse.cuts import Cuts, Mask
from r2c_training.merge.sparse.draws import draws
from r2c_training.merge.sparse.family import SparseModel


class DellaModel(SparseModel):
    """How far probabilities spread around the density."""

    epsilon: float = Field(
        default=0.15, ge=0, description="Smallest of a row: density - epsilon; largest: + epsilon."
    )

    @model_validator(mode="after")
    def _within(self) -> Self:
        if 0 < self.density < 1 and not (
            self.density - self.epsilon > 0 and self.density + self.epsilon < 1
        ):
            raise ValueError("density - epsilon and density + epsilon must lie between 0 and 1")
        return self


class DellaOptions(DrawnOptions):
    """As the family, with the mean of those that agree."""

    normalize: bool = Field(default=True, description="Divide by the weights that took part.")


class DellaLinear(ChanceOperator[DrawnOptions, DellaModel]):
    """Elements stay with a probability that grows evenly with their rank in the row."""

    name = "della_linear"
    paper = "Deep et al., DELLA-Merging, 2024, arXiv:2406.11617"
    summary = "Updates thinned at random, small elements more than large ones, added."
    reach: ClassVar = Reach.ROWS
    merge_options: type[DrawnOptions] = DrawnOptions
    model_options = DellaModel

    def mask(
        self,
        block: Block,
        expert: int,
        options: Options[DrawnOptions, DellaModel],
        cuts: Cuts | None,
    ) -> Mask | None:
        """Draws below the probability of the rank."""
        model = options.models[expert]
        delta = block.deltas[expert]
        if delta is None or model.density <= 0:
            return block.zeros().astype(bool)
        width = block.tensor.row
        ranks = np.arange(width) / max(1, width - 1)
        likely = (model.density - model.epsilon) + ranks * (2 * model.epsilon)
        kept = np.zeros(delta.size, np.bool_)
        drawn = draws(block, expert, options.merge.seed)
        _keep(_in_order(delta, width), drawn, np.ceil(likely * 2.0**32), kept)
        return kept


class Della(DellaLinear):
    """The same, with elected signs and their mean."""

    name = "della"
    summary = "As della_linear, the mean of those that agree in sign."
    elects: ClassVar = True
    merge_options = DellaOptions


def _in_order(values: Array, width: int) -> NDArray[np.uint64]:
    """The places of each row's elements, the smallest magnitude first, in the lower 32 bits."""
    # Sorting pairs of magnitude and place is several times faster than sorting places.
    rows = np.ascontiguousarray(values).reshape(-1, width)
    pairs = np.empty(rows.shape, np.uint64)
    _pair(rows.view(np.uint32), pairs)
    pairs.sort(axis=1)
    return pairs


@compiled
def _pair(bits: NDArray[np.uint32], pairs: NDArray[np.uint64]) -> None:
    rows, width = bits.shape
    for row in range(rows):
        for at in range(width):
            size = np.uint64(bits[row, at] & np.uint32(0x7FFFFFFF))
            pairs[row, at] = (size << np.uint64(32)) | np.uint64(at)


@compiled
def _keep(
    pairs: NDArray[np.uint64], drawn: NDArray[np.uint32], limits: Wide, kept: NDArray[np.bool_]
) -> None:
    """Keep what is drawn below the limit of its rank."""
    rows, width = pairs.shape
    for row in range(rows):
        for rank in range(width):
            at = row * width + np.int64(pairs[row, rank] & np.uint64(0xFFFFFFFF))
            kept[at] = np.float64(drawn[at]) < limits[rank]


OPERATORS = (Della(), DellaLinear())
