"""A name for a job that was given none: the first words of its problem."""

from __future__ import annotations

_MOST = 60


def first_words(text: str) -> str:
    """The beginning of a text, as much as fits in a line."""
    words = "".join(char if char.isprintable() else " " for char in text[: 4 * _MOST]).split()
    told = " ".join(words)
    if len(told) <= _MOST:
        return told
    whole = told[:_MOST].rpartition(" ")[0] or told[: _MOST - 1]
    return f"{whole}…"
