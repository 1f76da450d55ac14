"""What a model with whole numbers is worth where one number is a step larger or smaller."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

import numpy as np

from r2c.solve.limits import Limits
from r2c.solve.matrix import Matrix
from r2c.solve.process import SolverProcess
from r2c.solve.settle import SUSPECT, Questioner, settle
from r2c.solve.stated_numbers import StatedNumber

_SHARE = 0.01
"""How far a number moves that is not whole, or stands in a row that is not."""
_ROUNDING = 1e-9
"""Relative difference of two optima that is the solver's rounding."""


@dataclass(frozen=True)
class StepsAway:
    """Solves a model with one goal again; `best` is its optimum, proven up to `gap`."""

    process: SolverProcess
    matrix: Matrix
    limits: Limits
    best: float
    gap: float | None

    def step(self, item: StatedNumber) -> float:
        """One unit where all numbers of the row are whole, else one percent."""
        matrix = self.matrix
        factors = matrix.values[int(matrix.starts[item.row]) : int(matrix.starts[item.row + 1])]
        whole = item.end.is_integer() and bool((factors == np.round(factors)).all())
        return 1.0 if whole or not item.end else _SHARE * abs(item.end)

    def change(
        self, item: StatedNumber, end: float, seconds: float
    ) -> float | Literal["no plan"] | None:
        """By how much the optimum differs with another end; None if that is not sure."""
        matrix = item.moved(self.matrix, end)
        return "no plan" if matrix is None else self.change_in(matrix, seconds)

    def change_in(self, matrix: Matrix, seconds: float) -> float | Literal["no plan"] | None:
        """By how much the optimum of another model with one goal differs; None if not sure."""
        goal = matrix.goals[0]
        asked = Questioner(self.process, matrix, self.limits, time.monotonic() + seconds)
        settled = settle(asked, goal)
        answer = settled.answer
        if any(note.startswith(SUSPECT) for note in settled.notes):
            return None
        if answer.reading == "infeasible":
            return "no plan"
        if answer.reading != "optimal" or answer.point is None:
            return None
        worth = goal.value(answer.point)
        change = worth - self.best
        if abs(change) <= _ROUNDING * max(1.0, abs(worth)):
            return 0.0
        # Each of the two optima is known up to its gap; a smaller difference may be none.
        unsure = abs(answer.gap or 0.0) * abs(worth) + abs(self.gap or 0.0) * abs(self.best)
        return change if abs(change) > unsure else None
