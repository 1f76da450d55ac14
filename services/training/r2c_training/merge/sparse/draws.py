"""Random numbers that belong to an element: the same in whatever order and portions they are drawn.

Philox is a function of a key and a counter (Salmon et al., Parallel random numbers: as easy as
1, 2, 3, SC 2011). The key is made of seed, expert and tensor name, the counter of the index.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from r2c_training.merge.compiled import compiled
from r2c_training.merge.operators.block import Block

_BITS = 256
"""What Philox4x64 gives for one count."""


def draws(block: Block, expert: int, seed: int) -> NDArray[np.uint32]:
    """One number for each element of a block, evenly among all of 32 bits."""
    drawn = words(_key(seed, *_names(block, expert), "draws"), block.start, block.length, 32)
    return drawn.view("<u4")[block.start % (_BITS // 32) :][: block.length]


def stays(block: Block, expert: int, seed: int, probability: float) -> NDArray[np.bool_]:
    """Which elements stay, each with that probability to within 2**-32.

    Sixteen bits settle all but one element in 65536, for which sixteen more are drawn.
    """
    upper, lower = divmod(chance(probability), 1 << 16)
    four = words(_key(seed, *_names(block, expert), "stays"), block.start, block.length, 16)
    drawn = four.view("<u2")[block.start % (_BITS // 16) :][: block.length]
    kept: NDArray[np.bool_] = drawn < upper
    if lower:
        key = _key(seed, *_names(block, expert), "stays further")
        for at in np.flatnonzero(drawn == upper):
            index = block.start + int(at)
            further = words(key, index, 1, 16).view("<u2")[index % (_BITS // 16)]
            kept[at] = further < lower
    return kept


def chance(probability: float) -> int:
    """The number that a draw stays below with that probability, to within 2**-32."""
    return round(min(1.0, max(0.0, probability)) * 2**32)


def _names(block: Block, expert: int) -> tuple[str, str]:
    return block.tensor.experts[expert], block.tensor.name


@lru_cache(maxsize=1024)
def _key(seed: int, expert: str, tensor: str, purpose: str) -> tuple[np.uint64, np.uint64]:
    told = f"{purpose}\0{seed}\0{expert}\0{tensor}".encode()
    low, high = np.frombuffer(hashlib.sha256(told).digest()[:16], "<u8")
    return np.uint64(low), np.uint64(high)


def words(
    key: tuple[np.uint64, np.uint64], start: int, length: int, bits: int
) -> NDArray[np.uint64]:
    """The words that hold `length` numbers of so many bits, from the count that `start` is in."""
    count, skip = divmod(start, _BITS // bits)
    drawn = np.empty(-(-(skip + length) * bits // _BITS) * 4, "<u8")
    # NumPy's generator counts up before it draws for the first time.
    _philox(*key, np.uint64(count + 1), drawn)
    return drawn


_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_FIRST, _SECOND = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_FIRST_STEP, _SECOND_STEP = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_ROUNDS = 10


@compiled
def _philox(
    first_key: np.uint64, second_key: np.uint64, count: np.uint64, out: NDArray[np.uint64]
) -> None:
    """Philox4x64-10 of the paper, its four words for each count from `count` on."""
    zero = np.uint64(0)
    for at in range(out.size // 4):
        a, b, c, d = count + np.uint64(at), zero, zero, zero
        first, second = first_key, second_key
        for _ in range(_ROUNDS):
            above, below = _upper(_FIRST, a), _upper(_SECOND, c)
            a, b, c, d = below ^ b ^ first, _SECOND * c, above ^ d ^ second, _FIRST * a
            first += _FIRST_STEP
            second += _SECOND_STEP
        out[4 * at], out[4 * at + 1], out[4 * at + 2], out[4 * at + 3] = a, b, c, d


@compiled
def _upper(one: np.uint64, other: np.uint64) -> np.uint64:
    """The upper half of the product of two numbers of 64 bits."""
    low = (one & _LOW) * (other & _LOW)
    left, right = (one >> _HALF) * (other & _LOW), (one & _LOW) * (other >> _HALF)
    middle = (low >> _HALF) + (left & _LOW) + (right & _LOW)
    return (
        (one >> _HALF) * (other >> _HALF) + (left >> _HALF) + (right >> _HALF) + (middle >> _HALF)
    )
