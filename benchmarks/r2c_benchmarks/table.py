"""Rows of a summary as aligned text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_FIRST_TO_GO = (
    "at 1e-6",
    "s mean",
    "tokens in",
    "tokens out",
    "calls",
    "after domain flip",
    "executable",
)
"""Columns that a narrow terminal does without; files and JSON have them all."""


def aligned(rows: Sequence[Mapping[str, object]], width: int | None = None) -> str:
    """The rows under their column names; all rows have the same columns.

    Args:
        rows: The rows.
        width: Of the terminal; to fit it, columns are left out as far as can be.
    """
    columns = list(rows[0])
    for name in _FIRST_TO_GO:
        if width is None or sum(_widths(rows, columns)) + 2 * (len(columns) - 1) <= width:
            break
        columns = [column for column in columns if column != name]
    cells = [columns, *([_shown(row[column]) for column in columns] for row in rows)]
    widths = _widths(rows, columns)
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )


def _widths(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> list[int]:
    return [max(len(name), *(len(_shown(row[name])) for row in rows)) for name in columns]


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
