"""Names from the headings of tables, and whether headings are labels themselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from r2c.agents.reserved import is_reserved
from r2c.problem.grid import identifier
from r2c.problem.schema import Problem, Table

_LONGEST = 40
_CORNER = re.compile(r"\s*(?:\\+|/|\bto\b|->|→|\bby\b|\bvs\.?)\s*", re.IGNORECASE)
_NAMELESS = re.compile(r"^column\d+$")
_TOPICS = re.compile(
    r"\b(costs?|distances?|times?|hours?|minutes?|prices?|profits?|revenues?|rates?|scores?"
    r"|efficienc(?:y|ies)|returns?|yields?|preferences?|satisfaction|tonnages?|weights?)\b",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"cost|price|profit|revenue|demand|suppl|capacit|weight|volume|time|hour|limit|min|max|stock|rate"
    r"|number|amount|value|percent|output|availab|requir|total|department|%|\d|[($€£]",
    re.IGNORECASE,
)
_LEAST_NAMES = 4
_SERIES = re.compile(r"^(.*?)[\s_-]*(\d+|[A-Z]|[IVX]+)$")


def plural(word: str) -> str:
    """The plural of an English noun, good enough for the name of a set."""
    if re.search(r"[^aeiou]y$", word, re.IGNORECASE):
        return f"{word[:-1]}ies"
    return f"{word}es" if re.search(r"(?:s|x|ch|sh)$", word, re.IGNORECASE) else f"{word}s"


def axis_name(heading: str) -> str:
    """A name for a set from the heading above its members: `Plant` becomes `plant`."""
    return _plain(heading, "item")


def parameter_name(heading: str) -> str:
    """A name for a parameter from the heading above its numbers, without its unit."""
    return _plain(heading, "amount")


def corner_names(corner: str, table: Table, problem: Problem) -> tuple[str, str]:
    """Names of rows and columns of a table from its upper left cell: `Plant / Shop`.

    A corner that says nothing leaves names from the labels themselves: `M1, M2` are of `m`.
    """
    parts = [part for part in _CORNER.split(corner) if part]
    if len(parts) == 2:
        return axis_name(parts[0]), axis_name(parts[1])
    headings = [column.name for column in table.columns[1:]]
    rows = [str(row[0]) for row in table.rows]
    row_name = axis_name(corner) if not _NAMELESS.match(corner) else _named(rows, problem, "row")
    column_name = _named(headings, problem, "column")
    return row_name, column_name if column_name != row_name else "column"


def series(labels: Sequence[str]) -> str | None:
    """What labels have in common that number the members of a set: `Shop` of `Shop 1, Shop 2`.

    None if they do not; an empty text for bare letters or numbers.
    """
    matches = [_SERIES.match(label.strip(" $")) for label in labels]
    stems = {match[1].strip().lower() for match in matches if match is not None}
    if len(matches) < 2 or None in matches or len(stems) != 1:
        return None
    return stems.pop()


def are_names(headings: Sequence[str], problem: Problem) -> bool:
    """Whether headings name things (`Elm, Oak, Ash`) rather than what is measured of the rows.

    Names are written with capitals wherever they stand, and none of them is a word for a measure.
    """
    if len(headings) < _LEAST_NAMES or any(map(is_measure, headings)):
        return False
    return all(
        heading[:1].isupper() and not re.search(rf"\b{re.escape(heading.lower())}\b", problem.text)
        for heading in headings
    )


def topic(words: str) -> str | None:
    """What the numbers of a table are, by the last words before it that say so."""
    found = _TOPICS.findall(words)
    return None if not found else found[-1].lower()


def is_measure(heading: str) -> bool:
    """Whether a heading says what is measured rather than whom it belongs to."""
    return _MEASURE.search(heading) is not None


def _named(labels: Sequence[str], problem: Problem, fallback: str) -> str:
    stem = series(labels)
    if stem and len(stem) > 2:
        return axis_name(stem)
    # "Customer Zones: {C1, C2, C3}", "potential shops (S1-S5)": the noun before the first label.
    first = re.escape(labels[0].strip(" $")) if labels else "$^"
    pattern = rf"([A-Za-z][A-Za-z-]{{2,}})s?\b\W{{0,6}}{first}(?!\w)"
    match = re.search(pattern, problem.text)
    word = "" if match is None else match[1].lower()
    return axis_name(word[:-1] if word.endswith("s") else word) if word else fallback


def _plain(heading: str, fallback: str) -> str:
    bare = re.sub(r"\(.*?\)|\[.*?\]", " ", heading)
    letters = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode()
    name = identifier(letters.strip().lower(), fallback)[:_LONGEST].strip("_") or fallback
    return f"{name}_" if is_reserved(name) else name
