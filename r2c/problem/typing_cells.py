"""Gives the cells of a column their type: number with unit, truth value, text or missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from r2c.problem.cell_numbers import Number, is_missing, is_nothing, pointed, read_number
from r2c.problem.odd_cells import odd_cells, unit_key
from r2c.problem.schema import OddCell, Scalar

_TRUTH = {"yes": True, "no": False, "true": True, "false": False}


@dataclass(frozen=True)
class TypedColumn:
    """The values of a column after typing; `odd` are the cells that keep it from being numbers."""

    type: str
    unit: str | None
    values: tuple[Scalar, ...]
    odd: tuple[OddCell, ...] = ()


def type_column(
    values: Sequence[Scalar], *, written: bool = True, decimal_comma: bool = False
) -> TypedColumn:
    """Types one column.

    Args:
        values: the cells, top to bottom.
        written: True where text may stand for numbers (text tables, CSV, spreadsheets); False
            where the source has types of its own (JSON, memory), so that text stays text.
        decimal_comma: True where `1,5` is one and a half and `1.700` is 1700.
    """
    cells = [None if is_nothing(value) else value for value in values]
    if not any(cell is not None for cell in cells):
        return TypedColumn("empty", None, tuple(None for _ in cells))
    numbers = [_number(cell, written, decimal_comma) for cell in cells]
    absent = [is_missing(cell) for cell in cells]
    unit = None if all(absent) else _common_unit(numbers, absent)
    if unit is not None:
        found = (number and number[0] for number in numbers)
        return TypedColumn("number", unit or None, tuple(found))
    present = [cell for cell in cells if cell is not None]
    if all(isinstance(cell, bool) for cell in present):
        return TypedColumn("boolean", None, tuple(cells))
    if written and all(isinstance(c, str) and c.strip().lower() in _TRUTH for c in present):
        truths = (None if c is None else _TRUTH[str(c).strip().lower()] for c in cells)
        return TypedColumn("boolean", None, tuple(truths))
    odd = odd_cells(cells, numbers, quoted=not written)
    return TypedColumn("text", None, tuple(_as_text(cell) for cell in cells), odd)


def _number(cell: Scalar, written: bool, decimal_comma: bool) -> Number | None:
    if isinstance(cell, float) and not isinstance(cell, bool):
        return cell, None
    if not written or not isinstance(cell, str):
        return None
    return (read_number(pointed(cell)) if decimal_comma else None) or read_number(cell)


def _common_unit(numbers: Sequence[Number | None], absent: Sequence[bool]) -> str | None:
    """The unit of a column of numbers, "" without one; None if it is something else."""
    units: dict[str, str] = {}
    bare = False
    for number, missing in zip(numbers, absent, strict=True):
        if missing:
            continue
        if number is None:
            return None
        if number[1] is None:
            bare = bare or number[0] != 0
        else:
            units.setdefault(unit_key(number[1]), number[1])
    if len(units) > 1 or ("%" in units and bare):
        return None
    return next(iter(units.values()), "")


def _as_text(cell: Scalar) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
