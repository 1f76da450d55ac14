"""How words, labels, lists and sources stand in the text form, and how they are read back.

Words stand as they are where that is unambiguous, else as a JSON string.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from pydantic import JsonValue

from r2c.cir.provenance import Source
from r2c.problem.schema import Span

_DECODER = json.JSONDecoder()
_PLAIN_LABEL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SPAN = re.compile(r"(\d+):(\d+)")


def quoted(text: str) -> str:
    """A JSON string; letters of any language stand as they are, what cannot be seen is escaped."""
    return json.dumps(text, ensure_ascii=not text.isprintable())


def words_text(words: str) -> str:
    """Words at the end of a line."""
    bare = words and words.isprintable() and words == words.strip() and words[0] not in '"#'
    return words if bare else quoted(words)


def read_words(text: str) -> str:
    """The words that `words_text` wrote.

    Raises:
        ValueError: if a JSON string is begun and not ended.
    """
    if not text.startswith('"'):
        return text
    words, rest = read_json(text)
    if rest or not isinstance(words, str):
        raise ValueError(f"{rest!r} follows the closing quote")
    return words


def label_text(label: str) -> str:
    """A label in the middle of a line."""
    return label if _PLAIN_LABEL.fullmatch(label) else quoted(label)


def read_label(text: str) -> tuple[str, str]:
    """A label and what follows it.

    Raises:
        ValueError: if no label stands there.
    """
    if match := _PLAIN_LABEL.match(text):
        return match[0], text[match.end() :]
    label, rest = read_json(text)
    if not isinstance(label, str):
        raise ValueError(f"a name is expected, not {text[:40]!r}")
    return label, rest


def listed(labels: Sequence[str]) -> str:
    """A list of labels."""
    return as_json(labels)


def as_json(value: object) -> str:
    """A value as JSON on one line, whole numbers without a point."""
    return json.dumps(_shortest(value), allow_nan=False)


def read_json(text: str) -> tuple[JsonValue, str]:
    """A JSON value and what follows it.

    Raises:
        ValueError: if no JSON value stands there.
    """
    try:
        value, end = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        raise ValueError(f"a list or a quoted text is expected, not {text[:40]!r}") from None
    return value, text[end:]


def span_text(span: Span) -> str:
    """A span as `start:end`."""
    return f"{span.start}:{span.end}"


def read_span(text: str) -> dict[str, JsonValue]:
    """The span that `span_text` wrote.

    Raises:
        ValueError: if it is no span.
    """
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError(f"a span such as 12:40 is expected, not {text[:40]!r}")
    return {"start": int(match[1]), "end": int(match[2])}


def source_text(source: Source) -> str:
    """A source: its kind, spans, cells as lists, and the note as a quoted text."""
    parts = [source.kind, *map(span_text, source.spans)]
    parts += [json.dumps([cell.table, cell.row, cell.column]) for cell in source.cells]
    if source.note is not None:
        parts.append(quoted(source.note))
    return " ".join(parts)


def read_source(text: str) -> dict[str, JsonValue]:
    """The source that `source_text` wrote.

    Raises:
        ValueError: if it is no source.
    """
    kind, _, rest = text.partition(" ")
    spans: list[JsonValue] = []
    cells: list[JsonValue] = []
    source: dict[str, JsonValue] = {"kind": kind, "spans": spans, "cells": cells}
    while rest := rest.lstrip():
        if match := _SPAN.match(rest):
            spans.append(read_span(match[0]))
            rest = rest[match.end() :]
            continue
        value, rest = read_json(rest)
        match value:
            case [str(table), int(row), str(column)]:
                cells.append({"table": table, "row": row, "column": column})
            case str(note):
                source["note"] = note
            case _:
                raise ValueError(f"a span, a cell or a note is expected, not {value!r}")
    return source


def _shortest(value: object) -> object:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, list | tuple):
        return [_shortest(item) for item in value]
    return value
