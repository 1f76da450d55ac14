"""Amounts that must be equal, term by term: "output plus purchases equals demand plus charging"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from r2c.agents.clauses import Clause
from r2c.agents.indexed.data import Data
from r2c.agents.indexed.deeds import family_doing
from r2c.agents.indexed.limits import is_choice
from r2c.agents.indexed.named import axes_of_each
from r2c.agents.indexed.naming import is_money, mentions_of
from r2c.agents.indexed.part import bare
from r2c.agents.roster import Choice
from r2c.agents.statements import Limit
from r2c.cir.expr import Add, Compare, Expr, Name, Neg

_EQUAL = re.compile(
    r"\s+(?:(?:must|has to|have to|shall|needs to|should) )?(?:equals?|match(?:es)?|be (?:exactly"
    r"|precisely)"
    r"|be equal to|is equal to|=|==)\s+",
    re.IGNORECASE,
)
_NEITHER = re.compile(r",?\s*no more(?:,| and) no less\W*$", re.IGNORECASE)
_PLUS = re.compile(r"\s+(?:plus|\+)\s+|,\s+(?:and\s+)?|\s+and\s+", re.IGNORECASE)
_MINUS = re.compile(r"\s+(?:minus|less|[-−–])\s+", re.IGNORECASE)
_MORE_RULES = re.compile(
    r"\b(?:unless|except|if|either|at least|at most|more|fewer|previous|before|next|times)\b|%",
    re.IGNORECASE,
)
_SIDES = 2


def amounts_equal(clause: Clause, data: Data, roster: Sequence[Choice]) -> tuple[Limit, ...] | None:
    """That sums of families and names of the data are equal; None if a term is neither.

    Args:
        clause: the sentence.
        data: all sets and parameters.
        roster: the families of decisions.
    """
    words = bare(clause.text).rstrip(" .")
    told = _NEITHER.sub("", words)
    ahead, colon, last = told.rpartition(": ")
    sides = _EQUAL.split(last)
    if colon and told != words:
        sides = [ahead, last]
    if len(sides) != _SIDES or clause.slots or _MORE_RULES.search(told):
        return None
    each = axes_of_each(words, (), data)
    amounts = [choice for choice in roster if not is_choice(choice)]
    sums = [_signed(side, each, data, amounts) for side in sides]
    names = [name for terms in sums for name, _ in terms]
    if None in names or len(set(names)) < len(names) or not each or len(names) <= _SIDES:
        return None
    if not set(names) & {one.name for one in amounts}:
        return None
    left, right = (_sum(terms) for terms in sums)
    return (Limit(Compare(("==",), (left, right)), each),)


def _signed(
    side: str, each: Sequence[str], data: Data, amounts: Sequence[Choice]
) -> list[tuple[str | None, bool]]:
    """The names of the terms of one side, and whether they are taken away."""
    added, *taken = _MINUS.split(side)
    terms = [(part, False) for part in _PLUS.split(added)]
    terms += [(part, True) for piece in taken for part in _PLUS.split(piece)]
    return [(_term(part, each, data, amounts), away) for part, away in terms]


def _term(words: str, each: Sequence[str], data: Data, roster: Sequence[Choice]) -> str | None:
    """The family or the name of the data that a term speaks of."""
    named = mentions_of(words, data)
    if len(named) == 1 and set(named[0].given.axes) == set(each) and not is_money(named[0].given):
        return named[0].given.name
    if named:
        return None
    fitting = [choice for choice in roster if set(each) <= set(choice.over)]
    family = family_doing(words, fitting)
    return None if family is None else family.name


def _sum(terms: Sequence[tuple[str | None, bool]]) -> Expr:
    signed: list[Expr] = [Neg(Name(str(name))) if away else Name(str(name)) for name, away in terms]
    return signed[0] if len(signed) == 1 else Add(tuple(signed))
