"""Rows of a solved model that have come to their limit."""

from __future__ import annotations

from collections.abc import Iterable

from r2c.formulation import RowReport
from r2c.solve.room import room


def binding(rows: Iterable[RowReport]) -> list[RowReport]:
    """Rows at their limit: inequalities that are reached, and equations that have a price."""
    found = []
    for row in rows:
        fixed = row.lower is not None and row.lower == row.upper
        if (fixed and row.dual) or (not fixed and limit_reached(row) is not None):
            found.append(row)
    return found


def limit_reached(row: RowReport) -> float | None:
    """The end that the row's activity has reached, if it has."""
    for end in (row.upper, row.lower):
        if end is not None and abs(row.activity - end) <= room(end):
            return end
    return None
