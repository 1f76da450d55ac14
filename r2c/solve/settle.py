"""From what the solver says to what is the case: doubtful answers are asked again another way.

"Infeasible" is believed only after a second solve without presolve agrees; "unbounded" only after
a feasible point was found; numerical trouble is tried once more without presolve and from the other
side, by the primal simplex method: the dual one gives some small unbounded programs up.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from r2c.solve.ask import Answer, ask
from r2c.solve.limits import Limits
from r2c.solve.matrix import Goal, Matrix
from r2c.solve.process import SolverProcess

SUSPECT = "solver_suspect: "
"""How a note begins that gives reason to distrust the solver."""
FEASIBLE = 1e-6
"""The largest scaled violation of a point that counts as feasible."""
LEAST = 0.5
"""Seconds that a second question gets even when the time is nearly used up."""


@dataclass(frozen=True)
class Settled:
    """An answer that was questioned where it needed to be, and the notes this left."""

    answer: Answer
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Questioner:
    """One matrix, one process, one deadline."""

    process: SolverProcess
    matrix: Matrix
    limits: Limits
    deadline: float

    def ask(self, goal: Goal | None, *, presolve: bool = True, primal: bool = False) -> Answer:
        """Ask within the time left."""
        left = max(LEAST, self.deadline - time.monotonic())
        return ask(
            self.process, self.matrix, goal, self.limits,
            seconds=left, presolve=presolve, primal=primal,
        )  # fmt: skip

    def feasible(self, answer: Answer) -> bool:
        """Whether the answer's point satisfies the model by our own arithmetic."""
        return answer.point is not None and self.matrix.violation(answer.point) <= FEASIBLE


def settle(questioner: Questioner, goal: Goal) -> Settled:
    """Solve for a goal and make sure of the answer."""
    first = questioner.ask(goal)
    match first.reading:
        case "infeasible":
            return _confirm_infeasible(questioner, goal, first)
        case "unbounded" | "unclear":
            return _confirm_unbounded(questioner, goal, first)
        case "trouble" if not first.crashed:
            second = questioner.ask(goal, presolve=False, primal=True)
            note = f"HiGHS ended with {first.status}; without presolve with {second.status}."
            if second.reading in ("unbounded", "unclear"):
                settled = _confirm_unbounded(questioner, goal, second)
                return replace(settled, notes=(note, *settled.notes))
            if second.reading == "infeasible":
                return Settled(second, (SUSPECT + note,))
            return Settled(second, (note,))
        case "optimal" if not questioner.feasible(first):
            return _another_point(questioner, goal, first)
    return Settled(first)


def _confirm_infeasible(questioner: Questioner, goal: Goal, first: Answer) -> Settled:
    second = questioner.ask(goal, presolve=False)
    if second.reading == "infeasible":
        return Settled(first, ("A second solve without presolve agrees that it is infeasible.",))
    if questioner.feasible(second):
        note = f"With presolve HiGHS said infeasible, without it found a point ({second.status})."
        return Settled(second, (SUSPECT + note,))
    note = f"'Infeasible' could not be confirmed without presolve ({second.status})."
    return Settled(replace(first, reading="infeasible"), (SUSPECT + note,))


def _confirm_unbounded(questioner: Questioner, goal: Goal, first: Answer) -> Settled:
    point = questioner.ask(None)
    if questioner.feasible(point):
        # No finite optimum and a feasible point: with rational data the goal has no limit.
        unbounded = replace(first, reading="unbounded", point=None)
        return Settled(unbounded, ("A feasible point exists, so the goal has no limit.",))
    if point.reading == "infeasible":
        return _confirm_infeasible(questioner, goal, point)
    if point.reading == "limit":
        return Settled(point, (f"HiGHS said {first.status}; which of the two stayed open.",))
    note = f"HiGHS said {first.status}, then {point.status} without a goal."
    return Settled(replace(first, reading="trouble"), (SUSPECT + note,))


def _another_point(questioner: Questioner, goal: Goal, first: Answer) -> Settled:
    second = questioner.ask(goal, presolve=False)
    if second.reading == "optimal" and questioner.feasible(second):
        return Settled(second, ("The first point violated a row; without presolve it does not.",))
    assert first.point is not None
    off = questioner.matrix.violation(first.point)
    return Settled(first, (f"{SUSPECT}the point violates the model by {off:.2g}.",))
