"""A table found in the text before its cells are typed: where it stands and where its cells are."""

from __future__ import annotations

from dataclasses import dataclass

from r2c.problem.schema import Span


@dataclass(frozen=True)
class RawTable:
    """The place of a table and of its cells, row by row; rows may differ in length.

    `header` says whether the first row names the columns; None leaves it to be judged by the
    cells themselves.
    """

    span: Span
    rows: tuple[tuple[Span, ...], ...]
    header: bool | None = None


@dataclass(frozen=True)
class Line:
    """One line of the text, without its line break."""

    start: int
    end: int
    text: str


def split_lines(text: str) -> list[Line]:
    """The lines of the text with their places."""
    lines, start = [], 0
    for content in text.split("\n"):
        lines.append(Line(start, start + len(content), content))
        start += len(content) + 1
    return lines


def trimmed(text: str, start: int, end: int) -> Span:
    """The span without the blanks at its ends; an empty cell keeps an empty span."""
    content = text[start:end]
    left = len(content) - len(content.lstrip(" \t\u00a0"))
    if left == len(content):
        return Span(start=start, end=start)
    return Span(start=start + left, end=start + len(content.rstrip(" \t\u00a0")))
