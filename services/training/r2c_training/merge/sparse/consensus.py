"""Sums of updates, and sums of only those that agree in sign.

Yadav et al., TIES-Merging, NeurIPS 2023: at each element the sign of the weighted sum is elected,
and what points the other way is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from r2c_training.merge.compiled import compiled
from r2c_training.merge.element_sums import sum_of_kept_sizes, sum_of_sizes
from r2c_training.merge.operators.block import Array, Wide
from r2c_training.merge.sparse.cuts import Mask

_STRIDE = 1 << 15
"""Elements that are worked on at once: few enough for their sums to stay in the cache."""
_ALL = np.ones(0, dtype=np.bool_)
"""Stands for a mask that lets everything through."""


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

    def within(self, span: slice) -> tuple[Array, Mask]:
        """Some of its elements, and the mask for them, of no length if there is none."""
        return self.delta[span], _ALL if self.mask is None else self.mask[span]

    def sizes(self) -> tuple[float, float]:
        """Sum of magnitudes of the delta, and of those that the mask lets through."""
        before = sum_of_sizes(self.delta)
        return before, before if self.mask is None else sum_of_kept_sizes(self.delta, self.mask)


def weighted_sum(
    updates: Sequence[Update | None], weights: Sequence[float], length: int, *, normalize: bool
) -> Array:
    """Sum of w_k u_k, divided by the sum of w_k if asked and if that is not next to zero."""
    divisor = sum(weights) if normalize else 1.0
    scale = 1.0 if abs(divisor) < 1e-8 else 1.0 / divisor
    total = np.zeros(length, dtype=np.float32)
    for start in range(0, length, _STRIDE):
        span = slice(start, start + _STRIDE)
        for update, weight in zip(updates, weights, strict=True):
            if update is not None and weight != 0.0:
                factor = np.float32(update.factor * (weight * scale))
                _add(total[span], *update.within(span), factor)
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
    total, divisor = np.zeros((2, length), dtype=np.float32)
    there = [
        (update, np.float32(update.factor * (1.0 if alike else weight)), np.float32(weight))
        for update, weight in zip(updates, weights, strict=True)
        if update is not None and weight != 0.0
    ]
    votes = np.empty(_STRIDE)
    for start in range(0, length, _STRIDE):
        span = slice(start, start + _STRIDE)
        votes[:] = 0
        for update, factor, _ in there:
            _vote(votes, *update.within(span), factor)
        for update, factor, weight in there:
            share = weight if alike else np.float32(1)
            sums = total[span], divisor[span]
            _add_agreeing(*sums, votes, *update.within(span), factor, share, weight)
        _settle(total[span], divisor[span], votes, normalize, np.float32(least))
    return total


@compiled
def _add(total: Array, delta: Array, mask: Mask, factor: np.float32) -> None:
    if mask.size == 0:
        for at in range(delta.size):
            total[at] += factor * delta[at]
    else:
        for at in range(delta.size):
            total[at] += factor * delta[at] if mask[at] else np.float32(0)


@compiled
def _vote(votes: Wide, delta: Array, mask: Mask, factor: np.float32) -> None:
    if mask.size == 0:
        for at in range(delta.size):
            votes[at] += np.float64(factor * delta[at])
    else:
        for at in range(delta.size):
            votes[at] += np.float64(factor * delta[at] if mask[at] else np.float32(0))


@compiled
def _add_agreeing(
    total: Array, divisor: Array, votes: Wide, delta: Array, mask: Mask,
    factor: np.float32, share: np.float32, weight: np.float32,
) -> None:  # fmt: skip
    """Add the sizes of what has the elected sign, and the weights of it."""
    if mask.size == 0:
        for at in range(delta.size):
            part = share * (factor * delta[at])
            part = part if votes[at] >= 0 else -part
            total[at] += part if part > 0 else np.float32(0)
            divisor[at] += weight if part > 0 else np.float32(0)
    else:
        for at in range(delta.size):
            part = share * (factor * delta[at]) if mask[at] else np.float32(0)
            part = part if votes[at] >= 0 else -part
            total[at] += part if part > 0 else np.float32(0)
            divisor[at] += weight if part > 0 else np.float32(0)


@compiled
def _settle(total: Array, divisor: Array, votes: Wide, normalize: bool, least: np.float32) -> None:
    """Give the sums their signs, and divide them by their weights if asked."""
    for at in range(total.size):
        summed = total[at] if votes[at] >= 0 else -total[at]
        if normalize:
            by = divisor[at]
            by = least if least > 0 and by < least else by
            summed = summed / (np.float32(1) if by == 0 else by)
        # What is no number has no sign; it is not left out for that, but seen in the merge.
        total[at] = summed if votes[at] == votes[at] else np.float32(np.nan)
