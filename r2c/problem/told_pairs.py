"""Tables that a text tells in sentences: numbers for pairs of places, as from town to town.

The words between are many and do not matter. What matters is that sentences which follow each other
name places and numbers in one of a few orders (see `_pairs`), that no number is left over, and that
no pair has two numbers. Anything else stays sentences.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from r2c.problem.grid import identifier
from r2c.problem.list_headings import heading_of
from r2c.problem.listed_numbers import with_units
from r2c.problem.place_names import Places, Token
from r2c.problem.schema import Column, Scalar, Span, Table

_LEAST_PAIRS = 6
# A sentence; a line break ends it unless the line simply goes on below.
_SEGMENT = re.compile(
    r"(?:[^.;?!\n]|\.(?=\d)|(?<![.;:?!])\n(?!\s*(?:\n|$|[-*•–]|\d{1,2}[.)])))+[.;?!]?"
)
_BULLET = re.compile(r"\s*\d{1,2}[.)]?")
_INTO = re.compile(r"\b(?:to|reach|into)(?:\s+(?:go|get|travel))?(?:\s+to)?\s*$", re.IGNORECASE)
_OUT_OF = re.compile(r"\bfrom\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s*$", re.IGNORECASE)
_BOTH_WAYS = re.compile(
    r"\b(?:symmetric|both (?:directions|ways)|either (?:direction|way))\b", re.I
)
_TOPIC = re.compile(
    r"\b(costs?|fees?|prices?|expenses?|fares?|freight|distances?|times?|hours?|minutes?|capacit(?:y|ies)"
    r"|bandwidth|kilomet(?:er|re)s?|km|miles?)\b",
    re.IGNORECASE,
)
_TOPICS = {
    "cost": ("cost", "fee", "price", "expense", "fare", "freight"),
    "distance": ("distance", "kilomet", "km", "mile"),
    "time": ("time", "hour", "minute"),
    "capacity": ("capacit", "bandwidth"),
}
# The orders in which a sentence may name places (p) and numbers (n).
_FROM_ONE = re.compile(r"p(?:pn|np)+")
_NUMBER_FIRST = re.compile(r"npp(?:pn|np)*")
_EACH_IN_FULL = re.compile(r"(?:ppn){2,}")


@dataclass(frozen=True, slots=True)
class _Pair:
    ends: tuple[Token, Token]
    value: Token

    @property
    def key(self) -> tuple[str, str]:
        first, second = self.ends
        assert first.place is not None and second.place is not None
        return first.place, second.place

    def turned(self) -> _Pair:
        return _Pair((self.ends[1], self.ends[0]), self.value)


def find_told_pairs(text: str) -> list[Table]:
    """The tables that runs of such sentences come to, in order; named `told1`, `told2` ..."""
    found: list[Table] = []
    places = Places(text)
    for run in _runs(text, places) if places else ():
        table = _table(text, run, f"told{len(found) + 1}", places)
        held = None if table is None else with_units(text, table, _all_cells(run))
        found += [] if held is None else [held]
    return found


def _all_cells(run: Sequence[tuple[Span, list[_Pair]]]) -> dict[Span, tuple[int, Scalar]]:
    """All that the sentences say, also what they say again."""
    cells: dict[Span, tuple[int, Scalar]] = {}
    for pair in (pair for _, told in run for pair in told):
        tokens = (*pair.ends, pair.value)
        cells.update(
            (token.span, (place, token.value if token.place is None else token.place))
            for place, token in enumerate(tokens)
        )
    return cells


def _runs(text: str, places: Places) -> Iterator[list[tuple[Span, list[_Pair]]]]:
    """Sentences that follow each other and tell pairs, each with its pairs.

    Next to a sentence that names places and numbers in another order, some are missing.
    """
    run: list[tuple[Span, list[_Pair]]] = []
    whole, bullet = True, None
    for match in _SEGMENT.finditer(text):
        if not any(map(str.isalnum, match[0])):
            continue
        if _BULLET.fullmatch(match[0]):
            bullet = match
            continue
        tokens = list(places.tokens(*match.span()))
        pairs = _pairs(text, match, tokens)
        if pairs:
            run.append((_trimmed(bullet or match, match.end()), pairs))
            bullet = None
            continue
        bullet = None
        named = sum(token.place is not None for token in tokens)
        strange = 1 < named < len(tokens)
        if run and whole and not strange:
            yield run
        run, whole = [], not strange and (whole or not tokens)
    if run and whole:
        yield run


def _trimmed(first: re.Match[str], end: int) -> Span:
    blank = len(first[0]) - len(first[0].lstrip())
    return Span(start=first.start() + blank, end=end)


def _pairs(text: str, segment: re.Match[str], tokens: Sequence[Token]) -> list[_Pair]:
    """The pairs that a sentence tells; none if its order is another one.

    The trip from Town 1 to Town 2 costs 9, to Town 3 it costs 7.     origin, (end, number) ...
    From Town 2 it costs 9 to reach Town 1 and 4 to go to Town 3.     origin, (number, end) ...
    It costs 8 to go from Town 4 to Town 1 and 5 to Town 2.           number, origin, end, (...) ...
    Town 3 to Town 1 takes 7 hours, Town 3 to Town 2 takes 4 hours.   (origin, end, number) ...
    """
    order = "".join("n" if token.place is None else "p" for token in tokens)
    if _EACH_IN_FULL.fullmatch(order):
        return [_Pair((tokens[k], tokens[k + 1]), tokens[k + 2]) for k in range(0, len(tokens), 3)]
    if _NUMBER_FIRST.fullmatch(order):
        tokens = [tokens[1], tokens[0], *tokens[2:]]
    elif not _FROM_ONE.fullmatch(order):
        return []
    origin, rest = tokens[0], tokens[1:]
    couples = [
        (one, other) if other.place is None else (other, one)
        for one, other in zip(rest[::2], rest[1::2], strict=True)
    ]
    found = [_Pair((origin, end), value) for end, value in couples]
    before = text[segment.start() : origin.span.start]
    out_of = _OUT_OF.search(text[origin.span.end : rest[0].span.start])
    if len(found) == 1 and _INTO.search(before) and out_of:
        # "To reach Town 1 from Town 5 costs 16" names the end first.
        return [found[0].turned()]
    return [*found, *(pair.turned() for pair in found)] if _BETWEEN.search(before) else found


def _table(
    text: str, run: Sequence[tuple[Span, list[_Pair]]], name: str, places: Places
) -> Table | None:
    span = Span(start=run[0][0].start, end=run[-1][0].end)
    pairs: dict[tuple[str, str], _Pair] = {}
    for pair in (pair for _, told in run for pair in told):
        known = pairs.setdefault(pair.key, pair)
        if known.value.value != pair.value.value or len(set(pair.key)) < 2:
            return None
    if len(pairs) < _LEAST_PAIRS:
        return None
    if _BOTH_WAYS.search(text):
        for pair in list(pairs.values()):
            pairs.setdefault(pair.turned().key, pair.turned())
    rows: list[tuple[Scalar, ...]] = [(*key, pair.value.value) for key, pair in pairs.items()]
    spans = [(*(end.span for end in pair.ends), pair.value.span) for pair in pairs.values()]
    nouns = [places.noun([key[k] for key in pairs]) for k in range(2)]
    heads = (nouns[0], nouns[1] if nouns[1] != nouns[0] else f"to_{nouns[0]}", _topic(text, span))
    return Table(
        name=name,
        columns=tuple(
            Column(name=head, type=kind)
            for head, kind in zip(heads, ("text", "text", "number"), strict=True)
        ),
        rows=tuple(rows),
        origin="text",
        span=span,
        spans=tuple(spans),
    )


def _topic(text: str, span: Span) -> str:
    """What the numbers are: by the heading, or what the sentences, or words before, say most."""
    heading = heading_of(text[: span.start].rstrip().rsplit("\n", 1)[-1].strip(" *#"))
    if heading is not None:
        return identifier(heading.lower())
    for part in (text[span.start : span.end], text[max(0, span.start - 200) : span.start]):
        said = Counter(word.lower() for word in _TOPIC.findall(part))
        for word, _ in said.most_common(1):
            return next(
                (topic for topic, of in _TOPICS.items() if word.startswith(of)), identifier(word)
            )
    return "amount"
