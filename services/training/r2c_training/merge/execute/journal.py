"""Which blocks are written: one line a block with the hash of its bytes, appended as they finish.

A line promises nothing after a loss of power, for the block itself may not have reached the disk;
so a run that goes on reads every such block again and believes the hash alone.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

Key = tuple[str, int]


class Journal:
    """The journal of one run, appended to from several threads."""

    def __init__(self, path: Path) -> None:
        """Open it; `written` are the blocks that an earlier run noted."""
        self.written: Mapping[Key, str] = _read(path)
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        self._lock = Lock()
        # A line that was cut off by a crash is ended, so that the next one stands alone.
        os.write(self._file, b"\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        os.close(self._file)

    def note(self, tensor: str, block: int, sha256: str) -> None:
        """Say that a block is written."""
        line = f"{sha256} {block} {tensor}\n".encode()
        with self._lock:
            while line:
                line = line[os.write(self._file, line) :]


def _read(path: Path) -> dict[Key, str]:
    if not path.exists():
        return {}
    found = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        parts = line.split(" ", 2)
        if len(parts) == 3 and len(parts[0]) == 64 and parts[1].isdigit():
            found[parts[2], int(parts[1])] = parts[0]
    return found
