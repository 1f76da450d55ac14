"""The files that grow in the staging folder: space first, then blocks.

A file is hashed as it is read back, up to where it has no gap yet, while later blocks are merged;
only what comes out of order is left for the end.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

import numpy as np

from r2c_training.merge.blocks import block_bounds
from r2c_training.merge.checkpoint.number_format import ITEM_BYTES, Bytes
from r2c_training.merge.execute.layout import Layout
from r2c_training.merge.execute.staging import disk_full_told
from r2c_training.merge.execute.writeback import begin_writing
from r2c_training.merge.plan.plan import Plan, PlannedTensor

_CHUNK = 1 << 20


class _Hash:
    """The SHA-256 of one file that is written in pieces from several threads."""

    def __init__(self, file: int, written: int) -> None:
        self._file = file
        self._whole = hashlib.sha256()
        self._hashed = 0
        self._ends: dict[int, int] = {0: written}
        self._adding, self._hashing = Lock(), Lock()

    def add(self, begin: int, end: int) -> None:
        """Say that [begin, end) is written, and hash on unless another thread does so."""
        with self._adding:
            self._ends[begin] = end
        if self._hashing.acquire(blocking=False):
            try:
                self._follow()
            finally:
                self._hashing.release()

    def finish(self) -> str:
        """The hash, when all is written."""
        with self._hashing:
            self._follow()
        assert not self._ends, "a piece of the file was never written"
        return self._whole.hexdigest()

    def _follow(self) -> None:
        while True:
            with self._adding:
                end = self._ends.pop(self._hashed, None)
            if end is None:
                return
            for at in range(self._hashed, end, _CHUNK):
                self._whole.update(os.pread(self._file, min(_CHUNK, end - at), at))
            self._hashed = end


class ShardFiles:
    """The shards of one output, open for writing at any place from any thread."""

    def __init__(self, folder: Path, layout: Layout, plan: Plan) -> None:
        """Make the files or open those of an earlier run, in full length.

        Raises:
            StoreError: R2C-T035.
        """
        self._layout, self._plan, self._folder = layout, plan, folder
        self._files: list[int] = []
        self._hashes: list[_Hash] = []
        with ExitStack() as opening:
            for shard in layout.shards:
                path = folder / shard.name
                file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
                opening.callback(os.close, file)
                self._files.append(file)
                with disk_full_told(path, shard.file_bytes):
                    os.posix_fallocate(file, 0, shard.file_bytes)
                _write(file, shard.header, 0)
                self._hashes.append(_Hash(file, len(shard.header)))
            self._open = opening.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._open.close()

    def write(self, tensor: PlannedTensor, start: int, data: Bytes) -> None:
        """Write elements of a tensor from `start` on."""
        shard, at = self._layout.places[tensor.name]
        with disk_full_told(self._folder, data.size):
            _write(self._files[shard], data, at + start * ITEM_BYTES[tensor.form])

    def done(self, tensor: PlannedTensor, number: int) -> None:
        """Say that a block is written and stays as it is."""
        shard, begin, end = self._range(tensor, number)
        begin_writing(self._files[shard], begin, end - begin)
        self._hashes[shard].add(begin, end)

    def holds(self, tensor: PlannedTensor, number: int, sha256: str) -> bool:
        """Whether a block that an earlier run noted is there; it is done then."""
        shard, begin, end = self._range(tensor, number)
        raw = os.pread(self._files[shard], end - begin, begin)
        there = hashlib.sha256(raw).hexdigest() == sha256
        if there:
            self._hashes[shard].add(begin, end)
        return there

    def _range(self, tensor: PlannedTensor, number: int) -> tuple[int, int, int]:
        """The file of a block, and where in it the block begins and ends."""
        start, stop = block_bounds(tensor.shape, self._plan.block_elements)[number]
        shard, at = self._layout.places[tensor.name]
        size = ITEM_BYTES[tensor.form]
        return shard, at + start * size, at + stop * size

    def finish(self) -> Mapping[str, str]:
        """The SHA-256 of each file; what is in them may still be on its way to the disk."""
        return {
            shard.name: whole.finish()
            for shard, whole in zip(self._layout.shards, self._hashes, strict=True)
        }


def _write(file: int, data: Bytes | bytes, at: int) -> None:
    view = data.data if isinstance(data, np.ndarray) else memoryview(data)
    while view:
        count = os.pwrite(file, view, at)
        view, at = view[count:], at + count
