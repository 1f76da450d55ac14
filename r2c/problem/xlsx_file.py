"""Reads the sheets of an XLSX workbook, guarded against archives that explode when unpacked."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from r2c.errors import InputError
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
from r2c.problem.workbook_archive import RATIO_LIMIT, SHEETS_LIMIT, too_much

if TYPE_CHECKING:
    from r2c.problem.workbook_reader import Cell, Sheet

UNPACKED_LIMIT = 200_000_000
"""Bytes of all parts, read or not."""
_FORMULA = re.compile(rb"<(?:[\w.-]{1,60}:)?f[\s/>]")
_CHUNK = 1_000_000


def read_xlsx(path: Path, content: bytes) -> list[Table]:
    """One table per sheet that holds data, named after the sheet (a lone `Sheet1`: the file).

    Raises:
        InputError: R2C-P040 to R2C-P043 for workbooks that cannot be trusted or read.
    """
    _guard(path, content)
    sheets = [(sheet.title, _cells(path, sheet)) for sheet in _open(path, content, results=True)]
    filled = [(title, rows) for title, rows in sheets if rows]
    if not filled:
        raise EMPTY_DATA(where=f"The file {str(path)!r}")
    if _holds_formulas(content):
        _check_formulas(path, content, dict(filled))
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


def _holds_formulas(content: bytes) -> bool:
    """Whether a sheet has a formula; told without holding the sheet in memory."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in filter(_is_sheet, archive.namelist()):
            end = b""
            with archive.open(name) as part:
                while chunk := part.read(_CHUNK):
                    piece = end + chunk
                    if _FORMULA.search(piece):
                        return True
                    end = piece[-64:]  # a tag may be cut by the end of a chunk
    return False


def _open(path: Path, content: bytes, *, results: bool) -> tuple[Sheet, ...]:
    from r2c.problem.workbook_reader import open_workbook  # openpyxl takes long to import

    try:
        return open_workbook(path, content, results=results)
    except InputError:
        raise
    except Exception as error:  # openpyxl lets any parser error of a damaged file through
        raise NOT_A_WORKBOOK(path=str(path), reason=f"{type(error).__name__}: {error}") from error


_Rows = dict[int, dict[int, object]]
"""Values by row and column number, both counted from 1; empty cells are left out."""


def _cells(path: Path, sheet: Sheet) -> _Rows:
    rows: _Rows = {}
    seen = 0
    for cells in _rows(path, sheet):
        seen += max(1, len(cells))
        if seen > CELL_LIMIT:
            where = f"Sheet {sheet.title!r} of {str(path)!r}"
            raise TOO_MANY_CELLS(where=where, limit=CELL_LIMIT)
        for cell in cells:
            if cell.value is None or cell.value == "":
                continue
            if cell.kind == "e":
                where = f"Cell {cell.coordinate} of sheet {sheet.title!r}"
                raise ERROR_CELL(path=str(path), where=where, value=cell.value)
            rows.setdefault(cell.row, {})[cell.column] = cell.value
    return rows


def _rows(path: Path, sheet: Sheet) -> Iterator[list[Cell]]:
    try:
        yield from sheet.rows()
    except InputError:
        raise
    except (KeyError, ValueError, TypeError, SyntaxError, EOFError, zipfile.BadZipFile) as error:
        raise NOT_A_WORKBOOK(path=str(path), reason=f"{type(error).__name__}: {error}") from error


def _check_formulas(path: Path, content: bytes, values: dict[str, _Rows]) -> None:
    """Refuses formulas whose result was never stored: read as values they look like blanks."""
    for sheet in _open(path, content, results=False):
        known = values.get(sheet.title, {})
        for cells in _rows(path, sheet):
            for cell in cells:
                formula = cell.kind == "f" and cell.value is not None
                if formula and cell.column not in known.get(cell.row, {}):
                    raise FORMULA_WITHOUT_VALUE(
                        path=str(path), sheet=sheet.title, cell=cell.coordinate
                    )


def _table(path: Path, name: str, title: str, rows: _Rows) -> Table:
    where = f"Sheet {title!r} of {str(path)!r}"
    first = min(min(row) for row in rows.values())
    last = max(max(row) for row in rows.values())
    if (last - first + 1) * len(rows) > CELL_LIMIT:
        raise TOO_MANY_CELLS(where=where, limit=CELL_LIMIT)
    numbers = sorted(rows)
    grid: list[list[Scalar]] = [
        [
            to_scalar(rows[number].get(column), where=where, column=str(column), row=number)
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
