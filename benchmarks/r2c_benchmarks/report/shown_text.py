"""A problem as a reader wants it: its text with rules marked, its tables as tables."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from html import escape
from itertools import groupby

from r2c.problem.schema import Span
from r2c_benchmarks.report.marked import marked

_RULE_OF_TABLE = re.compile(r"[|\s:-]+")
_NUMBER = re.compile(r"[-+]?[£$€]?\d[\d,.]*\s?%?")


def shown_text(text: str, spans: Sequence[tuple[str, Span]]) -> str:
    """The text as HTML: lines between bars become a table, the rest is marked.

    Args:
        text: The words.
        spans: Passages with the id of what they state.
    """
    parts: list[str] = []
    start = 0
    lines = text.splitlines(keepends=True)
    for is_table, block in groupby(lines, lambda line: line.lstrip().startswith("|")):
        words = "".join(block)
        end = start + len(words)
        if is_table:
            parts.append(_markdown(words))
        else:
            inside = [
                (id, Span(start=span.start - start, end=span.end - start))
                for id, span in spans
                if start <= span.start and span.end <= end
            ]
            parts.append(marked(words, inside))
        start = end
    return "".join(parts)


def shown_csv(content: str) -> str:
    """The content of a CSV file as a table."""
    rows = [row for row in csv.reader(io.StringIO(content)) if row]
    return _table(rows[0], rows[1:]) if rows else ""


def _markdown(text: str) -> str:
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in text.splitlines()
        if not _RULE_OF_TABLE.fullmatch(line.strip())
    ]
    return _table(rows[0], rows[1:]) if rows else ""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    heads = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    lines = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return (
        f'<div class="scroll"><table class="data"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _cell(text: str) -> str:
    kind = ' class="number"' if _NUMBER.fullmatch(text.strip()) else ""
    return f"<td{kind}>{escape(text)}</td>"
