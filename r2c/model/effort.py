"""What a way to write a rule is expected to cost: the size of the model, and what it leaves open.

A tight relaxation ends the search early, but often has more variables and rows, which each node
pays for (J. P. Vielma, Mixed Integer Linear Programming Formulation Techniques, 2015). Trees grow
faster than linear programs: a step of tightness, as cards tell it, is worth the size of the problem
to the power of `GROWTH` times more size, 1.4 at 100 variables and rows, 2 at 10,000.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from r2c.archetypes.card import Paradigm

VARIABLE_WEIGHT = 2.0
"""A variable counts like so many rows."""
GROWTH = 0.075
LARGE = 500_000
"""Beyond this size the smaller model is taken: the relaxation alone takes long."""
TIGHTEST = 9
_RANK = {"exact": 0, "restriction": 1, "approximation": 2, "relaxation": 3}


@dataclass(frozen=True)
class Option:
    """A paradigm that can write a rule.

    Attributes:
        paradigm: The paradigm.
        size: Auxiliary variables and rows for one member of the rule's loops.
        members: Members of the rule's loops.
        others: Variables of the problem, whichever paradigm writes the rule.
    """

    paradigm: Paradigm
    size: tuple[float, float]
    members: float = 1.0
    others: float = 0.0

    @property
    def rank(self) -> int:
        """Exact paradigms come first, then those that lose plans, then those that add some."""
        return _RANK[self.paradigm.relation]

    @property
    def own(self) -> float:
        """The size of what it adds for one member, in rows."""
        variables, rows = self.size
        return VARIABLE_WEIGHT * variables + rows

    @property
    def whole(self) -> float:
        """The size of the variables of the problem and of all that it adds, in rows."""
        return VARIABLE_WEIGHT * self.others + self.own * self.members


def by_effort(options: Iterable[Option]) -> list[Option]:
    """The options, the one to take first; of equals the one that the card names first."""
    found = list(options)
    step = max(1.0, min((option.whole for option in found), default=1.0)) ** GROWTH

    def effort(option: Option) -> tuple[int, float, float, int]:
        tightness = option.paradigm.tightness
        cost = option.whole * step ** (TIGHTEST - tightness)
        return option.rank, max(LARGE, option.whole), cost, -tightness

    return sorted(found, key=effort)
