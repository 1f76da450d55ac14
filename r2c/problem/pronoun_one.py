"""Decides whether the word `one` counts something or stands for a thing already named."""

from __future__ import annotations

import re

from r2c.problem.portions import opens_portion

_LIMIT = {"least", "most", "exactly", "only", "than", "just", "precisely", "equals", "equal"}
_POINTING = frozenset(
    "each any every this that which no some the another either such last next every new old "
    "bigger smaller larger cheaper latter former first second other right left same".split()
)
_NOT_COUNTED = frozenset(
    "of by and or but to is are was were be been can could may might must should shall will "
    "would has have had does do that which who whose for in on at from with without if when "
    "while as than then so because after before another's needs need takes requires uses costs "
    "another only not also too again there here".split()
)
_BEFORE = re.compile(r"([A-Za-z]+)[\s\u00a0]+$")
_AFTER = re.compile(r"(?:[\s\u00a0]+|(?P<hyphen>-))(?P<word>[A-Za-z]+)")
_FIXED = {"to", "way", "time", "off", "sided", "size", "by", "dimensional", "stop", "on"}
_TO_ANOTHER = re.compile(
    r"[\s\u00a0]+[A-Za-z]+\s+(?:to|after|and)\s+(?:another|the (?:next|other))"
)


def counts_one(text: str, start: int) -> bool:
    """Whether the `one` at `start` is a number.

    "one truck", "at least one of" and "one in five" are; "each one", "one of the", "the smaller
    one" and "from one city to another" are not.
    """
    before = _BEFORE.search(text[max(0, start - 30) : start])
    previous = before.group(1).lower() if before else ""
    if previous in _LIMIT:
        return True
    if previous in _POINTING:
        return False
    end = start + len("one")
    if _TO_ANOTHER.match(text, end):
        return False
    if opens_portion(text, end):
        return True
    after = _AFTER.match(text, end)
    if after is None:
        return False
    word = after.group("word").lower()
    if after.group("hyphen"):
        return word not in _FIXED
    return word not in _NOT_COUNTED
