"""Merges the blocks of one tensor: gathers what the operator asks for, then merges tile by tile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np

from r2c_training.merge.blocks import block_bounds, part_length
from r2c_training.merge.checkpoint.number_format import Float32
from r2c_training.merge.execute.inputs import Inputs
from r2c_training.merge.execute.raw_block import RawBlock
from r2c_training.merge.operators import operator
from r2c_training.merge.operators.block import Block, Tensor
from r2c_training.merge.operators.operator import AnyOperator, Reach, Statistics
from r2c_training.merge.operators.options import MergeOptions, ModelOptions, Options
from r2c_training.merge.plan.plan import Plan, PlannedTensor

_TILE_ELEMENTS = 1 << 20
"""Elements of all models in a tile: 4 MiB as float32, with 3 to 15 experts."""
_SHORTEST, _LONGEST = 1 << 16, 1 << 18


@dataclass(frozen=True)
class Job:
    """Blocks of one tensor that one thread merges."""

    tensor: PlannedTensor
    blocks: tuple[int, ...]


Deliver = Callable[[PlannedTensor, int, int, Float32], None]
"""Takes merged values in order: the tensor, the block, the first element, float32 values."""


def jobs_of(plan: Plan, done: Callable[[PlannedTensor, int], bool]) -> list[Job]:
    """The jobs of a plan without the blocks that are done.

    Where an operator must have seen the whole tensor first, all its blocks are one job.
    """
    jobs = []
    for tensor in plan.tensors:
        blocks = range(len(tensor.choices[0]))
        left = tuple(number for number in blocks if not done(tensor, number))
        if not left:
            continue
        if tensor.passes or needs_whole(plan, tensor):
            jobs.append(Job(tensor, tuple(left)))
        else:
            jobs += [Job(tensor, (number,)) for number in left]
    return jobs


def merge_job(plan: Plan, inputs: Inputs, job: Job, deliver: Deliver) -> None:
    """Merge the blocks of a job and hand over their values, tile by tile, in order."""
    tensor, chosen = job.tensor, operator(job.tensor.operator)
    options = chosen.choose(tensor.merge, tensor.models)
    facts = Tensor(tensor.name, tensor.shape, expert_keys(plan))
    with ExitStack() as kept:
        blocks = _Blocks(plan, inputs, tensor, kept if tensor.held else None)
        if chosen.reach_of(facts, options) is Reach.TENSOR:
            whole = blocks.assembled(facts)
            statistics = gathered(chosen, facts, options, lambda: [whole])
            merged = chosen.merge(whole, statistics, options)
            for number in job.blocks:
                start, stop = blocks.bounds[number]
                deliver(tensor, number, start, merged[start:stop])
            return
        everything = range(len(blocks.bounds))
        statistics = gathered(chosen, facts, options, lambda: blocks.tiles(everything, facts))
        for number in job.blocks:
            for tile in blocks.tiles([number], facts):
                deliver(tensor, number, tile.start, chosen.merge(tile, statistics, options))


def gathered(
    chosen: AnyOperator,
    tensor: Tensor,
    options: Options[MergeOptions, ModelOptions],
    blocks: Callable[[], Iterable[Block]],
) -> Statistics | None:
    """What the passes of an operator find over all blocks of a tensor."""
    found: Statistics | None = None
    for _ in range(chosen.passes(tensor, options)):
        statistics = chosen.gather(tensor, options, found)
        for block in blocks():
            statistics.add(block)
        statistics.settle()
        found = statistics
    return found


def tiles_of(plan: Plan, inputs: Inputs, tensor: PlannedTensor) -> Iterator[Block]:
    """All tiles of a tensor in order, read as planned."""
    blocks = _Blocks(plan, inputs, tensor, None)
    facts = Tensor(tensor.name, tensor.shape, expert_keys(plan))
    return blocks.tiles(range(len(blocks.bounds)), facts)


def expert_keys(plan: Plan) -> tuple[str, ...]:
    """What operators know experts by."""
    return tuple(expert.content or expert.identity for expert in plan.experts)


def needs_whole(plan: Plan, tensor: PlannedTensor) -> bool:
    """Whether the operator must see all of this tensor at once."""
    chosen = operator(tensor.operator)
    options = chosen.choose(tensor.merge, tensor.models)
    facts = Tensor(tensor.name, tensor.shape, expert_keys(plan))
    return chosen.reach_of(facts, options) is Reach.TENSOR


def workspace(plan: Plan, tensor: PlannedTensor) -> int:
    """Bytes that merging a whole tensor takes beside the models and the result."""
    chosen = operator(tensor.operator)
    facts = Tensor(tensor.name, tensor.shape, expert_keys(plan))
    return chosen.workspace(facts, chosen.choose(tensor.merge, tensor.models))


def tile_length(plan: Plan, tensor: PlannedTensor) -> int:
    """Elements of a tile: few, for memory's sake, but enough for threads to meet seldom."""
    most = min(max(_TILE_ELEMENTS // (len(tensor.choices) + 1), _SHORTEST), _LONGEST)
    return part_length(tensor.shape, plan.block_elements, most)


class _Blocks:
    """The blocks of one tensor; kept between passes if there is a stack to keep them in."""

    def __init__(
        self, plan: Plan, inputs: Inputs, tensor: PlannedTensor, kept: ExitStack | None
    ) -> None:
        self.bounds = block_bounds(tensor.shape, plan.block_elements)
        self._inputs, self._tensor = inputs, tensor
        self._kept = kept if tensor.passes else None
        self._held: dict[int, RawBlock] = {}
        self._tile = tile_length(plan, tensor)

    def tiles(self, numbers: Iterable[int], facts: Tensor) -> Iterator[Block]:
        """The tiles of some blocks in order."""
        for number in numbers:
            with ExitStack() as stack:
                raw = self._raw(number, stack)
                for start in range(raw.start, raw.stop, self._tile):
                    yield raw.tile(facts, start, min(start + self._tile, raw.stop))

    def assembled(self, facts: Tensor) -> Block:
        """All of the tensor as one block."""
        base: Float32 | None = None
        deltas: list[Float32 | None] = [None] * len(facts.experts)
        for tile in self.tiles(range(len(self.bounds)), facts):
            base = _filled(base, facts.size, tile, tile.base)
            deltas = [
                _filled(whole, facts.size, tile, part)
                for whole, part in zip(deltas, tile.deltas, strict=True)
            ]
        return Block(facts, 0, facts.size, base, tuple(deltas))

    def _raw(self, number: int, stack: ExitStack) -> RawBlock:
        if self._kept is None:
            return self._inputs.read(self._tensor, number, stack)
        if number not in self._held:
            self._held[number] = self._inputs.read(self._tensor, number, self._kept)
        return self._held[number]


def _filled(whole: Float32 | None, size: int, tile: Block, part: Float32 | None) -> Float32 | None:
    """What a tensor holds as a whole, with one tile of it; zero where no tile has anything."""
    if part is None:
        return whole
    if whole is None:
        whole = np.zeros(size, np.float32)
    whole[tile.start : tile.end] = part
    return whole
