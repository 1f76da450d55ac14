"""Opens a workbook with openpyxl, within the limits of what may be unpacked of it.

openpyxl reads what the workbook says of its sheets, formats and dates, and the cells of a row; rows
and shared texts are found here, so that nothing else of a sheet is built or kept. Formulas are not
read, only whether their results are stored.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import FORMULA_TAG, ROW_TAG, VALUE_TAG, WorkSheetParser
from openpyxl.xml.constants import ARC_STYLE, SHARED_STRINGS, SHEET_MAIN_NS

from r2c.problem.workbook_archive import (
    FRAME,
    FRAME_LIMIT,
    SHEETS_LIMIT,
    TEXTS_LIMIT,
    BoundedArchive,
)
from r2c.problem.workbook_parts import parts

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

TEXT_COUNT_LIMIT = 2_000_000
"""Texts that cells share: as many as a table may have cells."""
SHEET_COUNT_LIMIT = 1000
"""Sheets of a workbook, which may all be one part."""
_FORMAT = re.compile(rb"""formatCode\s*=\s*(?:"[^"]{1000}|'[^']{1000})""")
"""A number format that takes openpyxl the square of its length to read; programs keep to 255."""
_STRICT = b"purl.oclc.org/ooxml/spreadsheetml"
_TEXT, _PLAIN, _RUN = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("si", "t", "r"))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell. `kind`: `e` for an error, `f` for a formula whose result is not stored."""

    row: int
    column: int
    value: object
    kind: str

    @property
    def coordinate(self) -> str:
        """As a spreadsheet program shows it: `B3`."""
        return f"{get_column_letter(self.column)}{self.row}"


@dataclass(frozen=True)
class Sheet:
    """One sheet, read row by row, as often as wanted."""

    title: str
    _part: str
    _reader: _BoundedReader

    def rows(self) -> Iterator[list[Cell]]:
        """The cells that the sheet has, row by row; some may be empty.

        Raises:
            InputError: R2C-P041 when too much is unpacked.
            Exception: whatever openpyxl raises where the sheet is damaged.
        """
        book = self._reader.wb
        with self._reader.archive.open(self._part) as stream:
            parser = WorkSheetParser(
                stream, self._reader.shared_strings, data_only=True, epoch=book.epoch,
                date_formats=book._date_formats, timedelta_formats=book._timedelta_formats,
            )  # fmt: skip
            last = 0
            for element in parts(stream, ROW_TAG):
                number, cells = parser.parse_row(element)
                if number <= last:
                    raise ValueError(f"row {number} stands behind row {last}")
                last = number
                yield [_cell(*pair) for pair in zip(element, cells, strict=True)]


def _cell(element: Element, read: dict[str, Any]) -> Cell:
    kind, value = read["data_type"], read["value"]
    if value is None and element.find(FORMULA_TAG) is not None:
        # An empty text is a result too, and is stored as one.
        empty = element.get("t") == "str" and element.find(VALUE_TAG) is not None
        kind = kind if empty else "f"
    return Cell(read["row"], read["column"], value, kind)


def open_workbook(path: Path, content: bytes) -> tuple[Sheet, ...]:
    """The sheets of a workbook; cells with a formula have its stored result.

    Args:
        path: the name of the file, for messages.
        content: the file.

    Raises:
        InputError: R2C-P041 when too much would be unpacked, here or while rows are read.
    """
    reader = _BoundedReader(BoundedArchive(path, content), content)
    sheets = tuple(reader.sheets())
    reader.archive.allow("sheets", SHEETS_LIMIT)
    return sheets


class _BoundedReader(ExcelReader):  # type: ignore[misc]
    """openpyxl's reader over a bounded archive, with a limit of its own for each kind of part."""

    def __init__(self, archive: BoundedArchive, content: bytes) -> None:
        super().__init__(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        self.archive: BoundedArchive = archive

    def sheets(self) -> Iterator[Sheet]:
        """Reads what is beside cells, and names the sheets that hold some."""
        self.read_manifest()
        self.read_workbook()
        if _STRICT in self.archive.read(self.parser.workbook_part_name):
            raise ValueError("it is a Strict Open XML workbook, of which nothing is read")
        if ARC_STYLE in self.valid_files and _FORMAT.search(self.archive.read(ARC_STYLE)):
            raise ValueError("it has a number format of more than 1000 characters")
        self.archive.allow(FRAME, FRAME_LIMIT)  # openpyxl reads the styles once more
        apply_stylesheet(self.archive, self.wb)
        for number, (sheet, relation) in enumerate(self.parser.find_sheets()):
            if number >= SHEET_COUNT_LIMIT:
                raise ValueError(f"it has more than {SHEET_COUNT_LIMIT} sheets")
            if relation.target in self.valid_files and "chartsheet" not in relation.Type:
                yield Sheet(sheet.name, relation.target, self)
        self.archive.allow("texts", TEXTS_LIMIT)
        self.read_strings()

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as stream:
            self.shared_strings = list(_texts(stream))


def _texts(stream: IO[bytes]) -> Iterator[str]:
    for number, element in enumerate(parts(stream, _TEXT)):
        if number >= TEXT_COUNT_LIMIT:
            raise ValueError(f"its cells share more than {TEXT_COUNT_LIMIT} texts")
        yield "".join(_pieces(element)).replace("x005F_", "")


def _pieces(element: Element) -> Iterator[str]:
    """A text of its own and its formatted runs; how it is pronounced is no part of it."""
    for child in element:
        if child.tag == _PLAIN:
            yield child.text or ""
        elif child.tag == _RUN:
            yield child.findtext(_PLAIN) or ""
