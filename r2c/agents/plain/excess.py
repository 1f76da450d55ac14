"""Limits on how far a sum exceeds another: "3 times A should not exceed B by more than 10"."""

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
_MARK = re.compile(r"[\ue000-\uefff]")
_JOINS = re.compile(r"(\b(?:and|plus|minus|less)\b|,)", re.IGNORECASE)
_OTHERWISE = re.compile(
    r"\b(?:difference|gap|ratio|average|mean|product|each|every|per|or|if|unless"
    r"|costs?|prices?|profits?|revenues?|sales|incomes?|earnings|expenses?|returns?|weights?|volumes?)\b",
    re.IGNORECASE,
)
"""Not a plain sum; or what one unit has so much of, so that numbers of units do not compare."""
_TAIL = re.compile(r"[,.;]|\b(?:due|because|since|as|in order|so that)\b", re.IGNORECASE)
_MOST = 20
"""Factors in a sentence."""
_KINDS = ("number", "word", "multiplier", "fraction", "percent")


def excess(slots: Sequence[Slot], telling: Telling) -> str | None:
    """The limit on one sum less another, `3*x - 2*y <= 10`; None if the words put none.

    Args:
        slots: the numbers of one sentence; all but the last are factors.
        telling: the decisions, each with the words that tell it apart.
    """
    *factors, last = slots
    if len(factors) > _MOST or any(
        slot.per_unit or slot.once or slot.quantity.kind not in _KINDS for slot in factors
    ):
        return None
    words = _words(slots)
    found = excess_before(words)
    behind = _TAIL.split(last.after, maxsplit=1)[0]
    if found is None or found.strict or mentioned_in_order(behind, telling):
        return None
    one = words[: found.start]
    other = words[slice(*found.other)]
    if _OTHERWISE.search(one) or _OTHERWISE.search(other):
        return None
    try:
        left, right = (_terms(part, factors, telling) for part in (one, other))
    except ValueError:
        return None
    if not left or not right or left.keys() & right.keys():
        return None
    if found.short:
        left, right = right, left
    difference = "".join(_written(left, right))
    return f"{difference} {_SIDES[found.direction]} {number(last.quantity.value)}"


def speaks_of_excess(slots: Sequence[Slot]) -> bool:
    """Whether the last number says how far something exceeds something else."""
    return excess_before(_words(slots)) is not None


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
        ValueError: it is not clear which decision a number belongs to.
    """
    found: Terms = {}
    parts = _JOINS.split(words)
    for join, part in zip(["", *parts[1::2]], parts[::2], strict=True):
        named = mentioned_in_order(part, telling)
        marks = _MARK.findall(part)
        if not named and not marks:
            continue
        if len(named) != 1 or len(marks) > 1 or named[0] in found:
            raise ValueError("it is not clear which decision a number belongs to")
        factor = factors[ord(marks[0]) - _MARKS].quantity.value if marks else 1.0
        taken = join.lower() in ("minus", "less")
        found[named[0]] = -factor if taken else factor
    if next(iter(found.values()), 1.0) < 0:
        raise ValueError("what is something taken away from?")
    return found


def _written(left: Terms, right: Terms) -> Iterator[str]:
    terms = [*left.items(), *((name, -factor) for name, factor in right.items())]
    for place, (name, factor) in enumerate(terms):
        sign = " - " if factor < 0 else " + " if place else ""
        yield f"{sign}{'' if abs(factor) == 1 else f'{number(abs(factor))}*'}{name}"
