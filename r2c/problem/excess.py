"""One amount that exceeds another by so much: "twice A should not exceed B by more than 10"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_MORE = (
    r"(?:exceed(?:s|ing)?|surpass(?:es|ing)?|outnumbers?|outweighs?|outstrips?"
    r"|(?:is|are|be)\s+(?:\w+\s+)?(?:greater|more|larger|higher|bigger)\s+than)"
)
_LESS = (
    r"(?:(?:fall|falls|be|is|are)\s+(?:\w+\s+)?short\s+of|(?:lag|lags|fall|falls)\s+behind"
    r"|(?:is|are|be)\s+(?:\w+\s+)?(?:less|fewer|smaller|lower)\s+than)"
)
_BY = re.compile(
    r"(?:(?P<not>\b(?:not|never|cannot|no|\w+n['’]t))\s+(?:(?:be|ever|to)\s+)?|\b)"
    rf"(?:(?P<more>{_MORE})|(?P<less>{_LESS}))\b(?P<other>[^.;]{{1,110}}?)\bby\s+"
    r"(?:(?P<over>more\s+than|over)|(?P<least>at\s+(?:the\s+)?least|n(?:o|ot)\s+(?:less|fewer)\s+than"
    r"|a\s+minimum\s+of)|(?P<most>at\s+(?:the\s+)?most|n(?:o|ot)\s+more\s+than|up\s+to"
    r"|a\s+maximum\s+of)|(?P<under>less\s+than|fewer\s+than)|(?P<same>exactly|precisely))"
    r"\s+[\\$€£]*\s*$",
    re.IGNORECASE,
)
_FAR = 200


@dataclass(frozen=True, slots=True)
class Excess:
    """What stands before the number: how far one amount may or must exceed another.

    Attributes:
        start: Where "not exceed" begins, in the words given.
        other: Where the other amount is named, from and to.
        direction: The side from which the number limits the excess.
        strict: Whether the number itself is left out.
        short: Whether it is the second amount that exceeds the first: "fall short of".
    """

    start: int
    other: tuple[int, int]
    direction: Literal["least", "most", "exactly"]
    strict: bool
    short: bool


def excess_before(words: str) -> Excess | None:
    """The excess that the words before a number limit, up to their end; None if they limit none."""
    cut = max(0, len(words) - _FAR)
    match = _BY.search(words, cut)
    if match is None:
        return None
    direction = _direction(match)
    if direction is None:
        return None
    strict = match["not"] is None and bool(match["over"] or match["under"])
    return Excess(match.start(), match.span("other"), direction, strict, match["less"] is not None)


def _direction(match: re.Match[str]) -> Literal["least", "most", "exactly"] | None:
    if match["not"] is not None:
        return "most" if match["over"] else None
    if match["same"]:
        return "exactly"
    return "least" if match["least"] or match["over"] else "most"
