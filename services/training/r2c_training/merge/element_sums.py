"""Sums over the elements of one array or two, in float64, and the largest of them.

They run in lanes that are added up at the end, so the order depends on the length alone and not on
how many numbers a processor adds at a time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from r2c_training.merge.compiled import compiled

_LANES = 32


@compiled
def sum_of_products(ones: NDArray[np.float32], others: NDArray[np.float32]) -> float:
    """The inner product of two arrays of one length; not finite if one of them is not."""
    lanes = np.zeros(_LANES)
    whole = ones.size // _LANES * _LANES
    for at in range(0, whole, _LANES):
        some, same = ones[at : at + _LANES], others[at : at + _LANES]
        for lane in range(_LANES):
            lanes[lane] += np.float64(some[lane]) * np.float64(same[lane])
    for at in range(whole, ones.size):
        lanes[at - whole] += np.float64(ones[at]) * np.float64(others[at])
    return float(lanes.sum())


def sum_of_squares(values: NDArray[np.float32]) -> float:
    """Not finite if one of them is not."""
    return sum_of_products(values, values)


@compiled
def sum_of_sizes(values: NDArray[np.float32]) -> float:
    """The sum of magnitudes."""
    lanes = np.zeros(_LANES)
    whole = values.size // _LANES * _LANES
    for at in range(0, whole, _LANES):
        some = values[at : at + _LANES]
        for lane in range(_LANES):
            lanes[lane] += np.float64(abs(some[lane]))
    for at in range(whole, values.size):
        lanes[at - whole] += np.float64(abs(values[at]))
    return float(lanes.sum())


@compiled
def sum_of_kept_sizes(values: NDArray[np.float32], mask: NDArray[np.bool_]) -> float:
    """The sum of the magnitudes that the mask lets through."""
    lanes = np.zeros(_LANES)
    whole = values.size // _LANES * _LANES
    for at in range(0, whole, _LANES):
        some, kept = values[at : at + _LANES], mask[at : at + _LANES]
        for lane in range(_LANES):
            lanes[lane] += np.float64(abs(some[lane])) if kept[lane] else 0.0
    for at in range(whole, values.size):
        lanes[at - whole] += np.float64(abs(values[at])) if mask[at] else 0.0
    return float(lanes.sum())


@compiled
def largest_size(values: NDArray[np.float32]) -> np.float32:
    """The largest magnitude; its bits, read as an integer, are the largest too."""
    most = np.uint32(0)
    for bits in values.view(np.uint32):
        most = max(most, bits & np.uint32(0x7FFFFFFF))
    return np.uint32(most).view(np.float32)
