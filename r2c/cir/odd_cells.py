"""What keeps a table column from giving numbers, told once for the column with its odd cells."""

from __future__ import annotations

from collections.abc import Sequence

from r2c.cir.table_access import row_numbers, rows_told
from r2c.errors import listed
from r2c.problem.schema import OddCell, Table

_SHOWN = 3
_REASONS = {
    "text": "no number",
    "unit": "in another unit than the rest",
    "quoted": "a text, because of its quotes",
    "infinite": "no finite number",
}


def odd_cells(table: Table, place: int, met: Sequence[int]) -> dict[str, object]:
    """The first cells of a column that are no numbers like the rest: what a fault says of them.

    Args:
        table: The table.
        place: The position of the column.
        met: Rows, counted from 0, whose cells were wanted and are no numbers; at least one.

    Returns:
        `cells` in words, and their `row` and `value`; lists of these if there are several.
    """
    odd = table.columns[place].odd or tuple(OddCell(row=row, reason="text") for row in met)
    shown = odd[:_SHOWN]
    rows = row_numbers(table, [cell.row for cell in shown])
    values = [table.rows[cell.row][place] for cell in shown]
    told = [
        f"{rows_told(table, [cell.row])} has {listed([value])}, {_REASONS[cell.reason]}"
        for cell, value in zip(shown, values, strict=True)
    ]
    return {
        "row": rows if len(rows) > 1 else rows[0],
        "value": values if len(rows) > 1 else values[0],
        "cells": "; ".join(told) + ("; and so on" if len(odd) > _SHOWN else ""),
    }
