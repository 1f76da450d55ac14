"""Magnitudes as whole numbers that sort alike, so that they can be counted instead of sorted.

The bits of a positive float32, read as an integer, grow with its value; their upper half is the
value in bfloat16, cut off.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from r2c_training.merge.operators.block import Array

Keys = Literal["float32", "bfloat16"]
"""How finely magnitudes are told apart."""
Key = NDArray[np.uint32]
COARSE_BINS = 1 << 15
"""Values of a 15-bit key: exponent and the upper seven bits of the fraction."""
FINE_BINS = 1 << 16


def key_of(values: Array) -> Key:
    """The 31 bits of each magnitude."""
    return values.view(np.uint32) & np.uint32(0x7FFFFFFF)


def coarse_of(key: Key) -> Key:
    """The upper 15 bits: magnitude cut off to bfloat16."""
    return key >> np.uint32(16)


def rounded_of(key: Key) -> Key:
    """The 15 bits of each magnitude rounded to bfloat16, ties to even, as a cast does."""
    odd = (key >> np.uint32(16)) & np.uint32(1)
    return (key + np.uint32(0x7FFF) + odd) >> np.uint32(16)


def fine_of(key: Key) -> Key:
    """The lower 16 bits, which order magnitudes of one coarse key."""
    return key & np.uint32(0xFFFF)
