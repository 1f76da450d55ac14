"""Hides parts of a text from a reader while every position stays where it was."""

from __future__ import annotations

from collections.abc import Sequence

from r2c.problem.schema import Span


def masked(text: str, spans: Sequence[Span]) -> str:
    """The text with the spans overwritten by line breaks, all positions kept."""
    pieces, position = [], 0
    for span in sorted(spans, key=lambda span: span.start):
        start = max(span.start, position)
        pieces += [text[position:start], "\n" * (span.end - start)]
        position = max(position, span.end)
    return "".join(pieces) + text[position:]
