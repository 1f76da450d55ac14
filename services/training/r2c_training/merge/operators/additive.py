"""Operators whose coefficients are fixed before any weight is read."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Generic

import numpy as np

from r2c_training.merge.compiled import compiled
from r2c_training.merge.operators.block import Array, Block, Tensor, Wide
from r2c_training.merge.operators.operator import Coefficients, Operator, Reach, Statistics
from r2c_training.merge.operators.options import M, Options, P
from r2c_training.merge.weighted_sum import weighted_sum

_STRIDE = 1 << 14
"""Elements that are worked on at once: few enough for their sums to stay in the cache."""


class AdditiveOperator(Operator[M, P, Statistics], Generic[M, P]):
    """base * B + sum of c_k delta_k, with B and c_k from the options alone."""

    reach: ClassVar = Reach.ELEMENT
    additive: ClassVar = True

    @abstractmethod
    def coefficients(self, tensor: Tensor, options: Options[M, P]) -> Coefficients:
        """The fixed coefficients."""

    def merge(self, block: Block, statistics: Statistics | None, options: Options[M, P]) -> Array:
        """The sum.

        Updates are summed in float32, and the base comes last, so that its size costs them one
        rounding only. Models that are summed as such are all of that size: they are in float64.
        """
        fixed = self.coefficients(block.tensor, options)
        if block.base is None:
            return _sum_of_models(block.deltas, fixed.experts, block.length)
        merged = weighted_sum(block.deltas, fixed.experts, block.length)
        if fixed.base == 1.0:
            merged += block.base
        elif fixed.base != 0.0:
            _add_base(merged, block.base, fixed.base)
        return merged


def _sum_of_models(models: Sequence[Array | None], factors: Sequence[float], length: int) -> Array:
    merged = np.empty(length, dtype=np.float32)
    for start in range(0, length, _STRIDE):
        span = slice(start, start + _STRIDE)
        total = np.zeros(merged[span].size)
        for values, factor in zip(models, factors, strict=True):
            if values is not None and factor != 0.0:
                _add_widely(total, values[span], factor)
        merged[span] = total
    return merged


@compiled
def _add_base(total: Array, base: Array, factor: float) -> None:
    for at in range(total.size):
        total[at] = np.float32(np.float64(total[at]) + factor * np.float64(base[at]))


@compiled
def _add_widely(total: Wide, values: Array, factor: float) -> None:
    for at in range(total.size):
        total[at] += factor * np.float64(values[at])
