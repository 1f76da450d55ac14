"""The registry of suites, and the published answers that were found to be wrong.

A run records which version of a suite it was made over. A corrected answer takes the place of the
published one, with the reason; runs that were judged by different answers are not compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from pydantic import Field, TypeAdapter

from r2c.archetypes.yaml_file import read_yaml
from r2c.errors import InputError, declare
from r2c.problem.schema import Frozen
from r2c_benchmarks.items import Item, Name
from r2c_benchmarks.provenance import file_hash
from r2c_benchmarks.rulebench.suite import digest

OTHER_VERSION = declare(
    "R2C-B095",
    InputError,
    what="The file {file!r} is not the suite {name!r} in version {version}.",
    why="Its hash is {found}, the suite's {wanted}: scores over it cannot be compared.",
    remedy="Take the file of that version, or give the file another name to run over it anyway.",
)
STALE_CORRECTION = declare(
    "R2C-B096",
    InputError,
    what="The correction of {id!r} is about the answer {old}; the suite says {found}.",
    why="The suite has changed since the correction was made.",
    remedy="Check the problem again, then change or remove the entry in corrections.yaml.",
)


class Suite(Frozen):
    """A list of problems with a fixed content.

    Attributes:
        sha256: Of the file.
        digest: Of the questions alone, where answers are a solver's to their last digits.
    """

    name: str
    about: str
    version: str
    problems: int
    sha256: str = ""
    digest: str = ""


class Correction(Frozen):
    """A published answer that is wrong; `new` is None where there is no right one."""

    file: str
    id: str
    old: float
    new: float | None
    reason: str = Field(min_length=20)


T = TypeVar("T", Suite, Correction)


@cache
def suites() -> Mapping[str, Suite]:
    """The suites by name."""
    return {suite.name: suite for suite in _read("suites.yaml", TypeAdapter(list[Suite]))}


@cache
def corrections() -> Mapping[Name, Correction]:
    """The corrections by problem."""
    found = _read("corrections.yaml", TypeAdapter(list[Correction]))
    return {Name(item.file, item.id): item for item in found}


def version_of(path: Path) -> str:
    """The version of the suite that a file is; empty if the registry does not know its name.

    Raises:
        InputError: R2C-B095, a suite by name that it is not by content.
    """
    suite = suites().get(path.stem)
    if suite is None:
        return ""
    found, wanted = file_hash(path), suite.sha256
    if suite.digest:
        found, wanted = digest(path.read_text("utf-8").splitlines()), suite.digest
    if found != wanted:
        raise OTHER_VERSION(
            file=path.name,
            name=suite.name,
            version=suite.version,
            found=found[:12],
            wanted=wanted[:12],
        )
    return suite.version


def corrected(item: Item) -> Item:
    """The problem with the right answer, if the published one is known to be wrong.

    Raises:
        InputError: R2C-B096.
    """
    known = corrections().get(item.name)
    if known is None:
        return item
    if item.answer != known.old:
        raise STALE_CORRECTION(id=item.id, old=known.old, found=item.answer)
    return item.model_copy(update={"answer": known.new})


def _read(name: str, adapter: TypeAdapter[list[T]]) -> list[T]:
    raw = (files("r2c_benchmarks") / name).read_bytes()
    return adapter.validate_python(read_yaml(raw, name).data)
