"""One pass over an expert: every block is read once, measured against the base, hashed and packed.

It goes through the expert's files front to back, so the hashes of whole files fall out of it. A
pass that was broken off goes on at the first shard that was not committed.
"""

from __future__ import annotations

import errno
import hashlib
from collections import deque
from collections.abc import Callable, Container, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import cast

from r2c.errors import InputError, declare
from r2c_training.merge.adapter import Adapter
from r2c_training.merge.blocks import BLOCK_ELEMENTS, block_bounds
from r2c_training.merge.catalog.catalog import Begun, Catalog
from r2c_training.merge.catalog.facts import BlockFacts, Delta, TensorFacts
from r2c_training.merge.catalog.schema import STORE_FULL
from r2c_training.merge.checkpoint.block_reader import PAGE, Access, BlockReader, fetch
from r2c_training.merge.checkpoint.checkpoint import Checkpoint
from r2c_training.merge.checkpoint.header import Header, TensorEntry
from r2c_training.merge.checkpoint.number_format import (
    ITEM_BYTES,
    Bytes,
    Float32,
    Format,
    decode,
    decode_difference,
)
from r2c_training.merge.element_sums import largest_size, sum_of_squares
from r2c_training.merge.low_rank import load_factors
from r2c_training.merge.packs.pack_file import PackWriter
from r2c_training.merge.packs.quantize import Packed, pack
from r2c_training.merge.source import Source, files_of, identity

NOT_FINITE = declare(
    "R2C-T011", InputError,
    what="{tensor!r} of {folder!r} holds numbers that are not finite.",
    why="An infinity or a NaN in one model spreads to the merged model, and no error has a bound.",
    remedy="Leave this model out, or mend it; training that diverged is the usual cause.",
)  # fmt: skip

_CHUNK = 8 << 20
_WORTH_PACKING = 4 * PAGE
"""Bytes of a block below which a packed form would not be read in fewer pages to speak of."""

Advance = Callable[[int], None]
Examined = tuple[BlockFacts, Packed | None]


def hash_source(catalog: Catalog, source: Source, access: Access, advance: Advance) -> str:
    """The content hash of a source; its files are read whole unless that was done before."""
    known = catalog.content(source)
    if known is not None:
        return known
    hashes = []
    for file in files_of(source):
        sha256 = catalog.file_hash(file)
        if sha256 is None:
            sha256 = _hash_file(file, access, advance)
            catalog.remember_file(file, sha256)
        hashes.append(sha256)
    return catalog.remember_model(source, hashes)


def analyse(
    catalog: Catalog,
    base: Checkpoint,
    expert: Source,
    *,
    elements: int = BLOCK_ELEMENTS,
    access: Access = "buffered",
    workers: int = 2,
    advance: Advance = lambda _: None,
) -> Delta:
    """What the catalogue knows of an expert against a base, found out first if need be.

    A pass whose packed blocks are gone or cut short is made again.

    Args:
        catalog: Where it is kept.
        base: The model that the expert was trained from.
        expert: A compatible model, or an adapter.
        elements: Elements of a block (`block_length`).
        access: How files are read.
        workers: Threads that measure and pack.
        advance: Told the bytes of every block that is done.

    Raises:
        InputError, StoreError: R2C-T011, R2C-T126.
    """
    try:
        return _analysed(catalog, base, expert, elements, access, workers, advance)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise STORE_FULL(folder=str(catalog.folder)) from error


def _analysed(
    catalog: Catalog,
    base: Checkpoint,
    expert: Source,
    elements: int,
    access: Access,
    workers: int,
    advance: Advance,
) -> Delta:
    base_content = hash_source(catalog, base, access, advance)
    expert_content = catalog.content(expert)
    if expert_content is None and catalog.has_met(expert):
        # Perhaps only its times are other ones; then it is not measured and packed again.
        expert_content = hash_source(catalog, expert, access, advance)
    if expert_content is not None:
        known = catalog.delta(base_content, expert_content, elements)
        if known is not None and known.whole:
            return known
        if known is not None:
            catalog.drop_spoilt(base_content, expert_content, elements)
    key = (base_content, identity(expert), elements)
    with ExitStack() as stack:
        # One pass over an expert at a time; a second process waits and then finds it done.
        writer = stack.enter_context(PackWriter(catalog.begin(*key).pack))
        begun = catalog.begin(*key)
        writer.cut(begun.pack_bytes)
        bases = [stack.enter_context(BlockReader(file.path, access)) for file in base.shards]
        examiner = _Examiner(base, bases, elements, workers, access, advance)
        if isinstance(expert, Adapter):
            hashes = [_adapter_pass(catalog, begun, expert, examiner)]
        else:
            hashes = [
                begun.passed.get(number)
                or _shard_pass(catalog, begun, expert, number, examiner, writer)
                for number in range(len(expert.shards))
            ]
        content = catalog.remember_model(expert, hashes)
        catalog.finish(begun, content)
    found = catalog.delta(base_content, content, elements)
    if found is None:
        raise RuntimeError("a pass that was finished is not in the catalogue")
    return found


