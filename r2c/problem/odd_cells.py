"""Finds the cells that keep a column of numbers from being one, so that they can be named.

A single `30%` among plain numbers makes a text of the whole column; whoever needs the numbers
should hear about that cell, not about all the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from r2c.problem.cell_numbers import Number, is_infinite, is_missing, read_number
from r2c.problem.schema import OddCell, Scalar

MOST = 20
"""Odd cells that are kept of a column."""

_Reason = Literal["text", "unit", "quoted", "infinite"]


def odd_cells(
    cells: Sequence[Scalar], numbers: Sequence[Number | None], *, quoted: bool
) -> tuple[OddCell, ...]:
    """The first odd cells of a column of texts; none if most of its cells are words or odd units.

    Args:
        cells: the cells, top to bottom.
        numbers: the number that each cell holds, None for anything else.
        quoted: whether a text that spells a number is in quotes that it should not have.
    """
    present = [row for row, cell in enumerate(cells) if not is_missing(cell)]
    found: dict[int, _Reason] = {}
    for row in present:
        if numbers[row] is None:
            found[row] = _reason(cells[row], quoted=quoted)
    if not found:
        found = dict.fromkeys(_of_another_unit(numbers, present), "unit")
    # A column of `inf` is one of numbers, whatever its writer meant by them.
    if 2 * sum(reason != "infinite" for reason in found.values()) > len(present):
        return ()
    return tuple(OddCell(row=row, reason=found[row]) for row in list(found)[:MOST])


def unit_key(unit: str) -> str:
    """What two spellings of a unit have in common."""
    return unit.lower().rstrip("s")


def _reason(cell: Scalar, *, quoted: bool) -> _Reason:
    if not isinstance(cell, str):
        return "text"
    if is_infinite(cell):
        return "infinite"
    return "quoted" if quoted and read_number(cell) is not None else "text"


def _of_another_unit(numbers: Sequence[Number | None], present: Sequence[int]) -> list[int]:
    """The rows whose unit is not the usual one; a plain number may have any unit but `%`."""
    units: dict[int, str] = {}
    for row in present:
        number = numbers[row]
        if number is not None and (number[0] or number[1]):
            units[row] = unit_key(number[1] or "")
    # Among equally frequent ones no unit at all is the usual one.
    count = Counter(units.values())
    usual = max(count, key=lambda unit: (count[unit], not unit), default="")
    alike = {usual} if usual == "%" else {usual, ""}
    return [row for row, unit in units.items() if unit not in alike]
