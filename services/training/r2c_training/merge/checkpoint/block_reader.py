"""Reads byte ranges of files at page boundaries and counts what it asked the kernel for.

Direct reads (O_DIRECT) pass the page cache by: what is asked for is what the disk hands over.
Buffered reads say the range in advance and switch the kernel's read-ahead off, which would
otherwise fetch megabytes around every block.
"""

from __future__ import annotations

import mmap
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import numpy as np

from r2c.errors import StoreError, declare
from r2c_training.merge.checkpoint.number_format import Bytes

PAGE = 4096
Access = Literal["buffered", "direct"]

NO_DIRECT = declare(
    "R2C-T004", StoreError,
    what="{path!r} cannot be read past the page cache: {reason}.",
    why="--access direct was asked for; some file systems, and shares over a network, have none.",
    remedy="Use --access buffered.",
)  # fmt: skip
CUT_SHORT = declare(
    "R2C-T005", StoreError,
    what="{path!r} ended after {got} of {wanted} bytes at {begin}.",
    why="The file became shorter after its header was read, or the disk does not hand it over.",
    remedy="Check the disk and fetch the file again.",
)  # fmt: skip


def issued_bytes(begin: int, end: int, file_bytes: int) -> int:
    """What reading [begin, end) asks the kernel for: whole pages, none past the end."""
    if end <= begin:
        return 0
    return min(-(-end // PAGE) * PAGE, file_bytes) - begin // PAGE * PAGE


class Buffers:
    """Page-aligned memory that is lent and taken back, so that pages are not faulted in anew."""

    def __init__(self) -> None:
        self._free: list[mmap.mmap] = []
        self._lock = threading.Lock()

    @contextmanager
    def lend(self, size: int) -> Iterator[memoryview]:
        """At least `size` bytes, rounded up to pages, until the end of the block."""
        size = max(-(-size // PAGE) * PAGE, PAGE)
        with self._lock:
            fits = [item for item in self._free if size <= len(item) <= 4 * size]
            found = min(fits, key=len, default=None)
            if found is not None:
                self._free.remove(found)
        buffer = found if found is not None else _pages(size)
        try:
            yield memoryview(buffer)
        finally:
            with self._lock:
                self._free.append(buffer)


class BlockReader:
    """One open file. Reads from several threads at once are fine."""

    def __init__(self, path: Path, access: Access) -> None:
        flags = os.O_RDONLY | os.O_CLOEXEC | (os.O_DIRECT if access == "direct" else 0)
        try:
            self._file = os.open(path, flags)
        except OSError as error:
            if access == "direct" and error.errno == 22:
                raise NO_DIRECT(path=str(path), reason=str(error)) from error
            raise
        self._direct = access == "direct"
        self._path = path
        self._lock = threading.Lock()
        self.file_bytes = os.fstat(self._file).st_size
        self.issued = 0
        if not self._direct:
            os.posix_fadvise(self._file, 0, 0, os.POSIX_FADV_RANDOM)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        os.close(self._file)

    def read(self, begin: int, end: int, into: memoryview) -> Bytes:
        """The bytes [begin, end), a view into `into`, which must hold `span(begin, end)`.

        Raises:
            StoreError: R2C-T005.
        """
        first = begin // PAGE * PAGE
        last = -(-end // PAGE) * PAGE
        if not self._direct:
            os.posix_fadvise(self._file, first, last - first, os.POSIX_FADV_WILLNEED)
        got = seen = 0
        while first + got < end:
            got += os.preadv(self._file, [into[got : last - first]], first + got)
            if got <= seen:  # nothing more, or the same end of a page once more
                raise CUT_SHORT(path=str(self._path), got=got, wanted=end - first, begin=first)
            seen = got
            if got % PAGE and first + got < end:
                got -= got % PAGE
        with self._lock:
            self.issued += issued_bytes(begin, end, self.file_bytes)
        return np.frombuffer(into, np.uint8, end - begin, begin - first)


def fetch(reader: BlockReader, begin: int, end: int) -> Bytes:
    """The bytes [begin, end) in memory of their own."""
    return reader.read(begin, end, memoryview(_pages(max(span(begin, end), PAGE))))


def _pages(size: int) -> mmap.mmap:
    """Memory on pages of its own. Shared, as it is without flags, the kernel has it as a file."""
    return mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)


def span(begin: int, end: int) -> int:
    """The memory that `BlockReader.read` needs for [begin, end): whole pages."""
    return -(-end // PAGE) * PAGE - begin // PAGE * PAGE


def kernel_read_bytes() -> int:
    """Bytes that this process made the kernel fetch from disks so far (Linux: /proc/self/io)."""
    for line in Path("/proc/self/io").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name == "read_bytes":
            return int(value)
    return 0
