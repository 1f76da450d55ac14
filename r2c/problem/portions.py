"""Reads `one in five`, `2 out of every 3` and `1 of every 4` as the fraction they are.

`3 out of 5` is a fraction only where nothing is chosen or limited: to choose 3 out of 5 sites
takes both numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from r2c.problem.mark import Mark
from r2c.problem.vocabulary import UNITS

_OF_EVERY = re.compile(r"\s+(?:out\s+of|of|in)\s+every\s+", re.I)
_IN = re.compile(r"\s+in\s+", re.I)
_OUT_OF = re.compile(r"\s+out\s+of\s+", re.I)
_SENTENCE = re.compile(r"[.;:?!]\s")
_CHOOSES = re.compile(
    r"\b(?:choos\w+|chosen|select\w*|pick\w*|open\w*|buil[dt]\w*|determin\w+|assign\w*|schedul\w*"
    r"|least|most|exactly|only|up\s+to|no\s+more|no\s+fewer|maximum|minimum|must|can|may|any)\b",
    re.I,
)
_NOUN = re.compile(r"\s+(?P<noun>[A-Za-z]+)")
_OPENS_PORTION = re.compile(
    r"\s+(?:in|out\s+of|of\s+every|in\s+every|out\s+of\s+every)\s+(?:every\s+)?"
    r"(?:[0-9]|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|nine\b|ten\b|twenty\b|hundred\b"
    r"|a\s+hundred\b)",
    re.I,
)
_REACH = 120


def opens_portion(text: str, end: int) -> bool:
    """Whether a number that ends at `end` may open a portion: the `one` of `one in 5`."""
    return _OPENS_PORTION.match(text, end) is not None


def join_portions(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """The marks, with the two numbers of each portion joined into a fraction."""
    result: list[Mark] = []
    for mark in marks:
        if result and _is_portion(text, result[-1], mark):
            top = result.pop()
            mark = Mark(top.start, mark.end, top.value / mark.value, "fraction")
        result.append(mark)
    return result


def _is_portion(text: str, top: Mark, bottom: Mark) -> bool:
    countable = {top.kind, bottom.kind} <= {"number", "word"} and top.unit is bottom.unit is None
    if not countable or not 0 < top.value <= bottom.value or not bottom.value.is_integer():
        return False
    between = text[top.end : bottom.start]
    if _OF_EVERY.fullmatch(between):
        return True
    noun = _NOUN.match(text, bottom.end)
    measured = noun is not None and noun.group("noun").lower() in UNITS - _PEOPLE
    if _IN.fullmatch(between):  # "3 in 10 days" is a rate
        return top.value == 1 and bottom.value > 1 and not measured
    if not _OUT_OF.fullmatch(between):
        return False
    lead = _SENTENCE.split(text[max(0, top.start - _REACH) : top.start])[-1]
    return _CHOOSES.search(lead) is None


_PEOPLE = frozenset("people men women children items units pieces boxes".split())
