"""One amount that exceeds another by so much: "twice A should not exceed B by more than 10"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_MORE = (
    r"(?:exceed|surpass|outnumber|outweigh|outstrip"
    r"|be\s+(?:greater|more|larger|higher|bigger)\s+than)"
)
_LESS = r"(?:(?:fall|be)\s+short\s+of|(?:lag|fall)\s+behind)"
_OBLIGED = r"must|should|shall|(?<!not\s)(?<!n['’]t\s)(?:ha(?:s|ve)|needs?)\s+to"
_OTHER = (
    r"(?:(?!\b(?:by|than|but|and|or|if|when|while|which|who|exceed|surpass|that\s+(?!of\b|for\b))\b)"
    r"(?:[^.;:,()]|\.\d)){1,110}?"
)
"""One amount and no second statement."""
_BY = re.compile(
    rf"\b(?:(?P<never>cannot|can['’]t|mustn['’]t|shouldn['’]t)|(?P<obliged>{_OBLIGED})|may|can|could)\s+"
    rf"(?:(?P<not>not|never)\s+)?(?:(?P<more>{_MORE})|(?P<less>{_LESS}))\b(?P<other>{_OTHER})\bby\s+"
    r"(?:(?P<over>more\s+than|over)|(?P<least>at\s+(?:the\s+)?least|n(?:o|ot)\s+(?:less|fewer)\s+than"
    r"|a\s+minimum\s+of)|(?P<most>at\s+(?:the\s+)?most|n(?:o|ot)\s+more\s+than|up\s+to"
    r"|a\s+maximum\s+of)|(?P<same>exactly|precisely))\s+[\\$€£]*\s*$",
    re.IGNORECASE,
)
_FAR = 220


@dataclass(frozen=True, slots=True)
class Excess:
    """What stands before the number: how far one amount may or must exceed another.

    Attributes:
        start: Where "should not exceed" begins, in the words given.
        other: Where the other amount is named, from and to.
        direction: The side from which the number limits the excess.
        strict: Whether the number itself is left out.
        short: Whether it is the second amount that exceeds the first: "fall short of".
        alone: Whether nothing is said but the limit; "should exceed it by at most 3" also says that
            it should exceed it.
    """

    start: int
    other: tuple[int, int]
    direction: Literal["least", "most", "exactly"]
    strict: bool
    short: bool
    alone: bool


def excess_before(words: str) -> Excess | None:
    """The excess that the words before a number limit, up to their end; None if they limit none."""
    match = _BY.search(words, max(0, len(words) - _FAR))
    if match is None:
        return None
    never = match["never"] is not None or match["not"] is not None
    if never and not match["over"]:
        return None
    obliged = match["obliged"] is not None
    direction: Literal["least", "most", "exactly"] = "least"
    if never or match["most"]:
        direction = "most"
    elif match["same"]:
        direction = "exactly"
    return Excess(
        match.start(),
        match.span("other"),
        direction,
        strict=not never and match["over"] is not None,
        short=match["less"] is not None,
        alone=never or obliged != (direction == "most"),
    )
