"""Tables that give one half of a symmetric matrix, as road atlases print distances.

The places above the numbers are those beside them, and of each two cells that mirror each other one
is empty. The other half is not copied into the table but said in the model, so that every number
keeps its one cell: `distance[i, j] == half_distance[i, j] + half_distance[j, i]`.
"""

from __future__ import annotations

from itertools import combinations

from r2c.cir.parse import parse
from r2c.cir.schema import ExprValues, Parameter, WideValues
from r2c.problem.schema import Column, Scalar, Table

_LEAST = 3
_MISSING = 2
"""A half leaves out the last row or the first column, or both."""


def half_of(table: Table, label: Column) -> tuple[str, ...] | None:
    """The places of such a table, in order; None if it is another one."""
    heads = [column.name for column in table.columns if column is not label]
    rows = [_named(key) for key in table.column(label.name)]
    places = tuple(
        dict.fromkeys([*rows, *heads])
        if set(heads) <= set(rows)
        else dict.fromkeys([*heads, *rows])
    )
    shared = len(set(rows) & set(heads))
    if len(places) < _LEAST or shared < len(places) - _MISSING or shared < _LEAST - 1:
        return None
    if not all(
        column.type in ("number", "empty") for column in table.columns if column is not label
    ):
        return None
    cells = {
        (row, head): value
        for row, values in zip(rows, table.rows, strict=True)
        for column, value in zip(table.columns, values, strict=True)
        if column is not label and (head := column.name)
    }
    pairs = list(combinations(places, 2))
    halves = any(
        all(_is_given(cells.get(pair)) and not _is_given(cells.get(pair[::-1])) for pair in half)
        for half in (pairs, [pair[::-1] for pair in pairs])
    )
    own = any(cells.get((place, place)) not in (None, 0.0) for place in places)
    return places if halves and not own else None


def told_half(name: str, table: Table, label: Column, over: tuple[str, str]) -> Parameter:
    """The half that the table gives; 0 elsewhere."""
    return Parameter(
        name=name,
        over=over,
        value=WideValues(table=table.name, key=label.name),
        default=0.0,
        meaning="the half of a symmetric matrix that the table gives",
    )


def whole(name: str, half: str, over: tuple[str, str]) -> Parameter:
    """Both halves."""
    expr = parse(f"{half}[i, j] + {half}[j, i]")
    return Parameter(
        name=name,
        over=over,
        value=ExprValues(indices=("i", "j"), expr=expr),
        meaning="the same in both directions",
    )


def _is_given(value: Scalar) -> bool:
    return isinstance(value, float)


def _named(value: Scalar) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
