"""Tables read without a model: labels name the decisions, headings the measures.

A table with one decision a row gives data by column; one with a decision a column gives data by
row, and its other columns ("available", "required") limits. A table that fits neither is left to
the sentences.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from r2c.agents.mentions import mentioned
from r2c.agents.reserved import is_reserved
from r2c.agents.statements import Datum, Limit, Statement
from r2c.cir.expr import Compare, CompareOp, Expr, Name, Num
from r2c.cir.write import number
from r2c.problem.grid import identifier
from r2c.problem.schema import Column, Scalar, Table

Telling = Mapping[str, frozenset[str]]

_ROWS = 60
_CELL = 60
_NAME = 60
"""Rows, and characters of a cell, that are looked at; a larger table needs another way."""
_COLUMNS = 24
_CELLS = 600
"""Columns, and cells in all, that are shown."""
_MOST = re.compile(r"\b(?:max(?:imum)?|upper|most|limit)\b", re.IGNORECASE)
_LEAST = re.compile(r"\b(?:min(?:imum)?|lower|least)\b", re.IGNORECASE)
_SUPPLY = re.compile(r"\b(?:availab\w*|capacity|supply|stock|on hand)\b", re.IGNORECASE)
_NEED = re.compile(r"\b(?:require\w*|demand|needs?|needed)\b", re.IGNORECASE)


def read_table(table: Table, telling: Telling) -> tuple[Statement, ...]:
    """What the table says of the decisions; nothing if its labels do not name them.

    Args:
        table: any table; large ones simply do not fit.
        telling: the decisions, each with the words that tell it apart.
    """
    if len(table.rows) > _ROWS or len(table.columns) < 2:
        return ()
    labels = [str(row[0] or "") for row in table.rows]
    rows = _owners(labels, telling)
    if rows and len(rows) == len(labels):
        return tuple(_by_column(table, [rows[label] for label in labels]))
    heads = _owners([column.name for column in table.columns[1:]], telling)
    if len(heads) >= 2:
        return tuple(_by_row(table, labels, heads))
    return ()


def written_out(table: Table) -> str:
    """The table as it is shown to the model; of a large one the beginning."""
    columns = table.columns[:_COLUMNS]
    rows = table.rows[: min(_ROWS, _CELLS // max(1, len(columns)))]
    heads = tuple(column.name for column in columns)
    lines = [" | ".join(map(_cell, row[: len(columns)])) for row in (heads, *rows)]
    hidden = {
        "columns": len(table.columns) - len(columns), "rows": len(table.rows) - len(rows)
    }  # fmt: skip
    return "\n".join([*lines, *(f"... {n} more {what}" for what, n in hidden.items() if n)])


def _cell(cell: Scalar) -> str:
    if isinstance(cell, float):
        return number(cell)
    words = "" if cell is None else " ".join(str(cell).split())
    return words if len(words) <= _CELL else words[: _CELL - 3] + "..."


def _owners(labels: list[str], telling: Telling) -> dict[str, str]:
    """The decision that each label names; empty if two labels name the same one."""
    found = {label: mentioned(label, telling) for label in labels}
    single = {label: names[0] for label, names in found.items() if len(names) == 1}
    return single if len(set(single.values())) == len(single) else {}


def _by_column(table: Table, owners: list[str]) -> Iterator[Statement]:
    for place, column in enumerate(table.columns):
        if not place or column.type != "number":
            continue
        for owner, row in zip(owners, table.rows, strict=True):
            value = _value(row[place], column)
            if value is None:
                continue
            if _MOST.search(column.name):
                yield _limit(Name(owner), "<=", value)
            elif _LEAST.search(column.name):
                yield _limit(Name(owner), ">=", value)
            else:
                yield Datum(_measure(column.name), owner, value)


def _by_row(table: Table, labels: list[str], heads: Mapping[str, str]) -> Iterator[Statement]:
    for label, row in zip(labels, table.rows, strict=True):
        measure = _measure(label)
        for place, column in enumerate(table.columns):
            value = _value(row[place], column) if place else None
            if value is None:
                continue
            if column.name in heads:
                yield Datum(measure, heads[column.name], value)
            elif _MOST.search(column.name) or _SUPPLY.search(column.name):
                yield _limit(Name(measure), "<=", value)
            elif _LEAST.search(column.name) or _NEED.search(column.name):
                yield _limit(Name(measure), ">=", value)


def _limit(left: Expr, op: CompareOp, value: float) -> Limit:
    return Limit(Compare((op,), (left, Num(value))))


def _value(cell: Scalar, column: Column) -> float | None:
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    return cell / 100 if column.unit == "%" else float(cell)


def _measure(heading: str) -> str:
    plain = re.sub(r"\(.*?\)|\[.*?\]", " ", heading)
    # A measure is written and read again as a statement, whose names are plain.
    letters = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    name = identifier(letters.strip().lower(), "amount")[:_NAME]
    return f"{name}_" if is_reserved(name) else name
