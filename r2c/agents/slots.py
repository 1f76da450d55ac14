"""What the words around a number settle about it.

Each pattern is kept narrow on purpose: a phrase that is not understood settles nothing, and the
language model decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from r2c.agents.stocks import speaks_of_demand, speaks_of_stock
from r2c.problem.found_once import found_once
from r2c.problem.quantities_in import quantities_in
from r2c.problem.schema import Problem, Quantity, Span
from r2c.verdict.said import limits_said

_Named = Mapping[str, Sequence[Quantity]]
Side = Literal["<=", ">=", "=="]

_SIDES: dict[str, Side] = {"least": ">=", "most": "<=", "exactly": "=="}
_COMPOUND = re.compile(r"-([A-Za-z]{3,})")
_IMPOSSIBLE = re.compile(r"\b(?:can(?:no|['’])t|impossible|not possible)\b[^.;]*$", re.IGNORECASE)
_OF_ONE = re.compile(r"\s+an?\s")
_KINDS = re.compile(
    r"\s*(?:different\s+|main\s+|other\s+)?(?:types?|kinds?|sorts?|sizes?|varieties|options|methods"
    r"|ways|models|styles|flavou?rs|machines|products|items|companies|sources|experiments|foods"
    r"|drinks|teams|colou?rs|modes|of the|separate)\b",
    re.IGNORECASE,
)
_DIFFERENT = re.compile(r"\s*(?:different|distinct)\b", re.IGNORECASE)
_LISTS = re.compile(r"\s*(?:[a-z-]+\s+){0,2}[a-z-]+\s*:\s+[A-Z]")
_EACH_FIRST = re.compile(
    r"\W*(?:\w+,\s+)?each\b(?!.*\b(?:rang\w+|bounds?|limits?|limited|between)\b)",
    re.IGNORECASE | re.DOTALL,
)
_PER_BEFORE = re.compile(r"\b(?:each|every|per)\b", re.IGNORECASE)
_FOR_EACH = re.compile(r"\s*(?:for|from|in)\s+(?:each|every)\b", re.IGNORECASE)
_ONE_BEFORE = re.compile(
    r"\b(?:an?|one)\b(?=.*\b(?:takes?|taking|carr(?:y|ies|ying)|contains?|costs?|needs?|requires?|uses?|earns?"
    r"|brings?|holds?|produces?|yields?|gives?|provides?|sells?|sold|weighs?|makes?|adds?"
    r"|consumes?|generates?|transports?|delivers?|serves?|occup(?:y|ies)|returns?)\b)",
    re.IGNORECASE | re.DOTALL,
)
_TO_MAKE_ONE = re.compile(
    r"\b(?:takes?|requires?|needs?|uses?|costs?)\b(?!\s+to\b)(?:[^.;]|\.\d)*?\bto\s+(?:make|produce"
    r"|build|manufacture|assemble|bake|cook|process|prepare|create|sew|brew|print|grow|repair|install"
    r"|paint|clean|serve|transport|deliver|fill|treat)\s+(?:an?|one|each|every)\b",
    re.IGNORECASE,
)
_PER_AFTER = re.compile(r"[^,.;]{0,30}\b(?:per|each|apiece|for every)\b", re.IGNORECASE)
_PER_TIME = re.compile(
    r"\b(?:per|each|every)\s+(?:hour|day|week|month|year|shift)\b", re.IGNORECASE
)
_GOES_ON = re.compile(r"[^.;]*(?:\b(?:and|while|whereas|but|or|for)\b|,)", re.IGNORECASE)
_AND_FOR = re.compile(
    r"[^.;,]*(?:,\s*(?:and|while|but)?|\b(?:and|while|but)\b)\s*(?:that\s+)?(?:for|of)\b[^.;,]{0,40}?"
    r"(?:\b(?:is|are)|\bit['’]s)\s+[\\$€£]*$",
    re.IGNORECASE,
)
_BEING = re.compile(
    r"\b(?:costs?|prices?|risks?|returns?|profits?|rates?|requirements?)\s+being\s+[\\$€£]*$",
    re.IGNORECASE,
)
_RESTARTS = re.compile(
    r"\b(?:each|per|takes?|requires?|contains?|costs?|uses?|needs?|produces?|sold|earns?|brings?"
    r"|is|are|has|have)\b",
    re.IGNORECASE,
)
_UNIT_BASIS = re.compile(r"\b(?:for|per|every|each|in)\s+$", re.IGNORECASE)
_CHARGE = re.compile(
    r"\b(?:set-?\s?up|fixed|start-?\s?up|opening|one-time)\s+(?:cost|charge|fee|expense)s?\b",
    re.IGNORECASE,
)
_CHARGE_WORDS = 7
_POINTS_AT = re.compile(
    r"\b(?:the|these|those|both|all|first|last|other|remaining)\s+$", re.IGNORECASE
)
_EXACT = re.compile(r"^[^.;]{0,50}\b(?:exactly|precisely)\b(?!\s*\d)", re.IGNORECASE)
_NO_NOUNS = frozenset(
    "least most than exactly only about and the for with from between over under produce produces "
    "take takes need needs require requires use uses cost costs make makes contain contains has "
    "have earn earns hold holds per each every sell sells another other additional exceed exceeds "
    "exceeding surpass reach reaches equal equals plus minus times are was were will can must "
    "within below above under over maximum minimum total".split()
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A number to be explained.

    `side` is the side of a limit if the words fix it, `firm` that they say it outright ("at most",
    not "budget"); `per_unit` says that it is data for a unit of something, `once` that it is a
    charge for using the thing at all; `factor` that it multiplies another amount. `before` and
    `after` are the words between it and the neighbouring numbers.
    """

    quantity: Quantity
    side: Side | None
    firm: bool
    per_unit: bool
    once: bool
    factor: bool
    before: str
    after: str


