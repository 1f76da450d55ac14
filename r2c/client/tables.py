"""Data in the shapes that people have them in, as a request carries them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import cast

from r2c.client.wire import TableData, Value
from r2c.problem.faults import NOT_A_SOURCE
from r2c.problem.files import Attached
from r2c.problem.memory_table import FrameLike
from r2c.problem.read import TableSource
from r2c.problem.scalars import to_scalar

Data = Mapping[str, TableSource] | Sequence[Path | str | Attached] | Path | str | None
"""Tables by name (rows, columns, DataFrames, paths), or paths of files or of a folder with them."""


def carried(data: Data) -> tuple[dict[str, TableData], list[Attached]]:
    """The tables that go as JSON, and the files that go as they are.

    Raises:
        InputError: R2C-P051, a cell that no table can hold.
        OSError: a file cannot be read.
    """
    if data is None:
        return {}, []
    if isinstance(data, Path | str):
        return {}, list(_files(Path(data)))
    if not isinstance(data, Mapping):
        found: list[Attached] = []
        for item in data:
            found += [item] if isinstance(item, Attached) else _files(Path(item))
        return {}, found
    tables: dict[str, TableData] = {}
    files: list[Attached] = []
    for name, source in data.items():
        if isinstance(source, Path | str):
            path = Path(source)
            files.append(Attached(name + path.suffix, path.read_bytes()))
        else:
            tables[name] = _columns(name, source)
    return tables, files


def _files(path: Path) -> Iterable[Attached]:
    paths = sorted(path.iterdir()) if path.is_dir() else [path]
    return [Attached(file.name, file.read_bytes()) for file in paths if file.is_file()]


def _columns(name: str, source: object) -> TableData:
    """A table in memory as JSON has it."""
    if isinstance(source, FrameLike):
        titles = [str(title) for title in source.columns]
        rows = source.itertuples(index=False, name=None)
        return [_row(name, number, zip(titles, row, strict=True))
                for number, row in enumerate(rows, start=1)]  # fmt: skip
    if isinstance(source, Mapping):
        return {
            str(title): [_cell(name, str(title), number, value)
                         for number, value in enumerate(values, start=1)]
            for title, values in source.items()
        }  # fmt: skip
    return [_row(name, number, _items(name, number, row))
            for number, row in enumerate(cast("Sequence[object]", source), start=1)]  # fmt: skip


def _items(name: str, number: int, row: object) -> Iterable[tuple[str, object]]:
    if not isinstance(row, Mapping):
        raise NOT_A_SOURCE(where=f"Table {name!r}, row {number},", type=type(row).__name__)
    return row.items()


def _row(name: str, number: int, cells: Iterable[tuple[str, object]]) -> dict[str, Value]:
    return {str(title): _cell(name, str(title), number, value) for title, value in cells}


def _cell(name: str, title: str, number: int, value: object) -> Value:
    return to_scalar(value, where=f"Table {name!r}", column=title, row=number)
