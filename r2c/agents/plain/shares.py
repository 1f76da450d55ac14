"""Shares of everything decided: "at most a third of all spots should be on the radio"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from r2c.agents.mentions import mentioned, mentioned_in_order
from r2c.agents.slots import Slot
from r2c.problem.spoken import spoken, stem

Telling = Mapping[str, frozenset[str]]

_OF_ALL = re.compile(
    r"\s*of\s+(?P<whole>(?:all|(?:the|its|their)\s+(?:total|overall|entire)|total|overall)\b.*?)"
    r"(?P<rest>\b(?:should|must|can|may|are|is|be|has|have|need|needs|will|by|for|to)\b.*|[,.;].*|$)",
    re.IGNORECASE | re.DOTALL,
)
_OF_KIND = re.compile(
    r"\s*of\s+(?P<whole>[^.,;]{1,40}?)\s+(?:(?:must|should|shall|can|may|could|will|(?:has|have|needs?|are)"
    r"\s+to)\s+)?be\s+(?:(?:by|of|in|using)\s+)?"
    r"(?!(?:spent|made|put|sold|sent|kept|held|left|paid|bought|given|taken|from|for|on|\w{3,}ed)\b)"
    r"(?P<rest>[^.,;]*)",
    re.IGNORECASE,
)
"""What is of a kind is counted: "of rides can be car rides", but not "of the budget be spent"."""
_KIND = 4
_STOPS = re.compile(r"\b(?:and|or|due|because|since|while|to|for|at)\b", re.IGNORECASE)
_GOES_ON = 5
"""Words between two shares of the same whole: "at least 1/3 and no more than 2/3 of all"."""


def shares(
    slots: Sequence[Slot], telling: Telling, measures: Sequence[str]
) -> tuple[str | None, ...]:
    """For each number the decision that it limits to a share of all, where the words settle it.

    Args:
        slots: the numbers of one sentence.
        telling: the decisions, each with the words that tell it apart.
        measures: the measures known so far; a share of a measure is not one of all decisions.
    """
    found: list[str | None] = [_part(slot, telling, measures) for slot in slots]
    for place, slot in enumerate(slots):
        if found[place] is not None or not _is_share(slot):
            continue
        short = len(slot.after.split()) <= _GOES_ON and not mentioned(slot.after, telling)
        if short and place + 1 < len(slots):
            found[place] = found[place + 1]
        elif place and found[place - 1] is not None:
            after = mentioned_in_order(slot.after, telling)
            found[place] = after[0] if len(after) == 1 else None
    return tuple(found)


def _is_share(slot: Slot) -> bool:
    return slot.quantity.kind in ("percent", "fraction") and slot.side is not None


def _part(slot: Slot, telling: Telling, measures: Sequence[str]) -> str | None:
    if not _is_share(slot):
        return None
    match = _OF_ALL.match(slot.after)
    kind = _OF_KIND.match(slot.after) if match is None else None
    match = match or kind
    if match is None or mentioned(match["whole"], telling):
        return None
    words = set(spoken(match["whole"]))
    if any(words & set(map(stem, name.split("_"))) for name in measures):
        return None
    if kind is not None:
        named = " ".join(_STOPS.split(kind["rest"], maxsplit=1)[0].split()[:_KIND])
        part = mentioned_in_order(named, telling)
        return part[0] if len(part) == 1 else None
    part = mentioned_in_order(match["rest"], telling) or mentioned_in_order(slot.before, telling)
    return part[0] if len(part) == 1 else None
