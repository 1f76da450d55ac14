"""Rows of a summary as aligned text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def aligned(rows: Sequence[Mapping[str, object]]) -> str:
    """The rows under their column names; all rows have the same columns."""
    columns = list(rows[0])
    cells = [columns, *([_shown(row[column]) for column in columns] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(columns))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
