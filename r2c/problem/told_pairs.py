"""Tables that a text tells in sentences: numbers for pairs of places, as from town to town.

The words between are many and do not matter. What matters is that sentences which follow each other
name places and numbers in one of a few orders (see `_pairs`), that no number is left over, and that
no pair has two numbers. Anything else stays sentences.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from r2c.problem.grid import identifier
from r2c.problem.list_headings import heading_of
from r2c.problem.listed_numbers import with_units
from r2c.problem.place_names import Places, Token
from r2c.problem.rule_words import RULE
from r2c.problem.schema import Column, Scalar, Span, Table

_LEAST_PAIRS = 6
_BEFORE = 200
# A sentence; a line break ends it unless the line simply goes on below.
SEGMENT = re.compile(
    r"(?:[^.;?!\n]|\.(?=\d)|(?<![.;:?!])\n(?![ \t]*(?:\n|$|[-*•–]|\d{1,2}[.)])))+[.;?!]?"
)
_BULLET = re.compile(r"\s*\d{1,2}[.)]?")
_INTO = re.compile(r"\b(?:to|reach|into)(?:\s+(?:go|get|travel))?(?:\s+to)?\s*$", re.IGNORECASE)
_OUT_OF = re.compile(r"\bfrom\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s*$", re.IGNORECASE)
_BOTH_WAYS = re.compile(
    r"\b(?:symmetric|both (?:directions|ways)|either (?:direction|way))\b", re.I
)
_ONE_WAY = re.compile(
    r"\b(?:one-way|asymmetric|non-?symmetric|directed|not\s+(?:\w+\s+)?symmetric)\b", re.IGNORECASE
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
_HEAD = re.compile(r"[\s*#•–-]*from\b", re.IGNORECASE)
# The orders in which a sentence may name places (p) and numbers (n).
_FROM_ONE = re.compile(r"p(?:pn|np)+")
_NUMBER_FIRST = re.compile(r"npp(?:pn|np)*")
_EACH_IN_FULL = re.compile(r"(?:ppn){2,}")
_TWO_FROM_ONE = re.compile(r"p(?:pnn)+")
_TWO_EACH_IN_FULL = re.compile(r"(?:ppnn)+")


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two places with one or two numbers, each with the words before it."""

    ends: tuple[Token, Token]
    values: tuple[Token, ...]
    words: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        first, second = self.ends
        assert first.place is not None and second.place is not None
        return first.place, second.place

    @property
    def numbers(self) -> tuple[float, ...]:
        return tuple(token.value for token in self.values)

    def turned(self) -> _Pair:
        return _Pair((self.ends[1], self.ends[0]), self.values, self.words)


def find_told_pairs(text: str) -> list[Table]:
    """The tables that runs of such sentences come to, in order; named `told1`, `told2` ..."""
    found: list[Table] = []
    places = Places(text)
    for run in _runs(text, places) if places else ():
        table = _table(text, run, f"told{len(found) + 1}", places)
        held = None if table is None else with_units(text, table, _all_cells(run), one_unit=True)
        found += [] if held is None else [held]
    return found


def _all_cells(run: Sequence[tuple[Span, list[_Pair]]]) -> dict[Span, tuple[int, Scalar]]:
    """All that the sentences say, also what they say again."""
    cells: dict[Span, tuple[int, Scalar]] = {}
    for pair in (pair for _, told in run for pair in told):
        tokens = (*pair.ends, *pair.values)
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
    whole = True
    before: re.Match[str] | None = None  # a bullet or a head, which belongs to what follows
    head: Token | None = None
    for match in SEGMENT.finditer(text):
        if not any(map(str.isalnum, match[0])):
            continue
        if _BULLET.fullmatch(match[0]):
            before = before or match
            continue
        tokens = list(places.tokens(*match.span()))
        if len(tokens) == 1 and _is_head(match, tokens[0]):
            before, head = match, tokens[0]
            continue
        # What no table can hold is not to be lost in one.
        pairs = [] if RULE.search(match[0]) else _pairs(text, match, tokens, head)
        if pairs:
            run.append((_trimmed(before or match, match.end()), pairs))
            before = None
            continue
        before = head = None
        named = sum(token.place is not None for token in tokens)
        strange = 1 < named < len(tokens)
        if run and whole and not strange:
            yield run
        run, whole = [], not strange and (whole or not tokens)
    if run and whole:
        yield run


def _is_head(segment: re.Match[str], token: Token) -> bool:
    """Whether a line only names the place that the lines below start from."""
    rest = segment.string[token.span.end : segment.end()]
    return (
        token.place is not None
        and _HEAD.match(segment[0]) is not None
        and not any(map(str.isalnum, rest))
    )


def _trimmed(first: re.Match[str], end: int) -> Span:
    blank = len(first[0]) - len(first[0].lstrip())
    return Span(start=first.start() + blank, end=end)


