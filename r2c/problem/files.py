"""Reads data files of every known type, and all of those in a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from r2c.problem.csv_file import read_csv
from r2c.problem.faults import (
    EMPTY_DATA,
    FILE_NOT_FOUND,
    FILE_TOO_LARGE,
    FILE_UNREADABLE,
    TOO_MANY_FILES,
    UNKNOWN_FILE_TYPE,
)
from r2c.problem.json_file import read_json
from r2c.problem.schema import Table
from r2c.problem.xlsx_file import read_xlsx

SIZE_LIMIT = 50_000_000
"""Bytes of a data file, and of all data files of a problem together."""
FILES_LIMIT = 200
"""Data files of a problem: each is a table or more, and nobody plans over so many."""
_Reader = Callable[[Path, bytes], list[Table]]
_READERS: dict[str, _Reader] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".json": read_json,
    ".xlsx": read_xlsx,
    ".xlsm": read_xlsx,
}


@dataclass(frozen=True)
class Attached:
    """A data file that was handed over as bytes, such as an upload; `name` has no folder."""

    name: str
    content: bytes


def read_attached(file: Attached) -> list[Table]:
    """The tables of a data file that lies on no disk; it is told of by its name alone.

    Raises:
        InputError: R2C-P012 to R2C-P044, as `read_file`.
    """
    path = Path(PurePath(file.name.replace("\\", "/")).name)
    reader = _reader(path)
    if len(file.content) > SIZE_LIMIT:
        raise FILE_TOO_LARGE(path=str(path), size=len(file.content), limit=SIZE_LIMIT)
    return _read(path, file.content, reader)


def read_file(path: Path) -> list[Table]:
    """The tables of one data file, or of all data files of a folder in order of their names.

    Raises:
        InputError: R2C-P010 to R2C-P044 for files that are missing, too large or malformed,
            R2C-P023 for a folder that is too large; nothing of it has been read then.
    """
    try:
        if path.is_dir():
            return _read_folder(path)
        if not path.exists():
            raise FILE_NOT_FOUND(path=str(path))
        if not path.is_file():
            raise FILE_UNREADABLE(path=str(path), reason="it is not an ordinary file")
        reader = _reader(path)
        size = path.stat().st_size
        if size > SIZE_LIMIT:
            raise FILE_TOO_LARGE(path=str(path), size=size, limit=SIZE_LIMIT)
        with path.open("rb") as stream:
            content = stream.read(SIZE_LIMIT + 1)
        if len(content) > SIZE_LIMIT:  # it has grown since
            raise FILE_TOO_LARGE(path=str(path), size=len(content), limit=SIZE_LIMIT)
    except (OSError, ValueError) as error:
        raise FILE_UNREADABLE(path=str(path), reason=str(error)) from error
    return _read(path, content, reader)


def _reader(path: Path) -> _Reader:
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise UNKNOWN_FILE_TYPE(path=str(path), suffix=path.suffix, known=sorted(_READERS))
    return reader


def _read(path: Path, content: bytes, reader: _Reader) -> list[Table]:
    if not content:
        raise EMPTY_DATA(where=f"The file {str(path)!r}")
    return reader(path, content)


def require_few(sources: Iterable[Path | Attached]) -> None:
    """See that the data files of a problem can be read together, before the first one is.

    Raises:
        InputError: R2C-P023.
    """
    _require_few("The data", [size for source in sources for size in _sizes(source)])


def _sizes(source: Path | Attached) -> list[int]:
    """Bytes of each data file; none of what is not there, which is told when it is read."""
    if isinstance(source, Attached):
        return [len(source.content)]
    try:
        files = _data_files(source) if source.is_dir() else [source]
        return [path.stat().st_size for path in files]
    except (OSError, ValueError):
        return []


def _require_few(where: str, sizes: Sequence[int]) -> None:
    # One file that is too large by itself is told by its own name.
    if len(sizes) > FILES_LIMIT or (len(sizes) > 1 and sum(sizes) > SIZE_LIMIT):
        raise TOO_MANY_FILES(
            where=where, files=len(sizes), size=sum(sizes), most=FILES_LIMIT, limit=SIZE_LIMIT
        )


def _data_files(folder: Path) -> list[Path]:
    return sorted(
        path for path in folder.iterdir() if path.suffix.lower() in _READERS and path.is_file()
    )


def _read_folder(folder: Path) -> list[Table]:
    files = _data_files(folder)
    if not files:
        raise EMPTY_DATA(where=f"The folder {str(folder)!r}")
    _require_few(f"The folder {str(folder)!r}", [path.stat().st_size for path in files])
    return [table for path in files for table in read_file(path)]
