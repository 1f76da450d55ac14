"""Tables that a text tells in sentences: one number for each member of a set.

    The weekly rent is €84 for Denholm, €104 for Fairlea and €62 for Harwood.

Each such sentence is a table, if something else tells numbers of the same members, a sentence or a
table; "the price is $5 for adults and $3 for children" alone stays a sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from r2c.problem.grid import identifier
from r2c.problem.listed_numbers import with_units
from r2c.problem.rule_words import RULE
from r2c.problem.schema import Column, Span, Table
from r2c.problem.told_pairs import SEGMENT

_IS = r"\s+(?:is|are|was|were|comes?\s+to|amounts?\s+to|stands?\s+at)\s+"
_ASIDE = r"(?:[A-Z][\w '’]{0,20}:\s+)"
_LEAD = rf"[\s*#•–-]*{_ASIDE}?(?:(?:The|Our|Its|Their)\s+)?"
_MEASURE = r"(?P<measure>[A-Za-z][A-Za-z' -]{2,70}?)"
_VALUE = r"[$€£]?\s?\d+(?:,\d{3})*(?:\.\d+)?"
_JOINED = r"(?:\s*,\s*and\s+|\s*[,;]\s*|\s+and\s+)"
_UNIT = r"(?:\s?%|\s[A-Za-z/]+(?:\s(?:per|of|an?)\s[A-Za-z]+)?)?"
_MEMBER = r"(?P<member>[A-Za-z][\w'&/-]*(?: [\w'&/-]+){0,4}?)"
_FOR = r"\s+(?:for|at|in|on|of)\s+(?:the\s+)?"
_ENTRY = re.compile(
    rf"(?:(?:[a-z]+|[A-Z]{{3}})\s)?(?P<value>{_VALUE}){_UNIT}{_FOR}{_MEMBER}(?={_JOINED}|\s*[.;]?\s*$)"
)
_BY_MEMBER = re.compile(rf"{_LEAD}{_MEASURE}{_IS}(?={_VALUE}|[a-z]+\s\d)")
_IN_TURN = re.compile(
    rf"{_LEAD}{_MEASURE}{_FOR}(?P<members>[^\d.;:][^.;:]*?){_IS}(?P<values>[$€£\d][^;:]*?)"
    r",?\s+(?:respectively|in (?:that|this) order)\s*[.;]?\s*",
)
_SPLIT = re.compile(_JOINED)
_IN_VALUE = re.compile(rf"(?P<value>{_VALUE}){_UNIT}")
_NOUN_BEFORE = r"([A-Za-z][a-z]+(?: [a-z]+)?)\b(?:\s+(?:are|is)\b)?\W{0,4}(?:at\s|the\s)?"
_VERBS = frozenset(
    "makes has sells offers blends produces runs uses plans buys needs serves includes covers"
    " contains"
    " is was as its delivers grows works bakes mixes saws prints brews ships sends stocks".split()
)
"""Words before a member that look like the plural of a noun: "the pottery makes bowls"."""
_LEAST = 2
_LEAST_ALONE = 3
"""Members that only one sentence has numbers of, where others tell such series too."""
_NUMBERED = re.compile(r"(?P<noun>[A-Za-z][a-z]+)\s+(?:\d+|[A-Z])")


@dataclass(frozen=True, slots=True)
class _Series:
    measure: str
    members: tuple[tuple[str, Span], ...]
    values: tuple[tuple[float, Span], ...]
    span: Span

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.members)


def find_told_series(text: str, known: Sequence[Collection[str]] = ()) -> list[Table]:
    """The tables of such sentences, in order, named after their measures.

    Args:
        text: the text, with blanks for what is known to be tables.
        known: the labels of each column or line of headings of the tables that are known.
    """
    found = list(_series(text, known))
    counts = Counter(series.names for series in found)
    tied = [
        one for one in found if counts[one.names] > 1 or any(one.names <= set(k) for k in known)
    ]
    told: list[Table] = []
    for series in found:
        if series not in tied and not (tied and _stands_alone(series)):
            continue
        table = with_units(text, _table(series, _noun(text, series)), one_unit=True)
        told += [] if table is None else [table]
    return told


def _stands_alone(series: _Series) -> bool:
    """Whether members that no other sentence speaks of still make a set: three, or numbered."""
    numbered = all(_NUMBERED.fullmatch(name) for name, _ in series.members)
    return numbered or len(series.members) >= _LEAST_ALONE


def is_series(table: Table) -> bool:
    """Whether a table is such a sentence: a text's names and one measure that it is named after."""
    heads = [column.name for column in table.columns]
    return (
        table.origin == "text"
        and len(heads) == 2
        and re.fullmatch(rf"{re.escape(identifier(heads[1].lower()))}(?:_\d+)?", table.name)
        is not None
    )


