"""Multi-SLERP: a mean of directions with a mean of lengths."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from r2c.errors import InputError, declare
from r2c_training.merge.operators.block import Array, Block, Tensor, Wide
from r2c_training.merge.operators.operator import BaseUse, Operator, Reach
from r2c_training.merge.operators.options import MergeOptions, Options, Weighted, require_sum
from r2c_training.merge.sphere.gram import deltas_of, gram
from r2c_training.merge.sums import Sums
from r2c_training.merge.weighted_sum import weighted_sum

NO_DIRECTION = declare(
    "R2C-T103",
    InputError,
    what="The weighted models of tensor {tensor!r} cancel each other out.",
    why="Their mean has no direction, so there is no point on the sphere between them.",
    remedy="Change the weights, or use another merge method for this tensor.",
)


class MultiSlerpOptions(MergeOptions):
    """What weights mean."""

    normalize_weights: bool = Field(default=True, description="Divide the weights by their sum.")
    eps: float = Field(default=1e-8, gt=0, description="Lengths below count as nothing.")


class MultiSlerp(Operator[MultiSlerpOptions, Weighted, Sums]):
    """The direction of the weighted mean of unit vectors, times the weighted mean of lengths.

    The method is told as a step in the tangent space at that direction; the weighted tangent
    vectors there sum to nothing, so the step has no length and is left out.
    """

    name = "multislerp"
    paper = "Goddard, Multi-SLERP, 2025, goddard.blog/posts/multislerp-wow-what-a-cool-idea"
    summary = "Mean direction and mean length of models, or of updates if there is a base."
    reach: ClassVar = Reach.ELEMENT
    base: ClassVar = BaseUse.OPTIONAL
    merge_options = MultiSlerpOptions
    model_options = Weighted

    def check(self, options: Options[MultiSlerpOptions, Weighted]) -> None:
        """Weights that are shares must have a sum."""
        if options.merge.normalize_weights and len(options.models) > 1:
            require_sum(self.name, [model.weight for model in options.models])

    def passes(self, tensor: Tensor, options: Options[MultiSlerpOptions, Weighted]) -> int:
        """One, for lengths and angles; none for a single model, which stays as it is."""
        return 1 if len(options.models) > 1 else 0

    def gather(
        self,
        tensor: Tensor,
        options: Options[MultiSlerpOptions, Weighted],
        earlier: Sums | None,
    ) -> Sums:
        """Inner products."""
        return gram(deltas_of)

    def merge(
        self,
        block: Block,
        statistics: Sums | None,
        options: Options[MultiSlerpOptions, Weighted],
    ) -> Array:
        """The point on the sphere, added to the base if there is one.

        Raises:
            InputError: R2C-T103.
        """
        if statistics is None:
            return block.values(0).copy()
        factors = statistics.once(lambda total: _factors(total, options, block.tensor.name))
        moved = weighted_sum(block.deltas, factors, block.length)
        if block.base is not None:
            moved += block.base
        return moved


def _factors(
    products: Wide, options: Options[MultiSlerpOptions, Weighted], tensor: str
) -> NDArray[np.float64]:
    """Factors of the models, from their inner products."""
    weights = np.array([model.weight for model in options.models])
    if options.merge.normalize_weights:
        weights = weights / weights.sum()
    lengths = np.sqrt(np.diag(products))
    shares: NDArray[np.float64] = weights / (lengths + options.merge.eps)
    norm = float(np.sqrt(np.maximum(0, shares @ products @ shares)))
    if not norm < options.merge.eps:  # also where models hold what is no number
        return shares * (float(weights @ lengths) / norm)
    if len(weights) == 2 or not lengths.any():
        return weights
    raise NO_DIRECTION(tensor=tensor)


OPERATORS = (MultiSlerp(),)
