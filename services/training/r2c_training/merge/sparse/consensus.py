"""Sums of updates, and sums of only those that agree in sign.

Yadav et al., TIES-Merging, NeurIPS 2023: at each element the sign of the weighted sum is elected,
and what points the other way is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from r2c_training.merge.operators.block import Array
from r2c_training.merge.sparse.cuts import Mask

_STRIDE = 1 << 15
"""Elements that are worked on at once: few enough to stay in the cache and off the heap."""


class Update(NamedTuple):
    """What an expert adds, times a factor, where the mask lets it."""

    delta: Array
    mask: Mask | None = None
    factor: float = 1.0

    def part(self, span: slice, weight: float) -> Array:
        """A fresh array of some of its elements, weighted."""
        part = np.float32(self.factor * weight) * self.delta[span]
        if self.mask is not None:
            part *= self.mask[span]
        return part

    def sizes(self) -> tuple[float, float]:
        """Sum of magnitudes of the delta, and of those that the mask lets through."""
        before = after = 0.0
        for start in range(0, len(self.delta), _STRIDE):
            span = slice(start, start + _STRIDE)
            sizes = np.abs(self.delta[span])
            before += float(sizes.sum(dtype=np.float64))
            if self.mask is not None:
                sizes *= self.mask[span]
                after += float(sizes.sum(dtype=np.float64))
        return before, before if self.mask is None else after


def weighted_sum(
    updates: Sequence[Update | None], weights: Sequence[float], length: int, *, normalize: bool
) -> Array:
    """Sum of w_k u_k, divided by the sum of w_k if asked and if that is not next to zero."""
    divisor = sum(weights) if normalize else 1.0
    scale = 1.0 if abs(divisor) < 1e-8 else 1.0 / divisor
    total = np.zeros(length, dtype=np.float32)
    for start in range(0, length, _STRIDE):
        span = slice(start, start + _STRIDE)
        some = total[span]
        for update, weight in zip(updates, weights, strict=True):
            if update is not None and weight != 0.0:
                some += update.part(span, weight * scale)
    return total


def elected_sum(
    updates: Sequence[Update | None],
    weights: Sequence[float],
    length: int,
    *,
    normalize: bool,
    alike: bool = False,
    least: float = 0.0,
) -> Array:
    """Sum of the w_k u_k that have the sign of their sum, zero counting as positive.

    Args:
        updates: For each expert, None for zeros.
        weights: Of each expert.
        length: Elements of an update.
        normalize: Divide at each element by the sum of the weights that took part there.
        alike: Elect by the sum of the u_k instead.
        least: What a sum of weights that is smaller, and not zero, is taken for.
    """
    total = np.zeros(length, dtype=np.float32)
    there = [
        (update, weight)
        for update, weight in zip(updates, weights, strict=True)
        if update is not None and weight != 0.0
    ]
    for start in range(0, length, _STRIDE):
        span = slice(start, start + _STRIDE)
        total[span] = _elected(there, span, normalize, alike, least, len(total[span]))
    return total


def _elected(
    there: Sequence[tuple[Update, float]],
    span: slice,
    normalize: bool,
    alike: bool,
    least: float,
    length: int,
) -> Array:
    votes = np.zeros(length, dtype=np.float64)
    parts = []
    for update, weight in there:
        part = update.part(span, 1.0 if alike else weight)
        votes += part
        parts.append(np.float32(weight) * part if alike else part)
    # Arithmetic rather than choices: signs are as good as random, and branches on them dear.
    sign = np.float32(2) * (votes >= 0).astype(np.float32) - np.float32(1)
    total, divisor = np.zeros((2, length), dtype=np.float32)
    for (_, weight), part in zip(there, parts, strict=True):
        part *= sign
        agrees = part > 0
        if normalize:
            divisor += np.float32(weight) * agrees
        part *= agrees
        total += part
    total *= sign
    if normalize:
        if least > 0:
            np.maximum(divisor, np.float32(least), out=divisor)
        divisor[divisor == 0] = 1
        total /= divisor
    return total
