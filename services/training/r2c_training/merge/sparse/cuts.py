"""The elements of a tensor that come first by magnitude, found by counting, a block at a time.

Nothing is sorted and no tensor lies in memory. Equal magnitudes come in order of index, so the
choice does not depend on how the tensor was cut. Magnitudes below 1e-40 count as zero: they come
last, and all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from r2c_training.merge.compiled import compiled
from r2c_training.merge.operators.block import Array, Block
from r2c_training.merge.operators.operator import Statistics
from r2c_training.merge.sparse.magnitudes import (
    COARSE_BINS,
    FINE_BINS,
    Key,
    Keys,
    count_coarse,
    count_rounded,
    fine_within,
    first_above,
)

Measure = Callable[[Block, int], Array | None]
"""The values of a row in a block whose magnitudes are ranked: an expert's delta, say; None for
zeros."""
Mask = NDArray[np.bool_]


class Cut(NamedTuple):
    """The first `rank` elements of the values that belong to `row`."""

    row: int
    rank: int


def delta_of(block: Block, expert: int) -> Array | None:
    """An expert's delta is what is ranked."""
    return block.deltas[expert]


class Counts(Statistics):
    """First pass for float32: how many elements have each coarse key."""

    def __init__(self, rows: frozenset[int], measure: Measure = delta_of) -> None:
        self.measure = measure
        self.counts = {row: np.zeros(COARSE_BINS, dtype=np.int64) for row in sorted(rows)}

    def add(self, block: Block) -> None:
        """Count a block."""
        for row, counts in self.counts.items():
            values = self.measure(block, row)
            if values is not None:
                count_coarse(values, counts)

    def absorb(self, other: Counts) -> None:
        """Add the other's counts."""
        for row, counts in other.counts.items():
            self.counts[row] += counts

    def above_zero(self, row: int) -> int:
        """How many elements are not zero."""
        return int(self.counts[row][1:].sum())

    def bin_of(self, cut: Cut) -> tuple[int, int]:
        """The coarse key at which a cut falls, and how many elements of that key it takes."""
        return _fall(self.counts[cut.row], cut.rank)


@dataclass(frozen=True)
class _Threshold:
    """All keys above are in, of those equal the first `quota` by index."""

    key: int
    quota: int
    before: Mapping[int, int]
    """For each block, by its start, the equal ones in earlier blocks."""


class Cuts(Statistics):
    """Last pass: for each block how many elements have each key at which a cut may fall.

    Args:
        cuts: What is to be found.
        keys: `bfloat16` ranks magnitudes rounded to it, which takes this one pass; `float32` is
            exact and needs the counts of a pass before.
        counts: Of the first pass, for `float32`.
        measure: What is ranked.
    """

    def __init__(
        self,
        cuts: frozenset[Cut],
        keys: Keys,
        counts: Counts | None = None,
        measure: Measure = delta_of,
    ) -> None:
        self.cuts = cuts
        self.keys = keys
        self.measure = measure
        self._bins: dict[Cut, tuple[int, int]] = {}
        for cut in sorted(cuts):
            self._bins[cut] = counts.bin_of(cut) if counts is not None else (-1, cut.rank)
        self._found: dict[Cut, dict[int, tuple[Key, NDArray[np.int64]]]] = {
            cut: {} for cut in self._bins
        }
        self._thresholds: dict[Cut, _Threshold] = {}

    def add(self, block: Block) -> None:
        """Count a block."""
        for cut, (coarse, _) in self._bins.items():
            values = self.measure(block, cut.row)
            if values is not None and coarse != 0:
                self._found[cut][block.start] = _counted(values, coarse)

    def absorb(self, other: Cuts) -> None:
        """Take over the other's blocks."""
        for cut, found in other._found.items():
            self._found[cut].update(found)

    def settle(self) -> None:
        """Find the key at which each cut falls, and what each block may take of it."""
        for cut, found in self._found.items():
            coarse, rank = self._bins[cut]
            total = np.zeros(COARSE_BINS if coarse < 0 else FINE_BINS, dtype=np.int64)
            for keys, counts in found.values():
                total[keys] += counts
            key, quota = _fall(total, rank) if coarse != 0 else (0, 0)
            before, seen = {}, 0
            for start in sorted(found):
                before[start] = seen
                keys, counts = found[start]
                at = int(np.searchsorted(keys, key))
                if at < len(keys) and keys[at] == key:
                    seen += int(counts[at])
            whole = key if coarse < 0 else (coarse << 16) | key
            self._thresholds[cut] = _Threshold(whole, quota, before)

    def first(self, cut: Cut, block: Block) -> Mask | None:
        """Which elements of a block are among the first `rank`; None for all of them.

        The block must be one that was added.
        """
        threshold = self._thresholds[cut]
        values = self.measure(block, cut.row)
        if threshold.key == 0 or values is None:
            return None
        more = threshold.quota - threshold.before[block.start]
        return first_above(values, threshold.key, more, rounded=self.keys == "bfloat16")


def _counted(values: Array, coarse: int) -> tuple[Key, NDArray[np.int64]]:
    """Keys within a coarse key, or rounded ones if that is -1, and how often each is there."""
    if coarse >= 0:
        return np.unique(fine_within(values, coarse), return_counts=True)
    counts = np.zeros(COARSE_BINS, np.int64)
    count_rounded(values, counts)
    present = np.flatnonzero(counts)
    return present.astype(np.uint32), counts[present]


@compiled
def _fall(counts: NDArray[np.int64], rank: int) -> tuple[int, int]:
    """The key of the element at `rank` from the largest, and how many of its key are in."""
    above = 0
    for key in range(counts.size - 1, -1, -1):
        if above + counts[key] >= rank:
            return key, rank - above
        above += counts[key]
    return 0, 0
