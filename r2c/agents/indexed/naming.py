"""Where a sentence names the numbers of the data: by a heading in full, in part, or by reference.

"The space needed" is the `storage space needed`, if no other heading holds these words; "than is
available" is what the data call available of the same thing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from r2c.agents.indexed.data import Data, Given
from r2c.problem.spoken import stem

_AVAILABLE = stem("available")
_IS = frozenset(map(stem, ("is", "are", "there")))
_NEAR = 7
"""Words between what is available and that it is."""
_STOP = frozenset(map(stem, ("a an the of per for in on at by to each in total and or").split()))
_OF_ONE = re.compile(r"\s+(?:per|of an?|for an?|for each|of each)\s+\w+(?:\s+\w+)?$", re.IGNORECASE)
_POSSESSED = re.compile(r"(?P<had>[A-Za-z ]+) of (?:the|an?) (?P<owner>[A-Za-z ]+)", re.IGNORECASE)
_ITS = frozenset(map(stem, ("its", "their")))
_MONEY = re.compile(
    r"\b(?:costs?|prices?|fees?|charges?|rents?|profits?|revenues?|incomes?|takings|pay|wages?"
    r"|bonus\w*"
    r"|surcharges?|penalt(?:y|ies)|subsid(?:y|ies)|donations?|supplements?|returns?|freight"
    r"|fares?|expenses?"
    r"|salar(?:y|ies)|earnings|margins?)\b|[$€£]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A parameter with the places of the words that name it."""

    given: Given
    start: int
    end: int


def mentions_of(words: str, data: Data) -> list[Mention]:
    """The parameters that words name, in order; the longest name counts.

    The words of a heading may stand in another order, `kiln time available`. A heading of what is
    so for one, `studio time per ad`, is also named without that. Two or more words of a heading
    that no other heading holds name it as well.
    """
    tokens = [(stem(match[0]), *match.span()) for match in re.finditer(r"[A-Za-z]+", words)]
    found = _Found(tokens)
    named = [(name, given) for given in data.given.values() for name in _names_of(given)]
    counts = Counter(name for name, _ in named)
    for name, given in sorted(named, key=lambda one: -len(one[0])):
        if counts[name] == 1:
            found.seek(name, given, in_order=False)
    for given in data.given.values():
        found.seek_available(given)
    for given in data.given.values():
        found.seek_possessed(given)
    for part, given in _parts(data):
        found.seek(part, given, in_order=True)
    found.than_available(data)
    return sorted(found.mentions, key=lambda one: one.start)


