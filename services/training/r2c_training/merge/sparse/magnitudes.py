"""Magnitudes as whole numbers that sort alike, so that they can be counted instead of sorted.

The bits of a positive float32, read as an integer, grow with its value; their upper half is the
value in bfloat16, cut off.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from r2c_training.merge.compiled import compiled
from r2c_training.merge.operators.block import Array

Keys = Literal["float32", "bfloat16"]
"""How finely magnitudes are told apart."""
Key = NDArray[np.uint32]
COARSE_BINS = 1 << 15
"""Values of a 15-bit key: exponent and the upper seven bits of the fraction."""
FINE_BINS = 1 << 16


def count_coarse(values: Array, counts: NDArray[np.int64]) -> None:
    """Count the upper 15 bits of each magnitude, which is it cut off to bfloat16."""
    _count_coarse(values.view(np.uint32), counts)


def count_rounded(values: Array, counts: NDArray[np.int64]) -> None:
    """Count the 15 bits of each magnitude rounded to bfloat16, ties to even, as a cast does."""
    _count_rounded(values.view(np.uint32), counts)


def fine_within(values: Array, coarse: int) -> Key:
    """The lower 16 bits, which order magnitudes of one coarse key, of those that have that key."""
    fine = np.empty(values.size, np.uint32)
    return fine[: _fine_within(values.view(np.uint32), np.uint32(coarse), fine)]


def first_above(values: Array, limit: int, more: int, *, rounded: bool) -> NDArray[np.bool_]:
    """Which keys are above a limit, and the first so many of those that are equal to it.

    Args:
        values: Whose magnitudes.
        limit: The 31 bits of a magnitude, or the 15 bits of a rounded one.
        more: How many equal ones; none if negative.
        rounded: Whether keys are of magnitudes rounded to bfloat16.
    """
    chosen = np.empty(values.size, np.bool_)
    choose = _first_rounded_above if rounded else _first_above
    choose(values.view(np.uint32), np.uint32(limit), more, chosen)
    return chosen


_SIZE = np.uint32(0x7FFFFFFF)


@compiled
def _count_coarse(bits: Key, counts: NDArray[np.int64]) -> None:
    for at in range(bits.size):
        counts[(bits[at] & _SIZE) >> np.uint32(16)] += 1


@compiled
def _rounded(bits: np.uint32) -> np.uint32:
    key = bits & _SIZE
    odd = (key >> np.uint32(16)) & np.uint32(1)
    return np.uint32((key + np.uint32(0x7FFF) + odd) >> np.uint32(16))


@compiled
def _count_rounded(bits: Key, counts: NDArray[np.int64]) -> None:
    for at in range(bits.size):
        counts[_rounded(bits[at])] += 1


@compiled
def _fine_within(bits: Key, coarse: np.uint32, fine: Key) -> int:
    found = 0
    for at in range(bits.size):
        key = bits[at] & _SIZE
        if key >> np.uint32(16) == coarse:
            fine[found] = key & np.uint32(0xFFFF)
            found += 1
    return found


@compiled
def _first_above(bits: Key, limit: np.uint32, more: int, chosen: NDArray[np.bool_]) -> None:
    for at in range(bits.size):
        chosen[at] = (bits[at] & _SIZE) > limit
    for at in range(bits.size):
        if more <= 0:
            break
        if (bits[at] & _SIZE) == limit:
            chosen[at] = True
            more -= 1


@compiled
def _first_rounded_above(bits: Key, limit: np.uint32, more: int, chosen: NDArray[np.bool_]) -> None:
    for at in range(bits.size):
        key = _rounded(bits[at])
        chosen[at] = key > limit or (key == limit and more > 0)
        if key == limit:
            more -= 1
