"""The one door of the reader: text and data in, a `Problem` out, nothing guessed by a model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from r2c.problem.characters import code_point, refused_character, with_plain_breaks
from r2c.problem.faults import CONTROL_CHARACTER, EMPTY_TEXT, NOT_A_SOURCE, TEXT_TOO_LONG
from r2c.problem.files import Attached, read_attached, read_file, require_few
from r2c.problem.grid import identifier, unique
from r2c.problem.memory_table import MemoryTable, read_memory
from r2c.problem.quantities import find_quantities
from r2c.problem.schema import Problem, Table
from r2c.problem.sentences import split_sentences
from r2c.problem.text_tables import find_tables

TEXT_LIMIT = 200_000
"""Longest text that is read, in characters."""

TableSource = Path | str | MemoryTable
"""A path to a data file or folder, or a table in memory."""

# Texts that went through JSON twice carry the two characters backslash and n for a line break;
# before a lower-case letter they may be LaTeX (`\neq`, `\nu`) and are left alone.
_WRITTEN_BREAK = re.compile(r"\\n(?![a-z])")


def read_problem(
    text: str,
    data: Mapping[str, TableSource] | Sequence[Path | str | Attached] | Path | str | None = None,
    *,
    limit: int = TEXT_LIMIT,
) -> Problem:
    r"""Reads a problem: sentences, quantities and tables, each with its place.

    Args:
        text: the problem in words. All spans refer to the normalised text that the result
            carries: line breaks are single `\n`, a byte order mark is dropped.
        data: tables by name, or paths of CSV, JSON or XLSX files or of a folder with them, or
            files of these kinds as bytes.
        limit: longest text accepted, in characters.

    Raises:
        InputError: R2C-P001 to R2C-P052, naming what is wrong with the text or the data.
    """
    clean = normalise(text, limit=limit)
    written = find_tables(clean)
    sentences = split_sentences(clean, [table.span for table in written if table.span])
    return Problem(
        text=clean,
        sentences=sentences,
        quantities=find_quantities(clean, sentences, written),
        tables=(*written, *_data_tables(data, [table.name for table in written])),
    )


def normalise(text: str, *, limit: int = TEXT_LIMIT) -> str:
    """The text with uniform line breaks.

    Raises:
        InputError: R2C-P001 if nothing is visible, R2C-P002 if it is too long, R2C-P003 for
            control characters and lone surrogates.
    """
    if len(text) > limit:
        raise TEXT_TOO_LONG(length=len(text), limit=limit)
    clean = with_plain_breaks(text.removeprefix("\ufeff"))
    clean = _WRITTEN_BREAK.sub("\n", clean)
    position = refused_character(clean)
    if position is not None:
        line = clean.count("\n", 0, position) + 1
        column = position - clean.rfind("\n", 0, position)
        raise CONTROL_CHARACTER(character=code_point(clean[position]), line=line, column=column)
    if not any(character.isalnum() for character in clean):
        raise EMPTY_TEXT()
    return clean


def read_tables(
    data: Mapping[str, TableSource] | Sequence[Path | str | Attached] | Path | str | None,
    taken: Sequence[str] = (),
) -> tuple[Table, ...]:
    """The tables of data without a text; names in `taken` are avoided.

    Raises:
        InputError: R2C-P010 to R2C-P052, naming what is wrong with the data.
    """
    return tuple(_data_tables(data, list(taken)))


def _data_tables(
    data: Mapping[str, TableSource] | Sequence[Path | str | Attached] | Path | str | None,
    taken: list[str],
) -> list[Table]:
    """The tables of the data, renamed where a name is taken by an earlier table."""
    found: list[Table] = []
    if isinstance(data, Path | str):
        found = read_file(Path(data))
    elif isinstance(data, Mapping):
        require_few(Path(each) for each in data.values() if isinstance(each, Path | str))
        for name, source in data.items():
            found += _named(name, source)
    elif isinstance(data, Sequence):
        files = [_file(number, each) for number, each in enumerate(data, start=1)]
        require_few(files)
        for file in files:
            found += read_attached(file) if isinstance(file, Attached) else read_file(file)
    elif data is not None:
        raise NOT_A_SOURCE(where="The data", type=type(data).__name__)
    tables: list[Table] = []
    for table in found:
        name = unique(table.name, [*taken, *(other.name for other in tables)])
        tables.append(table if name == table.name else table.model_copy(update={"name": name}))
    return tables


def _file(number: int, given: object) -> Path | Attached:
    if isinstance(given, Path | Attached):
        return given
    if isinstance(given, str):
        return Path(given)
    raise NOT_A_SOURCE(where=f"Data source {number}", type=type(given).__name__)


def _named(name: str, source: TableSource) -> list[Table]:
    """The tables of one named source; several tables of one file share the name as a prefix."""
    if not isinstance(source, Path | str):
        return [read_memory(identifier(name), source)]
    tables = read_file(Path(source))
    if len(tables) == 1:
        return [tables[0].model_copy(update={"name": identifier(name)})]
    return [
        table.model_copy(update={"name": identifier(f"{name}_{table.name}")}) for table in tables
    ]
