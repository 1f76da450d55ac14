"""Where the packed blocks of one expert lie: one file, the two levels of a block side by side.

Large blocks begin on a page, so that reading one costs nothing beside it; four bits are read as
`[at, at + coarse)`, eight as `[at, at + both)`.
"""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from r2c_training.merge.checkpoint.block_reader import PAGE
from r2c_training.merge.checkpoint.number_format import Bytes
from r2c_training.merge.packs.quantize import Packed, coarse_bytes, fine_bytes

_LARGE = 16 * PAGE


@dataclass(frozen=True)
class Place:
    """Where a packed block lies, in bytes."""

    at: int
    coarse: int
    both: int


def place(at: int, elements: int) -> tuple[Place, int]:
    """Where a block of that many elements goes in a file that ends at `at`, and its new end."""
    coarse, fine = coarse_bytes(elements), fine_bytes(elements)
    grain = PAGE if coarse >= _LARGE else 64
    start = _up(at, grain)
    both = _up(coarse, grain) + fine
    return Place(start, coarse, both), start + both


def fits(where: Place, elements: int, size: int) -> bool:
    """Whether a block of that many elements can lie there in a file of that size."""
    at: object = where.at  # as the catalogue has it
    if not isinstance(at, int) or at < 0:
        return False
    meant, end = place(at, elements)
    return meant == where and end <= size


def split(raw: Bytes, where: Place, elements: int) -> tuple[Bytes, Bytes | None]:
    """The two levels in what was read from `where.at`; None for a level that was not."""
    coarse = raw[: where.coarse]
    fine = fine_bytes(elements)
    return coarse, raw[where.both - fine : where.both] if raw.size >= where.both else None


def is_whole(path: Path, size: int) -> bool:
    """Whether a file of packed blocks is there, as long as it was; an empty one may be gone."""
    return size == 0 or (path.is_file() and path.stat().st_size >= size)


class PackWriter:
    """Appends packed blocks to a file; one process at a time, others wait."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self.end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        os.close(self._file)

    def cut(self, end: int) -> None:
        """Trust the file up to `end` and no further."""
        os.ftruncate(self._file, end)
        self.end = end

    def append(self, packed: Packed, elements: int) -> Place:
        """Write a block behind the last one."""
        where, end = place(self.end, elements)
        _write(self._file, packed.coarse, where.at)
        _write(self._file, packed.fine, where.at + where.both - packed.fine.size)
        self.end = end
        return where

    def sync(self) -> None:
        """Wait until what was written is on the disk."""
        os.fsync(self._file)


def _write(file: int, data: Bytes, at: int) -> None:
    view = data.data
    while view:
        count = os.pwrite(file, view, at)
        view, at = view[count:], at + count


def _up(value: int, grain: int) -> int:
    return -(-value // grain) * grain
