"""Operators whose coefficients are fixed before any weight is read."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Generic

import numpy as np

from r2c_training.merge.compiled import compiled
from r2c_training.merge.operators.block import Array, Block, Tensor
from r2c_training.merge.operators.operator import Coefficients, Operator, Reach, Statistics
from r2c_training.merge.operators.options import M, Options, P


class AdditiveOperator(Operator[M, P, Statistics], Generic[M, P]):
    """base * B + sum of c_k delta_k, with B and c_k from the options alone."""

    reach: ClassVar = Reach.ELEMENT
    additive: ClassVar = True

    @abstractmethod
    def coefficients(self, tensor: Tensor, options: Options[M, P]) -> Coefficients:
        """The fixed coefficients."""

    def merge(self, block: Block, statistics: Statistics | None, options: Options[M, P]) -> Array:
        """The sum; the base comes last, so that its size costs the updates one rounding only."""
        fixed = self.coefficients(block.tensor, options)
        merged = block.zeros()
        for factor, delta in zip(fixed.experts, block.deltas, strict=True):
            if delta is not None and factor != 0.0:
                _add(merged, delta, np.float32(factor))
        if block.base is not None and fixed.base != 0.0:
            merged += block.base if fixed.base == 1.0 else np.float32(fixed.base) * block.base
        return merged


@compiled
def _add(total: Array, delta: Array, factor: np.float32) -> None:
    for at in range(total.size):
        total[at] += factor * delta[at]
