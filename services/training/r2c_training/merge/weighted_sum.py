"""Sums of weighted vectors in float32, one vector after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from r2c_training.merge.compiled import compiled

_Vector = NDArray[np.float32]


def weighted_sum(
    vectors: Sequence[_Vector | None], factors: Sequence[float] | NDArray[np.float64], length: int
) -> _Vector:
    """Sum of factor times vector, float32 of shape (length,); None stands for zeros."""
    total: _Vector | None = None
    for vector, factor in zip(vectors, factors, strict=True):
        if vector is None or factor == 0.0:
            continue
        if total is None:
            total = np.empty(length, dtype=np.float32)
            _begin(total, vector, np.float32(factor))
        else:
            _add(total, vector, np.float32(factor))
    return np.zeros(length, dtype=np.float32) if total is None else total


@compiled
def _begin(total: _Vector, vector: _Vector, factor: np.float32) -> None:
    # A sum that begins with 0, as each does, has no zero with a sign.
    for at in range(total.size):
        total[at] = np.float32(0) + factor * vector[at]


@compiled
def _add(total: _Vector, vector: _Vector, factor: np.float32) -> None:
    for at in range(total.size):
        total[at] += factor * vector[at]
