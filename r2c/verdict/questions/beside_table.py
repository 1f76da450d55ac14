"""A number of the text that contradicts the table in which the same thing stands.

The table holds until answered: it is what is kept up to date, and the text an illustration.
"""

from __future__ import annotations

from collections.abc import Iterator

from r2c.cir.asked import Asked, Option
from r2c.cir.edits import CellEdit
from r2c.cir.schema import CIR, TableValues
from r2c.cir.table_access import row_numbers, rows_told
from r2c.cir.write import number
from r2c.problem.schema import Problem, Quantity, Table
from r2c.verdict.logic_words import stems_of
from r2c.verdict.number_coverage import number_use
from r2c.verdict.questions.doubt import Doubt
from r2c.verdict.questions.named import question_id
from r2c.verdict.questions.told_twice import text_of
from r2c.verdict.sources import Drawn


def beside_table(problem: Problem, cir: CIR, used: Drawn) -> Iterator[Doubt]:
    """Numbers that the model leaves to the text, where a table that it reads has another one."""
    tables = {table.name: table for table in problem.tables}
    unused = number_use(problem, cir, used).unused
    for quantity in unused:
        words = text_of(problem, quantity.sentence)
        for item in cir.parameters:
            if not isinstance(item.value, TableValues) or item.value.table not in tables:
                continue
            if len(item.value.keys) == 1:
                table = tables[item.value.table]
                yield from _contradicted(quantity, words, table, item.value)


def _contradicted(
    quantity: Quantity, words: str, table: Table, source: TableValues
) -> Iterator[Doubt]:
    names = [column.name for column in table.columns]
    said = stems_of(words)
    if not stems_of(source.value) & said:
        return
    key, value = names.index(source.keys[0]), names.index(source.value)
    rows = [row for row, cells in enumerate(table.rows) if _names(str(cells[key] or ""), words)]
    if len(rows) != 1:
        return
    cell, label = table.rows[rows[0]][value], str(table.rows[rows[0]][key])
    if not isinstance(cell, float | int) or float(cell) == quantity.value:
        return
    place = rows_told(table, rows)
    line = row_numbers(table, rows)[0]
    asked = Asked(
        id=question_id("text_or_table", source.value, label),
        text=f"What is the {source.value.replace('_', ' ')} of {label}? Sentence "
        f"{quantity.sentence} says “{words}”, but the table {table.name!r} has "
        f"{number(float(cell))} in {place}.",
        kind="choice",
        options=(
            Option(
                value="table",
                meaning=f"the table holds: {number(float(cell))}",
            ),
            Option(
                value="text",
                meaning=f"the text holds: {number(quantity.value)}",
                edits=(
                    CellEdit(
                        table=table.name, line=line, column=source.value, value=quantity.value
                    ),
                ),
            ),
        ),
        default="table",
        reason="tables are what is kept up to date",
        quotes=(words,),
        about=label,
    )
    yield Doubt(asked)


def _names(label: str, words: str) -> bool:
    own = stems_of(label)
    return bool(own) and own <= stems_of(words)
