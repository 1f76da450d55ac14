"""Tables that a text tells in sentences: what each place has and what it needs.

    Depot 1 has 115 wagons but needs 200. Depot 2 has a surplus of 30.

Each sentence speaks of one place; its numbers are supply or demand by the words before them, and of
what it does not mention there is none. Sentences with numbers of another kind stay sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from r2c.problem.listed_numbers import with_units
from r2c.problem.place_names import Places, Token
from r2c.problem.rule_words import RULE
from r2c.problem.schema import Column, Span, Table
from r2c.problem.told_pairs import SEGMENT

_LEAST = 3
_SUPPLY = re.compile(
    r"\b(?:has|have|holds?|surplus|excess|suppl(?:y|ies)|availab\w*|stocks?|equipped|currently)\b",
    re.IGNORECASE,
)
_DEMAND = re.compile(
    r"\b(?:needs?|needed|demands?|requires?|required|requirements?|deficits?|shortfalls?|lacks?)\b",
    re.IGNORECASE,
)
_SAID_AGAIN = re.compile(
    r"(?<![\d.,])(?P<value>\d++(?:[.,]\d++)*+)(?P<between>[^()\d\n]*+)\([^()\d]*(?P=value)(?![\d.,]*\d)[^()\d]*\)"
)
_HARMLESS = re.compile(r"\b(?:balanced|no (?:net\s+)?(?:supply|demand)|neither|only)\b", re.I)
_CAPACITY = re.compile(r"\bcapacit\w+|\bup to\b|\blimit\w*", re.IGNORECASE)
_NOTHING = re.compile(r"\b(?:balanced|no (?:net\s+)?(?:supply|demand)|neither)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Item:
    place: Token
    supply: Token | None
    demand: Token | None
    span: Span


def find_told_items(text: str) -> list[Table]:
    """The tables that runs of such sentences come to, in order; named `items1`, `items2` ..."""
    found: list[Table] = []
    plain = _SAID_AGAIN.sub(_once, text)
    places = Places(plain)
    for run in _runs(plain, places) if places else ():
        names = [item.place.place for item in run]
        if len(run) < _LEAST or len(set(names)) < len(names):
            continue
        told = _table(run, places, f"items{len(found) + 1}")
        table = with_units(plain, told, one_unit=True)
        goods = set() if table is None else {column.unit for column in table.columns[1:]} - {None}
        found += [] if table is None or len(goods) > 1 else [table]
    return found


def _once(match: re.Match[str]) -> str:
    """The words before brackets that only say their number again, with blanks for the brackets."""
    kept = match["value"] + match["between"]
    return kept + " " * (len(match[0]) - len(kept))


def _runs(text: str, places: Places) -> Iterator[list[_Item]]:
    run: list[_Item] = []
    for match in SEGMENT.finditer(text):
        if not any(map(str.isalnum, match[0])):
            continue
        stays = RULE.search(_HARMLESS.sub("", match[0])) or _CAPACITY.search(match[0])
        items = [] if stays else _items(text, match, list(places.tokens(*match.span())))
        if items:
            run += items
            continue
        if run:
            yield run
        run = []
    if run:
        yield run


def _items(text: str, segment: re.Match[str], tokens: Sequence[Token]) -> list[_Item]:
    """What a sentence says of one place, or of several in turn; nothing if of something else."""
    blank = len(segment[0]) - len(segment[0].lstrip())
    span = Span(start=segment.start() + blank, end=segment.end())
    groups: list[list[Token]] = []
    for token in tokens:
        if token.place is not None:
            groups.append([token])
        elif not groups:
            return []
        else:
            groups[-1].append(token)
    nothing = _NOTHING.search(segment[0]) is not None
    found = [
        _Item(group[0], None, None, span)
        if nothing and len(group) == 1
        else _item(text, group[0], group[1:], span)
        for group in groups
    ]
    return [] if None in found else [item for item in found if item is not None]


def _item(text: str, place: Token, numbers: Sequence[Token], span: Span) -> _Item | None:
    """Supply and demand of a place, by the words before each number; None if one is neither."""
    found: dict[str, Token] = {}
    start = place.span.end
    for number in numbers:
        words = text[start : number.span.start]
        said = [
            (match.start(), kind)
            for kind, pattern in (("supply", _SUPPLY), ("demand", _DEMAND))
            for match in pattern.finditer(words)
        ]
        if not said or max(said)[1] in found:
            return None
        found[max(said)[1]] = number
        start = number.span.end
    return _Item(place, found.get("supply"), found.get("demand"), span) if found else None


def _table(run: Sequence[_Item], places: Places, name: str) -> Table:
    def cell(item: _Item, token: Token | None) -> tuple[float, Span]:
        nowhere = Span(start=item.span.end, end=item.span.end)
        return (0.0, nowhere) if token is None else (token.value, token.span)

    rows = [(item.place, cell(item, item.supply), cell(item, item.demand)) for item in run]
    noun = places.noun([item.place.place or "" for item in run])
    return Table(
        name=name,
        columns=(
            Column(name=noun, type="text"),
            Column(name="supply", type="number"),
            Column(name="demand", type="number"),
        ),
        rows=tuple((place.place, supply[0], demand[0]) for place, supply, demand in rows),
        origin="text",
        span=Span(start=run[0].span.start, end=run[-1].span.end),
        spans=tuple((place.span, supply[1], demand[1]) for place, supply, demand in rows),
    )
