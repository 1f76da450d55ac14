"""Reads the sheets of an XLSX workbook, guarded against archives that explode when unpacked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from r2c.errors import InputError, R2CError
from r2c.problem.faults import (
    EMPTY_DATA,
    ERROR_CELL,
    FORMULA_WITHOUT_VALUE,
    NOT_A_WORKBOOK,
    TOO_MANY_CELLS,
)
from r2c.problem.grid import (
    CELL_LIMIT,
    build_table,
    check_header,
    filled_header,
    identifier,
    unique,
)
from r2c.problem.scalars import to_scalar
from r2c.problem.schema import Scalar, Table
from r2c.problem.workbook_archive import RATIO_LIMIT, SHEETS_LIMIT, TEXTS_LIMIT, too_much

if TYPE_CHECKING:
    from r2c.problem.workbook_reader import Cell, Sheet

UNPACKED_LIMIT = 200_000_000
"""Bytes of all parts, read or not."""
_TOLD = 200
"""Characters of what a damaged file says that are told."""


def read_xlsx(path: Path, content: bytes) -> list[Table]:
    """One table per sheet that holds data, named after the sheet (a lone `Sheet1`: the file).

    Raises:
        InputError: R2C-P040 to R2C-P043 for workbooks that cannot be trusted or read.
    """
    _guard(path, content)
    room = _Room(path)
    sheets = [(sheet.title, _cells(path, sheet, room)) for sheet in _open(path, content)]
    filled = [(title, rows) for title, rows in sheets if rows]
    if not filled:
        raise EMPTY_DATA(where=f"The file {str(path)!r}")
    tables: list[Table] = []
    for title, rows in filled:
        lone = len(filled) == 1 and title.lower().startswith("sheet")
        name = identifier(path.stem if lone else title)
        tables.append(_table(path, unique(name, [t.name for t in tables]), title, rows))
    return tables


def _guard(path: Path, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise NOT_A_WORKBOOK(path=str(path), reason=str(error)) from error
    size = sum(entry.file_size for entry in entries)
    ratio = round(size / max(1, sum(entry.compress_size for entry in entries)))
    if size > UNPACKED_LIMIT or ratio > RATIO_LIMIT:
        raise too_much(path, "parts of any kind", size, ratio, UNPACKED_LIMIT)
    # All sheets are weighed before the first is read; an archive of other names is counted later.
    sheets = sum(entry.file_size for entry in entries if _is_sheet(entry.filename))
    if sheets > SHEETS_LIMIT:
        raise too_much(path, "sheets", sheets, round(sheets / len(content)), SHEETS_LIMIT)


def _is_sheet(name: str) -> bool:
    return name.startswith("xl/worksheets/") and name.endswith(".xml")


def _open(path: Path, content: bytes) -> tuple[Sheet, ...]:
    from r2c.problem.workbook_reader import open_workbook  # openpyxl takes long to import

    try:
        return open_workbook(path, content)
    except InputError:
        raise
    except Exception as error:  # openpyxl lets any parser error of a damaged file through
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> R2CError:
    told = f"{type(error).__name__}: {error}"
    return NOT_A_WORKBOOK(path=str(path), reason=told[:_TOLD])


_Rows = dict[int, dict[int, object]]
"""Values by row and column number, both counted from 1; empty cells are left out."""


class _Room:
    """How much may still be read of a workbook; all sheets and cells may show the same text."""

    def __init__(self, path: Path) -> None:
        self._path, self._cells, self._characters = path, CELL_LIMIT, TEXTS_LIMIT

    def take(self, cells: int) -> None:
        self._cells -= cells
        if self._cells < 0:
            where = f"The workbook {str(self._path)!r}"
            raise TOO_MANY_CELLS(where=where, limit=CELL_LIMIT)

    def hold(self, value: object) -> None:
        self._characters -= len(value) if isinstance(value, str) else 0
        if self._characters < 0:
            size, kind = TEXTS_LIMIT - self._characters, "texts in cells"
            raise too_much(self._path, kind, size, 1, TEXTS_LIMIT)


def _cells(path: Path, sheet: Sheet, room: _Room) -> _Rows:
    rows: _Rows = {}
    for cells in _rows(path, sheet):
        room.take(max(1, len(cells)))
        for cell in cells:
            if cell.kind == "f":
                raise FORMULA_WITHOUT_VALUE(path=str(path), sheet=sheet.title, cell=cell.coordinate)
            if cell.value is None or cell.value == "":
                continue
            if cell.kind == "e":
                told = f"Cell {cell.coordinate} of sheet {sheet.title!r}"
                raise ERROR_CELL(path=str(path), where=told, value=str(cell.value)[:_TOLD])
            room.hold(cell.value)
            rows.setdefault(cell.row, {})[cell.column] = cell.value
    return rows


def _rows(path: Path, sheet: Sheet) -> Iterator[list[Cell]]:
    try:
        yield from sheet.rows()
    except InputError:
        raise
    except Exception as error:  # whatever openpyxl and zlib say of a damaged file
        raise _damaged(path, error) from error


def _table(path: Path, name: str, title: str, rows: _Rows) -> Table:
    where = f"Sheet {title!r} of {str(path)!r}"
    first = min(min(row) for row in rows.values())
    last = max(max(row) for row in rows.values())
    if (last - first + 1) * len(rows) > CELL_LIMIT:
        raise TOO_MANY_CELLS(where=where, limit=CELL_LIMIT)
    from openpyxl.utils import get_column_letter as letter

    numbers = sorted(rows)
    grid: list[list[Scalar]] = [
        [
            to_scalar(rows[number].get(column), where=where, column=letter(column), row=number)
            for column in range(first, last + 1)
        ]
        for number in numbers
    ]
    header = filled_header([_title(value) for value in grid[0]])
    check_header(header, where)
    return build_table(name, header, grid[1:], origin="file", path=str(path), lines=numbers[1:])


def _title(value: Scalar) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
