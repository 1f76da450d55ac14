"""A matrix as a product of two thin ones, by its leading singular directions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from r2c_training.merge.operators.block import Array


@dataclass(frozen=True)
class Factors:
    """up @ down is next to the matrix.

    Args:
        up: float32 of shape (outputs, rank).
        down: float32 of shape (rank, inputs).
        missed: Sum of squares of what is not in the product.
        total: Sum of squares of the matrix.
    """

    up: Array
    down: Array
    missed: float
    total: float

    @property
    def rank(self) -> int:
        """Number of directions."""
        return len(self.down)

    @property
    def error(self) -> float:
        """Norm of what is missed over the norm of the matrix; 0 for a matrix of zeros."""
        return float(np.sqrt(self.missed / self.total)) if self.total > 0 else 0.0


def factorize(matrix: Array, rank: int, energy: float = 1.0) -> Factors:
    """The best product of its rank (Eckart and Young, 1936), the weight shared evenly.

    Args:
        matrix: float32 of shape (outputs, inputs).
        rank: Directions at most.
        energy: Stop earlier, at the first rank that holds this share of the sum of squares.
    """
    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    squares = np.square(values, dtype=np.float64)
    total = float(squares.sum())
    held = np.cumsum(squares)
    needed = int(np.searchsorted(held, energy * total)) + 1 if total > 0 else 0
    # Singular values at the noise of float32 hold nothing worth a direction.
    real = int(np.count_nonzero(values > values[:1] * 1e-6)) if total > 0 else 0
    kept = min(rank, needed, real)
    roots = np.sqrt(values[:kept])
    up: Array = left[:, :kept] * roots
    down: Array = roots[:, None] * right[:kept]
    return Factors(up, down, float(squares[kept:].sum()), total)
