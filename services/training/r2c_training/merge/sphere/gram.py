"""Inner products of the models' tensors, gathered over blocks in float64."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from r2c_training.merge.element_sums import sum_of_products
from r2c_training.merge.operators.block import Array, Block, Wide
from r2c_training.merge.sums import Sums

Vectors = Callable[[Block], Sequence[Array | None]]
"""The parts of the vectors that lie in a block; None for zeros."""


def inner_products(vectors: Sequence[Array | None]) -> Wide:
    """All inner products of vectors of one length, float64 of shape (vectors, vectors)."""
    total = np.zeros((len(vectors), len(vectors)))
    shown = [
        (at, np.ascontiguousarray(vector))
        for at, vector in enumerate(vectors)
        if vector is not None
    ]
    for place, (row, first) in enumerate(shown):
        for column, second in shown[: place + 1]:
            total[row, column] = total[column, row] = sum_of_products(first, second)
    return total


def gram(vectors: Vectors) -> Sums:
    """An accumulator of the inner products over a tensor."""
    return Sums(lambda block: inner_products(vectors(block)))


def deltas_of(block: Block) -> Sequence[Array | None]:
    """What the experts add to the base; their values where there is none."""
    return block.deltas


def values_of(block: Block) -> Sequence[Array]:
    """The values of the experts."""
    return [block.values(expert) for expert in range(len(block.deltas))]


def row_products(first: Array, second: Array) -> Wide:
    """Inner product of each pair of rows, float64 of shape (rows,)."""
    products: Wide = np.einsum("ij,ij->i", first, second, dtype=np.float64)
    return products
