"""Reads benchmark problems: one JSON object a line, and lists of ids, `FILE ID` a line.

The texts stay where they are; nothing of them is copied into a run folder. A label is trusted if
its grade begins with A: modelled by hand, re-run from a reference program, or several releases
agree.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from r2c.errors import InputError, declare
from r2c.problem.schema import Span

BAD_IDS = declare(
    "R2C-B010",
    InputError,
    what="The list of ids {path!r} cannot be used: {reason}.",
    why="Each line must be `FILE ID`, a file of the bench folder and the id of a problem in it.",
    remedy="Correct the list, or name a .jsonl file of the bench folder to take all of it.",
)
BAD_FILE = declare(
    "R2C-B011",
    InputError,
    what="The problem file {path!r} cannot be read: {reason}.",
    why="It must hold one JSON object a line with at least `id` and `problem`.",
    remedy="Check --bench and the file.",
)
UNKNOWN_ITEM = declare(
    "R2C-B012",
    InputError,
    what="The file {file!r} has no problem {id!r}; {count} of the wanted ids are missing.",
    why="A score over fewer problems than asked would mislead.",
    remedy="Use the list of ids that belongs to this bench folder.",
)


class Name(NamedTuple):
    """Where a problem is found: the name of its file and its id there."""

    file: str
    id: str


class OtherNumbers(BaseModel):
    """The same words about other numbers; `numbers` are in the order of those of the item."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    problem: str
    tables: Mapping[str, str] = {}
    numbers: tuple[float, ...]
    answer: float


class Stated(BaseModel):
    """A rule of a problem and where the text states it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    archetype: str
    span: Span


class Item(BaseModel):
    """One problem with its published answer; unknown fields of the line are left alone.

    Attributes:
        data: Data as one JSON value.
        tables: Data as the content of files, by name.
        status: What a careful reader comes to, if that is not an optimum.
        numbers: The numbers told, in order.
        others: The same words about other numbers.
        rules: The rules, where a bench marks them.
        cir: What the text means, where a bench says so.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    file: str = ""
    id: str
    source: str = ""
    problem: str
    data: JsonValue = None
    answer: float | None = None
    trust: str = ""
    family: str = ""
    cross: JsonValue = None
    tables: Mapping[str, str] = {}
    status: str = "optimal"
    level: int | None = None
    numbers: tuple[float, ...] = ()
    others: tuple[OtherNumbers, ...] = ()
    rules: tuple[Stated, ...] = ()
    cir: JsonValue = None

    @property
    def name(self) -> Name:
        """File and id."""
        return Name(self.file, self.id)

    @property
    def other_answers(self) -> tuple[float, ...]:
        """The answers of other releases of the same problem, each once, as `cross` gives them."""
        given = self.cross.values() if isinstance(self.cross, dict) else ()
        numbers = {float(value) for value in given if isinstance(value, int | float)}
        return tuple(sorted(numbers))


def data_files(item: Item, folder: Path) -> list[Path] | None:
    """The item's data, if it has any, as the files that a user would have."""
    paths = [folder / name for name in item.tables]
    for path, content in zip(paths, item.tables.values(), strict=True):
        path.write_text(content, encoding="utf-8")
    if item.data is not None:
        paths.append(folder / "data.json")
        paths[-1].write_text(json.dumps(item.data), encoding="utf-8")
    return paths or None


def read_ids(bench: Path, ids: Path) -> tuple[Name, ...]:
    """The names in a list of ids, or of all problems of a `.jsonl` file, in order.

    Raises:
        InputError: R2C-B010 or R2C-B011.
    """
    if ids.suffix == ".jsonl":
        path = ids if ids.exists() else bench / ids.name
        return tuple(item.name for item in _items(path))
    try:
        lines = ids.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BAD_IDS(path=str(ids), reason=str(error)) from error
    names: list[Name] = []
    for number, line in enumerate(lines, 1):
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if len(words) != 2 or Path(words[0]).name != words[0]:
            raise BAD_IDS(path=str(ids), reason=f"line {number} is {line[:60]!r}")
        names.append(Name(*words))
    if not names:
        raise BAD_IDS(path=str(ids), reason="it is empty")
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BAD_IDS(path=str(ids), reason=f"{twice.id!r} occurs twice")
    return tuple(names)


def read_items(bench: Path, names: Sequence[Name]) -> tuple[Item, ...]:
    """The problems of these names, in their order.

    Raises:
        InputError: R2C-B011 or R2C-B012.
    """
    wanted = set(names)
    found = {
        item.name: item
        for file in dict.fromkeys(name.file for name in names)
        for item in _items(bench / file)
        if item.name in wanted
    }
    missing = [name for name in names if name not in found]
    if missing:
        raise UNKNOWN_ITEM(file=missing[0].file, id=missing[0].id, count=len(missing))
    return tuple(found[name] for name in names)


def _items(path: Path) -> Iterator[Item]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BAD_FILE(path=str(path), reason=str(error)) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            yield Item.model_validate({**record, "file": path.name})
        except (ValidationError, TypeError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise BAD_FILE(path=str(path), reason=f"line {number}: {reason}") from error
