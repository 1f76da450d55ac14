"""Unpacks no more of a workbook than a limit for each kind of its parts.

What is unpacked is counted, not what the workbook says of itself: its sheets may all be one part,
and a part of any name may hold its texts.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from r2c.errors import R2CError
from r2c.problem.faults import WORKBOOK_BOMB

SHEETS_LIMIT = 100_000_000
"""Bytes of all sheets: two million cells, as programs write them, have fewer."""
TEXTS_LIMIT = 50_000_000
"""Bytes of the texts that cells share; they are held in memory, at some times their size."""
FRAME_LIMIT = 5_000_000
"""Bytes of styles, names and properties; reading them takes the most time for each byte."""

STRETCH_LIMIT = 1_000_000
"""Bytes of one tag with its attributes, or of one text; a cell has far fewer."""

FRAME = "styles, names and properties"
_ENTITIES = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
"""What may let a few bytes stand for many, so that counting them says nothing."""
_LONGEST = max(map(len, _ENTITIES))
RATIO_LIMIT = 100
"""How many times its size a workbook may unpack to."""


def too_much(path: Path, kind: str, size: int, ratio: int, limit: int) -> R2CError:
    """What is raised for a workbook of which `size` bytes of a kind would be unpacked."""
    return WORKBOOK_BOMB(
        path=str(path), kind=kind, size=size, ratio=ratio, limit=limit, ratio_limit=RATIO_LIMIT
    )


class BoundedArchive(zipfile.ZipFile):
    """An archive that unpacks no more than it is allowed to, however often a part is read."""

    def __init__(self, path: Path, content: bytes) -> None:
        """Opens the archive; nothing of it is unpacked."""
        super().__init__(io.BytesIO(content))
        self._path = path
        self._packed = len(content)
        self.allow(FRAME, FRAME_LIMIT)

    def allow(self, kind: str, limit: int) -> None:
        """Lets `limit` bytes more be unpacked; `kind` says of what, for the message."""
        self._kind, self._limit, self._unpacked = kind, limit, 0

    def open(  # type: ignore[override]
        self, name: str | zipfile.ZipInfo, mode: str = "r", pwd: bytes | None = None
    ) -> IO[bytes]:
        """The content of a part.

        Raises:
            InputError: R2C-P041 if the part is larger than what may still be unpacked.
        """
        info = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        if info.file_size > self._limit - self._unpacked:
            self._refuse(info.file_size)
        return _Counted(super().open(info, "r", pwd), self)  # type: ignore[return-value]

    def count(self, size: int) -> None:
        """Counts bytes that were unpacked.

        Raises:
            InputError: R2C-P041 if they are too many.
        """
        if self._unpacked + size > self._limit:
            self._refuse(size)
        self._unpacked += size

    def _refuse(self, more: int) -> None:
        size = self._unpacked + more
        raise too_much(self._path, self._kind, size, round(size / self._packed), self._limit)


class _Counted:
    """The content of a part, counted and looked through while it is read."""

    def __init__(self, stream: IO[bytes], archive: BoundedArchive) -> None:
        self._stream = stream
        self._archive = archive
        self._end = b""
        self._stretch = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes.

        Raises:
            InputError: R2C-P041 if too much is unpacked.
            ValueError: for entities, and for tags and texts that no workbook has.
        """
        found = self._stream.read(size)  # zipfile reads no more than the directory says
        self._archive.count(len(found))
        whole = self._end + found
        if any(words in whole for words in _ENTITIES):
            raise ValueError("a part of it declares a document type, which none of a workbook does")
        self._end = whole[-_LONGEST:]
        first = found.find(b"<")
        self._stretch += len(found) if first < 0 else first
        if self._stretch > STRETCH_LIMIT:
            raise ValueError(f"it has a tag or a text of more than {STRETCH_LIMIT} bytes")
        if first >= 0:
            self._stretch = len(found) - found.rfind(b"<")
        return found

    def close(self) -> None:
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
