"""SLERP: along the great circle from the base to one other model."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from r2c_training.merge.operators.block import Array, Block, Tensor, Wide
from r2c_training.merge.operators.operator import BaseUse, Operator, Reach
from r2c_training.merge.operators.options import MergeOptions, ModelOptions, Options
from r2c_training.merge.sphere.gram import gram
from r2c_training.merge.sums import Sums
from r2c_training.merge.weighted_sum import weighted_sum

_STRAIGHT = 0.9995
"""Beyond this cosine the arc is replaced by its chord, as mergekit does."""
_NO_LENGTH = 1e-8


class SlerpOptions(MergeOptions):
    """How far to go."""

    t: float = Field(description="0 for the base, 1 for the other model.")


class Slerp(Operator[SlerpOptions, ModelOptions, Sums]):
    """sin((1 - t) a) / sin(a) base + sin(t a) / sin(a) other, with a the angle between the two."""

    name = "slerp"
    paper = "Shoemake, Animating rotation with quaternion curves, SIGGRAPH 1985"
    summary = "From the base to one other model along the arc."
    reach: ClassVar = Reach.ELEMENT
    base: ClassVar = BaseUse.REQUIRED
    most: ClassVar = 1
    merge_options = SlerpOptions
    model_options = ModelOptions

    def passes(self, tensor: Tensor, options: Options[SlerpOptions, ModelOptions]) -> int:
        """One, for the angle."""
        return 1

    def gather(
        self,
        tensor: Tensor,
        options: Options[SlerpOptions, ModelOptions],
        earlier: Sums | None,
    ) -> Sums:
        """Norms and inner product of base and model."""
        return gram(lambda block: (block.base, block.values(0)))

    def merge(
        self,
        block: Block,
        statistics: Sums | None,
        options: Options[SlerpOptions, ModelOptions],
    ) -> Array:
        """The point on the arc."""
        assert statistics is not None
        factors = statistics.once(lambda total: _factors(total, options.merge.t))
        return weighted_sum((block.base, block.values(0)), factors, block.length)


def _factors(products: Wide, t: float) -> NDArray[np.float64]:
    """Factors of both ends, from their inner products."""
    norms = np.sqrt(np.diag(products))
    norms[norms <= _NO_LENGTH] = 1.0
    with np.errstate(invalid="ignore"):  # a model that counts for nothing may hold no numbers
        cosine = float(np.clip(products[0, 1] / (norms[0] * norms[1]), -1, 1))
    factors = np.array([1 - t, t])
    if not abs(cosine) <= _STRAIGHT:  # also where it is no number
        return factors
    angle = np.arccos(cosine)
    found: NDArray[np.float64] = np.sin(factors * angle) / np.sin(angle)
    return found


OPERATORS = (Slerp(),)
