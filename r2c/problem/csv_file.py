"""Reads a CSV file: encoding and delimiter found out, every row held to the header."""

from __future__ import annotations

import csv
from pathlib import Path

from r2c.problem.decimal_marks import comma_columns
from r2c.problem.encodings import decode
from r2c.problem.faults import (
    EMPTY_DATA,
    ERROR_CELL,
    FORMULA_AS_TEXT,
    MALFORMED_CSV,
    RAGGED_ROW,
    TOO_MANY_CELLS,
)
from r2c.problem.formula_cells import error_row, formula_row
from r2c.problem.grid import CELL_LIMIT, build_table, check_header, filled_header, identifier
from r2c.problem.schema import Table

_DELIMITERS = (";", "\t", "|", ",")
"""The comma comes last: where another one cuts as well, commas are in numbers or words."""
_SAMPLE = 20
"""Rows looked at to find the delimiter."""


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
    delimiter = _delimiter(text)
    rows = _rows(path, text, delimiter)
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


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first rows into the same number of fields, the most at best."""
    lines = text.splitlines()[: _SAMPLE * 3]

    def score(delimiter: str) -> tuple[int, int]:
        try:
            sample = csv.reader(lines, delimiter=delimiter)
            widths = [len(row) for row in sample if row][:_SAMPLE]
        except csv.Error:
            return (0, 0)
        if not widths or widths[0] < 2:
            return (0, 0)
        return (sum(width == widths[0] for width in widths), widths[0])

    return max(_DELIMITERS, key=score)


def _rows(path: Path, text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    cells = 0
    try:
        for row in reader:
            if any(value.strip() for value in row):
                cells += len(row)
                rows.append((reader.line_num, row))
            if cells > CELL_LIMIT:
                raise TOO_MANY_CELLS(where=f"The file {str(path)!r}", limit=CELL_LIMIT)
    except csv.Error as error:
        raise MALFORMED_CSV(path=str(path), line=reader.line_num, reason=str(error)) from error
    return rows


def _without_trailing_blank_column(
    rows: list[tuple[int, list[str]]],
) -> list[tuple[int, list[str]]]:
    # Spreadsheets write a delimiter at the end of every line when an unused column was formatted.
    while len(rows[0][1]) > 1 and all(
        len(row) == len(rows[0][1]) and not row[-1].strip() for _, row in rows
    ):
        rows = [(line, row[:-1]) for line, row in rows]
    return rows
