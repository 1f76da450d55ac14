"""What a choice of levels may cost an additive merge, in norms that were measured exactly.

With O what is left out of block b of expert k and c its coefficient, the error is at most
sum |c| ||O|| over all blocks, and, as blocks are disjoint, at most the root of
sum over b of (sum over k of |c| ||O||)^2 (MergePipe, arXiv:2605.29489, states the first).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from r2c_training.merge.plan.plan import Certificate

Norms = NDArray[np.float64]

UNIT = 2.0**-24
"""Half a unit in the last place of float32, relative."""
_MEASURED = 1 + 1e-6
"""Norms are sums of float32 squares; this covers their rounding."""


@dataclass(frozen=True)
class TensorErrors:
    """One tensor, experts by blocks. Norms of what was not analysed are not numbers (NaN).

    Args:
        left: Weighted norm of what is left out, shape (experts, blocks).
        whole: Weighted norm of the delta, the same shape.
        base: Norm of the base's block, shape (blocks,).
    """

    left: Norms
    whole: Norms
    base: Norms

    def bounds(self) -> Norms:
        """A bound of the error of each block."""
        found: Norms = self.left.sum(axis=0) * _MEASURED
        return found


def rounding(base: Norms, whole: Norms, experts: int) -> Norms:
    """How far two float32 sums of the same terms may be apart, for each block.

    Each of the two takes a product and a sum an expert; `whole` is the sum of weighted norms.
    """
    return 2 * (experts + 2) * UNIT * (base + 2 * whole)


def certify(tensors: Sequence[TensorErrors]) -> Certificate:
    """The certificate of a plan whose operators are all additive."""
    sums = squares = slack = expected = update = 0.0
    for tensor in tensors:
        blocks = tensor.bounds()
        sums += float(blocks.sum())
        squares += float((blocks**2).sum())
        expected += float((tensor.left**2).sum())
        update += float((tensor.whole**2).sum())
        rounded = rounding(tensor.base, tensor.whole.sum(axis=0), len(tensor.left))
        slack += float((rounded[blocks > 0] ** 2).sum())
    return Certificate(
        sum_bound=sums,
        block_bound=squares**0.5,
        rounding=slack**0.5,
        expected=expected**0.5,
        update=update**0.5 if update == update else None,
    )
