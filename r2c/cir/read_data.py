"""Reads a CIR from plain data, such as parsed JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from r2c.cir.field_faults import at, found_faults
from r2c.cir.half_pairs import half_pairs
from r2c.cir.schema import CIR, VERSION
from r2c.errors import CIRError, Fault, declare

NOT_A_CIR = declare(
    "R2C-C091", CIRError,
    what="The model is not a CIR: {place}: {problem}.",
    why="{values} not have the form that the format asks for.",
    remedy="Correct what stands there; the JSON Schema in knowledge_base/cir.schema.json "
    "describes all fields.",
)  # fmt: skip
NEWER = declare(
    "R2C-C092", CIRError,
    what="The model has CIR version {version!r}; this release reads version {known}.",
    why="A newer format may mean something that this release would read wrongly.",
    remedy="Update R2C, or write the model in version {known}.",
)  # fmt: skip

_LONGEST = 300
_MOST_FAULTS = 1000


def read_data(data: object) -> tuple[CIR | None, tuple[Fault, ...]]:
    """The CIR, or None and everything that keeps the data from being one.

    The faults are R2C-C091 for a value that is missing or wrong, R2C-C092 if the version is newer,
    R2C-C001 to R2C-C003 for an expression that cannot be read, R2C-C094 for half of a surrogate
    pair; each says at which place.
    """
    if not isinstance(data, Mapping | CIR):
        problem = f"a JSON object is expected, not {_kind(data)}"
        return None, _faults([("the whole", problem)])
    if isinstance(data, Mapping) and data.get("version", VERSION) != VERSION:
        return None, (NEWER.fault(version=data.get("version"), known=VERSION),)
    if halves := list(half_pairs(data)):
        return None, _faults(halves)
    try:
        return CIR.model_validate(data), ()
    except ValidationError as error:
        if (count := error.error_count()) > _MOST_FAULTS:
            problem = f"{count} of its values are wrong, too many to tell of each"
            return None, _faults([("the whole", problem)])
        return None, _faults(found_faults(error))


def read_json(text: str | bytes) -> tuple[CIR | None, tuple[Fault, ...]]:
    """The CIR in its JSON form, or None and what is wrong; see `read_data`."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        problem = str(error) or "nested too deeply"
        return None, _faults([("the whole", problem)])
    return read_data(data)


def validated(data: object) -> CIR:
    """The CIR.

    Raises:
        CIRError: the first fault of `read_data`.
    """
    return _or_raise(*read_data(data))


def read_json_text(text: str | bytes) -> CIR:
    """The CIR in its JSON form.

    Raises:
        CIRError: the first fault of `read_json`.
    """
    return _or_raise(*read_json(text))


def _or_raise(cir: CIR | None, faults: tuple[Fault, ...]) -> CIR:
    if cir is None:
        raise CIRError(faults[0])
    return cir


def _faults(found: Iterable[tuple[str, Fault | str]]) -> tuple[Fault, ...]:
    # The first one may be all that is shown, so it says how many there are.
    first, *others = found
    return (_fault(*first, 1 + len(others)), *(_fault(*other, 1) for other in others))


def _kind(data: object) -> str:
    match data:
        case None:
            return "null"
        case bool():
            return "a truth value"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list() | tuple():
            return "a list"
    return type(data).__name__


def _fault(place: str, wrong: Fault | str, count: int) -> Fault:
    if isinstance(wrong, Fault):
        return at(place, wrong, count)
    told = wrong.splitlines()[0].rstrip(".")
    problem = told if len(told) <= _LONGEST else f"{told[: _LONGEST - 3]}..."
    values = "The value there does" if count == 1 else f"{count} of its values do"
    return NOT_A_CIR.fault(place=place, problem=problem, values=values)
