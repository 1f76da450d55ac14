"""Tables and columns found by name, with a fault that lists what there is instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath

from r2c.errors import CIRError, declare
from r2c.problem.schema import Table

NO_TABLE = declare(
    "R2C-C200", CIRError,
    what="The table {table!r} was not given; it is read for {symbols}.",
    why="The model takes these data from a table of that name. Tables given: {known}.",
    remedy="Pass the file that holds the table, or correct the name.",
)  # fmt: skip
NO_COLUMN = declare(
    "R2C-C202", CIRError,
    what="Table {table!r} has no column {column!r}, which {symbol!r} reads.",
    why="Its columns are {known}.",
    remedy="Use one of its columns, or add the column to the file.",
)  # fmt: skip


def column_places(
    table: str, columns: tuple[str, ...], symbol: str, tables: Mapping[str, Table]
) -> tuple[Table, list[int]]:
    """The table and the positions of its columns, on behalf of the symbol that reads them.

    Raises:
        CIRError: R2C-C200 (no such table), R2C-C202 (no such column).
    """
    found = tables.get(table)
    if found is None:
        raise NO_TABLE(symbol=symbol, symbols=[symbol], table=table, known=sorted(tables))
    places = {column.name: place for place, column in enumerate(found.columns)}
    for column in columns:
        if column not in places:
            raise NO_COLUMN(table=table, column=column, symbol=symbol, known=list(places))
    return found, [places[column] for column in columns]


def row_numbers(table: Table, rows: Iterable[int]) -> list[int]:
    """Data rows, counted from 0, as a person counts them.

    Lines of a file are those of the file; other tables have no header that would count.
    """
    first = 2 if _has_lines(table) else 1
    lines = table.lines or ()
    return [lines[row] if row < len(lines) else row + first for row in rows]


def row_at(table: Table, number: object) -> int | None:
    """The data row, counted from 0, that `row_numbers` calls so; None if there is none."""
    numbers = row_numbers(table, range(len(table.rows)))
    return numbers.index(number) if isinstance(number, int) and number in numbers else None


def rows_told(table: Table, rows: Iterable[int]) -> str:
    """Data rows, counted from 0, as a person finds them: "line 3", "rows 2 and 5"."""
    *first, last = map(str, row_numbers(table, rows))
    noun = "line" if _has_lines(table) else "row"
    return f"{noun}s {', '.join(first)} and {last}" if first else f"{noun} {last}"


def _has_lines(table: Table) -> bool:
    return table.origin == "file" and PurePath(table.path or "").suffix.lower() != ".json"
