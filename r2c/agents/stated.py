"""Quantities that the text names by symbols itself: "team X and team Y", "$x_1$, $x_2$"."""

from __future__ import annotations

import re
from collections import Counter

from r2c.agents.roster import Choice
from r2c.problem.schema import Problem

_SYMBOL = re.compile(
    r"(?<![A-Za-z0-9_\\-])(?P<noun>[a-z]{3,}\s+)?\$?(?P<symbol>[xyzXYZ](?:_?\{?\d{1,2}\}?)?)\$?"
    r"(?![A-Za-z0-9_-])"
)
_NO_NOUN = frozenset(
    "and for the that both with than plus minus times from between produce product where".split()
)


def stated_choices(problem: Problem) -> tuple[Choice, ...]:
    """The quantities named by symbols, in order; none unless two or more are named repeatedly.

    A noun that stands before a symbol is kept in the meaning: `x: team x`.
    """
    counts: Counter[str] = Counter()
    nouns: dict[str, str] = {}
    for match in _SYMBOL.finditer(problem.text):
        symbol = re.sub(r"[_{}]", "", match["symbol"]).lower()
        counts[symbol] += 1
        noun = (match["noun"] or "").strip()
        if noun and noun not in _NO_NOUN:
            nouns.setdefault(symbol, noun)
    named = [symbol for symbol, count in counts.items() if count > 1]
    if len(named) < 2:
        return ()
    return tuple(
        Choice(symbol, f"number of {nouns.get(symbol, 'units')} {symbol}") for symbol in named
    )


def names_all(choices: tuple[Choice, ...], names: frozenset[str]) -> bool:
    """Whether each symbol is part of some name: `team_x` names `x`."""
    parts = {part for name in names for part in re.split(r"_+", name)}
    joined = {re.sub(r"_", "", name) for name in names}
    return all(choice.name in parts | joined for choice in choices)
