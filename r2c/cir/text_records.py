"""One record of the text form: its head line and the attribute lines below it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from pydantic import JsonValue

from r2c.cir.text_heads import SECTIONS, Record, ended, matched, names, read_members, read_number
from r2c.cir.text_values import read_json, read_label, read_source, read_span, read_words

_Value = TypeVar("_Value")
_SOFT = re.compile(r"(?P<price>.*) per (?P<per>unit|occurrence)(?:, tier (?P<tier>\d+))?")
_EQUATION = re.compile(r"(\w+) = (.*)")
_OUTPUT = re.compile(r"(\w+) -> (\w+)")
_LITERAL = re.compile(r"(-?[\d.]+(?:e[-+]?\d+)?) <- (.*)")
_ATTRIBUTE = re.compile(r"([a-z]+(?: [a-z]+)?): (.*)")
_WORDS = frozenset(
    {"unit", "meaning", "quote", "note", "chosen", "default", "consequence", "about", "answer"}
)
_NUMBERS = frozenset({"step", "default", "weight", "target"})
_WHOLE = frozenset({"stage", "tier"})
_FLAGS = frozenset({"cyclic", "confirmed"})


class BadLine(Exception):
    """A line that cannot be read, with the reason."""

    def __init__(self, number: int, text: str, problem: str) -> None:
        super().__init__(problem)
        self.number = number
        self.text = text
        self.problem = problem


@dataclass
class Lines:
    """One record as it stands: its head and the lines below it, with their line numbers."""

    head: str
    number: int
    below: list[tuple[int, str]] = field(default_factory=list)


def read_record(section: str, lines: Lines) -> Record:
    """The plain data of one record.

    Raises:
        BadLine: if a line does not have the form that the section asks for.
    """
    record = _read(lines.number, lines.head, lambda: SECTIONS[section](lines.head))
    for number, text in lines.below:
        _read(number, text, partial(_below, section, text, record))
    return record


def _read(number: int, text: str, reader: Callable[[], _Value]) -> _Value:
    try:
        return reader()
    except ValueError as error:
        raise BadLine(number, text, str(error)) from None


def _below(section: str, text: str, record: Record) -> None:
    if match := _LITERAL.fullmatch(text):
        entry: Record = {"value": float(match[1]), "source": read_source(match[2])}
        _append(record, "literals", entry)
    elif text in _FLAGS:
        record[text] = True
    elif section == "rules" and (match := _EQUATION.fullmatch(text)):
        _put(record, "operands", match[1], match[2])
    elif section == "rules" and (match := _OUTPUT.fullmatch(text)):
        _put(record, "outputs", match[1], match[2])
    elif match := _ATTRIBUTE.fullmatch(text):
        _attribute(section, match[1], match[2], record)
    else:
        raise ValueError("it is neither `name: value` nor `role = expression`")


def _attribute(section: str, name: str, text: str, record: Record) -> None:
    key = name.replace(" ", "_")
    if key in record:
        raise ValueError(f"{name!r} stands there twice")
    if name in _NUMBERS and section != "questions":
        record[key] = read_number(text)
    elif name in _WORDS or name == "domain reason":
        record[key] = read_words(text)
    elif name in _WHOLE:
        record[key] = int(read_number(text))
    elif name in _SPECIAL:
        _SPECIAL[name](text, record)
    else:
        raise ValueError(f"{name!r} is not an attribute; known are {', '.join(_KNOWN)}")


def _append(record: Record, key: str, value: JsonValue) -> None:
    items = record.setdefault(key, [])
    assert isinstance(items, list)
    items.append(value)


def _put(record: Record, key: str, name: str, value: str) -> None:
    items = record.setdefault(key, {})
    assert isinstance(items, dict)
    if name in items:
        raise ValueError(f"the role {name!r} is filled twice")
    items[name] = value


# --------------------------------------------------------------------------- attribute lines


def _read_source(text: str, record: Record) -> None:
    record["source"] = read_source(text)


def _read_at(text: str, record: Record) -> None:
    record["span"] = read_span(text)


def _read_each(text: str, record: Record) -> None:
    record["forall"] = text


def _read_where(text: str, record: Record) -> None:
    record["where"] = text


def _read_lower(text: str, record: Record) -> None:
    record["lower"] = None if text == "none" else text


def _read_upper(text: str, record: Record) -> None:
    record["upper"] = text


def _read_indices(text: str, record: Record) -> None:
    record["indices"] = names(text)


def _read_probability(text: str, record: Record) -> None:
    record["probability"], rest = read_json(text)
    ended(rest)


def _read_soft(text: str, record: Record) -> None:
    match = matched(_SOFT, text, "price per unit, tier 1")
    record["soft"] = {
        "price": match["price"], "per": match["per"], "tier": int(match["tier"] or 0),
    }  # fmt: skip


def _read_paradigm(text: str, record: Record) -> None:
    name, rest = read_label(text)
    reason = read_words(rest.removeprefix(", ")) if rest else ""
    _append(record, "candidates", {"paradigm": name, "reason": reason})


_SPECIAL: dict[str, Callable[[str, Record], None]] = {
    "source": _read_source,
    "at": _read_at,
    "each": _read_each,
    "where": _read_where,
    "lower": _read_lower,
    "upper": _read_upper,
    "indices": _read_indices,
    "probability": _read_probability,
    "soft": _read_soft,
    "paradigm": _read_paradigm,
    "or": read_members,
}
_KNOWN = sorted({*_SPECIAL, *_WORDS, *_NUMBERS, *_WHOLE, "domain reason"})
