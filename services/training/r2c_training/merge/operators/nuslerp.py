"""NuSLERP: SLERP of two models or of two updates, whole, by row or by column."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from r2c_training.merge.operators.block import Array, Block, Tensor, Wide
from r2c_training.merge.operators.operator import BaseUse, Operator, Reach
from r2c_training.merge.operators.options import MergeOptions, Options, Weighted
from r2c_training.merge.sphere.gram import deltas_of, gram, row_products
from r2c_training.merge.sums import Sums
from r2c_training.merge.weighted_sum import weighted_sum

_NO_LENGTH = 1e-7
_COLLINEAR = 1e-16
"""Squared sine of an angle that has no arc."""


class NuSlerpOptions(MergeOptions):
    """What is one vector."""

    nuslerp_flatten: bool = Field(default=True, description="The whole tensor is one vector.")
    nuslerp_row_wise: bool = Field(
        default=False,
        description="If not flattened: vectors run along the first axis instead of the last.",
    )


class NuSlerp(Operator[NuSlerpOptions, Weighted, Sums]):
    """Goes from the first to the second by the second's share of the weights."""

    name = "nuslerp"
    paper = "Shoemake, SIGGRAPH 1985; weights and axes as in mergekit, arXiv:2403.13257"
    summary = "Between two models along the arc, or between two updates if there is a base."
    reach: ClassVar = Reach.ELEMENT
    base: ClassVar = BaseUse.OPTIONAL
    fewest: ClassVar = 2
    most: ClassVar = 2
    merge_options = NuSlerpOptions
    model_options = Weighted

    def reach_of(self, tensor: Tensor, options: Options[NuSlerpOptions, Weighted]) -> Reach:
        """Vectors lie along rows, columns, or through all of the tensor."""
        if options.merge.nuslerp_flatten:
            return Reach.ELEMENT
        return Reach.TENSOR if options.merge.nuslerp_row_wise else Reach.ROWS

    def passes(self, tensor: Tensor, options: Options[NuSlerpOptions, Weighted]) -> int:
        """One for the angle, if it is one for all."""
        return 1 if options.merge.nuslerp_flatten else 0

    def gather(
        self,
        tensor: Tensor,
        options: Options[NuSlerpOptions, Weighted],
        earlier: Sums | None,
    ) -> Sums:
        """Norms and inner product."""
        return gram(deltas_of)

    def merge(
        self,
        block: Block,
        statistics: Sums | None,
        options: Options[NuSlerpOptions, Weighted],
    ) -> Array:
        """The point on the arc, added to the base if there is one."""
        weights = [model.weight for model in options.models]
        total = sum(weights)
        t = 0.5 if abs(total) < 1e-6 else weights[1] / total
        if statistics is not None:
            factors = statistics.once(lambda products: _factors(products[:, :, None], t)[:, 0])
            moved = weighted_sum(block.deltas, factors, block.length)
        else:
            moved = self._by_vector(block, t, options.merge.nuslerp_row_wise)
        if block.base is not None:
            moved += block.base
        return moved

    def _by_vector(self, block: Block, t: float, by_column: bool) -> Array:
        first, second = (
            (block.zeros() if delta is None else delta).reshape(-1, block.tensor.row)
            for delta in block.deltas
        )
        if by_column:
            # The first axis is the vector's, whatever the rest is.
            shape = (block.tensor.shape or (1,))[0], -1
            first, second = first.reshape(shape).T, second.reshape(shape).T
        products = np.array(
            [
                [row_products(first, first), row_products(first, second)],
                [row_products(second, first), row_products(second, second)],
            ]
        )
        factors = _factors(products, t).astype(np.float32)
        merged: Array = factors[0][:, None] * first + factors[1][:, None] * second
        return np.ascontiguousarray(merged.T if by_column else merged).reshape(-1)


def _factors(products: Wide, t: float) -> NDArray[np.float64]:
    """Factors of both ends, (2, vectors), from inner products (2, 2, vectors)."""
    lengths = np.maximum(np.sqrt(np.einsum("iiv->iv", products)), _NO_LENGTH)
    cosine = np.clip(products[0, 1] / (lengths[0] * lengths[1]), -1, 1)
    straight = 1 - cosine**2 <= _COLLINEAR
    angle = np.arccos(np.where(straight, 0, cosine))
    ends = np.array([1 - t, t])[:, None]
    return np.where(straight, ends, np.sin(ends * angle) / np.sin(angle))


OPERATORS = (NuSlerp(),)
