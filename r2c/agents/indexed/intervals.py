"""Amounts within two bounds: "anything from the display stock up to the expected demand".

Both bounds are names of the data over the same sets, or numbers. The rest of the sentence has to be
about the amount: a word that neither the family nor the data know leaves it open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from r2c.agents.clauses import Clause
from r2c.agents.indexed.data import Data
from r2c.agents.indexed.limits import is_choice
from r2c.agents.indexed.measured_in import times_larger
from r2c.agents.indexed.named import axes_of_each
from r2c.agents.indexed.naming import Mention, is_money, mentions_of, without
from r2c.agents.indexed.part import bare
from r2c.agents.indexed.subject import words_of
from r2c.agents.roster import Choice
from r2c.agents.statements import Limit
from r2c.cir.expr import Compare, Expr, Mul, Name, Num
from r2c.problem.spoken import stem

_FROM = re.compile(
    r"\b(?:(?:anything |anywhere )?from|between|no less than|not less than|at least|a minimum of"
    r"|not below|not under)(?: the| its| their)?\s*[€$£]?$",
    re.IGNORECASE,
)
_TO = re.compile(
    r"\b(?:up to|to|and|(?:and|but) (?:at most|no more than|not more than|up to|not above|a"
    r" maximum of"
    r"))(?: the| its| their)?\s*[€$£]?$",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:(?:both|limits|ends|bounds) included|inclusive|anything|anywhere|(?:is|are) (?:all"
    r" right|fine|allowed|permitted|possible|ok)|nothing"
    r" else"
    r"|there are two limits|must|ha(?:s|ve) to|shall|should|may|can|lies?|stays?|be|number of"
    r"|total|together|in all|for|of|the|that|this|its|each|every|all|in|on|by|from|at|to|over"
    r"|and|is|are"
    r"|an?|with|within|bought|made|sold|cut|used|sent|run|produced|taken|ordered|delivered"
    r"|amount)\b",
    re.IGNORECASE,
)
_UNIT = re.compile(r"^\s*[a-z]+\b", re.IGNORECASE)
_BOUNDS = 2


def within_bounds(clause: Clause, data: Data, roster: Sequence[Choice]) -> tuple[Limit, ...] | None:
    """Both limits of an amount; None if a word is left over or more than one family may be meant.

    Args:
        clause: the sentence.
        data: all sets and parameters.
        roster: the families of decisions.
    """
    words = clause.text
    named = mentions_of(words, data)
    numbers = [slot for slot in clause.slots if slot.quantity.kind != "word"]
    places = [
        (slot.quantity.span.start - clause.span.start, slot.quantity.span.end - clause.span.start)
        for slot in numbers
    ]
    bounds: list[Expr]
    weights: list[Mention]
    axes: set[str]
    if len(numbers) == _BOUNDS and len(named) == 1:
        unit = named[0].given.parameter.unit
        if any(times_larger(unit, slot.quantity.unit) != 1 for slot in numbers):
            return None
        bounds = [Num(slot.quantity.value) for slot in numbers]
        axes, weights = set(), [named[0]]
    elif not numbers and len(named) == _BOUNDS and named[0].given.axes == named[1].given.axes:
        places = [(one.start, one.end) for one in named]
        bounds = [Name(one.given.name) for one in named]
        axes, weights = set(named[0].given.axes), []
    else:
        return None
    (start, end), (second, _) = places
    lower = _FROM.search(words[:start])
    upper = _TO.search(words[end:second])
    if lower is None or upper is None or any(is_money(one.given) for one in named):
        return None
    needed = axes | {axis for one in weights for axis in one.given.axes}
    fitting = [one for one in roster if not is_choice(one) and needed <= set(one.over)]
    if len(fitting) != 1:
        return None
    family = fitting[0]
    if _left_over(words, places, (lower, upper), named, data, family):
        return None
    amount: Expr = Name(family.name)
    for one in weights:
        amount = Mul((Name(one.given.name), amount))
    axes |= set(axes_of_each(words, named, data))
    if not axes <= set(family.over):
        return None
    each = tuple(axis for axis in family.over if axis in axes)
    return (
        Limit(Compare((">=",), (amount, bounds[0])), each),
        Limit(Compare(("<=",), (amount, bounds[1])), each),
    )


def _left_over(
    words: str,
    places: Sequence[tuple[int, int]],
    around: tuple[re.Match[str], re.Match[str]],
    named: Sequence[Mention],
    data: Data,
    family: Choice,
) -> bool:
    """Whether a word is neither of the bounds, nor of the amount, nor of every such sentence."""
    lower, upper = around
    (_, end), (_, last) = places
    told = without(words, named)
    between, behind = told[end : end + upper.start()], told[last:]
    if len(named) != _BOUNDS:  # numbers have units
        between, behind = _UNIT.sub("", between), _UNIT.sub("", behind)
    rest = f"{bare(told[: lower.end()])[: lower.start() - lower.end()]} {between} {behind}"
    known = words_of(family) | {stem(part) for axis in data.axes for part in axis.split("_")}
    left = {stem(word) for word in re.findall("[A-Za-z]+", _SAID.sub(" ", rest))}
    return bool(left - known - {stem(word) for word in family.name.split("_")})
