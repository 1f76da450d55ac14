"""Tells a sign (`-5`, `at minus 5`) from a range (`0 -100`) and a subtraction (`x minus 5`)."""

from __future__ import annotations

import re

_OPENING = "([{|,=:<>≤≥*/+$~\"'"
_DASHES = "-−"
_REACH = 40
_NUMBER_BEFORE = re.compile(
    r"(?P<row>(?<![\w.])[-−]?[0-9.]*[0-9][ \u00a0]+)?[-−]?"
    r"(?<![\w.])[0-9](?:[0-9.,]*[0-9])?%?[ \u00a0]+\Z"
)
_ROW_GOES_ON = re.compile(r"[-−][0-9.,]+[ \u00a0]+[-−]?[0-9]")
_ONLY_NUMBERS = re.compile(r"[\s0-9.,;:&\-−()\[\]]*")
# A blank between the sign and its number is a bullet or a dash unless a verb or `=` comes before.
_APART = re.compile(r"(?:\b(?:is|are|be|was|were|equals)|[=<>≤≥])[ \u00a0][-−][ \u00a0]\Z")
_IN_WORDS = re.compile(r"(?<![\w-])(?P<sign>minus|negative)\s\Z", re.I)
_TOLERANCE = re.compile(r"\bplus\s+(?:or|and|/)\s+\Z", re.I)
_LAST_WORD = re.compile(r"[A-Za-z]+\Z")
_BEFORE_A_VALUE = frozenset(
    "is are was were be been at to of from than least most exactly equals equal below above about "
    "around under over reach reaches by between and or with".split()
)
"""Words after which `minus` can only be a sign; after a noun it subtracts: "revenue minus 5"."""


def sign_start(text: str, first: int) -> int | None:
    """Where the sign begins that makes the number at `first` negative; None if it has none."""
    if first and text[first - 1] in _DASHES:
        return first - 1 if _is_sign(text, first - 1) else None
    lead = text[max(0, first - _REACH) : first]
    if _APART.search(lead):
        return first - 2
    word = _IN_WORDS.search(lead)
    if word is None:
        return None
    start = first - len(lead) + word.start()
    before = text[max(0, start - _REACH) : start]
    return start if _takes_a_value(before, word.group("sign").lower()) else None


def _is_sign(text: str, dash: int) -> bool:
    before = text[dash - 1 : dash] if dash else ""
    if before and not before.isspace():
        return before in _OPENING
    number = _NUMBER_BEFORE.search(text[max(0, dash - _REACH) : dash])
    if number is None or number.group("row") or _ROW_GOES_ON.match(text, dash):
        return True
    # "0 -100" is a range in a sentence, and two entries in a row of a matrix.
    end = text.find("\n", dash)
    line = text[text.rfind("\n", 0, dash) + 1 : end if end >= 0 else len(text)]
    return _ONLY_NUMBERS.fullmatch(line) is not None


def _takes_a_value(before: str, sign: str) -> bool:
    if _TOLERANCE.search(before):
        return False
    before = before.rstrip()
    if not before or before[-1] in ".:=":
        return True
    last = _LAST_WORD.search(before)
    if sign == "negative":
        return last is not None
    return last is not None and last.group().lower() in _BEFORE_A_VALUE
