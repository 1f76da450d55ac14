"""Tables that a text writes as a list of alike entries; other lists stay sentences.

- Rice: 2 grams of protein and 55 calories for $6     a row for each item
- From Hub 1: to Hub 2 (14 tons), to Hub 3 (6 tons)   a row for each pair
- Shop 1: 14      below `Demand (tons):`              a row for each, named by the heading
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from r2c.problem.grid import identifier
from r2c.problem.list_headings import heading_of
from r2c.problem.listed_numbers import with_units
from r2c.problem.raw_table import Line, split_lines
from r2c.problem.schema import Column, Scalar, Span, Table

_LEAST_ENTRIES = 3
_STEM = 4
_BULLET = re.compile(r"\s*(?:[-*•–]|\d{1,2}[.)])\s+\S")
_ITEM = re.compile(r"\s*(?:[-*•–]|\d{1,2}[.)])\s+\**(?P<label>[A-Z][\w '/-]{0,40}?)\**\s*:\**\s*")
_LABEL = r"(?:[A-Z][A-Za-z]*\s+){1,3}\d{1,3}"
_FROM = re.compile(rf"\s*[-*•–]\s+\**From\s+(?P<label>{_LABEL})\b")
_TO = re.compile(
    rf"(?P<label>{_LABEL})\s*(?:\(|(?:is|costs?|costing|at|=|:)\s+)\s*[$€£]?"
    r"(?P<value>\d+(?:,\d{3})*(?:\.\d+)?)"
)
_TO_AFTER = re.compile(
    rf"[$€£]?(?P<value>\d+(?:,\d{{3}})*(?:\.\d+)?)(?:\s+[a-z]+)?\s+to\s+(?P<label>{_LABEL})"
)
_NUMBERED = re.compile(
    rf"\s*[-*•–]\s+\**(?P<label>{_LABEL})\**\s*:\**\s*[$€£]?(?P<value>[\d.,]+\d|\d)"
)
_NUMBER = re.compile(r"(?P<money>[$€£]\s?)?(?P<value>\d+(?:,\d{3})*(?:\.\d+)?)(?![\w%])")
_NOUN = re.compile(
    r"\s*(?:(?P<unit>[a-z]+)\s+of\s+)?(?P<noun>[a-z]+(?:-[a-z]+)?)(?=[\s,.;)]|$)", re.IGNORECASE
)
_MONEY = re.compile(r"\s*(?:dollars?|euros?|pounds?|USD|EUR)\b", re.IGNORECASE)
_GAIN = re.compile(r"\b(profits?|revenues?|earns?|earnings|sells?)\b", re.IGNORECASE)
_CAPACITY = re.compile(r"\b(?:capacit\w+|bandwidth|flows?|transmit\w*)\b", re.IGNORECASE)

Entry = dict[str, tuple[float, Span]]


def find_listed_tables(text: str) -> list[Table]:
    """All such lists of the text as tables, in order; their names are `list1`, `list2` ..."""
    found: list[Table] = []
    for heading, lines in _lists(split_lines(text)):
        name = f"list{len(found) + 1}"
        table = (
            _pairs(text, heading, lines, name)
            or _numbered(heading, lines, name)
            or _items(lines, name)
        )
        if table is not None and (held := with_units(text, table)) is not None:
            found.append(held)
    return found


def _lists(lines: Sequence[Line]) -> Iterator[tuple[str | None, list[Line]]]:
    """Entries that follow each other, with the heading before them, if any."""
    heading: str | None = None
    written = [line for line in lines if line.text.strip()]
    for listed, group in groupby(written, key=lambda line: _BULLET.match(line.text) is not None):
        entries = list(group)
        if listed and len(entries) >= _LEAST_ENTRIES:
            yield heading, entries
        heading = None if listed else heading_of(entries[-1].text.strip())


def _numbered(heading: str | None, lines: Sequence[Line], name: str) -> Table | None:
    """One number for each member of a numbered set, under a heading that says what it is."""
    matches = [match for line in lines if (match := _NUMBERED.match(line.text)) is not None]
    if heading is None or len(matches) < len(lines):
        return None
    labels = [_plain(match["label"]) for match in matches]
    stems = {_stem(label) for label in labels}
    if len(stems) != 1 or len(set(labels)) < len(labels):
        return None
    rows = [(_plain(m["label"]), float(m["value"].replace(",", ""))) for m in matches]
    spans = [
        tuple(
            Span(start=line.start + a, end=line.start + b)
            for a, b in (m.span("label"), m.span("value"))
        )
        for line, m in zip(lines, matches, strict=True)
    ]
    return _table(name, (stems.pop(), identifier(heading.lower())), rows, spans, lines)


def _items(lines: Sequence[Line], name: str) -> Table | None:
    labels: list[tuple[str, Span]] = []
    entries: list[Entry] = []
    for line in lines:
        match = _ITEM.match(line.text)
        entry = None if match is None else _entry(line, match.end())
        if match is None or entry is None:
            return None
        start = line.start + match.start("label")
        labels.append((match["label"], Span(start=start, end=start + len(match["label"]))))
        entries.append(entry)
    keys = tuple(entries[0])
    entries = [_renamed(entry, keys) for entry in entries]
    alike = all(set(entry) == set(keys) for entry in entries)
    if len(keys) < 2 or not alike or len({label for label, _ in labels}) < len(labels):
        return None
    rows: list[tuple[Scalar, ...]] = [
        (label, *(entry[k][0] for k in keys))
        for (label, _), entry in zip(labels, entries, strict=True)
    ]
    spans = [
        (span, *(entry[k][1] for k in keys))
        for (_, span), entry in zip(labels, entries, strict=True)
    ]
    return _table(name, ("item", *keys), rows, spans, lines)


def _renamed(entry: Entry, keys: Sequence[str]) -> Entry:
    """The entry with the words of the first one: `carbs` for what was called `carbohydrates`."""
    short = {key[:_STEM]: key for key in keys}
    alike = {key: key if key in keys else short.get(key[:_STEM], key) for key in entry}
    if len(set(alike.values())) < len(alike):
        return entry
    return {alike[key]: value for key, value in entry.items()}


def _entry(line: Line, start: int) -> Entry | None:
    """What an entry says, by the noun that each number counts; None if a noun comes twice."""
    found: Entry = {}
    gain = _GAIN.search(line.text)
    for match in _NUMBER.finditer(line.text, start):
        noun = _NOUN.match(line.text, match.end())
        if match["money"] or _MONEY.match(line.text, match.end()):
            key = "cost" if gain is None else gain[1].lower()
        elif noun is None:
            return None
        else:
            key = noun["noun"].lower()
        if key in found:
            return None
        first = line.start + match.start("value")
        span = Span(start=first, end=line.start + match.end("value"))
        found[key] = (float(match["value"].replace(",", "")), span)
    return found


def _pairs(text: str, heading: str | None, lines: Sequence[Line], name: str) -> Table | None:
    rows: list[tuple[str, str, float]] = []
    spans: list[tuple[Span, ...]] = []
    # A last entry may only say that nothing leaves the place.
    if not _FROM.match(lines[-1].text) and not _TO.search(lines[-1].text):
        lines = lines[:-1]
    starts = [match for line in lines if (match := _FROM.match(line.text)) is not None]
    if len(starts) < len(lines):
        return None
    origins = [_plain(match["label"]) for match in starts]
    for line, origin, start in zip(lines, origins, starts, strict=True):
        after = list(_TO_AFTER.finditer(line.text, start.end()))
        for match in after or _TO.finditer(line.text, start.end()):
            rows.append((origin, _full(_plain(match["label"]), origins), _value(match)))
            ends = (start.span("label"), match.span("label"))
            spans.append(_places(line, *ends, match.span("value")))
    if len(rows) < _LEAST_ENTRIES or len({row[:2] for row in rows}) < len(rows):
        return None
    noun, other = _stem(rows[0][0]), _stem(rows[0][1])
    value = "capacity" if _CAPACITY.search(text) else "cost"
    value = identifier(heading.lower()) if heading else value
    heads = (noun, other if other != noun else f"to_{noun}", value)
    return _table(name, heads, rows, spans, lines)


def _places(line: Line, *spans: tuple[int, int]) -> tuple[Span, ...]:
    return tuple(Span(start=line.start + a, end=line.start + b) for a, b in spans)


def _stem(label: str) -> str:
    """What the members of a set have in common: `hub` of `Hub 3`."""
    return identifier(re.sub(r"\s*\d+$", "", label).lower())


def _value(match: re.Match[str]) -> float:
    return float(match["value"].replace(",", ""))


def _plain(label: str) -> str:
    return " ".join(label.split())


def _full(label: str, known: Sequence[str]) -> str:
    """The name in full where a later mention is shorter: `Center 3` for `Data Center 3`."""
    fuller = [other for other in known if other.endswith(f" {label}")]
    return fuller[0] if label not in known and len(fuller) == 1 else label


def _table(
    name: str,
    heads: Sequence[str],
    rows: Sequence[tuple[Scalar, ...]],
    spans: Sequence[tuple[Span, ...]],
    lines: Sequence[Line],
) -> Table:
    numbers = [all(isinstance(row[k], float) for row in rows) for k in range(len(heads))]
    return Table(
        name=name,
        columns=tuple(
            Column(name=head, type="number" if number else "text")
            for head, number in zip(heads, numbers, strict=True)
        ),
        rows=tuple(rows),
        origin="text",
        span=Span(start=lines[0].start, end=lines[-1].end),
        spans=tuple(spans),
    )
