"""Relations between two decisions that the words around a number settle.

"4 chairs for every table" is a ratio; "the difference between X and Y" is a difference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from r2c.agents.mentions import mentioned_in_order
from r2c.agents.slots import Slot

Telling = Mapping[str, frozenset[str]]

_FOR_EVERY = re.compile(r"\b(?:for every|for each|per|to each|to every)\b", re.IGNORECASE)
_DIFFERENCE = re.compile(r"\b(?:difference|gap)\b.*?\bbetween\b.*$", re.IGNORECASE | re.DOTALL)
_MORE = re.compile(
    r"\s*(?:[\w-]+\s+)?more\b(?P<what>[^.;,]*?)\bthan\b(?P<than>[^.;]*)", re.IGNORECASE | re.DOTALL
)
_ENDS = re.compile(r"[,;.]|\b(?:because|since|due|while|whereas|but|and)\b", re.IGNORECASE)
_BREAK = re.compile(
    r"[,;.]|\b(?:and|while|whereas|but|or|hour|day|night|week|month|year|minute|shift)\b",
    re.IGNORECASE,
)
_WORDS = 5
"""How far from the number, in words, the two things may be named."""


def ratio(slot: Slot, telling: Telling) -> tuple[str, str] | None:
    """What there are so many of, and for each of what: `("chairs", "tables")`."""
    parts = _FOR_EVERY.split(slot.after, maxsplit=1)
    if len(parts) < 2:
        return None
    many = mentioned_in_order(" ".join(parts[0].split()[:_WORDS]), telling)
    # "100 cars per day and 20 vans" is a rate of cars, and no ratio to vans.
    behind = _BREAK.split(parts[1], maxsplit=1)[0]
    each = mentioned_in_order(" ".join(behind.split()[:_WORDS]), telling)
    if len(many) != 1 or len(parts[0].split()) > _WORDS or not each or each[0] == many[0]:
        return None
    return many[0], each[0]


def difference(slot: Slot, telling: Telling) -> tuple[str, str] | None:
    """The two decisions whose difference the number limits, the first less the second.

    "The difference between X and Y is at most 4", or "at least 2 more X than Y".
    """
    if (more := _MORE.match(slot.after)) is not None and slot.side in (">=", "=="):
        behind = mentioned_in_order(_ENDS.split(more["than"], maxsplit=1)[0], telling)
        ahead = mentioned_in_order(more["what"], telling) or mentioned_in_order(
            _ENDS.split(slot.before)[-1], telling
        )
        clear = len(ahead) == 1 and len(behind) == 1 and ahead != behind
        return (ahead[0], behind[0]) if clear else None
    if (match := _DIFFERENCE.search(slot.before)) is None:
        return None
    named = mentioned_in_order(match[0], telling)
    return (named[0], named[1]) if len(named) == 2 else None
