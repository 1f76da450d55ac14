"""The open files of a plan's inputs: raw blocks come out of here, as the plan says they are read.

What the catalogue knows is checked: a file that changed since it was analysed is refused before the
first block, and a block whose hash differs while it is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Lock
from types import TracebackType
from typing import Self, cast

from r2c.errors import StoreError, declare
from r2c_training.merge.adapter import Adapter
from r2c_training.merge.blocks import block_bounds
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.catalog.facts import Delta
from r2c_training.merge.checkpoint.block_reader import Access, BlockReader, Buffers, span
from r2c_training.merge.checkpoint.checkpoint import Checkpoint
from r2c_training.merge.checkpoint.number_format import ITEM_BYTES, Format
from r2c_training.merge.execute.raw_block import PackedDelta, RawBlock, RawDelta, RawValues
from r2c_training.merge.low_rank import Factors, load_factors
from r2c_training.merge.packs.pack_file import split
from r2c_training.merge.plan.plan import EIGHT, FOUR, FULL, Plan, PlannedTensor
from r2c_training.merge.source import Source, header_identity, open_source

CHANGED = declare(
    "R2C-T030", StoreError,
    what="{name!r} is not what the plan was made for: {reason}.",
    why="A plan promises bytes and errors for the very files that it has seen.",
    remedy="Make the plan anew; `r2c merge analyse` looks at changed models again.",
)  # fmt: skip

PACK_SPOILT = declare(
    "R2C-T125", StoreError,
    what="The packed blocks of {name!r} in {pack!r} cannot be used: {reason}.",
    why="A budget reads them in place of the model, which is as it was.",
    remedy="Delete that file and run `r2c merge analyse` with the same recipe; it is made anew.",
)  # fmt: skip


@dataclass(frozen=True)
class _Expert:
    source: Source
    readers: list[BlockReader]
    delta: Delta | None
    pack: BlockReader | None


class Inputs:
    """All files that a plan reads, open. Blocks may be read from several threads."""

    def __init__(self, plan: Plan, catalog: Catalog, access: Access) -> None:
        """Open the files.

        Raises:
            InputError, StoreError: R2C-T001 to R2C-T006, R2C-T030, R2C-T125.
        """
        self._plan = plan
        self._stack = ExitStack()
        self._buffers = Buffers()
        self._factors: dict[tuple[int, str], Factors] = {}
        self._lock = Lock()
        with ExitStack() as opening:
            opening.push(self._stack)
            base = _unchanged(plan, catalog, 0)
            assert isinstance(base, Checkpoint)
            self.base = base
            self._base_readers = self._open(base, access)
            self._experts = [
                self._open_expert(plan, catalog, number, access)
                for number in range(len(plan.experts))
            ]
            opening.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._stack.close()

    def _open(self, source: Source, access: Access) -> list[BlockReader]:
        files = source.shards if isinstance(source, Checkpoint) else (source.file,)
        return [self._stack.enter_context(BlockReader(file.path, access)) for file in files]

    def _open_expert(self, plan: Plan, catalog: Catalog, number: int, access: Access) -> _Expert:
        source = _unchanged(plan, catalog, number + 1)
        base, expert = plan.inputs[0].content, plan.experts[number].content
        delta = None
        if plan.based and base and expert:
            delta = catalog.delta(base, expert, plan.block_elements)
        pack = None
        if any(sign in tensor.choices[number] for tensor in plan.tensors for sign in (FOUR, EIGHT)):
            name = plan.experts[number].name
            if delta is None:
                raise CHANGED(name=name, reason="this store holds no packed blocks of it")
            if not delta.whole:
                raise PACK_SPOILT(name=name, pack=str(delta.pack), reason="it is gone or too short")
            pack = self._stack.enter_context(BlockReader(delta.pack, access))
        return _Expert(source, self._open(source, access), delta, pack)

    @property
    def issued(self) -> tuple[int, ...]:
        """Bytes asked of the kernel so far: of the base, then of each expert."""
        experts = (
            sum(reader.issued for reader in each.readers) + (each.pack.issued if each.pack else 0)
            for each in self._experts
        )
        return sum(reader.issued for reader in self._base_readers), *experts

    def read(self, tensor: PlannedTensor, number: int, stack: ExitStack) -> RawBlock:
        """One block of all inputs, in memory that is lent until the stack is closed.

        Raises:
            StoreError: R2C-T005, R2C-T030, R2C-T125.
        """
        start, stop = block_bounds(tensor.shape, self._plan.block_elements)[number]
        base = None
        if self._plan.based:
            base = self._values(self.base, self._base_readers, tensor.name, (start, stop), stack)
        deltas: list[RawDelta] = []
        for at, choice in enumerate(tensor.choices):
            sign = choice[number]
            if sign == FULL:
                deltas.append(self._full(at, tensor.name, number, (start, stop), stack))
            elif sign in (FOUR, EIGHT):
                deltas.append(self._packed(at, tensor, number, sign, stack))
            else:
                deltas.append(None)
        return RawBlock(start, stop, base, tuple(deltas))

    def done(self, tensor: PlannedTensor) -> None:
        """Forget what was kept for a tensor."""
        with self._lock:
            for at in range(len(self._experts)):
                self._factors.pop((at, tensor.name), None)

    def _values(
        self,
        source: Checkpoint,
        readers: Sequence[BlockReader],
        name: str,
        bounds: tuple[int, int],
        stack: ExitStack,
    ) -> RawValues:
        shard, entry = source.tensors[name]
        form = cast(Format, entry.form)
        begin, end = (entry.begin + at * ITEM_BYTES[form] for at in bounds)
        buffer = stack.enter_context(self._buffers.lend(span(begin, end)))
        return RawValues(readers[shard].read(begin, end, buffer), form)

    def _full(
        self, at: int, name: str, number: int, bounds: tuple[int, int], stack: ExitStack
    ) -> RawDelta:
        expert = self._experts[at]
        if isinstance(expert.source, Adapter):
            with self._lock:
                if (at, name) not in self._factors:
                    update = expert.source.updates.get(name)
                    if update is None:  # it adds nothing to this tensor
                        return None
                    self._factors[at, name] = load_factors(update, expert.readers[0])
                return self._factors[at, name]
        values = self._values(expert.source, expert.readers, name, bounds, stack)
        if expert.delta is not None:
            expected = expert.delta.tensors[name].blocks[number].digest
            if _differs(expected, hashlib.sha256(values.raw.data).digest()):
                reason = f"a block of {name!r} has other bytes than before"
                raise CHANGED(name=self._plan.experts[at].name, reason=reason)
        return values

    def _packed(
        self, at: int, tensor: PlannedTensor, number: int, sign: str, stack: ExitStack
    ) -> PackedDelta:
        expert, name, shape = self._experts[at], tensor.name, tensor.shape
        assert expert.delta is not None
        assert expert.pack is not None
        facts = expert.delta.tensors[name].blocks[number]
        where = facts.place
        if where is None:
            reason = f"a block of {name!r} is not packed in this store"
            raise CHANGED(name=self._plan.experts[at].name, reason=reason)
        end = where.at + (where.coarse if sign == FOUR else where.both)
        buffer = stack.enter_context(self._buffers.lend(span(where.at, end)))
        start, stop = block_bounds(shape, self._plan.block_elements)[number]
        coarse, fine = split(expert.pack.read(where.at, end, buffer), where, stop - start)
        digest = hashlib.sha256(coarse.data)
        if fine is not None:
            digest.update(fine.data)
        expected = facts.digest4 if fine is None else facts.digest8
        if _differs(expected, digest.digest()):
            told = self._plan.experts[at].name
            reason = f"a block of {name!r} has other bytes than were written"
            raise PACK_SPOILT(name=told, pack=str(expert.delta.pack), reason=reason)
        return PackedDelta(coarse, fine)


def _unchanged(plan: Plan, catalog: Catalog, at: int) -> Source:
    planned, source = plan.inputs[at], open_source(plan.folders[at])
    if header_identity(source) != planned.identity:
        raise CHANGED(name=planned.name, reason="its files have other sizes or headers")
    if planned.content is not None and catalog.content(source) != planned.content:
        raise CHANGED(name=planned.name, reason="its files were written to since")
    return source


def _differs(expected: bytes | None, found: bytes) -> bool:
    """Whether the beginning of a digest that is known is another."""
    return expected is not None and expected != found[: len(expected)]
