"""Limits on weighted sums: "the combined output of 3 ovens X and 2 ovens Y must be at least 40"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from r2c.agents.mentions import mentioned_in_order
from r2c.agents.slots import Slot
from r2c.cir.write import number

Telling = Mapping[str, frozenset[str]]
Term = tuple[str, str, float]
"""Its sign, its decision, its factor."""

ADDS_UP = re.compile(
    r"\b(?:plus|minus|combined|sum|added|add up|subtract\w*|difference|together"
    r"|by (?:more|less|at))\b|[+]",
    re.IGNORECASE,
)
_TOTAL = re.compile(rf"{ADDS_UP.pattern}|\btotal\b", re.IGNORECASE)
_JOINS = re.compile(r"(\b(?:and|plus|minus|less)\b|,)", re.IGNORECASE)
_DIFFERENCE = re.compile(r"\b(?:difference|gap)\b[^.;]*\bbetween\b", re.IGNORECASE)
_ENDS = re.compile(
    r"\b(?:must|should|shall|cannot|can|could|may|has|have|needs?|is|are|be|will|does|do|not|at)\b",
    re.IGNORECASE,
)
_LEAD = 6
"""The words before the first factor among which a decision without one may stand."""


def weighted_sum(slots: Sequence[Slot], telling: Telling, text: str) -> str | None:
    """The limit that the words put on a weighted sum, `3*x + 2*y >= 40`; None if they put none.

    Every number but the last is the factor of the decision behind it; a decision without a number
    counts once.

    Args:
        slots: the numbers of one sentence.
        telling: the decisions, each with the words that tell it apart.
        text: the sentence.
    """
    *factors, limit = slots
    if not factors or limit.side is None or not limit.firm:
        return None
    if any(slot.firm or slot.per_unit or slot.once or not _is_factor(slot) for slot in factors):
        return None
    # Beside "the combined capacity of 3 vans" the 3 is no stock of vans, whatever its side.
    cue = ADDS_UP if any(slot.side for slot in factors) else _TOTAL
    if not cue.search(text) and all(slot.quantity.kind != "multiplier" for slot in factors):
        return None
    try:
        between = _DIFFERENCE.search(text) is not None
        terms = list(_terms(factors, telling, "-" if between else "+"))
    except ValueError:
        return None
    decisions = [decision for _, decision, _ in terms]
    if len(set(decisions)) < len(decisions) or len(terms) < 2 or terms[0][0] == "-":
        return None
    total = "".join(
        f"{f' {sign} ' if place else ''}{'' if factor == 1 else f'{number(factor)}*'}{decision}"
        for place, (sign, decision, factor) in enumerate(terms)
    )
    return f"{total} {limit.side} {number(limit.quantity.value)}"


def _is_factor(slot: Slot) -> bool:
    return slot.quantity.kind in ("number", "word", "multiplier")


def _terms(factors: Sequence[Slot], telling: Telling, joined: str) -> Iterator[Term]:
    """The terms in written order; `joined` is the sign that "and" stands for.

    Raises:
        ValueError: it is not clear which decision a number belongs to.
    """
    before = factors[0].before.split()
    sign = "+"
    if before and _JOINS.fullmatch(before[-1]):
        lead = mentioned_in_order(" ".join(before[-_LEAD:-1]), telling)
        if len(lead) != 1:
            raise ValueError("no one decision stands before the first factor")
        yield "+", lead[0], 1.0
        sign = _sign(before[-1], joined)
    for place, slot in enumerate(factors):
        last = place == len(factors) - 1
        words = _ENDS.split(slot.after, maxsplit=1)[0] if last else slot.after
        first, *others = _JOINS.split(words)
        named = mentioned_in_order(first, telling)
        if len(named) != 1:
            raise ValueError("no one decision stands behind a factor")
        yield sign, named[0], slot.quantity.value
        sign = "+"
        for join, part in zip(others[::2], others[1::2], strict=True):
            sign = _sign(join, joined)
            more = mentioned_in_order(part, telling)
            if len(more) > 1:
                raise ValueError("several decisions stand without a factor")
            if more:
                yield sign, more[0], 1.0


def _sign(join: str, joined: str) -> str:
    known = {"minus": "-", "less": "-", "plus": "+"}
    return known.get(join.lower(), joined)
