"""Turns a header and rows into a typed table; the one place where tables from files are checked."""

from __future__ import annotations

import keyword
import re
from collections.abc import Container, Iterable, Sequence
from typing import Literal

from r2c.problem.cell_numbers import read_number
from r2c.problem.faults import DUPLICATE_COLUMN, EMPTY_DATA, NO_HEADER, TOO_MANY_COLUMNS
from r2c.problem.schema import Column, Scalar, Table
from r2c.problem.typing_cells import type_column
from r2c.problem.vocabulary import UNITS

CELL_LIMIT = 2_000_000
COLUMN_LIMIT = 20_000
_UNIT_IN_NAME = re.compile(r"[(\[](?:in )?([^()\[\]\d]{1,24})[)\]]\s*$")
_TYPES: dict[str, Literal["number", "text", "boolean", "empty"]] = {
    "number": "number",
    "text": "text",
    "boolean": "boolean",
    "empty": "empty",
}


def identifier(name: str, fallback: str = "table") -> str:
    """The name made fit to stand in an expression: `Plant costs (2)` becomes `Plant_costs_2`."""
    cleaned = re.sub(r"\W+", "_", name).strip("_")
    if not cleaned:
        return fallback
    if not cleaned.isidentifier():
        cleaned = f"t_{cleaned}"
    return f"{cleaned}_" if keyword.iskeyword(cleaned) else cleaned


def unique(name: str, taken: Iterable[str]) -> str:
    """The name, with `_2`, `_3` ... added if it is taken (letter case does not count)."""
    used = {other.lower() for other in taken}
    candidate, number = name, 1
    while candidate.lower() in used:
        number += 1
        candidate = f"{name}_{number}"
    return candidate


def filled_header(header: Sequence[str]) -> list[str]:
    """The header with nameless columns called `column1`, `column2` ... by position."""
    taken = {name.strip().lower() for name in header}
    filled = []
    for index, name in enumerate(header, start=1):
        title, number = name.strip() or f"column{index}", 1
        while not name.strip() and title in taken:
            number += 1
            title = f"column{index}_{number}"
        taken.add(title)
        filled.append(title)
    return filled


def check_header(header: Sequence[str], where: str) -> None:
    """Refuses headers that cannot name the columns.

    Raises:
        InputError: R2C-P016 for a repeated name, R2C-P018 if all names are numbers.
    """
    seen: set[str] = set()
    for name in header:
        if name in seen:
            raise DUPLICATE_COLUMN(where=where, column=name)
        seen.add(name)
    if all(read_number(name) is not None for name in header):
        raise NO_HEADER(where=where)


def build_table(
    name: str,
    header: Sequence[str],
    rows: Sequence[Sequence[Scalar]],
    *,
    origin: Literal["text", "file", "memory"],
    path: str | None = None,
    lines: Sequence[int] | None = None,
    written: bool = True,
    decimal_commas: Container[int] = (),
) -> Table:
    """A typed table from rectangular rows, each as long as the header.

    `lines` are the places of the rows in a file, counted from 1. `written` says how cells are
    typed, see `type_column`; `decimal_commas` are the columns, counted from 0, written with them.

    Raises:
        InputError: R2C-P015 if there are no rows or no columns, R2C-P022 if there are too many.
    """
    where = f"Table {name!r}" + (f" of {path!r}" if path else "")
    if not header or not rows:
        raise EMPTY_DATA(where=where)
    if len(header) > COLUMN_LIMIT:
        raise TOO_MANY_COLUMNS(where=where, columns=len(header), limit=COLUMN_LIMIT)
    typed = [
        type_column(
            [row[index] for row in rows], written=written, decimal_comma=index in decimal_commas
        )
        for index in range(len(header))
    ]
    columns = tuple(
        Column(
            name=title,
            type=_TYPES[column.type],
            unit=column.unit or _named_unit(title, column.type),
            odd=column.odd,
        )
        for title, column in zip(header, typed, strict=True)
    )
    cells = tuple(zip(*(column.values for column in typed), strict=True))
    return Table(
        name=name,
        columns=columns,
        rows=cells,
        origin=origin,
        path=path,
        lines=None if lines is None or _follow(lines) else tuple(lines),
    )


def _follow(lines: Sequence[int]) -> bool:
    """Whether rows follow a header in line 1 without a gap."""
    return all(line == number for number, line in enumerate(lines, start=2))


def _named_unit(title: str, kind: str) -> str | None:
    """The unit a header gives in brackets: `Volume (liters)`."""
    match = _UNIT_IN_NAME.search(title) if kind == "number" else None
    unit = match.group(1).strip() if match else ""
    if len(unit.split()) > 3 or (len(unit) == 1 and unit.isalpha() and unit not in UNITS):
        return None  # "Nitrogen (a)" refers to a footnote or a formula
    return unit or None
