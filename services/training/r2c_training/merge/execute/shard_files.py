"""The files that grow in the staging folder: space first, then blocks."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from r2c_training.merge.blocks import block_bounds
from r2c_training.merge.checkpoint.number_format import ITEM_BYTES, Bytes
from r2c_training.merge.execute.layout import Layout
from r2c_training.merge.execute.staging import disk_full_told
from r2c_training.merge.plan.plan import Plan, PlannedTensor

_CHUNK = 8 << 20


class ShardFiles:
    """The shards of one output, open for writing at any place from any thread."""

    def __init__(self, folder: Path, layout: Layout, plan: Plan) -> None:
        """Make the files or open those of an earlier run, in full length.

        Raises:
            StoreError: R2C-T035.
        """
        self._layout, self._plan, self._folder = layout, plan, folder
        self._files: list[int] = []
        with ExitStack() as opening:
            for shard in layout.shards:
                path = folder / shard.name
                file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
                opening.callback(os.close, file)
                self._files.append(file)
                with disk_full_told(path, shard.file_bytes):
                    os.posix_fallocate(file, 0, shard.file_bytes)
                _write(file, shard.header, 0)
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

    def holds(self, tensor: PlannedTensor, number: int, sha256: str | None) -> bool:
        """Whether a block that was noted is there."""
        if sha256 is None:
            return False
        start, stop = block_bounds(tensor.shape, self._plan.block_elements)[number]
        shard, at = self._layout.places[tensor.name]
        size = ITEM_BYTES[tensor.form]
        raw = os.pread(self._files[shard], (stop - start) * size, at + start * size)
        return hashlib.sha256(raw).hexdigest() == sha256

    def finish(self) -> Mapping[str, str]:
        """Wait until all is on the disk; the SHA-256 of each file as it is read back."""
        hashes = {}
        for shard, file in zip(self._layout.shards, self._files, strict=True):
            with disk_full_told(self._folder / shard.name, shard.file_bytes):
                os.fsync(file)
            whole = hashlib.sha256()
            for at in range(0, shard.file_bytes, _CHUNK):
                whole.update(os.pread(file, min(_CHUNK, shard.file_bytes - at), at))
            hashes[shard.name] = whole.hexdigest()
        return hashes


def _write(file: int, data: Bytes | bytes, at: int) -> None:
    view = data.data if isinstance(data, np.ndarray) else memoryview(data)
    while view:
        count = os.pwrite(file, view, at)
        view, at = view[count:], at + count
