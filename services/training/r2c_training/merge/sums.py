"""Sums over a tensor that come out the same however threads shared its blocks."""

from __future__ import annotations

from collections.abc import Callable
from math import fsum
from typing import TypeVar, cast

import numpy as np

from r2c_training.merge.operators.block import Block, Wide
from r2c_training.merge.operators.operator import Statistics

T = TypeVar("T")
Measure = Callable[[Block], Wide]
"""What is summed: an array of the same shape for every block, float64."""


class Sums(Statistics):
    """Keeps what each block gives and adds it up in order of the blocks, rounding once."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self.total: Wide = np.zeros(0)
        self._parts: dict[int, Wide] = {}
        self._followed: object = None

    def add(self, block: Block) -> None:
        """Measure a block."""
        self._parts[block.start] = self.measure(block)

    def absorb(self, other: Sums) -> None:
        """Take over the other's blocks."""
        self._parts.update(other._parts)

    def settle(self) -> None:
        """Add up."""
        self._followed = None
        if not self._parts:
            return
        parts = np.stack([self._parts[start] for start in sorted(self._parts)])
        sums = [fsum(column) for column in parts.reshape(len(parts), -1).T]
        self.total = np.array(sums).reshape(parts.shape[1:])

    def once(self, follow: Callable[[Wide], T]) -> T:
        """What follows from the settled sums, found for the first block: all ask the same."""
        if self._followed is None:
            self._followed = follow(self.total)
        return cast(T, self._followed)