def _series(text: str, known: Sequence[Collection[str]]) -> Iterator[_Series]:
    for match in SEGMENT.finditer(text):
        told = re.sub(rf"^\s*{_ASIDE}", "", match[0])
        if RULE.search(told) or not any(map(str.isdigit, told)):
            continue
        series = _by_member(text, match) or _in_turn(text, match)
        if series is not None and _are_alike(series, known):
            yield series


def _are_alike(series: _Series, known: Sequence[Collection[str]]) -> bool:
    """Whether the members are several names of one kind, and none comes twice.

    Names are of one kind if all or none are written with a capital, or if a table holds them all.
    """
    capitals = {name[0].isupper() for name, _ in series.members}
    alike = len(capitals) == 1 or any(series.names <= set(labels) for labels in known)
    return len(series.names) == len(series.members) >= _LEAST and alike


def _by_member(text: str, segment: re.Match[str]) -> _Series | None:
    """`The rent is 84 for Denholm and 104 for Fairlea`: no word may be left over."""
    start, end = segment.span()
    head = _BY_MEMBER.match(text, start, end)
    if head is None:
        return None
    members: list[tuple[str, Span]] = []
    values: list[tuple[float, Span]] = []
    place = head.end()
    while (entry := _ENTRY.match(text, place, end)) is not None:
        members.append((_plain(entry["member"]), _span(*entry.span("member"))))
        values.append((_number(entry["value"]), _span(*entry.span("value"))))
        joined = _SPLIT.match(text, entry.end(), end)
        place = entry.end() if joined is None else joined.end()
        if joined is None:
            break
    if text[place:end].strip(" .;\n"):
        return None
    span = _span(head.start("measure"), place)
    return _Series(_plain(head["measure"]), tuple(members), tuple(values), span)


def _in_turn(text: str, segment: re.Match[str]) -> _Series | None:
    """`The rents of Denholm and Fairlea are 84 and 104 respectively`: as many as there are."""
    match = _IN_TURN.fullmatch(text, *segment.span())
    if match is None:
        return None
    names = list(_parts(text, *match.span("members")))
    told = [
        (inside, part)
        for part in _parts(text, *match.span("values"))
        if (inside := _IN_VALUE.fullmatch(text, part.start, part.end)) is not None
    ]
    if len(told) != len(names):
        return None
    members = tuple((_plain(text[one.start : one.end]), one) for one in names)
    values = tuple((_number(one["value"]), _span(*one.span("value"))) for one, _ in told)
    span = _span(match.start("measure"), match.end("values"))
    return _Series(_plain(match["measure"]), members, values, span)


def _parts(text: str, start: int, end: int) -> Iterator[Span]:
    place = start
    for joined in _SPLIT.finditer(text, start, end):
        yield _span(place, joined.start())
        place = joined.end()
    yield _span(place, end)


def _table(series: _Series, noun: str) -> Table:
    rows = zip(series.members, series.values, strict=True)
    return Table(
        name=identifier(series.measure.lower()),
        columns=(
            Column(name=noun, type="text"),
            Column(name=series.measure, type="number"),
        ),
        rows=tuple((name, value) for (name, _), (value, _) in rows),
        origin="text",
        span=series.span,
        spans=tuple(
            (name[1], value[1]) for name, value in zip(series.members, series.values, strict=True)
        ),
    )


def _noun(text: str, series: _Series) -> str:
    """What the members are: `order` of `order 1`, `depot` of "4 depots, at Denholm"."""
    numbered = [_NUMBERED.fullmatch(name) for name, _ in series.members]
    stems = {match["noun"].lower() for match in numbered if match is not None}
    if None not in numbered and len(stems) == 1:
        return stems.pop()
    for name, _ in series.members:
        for match in re.finditer(rf"{_NOUN_BEFORE}{re.escape(name)}\b", text):
            word = match[1].lower().split()[-1]
            named = word in {name.lower() for name, _ in series.members}
            words = [word] if word.endswith("s") and word not in _VERBS and not named else []
            if (words and not match[1].islower()) or (words and _lists(text, match.end(), series)):
                return _single(words[-1])
    return "item"


def _lists(text: str, place: int, series: _Series) -> bool:
    """Whether the other members follow soon."""
    after = text[place : place + 200]
    return any(name in after for name, _ in series.members)


def _single(noun: str) -> str:
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    return re.sub(r"(?<=s|x|h)es$|s$", "", noun)


def _plain(words: str) -> str:
    return " ".join(words.split())


def _number(digits: str) -> float:
    return float(re.sub(r"[^\d.]", "", digits))


def _span(start: int, end: int) -> Span:
    return Span(start=start, end=end)