class _Examiner:
    """Measures blocks of experts against the base's."""

    def __init__(
        self, base: Checkpoint, readers: list[BlockReader], elements: int, workers: int,
        access: Access, advance: Advance,
    ) -> None:  # fmt: skip
        self._base, self._readers = base, readers
        self.elements, self.workers, self.access, self.advance = elements, workers, access, advance

    @property
    def names(self) -> Container[str]:
        """The tensors that the base holds."""
        return self._base.tensors

    def base_values(self, name: str, start: int, stop: int) -> Float32:
        shard, entry = self._base.tensors[name]
        form = cast(Format, entry.form)
        size = ITEM_BYTES[form]
        at = entry.begin
        return decode(fetch(self._readers[shard], at + start * size, at + stop * size), form)

    def model_block(
        self, folder: Path, entry: TensorEntry, start: int, stop: int, raw: Bytes
    ) -> Examined:
        base = self.base_values(entry.name, start, stop)
        delta = decode_difference(raw, cast(Format, entry.form), base)
        facts = replace(
            self.measure(folder, entry.name, base, delta),
            digest=hashlib.sha256(raw.data).digest()[:16],
        )
        if facts.peak == 0 or raw.size <= _WORTH_PACKING:
            return facts, None
        packed = pack(delta)
        digest4 = hashlib.sha256(packed.coarse.data)
        digest8 = digest4.copy()
        digest8.update(packed.fine.data)
        return replace(
            facts,
            error4=packed.error4,
            error8=packed.error8,
            digest4=digest4.digest()[:16],
            digest8=digest8.digest()[:16],
        ), packed

    def measure(self, folder: Path, name: str, base: Float32, delta: Float32) -> BlockFacts:
        """Norms of a block and its largest change."""
        squares, base_squares = sum_of_squares(delta), sum_of_squares(base)
        if not isfinite(squares + base_squares):
            whose = folder if isfinite(base_squares) else self._base.folder
            raise NOT_FINITE(tensor=name, folder=str(whose))
        return BlockFacts(base_squares**0.5, squares**0.5, float(largest_size(delta)))


def _shard_pass(
    catalog: Catalog,
    begun: Begun,
    expert: Checkpoint,
    number: int,
    examiner: _Examiner,
    writer: PackWriter,
) -> str:
    shard = expert.shards[number]
    whole = hashlib.sha256()
    merged = examiner.names
    blocks: dict[str, list[BlockFacts]] = {
        entry.name: [] for entry in shard.tensors if entry.name in merged
    }
    for entry, length, (facts, packed) in _examined(expert.folder, shard, whole, examiner):
        if packed is not None:
            facts = replace(facts, place=writer.append(packed, length))
        blocks[entry.name].append(facts)
        examiner.advance(length * ITEM_BYTES[cast(Format, entry.form)])
    writer.sync()
    catalog.commit_shard(
        begun,
        number,
        whole.hexdigest(),
        [
            TensorFacts(each.name, each.form, each.shape, tuple(blocks[each.name]))
            for each in shard.tensors
            if each.name in merged
        ],
        writer.end,
    )
    return whole.hexdigest()


def _examined(
    folder: Path, shard: Header, whole: hashlib._Hash, examiner: _Examiner
) -> Iterator[tuple[TensorEntry, int, Examined]]:
    """The blocks of one file in its order, a few of them measured ahead.

    A tied tensor that the file holds all the same is hashed and not measured: nothing merges it.
    """
    ahead: deque[tuple[TensorEntry, int, Future[Examined]]] = deque()
    with (
        BlockReader(shard.path, examiner.access) as reader,
        ThreadPoolExecutor(examiner.workers) as pool,
    ):
        first = shard.tensors[0].begin if shard.tensors else shard.file_bytes
        whole.update(fetch(reader, 0, first).data)
        for entry in shard.tensors:
            size = ITEM_BYTES[cast(Format, entry.form)]
            for start, stop in block_bounds(entry.shape, examiner.elements):
                raw = fetch(reader, entry.begin + start * size, entry.begin + stop * size)
                if entry.name not in examiner.names:
                    whole.update(raw.data)
                    continue
                task = pool.submit(examiner.model_block, folder, entry, start, stop, raw)
                ahead.append((entry, stop - start, task))
                whole.update(raw.data)
                if len(ahead) > 2 * examiner.workers:
                    done = ahead.popleft()
                    yield done[0], done[1], done[2].result()
        for entry, length, task in ahead:
            yield entry, length, task.result()


def _adapter_pass(catalog: Catalog, begun: Begun, expert: Adapter, examiner: _Examiner) -> str:
    sha256 = begun.passed.get(0)
    if sha256 is not None:
        return sha256
    tensors = []
    with BlockReader(expert.file.path, examiner.access) as reader:
        for name, update in expert.updates.items():
            factors = load_factors(update, reader)
            facts = []
            for start, stop in block_bounds(update.shape, examiner.elements):
                base = examiner.base_values(name, start, stop)
                delta = factors.delta(start, stop)
                facts.append(examiner.measure(expert.folder, name, base, delta))
                examiner.advance(4 * (stop - start))
            tensors.append(TensorFacts(name, update.rows.form, update.shape, tuple(facts)))
    sha256 = _hash_file(expert.file, examiner.access, lambda _: None)
    catalog.commit_shard(begun, 0, sha256, tensors, 0)
    return sha256


def _hash_file(file: Header, access: Access, advance: Advance) -> str:
    whole = hashlib.sha256()
    with BlockReader(file.path, access) as reader:
        for at in range(0, file.file_bytes, _CHUNK):
            raw = fetch(reader, at, min(at + _CHUNK, file.file_bytes))
            whole.update(raw.data)
            advance(raw.size)
    return whole.hexdigest()
