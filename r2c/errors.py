"""Every failure R2C can tell a person about, and the one object that carries it.

    R2CError
    ├── InputError          the problem text, the tables or the arguments
    ├── CIRError            a CIR that is not well formed
    ├── CardError           a knowledge-base card
    ├── ModelError          a CIR that cannot become a mathematical model
    ├── SolveError          the solver process
    ├── LanguageModelError  the model endpoint or what it replied
    ├── BudgetError         time, tokens or rounds used up
    └── StoreError          files and databases

A failure is *declared* once, next to the code that detects it:

    UNKNOWN_COLUMN = declare(
        "R2C-P104", InputError,
        what="Table {table!r} has no column {column!r}.",
        why="The rule refers to data that the table does not hold.",
        remedy="Use one of the columns {columns}, or add the column to the file.",
    )

and used either as an exception, `raise UNKNOWN_COLUMN(table=..., ...)`, or as data,
`UNKNOWN_COLUMN.fault(table=..., ...)`. The resulting [`Fault`][r2c.errors.Fault] is what the
person reads, the API returns, the log records and the repair prompt quotes. Codes are never
renumbered nor reused; the letter names the layer (P problem, C cir, A archetypes, M model,
S solve, V verdict, L llm, G agents and pipeline, X settings and command line, I inference,
T training, B benchmarks).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class Fault(BaseModel):
    """One failure, told in three parts: what happened, why, and what to do about it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(description="Stable code such as R2C-C012.")
    what: str = Field(description="What happened, one sentence.")
    why: str = Field(description="Why it is a failure, or what caused it.")
    remedy: str = Field(description="What the reader can do about it.")
    details: dict[str, JsonValue] = Field(
        default_factory=dict, description="The values the sentences were made from."
    )

    def __str__(self) -> str:
        return f"{self.code}: {self.what}\n  why: {self.why}\n  do:  {self.remedy}"


class R2CError(Exception):
    """Base of all failures; carries a `Fault`."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault

    @property
    def code(self) -> str:
        """The stable code of the failure."""
        return self.fault.code

    def __str__(self) -> str:
        return str(self.fault)


class InputError(R2CError):
    """The problem text, the tables or the arguments."""


class CIRError(R2CError):
    """A CIR that is not well formed."""


class CardError(R2CError):
    """A knowledge-base card."""


class ModelError(R2CError):
    """A CIR that cannot become a mathematical model."""


class SolveError(R2CError):
    """The solver process."""


class LanguageModelError(R2CError):
    """The model endpoint or what it replied."""


class BudgetError(R2CError):
    """Time, tokens or rounds used up."""


class StoreError(R2CError):
    """Files and databases."""


@dataclass(frozen=True)
class ErrorKind:
    """A declared failure: a template for faults, callable to make the exception."""

    code: str
    raises: type[R2CError]
    what: str
    why: str
    remedy: str

    def fault(self, **values: Any) -> Fault:
        """The failure as data, its sentences `filled` in with the values."""
        return Fault(
            code=self.code,
            what=filled(self.what, values),
            why=filled(self.why, values),
            remedy=filled(self.remedy, values),
            details={name: _plain(value) for name, value in values.items()},
        )

    def __call__(self, **values: Any) -> R2CError:
        """The failure as an exception, ready to raise."""
        return self.raises(self.fault(**values))


CATALOGUE: dict[str, ErrorKind] = {}
"""Every declared failure by code; complete once all of `r2c` is imported."""

_CODE = re.compile(r"R2C-[A-Z]\d{3}")


def declare(code: str, raises: type[R2CError], *, what: str, why: str, remedy: str) -> ErrorKind:
    """Declare a failure once and for all.

    Raises:
        ValueError: if the code is malformed or already taken.
    """
    if not _CODE.fullmatch(code):
        raise ValueError(f"error code {code!r} is not of the form R2C-<letter><three digits>")
    if code in CATALOGUE:
        raise ValueError(f"error code {code} is declared twice")
    kind = ErrorKind(code, raises, what, why, remedy)
    CATALOGUE[code] = kind
    return kind


def filled(template: str, values: Mapping[str, Any]) -> str:
    """A sentence with its values: lists in words, `{count:row}` is "1 row" or "2 rows"."""
    return template.format(**{name: _told(value) for name, value in values.items()})


def listed(values: Iterable[object]) -> str:
    """Values for a sentence: `'A', 'B'`, or "none"; a key of several parts stands in brackets."""
    return ", ".join(_item(value) for value in values) or "none"


def _item(value: object) -> str:
    if isinstance(value, list | tuple):
        return listed(value) if len(value) == 1 else f"({listed(value)})"
    return repr(value) if isinstance(value, str) else str(value)


class _Listed(list[Any]):
    """A list that stands in a sentence without the brackets of a program."""

    def __str__(self) -> str:
        return listed(self)

    __repr__ = __str__


class _Number(int):
    """A whole number that takes the name of what it counts as its format."""

    def __format__(self, spec: str) -> str:
        return counted(int(self), spec) if _NOUN.fullmatch(spec) else super().__format__(spec)


def counted(count: int, noun: str) -> str:
    """A number of things: "1 row", "2 rows", "3 entries"."""
    if count == 1:
        return f"1 {noun}"
    return f"{count} {re.sub('(?<=[^aeiou])y$', 'ie', noun)}s"


_NOUN = re.compile(r"[a-z]+(?: [a-z]+)*[a-z]")


def _told(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return _Listed(sorted(value, key=str))
    if isinstance(value, int) and not isinstance(value, bool):
        return _Number(value)
    return _Listed(value) if isinstance(value, list | tuple) else value


def _plain(value: Any) -> JsonValue:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return str(value)