def _pairs(
    text: str, segment: re.Match[str], tokens: Sequence[Token], head: Token | None
) -> list[_Pair]:
    """The pairs that a sentence tells; none if its order is another one.

    The trip from Town 1 to Town 2 costs 9, to Town 3 it costs 7.     origin, (end, number) ...
    From Town 2 it costs 9 to reach Town 1 and 4 to go to Town 3.     origin, (number, end) ...
    It costs 8 to go from Town 4 to Town 1 and 5 to Town 2.           number, origin, end, (...) ...
    Town 3 to Town 1 takes 7 hours, Town 3 to Town 2 takes 4 hours.   (origin, end, number) ...
    From Town 1 to Town 2 it costs 9 and takes 7 hours.               (origin, end, two numbers) ...
    To Town 2 it costs 9.                                             below `From Town 1:`
    """
    order = "".join("n" if token.place is None else "p" for token in tokens)
    if head is not None and order in ("pn", "pnn"):
        tokens, order = [head, *tokens], f"p{order}"
    if _NUMBER_FIRST.fullmatch(order):
        tokens, order = [tokens[1], tokens[0], *tokens[2:]], f"pn{order[2:]}"
    groups = _groups(order, tokens)
    starts = sorted([segment.start(), *(token.span.end for token in tokens)])
    found = []
    for group in groups:
        values = tuple(token for token in group if token.place is None)
        one, other = (token for token in group if token.place is not None)
        ends = [starts[bisect_right(starts, value.span.start) - 1] for value in values]
        ends[0] = segment.start()
        words = tuple(text[at : value.span.start] for at, value in zip(ends, values, strict=True))
        found.append(_Pair((one, other), values, words))
    if not found:
        return []
    origin, end = found[0].ends
    before = text[segment.start() : max(segment.start(), origin.span.start)]
    out_of = _OUT_OF.search(text[origin.span.end : end.span.start])
    if len(found) == 1 and head is None and _INTO.search(before) and out_of:
        # "To reach Town 1 from Town 5 costs 16" names the end first.
        return [found[0].turned()]
    return [*found, *(pair.turned() for pair in found)] if _BETWEEN.search(before) else found


def _groups(order: str, tokens: Sequence[Token]) -> list[list[Token]]:
    """For each pair its two places, origin first, and its numbers."""
    for pattern, size in ((_EACH_IN_FULL, 3), (_TWO_EACH_IN_FULL, 4)):
        if pattern.fullmatch(order):
            return [list(tokens[k : k + size]) for k in range(0, len(tokens), size)]
    for pattern, size in ((_FROM_ONE, 2), (_TWO_FROM_ONE, 3)):
        if pattern.fullmatch(order):
            return [[tokens[0], *tokens[k : k + size]] for k in range(1, len(tokens), size)]
    return []


def _table(
    text: str, run: Sequence[tuple[Span, list[_Pair]]], name: str, places: Places
) -> Table | None:
    span = Span(start=run[0][0].start, end=run[-1][0].end)
    pairs: dict[tuple[str, str], _Pair] = {}
    for pair in (pair for _, told in run for pair in told):
        known = pairs.setdefault(pair.key, pair)
        if known.numbers != pair.numbers or len(set(pair.key)) < 2:
            return None
    told = list(pairs.values())
    if len(told) < _LEAST_PAIRS or len({len(pair.values) for pair in told}) > 1:
        return None
    measures = [_topic(text, span)] if len(told[0].values) == 1 else _topics(told)
    if len(set(measures)) < len(told[0].values) or _swapped(told, measures):
        return None
    near = text[max(0, span.start - _BEFORE) : span.end]
    if _BOTH_WAYS.search(near) and not _ONE_WAY.search(text):
        for pair in told:
            pairs.setdefault(pair.turned().key, pair.turned())
    rows: list[tuple[Scalar, ...]] = [(*key, *pair.numbers) for key, pair in pairs.items()]
    spans = [tuple(one.span for one in (*pair.ends, *pair.values)) for pair in pairs.values()]
    nouns = [places.noun([key[k] for key in pairs]) for k in range(2)]
    ends = (nouns[0], nouns[1] if nouns[1] != nouns[0] else f"to_{nouns[0]}")
    return Table(
        name=name,
        columns=(
            *(Column(name=head, type="text") for head in ends),
            *(Column(name=head, type="number") for head in measures),
        ),
        rows=tuple(rows),
        origin="text",
        span=span,
        spans=tuple(spans),
    )


def _swapped(pairs: Sequence[_Pair], measures: Sequence[str]) -> bool:
    """Whether a sentence tells the numbers of a pair in another order than the rest."""
    return len(measures) > 1 and any(
        _measure(word) != measure
        for pair in pairs
        for measure, words in zip(measures, pair.words, strict=True)
        for word in _TOPIC.findall(words)[-1:]
    )


def _topics(pairs: Sequence[_Pair]) -> list[str]:
    """What several numbers of a pair are, each by the last word before it that says so."""
    found = []
    for place in range(len(pairs[0].values)):
        said = (_TOPIC.findall(pair.words[place])[-1:] for pair in pairs)
        counted = Counter(_measure(word) for words in said for word in words)
        found += [word for word, _ in counted.most_common(1)]
    return found


def _topic(text: str, span: Span) -> str:
    """What the numbers are: by the heading, what the sentences say most, or the words before."""
    heading = heading_of(text[: span.start].rstrip().rsplit("\n", 1)[-1].strip(" *#"))
    if heading is not None:
        return identifier(heading.lower())
    said = Counter(word.lower() for word in _TOPIC.findall(text[span.start : span.end]))
    before = _TOPIC.findall(text[max(0, span.start - _BEFORE) : span.start])
    limits = [word for word in before if _measure(word) == "capacity"]
    words = [word for word, _ in said.most_common(1)] or limits or before[-1:]
    return _measure(words[0]) if words else "amount"


def _measure(word: str) -> str:
    low = word.lower()
    return next((topic for topic, of in _TOPICS.items() if low.startswith(of)), identifier(low))
