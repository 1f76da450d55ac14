"""A file of lines with one writer, which loses at most the line in work when that is killed."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from r2c.errors import StoreError, declare

NOT_WRITTEN = declare(
    "R2C-B033",
    StoreError,
    what="A result cannot be written to {path!r}: {reason}.",
    why="Results are kept on disk one by one, so nothing that was finished is lost.",
    remedy="Make room or correct the permissions, then start the same command again.",
)


class Journal:
    """An open file; use as a context manager, or close it.

    Args:
        path: The file, made with its folder if missing.
        in_use: Makes the error for a file that another process has open.

    Raises:
        StoreError: R2C-B033, or what `in_use` makes.
    """

    def __init__(self, path: Path, in_use: Callable[[], Exception]) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: IO[bytes] = path.open("ab")
        except OSError as error:
            raise NOT_WRITTEN(path=str(path), reason=str(error)) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise in_use() from error

    def mend(self) -> None:
        """Cut off a last line without its end: it was being written when the process died."""
        data = self.path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            self._file.truncate(whole)

    def append(self, line: str) -> None:
        """Keep one line; it is on disk when this returns.

        Raises:
            StoreError: R2C-B033.
        """
        try:
            self._file.write(line.encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise NOT_WRITTEN(path=str(self.path), reason=str(error)) from error

    def close(self) -> None:
        """Let another process have the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
