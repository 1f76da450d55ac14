"""A text with passages marked, as HTML: each rule of a problem where it is stated."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from r2c.problem.schema import Span


def marked(text: str, spans: Sequence[tuple[str, Span]]) -> str:
    """The text with a mark around each span; of two that overlap only the first is marked.

    Args:
        text: The words.
        spans: Passages with the id of what they state.
    """
    parts: list[str] = []
    end = 0
    for id, span in sorted(spans, key=lambda item: item[1].start):
        if span.start < end or span.end > len(text):
            continue
        words = escape(text[span.start : span.end])
        parts.append(escape(text[end : span.start]))
        parts.append(f'<mark id="said-{escape(id)}" title="{escape(id)}">{words}</mark>')
        end = span.end
    return "".join([*parts, escape(text[end:])])
