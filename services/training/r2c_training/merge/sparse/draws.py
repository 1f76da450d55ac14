"""Random numbers that belong to an element: the same in whatever order and portions they are drawn.

Philox is a function of a key and a counter (Salmon et al., Parallel random numbers: as easy as
1, 2, 3, SC 2011). The key is made of seed, expert and tensor name, the counter of the index.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from r2c_training.merge.operators.block import Block

_BITS = 256
"""What Philox4x64 gives for one count."""


def draws(block: Block, expert: int, seed: int) -> NDArray[np.uint32]:
    """One number for each element of a block, evenly among all of 32 bits."""
    words = _words(_key(block, expert, seed, "draws"), block.start, block.length, 32)
    return words.view("<u4")[block.start % (_BITS // 32) :][: block.length]


def stays(block: Block, expert: int, seed: int, probability: float) -> NDArray[np.bool_]:
    """Which elements stay, each with that probability to within 2**-32.

    Sixteen bits settle all but one element in 65536, for which sixteen more are drawn.
    """
    upper, lower = divmod(chance(probability), 1 << 16)
    words = _words(_key(block, expert, seed, "stays"), block.start, block.length, 16)
    drawn = words.view("<u2")[block.start % (_BITS // 16) :][: block.length]
    kept: NDArray[np.bool_] = drawn < upper
    if lower:
        key = _key(block, expert, seed, "stays further")
        for at in np.flatnonzero(drawn == upper):
            index = block.start + int(at)
            further = _words(key, index, 1, 16).view("<u2")[index % (_BITS // 16)]
            kept[at] = further < lower
    return kept


def chance(probability: float) -> int:
    """The number that a draw stays below with that probability, to within 2**-32."""
    return round(min(1.0, max(0.0, probability)) * 2**32)


def _key(block: Block, expert: int, seed: int, purpose: str) -> int:
    tensor = block.tensor
    told = f"{purpose}\0{seed}\0{tensor.experts[expert]}\0{tensor.name}".encode()
    return int.from_bytes(hashlib.sha256(told).digest()[:16], "little")


def _words(key: int, start: int, length: int, bits: int) -> NDArray[np.uint64]:
    """The words that hold `length` numbers of so many bits, from the count that `start` is in."""
    count, skip = divmod(start, _BITS // bits)
    source = np.random.Philox(key=key, counter=count)
    words = source.random_raw(-(-(skip + length) * bits // 64))
    return words.astype("<u8", copy=False)
