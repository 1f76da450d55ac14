"""Model stock: how far to go from the base towards the mean, by how much the updates agree."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from r2c_training.merge.operators.block import Array, Block, Tensor, Wide
from r2c_training.merge.operators.operator import BaseUse, Operator, Reach
from r2c_training.merge.operators.options import MergeOptions, ModelOptions, Options
from r2c_training.merge.sphere.gram import deltas_of, gram, row_products
from r2c_training.merge.sums import Sums
from r2c_training.merge.weighted_sum import weighted_sum

_SINGULAR = 1e-6


class ModelStockOptions(MergeOptions):
    """What is one update."""

    filter_wise: bool = Field(default=False, description="Each row has its own angle.")
    norm_floor: float = Field(
        default=1e-6,
        ge=0,
        description=(
            "Products of two norms below this count as this; mergekit's value makes small updates "
            "look unlike, 0 does not."
        ),
    )


class ModelStock(Operator[ModelStockOptions, ModelOptions, Sums]):
    """base + t * mean delta, t = K c / (1 + (K - 1) c), c the mean cosine between updates."""

    name = "model_stock"
    paper = "Jang et al., Model Stock, ECCV 2024, arXiv:2403.19522"
    summary = "From the base towards the mean, as far as the updates agree."
    reach: ClassVar = Reach.ELEMENT
    base: ClassVar = BaseUse.REQUIRED
    fewest: ClassVar = 2
    merge_options = ModelStockOptions
    model_options = ModelOptions

    def reach_of(self, tensor: Tensor, options: Options[ModelStockOptions, ModelOptions]) -> Reach:
        """Rows where each has its own angle."""
        return Reach.ROWS if options.merge.filter_wise else Reach.ELEMENT

    def passes(self, tensor: Tensor, options: Options[ModelStockOptions, ModelOptions]) -> int:
        """One for the angle, if it is one for all."""
        return 0 if options.merge.filter_wise else 1

    def gather(
        self,
        tensor: Tensor,
        options: Options[ModelStockOptions, ModelOptions],
        earlier: Sums | None,
    ) -> Sums:
        """Inner products of the updates."""
        return gram(deltas_of)

    def merge(
        self,
        block: Block,
        statistics: Sums | None,
        options: Options[ModelStockOptions, ModelOptions],
    ) -> Array:
        """The base moved towards the mean."""
        count = len(block.deltas)
        mean = np.full(count, 1.0 / count)
        if statistics is not None:
            floor = options.merge.norm_floor
            share = statistics.once(lambda total: _share(total[:, :, None], floor)[0])
            moved = weighted_sum(block.deltas, mean * share, block.length)
        else:
            moved = weighted_sum(block.deltas, mean, block.length)
            rows = moved.reshape(-1, block.tensor.row)
            shares = _share(_products_by_row(block), options.merge.norm_floor)
            rows *= shares.astype(np.float32)[:, None]
        if block.base is not None:
            moved += block.base
        return moved


def _products_by_row(block: Block) -> Wide:
    rows = [
        (block.zeros() if delta is None else delta).reshape(-1, block.tensor.row)
        for delta in block.deltas
    ]
    return np.array([[row_products(first, second) for second in rows] for first in rows])


def _share(products: Wide, floor: float) -> NDArray[np.float64]:
    """How far to go, for each vector, from inner products (experts, experts, vectors)."""
    count = len(products)
    lengths = np.sqrt(np.einsum("iiv->iv", products))
    one, two = np.triu_indices(count, k=1)
    product = np.maximum(lengths[one] * lengths[two], floor)
    cosines = np.clip(products[one, two] / np.where(product > 0, product, 1), -1, 1)
    cosine = np.mean(cosines, axis=0)
    below = 1 + (count - 1) * cosine
    # Updates that point apart as far as can be have no such point: stay at the base.
    singular = np.abs(below) < _SINGULAR
    return np.where(singular, 0, count * cosine / np.where(singular, 1, below))


OPERATORS = (ModelStock(),)
