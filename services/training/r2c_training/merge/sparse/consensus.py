"""Sums of updates, and sums of only those that agree in sign.

Yadav et al., TIES-Merging, NeurIPS 2023: at each element the sign of the weighted sum is elected,
and what points the other way is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from r2c_training.merge.operators.block import Array


def weighted_sum(
    updates: Sequence[Array | None], weights: Sequence[float], length: int, *, normalize: bool
) -> Array:
    """Sum of w_k u_k, divided by the sum of w_k if asked and if that is not next to zero."""
    total = np.zeros(length, dtype=np.float32)
    divisor = sum(weights) if normalize else 1.0
    scale = 1.0 if abs(divisor) < 1e-8 else 1.0 / divisor
    for update, weight in zip(updates, weights, strict=True):
        if update is not None and weight != 0.0:
            total += np.float32(weight * scale) * update
    return total


def elected_sum(
    updates: Sequence[Array | None], weights: Sequence[float], length: int, *, normalize: bool
) -> Array:
    """Sum of the w_k u_k that have the sign of their sum, zero counting as positive.

    Args:
        updates: For each expert, None for zeros.
        weights: Of each expert.
        length: Elements of an update.
        normalize: Divide at each element by the sum of the weights that took part there.
    """
    votes = np.zeros(length, dtype=np.float64)
    weighed: list[tuple[np.float32, Array]] = []
    for update, weight in zip(updates, weights, strict=True):
        if update is not None and weight != 0.0:
            factor = np.float32(weight)
            weighed.append((factor, factor * update))
            votes += weighed[-1][1]
    # Plus or minus one: what is left of a product with it above zero agrees.
    elected = np.where(votes >= 0, np.float32(1), np.float32(-1))
    total = np.zeros(length, dtype=np.float32)
    divisor = np.zeros(length, dtype=np.float32)
    for factor, part in weighed:
        part *= elected
        np.maximum(part, 0, out=part)
        total += part
        if normalize:
            divisor += np.multiply(part > 0, factor, dtype=np.float32)
    total *= elected
    if normalize:
        divisor[divisor == 0] = 1
        total /= divisor
    return total