class _Found:
    """The mentions so far, and the words that belong to none of them."""

    def __init__(self, tokens: Sequence[tuple[str, int, int]]) -> None:
        self._tokens = tokens
        self._stems = [token[0] for token in tokens]
        self._free = [True] * len(tokens)
        self.mentions: list[Mention] = []

    def seek(self, name: Sequence[str], given: Given, *, in_order: bool) -> None:
        """Add the first place with the words of a name, unless the parameter has one."""
        if self._has(given):
            return
        for place in range(len(self._tokens) - len(name) + 1):
            span = range(place, place + len(name))
            said = [self._stems[k] for k in span]
            if (said if in_order else sorted(said)) == list(name) and all(
                self._free[k] for k in span
            ):
                self._add(given, span)

    def seek_available(self, given: Given) -> None:
        """Add `working time that this trainer has available` for the `available working time`."""
        name = _ordered(given)
        if _AVAILABLE not in name or self._has(given):
            return
        rest = [word for word in name if word != _AVAILABLE]
        for place in range(len(self._tokens) - len(rest)):
            after = self._stems[place + len(rest) : place + len(rest) + _NEAR]
            told = self._stems[place : place + len(rest)] == rest and _AVAILABLE in after
            if rest and told and after[0] in ("that", "which", "the"):
                end = place + len(rest) + after.index(_AVAILABLE) + 1
                if all(self._free[k] for k in range(place, end)):
                    self._add(given, range(place, end))
                    return

    def seek_possessed(self, given: Given) -> None:
        """Add `its capacity` for the `capacity of the main`, where mains are spoken of before."""
        match = _POSSESSED.fullmatch(heading_of(given))
        if match is None or self._has(given):
            return
        had = [stem(word) for word in re.findall(r"[A-Za-z]+", match["had"])]
        owner = stem(match["owner"].split()[-1])
        for place in range(1, len(self._tokens) - len(had) + 1):
            span = range(place, place + len(had))
            owned = self._stems[place - 1] in _ITS and owner in self._stems[: place - 1]
            if owned and self._stems[place : place + len(had)] == had:
                if all(self._free[k] for k in span):
                    self._add(given, span)
                return

    def than_available(self, data: Data) -> None:
        """Add what "than is available" refers to, and what more of that is needed."""
        for place in range(len(self._tokens) - 2):
            said = self._stems[place : place + 3]
            if said[0] != "than" or said[1] not in _IS or said[2] != _AVAILABLE:
                continue
            earlier = [one for one in self.mentions if one.end <= self._tokens[place][1]]
            noun: frozenset[str] = frozenset()
            if earlier:
                noun = frozenset(_ordered(earlier[-1].given))
            elif "mor" in self._stems[:place]:
                start = place - self._stems[:place][::-1].index("mor")
                noun = frozenset(self._stems[start:place]) - _STOP
            there = [one for one in data.given.values() if _AVAILABLE in _ordered(one)]
            meant = [one for one in there if set(_ordered(one)) - {_AVAILABLE} <= noun]
            used = [one for one in data.given.values() if one not in there]
            used = [one for one in used if noun and noun <= set(_ordered(one))]
            if len(meant) != 1 or (not earlier and len(used) != 1):
                return
            if not earlier:
                self._add(used[0], range(start, start + 1))
            self._add(meant[0], range(place + 2, place + 3))

    def _has(self, given: Given) -> bool:
        return any(one.given is given for one in self.mentions)

    def _add(self, given: Given, span: range) -> None:
        if not self._has(given):
            start, end = self._tokens[span[0]][1], self._tokens[span[-1]][2]
            self.mentions.append(Mention(given, start, end))
            for k in span:
                self._free[k] = False


def _names_of(given: Given) -> Iterator[tuple[str, ...]]:
    """The sorted stems of a heading without its unit; also without what is so for one."""
    bare = heading_of(given)
    for told in dict.fromkeys((bare, _OF_ONE.sub("", bare))):
        if name := tuple(sorted(map(stem, re.findall(r"[A-Za-z]+", told)))):
            yield name


def heading_of(given: Given) -> str:
    """The words above the numbers, without their unit."""
    heading = given.name if given.heading == given.table else given.heading
    return re.sub(r"\(.*?\)|\[.*?\]", " ", heading.replace("_", " ")).strip()


def _ordered(given: Given) -> list[str]:
    """The stems of a heading in written order."""
    return [stem(word) for word in re.findall(r"[A-Za-z]+", heading_of(given))]


def _parts(data: Data) -> Iterator[tuple[tuple[str, ...], Given]]:
    """Some words of a heading, two or more in a row, that no other heading holds."""
    found = {
        (tuple(told[start:end]), given.name)
        for given in data.given.values()
        for told in [_ordered(given)]
        for start in range(len(told))
        for end in range(start + 2, len(told) + (start > 0))
        if _STOP.isdisjoint(told[start:end])
    }
    counts = Counter(part for part, _ in found)
    for part, name in sorted(found, key=lambda one: (-len(one[0]), one)):
        if counts[part] == 1:
            yield part, data.given[name]


def is_money(given: Given) -> bool:
    """Whether the numbers are money."""
    told = (
        given.heading.replace("_", " "),
        given.name.replace("_", " "),
        given.parameter.unit or "",
    )
    return any(_MONEY.search(part) for part in told)


def without(words: str, named: Sequence[Mention]) -> str:
    """The words with blanks where they name parameters."""
    for one in named:
        words = words[: one.start] + " " * (one.end - one.start) + words[one.end :]
    return words
