"""Empty cells of tables whose numbers a model writes itself, so that none of them would be missed.

A model that reads its data from a table cannot be bound while a cell is empty. One that holds the
numbers of a table as such would take the empty cell for nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from r2c.cir.asked import Asked
from r2c.cir.edits import CellEdit
from r2c.cir.schema import CIR
from r2c.cir.table_access import row_numbers, rows_told
from r2c.problem.schema import Problem, Table
from r2c.verdict.questions.named import question_id
from r2c.verdict.sources import Drawn

_FEW = 0.25
"""A column in which more is empty leaves cells empty on purpose."""


def empty_cells(problem: Problem, cir: CIR, used: Drawn) -> Iterator[Asked]:
    """The questions about cells beside numbers that the model has taken from their column."""
    taken = {(table, column) for table, _, column in used.cells}
    for table in problem.tables:
        for place, column in enumerate(table.columns):
            read = used.uses_column(table.name, column.name)
            if column.type != "number" or not place or read:
                continue
            if (table.name, column.name) in taken:
                yield from _of_column(table, place)


def _of_column(table: Table, place: int) -> Iterator[Asked]:
    column = table.columns[place]
    empty = [row for row, cells in enumerate(table.rows) if cells[place] is None]
    if not empty or len(empty) > _FEW * len(table.rows):
        return
    held = [float(cell) for cell in table.column(column.name) if isinstance(cell, int | float)]
    for row in empty:
        label = str(table.rows[row][0])
        unit = f" (in {column.unit})" if column.unit else ""
        yield Asked(
            id=question_id(column.name, label),
            text=f"What is the {column.name.replace('_', ' ')} of {label}{unit}? The table "
            f"{table.name!r} has an empty cell there ({rows_told(table, [row])}).",
            kind="number",
            unit=column.unit,
            lower=0.0 if held and min(held) >= 0 else None,
            edits=(
                CellEdit(
                    table=table.name,
                    line=row_numbers(table, [row])[0],
                    column=column.name,
                ),
            ),
            consequence="Nothing can be planned before this is known.",
            about=label,
        )
