"""Finds tables and columns by name, with an error that names what is there instead."""

from __future__ import annotations

from difflib import get_close_matches

from r2c.problem.faults import UNKNOWN_COLUMN, UNKNOWN_TABLE
from r2c.problem.schema import Problem, Scalar, Table


def find_table(problem: Problem, table: str) -> Table:
    """The table of that name.

    Raises:
        InputError: R2C-P060 if there is none.
    """
    for candidate in problem.tables:
        if candidate.name == table:
            return candidate
    names = [candidate.name for candidate in problem.tables]
    raise UNKNOWN_TABLE(table=table, tables=names or "no tables")


def find_column(problem: Problem, table: str, column: str) -> tuple[Scalar, ...]:
    """The values of one column of one table, top to bottom.

    Raises:
        InputError: R2C-P060 for an unknown table, R2C-P061 for an unknown column.
    """
    found = find_table(problem, table)
    names = [candidate.name for candidate in found.columns]
    if column in names:
        return found.column(column)
    close = get_close_matches(column, names, n=1)
    hint = f" (did you mean {close[0]!r}?)" if close else ""
    raise UNKNOWN_COLUMN(table=table, column=column, columns=names, hint=hint)
