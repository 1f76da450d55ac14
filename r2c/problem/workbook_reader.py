"""Opens a workbook with openpyxl, within the limits of what may be unpacked of it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl.reader.excel import ExcelReader

from r2c.problem.workbook_archive import (
    FRAME,
    FRAME_LIMIT,
    SHEETS_LIMIT,
    TEXTS_LIMIT,
    BoundedArchive,
)

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook


def open_workbook(path: Path, content: bytes, *, results: bool) -> Workbook:
    """The workbook, its sheets to be read row by row.

    Args:
        path: the name of the file, for messages.
        content: the file.
        results: whether cells hold the stored results of formulas, not the formulas.

    Raises:
        InputError: R2C-P041 when too much would be unpacked, here or while rows are read.
    """
    archive = BoundedArchive(path, content)
    reader = _BoundedReader(archive, content, results=results)
    reader.read()
    archive.allow("sheets", SHEETS_LIMIT)
    return reader.wb


class _BoundedReader(ExcelReader):  # type: ignore[misc]
    """openpyxl's reader over a bounded archive, with a limit of its own for each kind of part."""

    def __init__(self, archive: BoundedArchive, content: bytes, *, results: bool) -> None:
        super().__init__(io.BytesIO(content), read_only=True, data_only=results, keep_links=False)
        self.archive: BoundedArchive = archive

    def read_strings(self) -> None:
        self.archive.allow("texts", TEXTS_LIMIT)
        super().read_strings()
        self.archive.allow(FRAME, FRAME_LIMIT)

    def read_worksheets(self) -> None:
        # A sheet that does not say its size is read through for it.
        self.archive.allow("sheets", SHEETS_LIMIT)
        super().read_worksheets()
        self.archive.allow(FRAME, FRAME_LIMIT)
