"""Reads tables handed over in memory: dict rows, dict of columns, or a DataFrame by its shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, runtime_checkable

from r2c.problem.faults import (
    DUPLICATE_COLUMN,
    EMPTY_DATA,
    NOT_A_SOURCE,
    TOO_MANY_CELLS,
    UNEQUAL_COLUMNS,
)
from r2c.problem.grid import CELL_LIMIT, build_table
from r2c.problem.scalars import to_scalar
from r2c.problem.schema import Scalar, Table


@runtime_checkable
class FrameLike(Protocol):
    """What is needed of a pandas DataFrame, so that pandas itself is not."""

    @property
    def columns(self) -> Iterable[object]:
        """The column names."""

    def itertuples(self, index: bool = ..., name: str | None = ...) -> Iterable[tuple[object, ...]]:
        """The rows."""


MemoryTable = Sequence[Mapping[str, object]] | Mapping[str, Sequence[object]] | FrameLike
"""A table in memory: a list of dict rows, a mapping from column to values, or a DataFrame."""


def read_memory(name: str, source: object) -> Table:
    """The table of an object in memory.

    Raises:
        InputError: R2C-P050 to R2C-P052 for what is not a table, R2C-P014 or R2C-P015 for size.
    """
    where = f"Table {name!r}"
    header, rows = _grid(where, source)
    if not header or not rows:
        raise EMPTY_DATA(where=where)
    if repeated := [title for title, count in Counter(header).items() if count > 1]:
        raise DUPLICATE_COLUMN(where=where, column=repeated[0])
    if len(header) * len(rows) > CELL_LIMIT:
        raise TOO_MANY_CELLS(where=where, limit=CELL_LIMIT)
    cells: list[list[Scalar]] = [
        [
            to_scalar(value, where=where, column=title, row=number)
            for title, value in zip(header, row, strict=True)
        ]
        for number, row in enumerate(rows, start=1)
    ]
    return build_table(name, header, cells, origin="memory", written=False)


def _grid(where: str, source: object) -> tuple[list[str], list[Sequence[object]]]:
    if isinstance(source, FrameLike):
        return [str(c) for c in source.columns], [
            tuple(row) for row in source.itertuples(index=False, name=None)
        ]
    if isinstance(source, Mapping):
        return _by_columns(where, source)
    if isinstance(source, Sequence) and not isinstance(source, str | bytes):
        return _by_rows(where, source)
    raise NOT_A_SOURCE(where=where, type=type(source).__name__)


def _by_columns(
    where: str, source: Mapping[object, object]
) -> tuple[list[str], list[Sequence[object]]]:
    columns: dict[str, list[object]] = {}
    for key, values in source.items():
        if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
            raise NOT_A_SOURCE(where=f"{where}, column {str(key)!r}", type=type(values).__name__)
        if str(key) in columns:
            raise DUPLICATE_COLUMN(where=where, column=str(key))
        columns[str(key)] = list(values)
    longest = max((len(values) for values in columns.values()), default=0)
    for title, values in columns.items():
        if len(values) != longest:
            raise UNEQUAL_COLUMNS(where=where, column=title, found=len(values), expected=longest)
    return list(columns), list(zip(*columns.values(), strict=True))


def _by_rows(where: str, source: Sequence[object]) -> tuple[list[str], list[Sequence[object]]]:
    header: dict[str, None] = {}
    for number, row in enumerate(source, start=1):
        if not isinstance(row, Mapping):
            raise NOT_A_SOURCE(where=f"{where}, row {number}", type=type(row).__name__)
        header.update(dict.fromkeys(str(key) for key in row))
    rows = [{str(key): value for key, value in row.items()} for row in source]  # type: ignore[attr-defined]
    return list(header), [tuple(row.get(title) for title in header) for row in rows]
