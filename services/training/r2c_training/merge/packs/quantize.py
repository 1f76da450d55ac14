"""Four bits an element, and four more that refine them to eight: absmax groups of 128.

Both levels share one scale: q4 = round(d / s) in -7..7 with s = max|d| / 7 of the group, and what
is left, within s/2, is rounded to s / 14.9. The second half is read after the first, so
eight bits cost no disk beyond the four. Zero is zero at both levels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from r2c_training.merge.checkpoint.number_format import Bytes, Float32
from r2c_training.merge.compiled import compiled

GROUP = 128
_HALF = GROUP // 2
_TOP = 7.0
_FINE = 14.9
"""Steps of the refinement in one step of the first level; below 15, so that half a step is 7.45."""
_LEAST = 1e-37
"""Scales below are taken for zero: their inverse would be infinite."""
_ONE_FINE = np.float32(1 / _FINE)
_TO_WHOLE = np.float32(1.5 * 2**23)
"""Added and taken away again it rounds small numbers to whole ones, ties to even."""

Bits = Literal[4, 8]


@dataclass(frozen=True)
class Packed:
    """One block in packed form and what each level is wrong by.

    Args:
        coarse: Scales (bfloat16, one a group), then 4-bit numbers, two a byte.
        fine: The refining 4-bit numbers, two a byte.
        error4: Euclidean norm of the block minus its 4-bit form, exact.
        error8: The same with the refinement.
    """

    coarse: Bytes
    fine: Bytes
    error4: float
    error8: float


def coarse_bytes(elements: int) -> int:
    """Bytes of the 4-bit form of that many elements."""
    return -(-elements // GROUP) * (2 + _HALF)


def fine_bytes(elements: int) -> int:
    """Bytes of what refines it to 8 bits."""
    return -(-elements // GROUP) * _HALF


def pack(delta: Float32) -> Packed:
    """Pack a block of finite numbers.

    Numbers so small that their scale underflows bfloat16 become zero; the errors say so.
    """
    groups, whole = -(-delta.size // GROUP), delta.size // GROUP
    coarse = np.empty(coarse_bytes(delta.size), np.uint8)
    fine = np.empty(fine_bytes(delta.size), np.uint8)
    scales, high = coarse[: 2 * groups].view(np.uint16), coarse[2 * groups :]
    at = whole * _HALF
    squares = np.array(_pack_groups(delta, scales[:whole], high[:at], fine[:at]))
    if whole < groups:
        last = np.zeros(GROUP, np.float32)
        last[: delta.size % GROUP] = delta[whole * GROUP :]
        squares += _pack_groups(last, scales[whole:], high[at:], fine[at:])
    return Packed(coarse, fine, float(squares[0] ** 0.5), float(squares[1] ** 0.5))


def unpack(coarse: Bytes, fine: Bytes | None, start: int, stop: int) -> Float32:
    """Elements start to stop of a block, float32.

    Args:
        coarse: `Packed.coarse` of the whole block.
        fine: `Packed.fine` for eight bits, None for four.
        start: First element.
        stop: Behind the last one.
    """
    groups = coarse.size // (2 + _HALF)
    first, last = start // GROUP, -(-stop // GROUP)
    scales = coarse[2 * first : 2 * last].view(np.uint16)
    high = coarse[2 * groups :][_HALF * first : _HALF * last]
    values = np.empty((last - first) * GROUP, np.float32)
    if fine is None:
        _unpack_four(scales, high, values)
    else:
        _unpack_eight(scales, high, fine[_HALF * first : _HALF * last], values)
    return values[start - first * GROUP : stop - first * GROUP]


# A byte holds elements i and i + 64 of its group, each as 0..14 for -7..7, the first one low.


@compiled
def _pack_groups(
    delta: Float32, scales: NDArray[np.uint16], high_out: Bytes, low_out: Bytes
) -> tuple[float, float]:
    """Pack whole groups; returns the squared errors of both levels."""
    coarse_squares, fine_squares = np.zeros(_HALF), np.zeros(_HALF)
    highs, lows = np.empty(GROUP, np.uint8), np.empty(GROUP, np.uint8)
    top, fine = np.float32(_TOP), np.float32(_FINE)
    for group in range(scales.size):
        most = np.uint32(0)
        for bits in delta[group * GROUP : (group + 1) * GROUP].view(np.uint32):
            most = max(most, bits & np.uint32(0x7FFFFFFF))
        bits = np.float32(np.uint32(most).view(np.float32) / top).view(np.uint32)
        # Rounded to bfloat16, ties to even.
        odd = (bits >> np.uint32(16)) & np.uint32(1)
        scale = (bits + np.uint32(0x7FFF) + odd) >> np.uint32(16)
        scales[group] = scale
        step = np.uint32(scale << np.uint32(16)).view(np.float32)
        inverse = np.float32(1) / step if step > _LEAST else np.float32(0)
        for half in range(0, GROUP, _HALF):
            values = delta[group * GROUP + half :][:_HALF]
            high_half, low_half = highs[half:][:_HALF], lows[half:][:_HALF]
            for at in range(_HALF):
                low = values[at] * inverse
                high = (low + _TO_WHOLE) - _TO_WHOLE
                low = (low - high) * fine
                low = (low + _TO_WHOLE) - _TO_WHOLE
                # The same float32 steps as in `unpack`, so the errors are those of what it returns.
                wrong = np.float64(values[at] - high * step)
                coarse_squares[at] += wrong * wrong
                wrong = np.float64(values[at] - (high + low * _ONE_FINE) * step)
                fine_squares[at] += wrong * wrong
                high_half[at] = np.uint8(np.int32(high + top))
                low_half[at] = np.uint8(np.int32(low + top))
        high_bytes, low_bytes = high_out[group * _HALF :][:_HALF], low_out[group * _HALF :][:_HALF]
        for at in range(_HALF):
            high_bytes[at] = highs[at] | (highs[at + _HALF] << np.uint8(4))
            low_bytes[at] = lows[at] | (lows[at + _HALF] << np.uint8(4))
    return coarse_squares.sum(), fine_squares.sum()


@compiled
def _unpack_four(scales: NDArray[np.uint16], high: Bytes, out: Float32) -> None:
    top = np.float32(_TOP)
    for group in range(scales.size):
        step = np.uint32(np.uint32(scales[group]) << np.uint32(16)).view(np.float32)
        pairs, values = high[group * _HALF :][:_HALF], out[group * GROUP :][:GROUP]
        for at in range(_HALF):
            values[at] = (np.float32(np.int32(pairs[at] & np.uint8(15))) - top) * step
            values[at + _HALF] = (np.float32(np.int32(pairs[at] >> np.uint8(4))) - top) * step


@compiled
def _unpack_eight(scales: NDArray[np.uint16], high: Bytes, low: Bytes, out: Float32) -> None:
    top = np.float32(_TOP)
    for group in range(scales.size):
        step = np.uint32(np.uint32(scales[group]) << np.uint32(16)).view(np.float32)
        pairs, rest = high[group * _HALF :][:_HALF], low[group * _HALF :][:_HALF]
        values = out[group * GROUP :][:GROUP]
        for at in range(_HALF):
            fine = (np.float32(np.int32(rest[at] & np.uint8(15))) - top) * _ONE_FINE
            values[at] = (np.float32(np.int32(pairs[at] & np.uint8(15))) - top + fine) * step
            fine = (np.float32(np.int32(rest[at] >> np.uint8(4))) - top) * _ONE_FINE
            values[at + _HALF] = (
                np.float32(np.int32(pairs[at] >> np.uint8(4))) - top + fine
            ) * step
