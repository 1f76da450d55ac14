"""Four bits an element, and four more that refine them to eight: absmax groups of 128.

Both levels share one scale: q4 = round(d / s) in -7..7 with s = max|d| / 7 of the group, and what
is left, within s/2, is rounded to s / 14.9. The second half is read after the first, so
eight bits cost no disk beyond the four. Zero is zero at both levels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import ml_dtypes
import numpy as np

from r2c_training.merge.checkpoint.number_format import Bytes, Float32

GROUP = 128
_HALF = GROUP // 2
_TOP = 7.0
_FINE = 14.9
"""Steps of the refinement in one step of the first level; below 15, so that half a step is 7.45."""
_LEAST = 1e-37
"""Scales below are taken for zero: their inverse would be infinite."""
_TILE = 512
"""Groups packed at a time: what they need stays in the cache of a core."""

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
    groups = -(-delta.size // GROUP)
    coarse = np.empty(coarse_bytes(delta.size), np.uint8)
    fine = np.empty(fine_bytes(delta.size), np.uint8)
    squares = np.zeros(2)
    for first in range(0, groups, _TILE):
        last = min(first + _TILE, groups)
        tile = delta[first * GROUP : last * GROUP]
        if tile.size < (last - first) * GROUP:
            tile = np.concatenate([tile, np.zeros(-tile.size % GROUP, np.float32)])
        at, end = 2 * groups + _HALF * first, 2 * groups + _HALF * last
        into = coarse[2 * first : 2 * last], coarse[at:end], fine[_HALF * first : _HALF * last]
        squares += _pack_groups(tile.reshape(-1, GROUP), *into)
    return Packed(coarse, fine, float(squares[0] ** 0.5), float(squares[1] ** 0.5))


def _pack_groups(
    delta: Float32, scales: Bytes, high_out: Bytes, low_out: Bytes
) -> tuple[float, float]:
    """Pack whole groups; returns the squared errors of both levels."""
    work = np.abs(delta)
    scale = (work.max(axis=1) / np.float32(_TOP)).astype(ml_dtypes.bfloat16)
    scales[:] = scale.view(np.uint8)
    step = scale.astype(np.float32)[:, None]
    inverse = np.divide(np.float32(1), step, out=np.zeros_like(step), where=step > _LEAST)
    low = delta * inverse
    high = np.rint(low)
    low -= high
    low *= np.float32(_FINE)
    np.rint(low, out=low)
    # The same float32 steps as in `unpack`, so the errors are those of what it returns.
    np.multiply(high, step, out=work)
    coarse_error = _squares(np.subtract(delta, work, out=work))
    np.multiply(low, np.float32(1 / _FINE), out=work)
    work += high
    work *= step
    fine_error = _squares(np.subtract(delta, work, out=work))
    _nibbles(high, high_out)
    _nibbles(low, low_out)
    return coarse_error, fine_error


def _squares(values: Float32) -> float:
    return float(np.add.reduce(np.square(values, out=values), axis=None, dtype=np.float64))


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
    scale = coarse[2 * first : 2 * last].view(ml_dtypes.bfloat16).astype(np.float32)
    at = 2 * groups
    values = _numbers(coarse[at + _HALF * first : at + _HALF * last])
    values -= np.float32(_TOP)
    if fine is not None:
        rest = _numbers(fine[_HALF * first : _HALF * last])
        rest -= np.float32(_TOP)
        rest *= np.float32(1 / _FINE)
        values += rest
    values *= scale[:, None, None]
    return values.reshape(-1)[start - first * GROUP : stop - first * GROUP]


def _nibbles(numbers: Float32, out: Bytes) -> None:
    """-7..7 as 0..14; a byte holds elements i and i + 64 of its group, low half first."""
    numbers += np.float32(_TOP)
    whole = numbers.astype(np.uint8)
    pairs = whole[:, _HALF:]
    pairs <<= 4
    np.bitwise_or(pairs, whole[:, :_HALF], out=out.reshape(-1, _HALF))


def _numbers(nibbles: Bytes) -> Float32:
    pairs = nibbles.reshape(-1, _HALF)
    values = np.empty((pairs.shape[0], 2, _HALF), np.float32)
    values[:, 0] = pairs & 15
    values[:, 1] = pairs >> 4
    return values
