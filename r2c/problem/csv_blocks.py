"""Finds blocks of comma- or semicolon-separated lines in a text."""

from __future__ import annotations

import re

from r2c.problem.cell_shapes import looks_numeric
from r2c.problem.raw_table import Line, RawTable, split_lines, trimmed
from r2c.problem.schema import Span

_FIELD = re.compile(r'\s*"(?:[^"]|"")*"\s*|[^,"]*')
_SEMICOLON_FIELD = re.compile(r'\s*"(?:[^"]|"")*"\s*|[^;"]*')
_NOT_CSV = re.compile(r"[\[\]{}=]|[.:?!]\s*$|^\s*(?:[-*•#>]|\d{1,3}[.)])\s")
_LONGEST_CELL = 40


def find_csv_blocks(text: str) -> list[RawTable]:
    """All blocks with a header of names and at least one column of numbers below it."""
    lines = split_lines(text)
    tables: list[RawTable] = []
    for separator, field in ((",", _FIELD), (";", _SEMICOLON_FIELD)):
        group: list[Line] = []
        rows: list[list[Span]] = []
        for line in [*lines, Line(len(text), len(text), "")]:
            cells = _cells(text, line, separator, field)
            if rows and (not cells or len(cells) != len(rows[0])):
                tables += _table(text, group, rows)
                group, rows = [], []
            if cells:
                group.append(line)
                rows.append(cells)
    return tables


def _cells(text: str, line: Line, separator: str, field: re.Pattern[str]) -> list[Span]:
    content = line.text
    if separator not in content or _NOT_CSV.search(content):
        return []
    cells, position = [], line.start
    while match := field.match(text, position, line.end):
        cells.append(_unquoted(text, trimmed(text, match.start(), match.end())))
        position = match.end() + 1
        if position > line.end:
            break
        if text[position - 1] != separator:
            return []
    if any(cell.end - cell.start > _LONGEST_CELL for cell in cells):
        return []
    return cells


def _unquoted(text: str, cell: Span) -> Span:
    quoted = cell.end - cell.start >= 2 and text[cell.start] == '"' == text[cell.end - 1]
    return Span(start=cell.start + 1, end=cell.end - 1) if quoted else cell


def _table(text: str, group: list[Line], rows: list[list[Span]]) -> list[RawTable]:
    if len(rows) < 2 or len(rows[0]) < 2:
        return []

    def numeric(cell: Span) -> bool:
        return cell.end > cell.start and looks_numeric(text[cell.start : cell.end])

    named = all(cell.end > cell.start and not numeric(cell) for cell in rows[0])
    counted = any(all(numeric(row[i]) for row in rows[1:]) for i in range(len(rows[0])))
    if not named or not counted:
        return []
    span = Span(start=group[0].start, end=group[-1].end)
    return [RawTable(span, tuple(tuple(row) for row in rows), header=True)]
