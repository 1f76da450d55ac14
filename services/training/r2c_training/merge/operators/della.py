"""DELLA: drop elements at random, the small ones of a row more often than the large ones."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from r2c_training.merge.operators.block import Array, Block
from r2c_training.merge.operators.operator import Reach
from r2c_training.merge.operators.options import Options
from r2c_training.merge.sparse.by_chance import ChanceOperator, DrawnOptions
from r2c_training.merge.sparse.cuts import Cuts, Mask
from r2c_training.merge.sparse.draws import draws
from r2c_training.merge.sparse.family import SparseModel
from r2c_training.merge.sparse.magnitudes import key_of


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
        share = _rank_shares(delta.reshape(-1, block.tensor.row)).reshape(-1)
        likely = (model.density - model.epsilon) + share * (2 * model.epsilon)
        kept: Mask = draws(block, expert, options.merge.seed) < np.ceil(likely * 2.0**32)
        return kept


class Della(DellaLinear):
    """The same, with elected signs and their mean."""

    name = "della"
    summary = "As della_linear, the mean of those that agree in sign."
    elects: ClassVar = True
    merge_options = DellaOptions


def _rank_shares(rows: Array) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Rank by magnitude in each row, from 0 for the smallest to 1 for the largest."""
    count, width = rows.shape
    # Sorting pairs of magnitude and place is several times faster than sorting places.
    pairs = key_of(np.ascontiguousarray(rows)).astype(np.uint64) << np.uint64(32)
    pairs |= np.arange(width, dtype=np.uint64)
    pairs.sort(axis=1)
    order = (pairs & np.uint64(0xFFFFFFFF)).astype(np.intp)
    shares = np.empty((count, width))
    steps = np.arange(width) / max(1, width - 1)
    np.put_along_axis(shares, order, np.broadcast_to(steps, (count, width)), axis=1)
    return shares


OPERATORS = (Della(), DellaLinear())
