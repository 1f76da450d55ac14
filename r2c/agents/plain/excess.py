"""Limits on how far a sum exceeds another: "3 times A should not exceed B by more than 10".

Narrow on purpose: any word that is not understood leaves the sentence to the language model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from r2c.agents.mentions import mentioned_in_order
from r2c.agents.slots import Side, Slot
from r2c.cir.write import number
from r2c.problem.excess import excess_before

Telling = Mapping[str, frozenset[str]]
Terms = dict[str, float]
"""The factor of each decision."""

_SIDES: dict[str, Side] = {"least": ">=", "most": "<=", "exactly": "=="}
_MARKS = 0xE000
"""Numbers are marked by characters for private use: digits may be what tells a decision apart."""
_MARK = re.compile(r"\s*([\ue000-\uefff])(?=\s+(?:of\s+)?(?:the|that|those)\b|\s*of\s)")
_ANY_MARK = re.compile(r"[\ue000-\uefff]")
_MOST = 20
"""Factors in a sentence."""
_WORDS = 12
"""Of one term."""
_JOINS = re.compile(r"\b(plus|minus)\b", re.IGNORECASE)
_LEAD = re.compile(
    r"\W*(?:(?:furthermore|additionally|also|moreover|similarly|finally|lastly|likewise|besides)\b"
    r"|(?:due to|because of|for|to|in order to|as for|considering|given)\s[^,]*),\s*",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"[,:()]|\b(?:not|no|without|excluding|except|unlike|addition|both|all|each|every|any|larger|smaller"
    r"|largest|smallest|greater|maximum|minimum|most|least|sum|total|combined|together|squared?|cubed?"
    r"|root|divided|times|multiplied|product|difference|gap|ratio|average|mean|or|and|if|when|where"
    r"|whenever|while|once|whether|which|who|by|first|last|per|again|an?|is|are|be|was|will|must|may"
    r"|should|can|that\s+(?!of\b|for\b)|costs?|prices?|profits?|revenues?|sales|incomes?|earnings"
    r"|expenses?|returns?|weights?|volumes?)\b",
    re.IGNORECASE,
)
"""No plain term; or what one unit has so much of, so that numbers of units do not compare."""
_UNITS = re.compile(
    r"\s*(?:(?!(?:per|each|every|times|percent|if|except|unless)\b)[a-z]+\s*){0,2}(?:[.,;]|$"
    r"|(?P<why>\b(?:due to|because|since|in order to|so that|to)\b))",
    re.IGNORECASE,
)
_ONLY_WHERE = re.compile(r"\b(?:except|unless|if|when\w*|while|but|provided)\b", re.IGNORECASE)
_BEHIND = re.compile(
    r"\b(?:except|unless|if|when\w*|while|but|or|by|per|each|every|only|not|in|on|at)\b",
    re.IGNORECASE,
)


def excess(slots: Sequence[Slot], telling: Telling) -> str | None:
    """The limit on one sum less another, `3*x - 2*y <= 10`; None if the words put none.

    Args:
        slots: the numbers of one sentence; all but the last are factors.
        telling: the decisions, each with the words that tell it apart.
    """
    *factors, last = slots
    words = _words(slots)
    found = excess_before(words)
    if found is None or found.strict or not found.alone or len(factors) > _MOST:
        return None
    if not all(map(_is_factor, factors)) or not _is_limit(last, telling):
        return None
    lead = _LEAD.match(words)
    begin = lead.end() if lead is not None and lead.end() < found.start else 0
    if lead is not None and (mentioned_in_order(lead[0], telling) or _ANY_MARK.search(lead[0])):
        return None
    one, other = words[begin : found.start], words[slice(*found.other)]
    try:
        left, right = (_terms(part, factors, telling) for part in (one, other))
    except ValueError:
        return None
    if left.keys() & right.keys():
        return None
    if found.short:
        left, right = right, left
    difference = "".join(_written(left, right))
    return f"{difference} {_SIDES[found.direction]} {number(last.quantity.value)}"


def speaks_of_excess(slots: Sequence[Slot]) -> bool:
    """Whether the last number says how far something exceeds something else."""
    return excess_before(_words(slots)) is not None


def _is_factor(slot: Slot) -> bool:
    multiplies = slot.quantity.kind in ("multiplier", "fraction", "percent")
    return multiplies and not (slot.firm or slot.per_unit or slot.once)


def _is_limit(slot: Slot, telling: Telling) -> bool:
    if slot.quantity.kind not in ("number", "word") or slot.per_unit or slot.once:
        return False
    match = _UNITS.match(slot.after)
    if match is None or mentioned_in_order(slot.after, telling):
        return False
    barred = _ONLY_WHERE if match["why"] else _BEHIND
    return not barred.search(slot.after, match.end())


def _words(slots: Sequence[Slot]) -> str:
    """What stands before the last number, the others marked."""
    *factors, last = slots[-_MOST - 1 :]
    words = factors[0].before if factors else last.before
    return words + "".join(
        f"{chr(_MARKS + place)}{slot.after}" for place, slot in enumerate(factors)
    )


def _terms(words: str, factors: Sequence[Slot], telling: Telling) -> Terms:
    """What the words add up, in order.

    Raises:
        ValueError: they say something else, or it is not clear what.
    """
    found: Terms = {}
    parts = _JOINS.split(words)
    for join, part in zip(["", *parts[1::2]], parts[::2], strict=True):
        mark = _MARK.match(part)
        bare = part if mark is None else part[mark.end() :]
        named = mentioned_in_order(bare, telling)
        clear = len(named) == 1 and named[0] not in found and len(bare.split()) <= _WORDS
        if not clear or _ANY_MARK.search(bare) or _OTHERWISE.search(bare):
            raise ValueError("the words say something else")
        factor = 1.0 if mark is None else factors[ord(mark[1]) - _MARKS].quantity.value
        found[named[0]] = -factor if join.lower() == "minus" else factor
    return found


def _written(left: Terms, right: Terms) -> Iterator[str]:
    terms = [*left.items(), *((name, -factor) for name, factor in right.items())]
    for place, (name, factor) in enumerate(terms):
        sign = " - " if factor < 0 else " + " if place else ""
        yield f"{sign}{'' if abs(factor) == 1 else f'{number(abs(factor))}*'}{name}"
