"""Limits that the headings of a table state by themselves: supply, capacity, demand.

Where a place may also be closed by a yes-or-no decision of its own, its capacity counts only if
it is open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from r2c.agents.domain import domain_of
from r2c.agents.indexed.data import Data, Given
from r2c.agents.roster import Choice
from r2c.agents.statements import Limit
from r2c.cir.expr import Compare, CompareOp, Expr, Mul, Name
from r2c.problem.spoken import stem

_SUPPLY = re.compile(
    r"\b(?:supply|supplies|availab\w*|capacit(?:y|ies)|stock|on hand|max(?:imum)?|upper|limit)\b",
    re.IGNORECASE,
)
_NEED = re.compile(
    r"\b(?:demands?|requirements?|required|needs?|needed|min(?:imum)?|lower)\b", re.IGNORECASE
)
_PER_UNIT = re.compile(r"(.+?) (?:per|for each|of each)\b", re.IGNORECASE)
_SHARE = re.compile(
    r"%|\b(?:contents?|percentages?|percent|shares?|concentrations?|purity)\b", re.IGNORECASE
)


def limits_of(table: str, data: Data, roster: Sequence[Choice]) -> Iterator[Limit]:
    """The limits that the columns of a table put on the amounts of the roster.

    Args:
        table: the name of the table.
        data: all sets and parameters.
        roster: the families of decisions.
    """
    amounts = [choice for choice in roster if not is_choice(choice)]
    for given in data.given.values():
        op = side_of(given)
        if given.table != table or op is None or not given.axes or is_share(given):
            continue  # of what a single number or a share is the limit, its name does not say
        if is_used_up(given, data):
            continue
        for choice in amounts:
            if set(given.axes) <= set(choice.over):
                yield Limit(
                    Compare((op,), (Name(choice.name), gated(given, op, roster))), given.axes
                )


def is_used_up(given: Given, data: Data) -> bool:
    """Whether each unit takes of it: the `available kiln time`, where there is `kiln time per kg`.

    It limits no amount, but what the amounts take.
    """
    words = _stems(given.heading)
    return any(
        match is not None and (taken := _stems(match[1])) and taken < words
        for one in data.given.values()
        for match in [_PER_UNIT.match(one.heading.replace("_", " "))]
        if one is not given
    )


def _stems(heading: str) -> set[str]:
    return {stem(word) for word in re.findall(r"[A-Za-z]+", heading.replace("_", " "))}


def is_share(given: Given) -> bool:
    """Whether the numbers are parts of a whole, such as contents in %."""
    told = (
        given.heading.replace("_", " "),
        given.name.replace("_", " "),
        given.parameter.unit or "",
    )
    return any(_SHARE.search(part) for part in told)


def is_limit(given: Given) -> bool:
    """Whether the heading of a parameter says by itself that it limits something."""
    return side_of(given) is not None


def side_of(given: Given) -> CompareOp | None:
    """From which side a parameter limits an amount, by its heading; None if it does not say."""
    words = given.heading.replace("_", " ")
    if _NEED.search(words):
        return ">="
    return "<=" if _SUPPLY.search(words) else None


def gated(given: Given, op: CompareOp, roster: Sequence[Choice]) -> Expr:
    """A limit, which counts only for members that are chosen where each may be closed."""
    gates = [choice for choice in roster if choice.over == given.axes and is_choice(choice)]
    if op == "<=" and len(gates) == 1:
        return Mul((Name(given.name), Name(gates[0].name)))
    return Name(given.name)


def is_choice(choice: Choice) -> bool:
    """Whether a family of decisions is one of yes-or-no choices."""
    return domain_of(choice.meaning, "")[0] == "binary"
