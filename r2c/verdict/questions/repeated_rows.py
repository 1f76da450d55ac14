"""Rows of a table that say two things of one key: one of them holds, or they add up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from r2c.cir.asked import Asked, Option
from r2c.cir.bind_tables import DUPLICATE_KEY
from r2c.cir.edits import CellEdit, DropRowsEdit
from r2c.cir.table_access import row_numbers, rows_told
from r2c.cir.write import number
from r2c.errors import Fault
from r2c.problem.schema import Scalar, Table
from r2c.verdict.questions.named import key_told, question_id


def repeated_rows(faults: Sequence[Fault], tables: Mapping[str, Table]) -> Iterator[Asked]:
    """One question for each group of rows, whatever parameters are read from them (R2C-C223)."""
    groups: dict[tuple[str, tuple[int, ...]], list[Fault]] = {}
    for fault in faults:
        rows = fault.details["rows"]
        told = tuple(int(row) for row in rows if isinstance(row, int))  # type: ignore[union-attr]
        groups.setdefault((str(fault.details["table"]), told), []).append(fault)
    for (name, lines), group in groups.items():
        table = tables.get(name)
        if table is not None:
            yield _asked(table, lines, group)


def repeated_labels(tables: Iterable[Table]) -> tuple[Asked, ...]:
    """The questions about tables that have a label twice and nothing but numbers beside it.

    Such a table says nothing about single decisions, because no row of it can be theirs alone.
    """
    found: list[Asked] = []
    for table in tables:
        first, *others = table.columns
        if first.type != "text" or not others or any(c.type != "number" for c in others):
            continue
        by_label: dict[str, list[int]] = {}
        for row, cells in enumerate(table.rows):
            by_label.setdefault(str(cells[0]).strip(), []).append(row)
        doubled = {label: rows for label, rows in by_label.items() if len(rows) > 1}
        if len(doubled) * 2 > len(by_label):
            continue
        for label, rows in doubled.items():
            fault = DUPLICATE_KEY.fault(
                table=table.name,
                name=first.name,
                key=[label],
                rows=row_numbers(table, rows),
                places=rows_told(table, rows),
            )
            found.extend(repeated_rows([fault], {table.name: table}))
    return tuple(found)


def _asked(table: Table, lines: tuple[int, ...], group: Sequence[Fault]) -> Asked:
    numbers = row_numbers(table, range(len(table.rows)))
    rows = tuple(numbers.index(line) for line in lines)
    key = group[0].details["key"]
    told = key_told(key) if isinstance(key, list) else str(key)
    noun = rows_told(table, rows[:1]).split()[0]
    copied = len({table.rows[row] for row in rows}) == 1
    held = _varying(table, rows)
    options = []
    for row in rows[:1] if copied else rows:
        others = tuple(line for line in lines if line != numbers[row])
        options.append(
            Option(
                value="once" if copied else f"{noun}_{numbers[row]}",
                meaning="the row counts once"
                if copied
                else f"{rows_told(table, [row])} holds: {_cells(table, row, held)}",
                edits=(DropRowsEdit(table=table.name, lines=others),),
            )
        )
    options.append(_summed(table, rows, lines))
    return Asked(
        id=question_id("rows", told, table.name),
        text=f"Which row of the table {table.name!r} holds for {told}? It has several, in "
        f"{rows_told(table, rows)}"
        f"{': ' + '; '.join(_cells(table, row, held) for row in rows) if held else ', all alike'}.",
        kind="choice",
        options=tuple(options),
        default="once" if copied else None,
        reason="the rows are alike in every column, as when a row is copied" if copied else "",
        about=str(group[0].details["name"]),
    )


def _summed(table: Table, rows: tuple[int, ...], lines: tuple[int, ...]) -> Option:
    """The rows added up: numbers that differ, and of rows that are alike all numbers."""
    columns = _varying(table, rows) or [c.name for c in table.columns if c.type == "number"]
    edits = []
    for column in columns:
        cells = table.column(column)
        parts = [cells[row] for row in rows]
        amounts = [float(part) for part in parts if isinstance(part, int | float)]
        if len(amounts) == len(parts):
            edits.append(
                CellEdit(table=table.name, line=lines[0], column=column, value=sum(amounts))
            )
    return Option(
        value="sum",
        meaning="the rows add up" + "".join(f"; {e.column} {_told(e.value)}" for e in edits),
        edits=(*edits, DropRowsEdit(table=table.name, lines=lines[1:])),
    )


def _varying(table: Table, rows: tuple[int, ...]) -> list[str]:
    return [
        column.name
        for place, column in enumerate(table.columns)
        if len({table.rows[row][place] for row in rows}) > 1
    ]


def _cells(table: Table, row: int, columns: Sequence[str]) -> str:
    names = [column.name for column in table.columns]
    return ", ".join(f"{name} {_told(table.rows[row][names.index(name)])}" for name in columns)


def _told(cell: Scalar) -> str:
    return number(cell) if isinstance(cell, float) else str(cell)