def slots_in(problem: Problem, span: Span) -> Iterator[Slot]:
    """The numbers in a span that want an explanation, in order, with what the words settle."""
    held = wanting_explanation(problem, span)
    said = {item.quantity.span: item for item in limits_said(problem, span)}
    units = [match.span() for match in _TO_MAKE_ONE.finditer(problem.text, span.start, span.end)]
    previous: Slot | None = None
    for place, quantity in enumerate(held):
        start = held[place - 1].span.end if place else span.start
        end = held[place + 1].span.start if place + 1 < len(held) else span.end
        before = problem.text[start : quantity.span.start]
        after = problem.text[quantity.span.end : end]
        limit = said.get(quantity.span)
        side = None if limit is None else _SIDES[limit.direction]
        if side is None and _EXACT.search(after):
            side = "=="
        of_one = any(start <= quantity.span.start < end for start, end in units)
        if side is None and not of_one and _is_demand(previous, before, after):
            side = ">="
        if side is None and not _PER_AFTER.match(after) and _is_stock(previous, before):
            side = "<="
        if side is None and _goes_on(previous, before):
            side = previous.side if previous is not None else None
        per_unit = side is None and (of_one or _is_per_unit(previous, before, after))
        factor = quantity.kind in ("percent", "fraction", "multiplier")
        firm = limit is not None and limit.firm
        carried = previous is not None and previous.once and _GOES_ON.match(before) is not None
        once = not firm and (_is_once(before, after) or (carried and not _said_per(before, after)))
        side = None if once else side
        previous = Slot(quantity, side, firm, per_unit, once, factor, before, after)
        yield previous


def _goes_on(previous: Slot | None, before: str) -> bool:
    """Whether the number stands beside one that is limited: "at most 20 vans and 5 coaches"."""
    if previous is None or previous.side is None:
        return False
    if _AND_FOR.fullmatch(before):
        return True  # "the maximum for vans is 20 and for coaches is 5"
    return _GOES_ON.match(before) is not None and not _RESTARTS.search(before)


def _is_per_unit(previous: Slot | None, before: str, after: str) -> bool:
    if _said_per(before, after):
        return True
    if _ONE_BEFORE.search(before):
        return True  # "a van carries 8 guests", but neither "a bakery has" nor "an order of"
    return previous is not None and previous.per_unit and _GOES_ON.match(before) is not None


def _said_per(before: str, after: str) -> bool:
    found = (
        _BEING.search(before)
        or _EACH_FIRST.match(before)
        or _PER_BEFORE.search(before[-70:])
        or _FOR_EACH.match(before)
        or _PER_AFTER.match(after)
    )
    return found is not None


def _is_once(before: str, after: str) -> bool:
    """Whether the words speak of a charge for doing something at all: "a set-up cost of $500"."""
    near = " ".join(before.split()[-_CHARGE_WORDS:])
    behind = " ".join(after.split()[:_CHARGE_WORDS])
    return _CHARGE.search(near) is not None or _CHARGE.match(behind) is not None


def _is_stock(previous: Slot | None, before: str) -> bool:
    """Whether the words say what there is; after data per unit "has" goes on with data."""
    return speaks_of_stock(before, owning=previous is None or not previous.per_unit)


def _is_demand(previous: Slot | None, before: str, after: str) -> bool:
    """Whether the words ask for so much; a plan may be for a day: "must make 400 boxes per day"."""
    if not speaks_of_demand(before):
        return False
    return not _is_per_unit(previous, before, _PER_TIME.sub(" ", after))


def wanting_explanation(problem: Problem, span: Span) -> tuple[Quantity, ...]:
    """The numbers in a span that say something about the plan; others name or count things."""
    held = quantities_in(problem, span)
    if not held:
        return ()
    limited = frozenset(item.quantity.span for item in limits_said(problem, span))
    named = _by_word_before(problem)
    compounds = _compounds(problem)
    return tuple(
        item
        for item in held
        if item.span not in compounds and _wants(problem, item, limited, named)
    )


def _wants(problem: Problem, quantity: Quantity, limited: frozenset[Span], named: _Named) -> bool:
    if quantity.kind in ("label", "ordinal") or quantity.value == 0:
        return False
    text = problem.text
    if (
        quantity.kind == "word"
        and quantity.span not in limited
        and _names_a_group(problem, quantity)
    ):
        return False
    if quantity.span not in limited and _is_an_impossible_part(text, quantity):
        return False
    if quantity.value == 1 and _names_the_unit(problem, quantity, limited):
        return False
    counts = quantity.kind in ("word", "number") and quantity.value in range(2, 13)
    counted = counts and quantity.unit not in ("$", "€", "£")
    if counted and _LISTS.match(text, quantity.span.end):
        return False
    if counts and _DIFFERENT.match(text, quantity.span.end):
        return False
    if counts and quantity.span not in limited and _KINDS.match(text, quantity.span.end):
        return False
    return not _numbers_a_thing(quantity, named.get(_word_before(text, quantity), ()))


def _is_an_impossible_part(text: str, quantity: Quantity) -> bool:
    """Whether a part is told as what amounts cannot be: "you can't hire half a teacher"."""
    if quantity.kind != "fraction" or _OF_ONE.match(text, quantity.span.end) is None:
        return False
    return _IMPOSSIBLE.search(text[: quantity.span.start][-50:]) is not None


def _names_a_group(problem: Problem, quantity: Quantity) -> bool:
    """Whether the words only point at things told before: "from the two", "these three"."""
    before = problem.text[max(0, quantity.span.start - 12) : quantity.span.start]
    return _POINTS_AT.search(before) is not None


def _names_the_unit(problem: Problem, quantity: Quantity, limited: frozenset[Span]) -> bool:
    """Whether a 1 is the unit that data refer to: "for 1 hour", "one batch requires"."""
    before = problem.text[max(0, quantity.span.start - 8) : quantity.span.start]
    if _UNIT_BASIS.search(before):
        return True
    return quantity.kind == "word" and quantity.span not in limited


def _numbers_a_thing(quantity: Quantity, named: Sequence[Quantity]) -> bool:
    """Whether the number is part of a name: "experiment 1 ... experiment 2".

    Args:
        quantity: the number.
        named: all numbers behind the same word.
    """
    if quantity.kind != "number" or quantity.value not in range(1, 31):
        return False
    bare = quantity.unit is None or any(other.unit is None for other in named)
    return bare and any(other.value != quantity.value for other in named)


@found_once
def _compounds(problem: Problem) -> frozenset[Span]:
    """The numbers in names such as "4-wheeler" beside "3-wheeler", each said more than once."""
    said: dict[str, list[Quantity]] = {}
    for item in problem.quantities:
        if match := _COMPOUND.match(problem.text, item.span.end):
            said.setdefault(match[1].lower(), []).append(item)
    found: set[Span] = set()
    for items in said.values():
        times = Counter(item.value for item in items)
        if len(times) > 1 and min(times.values()) > 1:
            found.update(item.span for item in items)
    return frozenset(found)


@found_once
def _by_word_before(problem: Problem) -> _Named:
    found: dict[str, list[Quantity]] = {}
    for item in problem.quantities:
        if word := _word_before(problem.text, item):
            found.setdefault(word, []).append(item)
    return found


def _word_before(text: str, quantity: Quantity) -> str:
    match = re.search(
        r"([A-Za-z]{3,})[ -]$", text[max(0, quantity.span.start - 30) : quantity.span.start]
    )
    word = "" if match is None else match[1].lower()
    return "" if word in _NO_NOUNS else word
