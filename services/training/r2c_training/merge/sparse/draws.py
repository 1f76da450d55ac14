"""Random numbers that belong to an element: the same in whatever order and portions they are drawn.

Philox is a function of a key and a counter (Salmon et al., Parallel random numbers: as easy as
1, 2, 3, SC 2011). The key is made of seed, expert and tensor name, the counter of the index.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from r2c_training.merge.operators.block import Block

_PER_COUNT = 8
"""Draws of 32 bits for one count of Philox4x64."""


def draws(block: Block, expert: int, seed: int) -> NDArray[np.uint32]:
    """One number for each element of a block, evenly among all of 32 bits."""
    tensor = block.tensor
    told = f"{seed}\0{tensor.experts[expert]}\0{tensor.name}".encode()
    key = int.from_bytes(hashlib.sha256(told).digest()[:16], "little")
    source = np.random.Philox(key=key, counter=block.start // _PER_COUNT)
    skip = block.start % _PER_COUNT
    words = source.random_raw((skip + block.length + 1) // 2)
    return words.astype("<u8", copy=False).view("<u4")[skip : skip + block.length]


def chance(probability: float) -> int:
    """The number that a draw stays below with that probability, to within 2**-32."""
    return round(min(1.0, max(0.0, probability)) * 2**32)
