"""Finds Markdown tables: rows of cells between bars, with or without a rule of dashes."""

from __future__ import annotations

import re
from itertools import pairwise

from r2c.problem.raw_table import Line, RawTable, split_lines, trimmed
from r2c.problem.schema import Span

_BAR = re.compile(r"(?<!\\)\|")
_RULE_CELL = re.compile(r":?[-=]{2,}:?|:-+:?|-+:|-")
_GRID_RULE = re.compile(r"\s*\+(?:[-=:]+\+)+\s*")


def find_pipe_tables(text: str) -> list[RawTable]:
    """All tables of two or more rows with two or more columns between bars."""
    tables: list[RawTable] = []
    group: list[Line] = []
    for line in [*split_lines(text), Line(len(text), len(text), "")]:
        if _is_row(line.text) or (group and _GRID_RULE.fullmatch(line.text)):
            group.append(line)
            continue
        table = _table(text, group)
        if table is not None:
            tables.append(table)
        group = []
    return tables


def _is_row(line: str) -> bool:
    stripped = line.strip()
    bars = len(_BAR.findall(stripped))
    return bars >= 2 or (bars == 1 and not stripped.startswith("|") and not stripped.endswith("|"))


def _table(text: str, group: list[Line]) -> RawTable | None:
    rows: list[tuple[Span, ...]] = []
    rule_at: int | None = None
    kept: list[Line] = []
    for line in group:
        cells = _cells(text, line)
        contents = [text[cell.start : cell.end] for cell in cells]
        if _GRID_RULE.fullmatch(line.text) or (
            contents and all(_RULE_CELL.fullmatch(content) for content in contents)
        ):
            if rows and rule_at is None:
                rule_at = len(rows)
        else:
            rows.append(tuple(cells))
        kept.append(line)
    if len(rows) < 2 or max(len(row) for row in rows) < 2:
        return None
    bordered = all(line.text.strip().startswith("|") for line in kept)
    same_width = len({len(row) for row in rows}) == 1
    # Without a rule, `|x - y| <= 5` on two lines must not pass for a table.
    if rule_at is None and not (same_width and (bordered or len(rows) >= 3)):
        return None
    if rule_at is None and not all(line.text.rstrip().endswith("|") for line in kept) and bordered:
        return None
    span = Span(start=kept[0].start, end=kept[-1].end)
    return RawTable(span, tuple(rows), header=True if rule_at == 1 else None)


def _cells(text: str, line: Line) -> list[Span]:
    bars = [line.start + match.start() for match in _BAR.finditer(line.text)]
    if not bars:
        return []
    stripped = line.text.strip()
    edges = [*bars]
    if not stripped.startswith("|"):
        edges.insert(0, line.start - 1)
    if not stripped.endswith("|") or stripped.endswith("\\|"):
        edges.append(line.end)
    return [trimmed(text, left + 1, right) for left, right in pairwise(edges)]
