"""What one expert offers for each tensor: bytes and error of every level of every block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from r2c_training.merge.adapter import Adapter
from r2c_training.merge.catalog.facts import Delta, TensorFacts
from r2c_training.merge.checkpoint.block_reader import issued_bytes
from r2c_training.merge.checkpoint.checkpoint import Checkpoint
from r2c_training.merge.checkpoint.number_format import ITEM_BYTES, Format
from r2c_training.merge.low_rank import factor_bytes
from r2c_training.merge.plan.asked import Asked
from r2c_training.merge.plan.choose import Level
from r2c_training.merge.source import Source

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Offer:
    """One expert, one tensor.

    Args:
        costs: Bytes of each level, shape (items, 4). An item is a block, or all of an adapter's
            update, which is read as a whole.
        norms: Norm of what each level leaves out, shape (blocks, 4). Not numbers if the expert was
            not analysed.
        base: Norm of the base's blocks, shape (blocks,); zero where the delta is.
    """

    costs: Numbers
    norms: Numbers
    base: Numbers

    def errors(self, factor: float) -> Numbers:
        """Weighted error of each item at each level; 1 for skipping what nothing is known of."""
        norms = np.where(np.isnan(self.norms), 1.0, self.norms)
        if len(self.costs) != len(norms):
            norms = np.sqrt((norms**2).sum(axis=0, keepdims=True))
        return norms * factor

    def spread(self, levels: NDArray[np.int64]) -> NDArray[np.int64]:
        """The level of each block, from those of the items."""
        return levels if len(levels) == len(self.norms) else np.repeat(levels, len(self.norms))


def offer(base: Checkpoint | None, expert: Source, delta: Delta | None, asked: Asked) -> Offer:
    """What an expert offers for a tensor.

    Args:
        base: What deltas are against; None if models are read as such.
        expert: The expert.
        delta: What the catalogue knows; None if it was not analysed.
        asked: The tensor.
    """
    name, count = asked.entry.name, len(asked.bounds)
    if isinstance(expert, Adapter):
        update = expert.updates.get(name)
        if update is None:
            return _nothing(count)
        costs = _costs(1)
        # Both factors stay in memory until the tensor is done.
        costs[0, Level.FULL] = factor_bytes(update, expert.file.file_bytes)
        facts = delta.tensors[name] if delta else None
        return Offer(costs, _norms(facts, count), _base_norms(facts, count))
    if base is not None and expert.folder == base.folder:
        return _nothing(count)
    costs = _costs(count)
    costs[:, Level.FULL] = [asked.times * pages for pages in _pages(expert, asked)]
    if delta is None:
        return Offer(costs, _norms(None, count), np.zeros(count))
    facts = delta.tensors[name]
    for number, block in enumerate(facts.blocks):
        where = block.place
        if where is not None:
            for level, length in ((Level.FOUR, where.coarse), (Level.EIGHT, where.both)):
                pages = issued_bytes(where.at, where.at + length, delta.pack_bytes)
                costs[number, level] = asked.times * pages
    return Offer(costs, _norms(facts, count), _base_norms(facts, count))


def full_bytes(base: Checkpoint | None, expert: Source, asked: Sequence[Asked]) -> int:
    """Bytes of reading once all of an expert that is offered, zero blocks too."""
    if isinstance(expert, Adapter):
        updates = (expert.updates.get(each.entry.name) for each in asked)
        return sum(factor_bytes(each, expert.file.file_bytes) for each in updates if each)
    if base is not None and expert.folder == base.folder:
        return 0
    return sum(sum(_pages(expert, each)) for each in asked)


def _pages(expert: Checkpoint, asked: Asked) -> list[int]:
    """Bytes of reading each block of a tensor in full."""
    shard, entry = expert.tensors[asked.entry.name]
    size = ITEM_BYTES[cast(Format, entry.form)]
    end = expert.shards[shard].file_bytes
    return [
        issued_bytes(entry.begin + a * size, entry.begin + b * size, end) for a, b in asked.bounds
    ]


def _nothing(count: int) -> Offer:
    costs = np.zeros((count, 4))
    return Offer(costs, np.zeros((count, 4)), np.zeros(count))


def _costs(items: int) -> Numbers:
    costs = np.full((items, 4), np.inf)
    costs[:, Level.SKIP] = 0
    return costs


def _norms(facts: TensorFacts | None, count: int) -> Numbers:
    norms = np.full((count, 4), np.nan)
    norms[:, Level.FULL] = 0
    for number, block in enumerate(facts.blocks if facts else ()):
        norms[number, Level.SKIP] = block.norm if block.peak else 0.0
        norms[number, Level.FOUR] = block.norm if block.error4 is None else block.error4
        norms[number, Level.EIGHT] = block.norm if block.error8 is None else block.error8
    return norms


def _base_norms(facts: TensorFacts | None, count: int) -> Numbers:
    if facts is None:
        return np.zeros(count)
    return np.array([block.base_norm for block in facts.blocks])
