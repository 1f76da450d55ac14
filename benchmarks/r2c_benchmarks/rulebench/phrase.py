"""Phrases and frames made into pieces of text: words, and the places where numbers go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from r2c.cir.members import Key
from r2c.cir.schema import Element
from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.story import Datum, Ordained

_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_NO_ABBREVIATION = "".join(
    rf"(?<!\b{word})" for word in ("max", "min", r"i\.e", r"e\.g", "incl", "excl", "approx")
)
_STOP = re.compile(rf"{_NO_ABBREVIATION}[.?!]\s")
_AFTER_STOP = re.compile(rf"{_NO_ABBREVIATION}[.?!]\s+[a-z]")
_PHRASE = re.compile(r"\{(\w+)\}")
_PART = re.compile(
    r"<(?P<loop>\w+)(?::(?P<form>one|many|a))?>|\{(?P<what>[#*!]?)(?P<name>\w+)(?P<bare>#?)\}"
)


_EXCEPT = ("except", "with the exception of", "apart from", "but not")
_OTHER = ("other than", "that is not")
_AFTERWARDS = (
    "This does not hold for {member}",
    "For {member} there is no such rule",
    "The exception is {member}, which is free of this",
    "Leave {member} out of this, though",
)
"""How a member is spared, of each list every second way for the bench."""
_SAID_AFTER = 0.3
"""Share of the exemptions that are told in a sentence of their own."""


@dataclass(frozen=True)
class Slot:
    """The place of a number in a text."""

    name: str
    key: Key = ()


Pieces = tuple[str | Slot, ...]


class Phrasing:
    """Makes pieces of the sentences of one problem.

    In a frame `{use}` stands for a phrase of the rule, `{hours}` for a number with its unit,
    `{hours#}` for the bare number, `{#Weeks}` for the size of a set, `{*Weeks}` for its members and
    `{!Weeks}` for the first of them, and `[a|b]` for one of several wordings. `<o>` speaks of the
    member that a loop is at, of "each oven" first and of "that oven" from then on; `<o:a>` begins
    with "an oven", for conditions; `<o:many>` is "ovens".
    """

    def __init__(self, selection: Selection, random: Random) -> None:
        self._selection, self._random = selection, random
        self._data = dict(selection.data)
        self._after = False

    def said(self, text: str, rule: Ordained | None = None) -> Pieces:
        """The pieces of a frame or sentence, with the phrases of a rule in it.

        Raises:
            ValueError: if it speaks of what the story does not have.
        """
        phrases = rule.phrases if rule else {}
        for _ in range(3):  # a phrase may hold another one
            text = _PHRASE.sub(lambda found: phrases.get(found[1], found[0]), text)
        text = self.worded(text)
        after = self._exemption(text, rule) if rule else ""
        self._after = bool(after)
        return _capital(joined((*self._parts(text, rule), after)))

    def _exemption(self, text: str, rule: Ordained) -> str:
        """A sentence that spares a member, behind some of those rules that are told in one."""
        spared = self._selection.spared.get(rule.id)
        if spared is None or rule.spare is None or _STOP.search(text) or text[-1] in ".?!":
            return ""
        if self._random.random() >= _SAID_AFTER:
            return ""
        name = member_name(self._selection, rule.loop_set(rule.spare), spared)
        ways = self._selection.words(_AFTERWARDS)
        return ". " + self._random.choice(ways).format(member=name)

    def worded(self, text: str) -> str:
        """The text with one of every group of wordings."""
        while match := _CHOICE.search(text):
            wording = self._random.choice(match[1].split("|"))
            text = text[: match.start()] + wording + text[match.end() :]
        return text

    def _parts(self, text: str, rule: Ordained | None) -> Iterator[str | Slot]:
        seen: set[str] = set()
        end = 0
        for match in _PART.finditer(text):
            between = text[end : match.start()]
            if _STOP.search(between):
                seen.clear()  # "that oven" of another sentence has nothing to point to
            yield between
            end = match.end()
            if match["loop"]:
                yield self._loop(match["loop"], match["form"], rule, seen)
            else:
                yield from self._named(match["what"], match["name"], bool(match["bare"]))
        yield text[end:]

    def _loop(self, variable: str, form: str | None, rule: Ordained | None, seen: set[str]) -> str:
        if rule is None:
            raise ValueError(f"<{variable}> outside a rule")
        name = rule.loop_set(variable)
        noun = self._selection.story.sets[name]
        if form in ("one", "many"):
            return noun.one if form == "one" else noun.many
        if variable in seen:
            return f"that {noun.one}"
        seen.add(variable)
        every = "each"  # "all tonnes made in every month" would be a total
        if form == "a":
            every = "an" if noun.one[0] in "aeiou" else "a"
        spared = self._selection.spared.get(rule.id)
        if spared is None or rule.spare != variable or self._after:
            return f"{every} {noun.one}"
        other = self._random.choice(self._selection.words(_OTHER if form == "a" else _EXCEPT))
        return f"{every} {noun.one} {other} {member_name(self._selection, name, spared)}"

    def _named(self, what: str, name: str, bare: bool) -> Iterator[str | Slot]:
        if what:
            if name not in self._selection.members:
                raise ValueError(f"there is no set {name}")
            members = self._selection.members[name]
            names = [member_name(self._selection, name, one) for one in members]
            yield {"#": str(len(members)), "*": listed(names), "!": names[0]}[what]
            return
        if name not in self._data:
            raise ValueError(f"there is no phrase or number {name}")
        yield from numbered(self._selection, self._data[name], Slot(name), bare)


def numbered(
    selection: Selection, datum: Datum, slot: Slot, bare: bool = False
) -> Iterator[str | Slot]:
    """A number with its unit, the way it stands in a sentence."""
    prefix, unit = units_of(selection, slot.name, datum)
    if not bare and prefix:
        yield prefix
    yield slot
    if not bare and unit:
        yield unit if unit == "%" else f" {unit}"


def units_of(selection: Selection, name: str, datum: Datum) -> tuple[str, str]:
    """What stands before and behind a number."""
    other = selection.units.get(name)
    return (datum.prefix, datum.unit) if other is None else ("", other.unit)


def member_name(selection: Selection, set_name: str, member: Element) -> str:
    """What a member is called in a sentence."""
    noun = selection.story.sets[set_name]
    return f"{noun.one} {member}" if isinstance(member, int) else member


def listed(names: list[str]) -> str:
    """Names in a row, with an "and" before the last."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def joined(pieces: Pieces) -> Pieces:
    """The pieces with neighbouring words in one."""
    found: list[str | Slot] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        elif piece != "":
            found.append(piece)
    return tuple(found)


def _capital(pieces: Pieces) -> Pieces:
    """The pieces with a capital at their beginning and after every full stop in them."""
    told = [
        _AFTER_STOP.sub(lambda found: found[0].upper(), piece) if isinstance(piece, str) else piece
        for piece in pieces
    ]
    if told and isinstance(first := told[0], str):
        told[0] = first[:1].upper() + first[1:]
    return tuple(told)


def phrases_of(frame: str) -> set[str]:
    """The names in single braces in a frame."""
    return set(_PHRASE.findall(frame))
