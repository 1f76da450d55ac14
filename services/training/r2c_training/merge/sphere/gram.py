"""Inner products of the models' tensors, gathered over blocks in float64."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from r2c_training.merge.operators.block import Array, Block, Wide
from r2c_training.merge.sums import Sums

Vectors = Callable[[Block], Sequence[Array | None]]
"""The parts of the vectors that lie in a block; None for zeros."""
_CHUNK = 1 << 13
"""Elements that are multiplied at once: few enough for their wide copies to stay in the cache."""


def inner_products(vectors: Sequence[Array | None]) -> Wide:
    """All inner products, float64 of shape (vectors, vectors)."""
    count = len(vectors)
    total = np.zeros((count, count))
    present = [at for at, vector in enumerate(vectors) if vector is not None]
    shown = [vector for vector in vectors if vector is not None]
    if not present:
        return total
    rows = np.ix_(present, present)
    wide = np.empty((len(shown), _CHUNK))
    for start in range(0, len(shown[0]), _CHUNK):
        part = wide[:, : len(shown[0]) - start]
        for row, vector in zip(part, shown, strict=True):
            row[:] = vector[start : start + _CHUNK]
        total[rows] += part @ part.T
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
