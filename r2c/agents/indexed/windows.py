"""Work that goes on for several periods: who starts on a day works "five consecutive days".

The decision is how many start in each period; on duty in a period are all who started in it or in
one of those before, as long as their turn lasts. The periods repeat: a turn that begins in the last
one goes on in the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from r2c.agents.clauses import Clause
from r2c.agents.indexed.data import Axis, Data, Given
from r2c.agents.indexed.limits import side_of
from r2c.agents.over_sets import OnDuty
from r2c.agents.roster import Choice
from r2c.problem.schema import Problem
from r2c.problem.spoken import stem

_IN_A_ROW = re.compile(
    r"[\s-]*(?:consecutive|successive)[\s-]+([a-z]+)|[\s-]*([a-z]+)\s+in\s+a\s+row", re.IGNORECASE
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONGEST = 30


@dataclass(frozen=True, slots=True)
class Turn:
    """So many periods in a row, and the parameter that says how many are needed in each."""

    periods: int
    need: Given
    sentence: int

    @property
    def axis(self) -> str:
        """The periods."""
        return self.need.axes[0]


def turn_of(problem: Problem, data: Data) -> Turn | None:
    """The turn that the words describe, if a table says how many are needed in each period.

    Args:
        problem: the problem.
        data: all sets and parameters.
    """
    for quantity in problem.quantities:
        after = problem.text[quantity.span.end : quantity.span.end + _LONGEST]
        match = _IN_A_ROW.match(after)
        if match is None or not quantity.value.is_integer():
            continue
        for given in data.given.values():
            if len(given.axes) == 1 and side_of(given) == ">=":
                axis = data.axes[given.axes[0]]
                fits = 1 < quantity.value < len(axis.members)
                if fits and _are_periods(axis, match[1] or match[2]):
                    return Turn(int(quantity.value), given, quantity.sentence)
    return None


def starts(turn: Turn) -> Choice:
    """What is decided: how many begin their turn in each period."""
    return Choice("start", f"number of people whose turn begins on the {turn.axis}", (turn.axis,))


def duty_of(clause: Clause, turn: Turn) -> OnDuty | None:
    """The rule of the sentence that describes the turn; None for other sentences."""
    if clause.table is not None or clause.sentence != turn.sentence:
        return None
    return OnDuty("start", turn.axis, turn.periods, turn.need.name)


def on_duty(item: OnDuty, axis: Axis) -> str:
    """Who is on duty in a period, in the algebra of the CIR."""
    now, then, turn = item.axis, f"{item.axis}_", item.periods
    lately = f"ord({then}) <= ord({now}) and ord({now}) - ord({then}) < {turn}"
    around = f"ord({now}) - ord({then}) + len({axis.set}) < {turn}"
    return f"sum({item.choice}[{then}] for {then} in {axis.set} if ({lately}) or {around})"


def _are_periods(axis: Axis, noun: str) -> bool:
    said = {stem(word) for word in axis.name.split("_")}
    weekdays = all(member[:3].lower() in _DAYS for member in axis.members)
    return stem(noun) in said or (weekdays and stem(noun) == "day")
