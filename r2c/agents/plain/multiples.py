"""One decision held to a multiple of another: "at least twice as many vans as coaches"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from r2c.agents.mentions import mentioned_in_order
from r2c.agents.slots import Slot

Telling = Mapping[str, frozenset[str]]

_ENDS = re.compile(
    r"[,;.]|\b(?:because|since|due|while|whereas|but|so that|in order)\b", re.IGNORECASE
)
_BEGINS = re.compile(r"[,;.]|\b(?:while|whereas|but|that|because|since)\b", re.IGNORECASE)
_ADDED = re.compile(r"(?:,|\b(?:and|plus|minus|of|between))\s*$", re.IGNORECASE)
"""Behind these words a multiple is added to something, not compared with it."""
_COMPARED = re.compile(r"\b(?:as|than|compared (?:to|with))\b", re.IGNORECASE)


def multiple(slot: Slot, telling: Telling) -> tuple[str, str] | None:
    """What is limited, and what it is so many times of: `("vans", "coaches")`.

    The words say it in two ways: "the vans must be at least twice the coaches" names one before the
    number and one behind it, "at least twice the amount of vans as coaches" names both behind it.
    """
    if slot.quantity.kind != "multiplier":
        return None
    behind = _ENDS.split(slot.after, maxsplit=1)[0]
    *first, last = _COMPARED.split(behind)
    other = mentioned_in_order(last, telling)
    if len(other) != 1:
        return None
    one = mentioned_in_order(" ".join(first), telling)
    if not one and not _ADDED.search(slot.before):
        one = mentioned_in_order(_BEGINS.split(slot.before)[-1], telling)
    return (one[0], other[0]) if len(one) == 1 and one != other else None
