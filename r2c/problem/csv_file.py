"""Reads a CSV file: encoding and delimiter found out, every row held to the header."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from r2c.problem.decimal_marks import comma_columns
from r2c.problem.encodings import decode
from r2c.problem.faults import (
    CELL_TOO_LONG,
    EMPTY_DATA,
    ERROR_CELL,
    FORMULA_AS_TEXT,
    MALFORMED_CSV,
    RAGGED_ROW,
    TOO_MANY_CELLS,
    TOO_MANY_COLUMNS,
)
from r2c.problem.formula_cells import error_row, formula_row
from r2c.problem.grid import (
    CELL_LIMIT,
    COLUMN_LIMIT,
    build_table,
    check_header,
    filled_header,
    identifier,
)
from r2c.problem.schema import Table

_DELIMITERS = (";", "\t", "|", ",")
"""The comma comes last: where another one cuts as well, commas are in numbers or words."""
_SAMPLE = 20
"""Rows looked at to find the delimiter."""
_SAMPLE_WIDTH = 1_000_000
"""Characters looked at of a line for it."""
_BLOCK = 1_000_000
"""Characters that are cut into lines at a time."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_QUOTED_OR_NOT = re.compile(r'"[^"]*"?|[^"]+')


def read_csv(path: Path, content: bytes) -> list[Table]:
    """The table of a CSV file, named after the file.

    Raises:
        InputError: R2C-P014 to R2C-P025, R2C-P043 and R2C-P044 for everything that makes the
            table doubtful.
    """
    text = decode(path, content)
    where = f"The file {str(path)!r}"
    if not text.strip():
        raise EMPTY_DATA(where=where)
    found = _delimiter(text)
    delimiter = found or _DELIMITERS[0]
    rows = _rows(path, _narrow_lines(path, text, (found,) if found else _DELIMITERS), delimiter)
    if len(rows) < 2:
        raise EMPTY_DATA(where=where)
    rows = _without_trailing_blank_column(rows)
    header = filled_header(rows[0][1])
    check_header(header, where)
    if len(header) * len(rows) > CELL_LIMIT:
        raise TOO_MANY_CELLS(where=where, limit=CELL_LIMIT)
    for line, row in rows[1:]:
        if len(row) != len(header):
            raise RAGGED_ROW(
                where=where, row=line, found=len(row), expected=len(header), delimiter=delimiter
            )
    lines, cells = [line for line, _ in rows[1:]], [row for _, row in rows[1:]]
    for column, values in zip(header, zip(*cells, strict=True), strict=True):
        _refuse_formulas(path, column, values, lines)
    table = build_table(
        identifier(path.stem),
        header,
        cells,
        origin="file",
        path=str(path),
        lines=lines,
        decimal_commas=(
            () if delimiter == "," else comma_columns(header, cells, where=where, lines=lines)
        ),
    )
    return [table]


def _refuse_formulas(path: Path, column: str, values: tuple[str, ...], lines: list[int]) -> None:
    """Refuses what a spreadsheet left of its formulas: what they came to is not known."""
    row = formula_row(values)
    if row is not None:
        value = values[row][:60]
        raise FORMULA_AS_TEXT(path=str(path), line=lines[row], column=column, value=value)
    row = error_row(values)
    if row is not None:
        where = f"Line {lines[row]}, column {column!r}"
        raise ERROR_CELL(path=str(path), where=where, value=values[row].strip())


def _lines(text: str) -> Iterator[str]:
    """The lines with their ends, one at a time: a list of them may be larger than the text."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + _BLOCK) + 1 or len(text)
        block = text[start:end]
        if len(block) < 4 * _BLOCK:
            yield from io.StringIO(block, newline="")
        else:  # a buffer takes four times what a long line does
            yield from (line[0] for line in _LINE.finditer(block))
        start = end


def _delimiter(text: str) -> str | None:
    """The delimiter that cuts the first rows into the same number of fields, the most at best.

    None if none of them cuts the first row.
    """
    lines = [line[:_SAMPLE_WIDTH] for line in islice(_lines(text), _SAMPLE * 3)]

    def score(delimiter: str) -> tuple[int, int]:
        widths: list[int] = []
        # A cell that is too long ends the sample; the rows before it tell enough.
        with suppress(csv.Error):
            widths.extend(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        if not widths or widths[0] < 2:
            return (0, 0)
        return (sum(width == widths[0] for width in widths[:_SAMPLE]), widths[0])

    best = max(_DELIMITERS, key=score)
    return best if any(score(best)) else None


def _narrow_lines(path: Path, text: str, delimiters: Sequence[str]) -> Iterator[str]:
    """The lines; one of too many columns is refused before a row is made of it.

    Raises:
        InputError: R2C-P022 for a line that one of the delimiters cuts into too many columns.
    """
    longest = csv.field_size_limit()
    for number, line in enumerate(_lines(text), start=1):
        # A shorter line may be one cell, or rows of few columns whose cells hold commas.
        for delimiter in delimiters if len(line) > longest else ():
            if line.count(delimiter) >= COLUMN_LIMIT:
                parts = (part[0] for part in _QUOTED_OR_NOT.finditer(line))
                columns = 1 + sum(part.count(delimiter) for part in parts if part[0] != '"')
                _hold_to_limit(path, number, columns)
        yield line


def _hold_to_limit(path: Path, line: int, columns: int) -> None:
    if columns > COLUMN_LIMIT:
        where = f"Line {line} of the file {str(path)!r}"
        raise TOO_MANY_COLUMNS(where=where, columns=columns, limit=COLUMN_LIMIT)


def _rows(path: Path, lines: Iterator[str], delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    cells, begin = 0, 1
    try:
        for row in reader:
            _hold_to_limit(path, begin, len(row))
            if any(value.strip() for value in row):
                cells += len(row)
                rows.append((reader.line_num, row))
            if cells > CELL_LIMIT:
                raise TOO_MANY_CELLS(where=f"The file {str(path)!r}", limit=CELL_LIMIT)
            begin = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            limit = csv.field_size_limit()
            raise CELL_TOO_LONG(path=str(path), line=begin, limit=limit) from error
        raise MALFORMED_CSV(path=str(path), line=reader.line_num, reason=str(error)) from error
    return rows


def _without_trailing_blank_column(
    rows: list[tuple[int, list[str]]],
) -> list[tuple[int, list[str]]]:
    # Spreadsheets write a delimiter at the end of every line when an unused column was formatted.
    width = len(rows[0][1])
    if any(len(row) != width for _, row in rows):
        return rows
    filled = 1
    for _, row in rows:
        filled = _filled_width(row, filled)
    return rows if filled == width else [(line, row[:filled]) for line, row in rows]


def _filled_width(row: list[str], least: int) -> int:
    """The number of cells up to the last one that is not blank, `least` or more."""
    width = len(row)
    while width > least and not row[width - 1].strip():
        width -= 1
    return width
