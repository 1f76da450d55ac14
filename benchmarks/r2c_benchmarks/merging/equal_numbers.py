"""The elements of a merge that a recipe leaves open, because numbers are equal.

Which of equal magnitudes are among the largest, and which sign an elected sum of zero has, is up to
the program; two programs that are both right may differ there, and nowhere else.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from r2c_benchmarks.merging.checkpoints import Array
from r2c_benchmarks.merging.in_memory import Prepared, merged
from r2c_training.merge.operators.sce import Sce
from r2c_training.merge.sparse.by_magnitude import MagnitudeOperator

Mask = NDArray[np.bool_]
CHANGE, DRAWS, JUMP = 1e-6, 32, 1e-3
"""How much numbers are changed, how often, and what is a jump: a share of the root of the mean
square of the tensor's update."""


def hanging(prepared: Prepared, seed: int) -> Mask:
    """The elements that hang on the order of equal numbers.

    They are those with a magnitude that some, but not all of its elements are kept with, and those
    that jump when every number is changed by a millionth, so that no two are equal.
    """
    operator = prepared.output.operator
    found = np.zeros(prepared.tensor.shape, np.bool_)
    if not isinstance(operator, MagnitudeOperator | Sce):
        return found
    if isinstance(operator, MagnitudeOperator):
        for delta, model in zip(prepared.deltas, prepared.output.options.models, strict=True):
            found |= _at_cuts(np.abs(delta), operator.window(delta.size, model))
    random = np.random.default_rng(seed)
    plain = merged(prepared, prepared.deltas)
    update = plain - (0 if prepared.base is None else prepared.base)
    jump = JUMP * float(np.sqrt(np.square(update, dtype=float).mean()))
    for _ in range(DRAWS):
        changed = [
            delta * (1 + CHANGE * random.standard_normal(delta.shape, np.float32))
            for delta in prepared.deltas
        ]
        found |= np.abs(merged(prepared, changed) - plain) > jump
    return found


def _at_cuts(magnitudes: Array, ranks: tuple[int, int]) -> Mask:
    """The elements with the magnitude at a rank where equal ones are parted; zeros stay zeros."""
    ranked = np.sort(magnitudes, axis=None)[::-1]
    found = np.zeros(magnitudes.shape, np.bool_)
    for rank in ranks:
        if 0 < rank < ranked.size and ranked[rank - 1] == ranked[rank] > 0:
            found |= magnitudes == ranked[rank]
    return found
