"""Columns of tables that a parameter holds as numbers of its own, in the order of the rows.

A model may write out what a table says instead of reading the table. Then its sentence, "the limit
for each day:", went into the model all the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from r2c.cir.schema import CIR, DenseValues
from r2c.problem.schema import Problem, Table

_FEWEST = 2
"""A single number says nothing about where it comes from."""


def written_out(cir: CIR, problem: Problem) -> Iterator[tuple[str, str]]:
    """Table and name of each column that is written out, and of the one that labels its rows."""
    told = [item.value.values for item in cir.parameters if isinstance(item.value, DenseValues)]
    for table in problem.tables:
        columns = [column for column in table.columns[1:] if column.type == "number"]
        numbers = [table.column(column.name) for column in columns]
        for values in told:
            if len(values) < _FEWEST:
                continue
            held = [column for column, told in zip(columns, numbers, strict=True) if told == values]
            if columns and tuple(zip(*numbers, strict=True)) == values:
                held = columns
            yield from ((table.name, column.name) for column in held)
            if held:
                yield table.name, _labels(table)


def _labels(table: Table) -> str:
    return table.columns[0].name
