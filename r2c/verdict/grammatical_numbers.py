"""Numbers that belong to the wording: "order 2 and order 3", "between any two depots"."""

from __future__ import annotations

import re

from r2c.problem.numbered_nouns import is_numbered
from r2c.problem.schema import Problem, Quantity

_MOST = 200
_LONGEST = 400
_END = re.compile(r"[.;)\n](?:\s|$)")
_OPENS = re.compile(
    r"\s+(?:[\w-]+\s+){0,3}?(?:[\w-]+\s*)?(?::|\(|,?\s+namely|\b(?:named|called)\b|\bfrom\b(?=[^:;.]*,))\s*"
)
_BETWEEN = re.compile(r",\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+")
_BEFORE = 40
_AFTER = 30
_NUMBERED = re.compile(r"\bnumbered\s+(?:from\s+)?(?:1\s+to\s+)?$", re.IGNORECASE)
_PAIR_BEFORE = re.compile(
    r"\b(?:any|which|following|between(?:\s+the\s+\w+\s+of)?|these|those|the|n?either|n?or|both|never|joins?|connects?|links?|one\s+of(?:\s+the)?)\s+$",
    re.IGNORECASE,
)
_ONE_OF = re.compile(
    r"\b(?:one|two|three|four|five|\d+)\s+(?:out\s+)?of\s+(?:the\s+)?$", re.IGNORECASE
)
_OF_WHICH = re.compile(r"^[^.;]{0,60}?\bof\s+(?:which|these|them|those)\b", re.IGNORECASE)
_IDIOM = re.compile(r"\b(?:or|as\s+for|than)\s+$", re.IGNORECASE)
_AND_SO_ON = re.compile(
    r"^(?:\s+that)?(?:\s*,\s*\d+|\s+and\s+\d+)*\s*(?:,\s*)?(?:and\s+so\s+on|etc)\b", re.IGNORECASE
)
_LARGE_WORDS = (50.0, 100.0, 1000.0)
_PER = re.compile(r"\bper\s+$", re.IGNORECASE)
_PAIR_AFTER = re.compile(
    r"^\s+(?:or\s+more|successive|consecutive|neighbou?ring|adjacent|different)\b"
    r"|^\s+\w+\s+(?:in\s+a\s+row|at\s+(?:a|the\s+same)\s+time|that|which|whose)\b",
    re.IGNORECASE,
)


def is_grammatical(quantity: Quantity, problem: Problem) -> bool:
    """Whether a number names a member of a numbered row, or says no more than "a pair"."""
    text = problem.text
    before = text[max(0, quantity.span.start - _BEFORE) : quantity.span.start]
    after = text[quantity.span.end : quantity.span.end + _AFTER]
    if _NUMBERED.search(before) or _AND_SO_ON.match(after) or _ONE_OF.search(before):
        return True
    if _lists(quantity, text):
        return True
    if quantity.kind == "word":
        if _PER.search(before):
            return True
        if _OF_WHICH.match(text[quantity.span.end : quantity.span.end + _LONGEST]):
            return True
        if quantity.value in _LARGE_WORDS and _IDIOM.search(before):
            return True
        pair = _PAIR_BEFORE.search(before) or _PAIR_AFTER.search(after)
        return quantity.value == 2 and pair is not None
    return is_numbered(quantity, text)


def _lists(quantity: Quantity, text: str) -> bool:
    """Whether the number counts what its sentence goes on to name: "3 crops: oats, rye, maize"."""
    if not 2 <= quantity.value <= _MOST or not quantity.value.is_integer():
        return False
    rest = _END.split(text[quantity.span.end : quantity.span.end + _LONGEST])[0]
    opened = _OPENS.match(rest)
    if opened is None:
        return False
    listed = _BETWEEN.split(rest[opened.end() :].split(":")[0])
    if opened[0].rstrip().endswith("from"):  # "the four from A to B, from A to C, from ..."
        ways = sum(name.startswith("from ") for name in listed[1:])
        if ways:
            return bool(ways + 1 == quantity.value)
    return sum(bool(name.strip(" )(")) for name in listed) == quantity.value
