"""Tables and columns found by name, with a fault that lists what there is instead."""

from __future__ import annotations

from collections.abc import Mapping

from r2c.errors import CIRError, declare
from r2c.problem.schema import Table

NO_TABLE = declare(
    "R2C-C200", CIRError,
    what="{symbol!r} reads the table {table!r}, which was not given.",
    why="The model takes these data from a table of that name; the tables given are {known}.",
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
        raise NO_TABLE(symbol=symbol, table=table, known=sorted(tables))
    places = {column.name: place for place, column in enumerate(found.columns)}
    for column in columns:
        if column not in places:
            raise NO_COLUMN(table=table, column=column, symbol=symbol, known=list(places))
    return found, [places[column] for column in columns]
