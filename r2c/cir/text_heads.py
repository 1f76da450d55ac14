"""The head lines of the text form's records, one form for each section."""

from __future__ import annotations

import re
from collections.abc import Callable

from pydantic import JsonValue

from r2c.cir.text_values import read_json, read_label, read_words

Record = dict[str, JsonValue]
_SET = re.compile(
    r"(?P<name>\w+)(?: (?P<kind>labels|ordered|time|scenario))?(?: dim (?P<dim>\d+))?"
    r"(?: within (?P<within>[\w, ]+?))?(?: = (?P<members>.*))?"
)
_INDEXED = re.compile(r"(?P<name>\w+)(?:\[(?P<over>[\w, ]*)\])?(?P<rest>.*)")
_EQUATION = re.compile(r"(\w+) = (.*)")


def _set(head: str) -> Record:
    match = matched(_SET, head, "name kind dim 2 within A, B = members")
    record: Record = {"name": match["name"], "within": names(match["within"])}
    if match["kind"]:
        record["kind"] = match["kind"]
    if match["dim"]:
        record["dim"] = int(match["dim"])
    if match["members"]:
        read_members(match["members"], record)
    return record


def read_members(text: str, record: Record) -> None:
    """Read the members of a set into its record."""
    if text.startswith("table "):
        name, rest = read_label(text.removeprefix("table "))
        columns, rest = read_json(rest.strip())
        record["table"] = {"table": name, "columns": columns}
    elif text.startswith("for "):
        record["where"], rest = text, ""
    else:
        record["elements"], rest = read_json(text)
    ended(rest)


def ended(rest: str) -> None:
    """Refuse anything after the end.

    Raises:
        ValueError: if something is left.
    """
    if rest.strip():
        raise ValueError(f"{rest.strip()[:40]!r} is more than is expected there")


def _parameter(head: str) -> Record:
    match = matched(_INDEXED, head, "name[Set, ...] = value")
    left, equals, text = match["rest"].partition(" = ")
    if left or not equals:
        raise ValueError("the form is `name[Set, ...] = value`")
    return {"name": match["name"], "over": names(match["over"]), "value": _value(text)}


def _value(text: str) -> JsonValue:
    word, _, rest = text.partition(" ")
    if word == "table":
        return _table(rest)
    if word == "wide":
        return _wide(rest)
    if word in ("of", "of:"):
        indices, _, expr = text.removeprefix("of").partition(": ")
        return {"kind": "expression", "indices": names(indices.strip()), "expr": expr}
    if word == "entries":
        rows, rest = read_json(rest)
        ended(rest)
        if not isinstance(rows, list) or not all(isinstance(row, list) and row for row in rows):
            raise ValueError('entries are lists of keys and a value, such as [["A", 3]]')
        entries: list[JsonValue] = [
            {"key": row[:-1], "value": row[-1]} for row in rows if isinstance(row, list)
        ]
        return {"kind": "sparse", "entries": entries}
    if text.startswith("["):
        values, rest = read_json(text)
        ended(rest)
        return {"kind": "dense", "values": values}
    return read_number(text)


def _table(text: str) -> JsonValue:
    table, rest = read_label(text)
    keys, rest = read_json(rest.strip())
    value, rest = read_label(_after("value", rest))
    record: Record = {"kind": "table", "table": table, "keys": keys, "value": value}
    if rest.strip():
        record["aggregate"] = _after("aggregate", rest)
    return record


def _wide(text: str) -> JsonValue:
    table, rest = read_label(text)
    key, rest = read_label(_after("key", rest))
    record: Record = {"kind": "wide", "table": table, "key": key}
    if rest.strip():
        record["columns"], rest = read_json(_after("columns", rest))
        ended(rest)
    return record


def _after(word: str, text: str) -> str:
    found, _, rest = text.strip().partition(" ")
    if found != word:
        raise ValueError(f"{word!r} is expected before {text.strip()[:40]!r}")
    return rest


def _definition(head: str) -> Record:
    match = matched(_EQUATION, head, "name = expression")
    return {"name": match[1], "expr": match[2]}


def _decision(head: str) -> Record:
    match = matched(_INDEXED, head, "name[Set, ...] domain")
    record: Record = {"name": match["name"], "over": names(match["over"])}
    if domain := match["rest"].strip():
        record["domain"] = domain
    return record


def _rule(head: str) -> Record:
    name, _, archetype = head.partition(": ")
    return {"id": name, "archetype": read_words(archetype)} if archetype else {"id": name}


def _objective(head: str) -> Record:
    sense, _, expr = head.partition(" ")
    return {"sense": sense, "expr": expr}


def _assumption(head: str) -> Record:
    return {"text": read_words(head)}


def _question(head: str) -> Record:
    name, _, text = head.partition(": ")
    return {"id": name, "text": read_words(text)}


def matched(pattern: re.Pattern[str], text: str, form: str) -> re.Match[str]:
    """The match of the whole text.

    Raises:
        ValueError: naming the form, if it does not match.
    """
    match = pattern.fullmatch(text)
    if match is None:
        raise ValueError(f"the form is `{form}`")
    return match


def names(text: str | None) -> list[JsonValue]:
    """Names separated by commas."""
    return [name.strip() for name in text.split(",")] if text else []


def read_number(text: str) -> float:
    """A number.

    Raises:
        ValueError: if it is none.
    """
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"a number is expected, not {text[:40]!r}") from None


SECTIONS: dict[str, Callable[[str], Record]] = {
    "sets": _set,
    "parameters": _parameter,
    "definitions": _definition,
    "decisions": _decision,
    "rules": _rule,
    "objectives": _objective,
    "assumptions": _assumption,
    "questions": _question,
}
"""The sections in writing order, with the reader of their head lines."""
