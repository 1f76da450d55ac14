"""Readings of one small problem, from which tests make combinations."""

from __future__ import annotations

from collections.abc import Sequence

from r2c.agents.parser import Option
from r2c.agents.plain.clauses import clauses
from r2c.agents.plain.reader import Plain
from r2c.agents.roster import Choice
from r2c.agents.verifier import Readings
from r2c.problem.read import read_problem

PROBLEM = read_problem(
    "A shop makes hats and caps. Each hat takes 2 hours and each cap takes 3 hours. There are at "
    "most 60 hours. At least 4 caps must be made. Each hat earns $5 and each cap earns $6. How "
    "many hats and caps should be made to maximize the earnings?"
)
ROSTER = (Choice("hats", "number of hats made"), Choice("caps", "number of caps made"))
CLAUSES = clauses(PROBLEM)
TEXTS = (
    "hours[hats] = 2\nhours[caps] = 3",
    "earnings[hats] = 5\nearnings[caps] = 6",
    "hours <= 60",
    "caps >= 4",
)
"""In the order of the clauses: data first. The optimum is 24 hats and 4 caps for 144."""


def options(*votes: tuple[str, int]) -> tuple[Option, ...]:
    """Options with their votes as scores."""
    return tuple(Option(text, count, float(count)) for text, count in votes)


def readings(
    changed: dict[int, Sequence[tuple[str, int]]] | None = None,
    goal: Sequence[tuple[str, int]] = (("maximize earnings", 5),),
    samples: int = 5,
) -> Readings:
    """The problem with other options for some of its clauses."""
    changed = changed or {}
    lists = tuple(
        options(*changed.get(place, [(text, samples)])) for place, text in enumerate(TEXTS)
    )
    return Readings(Plain(PROBLEM), ROSTER, lists, options(*goal), samples)
