"""Limits on weighted sums: "the combined output of 3 ovens X and 2 ovens Y must be at least 40"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from r2c.agents.mentions import mentioned_in_order
from r2c.agents.slots import Side, Slot
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
_TAKEN = r"(?:after\s+|when\s+)?(?:subtracting|deducting|taking\s+away)"
_JOINS = re.compile(rf"(\b(?:and|plus|minus|less|{_TAKEN})\b|,)", re.IGNORECASE)
_NOT_TAKEN = re.compile(rf"\b(?:without|before|not)\s+{_TAKEN}|^\W*{_TAKEN}", re.IGNORECASE)
_SIGN_BEFORE = re.compile(r"\b(?:plus|minus)\s+$", re.IGNORECASE)
_OF_ONE = re.compile(r"\s*of\s+(?:the|that|those)\b(?![^.;,]*\band\b)", re.IGNORECASE)
_OF_SEVERAL = re.compile(
    r"\s*(?:of\s+)?the\s+(?:sum|total|difference|gap|average|mean|product|larger|smaller)\b",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(r"\b(?:difference|gap)\b[^.;]*\bbetween\b", re.IGNORECASE)
_ENDS = re.compile(
    r"\b(?:must|should|shall|cannot|can|could|may|has|have|needs?|is|are|be|will|does|do|not|at)\b",
    re.IGNORECASE,
)
_MULTIPLIED = re.compile(
    r"\(\s*(?:multiplied by|times|with|counted as|weighted by)\s+(?:an?\s+)?(?:factor\s+of\s+)?$",
    re.IGNORECASE,
)
_NOT = r"\b(?:not|never|cannot|can['’]t)\s+(?:\w+\s+)?"
_NIL = r"\s+(?:zero|0)\b(?!\.\d)"
_ZERO: tuple[tuple[Side, re.Pattern[str]], ...] = (
    (
        ">=",
        re.compile(
            rf"\bnon-?negative\b|(?:\bat least|{_NOT}(?:below|less than|under)|\bno less than"
            rf"|\b(?:greater|more|larger|higher) than or equal to){_NIL}",
            re.IGNORECASE,
        ),
    ),
    (
        "<=",
        re.compile(
            rf"\bnon-?positive\b|(?:\bat most|{_NOT}(?:exceed|surpass|more than|above)"
            rf"|\bno more than|\b(?:less|smaller|lower|fewer) than or equal to){_NIL}",
            re.IGNORECASE,
        ),
    ),
)
"""A strict limit, "must exceed zero", is none of these."""
_ALTOGETHER = re.compile(r"\b(?:total|sum|combined|all|both|together)\b", re.IGNORECASE)
_FAR = 60
_LEAD = 6
"""The words before the first factor among which a decision without one may stand."""


def weighted_sum(slots: Sequence[Slot], telling: Telling, text: str) -> str | None:
    """The limit that the words put on a weighted sum, `3*x + 2*y >= 40`; None if they put none.

    Every number but the last is the factor of the decision behind it; a decision without a number
    counts once. The limit may be a zero, "must be at least zero" or "non-negative", which wants no
    explanation and is no slot.

    Args:
        slots: the numbers of one sentence.
        telling: the decisions, each with the words that tell it apart.
        text: the sentence.
    """
    factors, side, value = _limit(slots)
    if not factors or side is None or _NOT_TAKEN.search(text):
        return None
    if any(
        slot.firm or slot.per_unit or slot.once or not _is_factor(slot, value) for slot in factors
    ):
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
    return f"{total} {side} {number(value)}"


def _limit(slots: Sequence[Slot]) -> tuple[Sequence[Slot], Side | None, float]:
    """The factors, and the limit on their sum; its side is None if there is none."""
    *factors, last = slots
    zero = next((side for side, words in _ZERO if words.search(last.after)), None)
    if zero is not None:
        return slots, zero, 0.0
    return factors, last.side if last.firm else None, last.quantity.value


def _is_factor(slot: Slot, limit: float) -> bool:
    if _OF_SEVERAL.match(slot.after):
        return False  # "twice the sum of A and B" is not twice A, and B
    if slot.quantity.kind in ("percent", "fraction"):
        # "A combined share of 20% of A ..." may mean many things, unless it is compared with zero
        # or follows a plain sign; and "half of the total of A and B" is not half of A, and B.
        plain = _SIGN_BEFORE.search(slot.before) and _OF_ONE.match(slot.after)
        fraction = slot.quantity.kind == "fraction" and plain is not None
        return (limit == 0 or fraction) and _ALTOGETHER.search(slot.after) is None
    return slot.quantity.kind in ("number", "word", "multiplier")


def _terms(factors: Sequence[Slot], telling: Telling, joined: str) -> Iterator[Term]:
    """The terms in written order; `joined` is the sign that "and" stands for.

    Raises:
        ValueError: it is not clear which decision a number belongs to.
    """
    behind = all(_MULTIPLIED.search(slot.before) for slot in factors)
    sign, taken = "+", ""
    for text, factor in _pieces(factors, behind=behind):
        parts = _JOINS.split(text)
        owner = len(parts) // 2 if behind else 0
        for place, (join, part) in enumerate(zip(["", *parts[1::2]], parts[::2], strict=True)):
            # In "twice A minus B and C" both are taken away.
            sign = _sign(join, taken or joined) if join else sign
            taken = "-" if sign == "-" and joined == "+" else ""
            named = mentioned_in_order(part, telling)
            own = factor is not None and place == owner
            if len(named) != 1 and (own or named):
                raise ValueError("it is not clear which decision a number belongs to")
            if named:
                yield sign, named[0], factor if own and factor is not None else 1.0
                sign = "+"


def _pieces(factors: Sequence[Slot], *, behind: bool) -> Iterator[tuple[str, float | None]]:
    """The words of the sum in order, each piece with the factor of one decision in it.

    Usually a factor stands before its decision, "3 times the vans"; `behind` says that all stand
    after it, "the vans (multiplied by 3)".
    """
    last = _ENDS.split(factors[-1].after, maxsplit=1)[0]
    if behind:
        for slot in factors:
            yield slot.before[-_FAR:], slot.quantity.value
        yield last, None
        return
    before = factors[0].before.split()
    if before and _JOINS.fullmatch(before[-1]):
        yield " ".join(before[-_LEAD:]), None
    for slot in factors[:-1]:
        yield slot.after, slot.quantity.value
    yield last, factors[-1].quantity.value


def _sign(join: str, joined: str) -> str:
    known = {"minus": "-", "less": "-", "plus": "+"}
    return "-" if re.fullmatch(_TAKEN, join, re.IGNORECASE) else known.get(join.lower(), joined)
