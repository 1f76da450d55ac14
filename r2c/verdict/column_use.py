"""Numeric table columns that no set, parameter or number of the model draws on."""

from __future__ import annotations

import re

from r2c.problem.schema import Problem, Scalar, Table
from r2c.verdict.sources import Drawn

_LABEL_NAME = re.compile(
    r"(?:^|_|\b)(?:id|no|nr|number|index|key|code|name|year|month|week|day|period)(?:$|_|\b)",
    re.IGNORECASE,
)


def unused_columns(problem: Problem, used: Drawn) -> tuple[tuple[str, str], ...]:
    """Table and name of each numeric column of a data table that is neither used nor a label.

    Tables written in the text are left to the check of single numbers.
    """
    return tuple(
        (table.name, column.name)
        for table in problem.tables
        if table.origin != "text"
        for column in table.columns
        if column.type == "number"
        and not used.uses_column(table.name, column.name)
        and not _written_out(table, column.name, used)
        and not _labels(column.name, table.column(column.name))
    )


def _written_out(table: Table, column: str, used: Drawn) -> bool:
    """Whether all numbers of the column stand in the model itself."""
    values = {abs(value) for value in _numbers(table.column(column))}
    return all(used.values[value] for value in values - {0.0, 1.0})


def _labels(name: str, cells: tuple[Scalar, ...]) -> bool:
    """Whether the column numbers or names its rows."""
    values = _numbers(cells)
    first = values[0] if values else 0.0
    counts = len(values) > 1 and values == [first + k for k in range(len(values))]
    return bool(_LABEL_NAME.search(name)) or (counts and first in (0.0, 1.0))


def _numbers(cells: tuple[Scalar, ...]) -> list[float]:
    return [
        float(cell)
        for cell in cells
        if isinstance(cell, float | int) and not isinstance(cell, bool)
    ]
