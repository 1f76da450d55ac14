"""The places that a text names: `Town 1`, `Depot B`, or Ayr, Elgin and Oban of a list of towns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from r2c.problem.grid import identifier
from r2c.problem.schema import Span

_LABEL = re.compile(
    r"(?:\b(?:(?P<first>[A-Z][a-z]+)\s+)?(?P<capital>[A-Z][a-z]{2,})|\bfrom\s+(?P<small>[a-z]{3,}))"
    r"\s+(?P<mark>\d{1,3}|[A-Z])\b"
)
_BEGINNING = re.compile(
    r"and|at|between|by|for|from|if|in|of|the|to|via|with|\w+ing", re.IGNORECASE
)
_NAME = r"[A-Z][a-z]+"
_LISTED = re.compile(
    r"\b(?!(?:called|named|namely|labell?ed|identified|known|are)\b)(?P<noun>[a-z]{3,})"
    r"(?:\s+(?:called|named|namely|labell?ed|identified|known|as|are))*+[\s:,(–—-]++"
    rf"(?P<names>{_NAME}(?:,\s+{_NAME})+,?\s+and\s+{_NAME})"
)
_NUMBER = r"(?<![\w.])[$€£]?(?P<value>\d+(?:,\d{3})*(?:\.\d+)?)(?![\w%]|\.\d)"
_BARE_AFTER = r"(?:(?<=to )|(?<=from )|(?<=reach )|(?<=at )|(?<=between )|(?<=and ))"


@dataclass(frozen=True, slots=True)
class Token:
    """A place or, if `place` is None, a number."""

    place: str | None
    value: float
    span: Span


class Places:
    """The places of a text.

    Args:
        text: the whole text; from it follows what a short mention means.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._nouns = _nouns(text)
        self._names = _named(text)
        self._bare = self._bare_marks()
        self._pattern = self._mentions()

    def __bool__(self) -> bool:
        return bool(self._nouns or self._names)

    def tokens(self, start: int, end: int) -> Iterator[Token]:
        """The places and numbers of a stretch of the text, in order."""
        for match in self._pattern.finditer(self._text, start, end):
            found = match.groupdict()
            place: str | None = found.get("name")
            if found.get("noun"):
                noun = self._nouns[" ".join(found["noun"].lower().split())].title()
                place = f"{noun} {found['mark']}"
            elif found.get("bare"):
                place = f"{self._bare[found['bare']]} {found['bare']}"
            value = 0.0 if place else float(match["value"].replace(",", ""))
            first, last = match.span() if place else match.span("value")
            yield Token(place, value, Span(start=first, end=last))

    def noun(self, places: Sequence[str]) -> str:
        """What most of the places are."""
        said = Counter(self._names.get(one, one.rsplit(" ", 1)[0]).lower() for one in places)
        return identifier(said.most_common(1)[0][0])

    def _bare_marks(self) -> dict[str, str]:
        """What a mark alone is of, `B` of `Depot B`, where only one noun has it."""
        found: dict[str, set[str]] = {}
        for match in _LABEL.finditer(self._text):
            noun = (match["capital"] or match["small"]).lower()
            if match["mark"].isalpha() and noun in self._nouns:
                found.setdefault(match["mark"], set()).add(self._nouns[noun].title())
        return {mark: nouns.pop() for mark, nouns in found.items() if len(nouns) == 1}

    def _mentions(self) -> re.Pattern[str]:
        letters = "".join(sorted(self._bare))
        parts = [_NUMBER]
        if self._nouns:
            told = "|".join(sorted(self._nouns, key=len, reverse=True)).replace(" ", r"\s+")
            parts.insert(0, rf"\b(?P<noun>(?i:{told}))\s+(?P<mark>\d{{1,3}}|[A-Z])\b")
        if letters:
            parts.append(rf"{_BARE_AFTER}(?P<bare>[{letters}])\b")
        if self._names:
            told = "|".join(sorted(map(re.escape, self._names), key=len, reverse=True))
            parts.append(rf"\b(?P<name>{told})\b")
        return re.compile("|".join(parts))


def _nouns(text: str) -> dict[str, str]:
    """Nouns that count the members of a set (`city` of `City 1, City 2`), each with its full form.

    Of `Data Center 1` and, later, `Center 1` the full form is `data center`.
    """
    marks: dict[str, set[str]] = {}
    for match in _LABEL.finditer(text):
        noun = (match["capital"] or match["small"]).lower()
        marks.setdefault(noun, set()).add(match["mark"])
        if match["first"] and not _BEGINNING.fullmatch(match["first"]):
            marks.setdefault(f"{match['first'].lower()} {noun}", set()).add(match["mark"])
    counted = {noun: found for noun, found in marks.items() if len(found) > 1}
    full: dict[str, str] = {}
    by_last: dict[str, list[str]] = {}
    for noun in counted:
        by_last.setdefault(noun.rsplit(" ", 1)[-1], []).append(noun)
    for noun, found in counted.items():
        last = by_last.get(noun, ())
        longer = [other for other in last if other != noun and counted[other] == found]
        full[noun] = longer[0] if len(longer) == 1 else noun
    # A word before a noun that does not go with all its members only begins a sentence.
    forms = set(full.values())
    return {noun: form for noun, form in full.items() if " " not in noun or noun in forms}


def _named(text: str) -> dict[str, str]:
    """Places of an enumeration, `four towns: Ayr, Elgin, Oban and Wick`, with what they are."""
    found: dict[str, str] = {}
    for match in _LISTED.finditer(text):
        for name in re.findall(_NAME, match["names"]):
            found.setdefault(name, _singular(match["noun"]))
    return found


def _singular(noun: str) -> str:
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun
