"""A surcharge on what goes beyond a level: "€13 for each tonne of its weight above 30 tonnes"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from r2c.agents.clauses import Clause
from r2c.agents.indexed.data import Data
from r2c.agents.indexed.naming import is_money, mentions_of
from r2c.agents.indexed.part import bare
from r2c.agents.indexed.subject import family_of, sets_named
from r2c.agents.indexed.totals import Totals
from r2c.agents.over_sets import Ruled
from r2c.agents.roster import Choice
from r2c.cir.expr import Expr, Mul, Name, Num
from r2c.cir.parse import parse
from r2c.problem.grid import unique

_BEYOND = re.compile(
    r"\b(?:beyond|above|over|in excess of|exceeding|more than|past)\b\D{0,12}$", re.IGNORECASE
)
_FURTHER = re.compile(
    r"\b(?:for )?(?:each|every) (?:further |additional |extra |more )?[a-z-]+\b|\bper [a-z-]+\b",
    re.I,
)
_EXTRA = re.compile(r"\b(?:overtime|surcharge|extra|supplement|penalty|on top|additional)\b", re.I)
_FOR_ONE = re.compile(r"\b(?:each|every|per|an?) (?P<noun>[a-z]+)\b", re.IGNORECASE)
_MORE_RULES = re.compile(
    r"\b(?:unless|except|if|either|at least|at most|only|must|previous)\b", re.I
)
_MONEY = re.compile(r"[$€£]\s?$")
_TWO = 2


def _rate_and_level(clause: Clause) -> tuple[float | None, float | None]:
    """What one more costs, and beyond which amount: the money and the other number."""
    rate = level = None
    for slot in clause.slots:
        before = clause.text[: slot.quantity.span.start - clause.span.start]
        if slot.quantity.text[:1] in "$€£" or _MONEY.search(before) is not None:
            rate = slot.quantity.value
        elif _BEYOND.search(before):
            level = slot.quantity.value
    return rate, level


def surcharged(clause: Clause, data: Data, roster: Sequence[Choice]) -> tuple[Ruled, ...] | None:
    """That what an amount has beyond a level costs extra; None if the words leave something open.

    The amount is a family, or one weighted by the only name of the data in the sentence.

    Args:
        clause: the sentence.
        data: all sets and parameters.
        roster: the families of decisions.
    """
    words = clause.text
    if len(clause.slots) != _TWO or not _EXTRA.search(words) or _MORE_RULES.search(words):
        return None
    rate, level = _rate_and_level(clause)
    named = mentions_of(words, data)
    if rate is None or level is None or not _FURTHER.search(words) or len(named) > 1:
        return None
    if any(is_money(one.given) for one in named):
        return None
    weight = named[0].given if named else None
    said = bare(words)
    ones = " ".join(match["noun"] for match in _FOR_ONE.finditer(said))
    each = set(sets_named(ones, data))
    fitting = [one for one in roster if each <= set(one.over)]
    if weight is not None:
        fitting = [one for one in fitting if {*each, *weight.axes} == set(one.over)]
        family = fitting[0] if len(fitting) == 1 else None
    else:
        family = family_of(said, each, roster)
        if family is not None and set(sets_named(said, data)) - each - set(family.over):
            return None
    if family is None or (each == set(family.over) and weight is not None):
        return None
    amount: Expr = Name(family.name)
    if weight is not None:
        amount = Mul((Name(weight.name), amount))
    axes = {one.name: one.over for one in roster} | {
        one.name: one.axes for one in data.given.values()
    }
    over = tuple(axis for axis in family.over if axis in each)
    spelled = parse(Totals(data, axes).spelled(amount, over))
    bill = unique("surcharge", {*data.taken(), *(one.name for one in roster)})
    operands = (("amount", spelled), ("level", Num(level)), ("extra", Num(rate)))
    return (Ruled("convex_piecewise_cost", operands, over, gives=("bill", bill)),)
