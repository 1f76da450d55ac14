"""Which columns of a file are written with decimal commas, where `1.700` may be 1.7 or 1700.

A file is written in one way: what one of its numbers proves (`2,5`) holds for all of them, unless
others prove the opposite. Only columns of numbers prove anything; `2,5` among texts may be a list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from r2c.problem.cell_numbers import is_missing, pointed, read_number
from r2c.problem.faults import DOUBTFUL_MARK
from r2c.problem.schema import Scalar

_MARK = re.compile(r"[.,]\d")


@dataclass(frozen=True)
class _Marks:
    """What the cells of a column show; `doubtful` is the row of one with two readings.

    `commas` stand where only a decimal comma gives a number, `points` where only the English
    reading does. `numbers` says that all of the cells are numbers.
    """

    commas: bool = False
    points: bool = False
    doubtful: int | None = None
    numbers: bool = True


def comma_columns(
    header: Sequence[str], rows: Sequence[Sequence[Scalar]], *, where: str, lines: Sequence[int]
) -> frozenset[int]:
    """The columns, counted from 0, whose numbers are to be read with decimal commas.

    Args:
        header: the names of the columns.
        rows: the cells as they are written.
        where: the file, for the message.
        lines: the line of each row.

    Raises:
        InputError: R2C-P021 for a number with two readings of which nothing proves one.
    """
    columns = [[row[place] for row in rows] for place in range(len(header))]
    marks = [_marks(cells) for cells in columns]
    commas = any(mark.commas for mark in marks if mark.numbers)
    points = any(mark.points for mark in marks if mark.numbers)
    found = set()
    for place, mark in enumerate(marks):
        told = mark if mark.commas != mark.points else _Marks(commas, points)
        if mark.numbers and mark.doubtful is not None and told.commas == told.points:
            written = str(columns[place][mark.doubtful])
            raise DOUBTFUL_MARK(
                where=where,
                column=header[place],
                line=lines[mark.doubtful],
                value=written,
                readings=_readings(written),
                reason="this one has both" if commas else "no number of this one shows which",
            )
        if mark.commas or (mark.doubtful is not None and told.commas):
            found.add(place)
    return frozenset(found)


def _marks(cells: Sequence[Scalar]) -> _Marks:
    commas = points = False
    numbers = True
    doubtful: int | None = None
    for row, cell in enumerate(cells):
        if not isinstance(cell, str) or is_missing(cell):
            continue
        english, other = read_number(cell), read_number(pointed(cell))
        if english is None and other is None:
            numbers = False
        elif english is None:
            commas = True
        elif other is None or (english == other and _MARK.search(cell)):
            points = True
        elif english != other and doubtful is None:
            doubtful = row
    return _Marks(commas, points, doubtful, numbers)


def _readings(written: str) -> str:
    """The two values of a doubtful number, the larger first."""
    both = [read_number(written), read_number(pointed(written))]
    values = sorted((number[0] for number in both if number), key=abs, reverse=True)
    return " or ".join(f"{value:.15g}" for value in values)
