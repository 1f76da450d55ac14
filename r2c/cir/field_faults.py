"""The faults that a validation found, each with its own code and the place where it stands.

A wrong expression is refused by the parser, deep inside pydantic; its fault travels in the context
of the validation error, so that its code and its remedy are not lost on the way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from r2c.errors import CIRError, Fault

_KIND = "r2c_fault"


def carried(error: CIRError) -> PydanticCustomError:
    """A failure as the error of a pydantic field; `found_faults` gets it back."""
    return PydanticCustomError(
        _KIND, "{told}", {"told": str(error), "fault": error.fault.model_dump()}
    )


def found_faults(error: ValidationError) -> list[tuple[str, Fault | str]]:
    """Every place that is wrong, `rules.0.operands.relation`, with its fault or what is wrong."""
    listed = error.errors(include_url=False, include_input=False)
    within = _counted(listed)
    return [(_place(item), _told(item)) for item in listed if not _not_meant(item, within)]


def at(place: str, fault: Fault, count: int = 1) -> Fault:
    """A fault that says where it stands, and that it is the first of several."""
    several = f" ({count} values of the model are wrong; this is the first.)" if count > 1 else ""
    return fault.model_copy(
        update={
            "what": f"At {place}: {fault.what}{several}",
            "details": {**fault.details, "path": place, "count": count},
        }
    )


def _place(item: ErrorDetails) -> str:
    """The way to a value as it stands in the data; pydantic adds the kind of record it tried."""
    parts = [str(part) for part in item["loc"]]
    for number, part in enumerate(parts):
        if part.startswith("tagged-union["):
            parts[number : number + 2] = []
            break
    return ".".join(parts) or "the whole"


def _counted(listed: Iterable[ErrorDetails]) -> Counter[tuple[str | int, ...]]:
    """How many faults lie within each place."""
    return Counter(item["loc"][:depth] for item in listed for depth in range(1 + len(item["loc"])))


def _not_meant(item: ErrorDetails, within: Counter[tuple[str | int, ...]]) -> bool:
    """Whether a value that may be a number or a record is a record, whose faults are listed."""
    place = item["loc"]
    return item["type"] == "float_type" and place[-1:] == ("float",) and within[place[:-1]] > 1


def _told(item: ErrorDetails) -> Fault | str:
    context: Mapping[str, object] = item.get("ctx", {})
    fault = context.get("fault") if item["type"] == _KIND else None
    if fault is not None:
        return Fault.model_validate(fault)
    return item["msg"].removeprefix("Value error, ")
