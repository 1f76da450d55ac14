"""Which of the two ways of reading fits a problem."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from r2c.agents.dialect import Dialect
from r2c.agents.indexed.archetypes import Shelf
from r2c.agents.indexed.data import Axis, Data, Given
from r2c.agents.indexed.decided import families_decided
from r2c.agents.indexed.reader import Indexed, without_tables
from r2c.agents.indexed.tables import data_of
from r2c.agents.indexed.windows import turn_of
from r2c.agents.plain.reader import Plain
from r2c.agents.roster import Choice
from r2c.agents.written.reader import Written
from r2c.problem.schema import Problem
from r2c.problem.spoken import spoken, stem

Reading = Literal["guided", "stepwise", "written"]
MANY_ROWS = 12
"""More labels than anybody decides about one by one."""


def dialect_of(
    problem: Problem, shelf: Callable[[], Shelf] | None = None, reading: Reading = "guided"
) -> Dialect:
    """Families over sets where tables ask for them, else decisions named one by one.

    Args:
        problem: the problem.
        shelf: makes the cards that sentences over sets may state; without it only limits are read.
        reading: `written` and `stepwise` declare everything and write rules as algebra instead,
            all rules at once or sentence by sentence.
    """
    if reading != "guided":
        cards = None if shelf is None else shelf()
        return Written(problem, cards, stepwise=reading == "stepwise")
    if not needs_sets(problem, data_of(problem)):
        return Plain(problem)
    return Indexed(problem, None if shelf is None else shelf())


def needs_sets(problem: Problem, data: Data) -> bool:
    """Whether the plan has too many parts to name them one by one.

    So it is where the text asks for an amount for each pair; where numbers are given for pairs, and
    where a table is long, if the text speaks of what they are about.
    """
    said = set(spoken(without_tables(problem)))
    if turn_of(problem, data) is not None or _has_pairs(families_decided(problem, data)):
        return True
    return any(
        (len(given.axes) == 2 or _is_long(given, data))
        and any(_is_spoken_of(data.axes[axis], said) for axis in given.axes)
        for given in data.given.values()
    )


def _has_pairs(families: tuple[Choice, ...] | None) -> bool:
    return families is not None and any(len(choice.over) > 1 for choice in families)


def _is_long(given: Given, data: Data) -> bool:
    return any(len(data.axes[axis].members) > MANY_ROWS for axis in given.axes)


def _is_spoken_of(axis: Axis, said: set[str]) -> bool:
    words = {stem(word) for word in axis.name.split("_") if len(word) > 2}
    return bool(words & said) or any(stem(member) in said for member in axis.members[:200])
