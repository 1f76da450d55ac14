"""How far a straight line tells what a linear program is worth when one number moves.

The optimum as a function of one end of a row is made of straight pieces and never passes the line
of a dual (Schrijver, Theory of Linear and Integer Programming, section 10.4). Two linear programs
find where it lies on the line: the end becomes a variable, a row demands the line's value. Unlike
the ranges of one basis (HiGHS's `getRanging`) this is the whole piece, also in a corner.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from r2c.solve.ask import Answer, ask
from r2c.solve.limits import Limits
from r2c.solve.line_program import on_the_line
from r2c.solve.matrix import Goal, Matrix
from r2c.solve.process import SolverProcess
from r2c.solve.settle import SUSPECT, Questioner, settle
from r2c.solve.stated_numbers import StatedNumber

ON_LINE = 1e-6
"""Relative distance from the line up to which a value is on it."""
_FAR = 1e5
"""Ends further away than this may be made by rounding in the slope alone, and are tried."""
_FIRST_STEP, _STEPS = 1e-2, 6


@dataclass(frozen=True)
class Line:
    """From `low` to `high` the optimum changes by `slope` per unit of the row's end.

    Ends are infinite where there are none.
    """

    slope: float
    low: float
    high: float


@dataclass(frozen=True)
class Lines:
    """Finds the lines on both sides of one number; its one goal is linear, no decision whole."""

    process: SolverProcess
    matrix: Matrix
    goal: Goal
    limits: Limits
    deadline: float

    def of(self, number: StatedNumber, worth: float, slope: float) -> list[Line | None] | None:
        """The line through the number, or those below and above it where it is a corner.

        Args:
            number: The number; the optimum `worth` is reached with it.
            worth: The objective.
            slope: A dual of the row.

        Returns:
            One line, or first that below and then that above, None for a side without any plan.
            None if they could not be told for sure in time.
        """
        line = self._through(number, number.end, worth, slope)
        if line is None:
            return None
        near = ON_LINE * max(1.0, abs(number.end))
        below, above = line.low < number.end - near, line.high > number.end + near
        if below and above:
            return [line]
        sides: list[Line | None] = []
        for sign, known in ((-1, below), (1, above)):
            found = (line,) if known else self._beside(number, worth, sign)
            if found is None:
                return None
            end = found[0]
            if end is not None and sign < 0:
                end = replace(end, high=number.end)
            elif end is not None:
                end = replace(end, low=number.end)
            sides.append(end)
        return sides

    def _beside(self, number: StatedNumber, worth: float, sign: int) -> tuple[Line | None] | None:
        """The line on one side of a corner; (None,) without a plan there, None if it stays open."""
        scale = max(1.0, abs(number.end))
        step, infeasible = _FIRST_STEP * scale, 0
        for _ in range(_STEPS):
            end = number.end + sign * step
            answer = self._solved(number, end)
            if answer is None or answer.reading == "infeasible":
                infeasible += answer is not None or number.moved(self.matrix, end) is None
                step /= 100
                if step < 1e-5 * scale:
                    return (None,) if infeasible else None
                continue
            if answer.reading != "optimal" or answer.point is None or answer.row_dual is None:
                return None
            value, slope = self.goal.value(answer.point), float(answer.row_dual[number.row])
            line = self._through(number, end, value, slope)
            if line is None:
                return None
            reach = line.low if sign > 0 else line.high
            if sign * (reach - number.end) <= ON_LINE * scale:
                at_number = value + slope * (number.end - end)
                return (line,) if _near(at_number, worth) else None
            step = abs(reach - number.end) / 2
        return None

    def _through(self, number: StatedNumber, end: float, worth: float, slope: float) -> Line | None:
        """The piece of the line through (end, worth), tried at its ends; None if unsure."""
        ends = []
        for sign in (-1, 1):
            if (shift := self._shift(number, end, worth, slope, sign)) is None:
                return None
            found = end + shift
            if np.isfinite(found) and not self._on_line(number, found, end, worth, slope):
                return None
            scale = max(1.0, abs(end))
            if np.isfinite(found) and abs(shift) > _FAR * scale:
                further = end + 10 * shift
                if self._on_line(number, further, end, worth, slope):
                    found = sign * np.inf
            ends.append(float(found))
        return Line(slope + 0.0, ends[0], ends[1])

    def _shift(
        self, number: StatedNumber, end: float, worth: float, slope: float, sign: int
    ) -> float | None:
        """How far the end can move down (-1) or up (1) with the optimum on the line."""
        at = number.moved(self.matrix, end)
        if at is None:
            return None
        matrix = on_the_line(at, number, self.goal, worth - self.goal.offset, slope)
        size = matrix.shape[1]
        cost = np.zeros(size)
        cost[-1] = 1.0
        none = np.zeros(0, np.int32)
        goal = Goal("max" if sign > 0 else "min", 0.0, cost, none, none, np.zeros(0))
        answer = ask(self.process, matrix, goal, self.limits, seconds=self._left())
        if answer.reading in ("unbounded", "unclear"):  # the number itself is on the line
            return sign * np.inf
        if answer.reading != "optimal" or answer.point is None:
            return None
        shift = float(answer.point[-1])
        return shift if sign * shift > 0 else 0.0

    def _on_line(
        self, number: StatedNumber, at: float, end: float, worth: float, slope: float
    ) -> bool:
        answer = self._solved(number, at)
        if answer is None or answer.reading != "optimal" or answer.point is None:
            # At the very end of what is possible a rounded number may already be too far.
            if answer is None:
                return True
            return answer.reading == "infeasible" and self._inside(number, at, end)
        return _near(self.goal.value(answer.point), worth + slope * (at - end))

    def _inside(self, number: StatedNumber, at: float, end: float) -> bool:
        answer = self._solved(number, at + 1e-6 * max(1.0, abs(at)) * np.sign(end - at))
        return answer is not None and answer.reading == "optimal"

    def _solved(self, number: StatedNumber, end: float) -> Answer | None:
        """The answer with another end; None if the row's two ends exclude each other."""
        matrix = number.moved(self.matrix, end)
        if matrix is None:
            return None
        asked = Questioner(self.process, matrix, self.limits, time.monotonic() + self._left())
        settled = settle(asked, self.goal)
        if any(note.startswith(SUSPECT) for note in settled.notes):
            return replace(settled.answer, reading="trouble")
        return settled.answer

    def _left(self) -> float:
        return max(0.05, self.deadline - time.monotonic())


def _near(value: float, expected: float) -> bool:
    return abs(value - expected) <= ON_LINE * max(1.0, abs(expected))
