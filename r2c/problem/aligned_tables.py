"""Finds tables whose columns are separated by tabs or by two and more blanks."""

from __future__ import annotations

import re

from r2c.problem.cell_shapes import looks_numeric
from r2c.problem.raw_table import Line, RawTable, split_lines, trimmed
from r2c.problem.schema import Span

_TABS = re.compile(r"\t+")
_BLANKS = re.compile(r"[ \u00a0]{2,}|\t+")
_LIST_ITEM = re.compile(r"\s*(?:[-*•#>]|\d{1,3}[.)])\s")
_NOT_ALIGNED = re.compile(r"[|\[\]{}]")
_TOKEN = re.compile(r"\S+")
_LONGEST_CELL = 40


def find_aligned_tables(text: str) -> list[RawTable]:
    """All blocks of lines that fall into the same number of columns and hold numbers."""
    tables: list[RawTable] = []
    group: list[list[Span]] = []
    lines: list[Line] = []
    for line in [*split_lines(text), Line(len(text), len(text), "")]:
        cells = _cells(text, line)
        fits = bool(cells) and (not group or _compatible(group, cells))
        if not fits:
            tables += _table(text, lines, group)
            group, lines = [], []
        if cells:
            group.append(cells)
            lines.append(line)
    return tables


def _compatible(group: list[list[Span]], cells: list[Span]) -> bool:
    if len(cells) == len(group[-1]):
        return True
    # Only a header may be shorter: its corner above the row names stays empty.
    return len(group) == 1 and len(cells) == len(group[0]) + 1


def _cells(text: str, line: Line) -> list[Span]:
    content = line.text
    if not content.strip() or _NOT_ALIGNED.search(content) or _LIST_ITEM.match(content):
        return []
    numbers = [
        trimmed(text, m.start(), m.end()) for m in _TOKEN.finditer(text, line.start, line.end)
    ]
    if len(numbers) >= 3 and all(looks_numeric(text[n.start : n.end]) for n in numbers):
        return numbers  # the columns of a bare matrix may touch where a number is negative
    tabbed = "\t" in content.strip()
    separator = _TABS if tabbed else _BLANKS
    start = line.start
    if not tabbed:
        start += len(content) - len(content.lstrip())
    cells, position = [], start
    stop = line.start + len(content.rstrip())
    for match in separator.finditer(text, start, stop):
        cells.append(trimmed(text, position, match.start()))
        position = match.end()
    cells.append(trimmed(text, position, stop))
    texts = [text[cell.start : cell.end] for cell in cells]
    prose = any(len(t) > _LONGEST_CELL or t.endswith((".", ":", "?", ",", ";")) for t in texts)
    return [] if len(cells) < 2 or prose else cells


def _table(text: str, lines: list[Line], group: list[list[Span]]) -> list[RawTable]:
    if not group:
        return []
    width = len(group[-1])
    tall_enough = len(group) >= 3 or (len(group) == 2 and width >= 3)
    body = group[1:]
    numeric = [
        all(looks_numeric(text[row[i].start : row[i].end]) for row in body if len(row) == width)
        for i in range(width)
    ]
    if not tall_enough or width < 2 or not any(numeric):
        return []
    rows = [tuple(row) for row in group]
    if len(rows[0]) < width:
        corner = Span(start=lines[0].start, end=lines[0].start)
        rows[0] = (corner, *rows[0])
    return [RawTable(Span(start=lines[0].start, end=lines[-1].end), tuple(rows))]
