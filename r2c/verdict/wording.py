"""Counts in messages, one and many told apart."""

from __future__ import annotations


def counted(count: float, one: str, many: str | None = None) -> str:
    """A count with its noun, `1 limit` or `3 limits`; `many` is the plural if it is not one + s."""
    return f"{count:g} {one if count == 1 else many or f'{one}s'}"
